"""Cool lots one after the other, and let others lie in store: plain SimPy for what a few columns work out at once.

A lot is handed in at an instant, waits in the air until the cooler is free (first come first, of one instant the smaller key), and is
cooled at the cooler's rate, half-way between the air and the room meanwhile. A stored lot stands in the room from the instant it is brought
to the midnight it was meant for; the room is never warmer than the air.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import simpy

from sim.units import HOUR

from .quality import Segment

Air = Callable[[int], float]
"""Degrees by day."""


@dataclass(frozen=True)
class Crate:
    """A lot as it is handed in at a place."""

    key: int
    place: int
    grams: int
    came: int


@dataclass(frozen=True)
class Cooled:
    """When its turn came, and when it was ready."""

    begin: int
    ready: int


def cool(crates: list[Crate], grams_h: dict[int, int]) -> dict[int, Cooled]:
    """Return what became of crates at the coolers of their places, by key."""
    env = simpy.Environment(initial_time=min(crate.came for crate in crates))
    coolers = {place: simpy.Resource(env) for place in grams_h}
    found: dict[int, Cooled] = {}

    def live(crate: Crate) -> Iterator[Any]:
        yield env.timeout(crate.came - int(env.now))
        with coolers[crate.place].request() as turn:
            yield turn
            begin = int(env.now)
            yield env.timeout(crate.grams * HOUR // grams_h[crate.place])
            found[crate.key] = Cooled(begin, int(env.now))

    for crate in sorted(crates, key=lambda crate: (crate.came, crate.key)):
        env.process(live(crate))
    env.run()
    return found


def cooling(crate: Crate, cooled: Cooled, room_c: float, air: Air) -> list[Segment]:
    """Return how warm a crate was until it was ready."""
    return [(crate.came, cooled.begin, air), (cooled.begin, cooled.ready, lambda day: min(air(day), (air(day) + room_c) / 2))]


def storing(since: int, until: int, room_c: float, air: Air) -> list[Segment]:
    """Return how warm a lot was in store."""
    return [(since, until, lambda day: min(air(day), room_c))]
