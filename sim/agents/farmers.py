"""Farmers: the farms of one village, a slice of the county's columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

import mesa
import numpy as np

if TYPE_CHECKING:
    from sim.agents.county import County


class Farmers(mesa.Agent):
    """The farms of one village. ``rows`` is their slice of the farms' columns; their rules are in sim/agents/{channels,adoption}.py."""

    kind_name: ClassVar[str] = "farmer"

    def __init__(self, county: County, place: int, rows: slice) -> None:
        super().__init__(county)
        self.place = place
        self.rows = rows

    def state(self) -> Iterator[tuple[Any, ...]]:
        """Yield (agent, village, farms, farms that sell online, mean share of the price that those with sales remember, by the
        packaging that brought them most)."""
        county = cast("County", self.model)
        assert county.farming is not None
        key, paid = county.found.places.key[self.place], county.farming.memory.paid[self.rows]
        best = np.fmax.reduce(paid.reshape(len(paid), -1), axis=1)
        known = best[~np.isnan(best)]
        remembered = float(known.mean()) if len(known) else None
        yield f"farmers:{key}", key, self.rows.stop - self.rows.start, int(county.farming.online[self.rows].sum()), remembered
