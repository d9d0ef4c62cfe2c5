"""Periods of a window: the whole, its months and its weeks."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np


class Window:
    """The days [first, last) that are counted, the month of each, and its ISO week ("2021-W35"; the first and the last may be cut)."""

    def __init__(self, start: date, first: int, last: int) -> None:
        self.first, self.last = first, last
        names = [(start + timedelta(days=d)).strftime("%Y-%m") for d in range(first, last)]
        self.months: tuple[str, ...] = tuple(dict.fromkeys(names))
        self.month_of = np.array([self.months.index(n) for n in names], np.int64)
        self.days_in = np.bincount(self.month_of, minlength=len(self.months))
        weeks = [(start + timedelta(days=d)).strftime("%G-W%V") for d in range(first, last)]
        self.weeks: tuple[str, ...] = tuple(dict.fromkeys(weeks))
        self.week_of = np.array([self.weeks.index(w) for w in weeks], np.int64)

    def month(self, day: int) -> int:
        """Return the month's index of a day, -1 outside the window."""
        return int(self.month_of[day - self.first]) if self.first <= day < self.last else -1
