"""Origin warehouses: stock picked in advance, packed and sent in batches (二(三): 电子商务+产地仓+快递物流).

Mechanism
    A township's warehouse takes stock from its farms that sell online: as much as the orders they expect for some days. Each day's orders
    are packed there in a batch, quicker and cheaper than on the farm, and leave in the afternoon at the warehouse's contract fee; orders
    that come between two pickings are met from stock. What is not ordered in time, or has become too old for buyers, goes back and is sold
    otherwise. A farm that has no stock there sends from home where the warehouse has no room, or gains it nothing while sending from home
    does.

Changes
    ``World.fields.warehouses``. The ledger posts the warehouse's rent, staff and fit-out a day, for a cold one also what a cold room of
    its size costs (``produce.cold``), the farms' storage fee and their one drive to it. Townships are taken in a fixed order of their
    keys: a larger share adds warehouses.

Leaves out
    Sorting by destination before the line, returns to the warehouse, brands' shared stock. Farms that gain by the warehouse do not weigh
    whether they would gain more from home.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, Mistake, mistake, say
from sim.levers.clock import instant, moment
from sim.levers.draw import chosen
from sim.levers.fields import fields_of, with_fields
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Ints, World


class OriginWarehouse(Lever):
    """Opens warehouses in townships where farms keep stock for online orders."""

    title: ClassVar[Words] = Words(zh="产地仓", en="Origin warehouse")
    of_produce: ClassVar[bool] = True
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "terrain", "region")

    kind: Literal["origin_warehouse"] = "origin_warehouse"

    share: float = param(0.5, unit="share", ge=0, le=1, source="assumption", zh="覆盖乡镇占比")
    """Share of the matching townships that get a warehouse."""
    room_kg: float = param(20000.0, unit="kg", ge=0, le=1e7, source="assumption", zh="仓容")
    """What a warehouse holds."""
    cold: bool = False
    """The warehouse is kept at ``celsius`` instead of the air's temperature."""
    celsius: float = param(4.0, unit="degrees C", ge=-2, le=20, source="assumption", zh="仓温")
    """Temperature of a cold warehouse."""
    cover_days: float = param(4.0, unit="days", gt=0, le=60, source="assumption", zh="备货天数")
    """Farms bring stock for so many days of expected orders."""
    hold_days: int = param(7, unit="days", ge=1, le=90, source="assumption", zh="最长存放天数")
    """What has not been ordered by then goes back."""
    packing_minutes: float = param(3.0, unit="min/parcel", ge=0, le=60, source="assumption", zh="批量打包耗时")
    """Work on a parcel packed in a batch."""
    packing: float = param(1.6, unit="yuan/parcel", ge=0, le=20, source="assumption", zh="批量包装成本")
    """Box and padding bought in bulk."""
    fee: float = param(4.0, unit="yuan/parcel", ge=0, le=50, source="assumption:upstream_farm_parcel_fee", zh="仓发运费")
    """What sending a parcel of the first weight costs from the warehouse."""
    store_kg_day: float = param(0.01, unit="yuan/kg-day", ge=0, le=5, source="assumption", zh="仓储费")
    """What a farm pays for stock, for the days it means to keep it."""
    batch: str = param("14:00", unit="clock", source="assumption", zh="集中发货时刻")
    """Parcels of a day are handed over at this time."""
    running_day: float = param(220.0, unit="yuan/day", ge=0, le=100000, source="assumption", zh="日运行费")
    """Rent and staff of a warehouse."""
    capex: float = param(80000.0, unit="yuan", ge=0, le=1e7, source="assumption", zh="建设费")
    """Fit-out of a warehouse, an annuity over the life of a centre."""

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a batch time that is none."""
        yield from super().mistakes()
        if moment(self.batch) is None:
            yield mistake(("batch",), "no_clock", text=self.batch)

    def townships(self, world: World, strength: float) -> Ints:
        """Return the rows of the townships that have a warehouse at a strength."""
        from sim.world.world import TOWNSHIP

        return chosen(world.places.key, (world.places.tier == TOWNSHIP) & self.where.mask(world), self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the warehouses open."""
        import numpy as np

        if self.share == 0:
            return world
        old = fields_of(self.id, world).warehouses
        rows = self.townships(world, strength)
        if not len(rows):
            return world
        stands, room, celsius = old.stands.copy(), old.room_g.copy(), old.celsius.copy()
        day, price, by = old.day_yuan.copy(), old.price.copy(), list(old.by)
        stands[rows], room[rows] = True, round(1000 * self.room_kg)
        celsius[rows] = self.celsius if self.cold else np.nan
        day[rows], price[rows] = self.running_day, self.capex
        for row in rows.tolist():
            by[row] = self.id
        new = replace(
            old, stands=stands, room_g=room, celsius=celsius, day_yuan=day, price=price, by=tuple(by),
            cover_days=self.cover_days, hold_days=self.hold_days, packing_minutes=self.packing_minutes, packing=self.packing, fee=self.fee,
            store_kg_day=self.store_kg_day, batch_us=instant(self.batch),
        )  # fmt: skip
        return with_fields(world, warehouses=new)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return where the warehouses stand, what they offer and what they cost."""
        n = len(self.townships(world, 1.0))
        kept = say("warehouse.cold", celsius=f"{self.celsius:g}") if self.cold else say("warehouse.air")
        return [
            say("warehouse.stands", n=n, room=f"{self.room_kg:,.0f}", kept=kept),
            say("warehouse.stock", cover=f"{self.cover_days:g}", hold=self.hold_days, batch=self.batch),
            say("warehouse.packing", minutes=f"{self.packing_minutes:g}", packing=f"{self.packing:g}", fee=f"{self.fee:g}"),
            say("warehouse.cost", day=f"{n * self.running_day:,.0f}", capex=f"{n * self.capex:,.0f}"),
            *([self._cold_cost(n, rules)] if self.cold else []),
        ]

    def _cold_cost(self, n: int, rules: Rules) -> Words:
        p = rules.parameters.produce.cold
        m3 = n * self.room_kg / p.kg_m3
        return say("warehouse.cold_cost", m3=f"{m3:,.0f}", price=f"{m3 * p.capex_m3:,.0f}", kwh=f"{m3 * p.kwh_m3_day:,.0f}")
