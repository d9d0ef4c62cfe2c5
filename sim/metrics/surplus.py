"""What the service is worth to households: the area under their own demand function between two generalised costs."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from sim.metrics.period import Window
from sim.schema.parameters import Decisions
from sim.world.world import Floats, Ints, World


@numba.njit(cache=True, nogil=True)
def worth(cost: float, reference: float, factor: float, sensitivity: float, floor: float, cap: float) -> float:
    """Return what a household gains for each order at the reference cost, yuan: the area under the demand function from ``cost`` up to
    ``reference`` (negative where the cost is above it).

    ``factor`` is the demand function's value, exp(-sensitivity x (cost - reference)) within [floor, cap]: where it is not cut the
    area is (factor - 1) / sensitivity; beyond a cut the demand no longer changes, and a further yuan is gained or lost on all of it.
    """
    if sensitivity == 0.0:
        return reference - cost
    gain = (factor - 1.0) / sensitivity
    if factor >= cap or factor <= floor:
        gain += factor * (reference - cost - math.log(factor) / sensitivity)
    return gain


@numba.njit(cache=True, nogil=True)
def move(
    rows: Any, place: Any, rate: Any, cost: Any, reference: Any, factor: Any, law: Any, season: float, known: Any, since: Any, each: Any,
    whole: Any, of_place: Any,
) -> None:  # fmt: skip
    """Let households ``rows``, whose cost has moved, gain at another rate from now on; ``season`` is the sum of the seasons so far.

    ``known`` (households,): the cost that was told last; ``each``: yuan a day at season 1; ``whole``: what it has brought up to ``since``;
    ``of_place`` (n,): sum of ``each``.
    """
    for h in rows:
        known[h] = cost[h]
        whole[h] += each[h] * (season - since[h])
        since[h] = season
        now = rate[h] * worth(cost[h], reference[h], factor[h], law[0], law[1], law[2])
        of_place[place[h]] += now - each[h]
        each[h] = now


class Surplus:
    """Yuan gained by households: by month and place (months, n) and by household over the window (households,).

    A household's gain a day changes only when a parcel has changed what it remembers: only those are looked at.
    """

    def __init__(self, world: World, window: Window) -> None:
        self.window = window
        self.by_place = np.zeros((len(window.months), world.places.n))
        self.cost = np.zeros(world.households.n)
        """Generalised cost of a parcel that each household remembered last, yuan."""
        self.recorded = False
        self._place = world.households.place
        self._rate: Floats = np.zeros(world.households.n)
        self._season = 0.0
        self._since, self._each, self._whole = np.zeros((3, world.households.n))
        self._of_place = np.zeros(world.places.n)

    def record(
        self, day: int, rate: Floats, season: float, touched: Ints, cost: Floats, reference: Floats, factor: Floats, decisions: Decisions
    ) -> None:
        """Add a day on which each household orders ``rate`` (households,) times ``season`` times ``factor``.

        ``touched`` are the households whose ``cost`` and ``factor`` are others than on the day before.
        """
        month = self.window.month(day)
        if month < 0:
            return
        rows = touched if self.recorded else np.arange(len(rate))
        self.recorded, self._rate = True, rate
        law = (decisions.sensitivity, decisions.floor, decisions.cap)
        own = (self.cost, self._since, self._each, self._whole)
        move(rows, self._place, rate, cost, reference, factor, law, self._season, *own, self._of_place)
        self._season += season
        self.by_place[month] += season * self._of_place

    @property
    def by_household(self) -> Floats:
        """Return the yuan that each household gained."""
        gained: Floats = self._whole + self._each * (self._season - self._since)
        return gained

    @property
    def orders(self) -> Floats:
        """Return the orders expected of each household at the reference cost over the days that were recorded."""
        orders: Floats = self._rate * self._season
        return orders

    def fen(self, months: Ints) -> Ints | None:
        """Return whole fen gained by the households of each place (n,) over months; None where households answer to nothing."""
        if not self.recorded:
            return None
        fen: Ints = np.rint(100.0 * self.by_place[months].sum(axis=0)).astype(np.int64)
        return fen
