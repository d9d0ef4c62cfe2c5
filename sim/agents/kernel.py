"""What agents draw and read off a day's parcels, each in one pass (compiled, like the ledger's tally)."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from sim.draw import mix, uniform, unit
from sim.luck import ODD
from sim.schema.raw import AT_DOOR, AT_STATION, AT_TOWNSHIP, COLLECTED, DOWN, NEVER, RETURNED
from sim.units import DAY

FEN = 100.0


@numba.njit(cache=True, nogil=True)
def draw(slot: Any, addresses: Any) -> Any:
    """Return the product over ``addresses`` of ``luck.unit(luck.mix(slot ^ address))``, shape of ``slot``."""
    u = np.ones(len(slot), np.float64)
    for address in addresses:
        for i in range(len(slot)):
            u[i] *= unit(mix(slot[i] ^ address))
    return u


@numba.njit(cache=True, nogil=True)
def slots(keys: Any, address: Any, counts: Any) -> Any:
    """Return for k = 0 .. count - 1 of every key, one key after the other: the row of the key, and ``luck.bits`` of (key, k), both (n,)."""
    n = counts.sum()
    row, out = np.empty(n, np.int32), np.empty(n, np.uint64)
    at = 0
    for i in range(len(keys)):
        if counts[i] > 0:
            own = mix(keys[i] ^ address)
            step = np.uint64(0)
            for _ in range(counts[i]):
                step += ODD
                row[at], out[at] = i, mix(own + step)
                at += 1
    return row, out


@numba.njit(cache=True, nogil=True)
def choose(cumulated: Any, u: Any) -> Any:
    """Return the first of ``cumulated`` shares that is not below each of ``u``, the last where all are, shape of ``u``."""
    chosen = np.zeros(len(u), np.int16)
    for i in range(len(u)):
        for k in range(len(cumulated) - 1):
            chosen[i] += cumulated[k] < u[i]
    return chosen


@numba.njit(cache=True, nogil=True)
def draw_first(keys: Any, address: Any) -> Any:
    """Return ``luck.uniform`` of every key at an address, k = 0, shape of ``keys``."""
    u = np.empty(len(keys), np.float64)
    for i in range(len(keys)):
        u[i] = uniform(keys[i], address)
    return u


@numba.njit(cache=True, nogil=True)
def may_order(keys: Any, rate: Any, address: Any) -> Any:
    """Return the rows (m,) of ``keys`` that ``count_poisson`` may give an order, and their ``draw_first`` (m,): few, and looked for without
    a branch that nobody could foretell."""
    rows, u = np.empty(len(keys) + 1, np.int64), np.empty(len(keys) + 1, np.float64)
    n = 0
    for i in range(len(keys)):
        rows[n] = i
        u[n] = uniform(keys[i], address)
        n += u[n] > 1.0 - rate[i]
    return rows[:n], u[:n]


@numba.njit(cache=True, nogil=True)
def count_poisson(rate: Any, u: Any, longest: int) -> Any:
    """Return the inverse Poisson CDF (n,) at ``u``, at most ``longest`` + 1."""
    counts = np.zeros(len(u), np.int64)
    last = none = 0.0
    for i in range(len(u)):
        if u[i] <= 1.0 - rate[i]:
            continue
        if rate[i] != last:  # many share a rate
            last, none = rate[i], math.exp(-rate[i])
        p = none
        if u[i] > p:
            cdf = p
            k = 1
            while True:
                p = p * rate[i] / k
                cdf += p
                if not u[i] > cdf or k > longest:
                    break
                k += 1
            counts[i] = k
    return counts


@numba.njit(cache=True, nogil=True)
def count_parcels(parcels: Any, came: Any, at_station: Any, at_door: Any) -> None:
    """Add the down parcels that had reached the county and ended to ``came`` (k, n), those collected in the place by kind (n,)."""
    for i in range(len(parcels)):
        p = parcels[i]
        if p["direction"] != DOWN or p["county_in"] == NEVER:
            continue
        came[p["operator"], p["place"]] += 1
        if p["outcome"] == COLLECTED:
            at_station[p["place"]] += p["kind"] == AT_STATION
            at_door[p["place"]] += p["kind"] == AT_DOOR


@numba.njit(cache=True, nogil=True)
def experience(parcels: Any, inside_m: Any, township_m: Any, yuan: Any, weight: float, memory: Any, head: Any) -> Any:
    """Move each household's remembered cost (households,), in place, towards the cost of each parcel that ended; return whose.

    Parcels of a household are taken in the order in which they ended, equal instants by key. ``yuan``: of a day, of a
    km, of a parcel that never came. ``head`` (households,) is scratch, -1. They are returned in their order, so that what is looked up of
    them lies in a row.
    """
    day_yuan, km_yuan, failure_yuan = yuan
    n = len(parcels)
    cost, after = np.empty(n, np.float64), np.empty(n, np.int32)
    for i in range(n):
        p = parcels[i]
        if p["direction"] != DOWN or p["county_in"] == NEVER or p["finished"] == NEVER:
            continue
        came = p["outcome"] == COLLECTED or p["outcome"] == RETURNED
        ready = p["ready"] if p["ready"] != NEVER else p["finished"]
        metres = 0
        if p["outcome"] == COLLECTED and p["kind"] != AT_DOOR:
            metres = township_m[p["place"]] if p["kind"] == AT_TOWNSHIP else inside_m[p["place"]]
        cost[i] = day_yuan * ((ready - p["county_in"]) / DAY) + p["surcharge_fen"] / FEN + km_yuan * (metres / 1000.0)
        if not came:
            cost[i] += failure_yuan
        h, finished, key = p["household"], p["finished"], p["key"]
        before, at = -1, head[h]
        while at >= 0 and (parcels[at]["finished"] < finished or (parcels[at]["finished"] == finished and parcels[at]["key"] < key)):
            before, at = at, after[at]
        after[i] = at
        if before < 0:
            head[h] = i
        else:
            after[before] = i
    touched = np.empty(min(n, len(head)) + 1, np.int64)
    found = 0
    for h in range(len(head)):  # without a branch that nobody could foretell
        touched[found] = h
        found += head[h] >= 0
    for j in range(found):
        h = touched[j]
        at = head[h]
        while at >= 0:
            memory[h] += weight * (cost[at] - memory[h])
            at = after[at]
        head[h] = -1
    return touched[:found]
