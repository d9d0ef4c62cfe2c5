"""A cost game: what every coalition of a pool's members would cost, and what each of them pays anyway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.world.world import Floats


@dataclass(frozen=True)
class Game:
    """n members; coalitions are bit masks over them. ``cost`` by mask, at least the members alone and all together; ``volume`` (n,)
    parcels; ``own`` (n,) what each pays itself while all pool; ``paid`` what all together cost as their pool runs, where that is more than
    they could cost."""

    cost: Mapping[int, float]
    volume: Floats
    own: Floats
    paid: float | None = None

    @property
    def n(self) -> int:
        return len(self.volume)

    @property
    def all(self) -> int:
        """Return the coalition of all members."""
        return (1 << self.n) - 1

    @property
    def total(self) -> float:
        """Return what is shared: the cost of all together."""
        return self.cost[self.all] if self.paid is None else self.paid

    def value(self, mask: int) -> float:
        """Return what a coalition costs, all together what is shared, nobody nothing."""
        return self.total if mask == self.all else self.cost[mask] if mask else 0.0

    @property
    def alone(self) -> Floats:
        """Return what each member costs alone, (n,)."""
        return np.array([self.cost[1 << i] for i in range(self.n)])

    @property
    def whole(self) -> bool:
        """Return whether every coalition is known."""
        return all(mask in self.cost for mask in range(1, 1 << self.n))


def positions(mask: int) -> list[int]:
    """Return the members of a coalition."""
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def subsets(mask: int) -> Iterator[int]:
    """Yield the non-empty proper parts of a coalition that hold its first member."""
    first = mask & -mask
    rest = mask ^ first
    part = (rest - 1) & rest
    while True:
        if part | first != mask:
            yield part | first
        if not part:
            return
        part = (part - 1) & rest


def cover(cost: Mapping[int, float]) -> dict[int, float]:
    """Return costs never above those of the best known partition: a coalition may always split up."""
    best: dict[int, float] = {}
    for mask in sorted(cost, key=lambda m: (m.bit_count(), m)):
        best[mask] = min([cost[mask], *(best[part] + best[mask ^ part] for part in subsets(mask) if part in best and mask ^ part in best)])
    return best
