"""Whether anybody would rather go: the largest objection against an allocation."""

from __future__ import annotations

from dataclasses import dataclass

from sim.sharing.game import Game, positions
from sim.world.world import Floats

IN_CORE, NOT_IN_CORE, UNDECIDED = "yes", "no", "undecided"


@dataclass(frozen=True)
class Objection:
    """What the coalition ``by`` (members) would save by going, yuan; ``in_core``: yes, no, or undecided within the tolerance."""

    yuan: float
    by: tuple[int, ...]
    in_core: str
    known: bool = True
    """Whether more coalitions than single members and all together were looked at."""


def largest_objection(game: Game, allocated: Floats, tolerance: float) -> Objection:
    """Return the largest objection of any known coalition: what its members pay less what it would cost them by themselves.

    All members together object where they would be cheaper in parts than in the pool. ``tolerance`` is in yuan: the solver's tours are
    good, not best. As long as a coalition is unknown nothing is in the core for sure.
    """
    excess = {mask: float(allocated[positions(mask)].sum()) - game.cost[mask] for mask in sorted(game.cost)}
    parts = max((e for mask, e in excess.items() if mask != game.all), default=-tolerance)
    worst = max(excess, key=lambda mask: (round(excess[mask], 6), -mask))
    yuan = excess[worst]
    if yuan > tolerance:
        known = NOT_IN_CORE
    elif parts > -tolerance or not game.whole:
        known = UNDECIDED
    else:
        known = IN_CORE
    return Objection(max(yuan, 0.0), tuple(positions(worst)) if yuan > 0.005 else (), known, game.whole or len(game.cost) > game.n + 1)
