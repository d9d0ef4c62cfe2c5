"""Sunk supply chain: fast-moving goods lie in stock in the county (二(四): 下沉供应链).

Mechanism
    A share of the orders of the matching places is met from stock at the county's centre: by each order's own luck, and of the matching
    operators. Such an order is at the gate of its operator's site when it has been picked, not when the trunk would have brought it, and
    goes on as all others do. What is ordered stays as it is.

Changes
    ``World.stock``. The ledger posts the money tied up in stock and its ageing, storage, picking by the parcel, and the fee that merchants
    pay by the parcel. The table of parcels says which came from stock.

Leaves out
    Which goods are held and running out of them, bulk transport into the stock, group orders with a cut-off, what the network's trunk
    saves. The plan's forecast of how the day's parcels divide over the trunk's arrivals is that of the county without a stock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, mistake, say, unfit
from sim.levers.fields import with_upkeep
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.county_stock import CountyStock
    from sim.world.world import World


class SunkSupplyChain(Lever):
    """Holds stock in the county for part of what is ordered."""

    title: ClassVar[Words] = Words(zh="下沉供应链", en="County stock")

    kind: Literal["sunk_supply_chain"] = "sunk_supply_chain"

    share: float = param(0.2, unit="share", ge=0, le=1, low=0.05, high=0.4, source="assumption", zh="县域仓发货占比")
    """Share of the orders of the matching places and operators that are met from stock."""
    pick_hours: float = param(3.0, unit="h", ge=0, le=48, low=1, high=8, source="assumption", zh="拣货时长")
    """From the order to the gate of the operator's site."""
    stock_days: float = param(20.0, unit="days", ge=0, le=365, low=10, high=45, source="assumption", zh="备货天数")
    """Days of such orders that lie in stock."""
    goods_yuan: float = param(40.0, unit="yuan/parcel", ge=0, le=10000, low=20, high=80, source="assumption", zh="每件货值")
    """Value of the goods in a parcel."""
    carrying: float = param(0.2, unit="share/year", ge=0, le=2, low=0.12, high=0.35, source="assumption", zh="库存持有费率")
    """Interest, ageing and shrinkage of stock, of its value a year."""
    storage_year: float = param(12.0, unit="yuan/parcel/year", ge=0, le=1000, low=6, high=25, source="assumption", zh="仓位年费")
    """Floor, racks and power for the goods of a parcel."""
    pick_yuan: float = param(0.8, unit="yuan/parcel", ge=0, le=20, low=0.4, high=1.5, source="assumption", zh="拣货成本")
    """Picking and packing."""
    fee_yuan: float = param(1.5, unit="yuan/parcel", ge=0, le=50, low=0.8, high=3, source="assumption", zh="仓配服务费")
    """What merchants pay the holder for a parcel."""
    payer: Literal["county stock", "county"] = "county stock"
    """Who holds the stock: a firm, or the county (then it is public spending)."""

    def stock(self, world: World, strength: float) -> CountyStock:
        """Return the stock at a strength."""
        import numpy as np

        from sim.units import HOUR
        from sim.world.county_stock import CountyStock

        share = np.where(self.where.mask(world), self.share * strength, 0.0)
        rows = np.isin(np.arange(world.operators.n), self.where.rows(world))
        return CountyStock(share, rows, round(self.pick_hours * HOUR), self.pick_yuan, self.fee_yuan, self.payer, self.id)

    def parcels_day(self, world: World, rules: Rules, stock: CountyStock) -> float:
        """Return how many parcels of a mean day come from the stock."""
        from sim.world.season import rates

        homes, operators = world.households, world.operators
        orders = homes.weight * rates(world, rules.parameters.demand)[homes.place] * stock.share[homes.place]
        return float(orders.sum() * operators.share[stock.operators].sum() / operators.share.sum())

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the stock."""
        from sim.world.upkeep import Upkeep

        stock = self.stock(world, strength)
        if stock.empty:
            return world
        if world.stock is not None:
            raise unfit(self.id, mistake((), "one_stock", other=world.stock.by))
        held = self.parcels_day(world, rules, stock) * self.stock_days
        own = Upkeep(self.id, self.payer, "market", "inventory", held, "parcel-day", year=self.goods_yuan * self.carrying)
        own = replace(own, activity="warehousing", resource="operations", place=world.places.key[0])
        storage = replace(own, payee="landlords", category="storage", year=self.storage_year, resource="sites")
        return with_upkeep(replace(world, stock=stock), own, storage)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return how many parcels a day come from stock, how soon, and what it costs."""
        day = self.parcels_day(world, rules, self.stock(world, 1.0))
        held = day * self.stock_days
        year = held * (self.goods_yuan * self.carrying + self.storage_year)
        return [
            say("stock.parcels", share=f"{100 * self.share:g}%", day=f"{day:,.0f}", hours=f"{self.pick_hours:g}"),
            say(
                "stock.held",
                held=f"{held:,.0f}",
                value=f"{held * self.goods_yuan:,.0f}",
                year=f"{year:,.0f}",
                payer=say(f"payer.{self.payer}"),
            ),
            say("stock.fee", pick=f"{self.pick_yuan:g}", fee=f"{self.fee_yuan:g}"),
        ]
