"""What agents may look at in the treasury's books."""

from __future__ import annotations

from typing import Protocol

from sim.rules import Support


class Books(Protocol):
    """The treasury as agents see it."""

    def left(self, programme: str, day: int) -> float:
        """Return what a programme has left in the year of a day."""


def paying(support: tuple[Support, ...], books: Books | None, day: int) -> tuple[Support, ...]:
    """Return the support whose programme still has money; all of it where there are no books."""
    if books is None:
        return support
    return tuple(s for s in support if books.left(s.programme, day) > 0)
