"""What farms weigh and fill offer by offer, compiled: orders, what selling online leaves, who takes how much.

Prices are those of ``sim.agents.channels``; the tests hold the same in plain columns (tests/produce/plain_online.py) and compare bits.

What a farm expects to be paid online: its own experience, else its neighbours' and the prior by weight, else the prior; of all buyers in
the nearest one, two, ... zones the mean by their shares, of no zone anything better than of a nearer one. It offers to as many zones,
packed with as much ice, as gain most over its best other channel, times the buyers reached; where nothing gains, by the highest net
price. Equal ones: the nearest, the least ice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np


class Offered(NamedTuple):
    """Columns of a day's offers (n,) as far as selling online looks at them; ``orders_g`` (n, z)."""

    farm: Any
    place: Any
    crop: Any
    stocked: Any
    away: Any
    parcel_g: Any
    orders_g: Any
    listed: Any
    p_rejected: Any
    traced: Any
    base: Any
    cold_fee: Any
    packing: Any
    minutes: Any
    drop_km: Any
    drop_h: Any
    town_km: Any
    town_h: Any


class Terms(NamedTuple):
    """What selling online costs everybody; ``box_kg`` and ``box_yuan`` (levels,) what ice adds to a parcel, ``store`` yuan/kg in a
    warehouse."""

    prior: float
    neighbours: float
    platform_fee: float
    packing_kg: float
    fee_kg: float
    fee_more_kg: float
    labour_hour: float
    vehicle_kg: float
    vehicle_km: float
    store: float
    box_kg: Any
    box_yuan: Any


class Rooms(NamedTuple):
    """What offers (n,) may fill: ``ordered_g`` and ``parcel_g`` of each, whether they go into a warehouse, their groups; and the grams that
    each group's channel has left, which filling takes away."""

    ordered_g: Any
    parcel_g: Any
    stocked: Any
    place: Any
    crop: Any
    parent: Any
    room: Any
    gate: Any
    deal: Any
    store: Any
    truck: Any
    house: Any


