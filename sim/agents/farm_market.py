"""What farms meet on a day: prices, ways, fees, orders, and what each channel would leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents import channels
from sim.agents import market_kernel as known
from sim.agents import offer_kernel as kernel
from sim.agents.shoppers import count_orders
from sim.produce import season
from sim.produce.grades import GRADE_1, GRADE_2, GRADE_3, price_ratios
from sim.produce.ice import box_kg, box_yuan
from sim.schema.raw import COLD_MARKET, CONTRACT, MIDDLEMAN, ONLINE, STORED, WHOLESALE
from sim.units import DAY
from sim.world.farms import Farms
from sim.world.world import Bools, Floats, Int8s, Int16s, Ints, World

if TYPE_CHECKING:
    from sim.agents.farming import Farming

OFFER = np.dtype([("farm", "i4"), ("grams", "i8"), ("picked", "i8"), ("quality", "f8"), ("since", "i8"), ("tries", "i4"), ("grade", "i1")])
"""What a farm has to sell: grams picked at a time, their quality at ``since``, how often nobody took them, row of GRADES."""
CHOICES = (MIDDLEMAN, WHOLESALE, ONLINE, CONTRACT, STORED, COLD_MARKET)
"""The channels in the order of the columns below."""
GATE_, MARKET_, ONLINE_, CONTRACT_, STORED_, COLD_ = range(len(CHOICES))
STOCK_TURN = 32
"""Turns of what is sent from stock begin here."""
HOMELY = (
    "orders_g", "ordered_g", "counter", "drop", "operator", "drop_km", "drop_h", "base", "packing", "minutes", "cold_fee", "ice", "zones",
    "reached", "ice_kg",
)  # fmt: skip
"""Columns of a market that hang on whether a farm sends from home or from a warehouse."""
HOLD_MONTHS = (1, 2, 3)
"""For how many months storing is weighed."""


class Market:
    """Offers (n,) of a day as their farms see them; ``net`` (n, choices) is yuan/kg, -inf where a channel is not open to a farm.

    ``everybody``: as if every farm sold online, for those who think of beginning. ``from_stock``: what is sent from a warehouse today.
    ``at_home``: as if there were no warehouses.
    """

    def __init__(
        self,
        farming: Farming,
        day: int,
        world: World,
        offers: npt.NDArray[Any],
        *,
        everybody: bool = False,
        from_stock: bool = False,
        at_home: bool = False,
    ) -> None:
        self.of, self.day, self.world, self.offers = farming, day, world, offers
        self.everybody, self.from_stock, self.at_home = everybody, from_stock, at_home
        self._meet()
        self._orders()
        self._ways()
        self._prices()
        contract, cold = self._contract(), self._cold_market()
        for column, leaves in ((CONTRACT_, contract), (STORED_, self._stored()), (COLD_, cold)):
            if leaves is not None:
                self.net[:, column] = leaves
        self._online()
        if not (from_stock or at_home) and self.stocked.any():
            self._or_from_home()

    @property
    def farms(self) -> Farms:
        """The farms of the county."""
        return self.of.farms

    def together(self, rows: Ints, grams: Ints) -> tuple[Ints, Ints]:
        """Return one row for the grades of a picking that go one way, with the grams of all: they ride on one vehicle."""
        if not self.offers["grade"][rows].any():
            return rows, grams
        _, first, which = np.unique(self.load[rows], return_index=True, return_inverse=True)
        total = np.zeros(len(first), np.int64)
        np.add.at(total, which.reshape(-1), grams)
        return rows[first], total

    def _meet(self) -> None:
        """Set whose offers these are, when each is handed in or sold, by the farm's luck of the day, its quality then, and the ways."""
        of, farms, places = self.of, self.farms, self.world.places
        opens, closes = of.drop_us
        self.air = of.climb.path()
        self.ground = known.Ground(
            farms.key, farms.place, farms.crop, farms.small, of.rate0, of.parcels_g, places.parent, of.fields.warehouses.stands,
            places.metres, places.travel_us,
        )  # fmt: skip
        morning = known.Morning(
            self.day * DAY + opens, max(closes - opens, 0), luck.address(of.seed, "drop", self.day), self.from_stock,
            STOCK_TURN * self.from_stock, self.air.cumulated, self.air.day_rate, self.air.first,
        )  # fmt: skip
        met = known.meet(self.offers, self.ground, morning)
        self.met = met = met._replace(stocked=met.stocked & (not self.at_home))
        self.farm: Ints = met.farm
        self.place: Ints = met.place
        self.crop: Ints = met.crop
        self.parent: Ints = met.parent
        self.rate0: Floats = met.rate0
        self.load: Ints = met.load
        """Which load each offer is of: the grades of one picking are one, any other its own."""
        self.load_kg: Floats = met.load_kg
        self.stocked: Bools = met.stocked
        """What would be brought to the township's warehouse if it is sold online."""
        self.grade: Int8s = met.grade
        self.parcel_g: Ints = met.parcel_g
        self.offered: Ints = met.offered
        self.quality: Floats = self.offers["quality"] * np.exp(met.waited)
        self.quality_there: Floats = self.quality * np.exp(met.rode)
        self.seat_km, self.seat_h, self.town_km, self.town_h = met.seat_km, met.seat_h, met.town_km, met.town_h

    def _left(self, start: Ints, end: Ints) -> Floats:
        left: Floats = np.exp(-self.rate0 * self.air.between(start, end))
        return left

    def _orders(self) -> None:
        """Set how many grams buyers in the nearest one, two, ... zones have ordered, and which offers may be sold online at all."""
        of, offers, s = self.of, self.offers, self.of.p.sending
        self.orders_g: Ints = np.zeros((len(offers), len(of.reached)), np.int64)
        buying = known.Buying(
            self.everybody, self.from_stock, of.online, GRADE_3, of.orders, of.served, of.harvest.every, s.ship_within_days, of.reached,
            luck.address(of.seed, "online orders", self.day),
        )  # fmt: skip
        rows, rate, drawn, u = known.ask(offers, self.met, self.farms.key, channels.worth_sending(self.quality, s), buying)
        parcels = np.ascontiguousarray(count_orders(drawn.reshape(-1), u.reshape(-1)).reshape(drawn.shape).T)
        stocked, house = self.stocked[rows], of.fields.warehouses
        if stocked.any() and not self.from_stock:
            have, fresh = of.stock.held(self.farm[rows]) // self.parcel_g[rows], offers["tries"][rows] == 0
            wanted = np.ceil(rate[:, None] * of.reached * house.cover_days).astype(np.int64) - have[:, None]
            parcels = np.where(stocked[:, None], np.where(fresh[:, None], np.maximum(wanted, 0), 0), parcels)
        grams, picked = (np.ascontiguousarray(offers[name]) for name in ("grams", "picked"))
        some = kernel.orders(rows, parcels, grams, self.parcel_g, self.farm, picked, self.grade, (GRADE_1, GRADE_2), self.orders_g)
        self.asked: Ints = rows if self.everybody or self.from_stock else rows[some]
        """Offers (rows) that buyers have ordered of, or all where that is not asked."""

    def _ways(self) -> None:
        """Set, where parcels may be sent, who takes them: the contract's operator, else one whose van comes to the village, else any at
        the township's counter or a nearer site; by the operators' shares and the farm's own luck of the day."""
        of, world = self.of, self.world
        near, whose = of.pooled.nearest(world)
        takers = known.Takers(
            of.pooled.reached(world), of.fields.outreach.collector, near, whose, world.operators.share,
            luck.address(of.seed, "who takes it", self.day), self.from_stock,
        )  # fmt: skip
        taken = known.take_in(self.asked, self.met, self.ground, takers)
        self.counter: Bools = taken[0]
        self.drop: Ints = taken[1]
        self.operator: Int16s = taken[2]
        self.drop_km, self.drop_h = taken[3:]

    def _prices(self) -> None:
        """Set yuan/kg at the farm gate, at the market, listed online and under contract with city buyers, what sending and packing take,
        and what the gate and the market leave."""
        of, crops, fields = self.of, self.of.crops, self.of.fields
        c, s, g, reach, house = of.p.channels, of.p.sending, of.p.grading, fields.outreach, fields.warehouses
        index = season.price_index(crops, self.day, of.start, c.off_season_rise, c.off_season_months)
        tracing, trunk = fields.tracing, np.where(np.isnan(fields.cold.trunk_c), 0.0, of.p.cold.trunk_fee)
        asks = known.Asked(
            crops.farm_yuan_kg * index, crops.wholesale_yuan_kg * index, crops.online_yuan_kg * index, price_ratios(g), reach.premium,
            *((of.nowhere, 0.0, 0.0, 0.0, 0.0) if tracing is None else
              (tracing.here, float(tracing.premium), float(tracing.quality), float(tracing.share), float(tracing.lot_yuan))),
            reach.contract, reach.contract_fee, s.fee_walk_in, (house.fee, house.packing, house.packing_minutes),
            (s.fee, c.packing, c.packing_minutes), g.minutes_kg, max(g.first + g.second, 1e-9), trunk, c.market_fee, c.market_hours,
            c.labour_hour, c.farm_vehicle_kg, c.farm_vehicle_km,
        )  # fmt: skip
        self.net: Floats = np.full((len(self.farm), len(CHOICES)), -np.inf)
        columns = (GATE_, MARKET_)
        made = known.weigh(self.met, self.ground, asks, self.quality, self.quality_there, self.operator, self.net, columns)
        self.gate_price: Floats = made.gate
        self.market_price: Floats = made.market
        self.listed: Floats = made.listed
        self.p_rejected: Floats = made.p_rejected
        self.traced: Floats = made.traced
        self.base: Floats = made.base
        self.packing: Floats = made.packing
        self.minutes: Floats = made.minutes
        self.cold_fee: Floats = made.cold_fee
        self.index_of, self.deal_of = index, of.deal_prices(self.day)

    @property
    def deal_price(self) -> Floats:
        """Yuan/kg under contract with city buyers."""
        return self.deal_of[self.crop]

    def _online(self) -> None:
        """Set what selling online leaves, offered to as many zones and packed with as much ice as gain most over the best other channel."""
        of, n, rows, packed = self.of, len(self.farm), self.asked, self.of.p.packaging
        self.ice, self.zones = np.zeros(n, np.int64), of.zones[self.farm]
        only = self.zones.copy() if self.from_stock else np.full(n, -1, np.int64)
        columns = kernel.Offered(
            self.farm, self.place, self.crop, self.stocked, self.drop != self.place, self.parcel_g, self.orders_g, self.listed,
            self.p_rejected, self.traced, self.base, self.cold_fee, self.packing, self.minutes, self.drop_km, self.drop_h, self.town_km,
            self.town_h,
        )  # fmt: skip
        terms, other = self._terms(), known.best_of(self.net, (GATE_, MARKET_, CONTRACT_, COLD_))
        leaving = kernel.online(rows, columns, terms, of.reached, of.memory.paid, of.memory.village, other, only, self.zones, self.ice)
        self.ordered_g: Ints = known.offer(
            rows, leaving, self.everybody, self.orders_g, self.zones, self.ice, terms.box_yuan, self.packing, self.net[:, ONLINE_]
        )
        self.reached: Floats = of.reached[self.zones]
        self.ice_kg: Floats = self.ice.astype(np.float64) * packed.ice_kg

    def _or_from_home(self) -> None:
        """Let farms that have nothing in their township's warehouse, and send nothing from there today, send from home as if there were
        none: where it has no room for a parcel, or where bringing it there gains nothing over the best other channel and this does."""
        may = np.flatnonzero(self.stocked & self.of.stock.without(self.farm))
        if not len(may):
            return
        home = Market(self.of, self.day, self.world, self.offers.take(may), everybody=self.everybody, at_home=True)
        mine, other = self.net[may, ONLINE_], known.best_of(self.net[may], (GATE_, MARKET_, CONTRACT_, COLD_))
        full = self.of.stock.room_left()[self.parent[may]] < self.parcel_g[may]
        goes = full | ((mine <= other) & (home.net[:, ONLINE_] > np.maximum(other, mine)))
        rows, stays = may[goes], np.ones(len(self.farm), np.bool_)
        if not len(rows):
            return
        for name in HOMELY:
            getattr(self, name)[rows] = getattr(home, name)[goes]
        self.net[rows, ONLINE_] = home.net[goes, ONLINE_]
        stays[rows] = False
        self.stocked = self.stocked & stays
        self.asked = np.sort(np.concatenate([self.asked[stays[self.asked]], may[home.asked[goes[home.asked]]]]))

    def _terms(self) -> kernel.Terms:
        """Return what selling online costs everybody."""
        p, house, steps = self.of.p, self.of.fields.warehouses, np.arange(self.of.levels)
        c, s, lea = p.channels, p.sending, p.learning
        return kernel.Terms(
            lea.prior_paid, lea.neighbours, c.platform_fee, c.packing_kg, s.fee_kg, s.fee_more_kg, c.labour_hour, c.farm_vehicle_kg,
            c.farm_vehicle_km, house.cover_days * house.store_kg_day, box_kg(steps, p.packaging), box_yuan(steps, p.packaging),
        )  # fmt: skip

    def fee(self, rows: Ints) -> Floats:
        """Return what sending a parcel of offers ``rows`` costs by its weight with packaging and ice."""
        p = self.of.p
        kg = self.parcel_g[rows] / 1000 + p.channels.packing_kg + box_kg(self.ice[rows], p.packaging)
        return channels.sending_fee(kg, self.base[rows], p.sending)

    def _contract(self) -> Floats | None:
        """What contracts with city buyers leave: their price less the organiser's fee, brought to the township's collection point; nothing
        where there is none, or for what is not good enough."""
        deals = self.of.fields.outreach
        if not deals.deal_g_day.any():
            return None
        drive = channels.drive_cost(self.town_km, self.town_h, self.load_kg, self.of.p.channels)
        may = (deals.deal_g_day[self.crop] > 0) & deals.deal_here[self.place] & (self.quality >= deals.deal_quality)
        return np.where(may, self.deal_price * (1 - deals.deal_fee) - drive, -np.inf)

    def _stored(self) -> Floats | None:
        """What storing leaves: the best other channel's price of a later month, at the quality it would have then, less the fee.

        The room is the village's, else the township's; only what has not been stored yet, by farms that a room can take.
        """
        of, cold, c = self.of, self.of.fields.cold, self.of.p.channels
        self.room: Ints = np.where(cold.store_g[self.place] > 0, self.place, self.parent)
        self.hold: Ints = np.zeros(len(self.farm), np.int64)
        if not (cold.store_g[self.room] > 0).any() or self.everybody:
            return None
        none = np.full(len(self.farm), -np.inf)
        best, index = np.maximum(self.net[:, GATE_], self.net[:, MARKET_]), self.index_of[self.crop]
        drive = np.where(self.room == self.place, 0.0, channels.drive_cost(self.town_km, self.town_h, self.load_kg, c))
        rate = of.climb.cold_rate(cold.room_c[self.room])
        for months in HOLD_MONTHS:
            days = round(months * season.MONTH_DAYS)
            later = season.price_index(of.crops, self.day + days, of.start, c.off_season_rise, c.off_season_months)[self.crop]
            kept = np.exp(-self.rate0 * rate * days)
            net = best * later / index * kept - of.p.cold.store_fee_month * months - drive
            self.hold = np.where(net > none, days, self.hold)
            none = np.maximum(none, net)
        may = (cold.store_g[self.room] > 0) & (self.offers["tries"] == 0) & (none > best)
        return np.where(may, none, -np.inf)

    def _cold_market(self) -> Floats | None:
        """What the cold market leaves: its price by the quality with which its truck comes to the seat, less its fee and the way to the
        township; nothing where no truck comes. Aboard it is as cold as the truck."""
        cold, places, c = self.of.fields.cold_market, self.world.places, self.of.p.channels
        self.cold_price: Floats = np.zeros(len(self.farm))
        self.quality_cold: Floats = np.zeros(len(self.farm))
        if cold is None:
            return None
        in_town = self.offered + places.travel_us[self.place, self.parent]
        aboard = self.of.climb.path(cold.celsius)
        spent = aboard.between(in_town, in_town + places.travel_us[self.parent, 0])
        self.cold_price = self.market_price * cold.ratio
        self.quality_cold = self.quality * self._left(self.offered, in_town) * np.exp(-self.rate0 * spent)
        drive = channels.drive_cost(self.town_km, self.town_h, self.load_kg, c)
        net = self.cold_price * self.quality_cold * (1 - cold.fee) - drive
        return np.where(cold.truck_g[self.parent] > 0, net, -np.inf)
