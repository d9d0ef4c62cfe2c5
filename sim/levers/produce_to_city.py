"""Produce to the city: contracts with city buyers, collected in townships (二(四): 互联网+农产品出村进城).

Mechanism
    City buyers contract for a share of the harvest of some crops: at a fixed price between the farm gate's and the online one, for produce
    of a least quality, brought to the township's collection point. Farms weigh that price, less the organiser's fee and the way to the
    township, against their other channels each day; whoever offers first has the day's capacity. What the price of a season is moves by
    its own luck: it can lie below the farm gate's, and then nobody delivers.

Changes
    ``World.fields.outreach``: the contracts' prices, capacities and terms; a farm's fifth way to sell. The ledger posts the sales, the
    organiser's fee, the points' handling, their annuity and running cost, and the organiser's office.

Leaves out
    Penalties of a side that does not keep the contract, what buyers drive from the township on, growing what buyers want, advances.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, mistake, say, unfit
from sim.levers.fields import fields_of, with_fields, with_upkeep
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.crops import Crops
    from sim.world.world import Bools, Floats, Ints, World


class ProduceToCity(Lever):
    """Contracts with city buyers."""

    title: ClassVar[Words] = Words(zh="农产品出村进城", en="Produce to the city")
    of_produce: ClassVar[bool] = True
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population")

    kind: Literal["produce_to_city"] = "produce_to_city"

    crops: tuple[str, ...] = ()
    """Keys of the crops that buyers contract for; all unless given."""
    capacity_share: float = param(0.1, unit="share", ge=0, le=1, low=0.03, high=0.3, source="assumption", zh="订单占产量")
    """Share of the county's harvest of a crop that buyers take, evenly over its season's days."""
    price_share: float = param(0.4, unit="share", ge=0, le=1, low=0.25, high=0.6, source="assumption", zh="订单价位置")
    """Where the price lies between the farm gate's (0) and the online one (1)."""
    price_spread: float = param(0.15, unit="log-sd", ge=0, le=1, low=0.05, high=0.3, source="assumption", zh="订单价离散度")
    """How far a season's price moves from there (by crop and season)."""
    quality: float = param(0.85, unit="share", ge=0, le=1, low=0.8, high=0.95, source="assumption", zh="订单品质门槛")
    """Least quality that buyers take."""
    fee: float = param(0.05, unit="share", ge=0, le=0.5, low=0.02, high=0.1, source="assumption", zh="组织服务费率")
    """Share of the sale that farms pay to the organiser."""
    handling: float = param(0.12, unit="yuan/kg", ge=0, le=5, low=0.05, high=0.3, source="assumption", zh="集货处理成本")
    """Weighing, sorting and crates at the collection point, paid by the organiser."""
    point_price: float = param(40_000.0, unit="yuan", ge=0, le=1e7, low=15_000, high=120_000, source="assumption", zh="集货点造价")
    """Shed, scales and forklift of a township's collection point."""
    point_life: float = param(10.0, unit="years", ge=1, le=50, low=5, high=15, source="assumption", zh="集货点年限")
    """Its life."""
    point_year: float = param(6_000.0, unit="yuan/year", ge=0, le=1e6, low=2_000, high=20_000, source="assumption", zh="集货点年运行费")
    """Its rent and upkeep."""
    office_year: float = param(120_000.0, unit="yuan/year", ge=0, le=1e7, low=60_000, high=300_000, source="assumption", zh="组织者年费用")
    """The organiser's people who find buyers and keep the contracts."""
    payer: Literal["organiser", "county"] = "organiser"
    """Who organises: a firm, or the county (then it is public spending)."""

    def grown(self, world: World) -> Bools:
        """Return which crops are under contract, (c,); ScenarioError where the county grows none of a name."""
        import numpy as np

        keys = fields_of(self.id, world).crops.key
        for i, name in enumerate(self.crops):
            if name not in keys:
                raise unfit(self.id, mistake(("crops", i), "no_crop", name=name, crops=", ".join(keys)))
        return np.isin(np.array(keys), self.crops) if self.crops else np.ones(len(keys), np.bool_)

    def price(self, crops: Crops) -> Floats:
        """Return yuan/kg (c,) in the middle of what a season may bring."""
        price: Floats = crops.farm_yuan_kg + self.price_share * (crops.online_yuan_kg - crops.farm_yuan_kg)
        return price

    def grams_day(self, crops: Crops, strength: float) -> Ints:
        """Return the grams (c,) that buyers take on a day of the season."""
        import numpy as np

        days = (crops.harvest_until - crops.harvest_from) % 365 + 1
        grams: Ints = np.rint(1000 * self.capacity_share * strength * crops.area_mu * crops.yield_kg_mu / days).astype(np.int64)
        return grams

    def villages(self, world: World) -> Bools:
        """Return which places the contracts reach, (n,): the matching villages."""
        from sim.world.world import VILLAGE

        here: Bools = (world.places.tier == VILLAGE) & self.where.mask(world)
        return here

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the contracts and their collection points."""
        import numpy as np

        from sim.world.upkeep import Upkeep

        fields, here = fields_of(self.id, world), self.villages(world)
        grams = np.where(self.grown(world), self.grams_day(fields.crops, strength), 0)
        if not grams.any() or not here.any():
            return world
        if fields.outreach.deal_by:
            raise unfit(self.id, mistake((), "one_deal", other=fields.outreach.deal_by))
        new = replace(
            fields.outreach,
            deal_price=np.where(grams > 0, self.price(fields.crops), 0.0),
            deal_g_day=grams,
            deal_here=here,
            deal_quality=self.quality,
            deal_spread=self.price_spread,
            deal_fee=self.fee,
            deal_handling=self.handling,
            organiser=self.payer,
            deal_by=self.id,
        )
        point = Upkeep(self.id, self.payer, "market", "collection point", 1.0, "point-day", self.point_price, self.point_life)
        point = replace(point, year=self.point_year, resource="sites", leg="township")
        points = [replace(point, place=world.places.key[row]) for row in np.unique(world.places.parent[here]).tolist()]
        office = Upkeep(self.id, self.payer, "workers", "contract office", strength, "office-day", year=self.office_year)
        return with_upkeep(with_fields(world, outreach=new), *points, office)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return prices and capacities by crop, the terms, and what it costs."""
        import numpy as np

        crops, here = fields_of(self.id, world).crops, self.villages(world)
        grams, price = self.grams_day(crops, 1.0), self.price(crops)
        rows = np.flatnonzero(self.grown(world) & (grams > 0)).tolist()
        each = [
            say(
                "deal.crop",
                name=Words(crops.name_zh[c], crops.name_en[c]),
                gate=f"{crops.farm_yuan_kg[c]:g}",
                price=f"{price[c]:.2f}",
                kg=f"{grams[c] / 1000:,.0f}",
            )
            for c in rows
        ]
        points = len(np.unique(world.places.parent[here]))
        year = self.office_year + points * self.point_year
        return [
            *each,
            say(
                "deal.terms",
                quality=f"{self.quality:g}",
                spread=f"{self.price_spread:g}",
                fee=f"{100 * self.fee:g}%",
                villages=int(here.sum()),
            ),
            say(
                "deal.cost",
                points=points,
                price=f"{points * self.point_price:,.0f}",
                year=f"{year:,.0f}",
                handling=f"{self.handling:g}",
                payer=say(f"payer.{self.payer}"),
            ),
        ]
