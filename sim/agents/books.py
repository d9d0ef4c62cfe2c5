"""What agents may look at in the treasury's books, and how much of what a programme promises they count on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.rules import Support
from sim.units import FEN_PER_YUAN
from sim.world.world import TO_POST, TO_VILLAGE, Floats, World

STATION_DAYS = 365 / 12
"""Days for which a month's support pays a station: the ledger pays a 365th of twelve months a day."""


class Books(Protocol):
    """The treasury as agents see it."""

    def left(self, programme: str, day: int) -> float:
        """Return what a programme has left in the year of a day, fen."""

    def days_left(self, programme: str, day: int) -> int:
        """Return for how many days from ``day`` on that money is meant."""


@dataclass(frozen=True)
class Partly(Support):
    """What a lever pays, for the part of the time that its programme's money lasts."""

    whole: Support
    share: float

    def per_parcel_yuan(self, world: World) -> Floats:
        return self.share * self.whole.per_parcel_yuan(world)

    def station_month_yuan(self, world: World) -> Floats:
        return self.share * self.whole.station_month_yuan(world)


def paying(support: tuple[Support, ...], books: Books | None, day: int) -> tuple[Support, ...]:
    """Return the support whose programme still has money; all of it where there are no books."""
    if books is None:
        return support
    return tuple(s for s in support if books.left(s.programme, day) > 0)


def lasting(support: tuple[Support, ...], books: Books | None, day: int, world: World, volume: Floats) -> tuple[Support, ...]:
    """Return the support that an agent counts on: each for the part of its time that its programme's money would last.

    What a programme has left is set against what it would pay in whole until its next budget for ``volume`` (k, n) parcels a day and the
    stations of ``world``. Support whose money lasts is the same object; one without money is left out.
    """
    found = paying(support, books, day)
    if books is None or not found:
        return found
    claims: dict[str, float] = {}
    for s in found:
        claims[s.programme] = claims.get(s.programme, 0.0) + claimed(s, world, volume) * FEN_PER_YUAN
    share = {name: books.left(name, day) / (fen * books.days_left(name, day)) if fen else 1.0 for name, fen in claims.items()}
    return tuple(s if share[s.programme] >= 1.0 else Partly(s.lever, s.programme, s, share[s.programme]) for s in found)


def claimed(support: Support, world: World, volume: Floats) -> float:
    """Return what a lever would pay a day in whole, yuan: for parcels handed over inside the villages and for the stations that stand."""
    operators = world.operators
    inside = np.where(operators.last_mode == TO_VILLAGE, volume, 0.0)
    if operators.post >= 0:
        given = (operators.mode == TO_POST) & (inside > 0)
        inside[operators.post] += np.where(given, inside, 0.0).sum(axis=0)
        inside[given] = 0.0
    stations = np.where(world.stations.host > 0, support.station_month_yuan(world), 0.0).sum() / STATION_DAYS
    return float((support.per_parcel_yuan(world) * inside).sum() + stations)
