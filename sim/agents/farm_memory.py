"""What farms remember of their sales online: what share of the listed price they were paid, by the ice they packed and by zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.parcel_kernel import hear
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


class Sales:
    """Sales that have ended or will have soon, until farms hear of them: (ended at, farm, packaging x zone, yuan paid, yuan listed)."""

    def __init__(self) -> None:
        self._told: list[tuple[Ints, Ints, Ints, Floats, Floats]] = []
        self._sums: dict[int, Floats] = {}

    def note(self, finished: Ints, farm: Ints, how: Ints, paid: Floats, value: Floats) -> None:
        """Note sales (n,) that ended at ``finished``: yuan paid to farms for what was listed at ``value``; ``how`` is their cell of
        (levels, zones)."""
        self._told.append((finished, farm, how, paid, value))

    def learn(self, now: int, memory: Memory, farms: Farms, weight: float) -> None:
        """Put what ended before ``now`` into a memory, farm by farm and village by village; new sales have ``weight``."""
        if not self._told:
            return
        finished, farm, how, paid, value = (np.concatenate(column) for column in zip(*self._told, strict=True))
        over = finished < now
        self._told = [(finished[~over], farm[~over], how[~over], paid[~over], value[~over])]
        if not over.any():
            return
        cells, crops = memory.paid.shape[1] * memory.paid.shape[2], memory.village.shape[1]
        village = farms.place[farm[over]].astype(np.int64) * crops + farms.crop[farm[over]]
        own, village = (who * cells + how[over] for who in (farm[over], village))
        paid, value = paid[over], value[over]
        for known, who in ((memory.paid.reshape(-1), own), (memory.village.reshape(-1), village)):
            if len(known) not in self._sums:
                self._sums[len(known)] = np.zeros((2, len(known)))
            hear(who, paid, value, weight, known, self._sums[len(known)])
