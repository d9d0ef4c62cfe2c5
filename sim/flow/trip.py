"""Trips under way and the vehicles, drivers and routes whose order they keep."""

from __future__ import annotations

from collections import deque
from typing import Any

from sim.clock import SITE
from sim.flow.view import PlanView
from sim.schema.raw import NEVER

WAITING, READY, UNDER_WAY, OVER = range(4)


class Turn:
    """A vehicle, driver or route: the trips that wait for it, in order, and whether it is out."""

    __slots__ = ("checked_day", "free_at", "last", "out", "trips")

    def __init__(self) -> None:
        self.trips: deque[Trip] = deque()
        self.out = False
        self.free_at = -(2**62)
        self.checked_day = -(2**30)
        self.last: Trip | None = None


class Trip:
    """One departure of the timetable; under way it has a ``slot`` in the state."""

    __slots__ = (
        "cap_g", "cap_ml", "day", "departs", "driver", "driver_turn", "first", "leg", "load", "number", "order", "origin", "route",
        "route_turn", "slot", "state", "stops", "type", "vehicle", "vehicle_turn", "view",
    )  # fmt: skip

    def __init__(self, number: int, day: int, view: PlanView, index: int, departs: int) -> None:
        self.number, self.day, self.view, self.departs = number, day, view, departs
        self.route, self.vehicle, self.driver, self.type, self.cap_g, self.cap_ml = view.trips[index]
        self.leg = view.leg[self.route]
        self.first = view.first[self.route]
        self.stops = view.first[self.route + 1] - self.first
        self.state = WAITING
        self.load = NEVER
        self.slot = -1
        self.origin = view.origin[self.route]
        self.order = (self.origin << SITE) + self.vehicle
        self.vehicle_turn: Turn
        self.driver_turn: Turn
        self.route_turn: Turn

    def turns(self) -> tuple[Any, Any, Any]:
        """Return what the trip waits for."""
        return self.vehicle_turn, self.driver_turn, self.route_turn
