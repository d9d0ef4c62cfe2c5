"""What a parcel is worth when it arrives: paid by quality, refused, spoiled, and in which stage it was lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.produce.climb import ON_THE_WAY, Arrived
from sim.schema.produce import Sending
from sim.schema.raw import AT_BUYER, FIELD, IN_TRANSIT, REFUSED_OUT, REJECTED, SHIPPED, SPOILED
from sim.world.world import Bools, Floats, Int8s


@dataclass(frozen=True)
class Sale:
    """By parcel (n,): ``outcome`` (OUTCOMES code), ``quality`` on arrival, the stage at which it was lost (-1: it was not), and the quality
    ``after`` each stage on the way (n, 6)."""

    outcome: Int8s
    quality: Floats
    stage: Int8s
    after: Floats


def judge(arrived: Arrived, quality: Floats, rate0: Floats, damaged: Bools, sending: Sending) -> Sale:
    """Return what became of parcels that set out with ``quality`` (n,) and perish at ``rate0`` (n,) a day at 0 degrees.

    Below ``threshold`` the buyer refuses, below ``spoiled`` nobody wants it; damage is refused too. The stage is the first behind which
    the quality is below the threshold (the field, where it set out so).
    """
    after: Floats = quality[:, None] * np.exp(-rate0[:, None] * np.cumsum(arrived.decay, axis=1))
    last = after[:, -1]
    outcome = arrived.parcels["outcome"].copy()
    left = outcome == SHIPPED
    bad = left & (last < sending.threshold)
    outcome[bad | (left & damaged)] = REFUSED_OUT
    outcome[left & (last < sending.spoiled)] = SPOILED
    below = np.concatenate([quality[:, None], after], axis=1) < sending.threshold
    stages = np.array([FIELD, *ON_THE_WAY], np.int8)
    stage = np.where(bad, stages[np.argmax(below, axis=1)], -1)
    stage = np.where(left & damaged & ~bad, AT_BUYER, stage)
    stage = np.where(outcome == REJECTED, FIELD, stage)
    stage = np.where(outcome == IN_TRANSIT, -1, stage)
    return Sale(outcome, last, stage.astype(np.int8), after)
