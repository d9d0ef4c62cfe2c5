"""The book: amounts totalled per day and key, rounded down to whole fen, the remainder carried over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.world.world import Floats, Ints

MICRO = 1_000_000
"""Micro-fen in a fen: amounts are whole micro-fen until they are posted."""


class Key(NamedTuple):
    """What a posting says besides its day, quantity and amount; "" where a column does not apply."""

    payer: str
    payee: str
    category: str
    nature: str = "resource"
    activity: str = ""
    resource: str = ""
    leg: str = ""
    place: str = ""
    programme: str = ""
    source: str = ""
    lever: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Postings:
    """The postings of one day: rows of the book's ``keys``, quantities in the key's unit, amounts in fen (> 0)."""

    day: int
    key: Ints
    quantity: Floats
    fen: Ints


class Book:
    """Keys in order of first use, and what each of them still owes, in micro-fen."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self._row: dict[Key, int] = {}
        self._micro = np.zeros(256, np.int64)
        self._quantity = np.zeros(256)

    def row(self, key: Key) -> int:
        """Return the row of a key, a new one at its first use."""
        row = self._row.get(key)
        if row is None:
            row = self._row[key] = len(self.keys)
            self.keys.append(key)
            if row >= len(self._micro):
                self._micro = np.concatenate([self._micro, np.zeros_like(self._micro)])
                self._quantity = np.concatenate([self._quantity, np.zeros_like(self._quantity)])
        return row

    def add(self, key: Key, quantity: float, micro: int) -> None:
        """Add an amount in micro-fen to a key."""
        row = self.row(key)
        self._micro[row] += micro
        self._quantity[row] += quantity

    def add_rows(self, rows: Ints, quantity: Floats, micro: Ints) -> None:
        """Add amounts (n,) in micro-fen to rows (n,), which may repeat."""
        np.add.at(self._micro, rows, micro)
        np.add.at(self._quantity, rows, quantity)

    def close(self, day: int) -> Postings:
        """Post what is owed in whole fen and carry the remainder over, with its quantity where nothing was posted."""
        fen = self._micro // MICRO
        rows = np.flatnonzero(fen)
        quantity = self._quantity[rows]
        self._micro[rows] -= fen[rows] * MICRO
        self._quantity[rows] = 0.0
        return Postings(day, rows, quantity, fen[rows])

    @property
    def carried(self) -> Ints:
        """Return what is carried over, micro-fen by row."""
        return self._micro[: len(self.keys)].copy()
