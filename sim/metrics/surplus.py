"""What the service is worth to households: the area under their own demand function between two generalised costs."""

from __future__ import annotations

import numpy as np

from sim.metrics.period import Window
from sim.schema.parameters import Decisions
from sim.world.world import Floats, Ints, World


def worth(cost: Floats, reference: Floats, factor: Floats, decisions: Decisions) -> Floats:
    """Return what households gain for each order at the reference cost, yuan: the area under the demand function from ``cost`` up to
    ``reference`` (negative where the cost is above it).

    ``factor`` is the demand function's value, exp(-sensitivity x (cost - reference)) within [floor, cap]: where it is not cut the
    area is (factor - 1) / sensitivity; beyond a cut the demand no longer changes, and a further yuan is gained or lost on all of it.
    """
    rate = decisions.sensitivity
    if rate == 0.0:
        return reference - cost
    gain: Floats = (factor - 1.0) / rate
    cut = np.flatnonzero((factor >= decisions.cap) | (factor <= decisions.floor))
    better = reference[cut] - cost[cut]
    gain[cut] += factor[cut] * (better - np.log(factor[cut]) / rate)
    return gain


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

    def record(self, day: int, orders: Floats, cost: Floats, reference: Floats, factor: Floats, decisions: Decisions) -> None:
        """Add a day on which each household orders ``orders`` (households,) times ``factor``."""
        month = self.window.month(day)
        if month < 0:
            return
        self.recorded = True
        gain = orders * worth(cost, reference, factor, decisions)
        self.by_household += gain
        self.orders += orders
        self.cost[:] = cost
        self.by_place[month, self._some] += np.add.reduceat(gain, self._first[self._some])

    def fen(self, months: Ints) -> Ints | None:
        """Return whole fen gained by the households of each place (n,) over months; None where households answer to nothing."""
        if not self.recorded:
            return None
        fen: Ints = np.rint(100.0 * self.by_place[months].sum(axis=0)).astype(np.int64)
        return fen
