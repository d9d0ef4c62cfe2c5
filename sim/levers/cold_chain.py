"""Cold chain: cold rooms where produce waits, pre-cooling, boxes and reefers that carry it (二(二): 产地冷链集配中心、田头冷库、移动冷库).

Mechanism
    Cold rooms stand at the seat, in townships and in villages; what waits there on its way up is cold as soon as the room has space, first
    come first served. A pre-cooler takes a lot at its rate before it is handed over. Vans get cold boxes, line trucks become reefers, the
    network carries parcels on a cold trunk for a higher fee. Storage in a room lets a farm wait for the prices of later months. How much
    is lost falls out of temperature and time; nothing is assumed about it.

Changes
    ``World.fields.cold``. The ledger posts the rooms' annuity, upkeep and power, the pre-coolers' power, what boxes and reefers cost
    more, and what farms pay for storing and for the cold trunk. Places are taken in a fixed order of their keys: a larger share adds rooms.

Leaves out
    Staff of the rooms (hours change no cost), grading and packing lines, standards with their checks, chilling injury, doors left open,
    power cuts. What lies in store when a run ends has brought no income yet. Shelf life at 0
    degrees is the crop's own; a room cannot be colder than the crop's best temperature because its temperature is one for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, Mistake, listed, mistake, say
from sim.levers.clock import instant
from sim.levers.draw import chosen
from sim.levers.fields import fields_of, with_fields
from sim.levers.hours import wrong_hours
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Bools, World

Owner = Literal["cold rooms", "county"]


class ColdChain(Lever):
    """Builds cold rooms and makes vehicles cold."""

    title: ClassVar[Words] = Words(zh="冷链", en="Cold chain")
    of_produce: ClassVar[bool] = True

    kind: Literal["cold_chain"] = "cold_chain"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="覆盖占比")
    """Share of the matching villages and townships that get a room; 0: no cold chain at all, vehicles neither."""
    county_m3: float = param(500.0, unit="m3", ge=0, le=100000, source="assumption", zh="县级冷库容积")
    """Transit room at the county's centre."""
    township_m3: float = param(60.0, unit="m3", ge=0, le=20000, source="assumption", zh="乡镇冷库容积")
    """Transit room in each township."""
    village_m3: float = param(0.0, unit="m3", ge=0, le=5000, source="assumption", zh="村级冷库容积")
    """Transit room in each village."""
    store_m3: float = param(0.0, unit="m3", ge=0, le=50000, source="assumption", zh="乡镇储存容积")
    """Room in each township in which farms can store what they have picked."""
    room_c: float = param(2.0, unit="degrees C", ge=-2, le=15, source="assumption", zh="库温")
    """Temperature of the rooms."""
    opens: str = param("00:00", unit="clock", source="assumption", zh="入库开始")
    """From when on a room takes in what is on its way; what comes earlier waits in the warm. What is inside leaves at any time."""
    closes: str = param("24:00", unit="clock", source="assumption", zh="入库截止")
    """Until when it does; what comes later waits in the warm for the next day."""
    precool_kg_h: float = param(500.0, unit="kg/h", ge=0, le=100000, source="assumption", zh="预冷能力")
    """What the pre-cooler of each township and village room takes; 0: none."""
    vehicle_c: float = param(6.0, unit="degrees C", ge=-2, le=20, source="assumption", zh="车厢温度")
    """Temperature aboard boxes, reefers and the cold trunk."""
    boxes: bool = False
    """Vans of the rounds carry cold boxes."""
    reefers: bool = False
    """Trucks of the lines are reefers."""
    cold_trunk: bool = True
    """Parcels leave the county on a cold trunk."""
    owner: Owner = "cold rooms"
    """Who pays: a firm that lets the rooms, or the county (then it is public spending)."""

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a pre-cooler that has no room to stand in, and rooms in townships where only villages can be meant."""
        yield from super().mistakes()
        yield from wrong_hours(self.opens, self.closes)
        for name in ("remoteness", "population"):
            if name in self.where.given() and (self.township_m3 or self.store_m3):
                yield mistake(("where", name), "no_township", name=name)
        if self.precool_kg_h > 0 and self.share > 0 and not (self.township_m3 or self.village_m3 or self.store_m3):
            yield mistake(("precool_kg_h",), "no_room_to_cool")

    def places(self, world: World, tier: int, strength: float) -> Bools:
        """Return which places of a tier get a room at a strength, (n,)."""
        import numpy as np

        able = (world.places.tier == tier) & self.where.mask(world)
        got = np.zeros(world.places.n, np.bool_)
        got[chosen(world.places.key, able, self.share, strength)] = True
        return got

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the rooms built and the vehicles cold."""
        import numpy as np

        from sim.world.world import TOWNSHIP, VILLAGE

        if self.share == 0:
            return world
        cold = fields_of(self.id, world).cold
        grams = 1000 * rules.parameters.produce.cold.kg_m3
        township, village = (self.places(world, tier, strength) for tier in (TOWNSHIP, VILLAGE))
        seat = np.arange(world.places.n) == 0
        m3 = self.county_m3 * seat * strength + self.township_m3 * township + self.village_m3 * village
        room = cold.room_g + np.rint(grams * m3).astype(np.int64)
        store = cold.store_g + np.rint(grams * self.store_m3 * township).astype(np.int64)
        built = room + store > cold.room_g + cold.store_g
        cools = built & ~seat
        precool = cold.precool_g_h + np.where(cools, round(1000 * self.precool_kg_h), 0)
        rows = np.isin(np.arange(world.operators.n), self.where.rows(world))
        legs = tuple(
            np.where(rows & on, self.vehicle_c, old)
            for on, old in ((self.boxes, cold.round_c), (self.reefers, cold.line_c), (self.cold_trunk, cold.trunk_c))
        )
        new = replace(
            cold,
            room_g=room,
            store_g=store,
            room_c=np.where(built, self.room_c, cold.room_c),
            opens_us=np.where(built, instant(self.opens), cold.opens_us),
            closes_us=np.where(built, instant(self.closes), cold.closes_us),
            precool_g_h=precool,
            round_c=legs[0],
            line_c=legs[1],
            trunk_c=legs[2],
            built_by=tuple(self.id if b else by for b, by in zip(built.tolist(), cold.built_by, strict=True)),
            driven_by=(
                self.id if self.boxes else cold.driven_by[0],
                self.id if self.reefers else cold.driven_by[1],
                self.id if self.cold_trunk else cold.driven_by[2],
            ),
            owner=self.owner,
        )
        return with_fields(world, cold=new)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return how many rooms of which size are built, and what becomes cold on the way."""
        from sim.world.world import TOWNSHIP, VILLAGE

        if self.share == 0:
            return [say("cold.left_out")]
        towns, villages = (int(self.places(world, tier, 1.0).sum()) for tier in (TOWNSHIP, VILLAGE))
        legs = [say(f"cold.{name}") for name in ("boxes", "reefers", "cold_trunk") if getattr(self, name)] or [say("cold.nothing")]
        p, always = rules.parameters.produce.cold, (self.opens, self.closes) == ("00:00", "24:00")
        m3 = self.county_m3 + towns * (self.township_m3 + self.store_m3) + villages * self.village_m3
        return [
            say(
                "cold.rooms",
                county=f"{self.county_m3:g}",
                towns=towns,
                town_m3=f"{self.township_m3:g}",
                store_m3=f"{self.store_m3:g}",
                villages=villages if self.village_m3 else 0,
                village_m3=f"{self.village_m3:g}",
                room_c=f"{self.room_c:g}",
            ),
            *([] if always else [say("cold.hours", opens=self.opens, closes=self.closes)]),
            say("cold.aboard", legs=listed(legs), vehicle_c=f"{self.vehicle_c:g}"),
            say("cold.capital", yuan=f"{m3 * p.capex_m3:,.0f}", life=f"{p.life_years:g}", owner=say(f"cold.owner.{self.owner}")),
        ]
