"""What is known of parcels that farms have sent and that have not been judged yet."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.produce.climb import Arrived
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
    """Rows of SENT, sorted by key."""

    def __init__(self) -> None:
        self._rows: npt.NDArray[Any] = np.empty(0, SENT)

    def add(self, rows: npt.NDArray[Any]) -> None:
        """Take parcels that set out."""
        every = together([self._rows, rows])
        self._rows = every.take(np.argsort(np.ascontiguousarray(every["key"]), kind="stable"))

    def pop(self, keys: Keys) -> npt.NDArray[Any]:
        """Return what is known of parcels (n,) and forget it."""
        at = np.searchsorted(np.ascontiguousarray(self._rows["key"]), keys)
        rows = self._rows.take(at)
        left = np.ones(len(self._rows), np.bool_)
        left[at] = False
        self._rows = picked(self._rows, left)
        return rows


def stage_rows(arrived: Arrived, sent: npt.NDArray[Any], after: Floats) -> npt.NDArray[Any]:
    """Return the stages of parcels, those of one lot that went through one together and as good as each other as one: rows of LOT_STAGE,
    by lot and time.

    ``after`` (n, 6) is the quality behind each stage.
    """
    lot, farm, grams = (np.ascontiguousarray(sent[name]) for name in ("lot", "farm", "grams"))
    parts, order = [], np.zeros(len(sent), np.int64)
    for j in range(arrived.begin.shape[1]):
        code = j + 1
        went = np.flatnonzero(arrived.begin[:, j] != NEVER)
        ways = [lot[went].view(np.int64), *(column[went, j] for column in (arrived.begin, arrived.cold, arrived.end))]
        ways.append(np.ascontiguousarray(after[went, j]).view(np.int64))
        by = np.lexsort(ways[::-1])
        new = np.zeros(len(went), np.bool_)
        new[:1] = True
        for column in ways:
            new[1:] |= np.diff(column[by]) != 0
        which = np.empty(len(went), np.int64)
        which[by] = np.cumsum(new) - 1
        out, at = np.zeros(int(new.sum()), LOT_STAGE), went[by[new]]
        out["lot"], out["farm"], out["order"], out["stage"] = lot[at], farm[at], order[at], code
        out["place"] = arrived.place[at, j]
        out["trip"] = arrived.parcels[TRIPS[code]][at] if code in TRIPS else -1
        out["in"], out["cold"], out["out"] = arrived.begin[at, j], arrived.cold[at, j], arrived.end[at, j]
        out["grams"] = np.rint(np.bincount(which, grams[went], minlength=len(at))).astype(np.int64)
        out["celsius"], out["quality"] = arrived.celsius[at, j], after[at, j]
        order[went] += 1
        parts.append(out)
    rows = together(parts)
    return rows.take(np.lexsort((rows["order"], rows["in"], rows["lot"])))
