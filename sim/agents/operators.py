"""Operators: one Mesa agent each, holding the service mode of every village."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

import mesa
import numpy as np

from sim.world.world import MODES, VILLAGE, Int8s

if TYPE_CHECKING:
    from sim.agents.county import County


class Operator(mesa.Agent):
    """One express network's franchise, or the post. The rule by which it reviews its villages is in ``sim/agents/review.py``."""

    kind_name: ClassVar[str] = "carrier"

    def __init__(self, county: County, row: int) -> None:
        super().__init__(county)
        self.row = row
        self.key = county.found.operators.key[row]
        self.kind = county.found.operators.kind[row]

    @property
    def county(self) -> County:
        """The model it lives in."""
        return cast("County", self.model)

    @property
    def modes(self) -> Int8s:
        """Service mode of every place, MODES codes, shape (n,)."""
        row: Int8s = self.county.now.operators.mode[self.row]
        return row

    @property
    def villages_served(self) -> int:
        """Number of villages the operator delivers to itself."""
        return int(((self.modes == MODES.index("village")) & (self.county.now.places.tier == VILLAGE)).sum())

    def shares(self) -> dict[str, float]:
        """Return the share of villages by service mode."""
        mine = self.modes[self.county.now.places.tier == VILLAGE]
        return {name: float(np.mean(mine == code)) if len(mine) else 0.0 for code, name in enumerate(MODES)}

    def state(self) -> Iterator[tuple[Any, ...]]:
        """Yield (agent, village, mode, days a week, parcels a day, changed by itself) for each village."""
        county = self.county
        days = int(county.now.operators.days[self.row]).bit_count()
        for place in np.flatnonzero(county.now.places.tier == VILLAGE).tolist():
            parcels = float(county.recorded.last[self.row, place])
            changed = bool(self.modes[place] != county.levers.operators.mode[self.row, place])
            yield self.key, county.now.places.key[place], MODES[int(self.modes[place])], days, _known(parcels), changed


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
