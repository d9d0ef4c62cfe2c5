"""Throw small dice for drawing cases: a SplitMix64 stream from a seed, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sim.units import MINUTE

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Dice:
    """A stream of draws; ``grid`` > 0 rounds every duration and clock time to that many microseconds, so that ties occur."""

    def __init__(self, seed: int, grid: int = 0) -> None:
        self.state, self.grid = seed, grid
        self.state = self.word()

    def word(self) -> int:
        """Return 64 random bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        x = self.state
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB & _MASK
        return x ^ (x >> 31)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number in [low, high]."""
        return low + self.word() % (high - low + 1)

    def chance(self, percent: int) -> bool:
        """Return true in ``percent`` of 100 throws."""
        return self.whole(0, 99) < percent

    def pick(self, things: Sequence[T]) -> T:
        """Return one of the things."""
        return things[self.whole(0, len(things) - 1)]

    def time(self, low_minutes: float, high_minutes: float) -> int:
        """Return microseconds between two numbers of minutes, at least 1, on the grid if there is one."""
        t = self.whole(int(low_minutes * MINUTE), int(high_minutes * MINUTE))
        if self.grid:
            t = max(self.grid, t - t % self.grid)
        return max(1, t)
