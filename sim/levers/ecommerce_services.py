"""E-commerce services for farmers: training places, brand and packaging, from a county service centre (二(四): 电子商务公共服务).

Mechanism
    In the villages it reaches the centre trains farms: at each review it takes on so many of those that think of beginning to sell online,
    and what beginning costs them shrinks. A brand lets produce from there be listed dearer, better packaging leaves less of the damage on
    the way. Whether a farm begins, and goes on, is its own decision on what it expects and has been paid.

Changes
    ``World.fields.outreach``. The ledger posts the centre's cost for each village a month and for each farm trained; the county pays.
    Villages are taken in a fixed order of their keys: a larger share adds villages.

Leaves out
    Product development, data services and how good the training is; that a brand wears out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, say
from sim.levers.draw import chosen
from sim.levers.fields import fields_of, with_fields
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Ints, World


class EcommerceServices(Lever):
    """Trains farms and helps them with brand and packaging."""

    title: ClassVar[Words] = Words(zh="电商公共服务", en="E-commerce services")
    of_produce: ClassVar[bool] = True
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population")

    kind: Literal["ecommerce_services"] = "ecommerce_services"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="覆盖村占比")
    """Share of the matching villages that the centre reaches."""
    places: int = param(4, unit="farms/review", ge=0, le=1000, source="assumption", zh="每期培训名额")
    """Farms of a village that are trained at a review."""
    entry_left: float = param(0.3, unit="share", ge=0, le=1, source="assumption", zh="培训后触网成本")
    """What is left of the cost of beginning for a farm that is trained."""
    premium: float = param(0.05, unit="share", ge=0, le=1, source="assumption", zh="品牌溢价")
    """What buyers pay more for branded produce."""
    damage_left: float = param(0.5, unit="share", ge=0, le=1, source="assumption", zh="改进包装后破损")
    """What is left of the damage with better packaging."""
    village_month: float = param(600.0, unit="yuan/village-month", ge=0, le=100000, source="assumption", zh="每村月服务费")
    """Cost of serving a village."""
    farm_trained: float = param(400.0, unit="yuan/farm", ge=0, le=100000, source="assumption", zh="每户培训费")
    """Cost of training a farm."""

    def villages(self, world: World, strength: float) -> Ints:
        """Return the rows of the villages that are reached at a strength."""
        from sim.world.world import VILLAGE

        return chosen(world.places.key, (world.places.tier == VILLAGE) & self.where.mask(world), self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the services in the villages reached."""
        if self.share == 0:
            return world
        old = fields_of(self.id, world).outreach
        rows = self.villages(world, strength)
        if not len(rows):
            return world
        trained, left, places = old.trained.copy(), old.entry_left.copy(), old.places_review.copy()
        premium, damage = old.premium.copy(), old.damage_left.copy()
        month, farm, by = old.service_month.copy(), old.training_yuan.copy(), list(old.by)
        if self.places:
            trained[rows], left[rows], farm[rows] = True, self.entry_left, self.farm_trained
        places[rows] += self.places
        premium[rows] += self.premium
        damage[rows] *= self.damage_left
        month[rows] += self.village_month
        for row in rows.tolist():
            by[row] = self.id
        new = replace(
            old, trained=trained, entry_left=left, places_review=places, premium=premium, damage_left=damage, service_month=month,
            training_yuan=farm, by=tuple(by),
        )  # fmt: skip
        return with_fields(world, outreach=new)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return where the services are, what they offer and what they cost."""
        n = len(self.villages(world, 1.0))
        return [
            say("services.offer", villages=n, places=self.places, left=f"{100 * self.entry_left:g}%"),
            say("services.goods", premium=f"{100 * self.premium:g}%", damage=f"{100 * self.damage_left:g}%"),
            say("services.cost", month=f"{n * self.village_month:,.0f}", farm=f"{self.farm_trained:g}"),
        ]
