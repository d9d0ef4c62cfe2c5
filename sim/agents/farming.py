"""The farms of a county at work: they pick, choose channels, send parcels up and learn what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents import adoption, channels
from sim.agents.review import Decision
from sim.agents.shoppers import count_orders
from sim.plan.orders import Shipments, no_shipments
from sim.produce import season
from sim.produce.climb import Arrived, Climb
from sim.produce.decay import k0
from sim.produce.lots import Lots, lot_keys
from sim.produce.sale import judge
from sim.produce.weather import temperatures
from sim.schema.parameters import Parameters
from sim.schema.raw import (
    CONTRACT,
    DUE,
    FARM_DRIVING,
    FARM_LABOUR,
    FIELD,
    GATE_SALE,
    LOT,
    LOT_STAGE,
    MARKET_FEE,
    MARKET_SALE,
    MIDDLEMAN,
    NETWORK_FEE,
    NEVER,
    ONLINE,
    ONLINE_SALE,
    PACKING,
    PLATFORM_FEE,
    PRECOOLING,
    SENDING_COMMISSION,
    SENDING_FEE,
    SHIPPED,
    SPOILED,
    STAGES,
    STORAGE_FEE,
    STORED,
    WAITING,
    WHOLESALE,
    DayRecord,
    Harvest,
)
from sim.units import DAY, HOUR, SECOND
from sim.world.farms import KINDS
from sim.world.hours import time_of_day
from sim.world.world import REMOTENESS, TO_VILLAGE, Bools, Fields, Floats, Int16s, Ints, World

YUAN = 100_000_000
"""Micro-fen in a yuan."""
SENT = np.dtype([("key", "u8"), ("lot", "u8"), ("farm", "i4"), ("quality", "f8"), ("price", "f8"), ("grams", "i8"), ("before", "f8")])
"""A parcel that was sent: its lot and farm, its quality when handed in, yuan/kg listed, grams of produce, and the decay while it waited
for the pre-cooler and was cooled."""
OFFER = np.dtype([("farm", "i4"), ("grams", "i8"), ("picked", "i8"), ("quality", "f8"), ("since", "i8"), ("tries", "i4"), ("fresh", "?")])
"""What a farm has to sell: grams picked at a time, their quality at ``since``, how often nobody took them."""
CHOICES = (MIDDLEMAN, WHOLESALE, ONLINE, CONTRACT)


@dataclass
class Memory:
    """``paid`` (f,): share of the listed price a farm was paid online, NaN before its first sale; ``village`` (n, c): the same, of all who
    sell online in a village; ``below`` (f,): reviews in a row in which online was worse."""

    paid: Floats
    village: Floats
    below: Ints


class Farming:
    """All farms of a county through a run. ``online`` (f,) says who sells online."""

    def __init__(self, world: World, parameters: Parameters, seed: int, start: date, first_day: int, last_day: int) -> None:
        assert world.fields is not None
        self.parameters, self.p, self.seed, self.start = parameters, parameters.produce, seed, start
        self.first_day, self.last_day = first_day, last_day
        self.fields: Fields = world.fields
        self.farms, self.crops = self.fields.farms, self.fields.crops
        p, farms = self.p, self.farms
        days = last_day - first_day + parameters.counting.drain_days + 60
        air = temperatures(self.fields.climate, start, first_day, days, p.farming.temperature_spread, seed)
        self.climb = Climb(air, first_day, p.perishing)
        self.rate0: Floats = k0(self.crops.shelf_days_0c, p.sending.threshold)[farms.crop]
        starts = np.array([p.learning.online_household, p.learning.online_family_farm, p.learning.online_cooperative])[farms.kind]
        self.online: Bools = luck.uniform(0, "online at the start", 0, farms.key) < starts
        self.began_online = self.online.copy()
        c, n = self.crops.n, world.places.n
        self.memory = Memory(np.full(farms.n, np.nan), np.full((n, c), np.nan), np.zeros(farms.n, np.int64))
        self.lots = Lots()
        self.waiting: npt.NDArray[Any] = np.empty(0, OFFER)
        self.stored: npt.NDArray[Any] = np.empty(0, [*OFFER.descr, ("until", "i4"), ("place", "i4")])
        self.sent: dict[int, Any] = {}
        self.learnt: list[tuple[Ints, Ints, Floats, Floats]] = []
        self.dues: list[npt.NDArray[Any]] = []
        self.picked: Ints = np.zeros(c, np.int64)
        self.stages: list[npt.NDArray[Any]] = []
        self._phase = (farms.key % np.uint64(p.farming.pick_every_days)).astype(np.int64)
        self._precooler_free: dict[int, int] = {}
        self._of = self._classes(world)

    def _classes(self, world: World) -> Ints:
        return world.places.remoteness[self.farms.place].astype(np.int64)

    # ---- a day

    def midnight(self, day: int, world: World) -> Shipments:
        """Wake the farms at 00:00 of ``day``: they learn, pick, offer and send; return the parcels sent up."""
        assert world.fields is not None
        self.fields = world.fields
        self.climb.build(self.fields.cold, day * DAY)
        self._learn(day * DAY)
        offers = np.concatenate([self._pick(day), self.waiting, self._released(day)])
        self.waiting = self.waiting[:0]
        if not len(offers):
            return no_shipments()
        return self._sell(day, world, offers)

    def _pick(self, day: int) -> npt.NDArray[Any]:
        """Return what is picked on a day."""
        p, farms, every = self.p.farming, self.farms, self.p.farming.pick_every_days
        into, length = season.into_window(self.crops, day, self.start), season.window_days(self.crops)
        due = into < length
        if not due.any():
            return np.empty(0, OFFER)
        inside = due[farms.crop] & (into[farms.crop] % every == self._phase)
        rows = np.flatnonzero(inside)
        crop, phase = farms.crop[rows], self._phase[rows]
        count = (length[crop] - 1 - phase) // every + 1
        turn = (into[crop] - phase) // every
        year = season.season_year(self.crops, day, self.start)[crop]
        total = self._season_grams(rows, year)
        grams = total * (turn + 1) // count - total * turn // count
        self.picked += np.bincount(crop, grams, minlength=self.crops.n).astype(np.int64)
        at = day * DAY + time_of_day(p.pick_hour, "produce.farming.pick_hour")
        out = np.zeros(len(rows), OFFER)
        out["farm"], out["grams"], out["picked"], out["since"], out["fresh"] = rows, grams, at, at, True
        out["quality"] = np.clip(p.quality_mean + p.quality_spread * (2 * self._season_luck(rows, year, "quality") - 1), 0, 1)
        return out[out["grams"] > 0]

    def _season_luck(self, rows: Ints, year: Ints, name: str) -> Floats:
        return luck.uniform(self.seed, name, 0, self.farms.key[rows], year.astype(np.uint64))

    def _season_grams(self, rows: Ints, year: Ints) -> Ints:
        """Return what farms pick in a season: area x yield x the year's weather x the farm's own luck."""
        p, farms = self.p.farming, self.farms
        u, v = self._season_luck(rows, year, "yield"), self._season_luck(rows, year, "yield too")
        own = np.exp(p.yield_spread * np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v) - p.yield_spread**2 / 2)
        y = np.unique(year)
        a, b = (luck.uniform(self.seed, "weather", 0, y.astype(np.uint64), k) for k in (0, 1))
        weather = np.exp(p.weather_spread * np.sqrt(-2 * np.log(a)) * np.cos(2 * np.pi * b) - p.weather_spread**2 / 2)
        kg = farms.area_mu[rows] * self.crops.yield_kg_mu[farms.crop[rows]] * own * weather[np.searchsorted(y, year)]
        return np.rint(1000 * kg).astype(np.int64)

    def _released(self, day: int) -> npt.NDArray[Any]:
        """Return what leaves storage on a day; its quality went at the room's temperature."""
        leave = self.stored["until"] <= day
        if not leave.any():
            return np.empty(0, OFFER)
        gone, self.stored = self.stored[leave], self.stored[~leave]
        out = np.zeros(len(gone), OFFER)
        for name in OFFER.names or ():
            out[name] = gone[name]
        now = np.full(len(gone), day * DAY)
        days = np.array([float(self.climb.path(c).between(a, b)) for c, a, b in zip(self._room_c(gone["place"]), gone["since"], now, strict=True)])
        out["quality"] = gone["quality"] * np.exp(-self.rate0[gone["farm"]] * days)
        out["since"] = now
        return out

    def _room_c(self, place: Ints) -> list[float]:
        cold: list[float] = self.fields.cold.room_c[place].tolist()
        return cold

    # ---- selling

    def _sell(self, day: int, world: World, offers: npt.NDArray[Any]) -> Shipments:
        farm = offers["farm"]
        order = np.lexsort((offers["picked"], farm))
        offers, farm = offers[order], farm[order]
        market = _Market(self, day, world, offers)
        take = market.allocate(self.p.channels.rule)
        self._settle_sold(day, market, take)
        self._keep(day, market, take.sum(axis=1))
        return self._send(day, world, market, take[:, CHOICES.index(ONLINE)])

    def _lots(self, day: int, market: _Market, rows: Ints, channel: int, grams: Ints) -> npt.NDArray[Any]:
        out = np.zeros(len(rows), LOT)
        farm = market.farm[rows]
        turn = channel * 64 + np.minimum(market.offers["tries"][rows], 63)
        out["lot"] = lot_keys(self.farms.key[farm], day, turn)
        out["farm"], out["place"], out["crop"] = farm, self.farms.place[farm], self.farms.crop[farm]
        out["kind"], out["channel"], out["picked"] = self.farms.kind[farm], channel, market.offers["picked"][rows]
        out["offered"], out["grams"], out["quality"] = market.offered[rows], grams, np.nan
        return out

    def _settle_sold(self, day: int, market: _Market, take: Ints) -> None:
        """Post and settle what is sold today: at the farm gate, at the market, to a contract's buyer."""
        c = self.p.channels
        for column, channel, sale in ((0, MIDDLEMAN, GATE_SALE), (1, WHOLESALE, MARKET_SALE)):
            rows = np.flatnonzero(take[:, column])
            if not len(rows):
                continue
            grams, quality = take[rows, column], (market.quality if channel == MIDDLEMAN else market.quality_there)[rows]
            micro = np.rint(grams / 1000 * market.price[column][rows] * quality * YUAN).astype(np.int64)
            lots = self._lots(day, market, rows, channel, grams)
            lots["sold"], lots["quality"], lots["micro"] = grams, quality, micro
            self.lots.settle(lots)
            place = market.place[rows]
            self._due(sale, place, grams / 1000, micro)
            if channel == WHOLESALE:
                self._due(MARKET_FEE, place, grams / 1000, np.rint(micro * c.market_fee).astype(np.int64))
                trips = np.maximum(np.ceil(grams / 1000 / c.farm_vehicle_kg), 1)
                self._drive(place, trips, market.seat_km[rows], market.seat_h[rows], c.market_hours)

    def _drive(self, place: Ints, trips: Floats, km: Floats, hours: Floats, selling: float = 0.0) -> None:
        c = self.p.channels
        self._due(FARM_DRIVING, place, 2 * km * trips, np.rint(2 * km * trips * c.farm_vehicle_km * YUAN).astype(np.int64))
        time = trips * (2 * hours + selling)
        self._due(FARM_LABOUR, place, time, np.rint(time * c.labour_hour * YUAN).astype(np.int64))

    def _due(self, kind: int, place: Ints, quantity: Floats, micro: Ints, operator: Int16s | None = None) -> None:
        out = np.zeros(len(place), DUE)
        out["kind"], out["place"], out["quantity"], out["micro"] = kind, place, quantity, micro
        out["operator"] = -1 if operator is None else operator
        self.dues.append(out)

    def _keep(self, day: int, market: _Market, taken: Ints) -> None:
        """Store, keep waiting, or give up what nobody took today."""
        left = market.offers["grams"] - taken
        rows = np.flatnonzero(left > 0)
        if not len(rows):
            return
        keep = market.offers[rows].copy()
        keep["grams"], keep["quality"], keep["since"] = left[rows], market.quality[rows], market.offered[rows]
        keep["tries"] += 1
        keep["fresh"] = False
        spoiled = keep["quality"] < self.p.sending.spoiled
        late = keep["tries"] > self.p.farming.wait_days
        over = spoiled | late
        if over.any():
            lots = self._lots(day, market, rows[over], WAITING, keep["grams"][over])
            lots["lost"] = np.where(spoiled[over], lots["grams"], 0)
            lots["unsold"] = np.where(spoiled[over], 0, lots["grams"])
            lots["at_stage"][:, FIELD] = lots["lost"]
            self.lots.settle(lots)
        self.waiting = keep[~over]

    def _send(self, day: int, world: World, market: _Market, grams: Ints) -> Shipments:
        """Pack what is sold online and hand it in."""
        rows = np.flatnonzero(grams)
        if not len(rows):
            return no_shipments()
        s, c, farms = self.p.sending, self.p.channels, self.farms
        each = market.parcel_g[rows]
        many = grams[rows] // each
        lots = self._lots(day, market, rows, ONLINE, grams[rows])
        lots["parcels"] = many
        self.lots.begin(lots)
        operator, counter = market.operator[rows], market.counter[rows]
        at = np.repeat(np.arange(len(rows)), many)
        k = np.arange(len(at)) - np.repeat(np.cumsum(many) - many, many)
        key = luck.bits(self.seed, "sent", day, lots["lot"][at], k.astype(np.uint64))
        ready, before = self._precool(market.offered[rows], counter, market.place[rows], each * many, lots["lot"], world)
        weight = (each + round(1000 * c.packing_kg))[at].astype(np.int32)
        volume = np.rint(each / 1000 * self.crops.litres_per_kg[farms.crop[market.farm[rows]]] * 1000)[at].astype(np.int32)
        place = market.place[rows]
        fee = np.rint(market.fee[rows] * YUAN).astype(np.int64)
        self._due(SENDING_FEE, place, many, fee * many, operator)
        self._due(NETWORK_FEE, place, many, np.rint(fee * s.network_share).astype(np.int64) * many, operator)
        handed = ~counter & (world.stations.host[place] > 0)
        self._due(SENDING_COMMISSION, place[handed], many[handed], many[handed] * round(s.host_commission * YUAN), operator[handed])
        self._due(PACKING, place, many, many * round(c.packing * YUAN))
        self._due(FARM_LABOUR, place, many * c.packing_minutes / 60, many * round(c.packing_minutes / 60 * c.labour_hour * YUAN))
        if counter.any():
            trips = np.maximum(np.ceil(grams[rows] / 1000 / c.farm_vehicle_kg), 1)[counter]
            self._drive(place[counter], trips, market.town_km[rows][counter], market.town_h[rows][counter])
        sent = np.zeros(len(at), SENT)
        sent["key"], sent["lot"], sent["farm"] = key, lots["lot"][at], market.farm[rows][at]
        sent["quality"], sent["price"], sent["grams"] = market.quality[rows][at], market.price[2][rows][at], each[at]
        sent["before"] = before[at]
        self.sent.update(zip(key.tolist(), sent, strict=True))
        by = np.argsort(key)
        return Shipments(
            key=key[by],
            operator=operator[at][by].astype(np.int16),
            place=place[at][by].astype(np.int32),
            lot=market.farm[rows][at][by].astype(np.int32),
            created_us=market.offered[rows][at][by],
            ready_us=ready[at][by],
            counter=counter[at][by],
            weight_g=weight[by],
            volume_ml=np.maximum(volume, 1)[by],
            out_us=self._trunk(key[by]),
        )

    def _trunk(self, key: npt.NDArray[np.uint64]) -> Ints:
        """Return the time from the evening trunk to the buyer: half the zone's mean at least, the rest Erlang of four stages."""
        s = self.p.sending
        u = luck.uniform(self.seed, "zone", 0, key)
        mean = np.where(u < s.zone_near, s.trunk_hours_near, np.where(u < 1 - s.zone_far, s.trunk_hours_middle, s.trunk_hours_far))
        product = np.ones(len(key))
        for stage in range(4):
            product *= luck.uniform(self.seed, "trunk up", stage, key)
        us: Ints = np.maximum(SECOND, (mean / 2 * HOUR) - np.log(product) * (mean / 8 * HOUR)).astype(np.int64)
        return us

    def _precool(self, t: Ints, counter: Bools, place: Ints, grams: Ints, key: Ints, world: World) -> tuple[Ints, Floats]:
        """Return when lots (n,) are ready and what the wait for the pre-cooler and cooling cost them, days at 0 degrees.

        One lot after the other at its rate, in order of (handed in, key); nothing where there is no pre-cooler.
        """
        cold = self.fields.cold
        ready, before = t.copy(), np.zeros(len(t))
        at = np.where(counter, world.places.parent[place], place)
        own = np.flatnonzero(cold.precool_g_h[at] > 0)
        for i in own[np.lexsort((key[own], t[own]))].tolist():
            p, took = int(at[i]), int(grams[i]) * HOUR // int(cold.precool_g_h[at[i]])
            begin = max(int(t[i]), self._precooler_free.get(p, NEVER))
            self._precooler_free[p] = ready[i] = begin + took
            before[i] = self.climb.path().between(t[i], np.int64(begin)) + self.climb.half(float(cold.room_c[p])).between(np.int64(begin), ready[i])
        if len(own):
            kwh = self.p.cold.kwh_cool_kg * grams[own] / 1000
            self._due(PRECOOLING, at[own], kwh, np.rint(kwh * self.p.cold.power_price * YUAN).astype(np.int64))
        return ready, before

    # ---- what became of it

    def evening(self, record: DayRecord, world: World, last: bool = False) -> DayRecord:
        """Take the day that has just ended: judge what has left the county; return the day with its harvest."""
        record, arrived = self.climb.take(record, world, last)
        if len(arrived.parcels):
            self._judge(arrived)
        if last:
            self._finish()
        dues = np.concatenate(self.dues) if self.dues else np.empty(0, DUE)
        stages = np.concatenate(self.stages) if self.stages else np.empty(0, LOT_STAGE)
        classes = len(REMOTENESS)
        cell = self.farms.kind.astype(np.int64) * classes + self._of
        online, farms = (np.bincount(cell, w, minlength=len(KINDS) * classes).astype(np.int64) for w in (self.online, None))
        harvest = Harvest(
            self.lots.take(), stages, dues, self.picked, online, farms, self.climb.rooms.used + int(self.stored["grams"].sum()),
            int(self.fields.cold.room_g.sum() + self.fields.cold.store_g.sum()),
        )  # fmt: skip
        self.dues, self.stages, self.picked = [], [], np.zeros_like(self.picked)
        return DayRecord(**{name: getattr(record, name) for name in DayRecord.__dataclass_fields__} | {"harvest": harvest})

    def _judge(self, arrived: Arrived) -> None:
        s, rows = self.p.sending, arrived.parcels
        sent = np.array([self.sent.pop(key) for key in rows["key"].tolist()], SENT)
        farm = sent["farm"]
        arrived.decay[:, 0] += sent["before"]
        damage = s.p_damaged * self.fields.outreach.damage_left[self.farms.place[farm]]
        damaged = luck.uniform(self.seed, "damage", 0, rows["key"]) < damage
        sale = judge(arrived, sent["quality"], self.rate0[farm], damaged, s)
        rows["outcome"] = sale.outcome
        sold = sale.outcome == SHIPPED
        value = sent["grams"] / 1000 * sent["price"]
        micro = np.where(sold, np.rint(value * sale.quality * YUAN), 0).astype(np.int64)
        place = self.farms.place[farm]
        self._due(ONLINE_SALE, place[sold], sent["grams"][sold] / 1000, micro[sold])
        self._due(PLATFORM_FEE, place[sold], sent["grams"][sold] / 1000, np.rint(micro[sold] * self.p.channels.platform_fee).astype(np.int64))
        gone = sale.stage >= 0
        column = np.where(sold, "sold", np.where(sale.outcome == SPOILED, "lost", np.where(gone, "rejected", "stock"))).tolist()
        cold = ((arrived.cold != NEVER) | (arrived.begin == NEVER)).all(axis=1)
        self.learnt.append((rows["finished"].copy(), farm.astype(np.int64), micro / YUAN, value))
        self._stages(arrived, sent, sale.after)
        self.lots.add(sent["lot"], sent["grams"], column, sale.stage.astype(np.int64), sale.quality, micro, cold)

    def _stages(self, arrived: Arrived, sent: npt.NDArray[Any], after: Floats) -> None:
        """Note the stages of the parcels of each lot that went together."""
        names = ["lot", *(f"b{j}" for j in range(6)), *(f"c{j}" for j in range(6)), "end"]
        way = np.rec.fromarrays(
            [sent["lot"], *arrived.begin.T, *arrived.cold.T, arrived.end[:, -1]], names=",".join(names)
        )  # fmt: skip
        together, first, which = np.unique(way, return_index=True, return_inverse=True)
        grams = np.bincount(which, sent["grams"], minlength=len(together)).astype(np.int64)
        codes = (1, 2, 3, 4, 5, 6)
        trip = {2: "round_trip", 4: "line_trip", 6: "line_trip"}
        parts, order = [], np.zeros(len(together), np.int64)
        for j, code in enumerate(codes):
            went = arrived.begin[first, j] != NEVER
            out, at = np.zeros(int(went.sum()), LOT_STAGE), first[went]
            out["lot"], out["order"], out["stage"], out["place"] = sent["lot"][at], order[went], code, arrived.place[at, j]
            out["trip"] = arrived.parcels[trip[code]][at] if code in trip else -1
            out["in"], out["cold"], out["out"] = arrived.begin[at, j], arrived.cold[at, j], arrived.end[at, j]
            out["grams"], out["celsius"], out["quality"] = grams[went], arrived.celsius[at, j], after[at, j]
            order += went
            parts.append(out)
        self.stages.append(np.concatenate(parts))

    def _finish(self) -> None:
        """At the end of a run: what waits or is stored is stock."""
        self.lots.finish()
        for rows in (self.waiting, self.stored):
            if len(rows):
                out = np.zeros(len(rows), LOT)
                farm = rows["farm"]
                out["lot"] = lot_keys(self.farms.key[farm], self.last_day, (WAITING if rows is self.waiting else STORED) * 64 + np.arange(len(rows)))
                out["farm"], out["place"], out["crop"], out["kind"] = farm, self.farms.place[farm], self.farms.crop[farm], self.farms.kind[farm]
                out["channel"], out["picked"], out["offered"] = WAITING if rows is self.waiting else STORED, rows["picked"], rows["since"]
                out["grams"] = out["stock"] = rows["grams"]
                out["quality"] = np.nan
                self.lots.settle(out)

    def _learn(self, now: int) -> None:
        """Remember the sales that ended before midnight, farm by farm and village by village."""
        if not self.learnt:
            return
        finished, farm, paid, value = (np.concatenate(column) for column in zip(*self.learnt, strict=True))
        over = finished < now
        self.learnt = [(finished[~over], farm[~over], paid[~over], value[~over])]
        farm, paid, value = farm[over], paid[over], value[over]
        if not len(farm):
            return
        w, m = self.p.learning.memory, self.memory
        who, at = np.unique(farm, return_inverse=True)
        share = np.bincount(at, paid) / np.bincount(at, value)
        m.paid[who] = np.where(np.isnan(m.paid[who]), share, (1 - w) * m.paid[who] + w * share)
        cell, at = np.unique(self.farms.place[farm].astype(np.int64) * self.crops.n + self.farms.crop[farm], return_inverse=True)
        share, flat = np.bincount(at, paid) / np.bincount(at, value), m.village.reshape(-1)
        flat[cell] = np.where(np.isnan(flat[cell]), share, (1 - w) * flat[cell] + w * share)

    # ---- who sells online

    def review(self, day: int, world: World) -> list[Decision]:
        """Let farms begin or stop to sell online; only crops with harvest left in their season are looked at."""
        assert world.fields is not None
        self.fields = world.fields
        lea, farms, reach = self.p.learning, self.farms, self.fields.outreach
        into, length = season.into_window(self.crops, day, self.start), season.window_days(self.crops)
        rows = np.flatnonzero((into < length)[farms.crop])
        if not len(rows):
            return []
        offers = np.zeros(len(rows), OFFER)
        offers["farm"], offers["since"] = rows, day * DAY
        year = season.season_year(self.crops, day, self.start)[farms.crop[rows]]
        grams = self._season_grams(rows, year)
        offers["grams"] = np.maximum(grams * self.p.farming.pick_every_days // length[farms.crop[rows]], 1)
        offers["quality"] = self.p.farming.quality_mean
        market = _Market(self, day, world, offers, everybody=True)
        gain = market.net[:, CHOICES.index(ONLINE)] - np.maximum(market.net[:, [0, 1, 3]].max(axis=1), 0.0)
        left = (length - into)[farms.crop[rows]] / length[farms.crop[rows]]
        kg = np.minimum(market.rate * lea.season_days * market.parcel_g / 1000, grams / 1000 * left)
        entry = lea.entry_cost * self._entry(rows, reach.trained, reach.entry_left, reach.places_month)
        online = self.online[rows]
        start = ~online & adoption.begins(gain, kg, entry)
        stop, below = adoption.stops(gain, self.memory.below[rows], lea)
        self.memory.below[rows] = np.where(online, below, 0)
        stop &= online & ~np.isnan(self.memory.paid[rows])
        self.online[rows[start]], self.online[rows[stop]] = True, False
        expected = np.rint(gain * kg * 100 / lea.season_days * season.MONTH_DAYS).astype(np.int64)
        keys = world.places.key
        return [
            Decision(day, f"farm:{keys[farms.place[r]]}/{int(farms.key[r]):016x}", "farmer", "online", *words, int(expected[i]), reason)
            for who, words, reason in ((start, ("offline", "online"), "gain over entry cost"), (stop, ("online", "offline"), "own sales"))
            for i, r in zip(np.flatnonzero(who).tolist(), rows[who].tolist(), strict=True)
        ]

    def _entry(self, rows: Ints, trained: Bools, left: Floats, places: Ints) -> Floats:
        """Return what is left of the entry cost (rows,): training takes on so many farms of a place that do not sell online yet, by key."""
        at = self.farms.place[rows]
        fee = np.ones(len(rows))
        want = np.flatnonzero(trained[at] & ~self.online[rows])
        order = want[np.lexsort((self.farms.key[rows[want]], at[want]))]
        place = at[order]
        turn = np.arange(len(order)) - np.searchsorted(place, place)
        inside = order[turn < places[place]]
        fee[inside] = left[at[inside]]
        return fee


class _Market:
    """What farms meet on a day: prices, ways, fees, and what each channel leaves them."""

    def __init__(self, farming: Farming, day: int, world: World, offers: npt.NDArray[Any], everybody: bool = False) -> None:
        self.of, self.offers, self.world = farming, offers, world
        p, farms, crops, fields = farming.p, farming.farms, farming.crops, farming.fields
        c, s = p.channels, p.sending
        self.farm = offers["farm"].astype(np.int64)
        self.place, self.crop = farms.place[self.farm].astype(np.int64), farms.crop[self.farm].astype(np.int64)
        small = farms.small[self.farm]
        opens, closes = (time_of_day(t, "produce.sending.drop_from") for t in (s.drop_from, s.drop_until))
        u = luck.uniform(farming.seed, "drop", day, farms.key[self.farm])
        span = np.floor(u * max(closes - opens, 0) / SECOND).astype(np.int64) * SECOND
        self.offered: Ints = np.maximum(day * DAY + opens + span, offers["since"])
        air = farming.climb.path()
        rate0 = farming.rate0[self.farm]
        self.quality: Floats = offers["quality"] * np.exp(-rate0 * air.between(offers["since"].astype(np.int64), self.offered))
        parent = world.places.parent[self.place]
        self.seat_km, self.town_km = (world.places.metres[self.place, to] / 1000 for to in (0, parent))
        self.seat_h, self.town_h = (world.places.travel_us[self.place, to] / HOUR for to in (0, parent))
        there = self.offered + world.places.travel_us[self.place, 0]
        self.quality_there: Floats = self.quality * np.exp(-rate0 * air.between(self.offered, there))
        index = season.price_index(crops, day, farming.start, c.off_season_rise, c.off_season_months)[self.crop]
        listed = crops.online_yuan_kg[self.crop] * index + fields.outreach.premium[self.place]
        self.price = (crops.farm_yuan_kg[self.crop] * index, crops.wholesale_yuan_kg[self.crop] * index, listed)
        kg = offers["grams"] / 1000
        self.parcel_g: Ints = np.maximum(np.rint(1000 * crops.parcel_kg[self.crop]), 1).astype(np.int64)
        self._ways(day)
        contract = fields.outreach.contract[self.place]
        self.fee: Floats = channels.sending_fee(
            self.parcel_g / 1000 + c.packing_kg, small, contract, fields.outreach.contract_fee[self.place], s
        )
        rates = np.array([c.orders_day_household, c.orders_day_family_farm, c.orders_day_cooperative])
        self.rate: Floats = rates[farms.kind[self.farm]]
        many = self._orders(day)
        self.online_g: Ints = np.minimum(many, offers["grams"] // self.parcel_g) * self.parcel_g
        paid = adoption.expected_paid(farming.memory.paid[self.farm], farming.memory.village[self.place, self.crop], p.learning)
        carried = np.where(everybody, np.minimum(kg, self.rate * p.farming.pick_every_days * self.parcel_g / 1000), self.online_g / 1000)
        carry = np.where(self.counter, channels.drive_cost(self.town_km, self.town_h, np.maximum(carried, self.parcel_g / 1000), c), 0.0)
        online = channels.online(listed, paid, self.fee, self.parcel_g / 1000, carry, c)
        may = everybody | (farming.online[self.farm] & (self.online_g > 0))
        self.net: Floats = np.stack(
            [
                channels.gate(self.price[0], self.quality),
                channels.market(self.price[1], self.quality_there, self.seat_km, self.seat_h, kg, c),
                np.where(may, online, -np.inf),
                np.full(len(kg), -np.inf),
            ],
            axis=1,
        )

    def _ways(self, day: int) -> None:
        """Choose who takes the parcels: an operator whose van comes to the village, else any at the township's counter; by the operators'
        shares and the farm's own luck of the day."""
        farming, world = self.of, self.world
        comes = (world.operators.mode == TO_VILLAGE)[:, self.place].T
        self.counter: Bools = ~comes.any(axis=1)
        weight = np.where(comes | self.counter[:, None], world.operators.share[None, :], 0.0)
        cumulated = np.cumsum(weight, axis=1)
        u = luck.uniform(farming.seed, "who takes it", day, farming.farms.key[self.farm])
        self.operator: Int16s = (cumulated <= (u * cumulated[:, -1])[:, None]).sum(axis=1).astype(np.int16)

    def _orders(self, day: int) -> Ints:
        """Return the orders that buyers have placed: since the last picking for what is fresh, of one day for what has waited."""
        farming = self.of
        days = np.where(self.offers["fresh"], farming.p.farming.pick_every_days, 1)
        k = np.minimum(self.offers["tries"], 63).astype(np.uint64)
        u = luck.uniform(farming.seed, "online orders", day, farming.farms.key[self.farm], k)
        return count_orders(self.rate * days, u)

    def allocate(self, rule: str) -> Ints:
        """Return the grams (n, channels) that go into each channel, in the order of CHOICES."""
        n, grams = len(self.farm), self.offers["grams"].astype(np.int64)
        room = np.stack([self._gate_room(), grams, self.online_g, np.zeros(n, np.int64)], axis=1)
        take = np.zeros((n, len(CHOICES)), np.int64)
        if rule == "logit":
            share = channels.logit_shares(np.where(self.net > 0, self.net, -1e9), self.of.p.channels.logit_scale)
            take = np.minimum(np.floor(share * grams[:, None]).astype(np.int64), room)
            take[:, 2] -= take[:, 2] % self.parcel_g
        order = channels.threshold_rule(self.net)
        for rank in range(len(CHOICES)):
            channel = order[:, rank]
            at = np.arange(n), channel
            more = np.minimum(grams - take.sum(axis=1), room[at] - take[at])
            more = np.where(self.net[at] > 0, np.maximum(more, 0), 0)
            more = np.where(channel == 2, more - more % self.parcel_g, more)
            take[at] += self._at_the_gate(take, more, channel == 0)
        return take

    def _gate_room(self) -> Ints:
        return np.full(len(self.farm), round(1000 * self.of.p.channels.middleman_kg_day), np.int64)

    def _at_the_gate(self, take: Ints, more: Ints, gate: Bools) -> Ints:
        """Cut what goes to middlemen to what their lorries take in each village, farm by farm."""
        if not gate.any():
            return more
        cap = round(1000 * self.of.p.channels.middleman_kg_day)
        used = np.bincount(self.place, take[:, 0], minlength=self.world.places.n).astype(np.int64)
        rows = np.flatnonzero(gate & (more > 0))
        rows = rows[np.argsort(self.place[rows], kind="stable")]
        place = self.place[rows]
        through = np.cumsum(more[rows])
        before = through - more[rows]
        base = before[np.searchsorted(place, place)]
        free = np.maximum(cap - used[place], 0)
        out = more.copy()
        out[rows] = np.clip(free - (before - base), 0, more[rows])
        return out


__all__ = ["STAGES", "STORAGE_FEE", "Farming"]
