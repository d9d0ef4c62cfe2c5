"""What operators expect households to order: first what the settled service lets them expect, then what was recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.response import demand_factor
from sim.plan.forecast import ordered_as_found
from sim.schema.parameters import Decisions, Demand
from sim.world.world import TOWNSHIP, VILLAGE, Floats, Int32s, Ints, World

STEP = 0.01
"""An expectation is a whole number of such steps and stays until it is off by more than one."""
DEVIATIONS = 4.0
"""Luck alone moves a period's orders by more than so many standard deviations about once in 16,000 periods."""


def answer_to(before: Floats, cost: Floats, reference: Floats, decisions: Decisions) -> Floats:
    """Return the orders expected by place over those of the county as found, (n,), where a parcel costs ``cost`` instead of ``reference``.

    What was expected ``before`` stays where it is off by no more than a step.
    """
    factor = demand_factor(cost, reference, decisions)
    answer: Floats = np.where(np.abs(factor - before) > STEP, np.round(factor / STEP) * STEP, before)
    return answer


@dataclass(frozen=True)
class Correction:
    """One correction of what is expected of a township's villages, or of its town: ``was`` and ``now`` over the county as found."""

    township: int
    village: bool
    was: float
    now: float


class Counted:
    """Orders since the last review, ``ordered`` (n,), and what the county as found would have ordered on those days, ``as_found`` (n,)."""

    def __init__(self, world: World, demand: Demand) -> None:
        self.mean_day = ordered_as_found(world, demand)
        self.ordered: Ints = np.zeros(world.places.n, np.int64)
        self.as_found: Floats = np.zeros(world.places.n)
        self._today: tuple[Ints, float] | None = None

    def add(self, places: Ints | Int32s, season: float) -> None:
        """Take the places (parcels,) of the orders of a day that begins, and its season; those of the day before count from now on."""
        if self._today is not None:
            self.ordered += self._today[0]
            self.as_found += self.mean_day * self._today[1]
        self._today = np.bincount(places, minlength=len(self.ordered)).astype(np.int64), season

    def begin(self) -> None:
        """Begin anew after a review."""
        self.ordered[:], self.as_found[:] = 0, 0.0


def corrected(world: World, answer: Floats, counted: Counted, above: float) -> tuple[Floats, tuple[Correction, ...]]:
    """Return what is expected (n,) after a period was counted, and what was corrected.

    Operators see a township's villages together, and its town: where orders were off by a share of more than ``above`` and by more than
    luck is, all places there are expected to order so much more or less from now on.
    """
    new, made = answer.copy(), []
    places = world.places
    for t, row in enumerate(np.flatnonzero(places.tier == TOWNSHIP).tolist()):
        for village in (True, False):
            here = np.flatnonzero((places.township == t) & ((places.tier == VILLAGE) == village))
            wanted = float((counted.as_found[here] * answer[here]).sum())
            if not wanted:
                continue
            ratio = float(counted.ordered[here].sum()) / wanted
            if abs(ratio - 1.0) <= max(above, DEVIATIONS / np.sqrt(wanted)):
                continue
            was = float(counted.as_found[here].sum())
            new[here] = np.maximum(np.round(answer[here] * ratio / STEP), 1.0) * STEP
            made.append(Correction(row, village, wanted / was, float((counted.as_found[here] * new[here]).sum()) / was))
    return new, tuple(made)
