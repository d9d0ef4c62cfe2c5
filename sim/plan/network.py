"""The network while it is drawn: routes with their stops, where parcels wait for them and where they get off."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.plan.fleet import Run
from sim.plan.plan import Routes, Stops
from sim.world.world import Int32s

ORIGIN = -1
PICK_UP = -2
HAND_OVER = -1

Arrival = tuple[int, int, float]
"""Begin and end of unloading, parcels."""
Waits = bool | tuple[int, int]
"""Whether a stop has a waiting list of its own, or the (route, stop) whose list it loads, too."""


@dataclass
class Draft:
    """A route being drawn. Stops are (place, queue or HAND_OVER or PICK_UP, has a waiting list of its own, or whose it loads)."""

    key: str
    leg: int
    owner: int
    origin: int
    home: int
    tier: int
    stops: list[tuple[int, int, Waits]] = field(default_factory=list)

    def stop(self, place: int, queue: int, waits: Waits = True) -> int:
        """Add a stop and return its number in the route."""
        self.stops.append((place, queue, waits))
        return len(self.stops) - 1


@dataclass
class Network:
    """``waits`` and ``gets_off``: by (lookup, operator, column) the (route, stop or ORIGIN); ``runs``: the timetable;
    ``arrivals``: what an operator's lines are planned to bring to a township, trip by trip."""

    drafts: list[Draft] = field(default_factory=list)
    waits: dict[tuple[str, int, int], tuple[int, int]] = field(default_factory=dict)
    gets_off: dict[tuple[str, int, int], tuple[int, int]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    arrivals: dict[tuple[int, int], list[Arrival]] = field(default_factory=dict)
    shared: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """By (operator, place) the (route, stop) whose list holds what it takes up there, where operators share their rounds for that."""

    def copy(self) -> Network:
        """Return a network to which more can be added; the routes drawn so far are shared."""
        return Network(
            list(self.drafts), dict(self.waits), dict(self.gets_off), list(self.runs),
            {at: list(own) for at, own in self.arrivals.items()}, dict(self.shared),
        )  # fmt: skip

    def add(self, draft: Draft) -> int:
        """Add a route and return its number."""
        self.drafts.append(draft)
        return len(self.drafts) - 1

    def routes(self) -> Routes:
        """Return the routes as columns."""
        d = self.drafts
        first = np.cumsum([0] + [len(x.stops) for x in d]).astype(np.int32)
        return Routes(
            leg=np.array([x.leg for x in d], dtype=np.int8),
            owner=np.array([x.owner for x in d], dtype=np.int16),
            origin=np.array([x.origin for x in d], dtype=np.int32),
            home_queue=np.array([x.home for x in d], dtype=np.int32),
            first=first,
            tier=np.array([x.tier for x in d], dtype=np.int8),
        )

    def stops(self) -> Stops:
        """Return the stops as columns; stop s has the waiting list R + s, or loads that of another stop."""
        flat = [(stop, r) for r, draft in enumerate(self.drafts) for stop in draft.stops]
        base, first = len(self.drafts), self.routes().first

        def wait(s: int, waits: Waits) -> int:
            return (base + s if waits else -1) if isinstance(waits, bool) else base + int(first[waits[0]]) + waits[1]

        return Stops(
            place=np.array([p for (p, _, _), _ in flat], dtype=np.int32),
            queue=np.array([q for (_, q, _), _ in flat], dtype=np.int32),
            wait=np.array([wait(s, w) for s, ((_, _, w), _) in enumerate(flat)], dtype=np.int32),
            route=np.array([r for _, r in flat], dtype=np.int32),
        )

    @property
    def nowhere(self) -> int:
        """Return the last waiting list, which no route loads."""
        return len(self.drafts) + sum(len(d.stops) for d in self.drafts)

    def wait_table(self, name: str, k: int, columns: int, missing: int) -> Int32s:
        """Return the waiting lists of one lookup, (k, columns)."""
        first, base = self.routes().first, len(self.drafts)
        table = np.full((k, columns), missing, dtype=np.int32)
        for (lookup, o, j), (route, stop) in self.waits.items():
            if lookup == name:
                table[o, j] = route if stop == ORIGIN else base + first[route] + stop
        return table

    def place_table(self, k: int, places: int) -> Int32s | None:
        """Return the list in which what operators take up waits in places (k, places), -1: none; None where all is in their own rounds'."""
        if not self.shared:
            return None
        stops, first = self.stops(), self.routes().first
        own = self.stop_table("round", k, places)
        table = np.append(stops.wait, np.int32(-1))[own]
        for (o, p), (route, stop) in self.shared.items():
            table[o, p] = stops.wait[first[route] + stop]
        return table

    def stop_table(self, name: str, k: int, columns: int) -> Int32s:
        """Return the stops at which parcels of one lookup get off, (k, columns), -1 where there is none."""
        first = self.routes().first
        table = np.full((k, columns), -1, dtype=np.int32)
        for (lookup, o, j), (route, stop) in self.gets_off.items():
            if lookup == name:
                table[o, j] = first[route] + stop
        return table
