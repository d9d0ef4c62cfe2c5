"""Lots: what one farm put into one channel on one day, open until every gram of it is accounted for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.produce.kernel import account, numbered
from sim.schema.raw import LOT
from sim.schema.rows import picked, together
from sim.world.world import Bools, Floats, Ints, Keys

ENDS = ("sold", "lost", "rejected", "unsold", "stock")
SOLD, LOST_, REJECTED_, UNSOLD, IN_STOCK = range(len(ENDS))
"""Where a gram can end; the columns of LOT."""


def lot_keys(farm: Keys, day: int, channel: int, turn: Ints) -> Keys:
    """Return the keys of lots from their farms' keys, the day, their channel and their turn among the farm's lots of that day there."""
    return luck.bits(0, "lot", day, farm, numbered(channel, turn).astype(np.uint64))


class Lots:
    """Lots that are settled since the last midnight, and those with parcels under way, sorted by key."""

    def __init__(self) -> None:
        self._done: list[npt.NDArray[Any]] = []
        self._open: npt.NDArray[Any] = np.empty(0, LOT)
        self._out: Ints = np.empty(0, np.int64)
        """Parcels outstanding of each open lot."""

    def settle(self, rows: npt.NDArray[Any]) -> None:
        """Take lots whose grams are accounted for."""
        if len(rows):
            self._done.append(rows)

    def begin(self, rows: npt.NDArray[Any]) -> None:
        """Take lots whose ``parcels`` set out."""
        every = together([self._open, rows])
        out = np.concatenate([self._out, rows["parcels"].astype(np.int64)])
        by = np.argsort(np.ascontiguousarray(every["lot"]), kind="stable")
        self._open, self._out = every.take(by), out[by]

    def add(self, lot: Keys, grams: Ints, end: Ints, stage: Ints, quality: Floats, micro: Ints, cold: Bools) -> None:
        """Account for parcels (n,) of open lots: ``grams`` to ``end`` (row of ENDS), lost ones to their ``stage`` (-1: not lost)."""
        at = np.searchsorted(np.ascontiguousarray(self._open["lot"]), lot)
        account(self._open, self._out, at, grams, end, stage, quality, micro, cold)
        over = self._out == 0
        if over.any():
            self._close(picked(self._open, over))
            self._open, self._out = picked(self._open, ~over), self._out[~over]

    def _close(self, rows: npt.NDArray[Any]) -> None:
        """Settle lots whose ``quality`` holds grams x quality."""
        with np.errstate(invalid="ignore"):
            rows["quality"] = np.where(rows["sold"] > 0, np.nan_to_num(rows["quality"]) / np.maximum(rows["sold"], 1), np.nan)
        self._done.append(rows)

    def finish(self) -> None:
        """At the end of a run: what is still under way counts as stock."""
        rows = self._open
        rows["stock"] += rows["grams"] - sum(rows[name] for name in ENDS)
        self._close(rows)
        self._open, self._out = self._open[:0], self._out[:0]

    def take(self) -> npt.NDArray[Any]:
        """Return what was settled since the last call."""
        rows = together(self._done) if self._done else np.empty(0, LOT)
        self._done = []
        return rows
