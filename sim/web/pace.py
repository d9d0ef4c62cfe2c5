"""How much of a run the first picture shows: as many days as this machine runs while somebody waits for it."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import NamedTuple

WAIT_S = 1.2
"""Seconds of one core that a first picture may take; with the columns and the drawing it is there in about two."""
STEPS = (3, 5, 7, 10, 14, 20, 25, 30, 45, 60, 90, 120, 180)
"""Days that a first picture can have; a picture of so many days is the same whatever machine drew it."""
KNOWN = 7
"""The pace is the middle one of so many first runs."""
KEPT = (0.5, 1.25)
"""Between these shares of ``WAIT_S`` a length stays what it was: the other side's picture of so many days is there already."""

START_S, START_S_PARCEL = 0.15, 10e-6
"""Before the first day: what operators and hosts settle and plan anew for a changed policy, by the county's parcels a day."""
DAY_S, DAY_S_PARCEL = 0.012, 2e-6
"""Each day. All four as measured on one core of 2026 for counties of 2,000 to 72,000 parcels a day; ``Pace`` corrects them."""


RESUME_S, RESUME_S_PARCEL = 0.25, 15e-6
"""Before the first day where its start state is stored: reading it."""


class Length(NamedTuple):
    """Days shown, and days of warm-up before them."""

    days: int
    warm_up: int


LEAST = Length(3, 2)
"""What is shown where nothing longer can be run in time, or nothing was measured yet."""


class Pace:
    """How long first runs of a policy take on this machine, over what is judged roughly."""

    def __init__(self) -> None:
        self._seen: deque[float] = deque(maxlen=KNOWN)
        self._chosen: dict[tuple[float, Length, int, bool], Length] = {}

    def learn(self, rough_s: float, took_s: float) -> None:
        """Take what one run was judged to take and what it took."""
        self._seen.append(took_s / rough_s)

    @property
    def factor(self) -> float | None:
        """Return measured over judged seconds, None where nothing was measured."""
        return median(self._seen) if self._seen else None

    def length(self, parcels_day: float, whole: Length, drain: int, stored: bool = False) -> Length:
        """Return what ``length`` says at this pace, or what it said before as long as that takes about as long as it may."""
        asked, factor = (parcels_day, whole, drain, stored), self.factor
        before = self._chosen.get(asked)
        if before is not None and factor is not None:
            days = before.days + drain + (0 if stored else before.warm_up)
            low, high = (share * WAIT_S for share in KEPT)
            if low <= factor * rough_seconds(parcels_day, days, stored) <= high:
                return before
        self._chosen[asked] = length(parcels_day, whole, factor, drain, stored)
        return self._chosen[asked]


def rough_seconds(parcels_day: float, days: int, stored: bool = False) -> float:
    """Judge the seconds that the first run of a policy over so many days, drain among them, takes one core.

    The warm-up is among the days unless the run begins from a ``stored`` start state.
    """
    begin = RESUME_S + RESUME_S_PARCEL * parcels_day if stored else START_S + START_S_PARCEL * parcels_day
    return begin + days * (DAY_S + DAY_S_PARCEL * parcels_day)


def length(parcels_day: float, whole: Length, factor: float | None, drain: int, stored: bool = False) -> Length:
    """Return what the first picture shows of a run, the whole of it where that is there in time.

    The scenario's own warm-up comes first; only where it leaves no time for ``LEAST`` days is it shortened to ``LEAST``'s. From a
    ``stored`` start state it takes no time.
    """
    least = Length(min(LEAST.days, whole.days), whole.warm_up if stored else min(LEAST.warm_up, whole.warm_up))
    if factor is None:
        return least
    in_time = [
        Length(days, warm)
        for warm in {whole.warm_up, least.warm_up}
        for days in _steps(whole.days)
        if factor * rough_seconds(parcels_day, days + drain + (0 if stored else warm), stored) <= WAIT_S
    ]
    return max(in_time, key=lambda one: (one.warm_up, one.days), default=least)


def _steps(most: int) -> tuple[int, ...]:
    return (*(days for days in STEPS if days < most), most)
