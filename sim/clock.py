"""The one clock: SimPy's environment in integer microseconds, with a fixed order inside an instant."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event
from simpy.core import StopSimulation

ARRIVE, VISIT, EXPIRE, STOP, LOAD, DECIDE, AFTER = range(7)
"""Phases of one instant, in their order; AFTER is for what a decision makes possible at once."""


BEGIN, PHASE, SITE = 2, 48, 24
"""A priority is BEGIN + (phase << PHASE) + (site << SITE) + vehicle: 0 and 1 are SimPy's own."""


class Moment(Event):
    """An event that already has its value and calls one function when it comes."""

    _ok = True
    _value: Any = None

    def __init__(self, call: Callable[[Event], None]) -> None:
        self.callbacks = [call]


class Clock(Environment):
    """SimPy's environment with ``at``: call something at a time, in a phase, by site and vehicle."""

    def at(self, time_us: int, phase: int, call: Callable[[Event], None], site: int = 0, vehicle: int = 0) -> None:
        """Call ``call`` at ``time_us``; within one instant by (phase, site, vehicle). Priorities 0 and 1 are SimPy's own.

        As ``schedule`` does, without a delay to be added again.
        """
        self.put(time_us, BEGIN + (phase << PHASE) + (site << SITE) + vehicle, call)

    def put(self, time_us: int, priority: Any, call: Callable[[Event], None]) -> None:
        """Call ``call`` at ``time_us`` with a priority as ``at`` makes it."""
        heappush(self._queue, (time_us, priority, next(self._eid), Moment(call)))

    def run_until(self, stopped: Event) -> None:
        """Run until ``stopped`` has come, as ``run`` does: its steps, without a call for each."""
        queue, come = self._queue, stopped.callbacks
        assert come is not None
        come.append(StopSimulation.callback)
        try:
            while queue:
                self._now, _, _, event = heappop(queue)
                callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
                for call in callbacks:
                    call(event)
                if not event._ok and not event.defused:
                    raise event._value
        except StopSimulation:
            return
        raise RuntimeError("nothing is left to come before the end")

    def ahead(self) -> tuple[int, int]:
        """Return time and priority of what comes next."""
        time_us, priority, *_ = self._queue[0]
        return time_us, priority  # type: ignore[return-value]
