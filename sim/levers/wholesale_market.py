"""Wholesale market with low-temperature distribution: a second, cold way to market (二(二): 农产品批发市场低温配送).

Mechanism
    Refrigerated trucks of a market hall at the seat come every day to a share of the matching townships. What farms bring there rides
    cold to the hall and is paid by the quality with which it arrives, at ``ratio`` of the county's wholesale price, since the hall sells to
    shops and canteens that want it cold. Farms weigh that, less the fee and the way to the township, against other channels every day;
    trucks take what they hold, first come first served.

Changes
    ``World.fields.cold_market``; a farm's further way to sell, ``cold_market``. The ledger posts the annuities of trucks and hall, power,
    upkeep and insurance, every km and hour the trucks drive, and the fee that farms pay.

Leaves out
    The way from the hall to its customers and what they pay, waiting for the truck in the township, a fall of the price with the quantity.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, mistake, say, unfit
from sim.levers.draw import chosen
from sim.levers.fields import fields_of, with_fields, with_upkeep
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.upkeep import Upkeep
    from sim.world.world import Ints, World


class WholesaleMarket(Lever):
    """A market hall whose cold trucks collect in townships."""

    title: ClassVar[Words] = Words(zh="批发市场低温配送", en="Cold wholesale market")
    of_produce: ClassVar[bool] = True
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "terrain", "region")

    kind: Literal["wholesale_market"] = "wholesale_market"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="覆盖乡镇占比")
    """Share of the matching townships to which trucks come."""
    trucks: int = param(1, unit="trucks/township", ge=0, le=50, source="assumption", zh="每乡镇冷藏车")
    """Trucks that come to each of them, once a day."""
    truck_kg: float = param(1500.0, unit="kg", ge=100, le=20000, low=1000, high=2500, source="assumption", zh="冷藏车载重")
    """Produce that a truck takes."""
    truck_c: float = param(5.0, unit="degrees C", ge=-2, le=20, low=2, high=8, source="assumption", zh="车厢温度")
    """Temperature aboard."""
    ratio: float = param(1.1, unit="ratio", ge=0, le=3, low=1.0, high=1.25, source="assumption", zh="低温市场价格比")
    """Its price over the county's wholesale price, for the same quality."""
    fee: float = param(0.06, unit="share", ge=0, le=0.5, low=0.03, high=0.12, source="assumption", zh="市场服务费率")
    """What farms pay on sales, collection included."""
    hall_m3: float = param(1000.0, unit="m3", ge=0, le=100000, low=500, high=3000, source="assumption", zh="低温大厅容积")
    """Cold hall at the seat; price, upkeep and power of a m3 are those of cold rooms."""
    payer: Literal["cold market", "county"] = "cold market"
    """Who pays for hall and trucks: a firm, or the county (then it is public spending)."""

    def townships(self, world: World, strength: float) -> Ints:
        """Return the rows of the townships to which trucks come at a strength."""
        from sim.world.world import TOWNSHIP

        return chosen(world.places.key, (world.places.tier == TOWNSHIP) & self.where.mask(world), self.share, strength)

    def upkeep(self, world: World, rules: Rules, towns: int, strength: float) -> list[Upkeep]:
        """Return what hall and trucks cost every day."""
        from sim.world.upkeep import Upkeep

        p, fleet = rules.parameters.produce.cold, rules.parameters.fleet
        own = Upkeep(self.id, self.payer, "market", "", 0.0, "", resource="sites", place=world.places.key[0])
        hall = replace(own, category="market hall", quantity=self.hall_m3 * strength, unit="m3-day", price=p.capex_m3)
        kwh = hall.quantity * p.kwh_m3_day
        power = replace(own, category="market hall power", quantity=kwh, unit="kWh", year=365 * p.power_price)
        n = towns * self.trucks
        trucks = replace(own, category="reefer", quantity=n, unit="vehicle-day", price=p.reefer_price, pieces=n, asset="market truck")
        return [
            replace(hall, life_years=p.life_years, year=p.opex_m3_year),
            power,
            replace(trucks, life_years=fleet.vehicle_life_years, year=fleet.truck_insurance_year, resource="vehicles", running="insurance"),
        ]

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the hall and its trucks."""
        import numpy as np

        from sim.world.cold_market import ColdMarket

        rows, parameters = self.townships(world, strength), rules.parameters
        if not len(rows) or not self.trucks:
            return world
        fields, fleet, money = fields_of(self.id, world), parameters.fleet, parameters.money
        if fields.cold_market is not None:
            raise unfit(self.id, mistake((), "one_cold_market", other=fields.cold_market.by))
        load = round(1000 * self.truck_kg)
        grams = np.zeros(world.places.n, np.int64)
        grams[rows] = load * self.trucks
        km = (fleet.truck_fuel_l_km * fleet.fuel_price + fleet.truck_upkeep_km) * (1 + parameters.produce.cold.reefer_km)
        hour = money.driver_month * (1 + money.employer_on_cost) / money.hours_month
        new = ColdMarket(grams, load, self.ratio, self.fee, self.truck_c, km, hour, self.payer, self.id)
        return with_upkeep(with_fields(world, cold_market=new), *self.upkeep(world, rules, len(rows), strength))

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return to where trucks come, what they take, what is paid and what it costs."""
        towns, p = len(self.townships(world, 1.0)), rules.parameters.produce.cold
        price = towns * self.trucks * p.reefer_price + self.hall_m3 * p.capex_m3
        return [
            say("cold_market.trucks", towns=towns, trucks=self.trucks, kg=f"{self.truck_kg:,g}", celsius=f"{self.truck_c:g}"),
            say("cold_market.price", ratio=f"{self.ratio:g}", fee=f"{100 * self.fee:g}%"),
            say("cold_market.cost", price=f"{price:,.0f}", m3=f"{self.hall_m3:,g}", payer=say(f"payer.{self.payer}")),
        ]
