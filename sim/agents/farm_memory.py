"""What farms remember of their sales online: what share of the listed price they were paid, by the ice they packed and by zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.parcel_kernel import hear
from sim.schema.rows import picked, together
from sim.world.farms import Farms
from sim.world.world import Floats, Ints


@dataclass
class Memory:
    """``paid`` (f, levels, zones): share of the listed price a farm was paid online by the ice it packed and the buyers' zone, NaN before
    its first such sale; ``village`` (n, c, levels, zones): the same, of all who sell a crop online in a village; ``below`` (f,): reviews
    in a row in which online was worse. One zone where farms do not tell them apart."""

    paid: Floats
    village: Floats
    below: Ints

    def anew(self) -> Memory:
        """Return what is remembered when another season begins: what was paid, and no reviews in a row."""
        return Memory(self.paid.copy(), self.village.copy(), np.zeros_like(self.below))


def nothing_yet(farms: Farms, places: int, crops: int, levels: int, zones: int) -> Memory:
    """Return the memory of farms that have sold nothing."""
    shape = (levels, zones)
    return Memory(np.full((farms.n, *shape), np.nan), np.full((places, crops, *shape), np.nan), np.zeros(farms.n, np.int64))


SALE = np.dtype([("finished", "i8"), ("farm", "i8"), ("how", "i8"), ("paid", "f8"), ("value", "f8")])
"""A sale that has ended or will have soon: when, whose, packaging x zone, yuan paid, yuan listed."""


class Sales:
    """Rows of SALE until farms hear of them."""

    def __init__(self) -> None:
        self._told: npt.NDArray[Any] = np.empty(0, SALE)
        self._sums: dict[int, Floats] = {}

    def note(self, finished: Ints, farm: Ints, how: Ints, paid: Floats, value: Floats) -> None:
        """Note sales (n,) that ended at ``finished``: yuan paid to farms for what was listed at ``value``; ``how`` is their cell of
        (levels, zones)."""
        rows = np.empty(len(farm), SALE)
        rows["finished"], rows["farm"], rows["how"], rows["paid"], rows["value"] = finished, farm, how, paid, value
        self._told = together([self._told, rows])

    def learn(self, now: int, memory: Memory, farms: Farms, weight: float) -> None:
        """Put what ended before ``now`` into a memory, farm by farm and village by village; new sales have ``weight``."""
        over = self._told["finished"] < now
        if not over.any():
            return
        rows, self._told = picked(self._told, over), picked(self._told, ~over)
        farm, how, paid, value = (np.ascontiguousarray(rows[name]) for name in ("farm", "how", "paid", "value"))
        cells, crops = memory.paid.shape[1] * memory.paid.shape[2], memory.village.shape[1]
        village = farms.place[farm].astype(np.int64) * crops + farms.crop[farm]
        for known, who in ((memory.paid.reshape(-1), farm), (memory.village.reshape(-1), village)):
            if len(known) not in self._sums:
                self._sums[len(known)] = np.zeros((2, len(known)))
            hear(who * cells + how, paid, value, weight, known, self._sums[len(known)])
