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
def add_gain(
    rate: Any, season: float, cost: Any, reference: Any, factor: Any, sensitivity: float, floor: float, cap: float, gain: Any, whole: Any,
    orders: Any,
) -> None:  # fmt: skip
    """Write what each household gains on a day to ``gain`` (households,), add it to ``whole`` and its orders at the reference cost to
    ``orders``."""
    for h in range(len(rate)):
        ordered = rate[h] * season
        gain[h] = ordered * worth(cost[h], reference[h], factor[h], sensitivity, floor, cap)
        whole[h] += gain[h]
        orders[h] += ordered


class Surplus:
    """Yuan gained by households: by month and place (months, n) and by household over the window (households,)."""

    def __init__(self, world: World, window: Window) -> None:
        self.window = window
        self.by_place = np.zeros((len(window.months), world.places.n))
        self.by_household = np.zeros(world.households.n)
        self.orders = np.zeros(world.households.n)
        """Orders expected of each household at the reference cost over the days that were recorded."""
        self.cost = np.zeros(world.households.n)
        """Generalised cost of a parcel that each household remembered last, yuan."""
        self._first, self._some = world.households.first[:-1], np.diff(world.households.first) > 0
        self.recorded = False

    def record(
        self, day: int, rate: Floats, season: float, cost: Floats, reference: Floats, factor: Floats, decisions: Decisions
    ) -> None:
        """Add a day on which each household orders ``rate`` (households,) times ``season`` times ``factor``."""
        month = self.window.month(day)
        if month < 0:
            return
        self.recorded = True
        gain = np.empty_like(rate)
        d = decisions
        add_gain(
            rate, season, cost, reference, factor, d.sensitivity, d.floor, d.cap, gain, self.by_household, self.orders
        )  # fmt: skip
        self.cost[:] = cost
        self.by_place[month, self._some] += np.add.reduceat(gain, self._first[self._some])

    def fen(self, months: Ints) -> Ints | None:
        """Return whole fen gained by the households of each place (n,) over months; None where households answer to nothing."""
        if not self.recorded:
            return None
        fen: Ints = np.rint(100.0 * self.by_place[months].sum(axis=0)).astype(np.int64)
        return fen
