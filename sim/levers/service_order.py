"""Service order: operators have to bring parcels to named villages themselves, on so many days a week (二(二): 快递进村).

Mechanism
    In a ``share`` of the matching villages each matching operator comes itself, on ``days_per_week``; its monthly review may not give
    that up. Who pools rounds with it comes along.

Changes
    ``World.operators.mode`` and ``days``, and ``World.held``, what no review gives up. What operators drive and earn follows.

Leaves out
    Inspection and fines for those who do not come, exceptions, operators who leave the county for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, say
from sim.levers.draw import chosen
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Ints, World


class ServiceOrder(Lever):
    """Has operators come to villages themselves."""

    title: ClassVar[Words] = Words(zh="快递进村要求", en="Service order")

    kind: Literal["service_order"] = "service_order"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="覆盖占比")
    """Share of the matching villages that operators have to come to."""
    days_per_week: int = param(5, unit="days/week", ge=1, le=7, source="evidence:postal_rural_delivery_frequency", zh="每周班次")
    """On so many days a week; the post keeps its own."""

    def villages(self, world: World, strength: float) -> Ints:
        """Return the rows of the villages to which operators have to come at a strength."""
        from sim.world.world import VILLAGE

        return chosen(world.places.key, (world.places.tier == VILLAGE) & self.where.mask(world), self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world in which they come."""
        import numpy as np

        from sim.world.operators import days_mask
        from sim.world.world import TO_VILLAGE

        places, own, operators = self.villages(world, strength), list(self.where.rows(world)), world.operators
        if not len(places) or not own:
            return world
        rounds = rules.group("delivery", "vehicles")
        mode, days = operators.mode.copy(), operators.days.copy()
        mode[np.ix_(np.flatnonzero(np.isin(rounds, rounds[own])), places)] = TO_VILLAGE
        held = world.under_order().copy()
        held[np.ix_(np.array(own, np.int64), places)] = True
        days[[o for o in own if o != operators.post]] = days_mask(self.days_per_week)
        return replace(world, operators=replace(operators, mode=mode, days=days), held=held)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return to how many villages they have to come, and how many of these services there are today."""
        from sim.world.world import TO_VILLAGE

        rows, own = self.villages(world, 1.0), list(self.where.rows(world))
        came = int((world.operators.mode[own][:, rows] == TO_VILLAGE).sum())
        return [say("order.villages", n=len(rows), operators=len(own), days=self.days_per_week, services=len(rows) * len(own), came=came)]
