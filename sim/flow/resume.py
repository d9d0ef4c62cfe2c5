"""Leave a flow at a midnight on which nothing is under way, and take it up again there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sim.flow import kernels as K
from sim.flow.flow import Flow
from sim.flow.inputs import Inputs
from sim.flow.state import aligned
from sim.flow.trip import Turn
from sim.plan.plan import Plan
from sim.schema.raw import DayRecord, Recorder

FRESH = {
    "inputs", "recorder", "begin", "end", "clock", "stopped", "township", "tier", "township_of", "townships", "view", "state", "journal",
    "vehicles", "drivers", "routes", "under_way", "watched",
}  # fmt: skip
"""What a flow makes for itself, has written down already, or has none of at a quiet midnight; all else is kept."""


@dataclass(frozen=True)
class Left:
    """A flow at 00:00 of a day: ``arrays`` of its state by name, ``turns`` of vehicles and drivers (free at, day of the last breakdown
    drawn), ``kept`` by name, ``plan`` in force."""

    plan: Plan
    arrays: dict[str, Any]
    turns: dict[str, dict[str, tuple[int, int]]]
    kept: dict[str, Any]


def is_quiet(flow: Flow, day: int) -> bool:
    """Say whether at 00:00 of ``day`` no trip is under way or waits, and nothing is due but midnights, the day's plan and the end."""
    turns = (*flow.vehicles.values(), *flow.drivers.values(), *flow.routes.values())
    if flow.under_way or flow.due or any(turn.out or turn.trips for turn in turns):
        return False
    midnights = flow.inputs.end_day - day - 1
    return len(flow.clock._queue) == midnights + 2


def leave(flow: Flow) -> Left:
    """Return what a quiet flow is at the midnight that it has come to, before the day's orders; the arrays are its own."""
    arrays = {name: value for name, value in vars(flow.state).items() if name not in ("view", "M")}
    turns = {name: {key: (turn.free_at, turn.checked_day) for key, turn in getattr(flow, name).items()} for name in ("vehicles", "drivers")}
    return Left(flow.view.plan, arrays, turns, {name: value for name, value in vars(flow).items() if name not in FRESH})


class Resumed(Flow):
    """A flow that goes on at 00:00 of ``inputs.first_day`` from where another was left."""

    def __init__(self, inputs: Inputs, recorder: Recorder, left: Left) -> None:
        super().__init__(replace(inputs, plan_of=lambda day: left.plan), _Going(recorder))
        self.inputs = inputs
        end = int(self.state.X[K.X_END])
        for name, value in left.arrays.items():
            setattr(self.state, name, _own(name, value))
        self.state.X[K.X_END] = end
        self.state.bind()
        for name, turns in left.turns.items():
            setattr(self, name, defaultdict(Turn, {key: _turn(*turn) for key, turn in turns.items()}))
        for name, value in left.kept.items():
            setattr(self, name, value)
        self._going = True

    def _open_windows(self, day: int) -> None:
        """Open the day's windows; those that are open already, with their overtime, are the state's."""
        if self._going:
            self._going = False
        else:
            super()._open_windows(day)


class _Going:
    """A recorder that knows the plan already with which a flow goes on."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder, self._known = recorder, False

    def plan(self, day: int, plan: Plan) -> None:
        if self._known:
            self._recorder.plan(day, plan)
        self._known = True

    def record(self, record: DayRecord) -> None:
        self._recorder.record(record)


def _own(name: str, value: Any) -> Any:
    """Return an array that begins on a cache line where the state's does."""
    if name not in ("P", "N"):
        return value
    array = aligned(len(value), value.dtype)
    array[:] = value
    return array


def _turn(free_at: int, checked_day: int) -> Turn:
    turn = Turn()
    turn.free_at, turn.checked_day = free_at, checked_day
    return turn
