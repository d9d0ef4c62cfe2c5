"""Cold rooms: first come, first cold, as far as there is room; what finds none waits in the warm, in line.

A room is a resource with a capacity, hours and a queue in order of (arrival, key), no overtaking: the head of the line is let in as soon
as it fits and the room is open; who is inside may leave at any time. Within one instant what leaves goes first; what leaves at the instant
of coming never enters. Who is there when a room is built stands in its line. Everything is known by midnight, so a day is worked through
at its end, exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.produce.kernel import COME, GONE, LEAVE, admit, find, work_through
from sim.schema.raw import NEVER
from sim.schema.rows import picked, together
from sim.world.world import Ints, Keys

ROOM = np.dtype(
    [
        ("built", "i8"), ("capacity", "i8"), ("used", "i8"), ("head", "i8"), ("tail", "i8"), ("opens", "i8"), ("closes", "i8"),
        ("seen", "i8"),
    ]
)  # fmt: skip
"""A place's room: since when, grams it holds and grams in it, first and last visit of its line (-1: nobody); from when to when on a day it
takes in, and up to when it has been worked through."""
VISIT = np.dtype(
    [
        ("key", "u8"), ("grams", "i8"), ("since", "i8"), ("place", "i4"), ("prev", "i4"), ("next", "i4"), ("stage", "i1"), ("state", "i1"),
        ("told", "?"), ("over", "?"),
    ]
)  # fmt: skip
"""A parcel at the room of one stage of its way: since when it is cold, who stands before and behind it in line, what it does, whether it
is known when it leaves, and whether nobody will ask for it again."""
EVENT = np.dtype([("t", "i8"), ("what", "i1"), ("visit", "i4")])
NO_ROOM = 2**62
"""When a room is built where there is none."""


class Rooms:
    """All cold rooms of a county of ``places``."""

    def __init__(self, places: int) -> None:
        self._rooms = np.zeros(places, ROOM)
        self._rooms["built"], self._rooms["head"], self._rooms["tail"] = NO_ROOM, -1, -1
        self._visits: npt.NDArray[Any] = np.empty(0, VISIT)
        self._events: npt.NDArray[Any] = np.empty(0, EVENT)

    @property
    def built(self) -> Ints:
        """Return since when there is a room at places (n,)."""
        built: Ints = self._rooms["built"]
        return built

    @property
    def rooms(self) -> Ints:
        """Return the places with a room."""
        return np.flatnonzero(self.built < NO_ROOM)

    @property
    def used(self) -> Ints:
        """Return the grams (n,) that stand in the cold."""
        used: Ints = self._rooms["used"].astype(np.int64)
        return used

    def set(self, place: int, capacity: int, hours: tuple[int, int], now: int) -> None:
        """Let the room at a place hold ``capacity`` grams from ``now`` on, and take in between ``hours`` of a day; what is inside stays."""
        self._rooms["built"][place] = min(now, self.built[place])
        self._rooms["capacity"][place], self._rooms["seen"][place] = capacity, now
        self._rooms["opens"][place], self._rooms["closes"][place] = hours
        admit(place, now, self._rooms, self._visits)

    def note(self, stage: int, key: Keys, grams: Ints, place: Ints, came: Ints, left: Ints, now: int) -> None:
        """Take what is known at ``now`` of parcels (n,) at a stage: when they came to a place and left it, NEVER where they did not yet."""
        built = self.built[place]
        has = (built < now) & ((left == NEVER) | ((left > came) & (left >= built)))
        at = self._find(stage, key)
        known = at >= 0
        new = np.flatnonzero(has & (came != NEVER) & (came < now) & ~known)
        told = np.zeros(len(key), np.bool_)
        told[known] = self._visits["told"][at[known]]
        visits = np.zeros(len(new), VISIT)
        visits["key"], visits["grams"], visits["place"], visits["stage"] = key[new], grams[new], place[new], stage
        visits["since"] = NEVER
        at[new] = len(self._visits) + np.arange(len(new))
        self._visits = together([self._visits, visits])
        leaves = np.flatnonzero(has & (left != NEVER) & (at >= 0) & ~told)
        self._visits["told"][at[leaves]] = True
        for what, rows, when in ((COME, new, came), (LEAVE, leaves, left)):
            events = np.zeros(len(rows), EVENT)
            events["t"], events["what"], events["visit"] = when[rows], what, at[rows]
            self._events = together([self._events, events])

    def advance(self, until: int) -> None:
        """Work through what happens before ``until``."""
        events, visits = self._events, self._visits
        who = events["visit"]
        by = np.lexsort((visits["key"][who], visits["place"][who], events["what"], events["t"]))
        events = events.take(by)
        t, what, who = (np.ascontiguousarray(events[name]) for name in ("t", "what", "visit"))
        done = int(work_through(t, what, who, until, self._rooms, visits))
        self._events = events[done:]

    def since(self, stage: int, key: Keys) -> Ints:
        """Return since when parcels (n,) were cold at a stage, NEVER where they were not; nobody will ask again."""
        at = self._find(stage, key)
        own = at[at >= 0]
        since: Ints = np.full(len(key), NEVER, np.int64)
        since[at >= 0] = self._visits["since"][own]
        self._visits["over"][own] = True
        return since

    def forget(self) -> None:
        """Forget visits that are over."""
        keep = ~(self._visits["over"] & (self._visits["state"] == GONE))
        new = np.append(np.cumsum(keep) - 1, -1)
        self._visits = picked(self._visits, keep)
        for rows, name in ((self._visits, "prev"), (self._visits, "next"), (self._rooms, "head"), (self._rooms, "tail"),
                           (self._events, "visit")):  # fmt: skip
            rows[name] = new[rows[name]]

    def _find(self, stage: int, key: Keys) -> Ints:
        """Return the visits of parcels (n,) at a stage, -1 where there are none."""
        own, at = np.ascontiguousarray(self._visits["key"]), self._visits["stage"] == stage
        found: Ints = find(np.ascontiguousarray(key), own, at)
        return found
