"""Tally a day's parcels in one pass over their records (compiled: 20,000 wide records in numpy columns cost ten times as much)."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.plan.plan import LEGS, LINE, ROUND
from sim.schema.raw import AT_STATION, AT_TOWNSHIP, COLLECTED, DIRECTIONS, DOWN, NEVER

DISPATCH, TO_POST, SORTED, COUNTY, TOWNSHIP, VOLUME = range(6)
"""Rows of ``by_operator``: down parcels collected; of them handed over by the post inside the village; sorted; in the county;
at the township; down parcels that had reached the county."""

TAKEN, TAKEN_POST, CHARGED, FEES = range(4)
"""Rows of ``by_township``: parcels collected at the outlet; of them handed to the post; charged a second fee; fees in fen."""


@numba.njit(cache=True, nogil=True)
def tally(parcels: Any, by_operator: Any, by_township: Any, at_station: Any, pieces: Any, ml: Any) -> None:
    """Add parcels to counters (6, k), (4, k, m), (k, n): hand-overs at stations by paying operator and place; and by direction to
    ``pieces`` (3,) and to the volume ``ml`` (legs, 3) that rode."""
    for i in range(len(parcels)):
        p = parcels[i]
        o, way = p["operator"], p["direction"]
        pieces[way] += 1
        if p["line_trip"] >= 0:
            ml[LINE, way] += p["volume_ml"]
        if p["round_trip"] >= 0:
            ml[ROUND, way] += p["volume_ml"]
        by_operator[SORTED, o] += p["sorted"] != NEVER
        by_operator[COUNTY, o] += p["county_in"] != NEVER
        by_operator[TOWNSHIP, o] += p["township_in"] != NEVER
        if way != DOWN:
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
        self.pieces = np.zeros(len(DIRECTIONS), np.int64)
        self.ml = np.zeros((len(LEGS), len(DIRECTIONS)), np.int64)
        tally(np.ascontiguousarray(parcels), self.by_operator, self.by_township, self.at_station, self.pieces, self.ml)
