"""Let SimPy keep the order of docs/flow-rules.md within an instant."""

from __future__ import annotations

from collections.abc import Callable

import simpy
from simpy.events import Event

ARRIVAL, VISIT, EXPIRY, STOP, LOADING, DECISION, AFTER = range(7)
"""Phases of an instant; AFTER is what decisions make possible: starts in queues, late loadings."""


def rank(phase: int, site: int = 0, vehicle: int = 0, key: int = 0) -> int:
    """Return SimPy's priority of an event: phase, site, vehicle and parcel key packed, above SimPy's own 0 and 1."""
    return 2 + ((((phase << 32) | site) << 32 | vehicle) << 64 | key)


class Clock:
    """A SimPy environment whose events carry phases."""

    def __init__(self, start: int) -> None:
        self.env = simpy.Environment(initial_time=start)

    @property
    def now(self) -> int:
        return int(self.env.now)

    def at(self, time: int, phase: int, site: int = 0, vehicle: int = 0, key: int = 0) -> Event:
        """Return an event that happens at ``time`` in ``phase``."""
        event = Event(self.env)
        event._ok, event._value = True, None
        self.env.schedule(event, priority=rank(phase, site, vehicle, key), delay=time - self.now)  # type: ignore[arg-type]
        return event

    def call(self, what: Callable[[], None], time: int, phase: int, site: int = 0, vehicle: int = 0, key: int = 0) -> None:
        """Call ``what`` at ``time`` in ``phase``."""
        event = self.at(time, phase, site, vehicle, key)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: what())
