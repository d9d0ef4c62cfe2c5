"""Counts and delivery times of the cohort: parcels created in the window, by month, operator, place and kind of hand-over."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.metrics.complaint import complained
from sim.metrics.kernel import CLASSES, COUNTS, KINDS, count_cohort
from sim.metrics.minutes import Minutes
from sim.metrics.period import Window
from sim.rules import Rules
from sim.world.world import NO_REMOTENESS, Bools, Int32s, Ints, World

LONGEST_DAYS = 64
"""Delivery times above this are counted as this in quantiles (never in means)."""


def place_class(world: World) -> Ints:
    """Return the class of each place (n,): remoteness of villages, 3 for towns."""
    remoteness = world.places.remoteness.astype(np.int64)
    return np.where(remoteness == NO_REMOTENESS, 3, remoteness)


def pickup_metres(world: World, rules: Rules) -> tuple[Ints, Ints]:
    """Return one-way metres (n,) from home to the pick-up point inside the place, and to the township."""
    inside = round(rules.parameters.station.inside_village_km * 1000)
    n, parent = world.places.n, world.places.parent
    township = world.places.metres[np.arange(n), np.maximum(parent, 0)].astype(np.int64)
    return np.full(n, inside, np.int64), np.maximum(township, inside)


class Cohort:
    """Integer counters (count, month, operator, place, kind) and histograms of delivery minutes."""

    def __init__(self, world: World, window: Window, drain_days: int) -> None:
        self.window = window
        self.k, self.n, self.m = world.operators.n, world.places.n, world.places.n_townships
        months = len(window.months)
        self.shape = (months, self.k, self.n, KINDS)
        self._flat = np.zeros((len(COUNTS), int(np.prod(self.shape))), np.int64)
        self.width = min(window.last - window.first + drain_days + 2, LONGEST_DAYS) * 1440
        self.used = 1
        self._class = place_class(world)
        self._by_class = Minutes(months, self.k * len(CLASSES) * KINDS, self.width)
        self._by_township = Minutes(months, self.m, self.width)
        self._folded = 0
        """Months that are kept compressed: two months after them hardly any parcel is still to come."""

    def count(self, name: str) -> Ints:
        """Return a counter, shape (months, operators, places, kinds)."""
        counter: Ints = self._flat[COUNTS.index(name)].reshape(self.shape)
        return counter

    def by_class(self, months: Ints) -> Int32s:
        """Return delivery minutes of some months, shape (operators, CLASSES, kinds, minutes up to the longest)."""
        return self._by_class.total(months, self.used).reshape(self.k, len(CLASSES), KINDS, self.used)

    def filled(self, months: Ints) -> Bools:
        """Return which histograms of ``by_class`` hold anything, shape (operators, CLASSES, kinds)."""
        hours = self.count("hours_n")[months].sum(axis=0)
        return np.stack([hours[:, self._class == c].sum(axis=1) > 0 for c in range(len(CLASSES))], axis=1)

    def by_township(self, months: Ints) -> Int32s:
        """Return delivery minutes of some months, shape (townships, minutes up to the longest)."""
        return self._by_township.total(months, self.used)

    def record(self, world: World, rules: Rules, parcels: npt.NDArray[Any], day: int, end_us: int, seed: int) -> None:
        """Count the parcels that ended on a day (or are open at the end, ``end_us``)."""
        upset = complained(parcels, end_us, seed, rules.parameters.counting.p_complaint_when_late)
        inside, township = pickup_metres(world, rules)
        cells = np.array([self.k, self.n, self.m, self.width, self.window.first, self.window.month(day)], np.int64)
        longest = count_cohort(
            np.ascontiguousarray(parcels), upset, end_us, cells, self.window.month_of, self._class, inside, township,
            self._flat, self._by_class.array, self._by_township.array,
        )  # fmt: skip
        self.used = max(self.used, int(longest) + 1)
        while self._folded < self.window.month(day) - 1:
            for minutes in (self._by_class, self._by_township):
                minutes.fold(self._folded, self.used)
            self._folded += 1
