"""Metrics of farm produce: what was harvested, where it went, what it brought, where it was lost, and how full vehicles go home."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.ledger.payer import FARMERS
from sim.ledger.produce import FARM
from sim.metrics.costs import is_power
from sim.metrics.lots import count_left, count_lots
from sim.metrics.period import Window
from sim.metrics.purse import Account
from sim.metrics.rows import Rows
from sim.produce.dues import YUAN
from sim.produce.grades import GRADES
from sim.schema.raw import CHANNELS, ONLINE, STAGES, UP, ZONES, DayRecord
from sim.units import FEN_PER_YUAN
from sim.world.farms import KINDS
from sim.world.world import REMOTENESS, Fields, Ints, World

GRAMS = ("grams", "sold", "lost", "rejected", "unsold", "stock", "micro", "cold", "parcels", "iced", "fewer", "sent")
GRADED = ("grams", "sold", "micro")
LOSSES = ("lost", "rejected", "unsold")
MOST_ZONES = len(ZONES)
UNSOLD_STAGE = "unsold"
"""Beside STAGES: what nobody took."""


class Crops:
    """Counters of the lots offered in the window: (column of GRAMS, month, crop, channel, farm kind, remoteness), of which ``iced`` and
    ``fewer`` are parcels with ice and parcels not offered to all zones, ``sent`` grams that set out; sent online (column of GRADED, month,
    grade); lost or refused (month, crop, channel, stage); farms that sell online at the end of each month (month, kind, remoteness) and
    all of them; by day of the window: grams picked by crop and what stood in cold rooms."""

    def __init__(self, world: World, window: Window) -> None:
        assert world.fields is not None
        c, months = world.fields.crops.n, len(window.months)
        self.window = window
        self.remoteness = world.places.remoteness.astype(np.int64)
        self.shape = (len(GRAMS), months, c, len(CHANNELS), len(KINDS), len(REMOTENESS))
        self.count: Ints = np.zeros(self.shape, np.int64)
        self.grade: Ints = np.zeros((len(GRADED), months, len(GRADES)), np.int64)
        self.stage: Ints = np.zeros((months, c, len(CHANNELS), len(STAGES)), np.int64)
        self.online: Ints = np.zeros((months, len(KINDS), len(REMOTENESS)), np.int64)
        self.farms: Ints = np.zeros((len(KINDS), len(REMOTENESS)), np.int64)
        days = window.last - window.first
        self.picked: Ints = np.zeros((days, c), np.int64)
        self.cold: Ints = np.zeros((days, 2), np.int64)
        """Grams in cold rooms at the midnight after each day, and the grams they hold."""
        self.parcels: Ints = np.zeros((months, world.operators.n), np.int64)
        """Parcels that left the county."""

    def record(self, record: DayRecord) -> None:
        """Count a day."""
        day = record.farms
        if day is None:
            return
        window = self.window
        at = window.month_of, window.first
        count_lots(np.ascontiguousarray(day.lots), *at, self.remoteness, ONLINE, MOST_ZONES, self.count, self.grade, self.stage)
        count_left(np.ascontiguousarray(record.parcels), UP, *at, self.parcels)
        now = window.month(record.day)
        if now >= 0:
            self.online[now] = day.online.reshape(len(KINDS), len(REMOTENESS))
            self.farms = day.farms.reshape(len(KINDS), len(REMOTENESS))
            self.picked[record.day - window.first] = day.picked
            self.cold[record.day - window.first] = day.cold_g.sum(), day.cold_room_g.sum()

    def of(self, name: str, months: Ints) -> Ints:
        """Return a counter of some months, (crop, channel, kind, remoteness)."""
        total: Ints = self.count[GRAMS.index(name), months].sum(axis=0)
        return total


Cut = tuple[tuple[str, str], tuple[slice | int, ...]]
ALL = slice(None)


def cuts(fields: Fields) -> Iterator[Cut]:
    """Yield (group, index into (crop, channel, kind, remoteness)) of every group the metrics of lots are given by."""
    yield ("", ""), (ALL, ALL, ALL, ALL)
    for c, key in enumerate(fields.crops.key):
        yield ("crop", key), (c, ALL, ALL, ALL)
    for i, name in enumerate(CHANNELS):
        yield ("channel", name), (ALL, i, ALL, ALL)
    for i, name in enumerate(KINDS):
        yield ("farm_kind", name), (ALL, ALL, i, ALL)
    for i, name in enumerate(REMOTENESS):
        yield ("remoteness", name), (ALL, ALL, ALL, i)
    for c, key in enumerate(fields.crops.key):
        for i, name in enumerate(CHANNELS):
            yield ("crop|channel", f"{key}|{name}"), (c, i, ALL, ALL)


def measure_produce(rows: Rows, world: World, crops: Crops, account: Account, period: str, months: Ints) -> None:
    """Add the metrics of produce of a period (rows of months)."""
    assert world.fields is not None
    fields = world.fields
    of = {name: crops.of(name, months) for name in GRAMS}
    lost = sum((of[name] for name in LOSSES), np.zeros_like(of["lost"]))
    known = of["grams"] - of["stock"]
    for group, at in cuts(fields):
        n, kg = int(of["parcels"][at].sum()), float(known[at].sum()) / 1000
        if group[0] and not of["grams"][at].any():
            continue
        rows.total("produce_kg", group, period, float(of["grams"][at].sum()) / 1000, n)
        rows.ratio("produce_loss_share", group, period, float(lost[at].sum()) / 1000, kg, n)
        sold, yuan = float(of["sold"][at].sum()) / 1000, float(of["micro"][at].sum()) / YUAN
        rows.ratio("farm_price_yuan_kg", group, period, yuan, sold, n)
        rows.total("produce_sales_yuan", group, period, yuan, n)
        if group[0] in ("", "crop", "channel"):
            rows.total("produce_stock_kg", group, period, float(of["stock"][at].sum()) / 1000, n)
        if group[0] in ("", "crop", "farm_kind", "remoteness"):
            crop, _, kind, far = at
            online = (crop, ONLINE, kind, far)
            rows.total("produce_up_kg", group, period, float(of["sent"][online].sum()) / 1000, int(of["parcels"][online].sum()))
            rows.ratio("online_share", group, period, float(of["sold"][online].sum()) / 1000, sold, n)
            rows.ratio("cold_chain_share", group, period, float(of["cold"][online].sum()), float(of["sent"][online].sum()), n)
            many = int(of["parcels"][online].sum())
            rows.ratio("online_iced_share", group, period, int(of["iced"][online].sum()), many, many)
            rows.ratio("fewer_zones_share", group, period, int(of["fewer"][online].sum()), many, many)
            if group[0] in ("", "crop"):
                paid = float(of["micro"][online].sum()) / YUAN
                rows.ratio("online_price_yuan_kg", group, period, paid, float(of["sold"][online].sum()) / 1000, many)
    _stages(rows, fields, crops, of["unsold"], known, period, months)
    _grades(rows, crops, period, months)
    _income(rows, world, account, of, crops.farms, period)
    _online(rows, crops, period, months)
    parcels = crops.parcels[months].sum(axis=0)
    rows.total("parcels_up", ("", ""), period, int(parcels.sum()), int(parcels.sum()))
    for key, many in zip(world.operators.key, parcels.tolist(), strict=True):
        rows.total("parcels_up", ("carrier", key), period, many, many)


def _stages(rows: Rows, fields: Fields, crops: Crops, unsold: Ints, known: Ints, period: str, months: Ints) -> None:
    """Add the loss by stage, of all that was harvested, by crop and by channel: where quality fell below what a buyer takes, and what
    nobody took."""
    stage = crops.stage[months].sum(axis=0) / 1000
    whole, n = float(known.sum()) / 1000, int(crops.of("parcels", months).sum())
    for i, name in enumerate(STAGES):
        rows.ratio("produce_loss_share", ("stage", name), period, float(stage[..., i].sum()), whole, n)
    rows.ratio("produce_loss_share", ("stage", UNSOLD_STAGE), period, float(unsold.sum()) / 1000, whole, n)
    for group, keys, axis in (("crop|stage", fields.crops.key, 0), ("channel|stage", CHANNELS, 1)):
        for k, key in enumerate(keys):
            own, of = np.take(stage, k, axis).sum(axis=0), float(np.take(known, k, axis).sum()) / 1000
            for i, name in enumerate(STAGES):
                if own[i] or (of and (axis == 0 or key == CHANNELS[ONLINE])):
                    rows.ratio("produce_loss_share", (group, f"{key}|{name}"), period, float(own[i]), of, n)
            if of and axis == 0:
                left = float(unsold[k].sum()) / 1000
                rows.ratio("produce_loss_share", (group, f"{key}|{UNSOLD_STAGE}"), period, left, of, n)


def _grades(rows: Rows, crops: Crops, period: str, months: Ints) -> None:
    """Add what was sent online by grade, and what a kg of each brought."""
    grams, sold, micro = crops.grade[:, months].sum(axis=1)
    whole = float(grams.sum()) / 1000
    for i, name in enumerate(GRADES):
        if grams[i]:
            rows.ratio("online_grade_share", ("grade", name), period, float(grams[i]) / 1000, whole, 1)
            rows.ratio("online_price_yuan_kg", ("grade", name), period, float(micro[i]) / YUAN, float(sold[i]) / 1000, 1)


def measure_season(rows: Rows, world: World, crops: Crops) -> None:
    """Add what was picked and what the cold rooms held and could hold: over the window, by month and by week."""
    assert world.fields is not None
    window = crops.window
    periods = [("all", np.ones(window.last - window.first, np.bool_))]
    periods += [(name, window.month_of == i) for i, name in enumerate(window.months)]
    periods += [(name, window.week_of == i) for i, name in enumerate(window.weeks)]
    for period, days in periods:
        picked, many = crops.picked[days].sum(axis=0) / 1000, int(days.sum())
        rows.total("picked_kg", ("", ""), period, float(picked.sum()), many)
        for key, kg in zip(world.fields.crops.key, picked.tolist(), strict=True):
            rows.total("picked_kg", ("crop", key), period, kg, many)
        stock, room = (crops.cold[days].sum(axis=0) / 1000).tolist()
        rows.ratio("cold_stock_kg", ("", ""), period, stock, many, many)
        rows.ratio("cold_capacity_kg", ("", ""), period, room, many, many)


def _income(rows: Rows, world: World, account: Account, of: dict[str, Ints], farms: Ints, period: str) -> None:
    """Add farmers' net income: sales less fees, packing, driving and their own work at its price; what a kg sold and what a farm gets.

    ``farms`` (kinds, remoteness) are all farms."""
    net = account.net(lambda actor: actor.startswith(FARMERS))
    sold = float(of["sold"].sum()) / 1000
    rows.total("farmer_income_yuan", ("", ""), period, net, int(of["grams"].any()))
    rows.ratio("farm_net_price_yuan_kg", ("", ""), period, net, sold, 1)
    rows.ratio("farmer_income_per_farm_yuan", ("", ""), period, net, int(farms.sum()), int(farms.sum()))
    by_actor = account.nets()
    place = np.array([by_actor.get(f"{FARMERS}{key}", 0) for key in world.places.key]) / FEN_PER_YUAN
    for i, name in enumerate(REMOTENESS):
        at = world.places.remoteness == i
        rows.total("farmer_income_yuan", ("remoteness", name), period, float(place[at].sum()), int(at.sum()))
        own = int(farms[:, i].sum())
        rows.ratio("farmer_income_per_farm_yuan", ("remoteness", name), period, float(place[at].sum()), own, own)
    own_cost = account.index.by("nature", "resource") & account.index.by("activity", FARM)
    farm = account.yuan(own_cost & account.index.by("payer", lambda actor: actor.startswith(FARMERS)))
    rows.total("farm_cost_yuan", ("", ""), period, farm, 1)
    rows.total("cold_power_kwh", ("", ""), period, account.hours(is_power), 1)


def _online(rows: Rows, crops: Crops, period: str, months: Ints) -> None:
    online, farms = crops.online[int(months[-1])], crops.farms
    rows.ratio("farms_online_share", ("", ""), period, int(online.sum()), int(farms.sum()), int(farms.sum()))
    for i, name in enumerate(KINDS):
        rows.ratio("farms_online_share", ("farm_kind", name), period, int(online[i].sum()), int(farms[i].sum()), int(farms[i].sum()))
    for i, name in enumerate(REMOTENESS):
        many = int(farms[:, i].sum())
        rows.ratio("farms_online_share", ("remoteness", name), period, int(online[:, i].sum()), many, many)
