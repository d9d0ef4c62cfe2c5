"""What farms meet on a day, plainly over columns: what the compiled passes must find, offer by offer."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.agents import channels
from sim.agents.farm_market import STOCK_TURN, Market
from sim.produce import season
from sim.produce.lots import lot_keys
from sim.units import DAY, HOUR, SECOND
from sim.world.hours import time_of_day
from sim.world.world import Bools, Floats, Ints, Keys


def loads(market: Market) -> tuple[Ints, Floats]:
    """Return which load offers are of and its kg: the grades of one picking are one, any other its own."""
    offers, farm = market.offers, market.farm
    own = (offers["grade"][1:] > 0) & (farm[1:] == farm[:-1]) & (offers["picked"][1:] == offers["picked"][:-1])
    load = np.cumsum(np.concatenate([[True], ~own])[: len(offers)]).astype(np.int64) - 1
    return load, np.bincount(load, offers["grams"])[load] / 1000


def offered(market: Market) -> Ints:
    """Return when offers are handed in or sold."""
    s, since = market.of.p.sending, market.offers["since"].astype(np.int64)
    if market.from_stock:
        return since
    opens, closes = (time_of_day(t, "produce.sending.drop_from") for t in (s.drop_from, s.drop_until))
    u = luck.uniform(market.of.seed, "drop", market.day, market.farms.key[market.farm])
    span = np.floor(u * max(closes - opens, 0) / SECOND).astype(np.int64) * SECOND
    when: Ints = np.maximum(market.day * DAY + opens + span, since)
    return when


def qualities(market: Market) -> tuple[Floats, Floats]:
    """Return the quality of offers when they are offered, and at the seat."""
    air, rate0, when = market.of.climb.path(), market.of.rate0[market.farm], offered(market)
    there = when + market.world.places.travel_us[market.place, 0]
    quality: Floats = market.offers["quality"] * np.exp(-rate0 * air.between(market.offers["since"].astype(np.int64), when))
    return quality, quality * np.exp(-rate0 * air.between(when, there))


def taken(market: Market) -> tuple[Bools, Ints, Ints]:
    """Return of the offers that buyers asked for whether they go to the counter, where they are handed in, and who takes them."""
    of, world, rows = market.of, market.world, market.asked
    place, parent = market.place[rows], market.parent[rows]
    comes = of.pooled.reached(world)[:, place].T & (not market.from_stock)
    own = comes & (of.fields.outreach.collector[place][:, None] == np.arange(world.operators.n))
    comes = np.where(own.any(axis=1)[:, None], own, comes)
    counter = comes.sum(axis=1) == 0
    drop = np.where(counter, parent, place)
    near, whose = of.pooled.nearest(world)
    walks = counter & (near[place] >= 0) & (not market.from_stock)
    drop[walks] = near[place[walks]]
    comes[walks] = whose[:, drop[walks]].T
    counter = counter & ~walks
    cumulated = np.cumsum(np.where(comes | counter[:, None], world.operators.share[None, :], 0.0), axis=1)
    u = luck.uniform(of.seed, "who takes it", market.day, market.farms.key[market.farm[rows]])
    return counter, drop, (cumulated <= (u * cumulated[:, -1])[:, None]).sum(axis=1)


def gate_and_market(market: Market) -> tuple[Floats, Floats]:
    """Return what the farm gate and the county's market leave."""
    of, crop, c = market.of, market.crop, market.of.p.channels
    index = season.price_index(of.crops, market.day, of.start, c.off_season_rise, c.off_season_months)[crop]
    quality, there = qualities(market)
    metres, way = market.world.places.metres[market.place, 0], market.world.places.travel_us[market.place, 0]
    gate = channels.gate(of.crops.farm_yuan_kg[crop] * index, quality)
    return gate, channels.market(of.crops.wholesale_yuan_kg[crop] * index, there, metres / 1000, way / HOUR, loads(market)[1], c)


def lots_of(market: Market, channel: int) -> Keys:
    """Return the keys of lots of all offers in a channel: by farm, day, and turn among the farm's offers of the day."""
    turn = np.arange(len(market.farm)) - np.searchsorted(market.farm, market.farm) + STOCK_TURN * market.from_stock
    return lot_keys(market.farms.key[market.farm], market.day, channel, turn)
