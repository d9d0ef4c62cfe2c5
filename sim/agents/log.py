"""What agents leave behind: decisions as they are made, and the state of every agent once a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Row = tuple[Any, ...]


class Diary(Protocol):
    """Takes decisions and states as rows of the tables ``decisions`` and ``agents_<kind>``."""

    def decisions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take decisions."""

    def agents(self, kind: str, rows: Sequence[Row]) -> None:
        """Take the states of the agents of a kind."""


@dataclass
class Kept:
    """A diary in memory, for runs that write nothing."""

    made: list[Row] = field(default_factory=list)
    states: dict[str, list[Row]] = field(default_factory=dict)

    def decisions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take decisions."""
        self.made += rows

    def agents(self, kind: str, rows: Sequence[Row]) -> None:
        """Take the states of the agents of a kind."""
        self.states.setdefault(kind, []).extend(rows)
