"""Lots: what one farm put into one channel on one day, open until every gram of it is accounted for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.schema.raw import LOT
from sim.world.world import Floats, Ints, Keys


def lot_keys(farm: Keys, day: int, channel: Ints) -> Keys:
    """Return the keys of lots from their farms' keys, the day and the channel's code."""
    return luck.bits(0, "lot", day, farm, channel.astype(np.uint64))


@dataclass
class Lots:
    """``open`` are the lots with parcels under way: (row, parcels outstanding, quality x grams) by key; ``done`` those settled since the
    last midnight."""

    open: dict[int, tuple[Any, list[float]]] = field(default_factory=dict)
    done: list[npt.NDArray[Any]] = field(default_factory=list)

    def settle(self, rows: npt.NDArray[Any]) -> None:
        """Take lots whose grams are accounted for."""
        if len(rows):
            self.done.append(rows)

    def begin(self, rows: npt.NDArray[Any]) -> None:
        """Take lots whose parcels set out; ``rows["parcels"]`` of each are outstanding."""
        for row in rows:
            self.open[int(row["lot"])] = (row.copy(), [float(row["parcels"]), 0.0])

    def add(self, lot: Ints, grams: Ints, column: list[str], stage: Ints, quality: Floats, micro: Ints, cold: Ints) -> None:
        """Account for parcels (n,) of open lots: their ``grams`` go to a ``column``, lost ones to their ``stage``."""
        for i, key in enumerate(lot.tolist()):
            row, left = self.open[key]
            g = int(grams[i])
            row[column[i]] += g
            row["micro"] += int(micro[i])
            row["cold"] += g if cold[i] else 0
            if column[i] == "sold":
                left[1] += g * float(quality[i])
            if stage[i] >= 0:
                row["at_stage"][int(stage[i])] += g
            left[0] -= 1
            if left[0] == 0:
                row["quality"] = left[1] / int(row["sold"]) if row["sold"] else np.nan
                self.done.append(np.array([row], LOT))
                del self.open[key]

    def finish(self) -> None:
        """At the end of a run: what is still under way counts as stock."""
        for row, left in self.open.values():
            row["stock"] = int(row["grams"]) - int(row["sold"]) - int(row["lost"]) - int(row["rejected"]) - int(row["unsold"])
            row["quality"] = left[1] / int(row["sold"]) if row["sold"] else np.nan
            self.done.append(np.array([row], LOT))
        self.open.clear()

    def take(self) -> npt.NDArray[Any]:
        """Return what was settled since the last call, in order of the lots' keys."""
        rows = np.concatenate(self.done) if self.done else np.empty(0, LOT)
        self.done = []
        return rows[np.argsort(rows["lot"], kind="stable")]


