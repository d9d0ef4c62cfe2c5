"""What farms meet on a day: prices, ways, fees, orders, and what each channel would leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents import channels
from sim.agents import offer_kernel as kernel
from sim.agents.shoppers import count_orders
from sim.produce import season
from sim.produce.grades import GRADE_1, GRADE_2, GRADE_3, price_ratio
from sim.produce.ice import box_kg, box_yuan
from sim.schema.raw import COLD_MARKET, CONTRACT, MIDDLEMAN, ONLINE, STORED, WHOLESALE
from sim.units import DAY, HOUR, SECOND
from sim.world.farms import Farms
from sim.world.hours import time_of_day
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
HOLD_MONTHS = (1, 2, 3)
"""For how many months storing is weighed."""


class Market:
    """Offers (n,) of a day as their farms see them; ``net`` (n, choices) is yuan/kg, -inf where a channel is not open to a farm.

    ``everybody``: as if every farm sold online, for those who think of beginning. ``from_stock``: what is sent from a warehouse today.
    """

    def __init__(
        self, farming: Farming, day: int, world: World, offers: npt.NDArray[Any], *, everybody: bool = False, from_stock: bool = False
    ) -> None:
        self.of, self.day, self.world, self.offers = farming, day, world, offers
        self.everybody, self.from_stock = everybody, from_stock
        farms = farming.farms
        self.farm: Ints = offers["farm"].astype(np.int64)
        self.place: Ints = farms.place[self.farm].astype(np.int64)
        self.crop: Ints = farms.crop[self.farm].astype(np.int64)
        self.rate0: Floats = farming.rate0[self.farm]
        at = np.arange(len(offers))
        self.turn: Ints = at - np.searchsorted(self.farm, self.farm) + STOCK_TURN * from_stock
        """Which of its farm's offers of the day each is; offers are sorted by farm."""
        own = (offers["grade"][1:] > 0) & (self.farm[1:] == self.farm[:-1]) & (offers["picked"][1:] == offers["picked"][:-1])
        self.load: Ints = np.cumsum(np.concatenate([[True], ~own])[: len(offers)]).astype(np.int64) - 1
        """Which load each offer is of: the grades of one picking are one, any other its own."""
        self.load_kg: Floats = np.bincount(self.load, offers["grams"], minlength=1)[self.load] / 1000
        self._times()
        self._orders()
        self._ways()
        self._prices()
        self._sending()
        gate, market, contract, stored, cold = self._gate(), self._market(), self._contract(), self._stored(), self._cold_market()
        other = np.maximum(np.maximum.reduce([gate, market, contract, cold]), 0.0)
        self.net: Floats = np.stack([gate, market, self._online(other), contract, stored, cold], axis=1)

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

    def _times(self) -> None:
        """Set when each lot is handed in or sold, by the farm's luck of the day, and its quality then."""
        s, offers = self.of.p.sending, self.offers
        self.parent: Ints = self.world.places.parent[self.place].astype(np.int64)
        self.stocked: Bools = self.of.fields.warehouses.stands[self.parent]
        """Whose township has a warehouse."""
        opens, closes = (time_of_day(t, "produce.sending.drop_from") for t in (s.drop_from, s.drop_until))
        u = luck.uniform(self.of.seed, "drop", self.day, self.farms.key[self.farm])
        span = np.floor(u * max(closes - opens, 0) / SECOND).astype(np.int64) * SECOND
        self.offered: Ints = np.maximum(self.day * DAY + opens + span, offers["since"])
        if self.from_stock:
            self.offered = offers["since"].astype(np.int64)
        self.air = self.of.climb.path()
        self.quality: Floats = offers["quality"] * self._left(offers["since"].astype(np.int64), self.offered)
        there = self.offered + self.world.places.travel_us[self.place, 0]
        self.quality_there: Floats = self.quality * self._left(self.offered, there)

    def _left(self, start: Ints, end: Ints) -> Floats:
        left: Floats = np.exp(-self.rate0 * self.air.between(start, end))
        return left

    def _ways(self) -> None:
        """Set the ways and, where parcels may be sent, who takes them: the contract's operator, else one whose van comes to the village,
        else any at the township's counter; by the operators' shares and the farm's own luck of the day."""
        world = self.world
        parent = self.parent
        self.seat_km, self.town_km = (world.places.metres[self.place, to] / 1000 for to in (0, parent))
        self.seat_h, self.town_h = (world.places.travel_us[self.place, to] / HOUR for to in (0, parent))
        rows, n = self.asked, len(self.farm)
        place = self.place[rows]
        comes = self.of.pooled.reached(world)[:, place].T
        comes &= not self.from_stock
        own = comes & (self.of.fields.outreach.collector[place][:, None] == np.arange(world.operators.n))
        comes = np.where(own.any(axis=1)[:, None], own, comes)
        counter = comes.sum(axis=1) == 0
        drop = np.where(counter, parent[rows], place)
        near, whose = self.of.pooled.nearest(world)
        walks: Bools = np.zeros_like(counter) if self.from_stock else counter & (near[place] >= 0)
        if walks.any():
            drop[walks] = near[place[walks]]
            comes[walks] = whose[:, drop[walks]].T
            counter = counter & ~walks
        weight = np.where(comes | counter[:, None], world.operators.share[None, :], 0.0)
        cumulated = np.cumsum(weight, axis=1)
        u = luck.uniform(self.of.seed, "who takes it", self.day, self.farms.key[self.farm[rows]])
        self.counter: Bools = np.zeros(n, np.bool_)
        self.drop: Ints = self.place.copy()
        self.operator: Int16s = np.zeros(n, np.int16)
        self.counter[rows], self.drop[rows] = counter, drop
        self.operator[rows] = (cumulated <= (u * cumulated[:, -1])[:, None]).sum(axis=1)
        self.drop_km: Floats = world.places.metres[self.place, self.drop] / 1000
        self.drop_h: Floats = world.places.travel_us[self.place, self.drop] / HOUR

    def _prices(self) -> None:
        """Set yuan/kg at the farm gate, at the market, listed online and under contract with city buyers."""
        crops, c, fields = self.of.crops, self.of.p.channels, self.of.fields
        self.index = season.price_index(crops, self.day, self.of.start, c.off_season_rise, c.off_season_months)[self.crop]
        self.gate_price: Floats = crops.farm_yuan_kg[self.crop] * self.index
        self.market_price: Floats = crops.wholesale_yuan_kg[self.crop] * self.index
        self.listed: Floats = crops.online_yuan_kg[self.crop] * self.index * (1 + fields.outreach.premium[self.place])
        self.listed = self.listed * price_ratio(self.grade, self.of.p.grading)
        self.p_rejected: Floats = np.zeros(len(self.farm))
        self.traced: Floats = np.zeros(len(self.farm))
        tracing = fields.tracing
        if tracing is not None:
            here = tracing.here[self.place]
            self.listed = self.listed * np.where(here, 1 + tracing.premium, 1.0)
            self.p_rejected = np.where(here & (self.quality < tracing.quality), tracing.share, 0.0)
            self.traced = np.where(here, tracing.lot_yuan, 0.0)
        self.deal_price: Floats = self.of.deal_prices(self.day)[self.crop]

    def _sending(self) -> None:
        """Set the fee that a parcel begins with, and what packing it takes."""
        of = self.of
        c, s, reach = of.p.channels, of.p.sending, of.fields.outreach
        house = of.fields.warehouses
        small, contract = self.farms.small[self.farm], reach.contract[self.place]
        base = np.where(contract, reach.contract_fee[self.place], np.where(small, s.fee_walk_in, s.fee))
        base = np.where(self.stocked, house.fee, base)
        self.base: Floats = base
        self.packing: Floats = np.where(self.stocked, house.packing, c.packing)
        self.minutes: Floats = np.where(self.stocked, house.packing_minutes, c.packing_minutes)
        g = of.p.grading
        if self.grade.any():
            self.minutes = self.minutes + np.where(self.grade > 0, g.minutes_kg * self.parcel_g / 1000 / max(g.first + g.second, 1e-9), 0.0)
        self.cold_fee: Floats = np.where(np.isnan(of.fields.cold.trunk_c[self.operator]), 0.0, of.p.cold.trunk_fee)

    def _orders(self) -> None:
        """Set the weight of a parcel, how many grams buyers in the nearest one, two, ... zones have ordered, and which offers may be sold
        online at all."""
        of, offers, s = self.of, self.offers, self.of.p.sending
        n = len(self.farm)
        self.parcel_g: Ints = of.parcel_g(self.farm)
        self.grade: Int8s = np.ascontiguousarray(offers["grade"])
        self.orders_g: Ints = np.zeros((n, len(of.reached)), np.int64)
        rows = np.flatnonzero(self.everybody | self.from_stock | of.online[self.farm])
        rows = rows[(self.grade[rows] != GRADE_3) & (self.everybody | channels.worth_sending(self.quality[rows], s))]
        farm, tries, parcel_g = self.farm[rows], offers["tries"][rows], self.parcel_g[rows]
        rate = of.orders_day(farm)
        days = np.where(tries == 0, np.minimum(of.harvest.every[self.crop[rows]], s.ship_within_days), 1)
        u = luck.uniform(of.seed, "online orders", self.day, self.farms.key[farm], np.minimum(tries, 63).astype(np.uint64))
        stocked, house = self.stocked[rows], of.fields.warehouses
        parcels = np.stack([count_orders(rate * share * days, u) for share in of.reached.tolist()], axis=1)
        if stocked.any() and not self.from_stock:
            have, fresh = of.stock.held(farm) // parcel_g, tries == 0
            wanted = np.ceil(rate[:, None] * of.reached * house.cover_days).astype(np.int64) - have[:, None]
            parcels = np.where(stocked[:, None], np.where(fresh[:, None], np.maximum(wanted, 0), 0), parcels)
        grams, picked = (np.ascontiguousarray(offers[name]) for name in ("grams", "picked"))
        some = kernel.orders(rows, parcels, grams, self.parcel_g, self.farm, picked, self.grade, (GRADE_1, GRADE_2), self.orders_g)
        self.asked: Ints = rows if self.everybody or self.from_stock else rows[some]
        """Offers (rows) that buyers have ordered of, or all where that is not asked."""

    def _gate(self) -> Floats:
        return channels.gate(self.gate_price, self.quality)

    def _market(self) -> Floats:
        return channels.market(self.market_price, self.quality_there, self.seat_km, self.seat_h, self.load_kg, self.of.p.channels)

    def _online(self, other: Floats) -> Floats:
        """What selling online leaves, offered to as many zones and packed with as much ice as gain most over the best ``other`` channel."""
        of, n, rows, packed = self.of, len(self.farm), self.asked, self.of.p.packaging
        leaving, self.ice, self.zones = np.full(n, -np.inf), np.zeros(n, np.int64), of.zones[self.farm]
        only = self.zones.copy() if self.from_stock else np.full(n, -1, np.int64)
        columns = kernel.Offered(
            self.farm, self.place, self.crop, self.stocked, self.drop != self.place, self.parcel_g, self.orders_g, self.listed,
            self.p_rejected, self.traced, self.base, self.cold_fee, self.packing, self.minutes, self.drop_km, self.drop_h, self.town_km,
            self.town_h,
        )  # fmt: skip
        memory = of.memory.paid, of.memory.village
        leaving[rows] = kernel.online(rows, columns, self._terms(), of.reached, *memory, other, only, self.zones, self.ice)
        self.reached: Floats = of.reached[self.zones]
        self.ordered_g: Ints = self.orders_g[np.arange(n), self.zones]
        self.ice_kg: Floats = self.ice.astype(np.float64) * packed.ice_kg
        self.packing = self.packing + box_yuan(self.ice, packed)
        return np.where(self.everybody | (self.ordered_g > 0), leaving, -np.inf)

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

    def _contract(self) -> Floats:
        """What contracts with city buyers leave: their price less the organiser's fee, brought to the township's collection point; nothing
        where there is none, or for what is not good enough."""
        deals = self.of.fields.outreach
        if not deals.deal_g_day.any():
            return np.full(len(self.farm), -np.inf)
        drive = channels.drive_cost(self.town_km, self.town_h, self.load_kg, self.of.p.channels)
        may = (deals.deal_g_day[self.crop] > 0) & deals.deal_here[self.place] & (self.quality >= deals.deal_quality)
        return np.where(may, self.deal_price * (1 - deals.deal_fee) - drive, -np.inf)

    def _stored(self) -> Floats:
        """What storing leaves: the best other channel's price of a later month, at the quality it would have then, less the fee.

        The room is the village's, else the township's; only what has not been stored yet, by farms that a room can take.
        """
        of, cold, c = self.of, self.of.fields.cold, self.of.p.channels
        self.room: Ints = np.where(cold.store_g[self.place] > 0, self.place, self.parent)
        none = np.full(len(self.farm), -np.inf)
        self.hold: Ints = np.zeros(len(self.farm), np.int64)
        if not (cold.store_g[self.room] > 0).any() or self.everybody:
            return none
        best = np.maximum(self._gate(), self._market())
        drive = np.where(self.room == self.place, 0.0, channels.drive_cost(self.town_km, self.town_h, self.load_kg, c))
        rate = of.climb.cold_rate(cold.room_c[self.room])
        for months in HOLD_MONTHS:
            days = round(months * season.MONTH_DAYS)
            later = season.price_index(of.crops, self.day + days, of.start, c.off_season_rise, c.off_season_months)[self.crop]
            kept = np.exp(-self.rate0 * rate * days)
            net = best * later / self.index * kept - of.p.cold.store_fee_month * months - drive
            self.hold = np.where(net > none, days, self.hold)
            none = np.maximum(none, net)
        may = (cold.store_g[self.room] > 0) & (self.offers["tries"] == 0) & (none > best)
        return np.where(may, none, -np.inf)

    def _cold_market(self) -> Floats:
        """What the cold market leaves: its price by the quality with which its truck comes to the seat, less its fee and the way to the
        township; nothing where no truck comes. Aboard it is as cold as the truck."""
        cold, places, c = self.of.fields.cold_market, self.world.places, self.of.p.channels
        self.cold_price: Floats = np.zeros(len(self.farm))
        self.quality_cold: Floats = np.zeros(len(self.farm))
        if cold is None:
            return np.full(len(self.farm), -np.inf)
        in_town = self.offered + places.travel_us[self.place, self.parent]
        aboard = self.of.climb.path(cold.celsius)
        spent = aboard.between(in_town, in_town + places.travel_us[self.parent, 0])
        self.cold_price = self.market_price * cold.ratio
        self.quality_cold = self.quality * self._left(self.offered, in_town) * np.exp(-self.rate0 * spent)
        drive = channels.drive_cost(self.town_km, self.town_h, self.load_kg, c)
        net = self.cold_price * self.quality_cold * (1 - cold.fee) - drive
        return np.where(cold.truck_g[self.parent] > 0, net, -np.inf)
