"""Rules by which members share the cost of their pool: each one function of a cost game, all in ``RULES``.

A member keeps paying what it pays itself; what is left of the cost of all together is the joint cost, and that is shared. Shares may be
negative: a member whose joining saves others more than its own work costs is paid.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.sharing.game import Game
from sim.sharing.shapley import shapley as shapley_value
from sim.units import FEN_PER_YUAN
from sim.world.world import Floats, Ints

Rule = Callable[[Game], Floats]


NOTHING = 1e-12
"""Weights that add up to no more are none: parcels or yuan."""


def by_weight(game: Game, weight: Floats) -> Floats:
    """Return each member's cost with the joint cost shared by weight; equally where there is none."""
    weight = weight if weight.sum() > NOTHING else np.ones(game.n)
    shares: Floats = game.own + (game.total - float(game.own.sum())) * weight / weight.sum()
    return shares


def volume(game: Game) -> Floats:
    """Share by parcels."""
    return by_weight(game, game.volume)


def standalone(game: Game) -> Floats:
    """Share in proportion to what each member would pay alone for what is pooled."""
    return by_weight(game, np.maximum(game.alone - game.own, 0.0))


def equal(game: Game) -> Floats:
    """Share in equal parts."""
    return by_weight(game, np.ones(game.n))


def shapley(game: Game) -> Floats:
    """Share so that each pays what it adds on average over all orders of joining."""
    return shapley_value(game)


RULES: dict[str, Rule] = {"volume": volume, "standalone": standalone, "equal": equal, "shapley": shapley}
"""The rules by the name that a scenario gives."""


def whole_fen(yuan: Floats) -> Ints:
    """Return amounts in whole fen whose sum is the rounded sum."""
    edge = np.rint(np.cumsum(yuan) * FEN_PER_YUAN).astype(np.int64)
    return np.diff(edge, prepend=0)
