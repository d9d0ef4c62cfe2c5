"""Cold rooms: first come, first cold, as far as there is room; what finds none waits in the warm, in line.

A room is a resource with a capacity and a queue in order of (arrival, key), no overtaking: the head of the line is let in as soon as it
fits. Within one instant what leaves goes first; what leaves at the instant of coming never enters. Who is there when a room is built stands
in its line. Everything is known by midnight, so a day is worked through at its end, exactly.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field

from sim.schema.raw import NEVER

LEAVE, COME = 0, 1


@dataclass
class Room:
    """Built at an instant; ``used`` grams of ``capacity``; ``line`` are (key, grams) that wait in the warm; ``inside`` grams by key."""

    built: int
    capacity: int = 0
    used: int = 0
    line: deque[tuple[int, int]] = field(default_factory=deque)
    inside: dict[int, int] = field(default_factory=dict)


class Rooms:
    """All cold rooms of a county. ``admitted`` holds since when each (key, place) has been cold."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.admitted: dict[tuple[int, int], int] = {}
        self._events: list[tuple[int, int, int, int, int]] = []

    def set(self, place: int, capacity: int, now: int) -> None:
        """Let the room at a place hold ``capacity`` grams from ``now`` on; what is inside stays."""
        room = self.rooms.setdefault(place, Room(now))
        room.capacity = capacity
        self._admit(place, room, now)

    def come(self, place: int, key: int, grams: int, t: int) -> None:
        """Note that a parcel comes to a place's room at t."""
        heapq.heappush(self._events, (t, COME, place, key, grams))

    def leave(self, place: int, key: int, t: int) -> None:
        """Note that it leaves at t."""
        heapq.heappush(self._events, (t, LEAVE, place, key, 0))

    def advance(self, until: int) -> None:
        """Work through what happens before ``until``."""
        events = self._events
        while events and events[0][0] < until:
            t, what, place, key, grams = heapq.heappop(events)
            room = self.rooms[place]
            if what == COME:
                room.line.append((key, grams))
            elif key in room.inside:
                room.used -= room.inside.pop(key)
            else:
                room.line = deque(one for one in room.line if one[0] != key)
            self._admit(place, room, t)

    def _admit(self, place: int, room: Room, t: int) -> None:
        while room.line and room.used + room.line[0][1] <= room.capacity:
            key, grams = room.line.popleft()
            room.used += grams
            room.inside[key] = grams
            self.admitted[key, place] = max(t, room.built)

    def since(self, key: int, place: int) -> int:
        """Return since when a parcel was cold at a place and forget it; NEVER where it was not."""
        return self.admitted.pop((key, place), NEVER)

    @property
    def used(self) -> int:
        """Return the grams that stand in the cold."""
        return sum(room.used for room in self.rooms.values())
