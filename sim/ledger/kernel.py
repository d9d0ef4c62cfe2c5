"""Tally a day's parcels in one pass over their records (compiled: 20,000 wide records in numpy columns cost ten times as much)."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.schema.raw import AT_STATION, AT_TOWNSHIP, COLLECTED, DOWN, NEVER

DISPATCH, TO_POST, SORTED, COUNTY, TOWNSHIP, VOLUME = range(6)
"""Rows of ``by_operator``: down parcels collected; of them handed over by the post inside the village; sorted; in the county;
at the township; down parcels that had reached the county."""

TAKEN, TAKEN_POST, CHARGED, FEES = range(4)
"""Rows of ``by_township``: parcels collected at the outlet; of them handed to the post; charged a second fee; fees in fen."""


@numba.njit(cache=True, nogil=True)
def tally(parcels: Any, by_operator: Any, by_township: Any, at_station: Any) -> None:
    """Add parcels to counters (6, k), (4, k, m) and (k, n): hand-overs at stations by paying operator and place."""
    for i in range(len(parcels)):
        p = parcels[i]
        o = p["operator"]
        by_operator[SORTED, o] += p["sorted"] != NEVER
        by_operator[COUNTY, o] += p["county_in"] != NEVER
        by_operator[TOWNSHIP, o] += p["township_in"] != NEVER
        if p["direction"] != DOWN:
            continue
        by_operator[VOLUME, o] += p["county_in"] != NEVER
        if p["outcome"] != COLLECTED:
            continue
        by_operator[DISPATCH, o] += 1
        if p["kind"] == AT_TOWNSHIP:
            t = p["township"]
            by_township[TAKEN, o, t] += 1
            by_township[TAKEN_POST, o, t] += p["to_post"] > 0
            by_township[CHARGED, o, t] += p["surcharge_fen"] > 0
            by_township[FEES, o, t] += p["surcharge_fen"]
            continue
        by_operator[TO_POST, o] += p["to_post"] > 0
        if p["kind"] == AT_STATION:
            at_station[p["last_mile"] if p["to_post"] > 0 else o, p["place"]] += 1


class Tally:
    """The counters of one day."""

    def __init__(self, parcels: Any, operators: int, townships: int, places: int) -> None:
        self.by_operator = np.zeros((6, operators), np.int64)
        self.by_township = np.zeros((4, operators, townships), np.int64)
        self.at_station = np.zeros((operators, places), np.int64)
        tally(np.ascontiguousarray(parcels), self.by_operator, self.by_township, self.at_station)
