"""Count what waits at midnight in one pass over the records of parcels (compiled, like the ledger's tally)."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.schema.raw import DOWN, NEVER, STAMPS, UP
from sim.units import DAY, SECOND


@numba.njit(cache=True, nogil=True)
def count_stock(parcels: Any, first: int, township_rows: Any, change: Any) -> int:
    """Add millilitres and parcels (2, midnights from day ``first``, places) where down parcels become ready, subtract where they end.

    Return the earliest of these midnights, below 0 where it is not held any more (and was not counted).
    """
    earliest = 0
    for i in range(len(parcels)):
        p = parcels[i]
        if p["direction"] != DOWN or p["ready"] == NEVER:
            continue
        place = p["place"] if p["village_in"] != NEVER else township_rows[p["township"]]
        begin = p["ready"] // DAY + 1 - first
        if begin < 0:
            earliest = min(earliest, begin)
            continue
        change[0, begin, place] += p["volume_ml"]
        change[1, begin, place] += 1
        if p["finished"] != NEVER:
            end = p["finished"] // DAY + 1 - first
            change[0, end, place] -= p["volume_ml"]
            change[1, end, place] -= 1
    return earliest


@numba.njit(cache=True, nogil=True)
def rows_of(parcels: Any, households: Any, farms: Any) -> Any:
    """Return the rows of the parcels of ``households`` (marked, n) or, going up, of ``farms``."""
    rows = np.empty(len(parcels), np.int64)
    n = 0
    for i in range(len(parcels)):
        whose = parcels[i]["household"]
        rows[n] = i
        n += farms[whose] if parcels[i]["direction"] == UP else households[whose]
    return rows[:n]


@numba.njit(cache=True, nogil=True)
def stamp_seconds(parcels: Any) -> Any:
    """Return the stamps as whole seconds, rounded down, and where they are empty: two arrays (stamps in their order, n)."""
    times = np.empty((len(STAMPS), len(parcels)), np.int64)
    for i in range(len(parcels)):
        times[0, i] = parcels[i]["created"]
        times[1, i] = parcels[i]["county_in"]
        times[2, i] = parcels[i]["sorted"]
        times[3, i] = parcels[i]["county_out"]
        times[4, i] = parcels[i]["township_in"]
        times[5, i] = parcels[i]["township_out"]
        times[6, i] = parcels[i]["village_in"]
        times[7, i] = parcels[i]["ready"]
        times[8, i] = parcels[i]["reminded"]
        times[9, i] = parcels[i]["village_out"]
        times[10, i] = parcels[i]["trunk_out"]
        times[11, i] = parcels[i]["finished"]
    empty = times == NEVER
    return times // SECOND, empty
