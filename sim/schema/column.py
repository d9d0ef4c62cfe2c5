"""Declare a table of results: columns with type, unit and meaning in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["int", "key", "float", "bool", "text"]


@dataclass(frozen=True)
class Column:
    """One column: ``key`` is an unsigned 64-bit number; a time is whole seconds since 00:00 of ``start``, rounded down."""

    name: str
    type: Type
    unit: str
    en: str
    zh: str
    null: bool = False


@dataclass(frozen=True)
class Table:
    """One table; ``sampled`` tables hold whole households by key where a study writes a sample."""

    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    sampled: bool = False

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(c for c in self.columns if c.name == name)


def time(name: str, en: str, zh: str, null: bool = True) -> Column:
    """Return a column of times, whole seconds."""
    return Column(name, "int", "s", en, zh, null)


def text(name: str, en: str, zh: str, null: bool = False) -> Column:
    """Return a column of texts."""
    return Column(name, "text", "", en, zh, null)


def count(name: str, unit: str, en: str, zh: str, null: bool = False) -> Column:
    """Return a column of whole numbers."""
    return Column(name, "int", unit, en, zh, null)


def real(name: str, unit: str, en: str, zh: str, null: bool = False) -> Column:
    """Return a column of numbers."""
    return Column(name, "float", unit, en, zh, null)
