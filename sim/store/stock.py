"""Stock at midnight: what waits for its receiver at each place, rebuilt from when parcels became ready and ended."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.errors import SimError
from sim.schema.tables import STOCK
from sim.store.arrow import TYPES, batch, coded
from sim.store.kernel import count_stock
from sim.store.parcels import township_rows
from sim.units import DAY, SECOND
from sim.world.world import VILLAGE, Floats, Ints, World

WAITS = 33
"""A midnight so many days ago is settled: a parcel is told of when it has ended, and none waits longer than 30 days (``holding_days``)."""
BLOCK = 30
"""Midnights that are written together."""


def cold_table(world: World, day: int, held_g: Ints, room_g: Ints) -> pa.Table | None:
    """Return the rows of ``stock`` of what stood in the cold at the midnight after a day; ``held_g``, ``room_g`` (n,). None where there is
    no cold."""
    some = np.flatnonzero((held_g > 0) | (room_g > 0))
    if not len(some):
        return None
    columns = {
        "time_s": np.full(len(some), (day + 1) * (DAY // SECOND)),
        "place": coded(some, world.places.key),
        "kind": coded(np.zeros(len(some), np.int64), ("cold",)),
        "operator": pa.nulls(len(some), TYPES["text"]),
        "unit": coded(np.zeros(len(some), np.int64), ("kg",)),
        "amount": held_g[some] / 1000,
        "capacity": room_g[some] / 1000,
    }
    return batch(STOCK, columns)


class Stock:
    """Millilitres and parcels by midnight and place; station: in the village, township: at an outlet.

    Only midnights that are not settled are held, however long the run.
    """

    def __init__(self, world: World) -> None:
        self._townships = township_rows(world)
        self._station = world.places.tier >= VILLAGE
        self._first: int | None = None
        """The day that begins with the first midnight held."""
        self._change = np.zeros((2, WAITS + BLOCK + 3, world.places.n), np.int64)
        self._before = np.zeros((2, world.places.n), np.int64)
        """What stood at the midnight before it."""
        self._last = 0
        self._shelves: list[tuple[int, Floats]] = []

    def in_force(self, day: int, world: World) -> None:
        """Note the capacity of shelves (NaN: no limit, or counted in doors) from the midnight after a day on."""
        shelf = (world.stations.shelf_ml + world.stations.overflow_ml) / 1000
        limited = self._station & ~np.any(world.stations.doors, axis=1)
        self._shelves.append((day + 1 if self._shelves else -(2**30), np.where(limited, shelf, np.nan)))

    def record(self, parcels: npt.NDArray[Any], day: int) -> None:
        """Take the down parcels that ended (or are open) on a day."""
        if self._first is None:
            self._first = day - 1
        self._last = day
        if count_stock(np.ascontiguousarray(parcels), self._first, self._townships, self._change) < 0:
            raise SimError(
                f"a parcel that ended on day {day} had waited for more than {WAITS} days: the stock of its first midnights is written"
            )

    def settled(self, world: World) -> pa.Table | None:
        """Return the rows of ``stock`` of a block of settled midnights and forget them; None while there is none."""
        assert self._first is not None
        if self._last + 2 - self._first < WAITS + BLOCK:
            return None
        table = self._table(world, BLOCK)
        self._before += self._change[:, :BLOCK].sum(axis=1)
        self._change[:, :-BLOCK] = self._change[:, BLOCK:].copy()
        self._change[:, -BLOCK:] = 0
        self._first += BLOCK
        while len(self._shelves) > 1 and self._shelves[1][0] <= self._first:
            self._shelves.pop(0)
        return table

    def rest(self, world: World) -> pa.Table:
        """Return the rows of the midnights that are held at the end of a run."""
        return self._table(world, self._last + 2 - (self._first or 0))

    def _table(self, world: World, midnights: int) -> pa.Table:
        """Return ``stock`` of the first midnights held: per midnight and place with anything litres, then parcels."""
        first = self._first or 0
        total = self._before[:, None, :] + np.cumsum(self._change[:, :midnights], axis=1)
        row, place = np.nonzero(total[1])
        twice = np.tile(place, 2)
        litres = np.arange(len(twice)) < len(row)
        since = np.searchsorted([day for day, _ in self._shelves], first + row, side="right") - 1
        shelf = np.stack([shelf for _, shelf in self._shelves])[since, place]
        capacity = np.concatenate([shelf, np.full(len(row), np.nan)])
        columns = {
            "time_s": np.tile((first + row) * (DAY // SECOND), 2),
            "place": coded(twice, world.places.key),
            "kind": coded(np.where(self._station[twice], 0, 1), ("station", "township")),
            "operator": pa.nulls(len(twice), TYPES["text"]),
            "unit": coded(np.where(litres, 0, 1), ("l", "parcel")),
            "amount": np.concatenate([total[0][row, place] / 1000, total[1][row, place].astype(np.float64)]),
            "capacity": pa.array(capacity, mask=np.isnan(capacity)),
        }
        return batch(STOCK, columns)
