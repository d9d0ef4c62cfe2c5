"""What farms meet on a day, offer by offer, compiled: when they come, who takes their parcels, what each channel would fetch.

What goes through exp stays outside: numpy's differs from the compiler's in the last digit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from sim.draw import mix, uniform, unit
from sim.luck import ODD
from sim.produce.kernel import numbered, until
from sim.units import DAY, HOUR, SECOND


class Ground(NamedTuple):
    """Columns of farms (f,), of crops (c,), of places (n,) and between places (n, n). ``stands``: which places have a warehouse."""

    key: Any
    place: Any
    crop: Any
    small: Any
    rate0: Any
    parcel_g: Any
    parent: Any
    stands: Any
    metres: Any
    travel_us: Any


class Morning(NamedTuple):
    """When counters open on a day and for how long, microseconds; the address of the luck of coming; whether all comes from stock; the
    first of a farm's turns; the air's path as ``Path`` has it."""

    opens: int
    span: int
    address: Any
    stock: bool
    turn: int
    cumulated: Any
    day_rate: Any
    first: int


class Met(NamedTuple):
    """Columns of a day's offers (n,), see ``Market``. ``waited``, ``rode``: the exponents by which quality goes until it is offered, and
    from then to the seat."""

    farm: Any
    place: Any
    crop: Any
    parent: Any
    rate0: Any
    turn: Any
    load: Any
    load_kg: Any
    stocked: Any
    offered: Any
    waited: Any
    rode: Any
    grade: Any
    parcel_g: Any
    seat_km: Any
    seat_h: Any
    town_km: Any
    town_h: Any


class Buying(NamedTuple):
    """Whose orders are drawn: of all farms, or of those ``online`` (f,), but not of ``poorest`` grades; orders a day of each farm (f,) and
    the share of them for which there are buyers (c,); days between pickings (c,), at most ``within``; share of buyers reached (z,)."""

    everybody: bool
    stock: bool
    online: Any
    poorest: int
    orders: Any
    served: Any
    every: Any
    within: int
    reached: Any
    address: Any


class Takers(NamedTuple):
    """Who takes parcels in (k, n); by contract (n,); the nearest site (n,) and who takes them in there (k, n); operators' shares (k,)."""

    comes: Any
    contract: Any
    near: Any
    whose: Any
    share: Any
    address: Any
    stock: bool


class Asked(NamedTuple):
    """By crop (c,) what is paid at the gate, at the market and online, yuan/kg; over that by grade and by place (n,). What tracing asks at
    places ``here`` (n,). ``house``, ``home``: fee, packing, minutes of a parcel there; contracts' fees by place; the cold trunk's fee by
    operator (k,). What the market keeps and driving takes."""

    gate: Any
    market: Any
    online: Any
    grade: Any
    premium: Any
    here: Any
    dearer: float
    least: float
    inspected: float
    lot_yuan: float
    contract: Any
    contract_fee: Any
    walk_in: float
    house: Any
    home: Any
    minutes_kg: float
    sold_part: float
    trunk: Any
    market_fee: float
    market_hours: float
    labour_hour: float
    vehicle_kg: float
    vehicle_km: float


class Prices(NamedTuple):
    """Columns of a day's offers (n,), see ``Market``."""

    gate: Any
    market: Any
    listed: Any
    p_rejected: Any
    traced: Any
    base: Any
    packing: Any
    minutes: Any
    cold_fee: Any


@numba.njit(cache=True, nogil=True)
def turns(offers: Any, grades: int) -> Any:
    """Return numbers (n,) that grow with farm, day of picking and grade."""
    first, last, out = 2**62, -(2**62), np.empty(len(offers), np.int64)
    for i in range(len(offers)):
        out[i] = offers[i]["picked"] // DAY
        first, last = min(first, out[i]), max(last, out[i])
    for i in range(len(offers)):
        out[i] = (offers[i]["farm"] * (last - first + 1) + out[i] - first) * grades + offers[i]["grade"]
    return out


