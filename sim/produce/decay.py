"""How quality goes with time and temperature: first-order decay with Q10 by ten degrees, integrated exactly over days.

q = q0 exp(-k0 D), D being the integral of f(T) dt over the way, f(T) the rate over that at 0 degrees: log-linear between 0, 10, 20, 30
and 40 degrees with the Q10 of each ten (Saltveit, USDA Handbook 66; docs/evidence: q10_0_10C ...), the outer ones going on beyond. k0 is
such that quality falls from 1 to the buyer's threshold in the crop's shelf life at 0 degrees.
"""

from __future__ import annotations

import numpy as np

from sim.produce.kernel import spans
from sim.schema.produce import Perishing
from sim.units import DAY
from sim.world.world import Floats, Ints


def rate(celsius: Floats, perishing: Perishing) -> Floats:
    """Return f(T), the rate of decay over that at 0 degrees Celsius; shape kept."""
    logs = np.log([perishing.q10_0_10, perishing.q10_10_20, perishing.q10_20_30, perishing.q10_30_40])
    tens = celsius / 10.0
    steps = [np.minimum(tens, 1.0), *(np.clip(tens - i, 0.0, 1.0) for i in (1, 2)), np.maximum(tens - 3.0, 0.0)]
    total = steps[0] * logs[0]
    for step, log in zip(steps[1:], logs[1:], strict=True):
        total = total + step * log
    f: Floats = np.exp(total)
    return f


def k0(shelf_days_0c: Floats, threshold: float) -> Floats:
    """Return the rate at 0 degrees, 1/day, at which quality falls from 1 to ``threshold`` in the shelf life."""
    rate0: Floats = -np.log(threshold) / shelf_days_0c
    return rate0


class Path:
    """The integral of f(T) over time where T is one value a day: exact, by cumulated days.

    ``celsius`` (days,) are the temperatures of ``first_day`` and the days after it; before and after them the nearest day's holds.
    """

    def __init__(self, celsius: Floats, first_day: int, perishing: Perishing) -> None:
        self.first = first_day
        self.day_rate = rate(celsius, perishing)
        self.cumulated: Floats = np.concatenate([[0.0], np.cumsum(self.day_rate)])

    def at(self, t: Ints) -> Floats:
        """Return the integral from the first day's midnight to each t (microseconds), in days at 0 degrees."""
        day = np.clip(t // DAY - self.first, 0, len(self.day_rate) - 1)
        into: Floats = self.cumulated[day] + self.day_rate[day] * (t / DAY - (day + self.first))
        return into

    def between(self, start: Ints, end: Ints) -> Floats:
        """Return the integral from ``start`` to ``end`` (n,), days at 0 degrees; nothing where it would end before it starts."""
        span: Floats = spans(np.ascontiguousarray(start), np.ascontiguousarray(end), self.cumulated, self.day_rate, self.first)
        return span
