"""Fill the channels: who takes how much of what farms offer on a day."""

from __future__ import annotations

import numpy as np

from sim.agents import channels
from sim.agents import offer_kernel as kernel
from sim.agents.farm_market import CHOICES, COLD_, CONTRACT_, GATE_, ONLINE_, STORED_, Market
from sim.world.world import Ints

CODES = (GATE_, ONLINE_, CONTRACT_, STORED_, COLD_)


def allocate(market: Market) -> tuple[Ints, Ints]:
    """Return the grams (n, choices) that go into each channel by the rule in force, and those (n,) that nobody takes; a channel that leaves
    nothing gets nothing."""
    c, left = market.of.p.channels, market.offers["grams"].astype(np.int64)
    take, rooms = np.zeros((len(CHOICES), len(left)), np.int64).T, _rooms(market)
    if c.rule == "logit":
        share = channels.logit_shares(np.where(market.net > 0, market.net, -1e9), c.logit_scale)
        in_turn = np.broadcast_to(np.arange(len(CHOICES)), share.shape).copy()
        kernel.fill(market.net, in_turn, np.floor(share * left[:, None]).astype(np.int64), CODES, rooms, left, take)
    kernel.fill(market.net, kernel.ranked(market.net), left[:, None].copy(), CODES, rooms, left, take)
    return take, left


def _rooms(market: Market) -> kernel.Rooms:
    """Return what channels have room for: orders, middlemen's lorries, contracts, cold rooms, the cold market's trucks, warehouses."""
    of, n = market.of, market.world.places.n
    gate = np.full(n, round(1000 * of.p.channels.middleman_kg_day), np.int64)
    trucks = of.fields.cold_market.truck_g.copy() if of.fields.cold_market is not None else np.zeros(n, np.int64)
    deal = of.fields.outreach.deal_g_day.copy()
    return kernel.Rooms(
        market.ordered_g, market.parcel_g, market.stocked, market.place, market.crop, market.parent, market.room, gate, deal,
        of.store.left(), trucks, of.stock.room_left(),
    )  # fmt: skip