@numba.njit(cache=True, nogil=True)
def meet(offers: Any, of: Any, at: Any) -> Any:
    """Return what is known of offers, sorted by farm, the grades of a picking behind one another."""
    n = len(offers)
    farm, place, crop, parent = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    turn, load, offered, parcel_g = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    rate0, load_kg, waited, rode = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    seat_km, seat_h, town_km, town_h = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    stocked, grade = np.empty(n, np.bool_), np.empty(n, np.int8)
    begin, grams, comes = 0, 0, 0
    for i in range(n):
        x = offers[i]
        f = x["farm"]
        same = i > 0 and farm[i - 1] == f
        if not same:
            comes = at.opens + np.int64(np.floor(uniform(of.key[f], at.address) * at.span / SECOND)) * SECOND
        if i > 0 and not (same and x["grade"] > 0 and x["picked"] == offers[i - 1]["picked"]):
            load_kg[begin:i] = grams / 1000
            begin, grams = i, 0
        grams += x["grams"]
        p, c = of.place[f], of.crop[f]
        town = of.parent[p]
        farm[i], place[i], crop[i], parent[i], rate0[i] = f, p, c, town, of.rate0[f]
        turn[i] = turn[i - 1] + 1 if same else at.turn
        load[i] = load[i - 1] + (begin == i) if i else 0
        stocked[i], grade[i], parcel_g[i] = of.stands[town], x["grade"], of.parcel_g[c]
        offered[i] = x["since"] if at.stock else max(comes, x["since"])
        waited[i] = -rate0[i] * between(x["since"], offered[i], at)
        rode[i] = -rate0[i] * between(offered[i], offered[i] + of.travel_us[p, 0], at)
        seat_km[i], seat_h[i] = of.metres[p, 0] / 1000, of.travel_us[p, 0] / HOUR
        town_km[i], town_h[i] = of.metres[p, town] / 1000, of.travel_us[p, town] / HOUR
    load_kg[begin:] = grams / 1000
    return Met(
        farm, place, crop, parent, rate0, turn, load, load_kg, stocked, offered, waited, rode, grade, parcel_g, seat_km, seat_h, town_km,
        town_h,
    )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def between(start: int, end: int, air: Any) -> Any:
    """Return ``Path.between`` of one span."""
    if end <= start:
        return 0.0
    return until(end, air.cumulated, air.day_rate, air.first) - until(start, air.cumulated, air.day_rate, air.first)


@numba.njit(cache=True, nogil=True)
def ask(offers: Any, met: Any, key: Any, fit: Any, by: Any) -> Any:
    """Return the offers (m,) that buyers may order of, orders a day of their farms (m,), those that are drawn now by zones reached (z, m),
    and the luck of that (z, m). ``fit`` (n,): what is worth sending."""
    n, many = len(offers), len(by.reached)
    rows = np.empty(n, np.int64)
    m = 0
    for i in range(n):
        sells = by.everybody or by.stock or by.online[met.farm[i]]
        if sells and met.grade[i] != by.poorest and (by.everybody or fit[i]):
            rows[m] = i
            m += 1
    rate, drawn, u = np.empty(m), np.empty((many, m)), np.empty((many, m))
    for j in range(m):
        i = rows[j]
        f, c, tries = met.farm[i], met.crop[i], offers[i]["tries"]
        rate[j] = by.orders[f] * by.served[c]
        days = min(by.every[c], by.within) if tries == 0 else 1
        luck = unit(mix(mix(key[f] ^ by.address) + np.uint64(min(tries, 63) + 1) * ODD))
        for z in range(many):
            drawn[z, j] = rate[j] * by.reached[z] * days
            u[z, j] = luck
    return rows[:m], rate, drawn, u


@numba.njit(cache=True, nogil=True)
def take_in(rows: Any, met: Any, of: Any, by: Any) -> Any:
    """Return by offer (n,) whether it is handed in at the township's counter, the place where it is handed in, who takes it, and the way
    there, km and hours: of ``rows``; others stay where they are."""
    n, operators = len(met.farm), len(by.share)
    counter, drop, operator = np.zeros(n, np.bool_), met.place.copy(), np.zeros(n, np.int16)
    drop_km, drop_h, cumulated = np.empty(n), np.empty(n), np.empty(operators)
    for j in range(len(rows)):
        i = rows[j]
        p = met.place[i]
        comes, signed = False, False
        for o in range(operators):
            here = by.comes[o, p] and not by.stock
            comes |= here
            signed |= here and by.contract[p] == o
        counter[i] = not comes
        walks = not comes and not by.stock and by.near[p] >= 0
        if walks:
            counter[i], drop[i] = False, by.near[p]
        elif not comes:
            drop[i] = met.parent[i]
        total = 0.0
        for o in range(operators):
            takes = by.whose[o, drop[i]] if walks else counter[i] or (by.comes[o, p] and (not signed or by.contract[p] == o))
            total += by.share[o] if takes else 0.0
            cumulated[o] = total
        u = uniform(of.key[met.farm[i]], by.address)
        for o in range(operators):
            operator[i] += cumulated[o] <= u * total
    for i in range(n):
        drop_km[i], drop_h[i] = of.metres[met.place[i], drop[i]] / 1000, of.travel_us[met.place[i], drop[i]] / HOUR
    return counter, drop, operator, drop_km, drop_h


