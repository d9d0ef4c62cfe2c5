"""Lots: what one farm put into one channel on one day, open until every gram of it is accounted for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.produce.kernel import account, find, numbered, weigh_up
from sim.schema.raw import LOT
from sim.schema.rows import blocks, picked, together
from sim.world.world import Bools, Floats, Ints, Keys

ENDS = ("sold", "lost", "rejected", "unsold", "stock")
SOLD, LOST_, REJECTED_, UNSOLD, IN_STOCK = range(len(ENDS))
"""Where a gram can end; the columns of LOT."""


def lot_keys(farm: Keys, day: int, channel: int, turn: Ints) -> Keys:
    """Return the keys of lots from their farms' keys, the day, their channel and their turn among the farm's lots of that day there."""
    return luck.bits(0, "lot", day, farm, numbered(channel, turn).astype(np.uint64))


class Lots:
    """Lots that are settled since the last midnight, and those with parcels under way."""

    def __init__(self) -> None:
        self._done: npt.NDArray[Any] = np.empty(0, LOT)
        self._n = 0
        """Rows of these in use; the others are to come."""
        self._open: npt.NDArray[Any] = np.empty(0, LOT)
        self._out: Ints = np.empty(0, np.int64)
        """Parcels outstanding of each open lot."""

    def settled(self, n: int) -> npt.NDArray[Any]:
        """Return n more lots that are settled, all zero, to be filled in at once."""
        first, self._n = self._n, self._n + n
        if self._n > len(self._done):
            self._done = together([self._done[:first], np.empty(2 * self._n - first, LOT)])
        rows = self._done[first : self._n]
        rows.view(np.uint8).fill(0)
        return rows

    def settle(self, rows: npt.NDArray[Any]) -> None:
        """Take lots whose grams are accounted for."""
        blocks(self.settled(len(rows)))[:] = blocks(np.ascontiguousarray(rows))

    def begin(self, rows: npt.NDArray[Any]) -> None:
        """Take lots whose ``parcels`` set out."""
        self._open = together([self._open, rows])
        self._out = np.concatenate([self._out, rows["parcels"].astype(np.int64)])

    def add(self, lot: Keys, grams: Ints, end: Ints, stage: Ints, quality: Floats, micro: Ints, cold: Bools) -> None:
        """Account for parcels (n,) of open lots: ``grams`` to ``end`` (row of ENDS), lost ones to their ``stage`` (-1: not lost)."""
        at = find(np.ascontiguousarray(lot), np.ascontiguousarray(self._open["lot"]), np.ones(len(self._open), np.bool_))
        assert (at >= 0).all()
        account(self._open, self._out, at, grams, end, stage, quality, micro, cold)
        over = self._out == 0
        if over.any():
            self._close(picked(self._open, over))
            self._open, self._out = picked(self._open, ~over), self._out[~over]

    def _close(self, rows: npt.NDArray[Any]) -> None:
        """Settle lots whose ``quality`` holds grams x quality, in order of their keys."""
        rows = rows.take(np.argsort(np.ascontiguousarray(rows["lot"])))
        weigh_up(rows)
        self.settle(rows)

    def finish(self) -> None:
        """At the end of a run: what is still under way counts as stock."""
        rows = self._open
        rows["stock"] += rows["grams"] - sum(rows[name] for name in ENDS)
        self._close(rows)
        self._open, self._out = self._open[:0], self._out[:0]

    def take(self) -> npt.NDArray[Any]:
        """Return what was settled since the last call."""
        rows = self._done[: self._n]
        self._done, self._n = np.empty(self._n * 9 // 8, LOT), 0
        return rows
