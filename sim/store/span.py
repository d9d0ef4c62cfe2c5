"""What holds from a day to a day: services, assets and sites, from plan to plan."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any


class Spans:
    """Remembers since when each thing has been as it is, and what it was before."""

    def __init__(self) -> None:
        self._now: dict[Hashable, tuple[int, Any]] = {}
        self.over: list[tuple[Hashable, int, int, Any]] = []

    def update(self, day: int, state: Mapping[Any, Any]) -> None:
        """Take the state of all things from a day on."""
        for thing in [t for t, (_, value) in self._now.items() if state.get(t) != value]:
            since, value = self._now.pop(thing)
            if since < day:
                self.over.append((thing, since, day, value))
        for thing, value in state.items():
            self._now.setdefault(thing, (day, value))

    def rows(self) -> list[tuple[Any, int, int | None, Any]]:
        """Return (thing, first day, first day no longer or None, value), sorted by thing and day."""
        rows: list[tuple[Any, int, int | None, Any]] = [*self.over, *((t, since, None, value) for t, (since, value) in self._now.items())]
        return sorted(rows, key=lambda row: (str(row[0]), row[1]))
