"""Counts and delivery times of the cohort: parcels created in the window, by month, operator, place and kind of hand-over."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.metrics.complaint import complained
from sim.metrics.period import Window
from sim.rules import Rules
from sim.schema.raw import AT_DOOR, AT_TOWNSHIP, COLLECTED, DOWN, HANDOVER_KINDS, IN_TRANSIT, LOST, NEVER, REFUSED_OUT, REJECTED, RETURNED
from sim.units import HOUR, MINUTE
from sim.world.world import NO_REMOTENESS, Int32s, Ints, World

COUNTS = (
    "created", "collected", "inside", "surcharged", "within_48h", "within_72h", "failed", "returned", "complaints",
    "hours_n", "hours_us", "hand_n", "hand_us", "pickup_m", "done",
)  # fmt: skip
"""``done`` counts down parcels collected on a day of the window; all others are of the cohort."""

KINDS = len(HANDOVER_KINDS)
CLASSES = ("near", "middle", "far", "town")
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
        self._class = place_class(world)
        self._by_class = np.zeros((months * self.k * len(CLASSES) * KINDS, self.width), np.int32)
        self._by_township = np.zeros((months * self.m, self.width), np.int32)

    def count(self, name: str) -> Ints:
        """Return a counter, shape (months, operators, places, kinds)."""
        counter: Ints = self._flat[COUNTS.index(name)].reshape(self.shape)
        return counter

    def by_class(self) -> Int32s:
        """Return delivery minutes, shape (months, operators, CLASSES, kinds, minutes)."""
        return self._by_class.reshape(self.shape[0], self.k, len(CLASSES), KINDS, self.width)

    def by_township(self) -> Int32s:
        """Return delivery minutes, shape (months, townships, minutes)."""
        return self._by_township.reshape(self.shape[0], self.m, self.width)

    def record(self, world: World, rules: Rules, parcels: npt.NDArray[Any], day: int, end_us: int, seed: int) -> None:
        """Count the parcels that ended on a day (or are open at the end, ``end_us``)."""
        down = parcels[parcels["direction"] == DOWN]
        self._done(down, self.window.month(day))
        month = self.window.months_at(down["created"])
        own = down[month >= 0]
        month = month[month >= 0]
        if not len(own):
            return
        operator, place, kind = own["operator"].astype(np.int64), own["place"].astype(np.int64), own["kind"].astype(np.int64)
        cell = ((month * self.k + operator) * self.n + place) * KINDS + kind
        outcome, ready, county_in = own["outcome"], own["ready"], own["county_in"]
        collected = outcome == COLLECTED
        self._add("created", cell)
        self._add("collected", cell[collected])
        self._add("inside", cell[collected & (kind >= AT_DOOR) & (kind < AT_TOWNSHIP)])
        self._add("surcharged", cell[collected & (own["surcharge_fen"] > 0)])
        self._add("failed", cell[own["attempts"] > 0])
        self._add("returned", cell[outcome == RETURNED])
        self._add("complaints", cell[complained(own, end_us, seed, rules.parameters.counting.p_complaint_when_late)])
        self._distance(world, rules, cell[collected], place[collected], kind[collected])
        is_ready = ready != NEVER
        taken = np.where(is_ready, ready, end_us) - county_in
        self._add("within_48h", cell[is_ready & (taken <= 48 * HOUR)])
        self._add("within_72h", cell[is_ready & (taken <= 72 * HOUR)])
        came = (county_in != NEVER) & (outcome != REFUSED_OUT) & (outcome != REJECTED) & (outcome != LOST)
        self._hours(cell[came], taken[came], month[came], operator[came], own["township"][came], place[came], kind[came])
        handed = collected | (outcome == IN_TRANSIT)
        until = np.where(collected, own["finished"], end_us) - own["created"]
        self._add("hand_n", cell[handed])
        self._add("hand_us", cell[handed], until[handed])

    def _add(self, name: str, cell: Ints, amount: Ints | int = 1) -> None:
        np.add.at(self._flat[COUNTS.index(name)], cell, amount)

    def _done(self, down: npt.NDArray[Any], month: int) -> None:
        if month >= 0:
            own = down[down["outcome"] == COLLECTED]
            cell = (month * self.k + own["operator"].astype(np.int64)) * self.n + own["place"]
            self._add("done", cell * KINDS + own["kind"])

    def _distance(self, world: World, rules: Rules, cell: Ints, place: Ints, kind: Ints) -> None:
        inside, township = pickup_metres(world, rules)
        metres = np.where(kind == AT_TOWNSHIP, township[place], np.where(kind == AT_DOOR, 0, inside[place]))
        self._add("pickup_m", cell, metres)

    def _hours(self, cell: Ints, taken: Ints, month: Ints, operator: Ints, township: Ints, place: Ints, kind: Ints) -> None:
        self._add("hours_n", cell)
        self._add("hours_us", cell, taken)
        minute = np.minimum(taken // MINUTE, self.width - 1)
        group = ((month * self.k + operator) * len(CLASSES) + self._class[place]) * KINDS + kind
        np.add.at(self._by_class.reshape(-1), group * self.width + minute, 1)
        np.add.at(self._by_township.reshape(-1), (month * self.m + township) * self.width + minute, 1)
