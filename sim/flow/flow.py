"""Run the parcels of a county: SimPy sees what couples things, compiled kernels do the rest, exactly (docs/flow-rules.md)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from sim.clock import AFTER, ARRIVE, DECIDE, LOAD, STOP, Clock
from sim.flow import kernels as K
from sim.flow.change import change_plan
from sim.flow.inputs import Inputs
from sim.flow.journal import Journal
from sim.flow.state import State
from sim.flow.trip import OVER, READY, UNDER_WAY, WAITING, Trip, Turn
from sim.flow.view import PlanView
from sim.schema.raw import (
    BREAKDOWN,
    CLOSURE,
    NEVER,
    TRIP_BROKEN,
    TRIP_CANCELLED,
    TRIP_DONE,
    TRIP_LATE,
    Recorder,
)
from sim.units import DAY
from sim.world.world import COUNTY


FIRST_ROOM = 7
"""Days of orders for which rows are made at the start; more are added when they are needed."""


def simulate(inputs: Inputs, recorder: Recorder) -> None:
    """Run from ``first_day`` to the end and hand every day to ``recorder``."""
    Flow(inputs, recorder).run()


class Flow:
    """One run under way."""

    def __init__(self, inputs: Inputs, recorder: Recorder) -> None:
        self.inputs = inputs
        self.recorder = recorder
        self.begin = inputs.first_day * DAY
        self.end = inputs.end_day * DAY
        self.clock = Clock(self.begin)
        self.township = np.ascontiguousarray(inputs.township, dtype=np.int32)
        self.tier = inputs.tier.tolist()
        self.township_of = self.township.tolist()
        self.metres = inputs.metres.tolist()
        self.travel = inputs.travel_us.tolist()
        self.view = PlanView(inputs.plan_of(inputs.first_day), self.township)
        self.state = State(self.view, inputs.households)
        self.state.adopt(self.view, self.begin, first=True)
        self.state.X[K.X_END] = self.end
        self.journal = Journal(self.end)
        self.vehicles: dict[str, Turn] = defaultdict(Turn)
        self.drivers: dict[str, Turn] = defaultdict(Turn)
        self.routes: dict[int, Turn] = defaultdict(Turn)
        k = self.view.plan.operators
        self.pending = [np.empty(64, np.int32) for _ in range(k)]
        self.gates = [np.empty(64, np.int64) for _ in range(k)]
        self.pending_n = [0] * k
        self.trips = 0
        self.created = 0
        self.deciding = False
        self.stopped = self.clock.event()

    # ---- the days

    def run(self) -> None:
        """Run to the end."""
        inputs, clock = self.inputs, self.clock
        self.recorder.plan(inputs.first_day, self.view.plan)
        self._open_windows(inputs.first_day - 1)
        for day in range(inputs.first_day, inputs.end_day):
            clock.at(day * DAY, ARRIVE, lambda _, day=day: self._midnight(day), site=-1)  # type: ignore[misc]
        clock.at(self.begin + self.view.plan.times.plan_us, DECIDE, lambda _: self._plan(inputs.first_day), site=-1)
        clock.at(self.end, ARRIVE, lambda _: self._stop(), site=-2)
        clock.run(until=self.stopped)
        s = self.state
        last = int(clock.now) // DAY
        self._advance_all(last * DAY)
        K.sweep_all(s.M, last * DAY - 1)
        self.journal.open_rows(s)
        self.recorder.record(self.journal.day(last - 1, s, self.created))

    def _stop(self) -> None:
        if not self.stopped.triggered:
            self.stopped.succeed()

    def _midnight(self, day: int) -> None:
        inputs, s = self.inputs, self.state
        if self.stopped.triggered:
            return
        if day > inputs.first_day:
            if day >= inputs.last_day and inputs.stop_when_empty and s.X[K.X_OPEN] == 0:
                self._stop()
                return
            self._advance_all(day * DAY)
            K.sweep_all(s.M, day * DAY - 1)
            if day >= inputs.last_day and inputs.stop_when_empty and s.X[K.X_OPEN] == 0:
                self._stop()
                return
            self.recorder.record(self.journal.day(day - 1, s, self.created))
        self.created = 0
        if day >= inputs.last_day:
            s.room(0)
            return
        orders = inputs.orders_of(day)
        self.created = orders.n
        s.room(orders.n if day > inputs.first_day else FIRST_ROOM * orders.n)
        rows = np.empty(orders.n, np.int32)
        K.enter(
            s.M, orders.key, orders.operator, orders.place, self.township, orders.household, orders.created_us,
            orders.gate_us, orders.weight_g, orders.volume_ml, orders.missort, orders.lost, orders.collect_village_us,
            orders.collect_township_us, orders.reminder_us, orders.out_us, rows,
        )  # fmt: skip
        for o in range(len(self.pending)):
            own = np.flatnonzero(orders.operator == o)
            n, more = self.pending_n[o], len(own)
            if n + more > len(self.pending[o]):
                self.pending[o] = np.concatenate([self.pending[o][:n], np.empty(n + 2 * more, np.int32)])
                self.gates[o] = np.concatenate([self.gates[o][:n], np.empty(n + 2 * more, np.int64)])
            self.pending[o][n : n + more] = rows[own]
            self.gates[o][n : n + more] = orders.gate_us[own]
            self.pending_n[o] = n + more

    def _plan(self, day: int) -> None:
        inputs, s = self.inputs, self.state
        now = int(self.clock.now)
        plan = inputs.plan_of(day)
        self._advance_all(now)
        if plan is not self.view.plan:
            K.sweep_all(s.M, now)
            self._cancel_all()
            old, self.view = self.view, PlanView(plan, self.township)
            self.trips = change_plan(s, old, self.view, now, self.tier, self.journal, self.trips, day)
            self.routes = defaultdict(Turn)
            self.recorder.plan(day, plan)
        self._open_windows(day)
        weekday = (inputs.weekday0 + day) % 7
        for o, row in enumerate(plan.wave_us.tolist()):
            for wave in row:
                if wave > plan.times.plan_us:
                    self.clock.at(day * DAY + wave, ARRIVE, lambda _, o=o: self._wave(o), site=o)  # type: ignore[misc]
        self.deciding = True
        self._append_trips(day, weekday)
        self.deciding = False
        if (day + 1) * DAY + plan.times.plan_us < self.end:
            self.clock.at((day + 1) * DAY + plan.times.plan_us, DECIDE, lambda _: self._plan(day + 1), site=-1)

    def _wave(self, o: int) -> None:
        s, n = self.state, self.pending_n[o]
        rows, keys = np.empty(n, np.int32), np.empty(n, np.uint64)
        self.pending_n[o] = K.wave(
            s.M, self.pending[o], self.gates[o], n, int(self.clock.now), self.view.max_g, self.view.max_ml, rows, keys
        )

    # ---- queues

    def _advance_all(self, until: int) -> None:
        s = self.state
        K.advance_all(s.M, self.view.post_queues[: self.view.plan.townships], until)

    def _open_windows(self, day: int) -> None:
        plan, now = self.view.plan, int(self.clock.now)
        self.state.windows(self.view, day)
        closes: dict[int, list[tuple[int, int]]] = defaultdict(list)
        used = np.flatnonzero(plan.queues.stations > 0)
        windows = plan.queues.windows
        for i in (0, 1):
            for q in used[windows[used, i, 1] > windows[used, i, 0]].tolist():
                close = int(windows[q, i, 1])
                if close - int(windows[q, i, 0]) < DAY and close + day * DAY > now:
                    closes[close + day * DAY].append((q, i))
        for close, which in closes.items():
            self.clock.at(close, DECIDE, lambda _, which=which, day=day: self._close(which, day), site=-2)  # type: ignore[misc]

    def _close(self, which: list[tuple[int, int]], day: int) -> None:
        s, plan, now = self.state, self.view.plan, int(self.clock.now)
        self._advance_all(now)
        for q, i in which:
            c, longest = int(s.Q[q]["c"]), int(plan.queues.overtime_us[q])
            if int(s.Q[q][f"close{i}"]) != now or c == 0:
                continue
            n = int(K.waiting(s.P, s.A, q, now))
            extension = min(longest, -(-n // c) * int(s.Q[q]["s"]))
            limit = (day + 1) * DAY + plan.times.plan_us
            later = int(s.Q[q]["open1"])
            if i == 0 and later >= now and int(s.Q[q]["close1"]) > later:
                limit = min(limit, later)
            extension = max(0, min(extension, limit - now))
            s.Q[q][f"close{i}"] = now + extension
            self.journal.shift(day, q, int(s.Q[q][f"open{i}"]), now, extension, c)

    # ---- trips

    def _append_trips(self, day: int, weekday: int) -> None:
        plan = self.view.plan
        today = np.flatnonzero(plan.trips.days >> weekday & 1).tolist()
        departs = plan.trips.departs_us.tolist()
        added: list[Trip] = []
        for index in today:
            trip = Trip(self.trips, day, self.view, index, day * DAY + departs[index])
            self.trips += 1
            trip.vehicle_turn = self.vehicles[plan.vehicle_key[trip.vehicle]]
            trip.driver_turn = self.drivers[plan.driver_key[trip.driver]]
            trip.route_turn = self.routes[trip.route]
            before = trip.route_turn.last
            if before is not None and before.state < UNDER_WAY:
                self.clock.at(trip.departs, DECIDE, lambda _, trip=before: self._cancel(trip), site=trip.place, vehicle=trip.vehicle)  # type: ignore[misc]
            for turn in trip.turns():
                turn.trips.append(trip)
            trip.route_turn.last = trip
            added.append(trip)
        for trip in added:
            self._try(trip)

    def _try(self, trip: Trip) -> None:
        if trip.state != WAITING:
            return
        vehicle, driver, route = trip.turns()
        if vehicle.out or driver.out or vehicle.trips[0] is not trip or driver.trips[0] is not trip or route.trips[0] is not trip:
            return
        trip.state = READY
        at = max(int(self.clock.now), trip.departs - self.view.plan.times.window_us, vehicle.free_at, driver.free_at)
        phase = AFTER if self.deciding and at == self.clock.now else LOAD
        self.clock.at(at, phase, lambda _: self._load(trip), site=trip.place, vehicle=trip.vehicle)

    def _next(self, *turns: Turn) -> None:
        for turn in turns:
            if turn.trips and not turn.out:
                self._try(turn.trips[0])

    def _cancel(self, trip: Trip) -> None:
        if trip.state in (WAITING, READY):
            trip.state = OVER
            for turn in trip.turns():
                turn.trips.remove(trip)
            self.journal.trip(trip, TRIP_CANCELLED, NEVER, NEVER)
            self.deciding = True
            self._next(*trip.turns())
            self.deciding = False

    def _cancel_all(self) -> None:
        for turn in self.routes.values():
            for trip in list(turn.trips):
                trip.state = OVER
                self.journal.trip(trip, TRIP_CANCELLED, NEVER, NEVER)
        for turn in (*self.vehicles.values(), *self.drivers.values()):
            turn.trips.clear()

    def _load(self, trip: Trip) -> None:
        if trip.state != READY:
            return
        s, view, now, inputs = self.state, trip.view, int(self.clock.now), self.inputs
        vehicle, driver, route = trip.turns()
        for turn in (vehicle, driver, route):
            turn.trips.popleft()
        places = view.stop_place[trip.first : trip.first + trip.stops]
        trip.open_stops = [j for j, p in enumerate(places) if not inputs.closed(p, trip.day)]
        if len(trip.open_stops) < trip.stops:
            for j in sorted(set(range(trip.stops)) - set(trip.open_stops)):
                self.journal.event(now, (trip.day + 1) * DAY, CLOSURE, places[j], -1, trip.number)
        if trip.stops and not trip.open_stops:
            trip.state = OVER
            self.journal.trip(trip, TRIP_CANCELLED, NEVER, NEVER)
            self._next(vehicle, driver, route)
            return
        trip.state = UNDER_WAY
        vehicle.out = driver.out = True
        if trip.open_stops and vehicle.checked_day != trip.day:
            vehicle.checked_day = trip.day
            u = inputs.breaks(view.plan.vehicle_key[trip.vehicle], trip.day)
            if u is not None:
                trip.break_after = min(len(trip.open_stops), max(1, int(np.ceil(u * len(trip.open_stops)))))
        origin = trip.place
        u = self.township_of[origin] if self.tier[origin] != COUNTY else -1
        trip.load = now
        trip.aboard = np.full((2, trip.stops + 1), -1, np.int32)
        trip.count = np.zeros(K.R_SIZE, np.int64)
        K.load(
            s.M, trip.aboard, trip.count, u, view.post_queue_of[u],
            view.base + trip.route, now, trip.departs, trip.first, trip.leg, trip.number, trip.cap_g, trip.cap_ml,
        )  # fmt: skip
        trip.depart = int(trip.count[K.R_LEAVE])
        self._next(route)
        if not trip.stops:
            self.clock.at(trip.depart, STOP, lambda _: self._home(trip), site=origin, vehicle=trip.vehicle)
        else:
            self._drive(trip, trip.depart)

    def _drive(self, trip: Trip, leave: int) -> None:
        """Go on from where the trip is at ``leave``: to the next open stop, or home."""
        broken = trip.break_after >= 0 and trip.served == trip.break_after
        if broken:
            until = leave + trip.view.plan.times.repair_us
            self.journal.event(leave, until, BREAKDOWN, trip.place, trip.vehicle, trip.number)
            leave = until
        if broken or trip.position == len(trip.open_stops):
            metres, travel = self._way(trip, trip.view.origin[trip.route])
            trip.metres += metres
            self.clock.at(leave + travel, STOP, lambda _: self._home(trip), site=trip.view.origin[trip.route], vehicle=trip.vehicle)
            return
        place = trip.view.stop_place[trip.first + trip.open_stops[trip.position]]
        metres, travel = self._way(trip, place)
        trip.metres += metres
        self.clock.at(leave + travel, STOP, lambda _: self._arrive(trip, place), site=place, vehicle=trip.vehicle)

    def _way(self, trip: Trip, to: int) -> tuple[int, int]:
        a = trip.place
        if a != to:
            return self.metres[a][to], self.travel[a][to]
        times = trip.view.plan.times
        if self.tier[to] == COUNTY:
            return times.seat_gap_m, times.seat_gap_us
        return times.township_gap_m, times.township_gap_us

    def _arrive(self, trip: Trip, place: int) -> None:
        s, view, now = self.state, trip.view, int(self.clock.now)
        C = trip.count
        j = trip.open_stops[trip.position]
        stop = trip.first + j
        trip.place = place
        trip.position += 1
        trip.served += 1
        u = self.township_of[place] if self.tier[place] != COUNTY else -1
        K.stop(
            s.M, trip.aboard, C, j, place, u,
            self.view.post_queue_of[u], view.stop_queue[stop], view.stop_wait[stop], now, trip.first, trip.leg, trip.number,
            trip.cap_g, trip.cap_ml, view is not self.view,
        )  # fmt: skip
        count = C.tolist()
        leave = count[K.R_LEAVE]
        self.journal.stop(trip, place, now, leave, count[K.R_OFF], count[K.R_STOP_LOADED], count[K.R_REFUSED], count[K.R_G], count[K.R_ML])
        self._drive(trip, leave)

    def _home(self, trip: Trip) -> None:
        s, view, now = self.state, trip.view, int(self.clock.now)
        free = now
        if trip.stops:
            free = int(K.come_home(s.M, trip.aboard, view.home_queue[trip.route], now, trip.leg, view is not self.view))
        trip.state = OVER
        broken = trip.break_after >= 0
        status = TRIP_BROKEN if broken else TRIP_LATE if trip.depart > trip.departs else TRIP_DONE
        self.journal.trip(trip, status, now, free)
        vehicle, driver, _ = trip.turns()
        vehicle.out = driver.out = False
        vehicle.free_at = free
        driver.free_at = free + self.view.plan.times.rest_us
        self._next(vehicle, driver)