@numba.njit(cache=True, nogil=True)
def orders(rows: Any, many: Any, grams: Any, parcel_g: Any, farm: Any, picked: Any, grade: Any, grades: Any, out: Any) -> Any:
    """Set the grams (n, z) of offers ``rows`` that are ordered of ``many`` (rows, z) parcels that buyers want; say where there are any.

    Orders go to the first grade of a picking as far as it reaches, what is left to the second that stands behind it. ``grades``: these two.
    """
    first, second = grades
    some = np.zeros(len(rows), np.bool_)
    for j in range(len(rows)):
        i = rows[j]
        behind = False
        if j and grade[i] == second:
            h = rows[j - 1]
            behind = grade[h] == first and farm[h] == farm[i] and picked[h] == picked[i]
        for z in range(many.shape[1]):
            wanted = many[j, z]
            if behind:
                h = rows[j - 1]
                wanted = max(many[j, z] - min(many[j - 1, z], grams[h] // parcel_g[h]), 0)
            out[i, z] = min(wanted, grams[i] // parcel_g[i]) * parcel_g[i]
            some[j] |= out[i, z] > 0
    return some


@numba.njit(cache=True, nogil=True)
def drive_cost(km: float, hours: float, kg: float, terms: Any) -> Any:
    """Return ``channels.drive_cost`` of one load."""
    trips = max(np.ceil(kg / terms.vehicle_kg), 1.0)
    return trips * (2 * km * terms.vehicle_km + 2 * hours * terms.labour_hour) / max(kg, 1e-9)


@numba.njit(cache=True, nogil=True)
def online(rows: Any, offers: Any, terms: Any, share: Any, paid: Any, village: Any, other: Any, only: Any, zones: Any, ice: Any) -> Any:
    """Return what offers ``rows`` leave online (rows,), yuan/kg, and set the ``zones`` and the ``ice`` (n,) with which they gain most.

    ``paid`` (f, levels, z), ``village`` (places, c, levels, z): what share of the price farms were paid; ``other`` (n,): the best other
    channel; ``only`` (n,): the zones that are offered to anyway, else -1.
    """
    levels, many = paid.shape[1], len(share)
    leaves, carry, left = np.empty((many, levels)), np.empty(many), np.empty(len(rows))
    for j in range(len(rows)):
        i = rows[j]
        f, p, c = offers.farm[i], offers.place[i], offers.crop[i]
        parcel_kg = offers.parcel_g[i] / 1000
        work = offers.minutes[i] / 60 * terms.labour_hour
        for z in range(many):
            load = max(offers.orders_g[i, z], offers.parcel_g[i]) / 1000
            carry[z] = 0.0
            if offers.stocked[i]:
                carry[z] = drive_cost(offers.town_km[i], offers.town_h[i], load, terms) + terms.store
            elif offers.away[i]:
                carry[z] = drive_cost(offers.drop_km[i], offers.drop_h[i], load, terms)
            carry[z] += offers.traced[i] / load
        for step in range(levels):
            kg = parcel_kg + terms.packing_kg + terms.box_kg[step]
            fee = offers.base[i] + terms.fee_more_kg * np.ceil(max(kg - terms.fee_kg, 0.0))
            each = fee + offers.cold_fee[i] + (offers.packing[i] + terms.box_yuan[step]) + work
            least, total, before = np.inf, 0.0, 0.0
            for z in range(many):
                heard = village[p, c, step, z]
                expects = terms.prior if np.isnan(heard) else terms.neighbours * heard + (1 - terms.neighbours) * terms.prior
                if not np.isnan(paid[f, step, z]):
                    expects = paid[f, step, z]
                if many > 1:
                    least = min(least, expects)
                    total += least * (share[z] - before)
                    before = share[z]
                    if share[z] > 0:
                        expects = total / max(share[z], 1e-300)
                    elif z:
                        expects = leaves[0, step]
                leaves[z, step] = expects
            for z in range(many):
                share_paid = leaves[z, step] * (1 - offers.p_rejected[i])
                leaves[z, step] = offers.listed[i] * share_paid * (1 - terms.platform_fee) - each / parcel_kg - carry[z]
        best_z, best_step = choose(leaves, share, other[i], only[i])
        left[j], zones[i], ice[i] = leaves[best_z, best_step], best_z, best_step
    return left


@numba.njit(cache=True, nogil=True)
def choose(leaves: Any, share: Any, other: float, only: int) -> Any:
    """Return the zones and packaging for one offer's net prices (z, levels): those that gain most, the highest where none gains."""
    many, levels = leaves.shape
    first, last = (0, many) if only < 0 else (only, only + 1)
    best = gains = (first, 0)
    most = -np.inf
    for z in range(first, last):
        for step in range(levels):
            if leaves[z, step] > leaves[best]:
                best = (z, step)
            gain = (leaves[z, step] - other) * share[z]
            if gain > most:
                gains, most = (z, step), gain
    return gains if last - first > 1 and most > 0 else best


@numba.njit(cache=True, nogil=True)
def ranked(net: Any) -> Any:
    """Return each offer's channels (n, channels), best first, equal ones as they stand, -inf (not open to it) last.

    Filled in this order, nothing goes to a channel whose expected net price is known to be lower than that of one with room left.
    """
    n, many = net.shape
    order = np.empty((n, many), np.int64)
    for i in range(n):
        for channel in range(many):
            at = channel
            while at and net[i, order[i, at - 1]] < net[i, channel]:
                order[i, at] = order[i, at - 1]
                at -= 1
            order[i, at] = channel
    return order


@numba.njit(cache=True, nogil=True)
def fill(net: Any, order: Any, most: Any, codes: Any, rooms: Any, left: Any, take: Any) -> None:
    """Put what is ``left`` (n,) of offers into their channels in ``order`` (n, channels): the first of all offers, then the next of all.

    A channel that leaves nothing gets nothing, others at most what they have room for and ``most`` (n, channels), or (n, 1) for all of them
    alike. ``codes``: gate, online, contract, stored, cold market; the wholesale market takes everything.
    """
    gate, online_, contract, stored, cold = codes
    for rank in range(order.shape[1]):
        for i in range(len(left)):
            channel = order[i, rank]
            if left[i] <= 0 or not net[i, channel] > 0:
                continue
            more = min(left[i], most[i, min(channel, most.shape[1] - 1)])
            if channel == online_:
                more = min(more, max(rooms.ordered_g[i] - take[i, online_], 0))
                more -= more % rooms.parcel_g[i]
                if rooms.stocked[i]:
                    more = room(more, rooms.house, rooms.parent[i])
            elif channel == gate:
                more = room(more, rooms.gate, rooms.place[i])
            elif channel == contract:
                more = room(more, rooms.deal, rooms.crop[i])
            elif channel == stored:
                more = room(more, rooms.store, rooms.room[i])
            elif channel == cold:
                more = room(more, rooms.truck, rooms.parent[i])
            take[i, channel] += more
            left[i] -= more


@numba.njit(cache=True, nogil=True)
def room(grams: int, left: Any, group: int) -> Any:
    """Take from what is left of a group at most so many grams; return them."""
    more = max(min(grams, left[group]), 0)
    left[group] -= more
    return more
