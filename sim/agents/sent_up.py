"""What has been sent up in the last days: operators expect as much, and plan their collection on it."""

from __future__ import annotations

from collections import deque
from math import ceil, log2

import numpy as np

from sim.plan.orders import Shipments
from sim.schema.produce import Collecting
from sim.world.collection import Collection
from sim.world.world import Floats, Ints, World

Day = tuple[int, Ints, Ints, int, int]
"""Day; parcels left in places (k, n), handed in at counters (k, m); grams and millilitres of all."""


class SentUp:
    """Counts a county's parcels going up day by day."""

    def __init__(self, world: World, collecting: Collecting) -> None:
        self.p = collecting
        self._shape = (world.operators.n, world.places.n)
        self._township = world.places.township
        self._days: deque[Day] = deque(maxlen=collecting.recorded_days + 1)
        self._expected: Collection | None = None
        self._looked: int | None = None

    def note(self, day: int, sent: Shipments) -> None:
        """Count what is sent on a day."""
        k, n = self._shape
        m = int(self._township.max(initial=-1)) + 1
        cell = sent.operator.astype(np.int64) * n + sent.place
        left, brought = (np.bincount(cell[own], minlength=k * n).reshape(k, n) for own in (~sent.counter, sent.counter))
        inside = self._township >= 0
        counter = np.zeros((k, m), np.int64)
        for o in range(k):
            counter[o] = np.bincount(self._township[inside], brought[o, inside], m)
        self._days.append((day, left, counter, int(sent.weight_g.sum()), int(sent.volume_ml.sum())))

    def expected(self, day: int) -> Collection | None:
        """Return what is expected a day from ``day`` on: the mean of the days before it, looked at every few days; the same object until
        it changes. Nothing where nothing was sent."""
        past = [x for x in self._days if x[0] < day][-self.p.recorded_days :]
        if self.p.rule == "never" or not past or (self._looked is not None and day - self._looked < self.p.review_every_days):
            return self._expected
        self._looked = day
        place, counter = (np.sum(np.stack(column), axis=0) for column in ([x[1] for x in past], [x[2] for x in past]))
        parcels = int(place.sum() + counter.sum())
        if not parcels:
            self._expected = None
            return None
        grams, millilitres = sum(x[3] for x in past), sum(x[4] for x in past)
        days = len(past)
        new = Collection(_steps(place / days), _steps(counter / days), _step(grams / parcels), _step(millilitres / parcels))
        if self._expected is None or not _equal(new, self._expected):
            self._expected = new
        return self._expected


def _steps(parcels: Floats) -> Floats:
    """Return parcels a day at the nearest power of 2, so that a plan stands for a while; below one in two days: none."""
    steps: Floats = np.where(parcels >= 0.5, 2.0 ** np.round(np.log2(np.maximum(parcels, 0.5))), 0.0)
    return steps


def _step(amount: float) -> float:
    """Return an amount rounded up to a grid of sixteen steps to the double."""
    return float(round(2.0 ** (ceil(16 * log2(amount) - 1e-9) / 16), 3))


def _equal(a: Collection, b: Collection) -> bool:
    same = np.array_equal(a.place, b.place) and np.array_equal(a.counter, b.counter)
    return bool(same) and (a.gram, a.millilitre) == (b.gram, b.millilitre)
