"""Farms think of beginning and of stopping to sell online, one after the other by key: each sees those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import luck
from sim.agents import adoption
from sim.agents.farm_market import COLD_, CONTRACT_, GATE_, MARKET_, OFFER, ONLINE_, Market
from sim.agents.review import Decision
from sim.produce import season
from sim.produce.dues import micro_fen
from sim.schema.raw import TRAINING
from sim.units import DAY
from sim.world.world import Bools, Floats, Ints, World

if TYPE_CHECKING:
    from sim.agents.farming import Farming


def review(of: Farming, day: int, world: World) -> list[Decision]:
    """Let farms whose crop is in season begin or stop to sell online; return what they decided."""
    lea, farms = of.p.learning, of.farms
    crops, into = of.harvest.open(day)
    inside = np.isin(farms.crop, crops)
    of.promised.settle(inside)
    thinks = luck.uniform(of.seed, "thinks of online", day, farms.key) < lea.considers
    rows = np.flatnonzero(inside & (of.online | thinks))
    if not len(rows):
        return []
    turn, crop = np.argsort(farms.key[rows], kind="stable"), farms.crop[rows].astype(np.int64)
    grams = np.zeros(farms.n, np.int64)
    for c in crops.tolist():
        grams[farms.crop == c] = of.harvest.season(c, day)[0]
    offers = np.zeros(len(rows), OFFER)
    offers["farm"], offers["since"], offers["quality"] = rows, day * DAY, of.p.farming.quality_mean
    offers["grams"] = np.maximum(grams[rows] * of.harvest.every[crop] // of.harvest.length[crop], 1)
    market = Market(of, day, world, offers, everybody=True)
    gain = market.net[:, ONLINE_] - np.maximum(market.net[:, [GATE_, MARKET_, CONTRACT_, COLD_]].max(axis=1), 0.0)
    online = of.online[rows]
    left = (of.harvest.length - into)[crop]
    may = ~online & (gain > 0)
    days, left_of = np.minimum(lea.season_days, left), _entry(of, rows, may, turn)
    start, kg = adoption.in_turn(
        turn, may, crop, of.orders[rows], np.where(online, 0.0, of.orders[rows]), adoption.Buyers(of.buyers, of.busy),
        days * market.reached * market.parcel_g / 1000, grams[rows] / 1000 * left / of.harvest.length[crop], gain, lea.entry_cost * left_of,
    )  # fmt: skip
    taught = farms.place[rows[start & (left_of < 1)]].astype(np.int64)
    of.dues.add(TRAINING, taught, np.ones(len(taught)), micro_fen(of.fields.outreach.training_yuan[taught]))
    stop, below = adoption.stops(gain, of.memory.below[rows], lea)
    of.memory.below[rows] = np.where(online, below, 0)
    stop &= online & ~np.isnan(of.memory.paid[rows]).all(axis=(1, 2))
    of.online[rows[start]], of.online[rows[stop]] = True, False
    month = np.rint(gain * kg * 100 / np.maximum(days, 1) * season.MONTH_DAYS).astype(np.int64)
    keys = world.places.key
    return [
        Decision(day, f"farm:{keys[farms.place[r]]}/{int(farms.key[r]):016x}", "farmer", "online", *words, int(month[i]), reason)
        for who, words, reason in ((start, ("offline", "online"), "gain over entry cost"), (stop, ("online", "offline"), "own sales"))
        for i, r in zip(turn[who[turn]].tolist(), rows[turn[who[turn]]].tolist(), strict=True)
    ]


def _entry(of: Farming, rows: Ints, may: Bools, turn: Ints) -> Floats:
    """Return what is left of the entry cost (rows,): training takes on so many farms of a place at a review, in their turn."""
    reach, place = of.fields.outreach, of.farms.place[rows]
    left = np.ones(len(rows))
    want = turn[(reach.trained[place] & may)[turn]]
    order = want[np.argsort(place[want], kind="stable")]
    number = np.arange(len(order)) - np.searchsorted(place[order], place[order])
    inside = order[number < reach.places_review[place[order]]]
    left[inside] = reach.entry_left[place[inside]]
    return left
