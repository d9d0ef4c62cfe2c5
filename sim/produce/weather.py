"""How warm a day is: the month's mean, moved on from month to month, and the day's own luck."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sim import luck
from sim.world.crops import Climate
from sim.world.world import Floats


def temperatures(climate: Climate, start: date, first_day: int, days: int, spread: float, seed: int) -> Floats:
    """Return the mean temperature (days,) in degrees Celsius of ``first_day`` and the days after it.

    Monthly means stand at the 15th and are joined by straight lines; a day's deviation is normal, keyed by its date.
    """
    dates = [start + timedelta(days=first_day + i) for i in range(days)]
    mean = np.array([_mean(climate, d) for d in dates])
    key = np.array([d.toordinal() for d in dates], dtype=np.uint64)
    u, v = (luck.uniform(seed, "temperature", 0, key, k) for k in (0, 1))
    normal = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
    celsius: Floats = np.round(mean + spread * normal, 1)
    return celsius


def _mean(climate: Climate, d: date) -> float:
    middle = d.replace(day=15)
    if d >= middle:
        a, b = middle, (middle + timedelta(days=20)).replace(day=15)
    else:
        a, b = (middle - timedelta(days=20)).replace(day=15), middle
    part = (d - a).days / (b - a).days
    low, high = float(climate.mean_c[a.month - 1]), float(climate.mean_c[b.month - 1])
    return low + (high - low) * part
