"""Parcels of lots, one by one, compiled: what sets out, and what farms hear of what became of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from sim.draw import uniform


class Packed(NamedTuple):
    """Columns (n,) of the lots of a day that are sent up, see ``sim.produce.sent.SENT`` and ``Shipments``; ``volume`` in millilitres."""

    lot: Any
    farm: Any
    quality: Any
    price: Any
    grams: Any
    before: Any
    ice: Any
    celsius: Any
    reached: Any
    operator: Any
    place: Any
    offered: Any
    ready: Any
    counter: Any
    weight: Any
    volume: Any


@numba.njit(cache=True, nogil=True)
def set_out(keys: Any, at: Any, lots: Any, zone_to: Any, buyer: Any, trunk: Any, sent: Any) -> Any:
    """Write parcels ``keys`` of lots ``at`` to ``sent``; return the columns of their Shipments and the luck of the trunk's time.

    ``zone_to`` are where the luck of a ``buyer`` (an address) passes into the next zone, ``trunk`` the addresses whose luck is multiplied.
    """
    n = len(keys)
    operator, place, farm, counter = np.empty(n, np.int16), np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.bool_)
    created, ready, weight, volume = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n, np.int32)
    zone, product = np.zeros(n, np.int64), np.ones(n)
    for i in range(n):
        j, key, x = at[i], keys[i], sent[i]
        u = uniform(key, buyer) * lots.reached[j]
        for border in zone_to:
            zone[i] += not u < border
        for address in trunk:
            product[i] *= uniform(key, address)
        x["key"], x["lot"], x["farm"], x["quality"], x["price"] = key, lots.lot[j], lots.farm[j], lots.quality[j], lots.price[j]
        x["grams"], x["before"], x["ice"], x["zone"] = lots.grams[j], lots.before[j], lots.ice[j], zone[i]
        x["litres"], x["celsius"] = lots.volume[j] / 1000, lots.celsius[j]
        operator[i], place[i], farm[i], counter[i] = lots.operator[j], lots.place[j], lots.farm[j], lots.counter[j]
        created[i], ready[i], weight[i], volume[i] = lots.offered[j], lots.ready[j], lots.weight[j], max(lots.volume[j], 1.0)
    return (operator, place, farm, created, ready, counter, weight, volume), zone, product


@numba.njit(cache=True, nogil=True)
def hear(who: Any, paid: Any, value: Any, weight: float, known: Any, sums: Any) -> None:
    """Move what is ``known`` (cells,) of the share of the price that was paid by what was ``paid`` (n,) of a ``value`` in cells ``who``.

    ``sums`` (2, cells) are scratch, nothing before and after.
    """
    for i in range(len(who)):
        sums[0, who[i]] += paid[i]
        sums[1, who[i]] += value[i]
    for i in range(len(who)):
        cell = who[i]
        if sums[1, cell] != 0:
            share = sums[0, cell] / sums[1, cell]
            known[cell] = share if np.isnan(known[cell]) else (1 - weight) * known[cell] + weight * share
            sums[0, cell] = sums[1, cell] = 0.0
