"""When a farm begins to sell online and when it stops: plain functions over columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.schema.produce import Learning
from sim.world.world import Bools, Floats, Ints


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
    start, busy = np.zeros(len(turn), np.bool_), buyers.busy.tolist()
    grown: dict[int, tuple[list[int], list[float]]] = {}
    asks = np.flatnonzero(may[turn])
    for at, i in zip(asks.tolist(), turn[asks].tolist(), strict=True):
        c = int(crop[i])
        rate = float(orders[i]) * min(1.0, float(buyers.most[c]) / max(busy[c] + float(more[i]), 1e-9))
        if begins(float(gain[i]), min(rate * float(kg_order[i]), float(most_kg[i])), float(entry[i])):
            start[i] = True
            when, after = grown.setdefault(c, ([], [busy[c]]))
            busy[c] += float(orders[i])
            when.append(at)
            after.append(busy[c])
    met, place = buyers.busy[crop], np.empty(len(turn), np.int64)
    place[turn] = np.arange(len(turn))
    for c, (when, after) in grown.items():
        own = np.flatnonzero(crop == c)
        met[own] = np.array(after)[np.searchsorted(when, place[own])]
    every = orders * np.minimum(1.0, buyers.most[crop] / np.maximum(met + more, 1e-9))
    return start, np.minimum(every * kg_order, most_kg)


def stops(gain_kg: Floats, below: Ints, learning: Learning) -> tuple[Bools, Ints]:
    """Say who stops, and for how many reviews in a row online has been worse than the best other channel by more than the threshold."""
    worse = np.where(gain_kg < -learning.leave_below, below + 1, 0).astype(np.int64)
    return worse >= learning.leave_after, worse
