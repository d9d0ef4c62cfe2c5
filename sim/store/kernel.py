"""Count what waits at midnight in one pass over the records of parcels (compiled, like the ledger's tally)."""

from __future__ import annotations

from typing import Any

import numba

from sim.schema.raw import DOWN, NEVER
from sim.units import DAY


@numba.njit(cache=True, nogil=True)
def count_stock(parcels: Any, first: int, township_rows: Any, change: Any) -> None:
    """Add millilitres and parcels (2, midnights from day ``first``, places) where down parcels become ready, subtract where they end."""
    for i in range(len(parcels)):
        p = parcels[i]
        if p["direction"] != DOWN or p["ready"] == NEVER:
            continue
        place = p["place"] if p["village_in"] != NEVER else township_rows[p["township"]]
        begin = max(p["ready"] // DAY + 1 - first, 0)
        change[0, begin, place] += p["volume_ml"]
        change[1, begin, place] += 1
        if p["finished"] != NEVER:
            end = max(p["finished"] // DAY + 1 - first, 0)
            change[0, end, place] -= p["volume_ml"]
            change[1, end, place] -= 1
