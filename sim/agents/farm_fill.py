"""Fill the channels: who takes how much of what farms offer on a day."""

from __future__ import annotations

import numpy as np

from sim.agents import channels
from sim.agents.farm_market import CHOICES, COLD_, CONTRACT_, GATE_, ONLINE_, STORED_, Market
from sim.world.world import Bools, Ints


def allocate(market: Market) -> Ints:
    """Return the grams (n, choices) that go into each channel by the rule in force; a channel that leaves nothing gets nothing."""
    c, grams = market.of.p.channels, market.offers["grams"].astype(np.int64)
    take = np.zeros((len(grams), len(CHOICES)), np.int64)
    if c.rule == "logit":
        share = channels.logit_shares(np.where(market.net > 0, market.net, -1e9), c.logit_scale)
        wanted = np.floor(share * grams[:, None]).astype(np.int64)
        for j in range(len(CHOICES)):
            rows = np.flatnonzero(market.net[:, j] > 0)
            _fill(market, take, rows, np.full(len(rows), j), wanted[rows, j])
    order, left = channels.threshold_rule(market.net), grams - take.sum(axis=1)
    for rank in range(len(CHOICES)):
        rows = np.flatnonzero(left > 0)
        column = order[rows, rank]
        open_ = market.net[rows, column] > 0
        rows, column = rows[open_], column[open_]
        left[rows] -= _fill(market, take, rows, column, left[rows])
    return take


def _fill(market: Market, take: Ints, rows: Ints, column: Ints, wanted: Ints) -> Ints:
    """Add what the channels of some rows have room for, and return it."""
    fields, more = market.of.fields, wanted
    if (own := column == ONLINE_).any():
        ordered = np.maximum(market.ordered_g[rows] - take[rows, ONLINE_], 0)
        more = np.where(own, np.minimum(more, ordered), more)
        more -= np.where(own, more % market.parcel_g[rows], 0)
        into = own & market.stocked[rows]
        if into.any():
            more = _room_for(more, rows, into, take[:, ONLINE_] * market.stocked, market.parent, market.of.stock.room_left())
    if (own := column == GATE_).any():
        cap = np.full(market.world.places.n, round(1000 * market.of.p.channels.middleman_kg_day), np.int64)
        more = _room_for(more, rows, own, take[:, GATE_], market.place, cap)
    if (own := column == CONTRACT_).any():
        more = _room_for(more, rows, own, take[:, CONTRACT_], market.crop, fields.outreach.deal_g_day)
    if (own := column == STORED_).any():
        more = _room_for(more, rows, own, take[:, STORED_], market.room, market.of.store.left())
    if fields.cold_market is not None and (own := column == COLD_).any():
        more = _room_for(more, rows, own, take[:, COLD_], market.parent, fields.cold_market.truck_g)
    take[rows, column] += more
    return more


def _room_for(more: Ints, rows: Ints, which: Bools, taken: Ints, group: Ints, room: Ints) -> Ints:
    """Cut ``more`` of some rows where ``which`` to the ``room`` (groups,) of their group less what was ``taken`` (n,) of it."""
    full = np.flatnonzero(taken)
    used = np.zeros(len(room), np.int64)
    np.add.at(used, group[full], taken[full])
    return _within(more, which, group[rows], room - used)


def _within(more: Ints, which: Bools, group: Ints, left: Ints) -> Ints:
    """Cut ``more`` (n,) where ``which``, row by row, to what is ``left`` (groups,) of its group."""
    rows = np.flatnonzero(which & (more > 0))
    if not len(rows):
        return more
    rows = rows[np.argsort(group[rows], kind="stable")]
    of, grams = group[rows], more[rows]
    before = np.cumsum(grams) - grams
    before -= before[np.searchsorted(of, of)]
    out = more.copy()
    out[rows] = np.clip(np.maximum(left[of], 0) - before, 0, grams)
    return out
