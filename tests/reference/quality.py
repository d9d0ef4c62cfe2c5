"""Let quality decay minute by minute: the slow integrator that a closed form has to agree with.

A lot stands in one temperature after another. Its quality falls at the rate k(T) = k0 * f(T), f(0 C) = 1; f grows by a given factor
(Q10) for every 10 C, another one between each two nodes, and beyond the outer nodes as in the outermost interval. k0 is such that at
0 C the quality falls from 1 to ``threshold`` in ``shelf_days_0c`` days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sim.units import DAY, MINUTE

Temperature = float | Callable[[int], float]
"""Degrees Celsius: the same all the time, or by day (of the run, as in ``time // DAY``)."""

Segment = tuple[int, int, Temperature]
"""From and to (microseconds), and how warm it is there."""


@dataclass(frozen=True)
class Law:
    """How fast a crop decays: ``q10[i]`` is the factor for 10 C more between ``nodes_c[i]`` (the first is 0 C) and ``nodes_c[i + 1]``."""

    shelf_days_0c: float
    threshold: float
    nodes_c: tuple[float, ...] = (0.0, 10.0, 20.0, 30.0, 40.0)
    q10: tuple[float, ...] = (3.0, 2.5, 2.0, 1.5)

    def rate(self, celsius: float) -> float:
        """Return how much of itself quality loses per day at a temperature: climb to it from 0 C, interval by interval."""
        per_day = -math.log(self.threshold) / self.shelf_days_0c
        for i, factor in enumerate(self.q10):
            low = self.nodes_c[i] if i > 0 else -math.inf
            high = self.nodes_c[i + 1] if i + 1 < len(self.q10) else math.inf
            climbed = min(celsius, high) - max(low, self.nodes_c[0]) if celsius > low else 0.0
            per_day *= factor ** (climbed / 10)
        return per_day


def steps(segments: Iterable[Segment], step_us: int) -> Iterator[tuple[int, float]]:
    """Yield small steps as (microseconds, degrees in their middle); the last of a segment is what is left of it."""
    for begin, end, temperature in segments:
        at = begin
        while at < end:
            length = min(step_us, end - at)
            yield length, temperature((at + length // 2) // DAY) if callable(temperature) else temperature
            at += length


def decayed(segments: Iterable[Segment], law: Law, quality: float = 1.0, step_us: int = MINUTE) -> float:
    """Return what is left of ``quality`` after all segments; each step takes its share of what is there."""
    rates: dict[float, float] = {}
    for length, celsius in steps(segments, step_us):
        if celsius not in rates:
            rates[celsius] = law.rate(celsius)
        quality *= 1 - rates[celsius] * length / DAY
    return quality


def step_error(segments: Iterable[Segment], law: Law, step_us: int = MINUTE) -> float:
    """Bound the relative error of ``decayed``: the square of each step's share, and the steps that a midnight divides.

    1 - x and exp(-x) differ by less than x^2 of themselves for small x; a step across a midnight takes one day's rate for all of it.
    """
    bound = 0.0
    for begin, end, temperature in segments:
        days = range(begin // DAY, (end - 1) // DAY + 1) if end > begin else range(0)
        rates = [law.rate(temperature(day) if callable(temperature) else temperature) for day in days]
        for day, rate in zip(days, rates, strict=True):
            share = rate * step_us / DAY
            count = (min(end, (day + 1) * DAY) - max(begin, day * DAY)) / step_us + 1
            bound += count * share**2
        bound += sum(abs(a - b) * step_us / DAY for a, b in pairwise(rates))
    return math.expm1(bound)
