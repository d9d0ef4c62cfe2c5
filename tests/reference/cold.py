"""Live the way up once more, with a thermometer: one SimPy process per parcel, rooms that are full or not, air that is warm or not.

What a parcel meets on its way does not change its way (docs/flow-rules.md), so this runs after the fact on the stamps of ``model.py``. A
place's cold room takes who comes in order of (arrival, key), no overtaking: whoever finds no room waits in the warm, in line; within one
instant a change of the room's size comes first, then who leaves, then the room opens, then who comes. Who goes at the instant of coming
never enters.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.schema.raw import NEVER
from sim.units import DAY

from .clock import ARRIVAL, VISIT, Clock
from .quality import Segment
from .things import Parcel

VILLAGE_ROOM, ON_ROUND, TOWNSHIP_ROOM, ON_LINE, COUNTY_ROOM, ON_TRUNK = range(6)
"""The stages of the way, in order."""


@dataclass(frozen=True)
class Keeping:
    """What is kept cold: ``sizes`` are (from when on, grams by place), ``room_c`` degrees by place, ``aboard_c`` by (stage, operator).

    Cold is never warmer than the air: ``air`` tells each day's degrees.
    """

    sizes: Sequence[tuple[int, dict[int, int]]]
    room_c: dict[int, float]
    aboard_c: dict[tuple[int, int], float]
    air: Callable[[int], float]
    hours: dict[int, tuple[int, int]] = field(default_factory=dict)
    """From when to when on a day a place's room takes in; day and night unless said."""

    def hours_of(self, places: int) -> tuple[np.ndarray, np.ndarray]:
        """Return these of all places."""
        both = np.array([self.hours.get(p, (0, DAY)) for p in range(places)], np.int64)
        return both[:, 0].copy(), both[:, 1].copy()


@dataclass
class Stay:
    """One stage of a parcel's way; ``cold`` is since when it was cold there (NEVER: not at all), at ``celsius``."""

    stage: int
    place: int
    begin: int
    end: int
    cold: int = NEVER
    celsius: float | None = None


@dataclass
class Room:
    """A cold room: who is inside, by key, and who waits before it."""

    opens: int
    closes: int
    grams: int = 0
    inside: dict[int, int] = field(default_factory=dict)
    line: list[tuple[Parcel, Stay]] = field(default_factory=list)


def way_up(p: Parcel, outlet: int, from_the_place: bool) -> list[Stay]:
    """Return the stages of a parcel's way that have begun; ``outlet`` is its township's place. The end may be NEVER."""
    at, stays = p.at, []
    if from_the_place:
        left = at["village_out"] if at["village_out"] != NEVER else at["township_in"]
        stays = [Stay(VILLAGE_ROOM, p.place, at["ready"], left), Stay(ON_ROUND, -1, at["village_out"], at["township_in"])]
    stays += [
        Stay(TOWNSHIP_ROOM, outlet, at["township_in"], at["township_out"]), Stay(ON_LINE, -1, at["township_out"], at["county_in"]),
        Stay(COUNTY_ROOM, 0, at["county_in"], at["trunk_out"]), Stay(ON_TRUNK, -1, at["trunk_out"], at["finished"]),
    ]  # fmt: skip
    return [stay for stay in stays if stay.begin != NEVER]


class Cellars:
    """All cold rooms of a county at work."""

    def __init__(self, keeping: Keeping, days: range) -> None:
        self.keeping = keeping
        self.clock = Clock(days.start * DAY)
        self.rooms: dict[int, Room] = {}
        for place, (opens, _) in keeping.hours.items():
            for day in days:
                self.clock.call(lambda place=place: self.let_in(self.room(place)), day * DAY + opens, ARRIVAL, site=2)  # type: ignore[misc]
        for since, sizes in keeping.sizes:
            self.clock.call(lambda sizes=sizes: self.resize(sizes), since, ARRIVAL, site=0)  # type: ignore[misc]

    def follow(self, p: Parcel, stays: list[Stay]) -> None:
        """Send a parcel on its way."""
        self.clock.env.process(self.life(p, stays))

    def run(self) -> None:
        """Run until everybody has gone."""
        self.clock.env.run()

    def life(self, p: Parcel, stays: list[Stay]) -> Generator[Any, Any, None]:
        """Come to each room, wait for it, be cold, leave; aboard be as cold as the vehicle."""
        for stay in stays:
            if stay.place < 0:
                stay.celsius = self.keeping.aboard_c.get((stay.stage, p.operator))
                stay.cold = NEVER if stay.celsius is None else stay.begin
            elif stay.begin != stay.end:
                yield self.clock.at(stay.begin, VISIT, key=p.key)
                room = self.room(stay.place)
                room.line.append((p, stay))
                self.let_in(room)
                if stay.end == NEVER:
                    return
                yield self.clock.at(stay.end, ARRIVAL, site=1, key=p.key)
                room.line = [(x, s) for x, s in room.line if x is not p]
                room.inside.pop(p.key, None)
                self.let_in(room)

    def room(self, place: int) -> Room:
        """Return the room at a place."""
        return self.rooms.setdefault(place, Room(*self.keeping.hours.get(place, (0, DAY))))

    def let_in(self, room: Room) -> None:
        """Let those in who stand first in line, while it is open and there is room."""
        while (
            room.opens <= self.clock.now % DAY < room.closes
            and room.line
            and sum(room.inside.values()) + room.line[0][0].weight <= room.grams
        ):
            p, stay = room.line.pop(0)
            room.inside[p.key] = p.weight
            stay.cold, stay.celsius = self.clock.now, self.keeping.room_c[stay.place]

    def resize(self, sizes: dict[int, int]) -> None:
        """Give the rooms another size; who is inside stays."""
        for place in {*sizes, *self.rooms}:
            self.room(place).grams = sizes.get(place, 0)
            self.let_in(self.room(place))


def path(stay: Stay, keeping: Keeping) -> list[Segment]:
    """Return how warm a stay was: in the air until the cold began, then as cold as it is there, or as the air where that is colder."""
    if stay.cold == NEVER or stay.celsius is None:
        return [(stay.begin, stay.end, keeping.air)]
    cold = stay.celsius
    return [(stay.begin, stay.cold, keeping.air), (stay.cold, stay.end, lambda day: min(cold, keeping.air(day)))]
