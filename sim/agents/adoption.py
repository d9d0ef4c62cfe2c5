"""When a farm begins to sell online and when it stops: plain functions over columns."""

from __future__ import annotations

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


def begins(gain_kg: Floats, kg_season: Floats, entry_yuan: Floats) -> Bools:
    """Say who begins: the gain over its best other channel, times what it could sell online in a season, beats what beginning costs."""
    start: Bools = gain_kg * kg_season > entry_yuan
    return start


def stops(gain_kg: Floats, below: Ints, learning: Learning) -> tuple[Bools, Ints]:
    """Say who stops, and for how many reviews in a row online has been worse than the best other channel by more than the threshold."""
    worse = np.where(gain_kg < -learning.leave_below, below + 1, 0).astype(np.int64)
    return worse >= learning.leave_after, worse
