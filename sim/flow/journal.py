"""What has happened since the last midnight, collected until a day is handed on."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.flow import kernels as K
from sim.flow.state import State, aligned
from sim.flow.trip import Trip
from sim.schema.raw import EVENT, IN_TRANSIT, NEVER, PARCEL, SHIFT, STAMPS, TRIP, TRIP_CANCELLED, DayRecord
from sim.schema.rows import together


class Journal:
    """Rows of trips, stops, shifts and events, and the finished parcels of a state."""

    def __init__(self, end: int) -> None:
        self.end = end
        self._trips: npt.NDArray[Any] = np.zeros(256, TRIP)
        self._n = 0
        """How many of them are noted."""
        self.shifts: list[tuple[int, ...]] = []
        self.events: list[tuple[int, ...]] = []
        self.still_open: npt.NDArray[Any] = np.zeros(0, PARCEL)

    def trip(self, trip: Trip, state: State, back: int, free: int) -> None:
        """Note a trip that came home at ``back`` and was empty at ``free``."""
        view, route, row = trip.view, trip.route, self._next()
        K.note_trip(
            state.M, trip.slot, self._trips, row, trip.number, trip.day, view.owner[route], trip.driver, trip.type, trip.origin,
            trip.departs, trip.load, back, free, view.collects[route],
        )  # fmt: skip

    def cancelled(self, trip: Trip) -> None:
        """Note a trip that was cancelled."""
        view, route, origin, row = trip.view, trip.route, trip.origin, self._next()
        self._trips[row] = (
            trip.number, trip.day, trip.leg, TRIP_CANCELLED, view.owner[route], trip.vehicle, trip.driver, trip.type, origin, origin,
            trip.departs, trip.load, NEVER, NEVER, NEVER, 0, 0, 0, 0, 0, 0, 0, view.collects[route],
        )  # fmt: skip

    def transfer(
        self, number: int, day: int, owner: int, place: int, now: int, back: int, metres: int, parcels: int, g: int, ml: int
    ) -> None:
        """Note the move of waiting parcels to the site that replaces theirs."""
        row = self._next()
        self._trips[row] = (
            number, day, 4, 0, owner, -1, -1, 1, place, place, now, now, now, back, back, metres, 1, parcels, g, ml, 0, 0, 0
        )  # fmt: skip

    def _next(self) -> int:
        """Return the row for one more trip."""
        if self._n == len(self._trips):
            self._trips = np.concatenate([self._trips, np.zeros_like(self._trips)])
        self._n += 1
        return self._n - 1

    def shift(self, day: int, queue: int, opens: int, close: int, overtime: int, stations: int) -> None:
        """Note a shift that is over."""
        self.shifts.append((day, queue, opens, close, overtime, stations))

    def event(self, time: int, until: int, kind: int, place: int, vehicle: int, trip: int) -> None:
        """Note a breakdown, closure or transfer."""
        self.events.append((time, until, kind, place, vehicle, trip))

    def open_rows(self, state: State) -> None:
        """At the end: find the rows that are still open."""
        free = np.zeros(len(state.P), np.bool_)
        free[state.I[0, : int(state.X[K.X_FREE])]] = True
        free[state.I[1, : int(state.X[K.X_OUT])]] = True
        rows = np.flatnonzero(~free)
        self.still_open = np.empty(len(rows), PARCEL)
        K.told(state.M, rows, self.still_open)

    def rising(self, state: State) -> npt.NDArray[Any]:
        """Return the up parcels that have not left the county, by key."""
        out = np.empty(int(state.X[K.X_RISING]), PARCEL)
        K.rising(state.M, out)
        out = out[: int(state.X[K.X_RISING])]
        return out.take(np.argsort(np.ascontiguousarray(out["key"])))

    def day(self, day: int, state: State, created: int, rising: npt.NDArray[Any], last: bool = False) -> DayRecord:
        """Hand on what was over in ``day`` and start anew; stamps at or after the end are emptied."""
        out = aligned(int(state.X[K.X_OUT]), PARCEL)
        late = K.collect(state.M, out)
        if len(self.still_open):
            out, late = together([out, self.still_open]), True
            self.still_open = self.still_open[:0]
        if late:
            out = self._cut(out)
        record = DayRecord(
            day, out, self._trips[: self._n].copy(), state.J[: int(state.X[K.X_STOPS])].copy(), np.array(self.shifts, SHIFT),
            np.array(self.events, EVENT), created, int(state.X[K.X_OPEN]), rising, last,
        )  # fmt: skip
        state.X[K.X_STOPS] = 0
        self._n, self.shifts, self.events = 0, [], []
        return record

    def _cut(self, out: npt.NDArray[Any]) -> npt.NDArray[Any]:
        late = (out["finished"] >= self.end) | (out["finished"] == NEVER)
        out["outcome"][late] = IN_TRANSIT
        out["surcharge_fen"][late] = 0
        out["kind"][late] = 0
        for name in STAMPS:
            out[name][out[name] >= self.end] = NEVER
        return out