@numba.njit(cache=True, nogil=True)
def weigh(met: Any, of: Any, asks: Any, quality: Any, there: Any, operator: Any, net: Any, columns: Any) -> Any:
    """Return prices and fees of offers, and set what the gate and the market leave: ``columns`` of ``net`` (n, choices)."""
    n = len(met.farm)
    gate, market, listed, rejected, traced = np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    base, packing, minutes, cold_fee = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        p, c, grade = met.place[i], met.crop[i], met.grade[i]
        here = asks.here[p]
        gate[i], market[i] = asks.gate[c], asks.market[c]
        listed[i] = asks.online[c] * (1 + asks.premium[p]) * asks.grade[grade]
        if here:
            listed[i] *= 1 + asks.dearer
        rejected[i] = asks.inspected if here and quality[i] < asks.least else 0.0
        traced[i] = asks.lot_yuan if here else 0.0
        at = asks.house if met.stocked[i] else asks.home
        base[i], packing[i], minutes[i] = at
        if not met.stocked[i]:
            if asks.contract[p]:
                base[i] = asks.contract_fee[p]
            elif of.small[met.farm[i]]:
                base[i] = asks.walk_in
        if grade > 0:
            minutes[i] += asks.minutes_kg * met.parcel_g[i] / 1000 / asks.sold_part
        cold_fee[i] = asks.trunk[operator[i]]
        kg = met.load_kg[i]
        trips = max(np.ceil(kg / asks.vehicle_kg), 1.0)
        hours = 2 * met.seat_h[i] + asks.market_hours
        drive = trips * (2 * met.seat_km[i] * asks.vehicle_km + hours * asks.labour_hour) / max(kg, 1e-9)
        net[i, columns[0]] = gate[i] * quality[i]
        net[i, columns[1]] = market[i] * there[i] * (1 - asks.market_fee) - drive
    return Prices(gate, market, listed, rejected, traced, base, packing, minutes, cold_fee)


@numba.njit(cache=True, nogil=True)
def best_of(net: Any, columns: Any) -> Any:
    """Return the best of some ``columns`` of ``net`` (n, choices), nothing where all are worse than that."""
    best = np.zeros(len(net))
    for i in range(len(net)):
        for column in columns:
            best[i] = max(best[i], net[i, column])
    return best


@numba.njit(cache=True, nogil=True)
def offer(rows: Any, leaving: Any, everybody: bool, orders_g: Any, zones: Any, ice: Any, box: Any, packing: Any, net: Any) -> Any:
    """Set what online leaves (n,) of ``rows`` that have orders, or of all of them, and add the ``box`` (levels,) to their packing; return
    the grams ordered in the zones offered to."""
    n = len(zones)
    ordered = np.empty(n, np.int64)
    for i in range(n):
        ordered[i] = orders_g[i, zones[i]]
        packing[i] += box[ice[i]]
    for j in range(len(rows)):
        i = rows[j]
        if everybody or ordered[i] > 0:
            net[i] = leaving[j]
    return ordered


@numba.njit(cache=True, nogil=True)
def new_lots(rows: Any, grams: Any, met: Any, picked: Any, kind: Any, key: Any, address: Any, channel: int, out: Any) -> None:
    """Write lots of offers ``rows`` to ``out``, nothing of them accounted for yet; a lot's key is ``lots.lot_keys``."""
    for j in range(len(rows)):
        i = rows[j]
        f, x = met.farm[i], out[j]
        turn = np.uint64(numbered(channel, met.turn[i]) + 1)
        x["lot"] = mix(mix(key[f] ^ address) + turn * ODD)
        x["farm"], x["place"], x["crop"], x["kind"], x["channel"] = f, met.place[i], met.crop[i], kind[f], channel
        x["picked"], x["offered"], x["grams"], x["quality"], x["grade"] = picked[i], met.offered[i], grams[j], np.nan, met.grade[i]
