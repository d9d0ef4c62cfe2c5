"""The Shapley value of a cost game: what a member adds on average over all orders of joining."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial, sqrt

import numpy as np

from sim import luck
from sim.sharing.game import Game
from sim.world.world import Floats

EXACT_MEMBERS = 8
"""Up to so many members every coalition is planned; above, orders of joining are sampled."""


def shapley(game: Game) -> Floats:
    """Return the exact Shapley value, (n,); every coalition's cost must be known."""
    n = game.n
    weight = [factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)]
    value = np.zeros(n)
    for i in range(n):
        bit = 1 << i
        for mask in range(1 << n):
            if not mask & bit:
                value[i] += weight[mask.bit_count()] * (game.value(mask | bit) - game.value(mask))
    return value


def sampled(n: int, cost: Callable[[int], float], orders: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Return the Shapley value estimated from random orders of joining, and the half width of its 95% interval, (n,) each.

    Every order is met backwards too: what a member adds early and late evens out.
    """
    added = np.zeros((max(orders // 2, 2), n))
    for turn in range(len(added)):
        order = np.argsort(luck.uniform(seed, "order of joining", turn, np.arange(n, dtype=np.uint64)), kind="stable")
        for way in (order, order[::-1]):
            mask, before = 0, 0.0
            for i in way.tolist():
                mask |= 1 << i
                now = cost(mask)
                added[turn, i] += (now - before) / 2
                before = now
    half = 1.96 * added.std(axis=0, ddof=1) / sqrt(len(added))
    return added.mean(axis=0), half
