"""When crops are picked and what they fetch over the year."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sim.world.crops import Crops
from sim.world.world import Floats, Ints

YEAR = 365
MONTH_DAYS = 30.4


def day_of_year(day: int, start: date) -> int:
    """Return the day of the year, 1 to 365; 29 February counts as the 28th."""
    d = start + timedelta(days=day)
    if d.month == 2 and d.day == 29:
        d = d.replace(day=28)
    return d.replace(year=2001).timetuple().tm_yday


def into_window(crops: Crops, day: int, start: date) -> Ints:
    """Return how many days into its harvest window each crop (c,) is; counted on behind the window, from 0 to 364."""
    into: Ints = (day_of_year(day, start) - crops.harvest_from) % YEAR
    return into


def window_days(crops: Crops) -> Ints:
    """Return the length of each crop's harvest window (c,), both ends included."""
    length: Ints = (crops.harvest_until - crops.harvest_from) % YEAR + 1
    return length


def season_year(crops: Crops, day: int, start: date) -> Ints:
    """Return the year in which each crop's present (or last) window began, (c,)."""
    d = start + timedelta(days=day)
    began: Ints = np.where(day_of_year(day, start) >= crops.harvest_from, d.year, d.year - 1).astype(np.int64)
    return began


def price_index(crops: Crops, day: int, start: date, rise: float, months: float) -> Floats:
    """Return prices over those of the harvest season (c,): 1 in the window, up to 1 + ``rise`` in the ``months`` behind it, then flat."""
    behind = into_window(crops, day, start) - window_days(crops) + 1
    index: Floats = 1.0 + rise * np.clip(behind / (months * MONTH_DAYS), 0.0, 1.0)
    return index
