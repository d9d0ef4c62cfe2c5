"""The money that produce moves on a day, collected until the ledger takes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.schema.raw import DUE
from sim.schema.rows import together
from sim.world.world import Floats, Int16s, Ints

YUAN = 100_000_000
"""Micro-fen in a yuan."""


def micro_fen(yuan: Floats) -> Ints:
    """Return yuan as whole micro-fen, rounded to the nearest; shape kept."""
    micro: Ints = np.rint(yuan * YUAN).astype(np.int64)
    return micro


class Dues:
    """Rows of DUE since the last ``take``."""

    def __init__(self) -> None:
        self._rows: list[npt.NDArray[Any]] = []

    def add(self, kind: int, place: Ints, quantity: Floats | Ints, micro: Ints, operator: Int16s | None = None) -> None:
        """Add dues of a kind (n,): places of the farms, quantities, micro-fen, and operator rows where one takes part."""
        rows = np.zeros(len(place), DUE)
        rows["kind"], rows["place"], rows["quantity"], rows["micro"] = kind, place, quantity, micro
        rows["operator"] = -1 if operator is None else operator
        self._rows.append(rows)

    def take(self) -> npt.NDArray[Any]:
        """Return what was added since the last call."""
        rows = together(self._rows) if self._rows else np.empty(0, DUE)
        self._rows = []
        return rows
