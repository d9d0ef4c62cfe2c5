"""Money by month: what each key of the book was posted in the window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.ledger.book import Book, Key, Postings
from sim.metrics.period import Window
from sim.units import FEN_PER_YUAN
from sim.world.world import Bools, Floats, Ints


class Purse:
    """Fen and quantities, shape (months, keys of the book)."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.fen = np.zeros((len(window.months), 256), np.int64)
        self.quantity = np.zeros((len(window.months), 256))

    def record(self, postings: Postings, keys: int) -> None:
        """Add a day's postings."""
        while self.fen.shape[1] < keys:
            self.fen = np.concatenate([self.fen, np.zeros_like(self.fen)], axis=1)
            self.quantity = np.concatenate([self.quantity, np.zeros_like(self.quantity)], axis=1)
        month = self.window.month(postings.day)
        if month >= 0:
            np.add.at(self.fen[month], postings.key, postings.fen)
            np.add.at(self.quantity[month], postings.key, postings.quantity)


class Account:
    """The books of one period, asked by a condition on the key."""

    def __init__(self, book: Book, fen: Ints, quantity: Floats) -> None:
        self.keys = book.keys
        self._fen, self._quantity = fen[: len(book.keys)], quantity[: len(book.keys)]

    def _mask(self, condition: Callable[[Key], bool]) -> Bools:
        return np.array([condition(key) for key in self.keys], np.bool_)

    def yuan(self, condition: Callable[[Key], bool]) -> float:
        """Return the yuan posted to the keys that meet a condition."""
        return float(self._fen[self._mask(condition)].sum()) / FEN_PER_YUAN if self.keys else 0.0

    def hours(self, condition: Callable[[Key], bool]) -> float:
        """Return the quantity posted to the keys that meet a condition."""
        return float(self._quantity[self._mask(condition)].sum()) if self.keys else 0.0

    def net(self, condition: Callable[[str], bool], leave_out: str = "") -> float:
        """Return receipts less outlays, yuan, of the actors that meet a condition, one category left out."""
        received = self.yuan(lambda key: condition(key.payee) and key.category != leave_out)
        return received - self.yuan(lambda key: condition(key.payer) and key.category != leave_out)

    def split(self, column: str, condition: Callable[[Key], bool], quantity: bool = False) -> dict[str, float]:
        """Return yuan (or quantities) by the values of a column, where a condition holds."""
        out: dict[str, float] = {}
        of = self._quantity if quantity else self._fen / FEN_PER_YUAN
        for key, amount in zip(self.keys, of.tolist(), strict=True):
            if condition(key):
                value = getattr(key, column) or "none"
                out[value] = out.get(value, 0.0) + amount
        return dict(sorted(out.items()))

    def nets(self) -> dict[str, int]:
        """Return receipts less outlays of every actor, whole fen; they add up to nothing."""
        out: dict[str, int] = {}
        for key, fen in zip(self.keys, self._fen.tolist(), strict=True):
            if fen:
                out[key.payee] = out.get(key.payee, 0) + fen
                out[key.payer] = out.get(key.payer, 0) - fen
        return out

    def by_place(self, category: str, places: tuple[str, ...]) -> Floats:
        """Return the yuan posted under a category by place, shape (n,)."""
        found = self.split("place", lambda key: key.category == category)
        return np.array([found.get(key, 0.0) for key in places])
