"""Operators: one Mesa agent each, holding the service mode of every village."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import mesa
import numpy as np

from sim.world.world import MODES, VILLAGE, Int8s

if TYPE_CHECKING:
    from sim.agents.county import County


class Operator(mesa.Agent):
    """One express network's franchise, or the post. Service modes are held here; in this version nobody revises them."""

    def __init__(self, county: County, row: int) -> None:
        super().__init__(county)
        self.row = row
        self.key = county.world.operators.key[row]
        self.kind = county.world.operators.kind[row]

    @property
    def modes(self) -> Int8s:
        """Service mode of every place, MODES codes, shape (n,)."""
        county = cast("County", self.model)
        row: Int8s = county.world.operators.mode[self.row]
        return row

    @property
    def villages_served(self) -> int:
        """Number of villages the operator delivers to itself."""
        county = cast("County", self.model)
        return int(((self.modes == MODES.index("village")) & (county.world.places.tier == VILLAGE)).sum())

    def shares(self) -> dict[str, float]:
        """Return the share of villages by service mode."""
        county = cast("County", self.model)
        mine = self.modes[county.world.places.tier == VILLAGE]
        return {name: float(np.mean(mine == code)) if len(mine) else 0.0 for code, name in enumerate(MODES)}
