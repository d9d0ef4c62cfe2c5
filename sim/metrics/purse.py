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


class Index:
    """The keys of a book by column, and which of them meet a condition: asked once for all periods."""

    def __init__(self, book: Book) -> None:
        self.keys = list(book.keys)
        self._codes: dict[str, tuple[list[str], Ints]] = {}
        self._known: dict[Callable[[Key], bool], Bools] = {}

    def codes(self, column: str) -> tuple[list[str], Ints]:
        """Return the values of a column in order of first use, and which of them each key has, shape (keys,)."""
        if column not in self._codes:
            at = Key._fields.index(column)
            row: dict[str, int] = {}
            of = np.array([row.setdefault(key[at], len(row)) for key in self.keys], np.int64)
            self._codes[column] = list(row), of
        return self._codes[column]

    def by(self, column: str, condition: str | Callable[[str], bool]) -> Bools:
        """Return which keys have a value in a column that is a text or meets a condition, shape (keys,)."""
        values, of = self.codes(column)
        return np.array([condition(value) if callable(condition) else value == condition for value in values], np.bool_)[of]

    def where(self, condition: Callable[[Key], bool]) -> Bools:
        """Return which keys meet a condition, shape (keys,)."""
        if condition not in self._known:
            self._known[condition] = np.array([condition(key) for key in self.keys], np.bool_)
        return self._known[condition]


class Account:
    """The books of one period, asked by a condition on the key or by which keys (keys,) an ``index`` says."""

    def __init__(self, book: Book, fen: Ints, quantity: Floats, index: Index | None = None) -> None:
        self.index = index if index is not None else Index(book)
        self.keys = self.index.keys
        self._fen, self._quantity = fen[: len(self.keys)], quantity[: len(self.keys)]

    def yuan(self, which: Bools | Callable[[Key], bool]) -> float:
        """Return the yuan posted to the keys that are marked or meet a condition."""
        return float(self._fen[self._marked(which)].sum()) / FEN_PER_YUAN

    def hours(self, which: Bools | Callable[[Key], bool]) -> float:
        """Return the quantity posted to the keys that are marked or meet a condition."""
        return float(self._quantity[self._marked(which)].sum())

    def _marked(self, which: Bools | Callable[[Key], bool]) -> Bools:
        return self.index.where(which) if callable(which) else which

    def net(self, condition: str | Callable[[str], bool], leave_out: str = "") -> float:
        """Return receipts less outlays, yuan, of an actor or of those that meet a condition, one category left out."""
        kept = self.index.by("category", lambda category: category != leave_out)
        return self.yuan(self.index.by("payee", condition) & kept) - self.yuan(self.index.by("payer", condition) & kept)

    def split(self, column: str, which: Bools | Callable[[Key], bool], quantity: bool = False) -> dict[str, float]:
        """Return yuan (or quantities) by the values of a column, of the keys that are marked or meet a condition."""
        values, of = self.index.codes(column)
        amount = self._quantity if quantity else self._fen / FEN_PER_YUAN
        rows = np.flatnonzero(self._marked(which))
        total = np.bincount(of[rows], amount[rows], len(values))
        return dict(sorted((values[i] or "none", float(total[i])) for i in np.unique(of[rows]).tolist()))

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
        found = self.split("place", self.index.by("category", category))
        return np.array([found.get(key, 0.0) for key in places])
