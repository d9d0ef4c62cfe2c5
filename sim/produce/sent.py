"""What is known of parcels that farms have sent and that have not been judged yet."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.produce.climb import Arrived
from sim.produce.kernel import find
from sim.schema.raw import LOT_STAGE, NEVER, ON_LINE, ON_ROUND, ON_TRUNK
from sim.schema.rows import picked, together
from sim.world.world import Floats, Keys

SENT = np.dtype(
    [
        ("key", "u8"), ("lot", "u8"), ("farm", "i4"), ("quality", "f8"), ("price", "f8"), ("grams", "i8"), ("before", "f8"), ("ice", "i1"),
        ("zone", "i1"), ("litres", "f4"), ("celsius", "f4"),
    ]
)  # fmt: skip
"""A parcel: its lot and farm, its quality when handed in, yuan/kg listed, grams of produce, and the decay (days at 0 degrees) while it
waited for the pre-cooler and was cooled; steps of ice in its box, the buyer's zone, the box's litres, and how warm the produce was when it
was closed."""
TRIPS = {ON_ROUND: "round_trip", ON_LINE: "line_trip", ON_TRUNK: "trunk_trip"}


class Sent:
    """Rows of SENT."""

    def __init__(self) -> None:
        self._rows: npt.NDArray[Any] = np.empty(0, SENT)

    def add(self, rows: npt.NDArray[Any]) -> None:
        """Take parcels that set out."""
        self._rows = together([self._rows, rows])

    def pop(self, keys: Keys) -> npt.NDArray[Any]:
        """Return what is known of parcels (n,) and forget it."""
        left = np.ones(len(self._rows), np.bool_)
        at = find(np.ascontiguousarray(keys), np.ascontiguousarray(self._rows["key"]), left)
        assert (at >= 0).all()
        rows: npt.NDArray[Any] = self._rows.take(at)
        left[at] = False
        self._rows = picked(self._rows, left)
        return rows


def stage_rows(arrived: Arrived, sent: npt.NDArray[Any], after: Floats) -> npt.NDArray[Any]:
    """Return the stages of parcels, those of one lot that went through one together and as good as each other as one: rows of LOT_STAGE,
    by lot and time.

    ``after`` (n, 6) is the quality behind each stage.
    """
    went, which = np.nonzero(arrived.begin != NEVER)
    lot, times = sent["lot"][went], [column[went, which] for column in (arrived.begin, arrived.cold, arrived.end)]
    ways = [which, lot.view(np.int64), *times, after[went, which].view(np.int64)]
    by = np.lexsort(ways[::-1])
    new = np.zeros(len(by), np.bool_)
    new[:1] = True
    new[1:] = np.any([column[by[1:]] != column[by[:-1]] for column in ways], axis=0)
    first, own = by[new], np.empty(len(by), np.int64)
    own[by] = np.cumsum(new) - 1
    out, at, j = np.zeros(len(first), LOT_STAGE), went[first], which[first]
    out["lot"], out["farm"], out["stage"], out["place"] = lot[first], sent["farm"][at], j + 1, arrived.place[at, j]
    out["order"] = np.cumsum(arrived.begin != NEVER, axis=1)[at, j] - 1
    out["trip"] = -1
    for code, name in TRIPS.items():
        rides = j + 1 == code
        out["trip"][rides] = arrived.parcels[name][at[rides]]
    out["in"], out["cold"], out["out"] = (time[first] for time in times)
    out["grams"] = np.rint(np.bincount(own, sent["grams"][went], minlength=len(first))).astype(np.int64)
    out["celsius"], out["quality"] = arrived.celsius[at, j], after[at, j]
    return out.take(np.lexsort((out["order"], out["in"], out["lot"])))
