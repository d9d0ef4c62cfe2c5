"""The farms of a county at work: they pick, choose channels, send parcels up and learn what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents.farm_fill import allocate
from sim.agents.farm_market import OFFER, ONLINE_, STORED_, Market
from sim.agents.farm_memory import Sales, nothing_yet
from sim.agents.farm_parcels import Packer
from sim.agents.farm_review import review
from sim.agents.farm_sales import Seller
from sim.agents.farm_stock import Stock
from sim.agents.farm_store import Store
from sim.agents.market_kernel import turns
from sim.agents.pooled import Pooled
from sim.agents.promised import Promised
from sim.agents.review import Decision
from sim.agents.sent_up import SentUp
from sim.agents.zones import reached
from sim.plan.orders import Shipments, joined, no_shipments
from sim.produce import season
from sim.produce.climb import ON_THE_WAY, Arrived, Climb
from sim.produce.decay import k0
from sim.produce.dues import Dues, micro_fen
from sim.produce.grades import GRADE_3, graded
from sim.produce.harvest import Harvest
from sim.produce.ice import closed, keep
from sim.produce.lots import IN_STOCK, LOST_, REJECTED_, SOLD, Lots, lot_keys
from sim.produce.sale import judge
from sim.produce.sent import Sent, stage_rows
from sim.produce.weather import temperatures
from sim.schema.parameters import Parameters
from sim.schema.raw import (
    AT_STATION_UP,
    AT_TOWNSHIP_UP,
    FIELD,
    LOT,
    LOT_STAGE,
    NEVER,
    ON_LINE,
    ON_ROUND,
    ON_TRUNK,
    ONLINE_SALE,
    PLATFORM_FEE,
    SHIPPED,
    SPOILED,
    STORED,
    WAITING,
    DayRecord,
    FarmDay,
)
from sim.schema.rows import together
from sim.units import DAY
from sim.world.farms import KINDS
from sim.world.hours import time_of_day
from sim.world.world import REMOTENESS, Bools, Fields, Floats, Ints, World

STATION, COUNTER = ON_THE_WAY.index(AT_STATION_UP), ON_THE_WAY.index(AT_TOWNSHIP_UP)
VEHICLES = [j for j, stage in enumerate(ON_THE_WAY) if stage in (ON_ROUND, ON_LINE, ON_TRUNK)]
"""The stages in which a parcel is handed in, and those aboard something."""


class Farming:
    """All farms of a county through a run. ``online`` (f,) says who sells online; of a ``sample`` of farms, by key, stages are told."""

    def __init__(
        self, world: World, parameters: Parameters, seed: int, start: date, first_day: int, last_day: int, sample: float = 1.0
    ) -> None:
        assert world.fields is not None
        self.p, self.seed, self.start = parameters.produce, seed, start
        self.first_day, self.last_day = first_day, last_day
        self.fields: Fields = world.fields
        self.farms, self.crops = self.fields.farms, self.fields.crops
        p, farms, crops = self.p, self.farms, self.crops
        self.harvest = Harvest(farms, crops, p.farming, seed, start)
        days = last_day - first_day + parameters.counting.drain_days + 60
        air = temperatures(self.fields.climate, start, first_day, days, p.farming.temperature_spread, seed)
        self.climb = Climb(air, first_day, p.perishing, world.places.n)
        self.rate0: Floats = k0(crops.shelf_days_0c, p.sending.threshold)[farms.crop]
        lea = p.learning
        begin = np.array([lea.online_household, lea.online_family_farm, lea.online_cooperative])[farms.kind]
        self.online: Bools = luck.uniform(0, "online at the start", 0, farms.key) < begin
        self._first_online = self.online.copy()
        self.levels = 1 + p.packaging.ice_steps
        """In how many ways a parcel can be packed: without ice, or with so many steps of it."""
        self.reached = reached(p.sending, p.channels)
        """Share of the buyers in the nearest one, two, ... zones (z,)."""
        self.zones: Ints = np.full(farms.n, len(self.reached) - 1, np.int64)
        """How many zones beyond the nearest a farm offered to when it last brought something for buyers online (f,)."""
        self.memory = nothing_yet(farms, world.places.n, crops.n, self.levels, len(self.reached))
        self.sales = Sales()
        self.parcels_g: Ints = np.maximum(np.rint(1000 * crops.parcel_kg), 1).astype(np.int64)
        """Grams of produce in a parcel of each crop (c,)."""
        self.nowhere: Bools = np.zeros(world.places.n, np.bool_)
        c = p.channels
        self.orders: Floats = np.array([c.orders_day_household, c.orders_day_family_farm, c.orders_day_cooperative])[farms.kind]
        tonnes = np.bincount(farms.crop, farms.area_mu * crops.yield_kg_mu[farms.crop], minlength=crops.n)
        self.buyers: Floats = crops.online_share * tonnes / self.harvest.length / crops.parcel_kg
        """Parcels a day that online buyers would order of each crop (c,) in its season, from all of the county's farms."""
        self.lots, self.sent, self.dues = Lots(), Sent(), Dues()
        self.packer = Packer(self)
        self.stock, self.store, self.seller = Stock(self), Store(self), Seller(self)
        self.waiting: npt.NDArray[Any] = np.empty(0, OFFER)
        self.promised = Promised(self)
        self.sent_up = SentUp(world, p.collecting)
        self.pooled = Pooled(world.operators.n)
        self._picked: Ints = np.zeros(crops.n, np.int64)
        self._told: Bools = luck.sampled(farms.key, sample)
        self._stages: list[npt.NDArray[Any]] = []
        sending = p.sending
        self.drop_us = tuple(time_of_day(t, "produce.sending.drop_from") for t in (sending.drop_from, sending.drop_until))
        """From when to when parcels are handed in, since midnight."""
        self._pick_us = time_of_day(p.farming.pick_hour, "produce.farming.pick_hour")
        self._class: Ints = farms.kind.astype(np.int64) * len(REMOTENESS) + world.places.remoteness[farms.place]
        self._farms = self._by_class(None)
        self._count()

    # ---- a day

    def midnight(self, day: int, world: World) -> Shipments:
        """Wake the farms at 00:00 of ``day``: they learn, pick, sell and send; return the parcels sent up."""
        sent = self._day(day, world)
        self.sent_up.note(day, sent)
        return sent

    def _day(self, day: int, world: World) -> Shipments:
        self._look(day, world)
        self.promised.morning()
        self.sales.learn(day * DAY, self.memory, self.farms, self.p.learning.memory)
        ordered = self.stock.orders(day, world)
        sent = self.packer.send(*ordered) if ordered is not None else no_shipments()
        offers = together([self._pick(day), self.waiting, self.store.released(day), self.stock.back(day)])
        self.waiting = self.waiting[:0]
        if not len(offers):
            return sent
        offers = offers.take(np.argsort(turns(offers, GRADE_3 + 1), kind="stable"))
        market = Market(self, day, world, offers)
        take, left = allocate(market)
        listed = np.flatnonzero(take[:, ONLINE_])
        self.zones[market.farm[listed]] = market.zones[listed]
        self.seller.sell(market, take)
        self.store.bring(market, take[:, STORED_])
        self._keep(market, left)
        into = np.where(market.stocked, take[:, ONLINE_], 0)
        self.stock.bring(market, into)
        return joined(self.packer.send(market, take[:, ONLINE_] - into), sent)

    def _look(self, day: int, world: World) -> None:
        assert world.fields is not None
        self.fields = world.fields
        self.climb.build(self.fields.cold, day * DAY)

    def _pick(self, day: int) -> npt.NDArray[Any]:
        rows, grams, quality = self.harvest.picks(day)
        out = np.zeros(len(rows), OFFER)
        out["farm"], out["grams"], out["quality"] = rows, grams, quality
        out["picked"] = out["since"] = day * DAY + self._pick_us
        self._picked += np.bincount(self.farms.crop[rows], grams, minlength=self.crops.n).astype(np.int64)
        return graded(out, self.online[rows], self.p.grading)

    def parcel_g(self, farm: Ints) -> Ints:
        """Return the grams of produce in a parcel of farms (n,)."""
        grams: Ints = self.parcels_g[self.farms.crop[farm]]
        return grams

    def _count(self) -> None:
        """Count who sells online: their orders by crop, and how many they are by class."""
        self.busy: Floats = np.bincount(self.farms.crop[self.online], self.orders[self.online], self.crops.n).astype(np.float64)
        """Orders a day (c,) that farms online would get if there were buyers for all."""
        self.served: Floats = np.minimum(1.0, self.buyers / np.maximum(self.busy, 1e-9))
        """Share (c,) of these for which there are buyers."""
        self._sellers = self._by_class(self.online)

    def _by_class(self, which: Bools | None) -> Ints:
        """Return how many farms there are, or such as are marked, by kind and remoteness."""
        counts: Ints = np.bincount(self._class, which, len(KINDS) * len(REMOTENESS)).astype(np.int64)
        return counts

    def deal_prices(self, day: int) -> Floats:
        """Return what city buyers pay under contract this season (c,), yuan/kg: the agreed price times the luck of (crop, season)."""
        reach = self.fields.outreach
        if not reach.deal_spread:
            return reach.deal_price
        key = luck.keys_of(self.crops.key) ^ season.season_year(self.crops, day, self.start).astype(np.uint64)
        u, v = (luck.uniform(self.seed, "price of a deal", 0, luck.mix(key), k) for k in (0, 1))
        normal = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
        price: Floats = reach.deal_price * np.exp(reach.deal_spread * normal - reach.deal_spread**2 / 2)
        return price

    def orders_day(self, farm: Ints) -> Floats:
        """Return the orders a day that buyers place with farms (n,): what they place with a farm of its kind, or less where all that sell
        the crop online would get more than there are buyers."""
        rate: Floats = self.orders[farm] * self.served[self.farms.crop[farm]]
        return rate

    # ---- what is left

    def _keep(self, market: Market, left: Ints) -> None:
        """Let what nobody took today wait in the field, or give it up: spoiled, or unsold after so many days."""
        rows = np.flatnonzero(left > 0)
        keep = market.offers[rows].copy()
        keep["grams"], keep["quality"], keep["since"] = left[rows], market.quality[rows], market.offered[rows]
        keep["tries"] += 1
        spoiled, late = keep["quality"] < self.p.sending.spoiled, keep["tries"] > self.p.farming.wait_days
        over = spoiled | late
        if over.any():
            gone = rows[over]
            lots = self.seller.new_lots(market, gone, WAITING, keep["grams"][over], self.lots.settled(len(gone)))
            lots["lost"] = np.where(spoiled[over], lots["grams"], 0)
            lots["unsold"] = lots["grams"] - lots["lost"]
            lots["at_stage"][:, FIELD] = lots["lost"]
        self.waiting = keep[~over]

    # ---- what became of it

    def evening(self, record: DayRecord, world: World) -> DayRecord:
        """Take the day that has just ended: judge what has left the county (in place); return the day with what farms did on it."""
        record, arrived = self.climb.take(record, world, record.last)
        if len(arrived.parcels):
            self._judge(arrived)
        if record.last:
            self._finish()
        stages = together(self._stages) if self._stages else np.empty(0, LOT_STAGE)
        counts = self._picked, self._sellers, self._farms
        farm_day = FarmDay(self.lots.take(), stages, self.dues.take(), *counts, *self._in_the_cold())
        self._stages, self._picked = [], np.zeros_like(self._picked)
        return replace(record, farms=farm_day)

    def _in_the_cold(self) -> tuple[Ints, Ints]:
        """Return the grams (n,) in cold rooms, stores and cold warehouses, and what these can hold."""
        cold, house, held = self.fields.cold, self.fields.warehouses.cold_g(), self.climb.rooms.used
        for rows in (self.store.rows, self.stock.rows[house[self.stock.rows["room"]] > 0]):
            np.add.at(held, rows["room"], rows["grams"])
        return held, cold.room_g + cold.store_g + house

    def _judge(self, arrived: Arrived) -> None:
        s, rows = self.p.sending, arrived.parcels
        sent = self.sent.pop(rows["key"])
        farm, place = sent["farm"].astype(np.int64), self.farms.place[sent["farm"]].astype(np.int64)
        self._keep_cold(arrived, sent)
        handed_in = np.where(arrived.begin[:, STATION] != NEVER, STATION, COUNTER)
        arrived.decay[np.arange(len(sent)), handed_in] += sent["before"]
        damaged = luck.uniform(self.seed, "damage", 0, rows["key"]) < s.p_damaged * self.fields.outreach.damage_left[place]
        sale = judge(arrived, sent["quality"], self.rate0[farm], damaged, s)
        rows["outcome"], rows["lot"], rows["zone"] = sale.outcome, sent["lot"], 1 + sent["zone"]
        rows["quality"] = np.where(rows["finished"] != NEVER, sale.quality, np.nan)
        sold, value = sale.outcome == SHIPPED, sent["grams"] / 1000 * sent["price"]
        micro = np.where(sold, micro_fen(value * sale.quality), 0)
        kg, fee = sent["grams"][sold] / 1000, np.rint(micro[sold] * self.p.channels.platform_fee).astype(np.int64)
        self.dues.add(ONLINE_SALE, place[sold], kg, micro[sold])
        self.dues.add(PLATFORM_FEE, place[sold], kg, fee)
        end = np.where(sold, SOLD, np.where(sale.outcome == SPOILED, LOST_, np.where(sale.stage >= 0, REJECTED_, IN_STOCK)))
        aboard, rode = arrived.cold[:, VEHICLES] != NEVER, arrived.begin[:, VEHICLES] != NEVER
        cold = (aboard | ~rode).all(axis=1) & rode[:, -1]
        self.lots.add(sent["lot"], sent["grams"], end, sale.stage.astype(np.int64), sale.quality, micro, cold)
        known = end != IN_STOCK
        ice, zone = (sent[name][known].astype(np.int64) for name in ("ice", "zone"))
        self.learn(rows["finished"][known], farm[known], ice, zone, (micro / 1e8)[known], value[known])
        told = np.flatnonzero(self._told[farm])
        self._stages.append(stage_rows(arrived.take(told), sent.take(told), sale.after[told]))

    def _keep_cold(self, arrived: Arrived, sent: npt.NDArray[Any]) -> None:
        """Let what was packed with ice be as cold on its way as the ice kept it."""
        rows, packed = np.flatnonzero(sent["ice"]), self.p.packaging
        if len(rows):
            own = sent[rows]
            load = closed(own["ice"] * packed.ice_kg, own["grams"] / 1000, own["litres"], own["celsius"], packed)
            keep(arrived, rows, load, packed.inside_c, self.climb)

    def _finish(self) -> None:
        """At the end of a run: what is under way, waits or is stored is stock."""
        self.lots.finish()
        kept = np.concatenate([rows[list(OFFER.names or ())] for rows in (self.store.rows, self.stock.rows)])
        for channel, rows in ((WAITING, self.waiting), (STORED, kept)):
            out, farm = np.zeros(len(rows), LOT), rows["farm"]
            out["lot"] = lot_keys(self.farms.key[farm], self.last_day, channel, np.arange(len(rows)))
            out["farm"], out["place"], out["crop"] = farm, self.farms.place[farm], self.farms.crop[farm]
            out["kind"], out["channel"], out["picked"], out["offered"] = self.farms.kind[farm], channel, rows["picked"], rows["since"]
            out["grams"] = out["stock"] = rows["grams"]
            out["grade"] = rows["grade"]
            out["quality"] = np.nan
            self.lots.settle(out)

    def learn(self, finished: Ints, farm: Ints, ice: Ints, zone: Ints, paid: Floats, value: Floats) -> None:
        """Note online sales (n,) with steps of ``ice`` to zones that ended at ``finished``: yuan paid for what was listed at ``value``."""
        zones = len(self.reached)
        self.sales.note(finished, farm, ice * zones + np.minimum(zone, zones - 1), paid, value)

    # ---- who sells online

    def review(self, day: int, world: World) -> list[Decision]:
        """Let farms whose crop is in season begin or stop to sell online."""
        self._look(day, world)
        decided = review(self, day, world)
        self._count()
        return decided

    @property
    def changed(self) -> int:
        """Return how many farms sell online that did not when the run began, or the other way round."""
        return int((self.online != self._first_online).sum())
