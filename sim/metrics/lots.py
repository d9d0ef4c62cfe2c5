"""Count a day's lots in one pass over their records (compiled, like the ledger's tally)."""

from __future__ import annotations

from typing import Any

import numba


@numba.njit(cache=True, nogil=True)
def count_lots(lots: Any, month: Any, remoteness: Any, online: int, zones: int, count: Any, grade: Any, stage: Any) -> None:
    """Add lots to the counters of ``Crops``; ``month`` (lots,) is that of the window, -1 outside it, ``zones`` how many there are."""
    for i in range(len(lots)):
        x, m = lots[i], month[i]
        if m < 0:
            continue
        cell = count[:, m, x["crop"], x["channel"], x["kind"], remoteness[x["place"]]]
        cell[0] += x["grams"]
        cell[1] += x["sold"]
        cell[2] += x["lost"]
        cell[3] += x["rejected"]
        cell[4] += x["unsold"]
        cell[5] += x["stock"]
        cell[6] += x["micro"]
        cell[7] += x["cold"]
        cell[8] += x["parcels"]
        if x["ice_g"] > 0:
            cell[9] += x["parcels"]
        if x["zones"] < zones:
            cell[10] += x["parcels"]
        if x["channel"] == online and x["parcels"] > 0:
            cell[11] += x["grams"]
            grade[0, m, x["grade"]] += x["grams"]
            grade[1, m, x["grade"]] += x["sold"]
            grade[2, m, x["grade"]] += x["micro"]
        if x["lost"] > 0 or x["rejected"] > 0:
            for s in range(stage.shape[3]):
                stage[m, x["crop"], x["channel"], s] += x["at_stage"][s]
