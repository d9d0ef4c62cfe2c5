"""What selling online leaves, plainly over columns: what the compiled kernel must find, offer by offer."""

from __future__ import annotations

import numpy as np

from sim.agents.channels import drive_cost, sending_fee
from sim.agents.farm_market import Market
from sim.produce.ice import box_kg, box_yuan
from sim.schema.produce import Channels, Learning
from sim.world.world import Floats, Ints


def expected_paid(own: Floats, village: Floats, learning: Learning) -> Floats:
    """Return the share of the listed price that farms expect to be paid: their own experience, else the neighbours' and the prior by
    weight, else the prior; NaN marks no experience."""
    prior = learning.prior_paid
    heard = np.where(np.isnan(village), prior, learning.neighbours * village + (1 - learning.neighbours) * prior)
    paid: Floats = np.where(np.isnan(own), heard, own)
    return paid


def paid_by_reach(paid: Floats, share: Floats) -> Floats:
    """Return the share of the price (n, z) expected of all buyers in the nearest one, two, ... zones, from that of each zone (n, z).

    Nothing better is expected of a zone than of a nearer one. ``share`` (z,) are the buyers that the nearest ones hold; zones without
    buyers change nothing.
    """
    if len(share) == 1:
        return paid
    each = np.minimum.accumulate(paid, axis=1) * np.diff(share, prepend=0.0)
    with np.errstate(invalid="ignore"):
        mean: Floats = np.where(share > 0, np.cumsum(each, axis=1) / np.maximum(share, 1e-300), paid[:, :1])
    return mean


def offered(net: Floats, other: Floats, share: Floats) -> tuple[Ints, Ints]:
    """Return how many zones beyond the nearest farms offer to, and the packaging (n,) that goes with it.

    ``net`` (n, z, packagings) is yuan/kg over the nearest zones, ``other`` (n,) what the best other channel leaves. What counts is the
    gain over that times the buyers reached; where nothing gains, the highest net price. Equal ones: the nearest, the least packaging.
    """
    n, zones, levels = net.shape
    flat = net.reshape(n, zones * levels)
    best = np.argmax(flat, axis=1)
    if len(share) > 1:
        gain = ((net - other[:, None, None]) * share[None, :, None]).reshape(n, zones * levels)
        best = np.where(gain.max(axis=1) > 0, np.argmax(gain, axis=1), best)
    farthest, packaging = np.divmod(best, levels)
    return farthest.astype(np.int64), packaging.astype(np.int64)


def online(price: Floats, paid: Floats, each: Floats, parcel_kg: Floats, carry: Floats, c: Channels) -> Floats:
    """Return what selling online leaves: the share of the price that is expected to be ``paid`` less the platform's, what ``each`` parcel
    costs (sending, packing, the work on it), and carrying it to where it is handed in (yuan/kg)."""
    net: Floats = price * paid * (1 - c.platform_fee) - each / parcel_kg - carry
    return net


def leaves(market: Market, rows: Ints) -> Floats:
    """Return what offers ``rows`` of a market leave online (rows, z, levels), offered to the nearest one, two, ... zones with so much ice.

    The market's packing is without ice.
    """
    of, farm, place, crop = market.of, market.farm[rows], market.place[rows], market.crop[rows]
    p, house, stocked, parcel_g = of.p, of.fields.warehouses, market.stocked[rows], market.parcel_g[rows]
    c, out = p.channels, np.empty((len(rows), len(of.reached), of.levels))
    away = (market.drop != market.place)[rows]
    for step in range(of.levels):
        paid = paid_by_reach(expected_paid(of.memory.paid[farm, step], of.memory.village[place, crop, step], p.learning), of.reached)
        fee = sending_fee(parcel_g / 1000 + c.packing_kg + box_kg(step, p.packaging), market.base[rows], p.sending)
        packing = np.where(stocked, house.packing, c.packing) + box_yuan(step, p.packaging)
        each = fee + market.cold_fee[rows] + packing + market.minutes[rows] / 60 * c.labour_hour
        for z in range(len(of.reached)):
            kg = np.maximum(market.orders_g[rows, z], parcel_g) / 1000
            carry = np.where(away, drive_cost(market.drop_km[rows], market.drop_h[rows], kg, c), 0.0)
            carry = np.where(stocked, drive_cost(market.town_km[rows], market.town_h[rows], kg, c), carry)
            carry = carry + np.where(stocked, house.cover_days * house.store_kg_day, 0.0) + market.traced[rows] / kg
            out[:, z, step] = online(market.listed[rows], paid[:, z] * (1 - market.p_rejected[rows]), each, parcel_g / 1000, carry, c)
    return out
