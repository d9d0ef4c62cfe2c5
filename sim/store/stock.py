"""Stock at midnight: what waits for its receiver at each place, rebuilt from when parcels became ready and ended."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.schema.tables import STOCK
from sim.store.arrow import TYPES, batch, coded
from sim.store.kernel import count_stock
from sim.store.parcels import township_rows
from sim.units import DAY, SECOND
from sim.world.world import VILLAGE, World


class Stock:
    """Millilitres and parcels by midnight (rows grow) and place; station: in the village, township: at an outlet."""

    def __init__(self, world: World) -> None:
        self._townships = township_rows(world)
        self._first: int | None = None
        self._change = np.zeros((2, 64, world.places.n), np.int64)
        self._last = 0

    def record(self, parcels: npt.NDArray[Any], day: int) -> None:
        """Take the down parcels that ended (or are open) on a day."""
        if self._first is None:
            self._first = day - 1
        self._last = day
        while day - self._first + 2 >= self._change.shape[1]:
            self._change = np.concatenate([self._change, np.zeros_like(self._change)], axis=1)
        count_stock(np.ascontiguousarray(parcels), self._first, self._townships, self._change)

    def table(self, world: World) -> pa.Table:
        """Return ``stock``: per midnight and place with anything, litres (with the shelves' capacity) and parcels."""
        first = self._first or 0
        station = world.places.tier >= VILLAGE
        shelf = (world.stations.shelf_ml + world.stations.overflow_ml) / 1000
        limited = station & ~np.any(world.stations.doors, axis=1)
        total = np.cumsum(self._change, axis=1)[:, : self._last + 2 - first]
        row, place = np.nonzero(total[1])
        twice = np.tile(place, 2)
        litres = np.arange(len(twice)) < len(row)
        columns = {
            "time_s": np.tile((first + row) * (DAY // SECOND), 2),
            "place": coded(twice, world.places.key),
            "kind": coded(np.where(station[twice], 0, 1), ("station", "township")),
            "operator": pa.nulls(len(twice), TYPES["text"]),
            "unit": coded(np.where(litres, 0, 1), ("l", "parcel")),
            "amount": np.concatenate([total[0][row, place] / 1000, total[1][row, place].astype(np.float64)]),
            "capacity": pa.array(shelf[twice], mask=~(litres & limited[twice])),
        }
        return batch(STOCK, columns)
