"""What each member of an alliance bears in a quarter, what it would bear alone, and who would object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sharing.coalitions import Coalitions, Rows
from sim.sharing.core import Objection, largest_objection
from sim.sharing.game import Game
from sim.sharing.shapley import EXACT_MEMBERS, sampled
from sim.sharing.split import RULES
from sim.sharing.terms import Terms
from sim.world.world import Floats

ORDERS = 24
"""Orders of joining that are sampled above ``EXACT_MEMBERS`` members (assumption)."""


@dataclass(frozen=True)
class Allocation:
    """Yuan on a mean day by member, (n,). ``alone`` and ``allocated`` are resource costs, ``joint`` the part of ``allocated`` that is paid
    to the pool; ``more_fees`` what fees take more in the pool than alone; ``half_width`` of sampled shares, else 0. ``objection``: members
    as positions."""

    members: Rows
    volume: Floats
    alone: Floats
    allocated: Floats
    joint: Floats
    more_fees: Floats
    half_width: Floats
    objection: Objection

    @property
    def worse(self) -> Floats:
        """Return how much worse off each member is than alone, fees included; negative: better."""
        worse: Floats = self.allocated - self.alone + self.more_fees
        return worse


def allocate(terms: Terms, coalitions: Coalitions, members: Rows, day: int) -> Allocation:
    """Return the allocation of the joint cost of a day's quarter among members (at least two)."""
    n = len(members)
    whole = terms.all_coalitions and n <= EXACT_MEMBERS
    game, half = coalitions.game(day, members, whole=whole), np.zeros(n)
    if terms.rule == "shapley" and not whole:
        allocated, half = _sampled(coalitions, game, members, day)
    else:
        allocated = RULES[terms.rule](game)
    joint = allocated - game.own
    bills = coalitions.bills(day, [(), members])
    together, apart, rows = bills[members], bills[()], list(members)
    share = joint / joint.sum() if joint.sum() > 0 else np.full(n, 1 / n)
    more = np.array(together.fees)[rows] + together.pool_fees * share - np.array(apart.fees)[rows]
    objection = largest_objection(game, allocated, terms.core_tolerance * abs(game.total))
    return Allocation(members, game.volume, game.alone, allocated, joint, more, half, objection)


def _sampled(coalitions: Coalitions, game: Game, members: Rows, day: int) -> tuple[Floats, Floats]:
    """Return sampled Shapley shares of what the pool costs as it runs."""

    def cost(mask: int) -> float:
        if mask in (game.all, 0) or mask.bit_count() == 1:
            return game.value(mask)
        rows = tuple(row for i, row in enumerate(members) if mask >> i & 1)
        return coalitions.cost(day, rows)

    return sampled(len(members), cost, ORDERS)
