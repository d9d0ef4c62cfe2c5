"""When a farm begins to sell online and when it stops: plain functions over columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.schema.produce import Learning
from sim.world.world import Bools, Floats, Ints


def expected_paid(own: Floats, village: Floats, learning: Learning) -> Floats:
    """Return the share of the listed price that farms expect to be paid: their own experience, else the neighbours' and the prior by
    weight, else the prior; NaN marks no experience."""
    prior = learning.prior_paid
    heard = np.where(np.isnan(village), prior, learning.neighbours * village + (1 - learning.neighbours) * prior)
    paid: Floats = np.where(np.isnan(own), heard, own)
    return paid


def begins(gain_kg: float, kg_season: float, entry_yuan: float) -> bool:
    """Say whether a farm begins: the gain over its best other channel, times what it could sell online in a season, beats what beginning
    costs."""
    return gain_kg * kg_season > entry_yuan


@dataclass(frozen=True)
class Buyers:
    """By crop (c,): parcels a day that online buyers order at most, and those that farms online would get if there were buyers for all."""

    most: Floats
    busy: Floats


def in_turn(
    turn: Ints,
    may: Bools,
    crop: Ints,
    orders: Floats,
    more: Floats,
    buyers: Buyers,
    kg_order: Floats,
    most_kg: Floats,
    gain: Floats,
    entry: Floats,
) -> tuple[Bools, Floats]:
    """Let farms (n,) decide one after the other, in the order ``turn``: say who begins, and return the kg each could sell over the season.

    Each shares the buyers of its crop with the farms online and with those that have begun before it. ``orders`` a day are what buyers
    place with it where there are enough of them, ``more`` what it would add to those online; ``kg_order`` is what an order a day comes to
    over the season, ``most_kg`` what it has. ``may`` begin: those offline that would gain.
    """
    start, kg = np.zeros(len(turn), np.bool_), np.zeros(len(turn))
    busy = buyers.busy.tolist()
    columns = (turn, may[turn], crop[turn], orders[turn], more[turn], kg_order[turn], most_kg[turn], gain[turn], entry[turn])
    for i, can, c, own, add, each, most, better, cost in zip(*(column.tolist() for column in columns), strict=True):
        rate = own * min(1.0, float(buyers.most[c]) / max(busy[c] + add, 1e-9))
        kg[i] = min(rate * each, most)
        if can and begins(better, float(kg[i]), cost):
            start[i] = True
            busy[c] += own
    return start, kg


def stops(gain_kg: Floats, below: Ints, learning: Learning) -> tuple[Bools, Ints]:
    """Say who stops, and for how many reviews in a row online has been worse than the best other channel by more than the threshold."""
    worse = np.where(gain_kg < -learning.leave_below, below + 1, 0).astype(np.int64)
    return worse >= learning.leave_after, worse
