"""Count a day's lots in one pass over their records (compiled, like the ledger's tally)."""

from __future__ import annotations

from typing import Any

import numba

from sim.units import DAY


@numba.njit(cache=True, nogil=True)
def count_lots(lots: Any, month_of: Any, first: int, remoteness: Any, online: int, zones: int, count: Any, grade: Any, stage: Any) -> None:
    """Add lots offered in the window to the counters of ``Crops``; ``month_of`` (days,) are its months from day ``first`` on, ``zones`` how
    many there are."""
    for i in range(len(lots)):
        x = lots[i]
        day = x["offered"] // DAY - first
        if day < 0 or day >= len(month_of):
            continue
        m = month_of[day]
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


@numba.njit(cache=True, nogil=True)
def count_left(parcels: Any, up: int, month_of: Any, first: int, count: Any) -> None:
    """Count parcels going ``up`` that have left the county in the window, by month and operator."""
    for i in range(len(parcels)):
        x = parcels[i]
        if x["direction"] == up and x["quality"] >= 0:
            day = x["trunk_out"] // DAY - first
            if 0 <= day < len(month_of):
                count[month_of[day], x["operator"]] += 1
