"""Count a day's parcels in one pass over their records (compiled, like the ledger's tally)."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.draw import uniform
from sim.ledger.fines import LATE_US
from sim.schema.raw import (
    AT_DOOR,
    AT_TOWNSHIP,
    COLLECTED,
    DOWN,
    HANDOVER_KINDS,
    IN_TRANSIT,
    LOST,
    NEVER,
    REFUSED_OUT,
    REJECTED,
    RETURNED,
)
from sim.units import DAY, HOUR, MINUTE

COUNTS = (
    "created", "collected", "inside", "surcharged", "within_48h", "within_72h", "failed", "returned", "complaints",
    "hours_n", "hours_us", "hand_n", "hand_us", "pickup_m", "done",
)  # fmt: skip
"""``done`` counts down parcels collected on a day of the window; all others are of the cohort."""

(
    CREATED, TAKEN, INSIDE, SURCHARGED, WITHIN_48, WITHIN_72, FAILED, BACK, COMPLAINTS, HOURS_N, HOURS_US, HAND_N, HAND_US, PICKUP_M, DONE,
) = range(len(COUNTS))  # fmt: skip

KINDS = len(HANDOVER_KINDS)
CLASSES = ("near", "middle", "far", "town")
N_CLASSES = len(CLASSES)


@numba.njit(cache=True, nogil=True)
def upset_by(parcels: Any, end_us: int, address: Any, p: float) -> Any:
    """Return which down parcels (n,) that took more than 72 h or came back led to a complaint, by ``luck.uniform`` of their keys at an
    address; what is open at ``end_us`` took at least until then."""
    upset = np.zeros(len(parcels), np.bool_)
    for i in range(len(parcels)):
        x = parcels[i]
        if x["direction"] != DOWN or x["county_in"] == NEVER:
            continue
        ready = x["ready"]
        if ready == NEVER:
            ready = x["finished"] if x["finished"] != NEVER else end_us
        if x["outcome"] == RETURNED or ready - x["county_in"] > LATE_US:
            upset[i] = uniform(x["key"], address) < p
    return upset


@numba.njit(cache=True, nogil=True)
def count_cohort(
    parcels: Any, upset: Any, end_us: int, cells: Any, month_of: Any, class_of: Any, inside_m: Any, township_m: Any,
    counts: Any, by_class: Any, by_township: Any,
) -> int:  # fmt: skip
    """Add parcels to the counters (count, cell) and the histograms of delivery minutes (cell, minute); return the longest minute."""
    k, n, m, width, first, done_month = cells
    longest = 0
    for i in range(len(parcels)):
        p = parcels[i]
        if p["direction"] != DOWN:
            continue
        outcome, kind, operator, place = p["outcome"], p["kind"], p["operator"], p["place"]
        collected = outcome == COLLECTED
        if collected and done_month >= 0:
            counts[DONE, ((done_month * k + operator) * n + place) * KINDS + kind] += 1
        day = p["created"] // DAY - first
        if day < 0 or day >= len(month_of):
            continue
        month = month_of[day]
        cell = ((month * k + operator) * n + place) * KINDS + kind
        counts[CREATED, cell] += 1
        counts[FAILED, cell] += p["attempts"] > 0
        counts[BACK, cell] += outcome == RETURNED
        counts[COMPLAINTS, cell] += upset[i]
        if collected:
            counts[TAKEN, cell] += 1
            counts[INSIDE, cell] += AT_DOOR <= kind < AT_TOWNSHIP
            counts[SURCHARGED, cell] += p["surcharge_fen"] > 0
            counts[PICKUP_M, cell] += township_m[place] if kind == AT_TOWNSHIP else 0 if kind == AT_DOOR else inside_m[place]
        if collected or outcome == IN_TRANSIT:
            counts[HAND_N, cell] += 1
            counts[HAND_US, cell] += (p["finished"] if collected else end_us) - p["created"]
        if p["county_in"] == NEVER:
            continue
        ready = p["ready"]
        taken = (ready if ready != NEVER else end_us) - p["county_in"]
        if ready != NEVER:
            counts[WITHIN_48, cell] += taken <= 48 * HOUR
            counts[WITHIN_72, cell] += taken <= LATE_US
        if outcome != REFUSED_OUT and outcome != REJECTED and outcome != LOST:
            counts[HOURS_N, cell] += 1
            counts[HOURS_US, cell] += taken
            minute = min(taken // MINUTE, width - 1)
            longest = max(longest, minute)
            by_class[((month * k + operator) * N_CLASSES + class_of[place]) * KINDS + kind, minute] += 1
            by_township[month * m + p["township"], minute] += 1
    return longest
