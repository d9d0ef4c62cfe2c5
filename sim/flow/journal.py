"""What has happened since the last midnight, collected until a day is handed on."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.flow import kernels as K
from sim.flow.state import State, aligned
from sim.flow.trip import Trip
from sim.schema.raw import EVENT, IN_TRANSIT, NEVER, PARCEL, SHIFT, STAMPS, TRIP, DayRecord
from sim.schema.rows import together

_TOLD = (K.R_DEPART, K.R_METRES, K.R_SERVED, K.R_LOADED, K.R_MAX_G, K.R_MAX_ML, K.R_CUT_G, K.R_CUT_ML)


class Journal:
    """Rows of trips, stops, shifts and events, and the finished parcels of a state."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.trips: list[tuple[int, ...]] = []
        self.shifts: list[tuple[int, ...]] = []
        self.events: list[tuple[int, ...]] = []
        self.still_open: npt.NDArray[Any] = np.zeros(0, PARCEL)

    def trip(self, trip: Trip, status: int, back: int, free: int, row: list[int] | None = None, place: int | None = None) -> None:
        """Note a trip that is over, with its counters ``row`` and where it was last, if it ran."""
        view = trip.view
        depart, *told = [row[i] for i in _TOLD] if row else (NEVER, 0, 0, 0, 0, 0, 0, 0)
        self.trips.append(
            (
                trip.number, trip.day, trip.leg, status, view.owner[trip.route], trip.vehicle, trip.driver, trip.type,
                trip.origin, trip.origin if place is None else place, trip.departs, trip.load, depart, back, free, *told,
                view.collects[trip.route],
            )
        )  # fmt: skip

    def transfer(
        self, number: int, day: int, owner: int, place: int, now: int, back: int, metres: int, parcels: int, g: int, ml: int
    ) -> None:
        """Note the move of waiting parcels to the site that replaces theirs."""
        self.trips.append(
            (number, day, 4, 0, owner, -1, -1, 1, place, place, now, now, now, back, back, metres, 1, parcels, g, ml, 0, 0, 0)
        )

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
            day, out, np.array(self.trips, TRIP), state.J[: int(state.X[K.X_STOPS])].copy(), np.array(self.shifts, SHIFT),
            np.array(self.events, EVENT), created, int(state.X[K.X_OPEN]), rising, last,
        )  # fmt: skip
        state.X[K.X_STOPS] = 0
        self.trips, self.shifts, self.events = [], [], []
        return record

    def _cut(self, out: npt.NDArray[Any]) -> npt.NDArray[Any]:
        late = (out["finished"] >= self.end) | (out["finished"] == NEVER)
        out["outcome"][late] = IN_TRANSIT
        out["surcharge_fen"][late] = 0
        out["kind"][late] = 0
        for name in STAMPS:
            out[name][out[name] >= self.end] = NEVER
        return out
