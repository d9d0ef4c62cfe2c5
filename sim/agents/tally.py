"""What operators and hosts count between two reviews: parcels that came, by operator and place, and where they were handed over."""

from __future__ import annotations

import numpy as np

from sim.agents.kernel import count_parcels
from sim.schema.raw import DayRecord
from sim.world.world import Floats, Ints, World

FILL_DAYS = 6
"""Days after the first in which hardly any parcel has ended yet: they are in no mean."""


class Recorded:
    """Counters since the last review: ``came`` (k, n); ``at_station``, ``at_door`` (n,); ``income`` (n,) of hosts at the last review."""

    def __init__(self, world: World, first_day: int) -> None:
        k, n = world.operators.n, world.places.n
        self.came: Ints = np.zeros((k, n), np.int64)
        self.at_station: Ints = np.zeros(n, np.int64)
        self.at_door: Ints = np.zeros(n, np.int64)
        self.income: Floats = np.full(n, np.nan)
        self.last: Floats = np.full((k, n), np.nan)
        self.since = first_day + FILL_DAYS

    def add(self, record: DayRecord) -> None:
        """Count the parcels that ended on a day."""
        if record.day < self.since:
            return
        count_parcels(np.ascontiguousarray(record.parcels), self.came, self.at_station, self.at_door)

    def days(self, day: int) -> int:
        """Return the days counted before midnight of ``day``."""
        return max(0, day - self.since)

    def begin(self, day: int) -> None:
        """Begin anew after a review."""
        self.last = self.came / max(self.days(day), 1)
        self.came[:], self.at_station[:], self.at_door[:] = 0, 0, 0
        self.since = max(self.since, day)
