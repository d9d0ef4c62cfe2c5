"""Run the parcels of a county: SimPy sees what couples things, compiled kernels do the rest, exactly (docs/flow-rules.md)."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from sim.clock import AFTERS, ARRIVE, DECIDE, LOADS, STOPS, Clock
from sim.flow import kernels as K
from sim.flow.change import change_plan
from sim.flow.inputs import Inputs
from sim.flow.journal import Journal
from sim.flow.state import State, longer
from sim.flow.trip import OVER, READY, UNDER_WAY, WAITING, Trip, Turn
from sim.flow.view import PlanView
from sim.schema.raw import (
    BREAKDOWN,
    CLOSURE,
    Recorder,
)
from sim.units import DAY
from sim.world.world import COUNTY, TOWNSHIP, Ints


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
        self.townships = [i for i, t in enumerate(self.tier) if t == TOWNSHIP]
        self.due = 0
        self.view = PlanView(inputs.plan_of(inputs.first_day), self.township)
        self.state = State(self.view, inputs.households)
        self.state.adopt(self.view, self.begin, first=True)
        self.state.X[K.X_END] = self.end
        self.state.X[K.X_COUNTY] = self.begin
        self.journal = Journal(self.end)
        self.vehicles: dict[str, Turn] = defaultdict(Turn)
        self.drivers: dict[str, Turn] = defaultdict(Turn)
        self.routes: dict[int, Turn] = defaultdict(Turn)
        k = self.view.plan.operators
        self.pending = [np.empty(64, K.ORDER) for _ in range(k)]
        self.gates = [np.empty(64, np.int64) for _ in range(k)]
        """When the pending orders come to the county's gate; ``FAR`` for what has come."""
        self.pending_n = [0] * k
        self.trips = 0
        self.created = 0
        self.deciding = False
        self.under_way: dict[int, Trip] = {}
        self.watched = (K.FAR, 0)
        """Time and order of the stop that the clock will come to."""
        self.closed: tuple[int, frozenset[int]] = (-(2**30), frozenset())
        """The places whose road is closed on a day."""
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
        clock.run_until(self.stopped)
        s = self.state
        last = int(clock.now) // DAY
        self._advance_all(last * DAY)
        K.sweep_all(s.M, last * DAY - 1)
        s.room(sum(self.pending_n))
        for o, n in enumerate(self.pending_n):
            K.enter_rest(s.M, self.pending[o], self.gates[o], n, o)
        self.journal.open_rows(s)
        self.recorder.record(self.journal.day(last - 1, s, self.created, self.journal.rising(s), last=True))

    def _stop(self) -> None:
        if not self.stopped.triggered:
            self.stopped.succeed()

    def _midnight(self, day: int) -> None:
        inputs, s = self.inputs, self.state
        if self.stopped.triggered:
            return
        if day > inputs.first_day:
            self._advance_all(day * DAY)
            K.sweep_all(s.M, day * DAY - 1)
            rising = self.journal.rising(s)
            if day >= inputs.last_day and inputs.stop_when_empty and s.X[K.X_OPEN] == 0 and not len(rising):
                self._stop()
                return
            self.recorder.record(self.journal.day(day - 1, s, self.created, rising))
        self.created = 0
        if day >= inputs.last_day:
            s.room(sum(self.pending_n))
            return
        orders = inputs.orders_of(day)
        self.created = orders.n
        s.X[K.X_OPEN] += orders.n
        first = np.zeros(len(self.pending) + 1, np.int64)
        rows = K.by_operator(orders.operator, first)
        for o, (begin, end) in enumerate(pairwise(first.tolist())):
            n, more = self.pending_n[o], end - begin
            if n + more > len(self.pending[o]):
                self.pending[o] = longer(self.pending[o], n, 2 * (n + more))
                self.gates[o] = np.concatenate([self.gates[o][:n], np.empty(n + 2 * more, np.int64)])
            self.pending_n[o] = K.note_orders(
                self.pending[o], self.gates[o], n, rows[begin:end], orders.key, orders.place, orders.household, orders.created_us,
                orders.gate_us, orders.weight_g, orders.volume_ml, orders.missort, orders.lost, orders.collect_village_us,
                orders.collect_township_us, orders.reminder_us, orders.out_us,
            )  # fmt: skip
        sent = inputs.shipments_of(day)
        s.room(sum(self.pending_n) + sent.n)
        if sent.n:
            K.send_up(
                s.M, sent.key, sent.operator, sent.place, sent.lot, sent.created_us, sent.ready_us, sent.counter,
                sent.weight_g, sent.volume_ml, sent.out_us, self.view.max_g, self.view.max_ml,
            )  # fmt: skip

    def _plan(self, day: int) -> None:
        inputs, s = self.inputs, self.state
        now = int(self.clock.now)
        plan = inputs.plan_of(day)
        self._advance_all(now)
        if plan is not self.view.plan:
            K.sweep_all(s.M, now)
            self._cancel_all()
            old, self.view = self.view, PlanView(plan, self.township)
            self.trips = change_plan(s, old, self.view, now, self.tier, self.journal, self.trips, day, self._to_township)
            self.routes = defaultdict(Turn)
            s.keep_ways(self.under_way)
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
        view = self.view
        K.wave(self.state.M, self.pending[o], self.gates[o], self.pending_n[o], o, int(self.clock.now), view.max_g, view.max_ml)

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
        rows = [q for q, _ in which]
        for (q, i), queue, longest in zip(which, s.Q[rows].tolist(), plan.queues.overtime_us[rows].tolist(), strict=True):
            c, _, service, *windows, _, _ = queue
            (opened, close), (later, last) = windows[2 * i : 2 * i + 2], windows[2:]
            if close != now or c == 0:
                continue
            n = int(K.waiting(s.N, s.A, q, now))
            limit = (day + 1) * DAY + plan.times.plan_us
            if i == 0 and later >= now and last > later:
                limit = min(limit, later)
            extension = max(0, min(longest, -(-n // c) * service, limit - now))
            s.Q[f"close{i}"][q] = now + extension
            self.journal.shift(day, q, opened, now, extension, c)

    # ---- trips

    def _append_trips(self, day: int, weekday: int) -> None:
        plan = self.view.plan
        today = np.flatnonzero(plan.trips.days >> weekday & 1).tolist()
        departs = self.view.departs
        added: list[Trip] = []
        for index in today:
            trip = Trip(self.trips, day, self.view, index, day * DAY + departs[index])
            self.trips += 1
            trip.vehicle_turn = self.vehicles[plan.vehicle_key[trip.vehicle]]
            trip.driver_turn = self.drivers[plan.driver_key[trip.driver]]
            trip.route_turn = self.routes[trip.route]
            before = trip.route_turn.last
            if before is not None and before.state < UNDER_WAY:
                self.clock.at(trip.departs, DECIDE, lambda _, trip=before: self._cancel(trip), site=trip.origin, vehicle=trip.vehicle)  # type: ignore[misc]
            for turn in trip.turns():
                turn.trips.append(trip)
            trip.route_turn.last = trip
            added.append(trip)
        self.due += sum(trip.stops for trip in added)
        self.state.room_for_stops(self.due)
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
        phase = AFTERS if self.deciding and at == self.clock.now else LOADS
        self.clock.put(at, phase + trip.order, lambda _: self._load(trip))

    def _next(self, *turns: Turn) -> None:
        for turn in turns:
            if turn.trips and not turn.out:
                self._try(turn.trips[0])

    def _cancel(self, trip: Trip) -> None:
        if trip.state in (WAITING, READY):
            trip.state = OVER
            self.due -= trip.stops
            for turn in trip.turns():
                turn.trips.remove(trip)
            self.journal.cancelled(trip)
            self.deciding = True
            self._next(*trip.turns())
            self.deciding = False

    def _cancel_all(self) -> None:
        for turn in self.routes.values():
            for trip in list(turn.trips):
                trip.state = OVER
                self.due -= trip.stops
                self.journal.cancelled(trip)
        for turn in (*self.vehicles.values(), *self.drivers.values()):
            turn.trips.clear()

    def _load(self, trip: Trip) -> None:
        if trip.state != READY:
            return
        s, view, now, inputs = self.state, trip.view, int(self.clock.now), self.inputs
        vehicle, driver, route = trip.turns()
        for turn in (vehicle, driver, route):
            turn.trips.popleft()
        shut = self._shut(trip)
        for j in shut:
            self.journal.event(now, (trip.day + 1) * DAY, CLOSURE, view.stop_place[trip.first + j], -1, trip.number)
        if trip.stops and len(shut) == trip.stops:
            trip.state = OVER
            self.due -= trip.stops
            self.journal.cancelled(trip)
            self._next(vehicle, driver, route)
            return
        trip.state = UNDER_WAY
        vehicle.out = driver.out = True
        way, stops = self._way(trip, shut)
        trip.load = now
        breaks = repair = 0
        if trip.stops and vehicle.checked_day != trip.day:
            vehicle.checked_day = trip.day
            u = inputs.breaks(view.plan.vehicle_key[trip.vehicle], trip.day)
            if u is not None:
                breaks, repair = min(stops, max(1, int(np.ceil(u * stops)))), view.plan.times.repair_us
        slot = trip.slot = s.slot(trip.stops)
        self.under_way[slot] = trip
        origin = trip.origin
        u_row = self.township_of[origin] if self.tier[origin] != COUNTY else -1
        coming = K.load(
            s.M, slot, u_row, view.post_queue_of[u_row], view.base + trip.route, now, trip.departs, breaks, repair, trip.first, trip.leg,
            trip.number, trip.cap_g, trip.cap_ml, way, stops, trip.stops, origin, trip.vehicle,
        )  # fmt: skip
        self._next(route)
        if coming & 3 == K.NEXT_STOP:
            self._watch()
        else:
            self._go_home(trip, coming)

    def _shut(self, trip: Trip) -> list[int]:
        """Return which of a trip's stops are closed that day."""
        if self.closed[0] != trip.day:
            self.closed = trip.day, frozenset(p for p in range(len(self.tier)) if self.inputs.closed(p, trip.day))
        places = trip.view.places_of[trip.route]
        if self.closed[1].isdisjoint(places):
            return []
        return [j for j, p in enumerate(places) if p in self.closed[1]]

    def _way(self, trip: Trip, shut: list[int]) -> tuple[int, int]:
        """Return where the way over a trip's open stops is kept and how many they are; each way is drawn once."""
        view, route = trip.view, trip.route
        name = (route, *shut)
        if name not in view.ways:
            if view.drawn is None:
                view.drawn = self._draw(view, np.arange(len(view.stop_place)))
            stops = np.arange(view.first[route], view.first[route + 1])
            way = self._draw(view, np.delete(stops, shut)) if shut else view.drawn[stops]
            view.ways[name] = self.state.way(way)
        return view.ways[name]

    def _draw(self, view: PlanView, stops: Ints) -> Ints:
        """Return the ways over ``stops`` (s,) of a plan, those of a route one behind the other, (s, G_SIZE)."""
        first, places, tier = np.array(view.first), np.array(view.stop_place, np.int64), self.inputs.tier
        route, place = np.searchsorted(first, stops, side="right") - 1, places[stops]
        origin = np.array(view.origin, np.int64)[route]
        here = np.where(np.diff(route, prepend=-1) != 0, origin, np.roll(place, 1))
        u = np.where(tier[place] != COUNTY, self.township[place], -1)
        (metres, travel), (home_metres, home) = self._roads(here, place), self._roads(place, origin)
        queue, wait = np.array(view.stop_queue)[stops], np.array(view.stop_wait)[stops]
        columns = (place, u, np.array(view.post_queue_of)[u], queue, wait, stops - first[route], travel, metres, home, home_metres)
        ways: Ints = np.stack(columns, axis=1).astype(np.int64)
        return ways

    def _roads(self, a: Ints, b: Ints) -> tuple[Ints, Ints]:
        """Return metres and times from places a to b; between two sites of one place it is the gap."""
        times, same, seat = self.view.plan.times, a == b, self.inputs.tier[b] == COUNTY
        gap_m, gap_us = np.where(seat, times.seat_gap_m, times.township_gap_m), np.where(seat, times.seat_gap_us, times.township_gap_us)
        return np.where(same, gap_m, self.inputs.metres[a, b]), np.where(same, gap_us, self.inputs.travel_us[a, b])

    def _to_township(self, place: int) -> int:
        """Return the time by road from a place to its township."""
        _, time = self._roads(np.array([place]), np.array([self.townships[self.township_of[place]]]))
        return int(time[0])

    def _watch(self) -> None:
        """Let the clock come to the first stop that a trip is on its way to."""
        X = self.state.X
        first = int(X[K.X_NEXT_T]), int(X[K.X_NEXT_ORDER])
        if first < self.watched:
            self.watched = first
            self.clock.put(*first, lambda _: self._serve(first))

    def _serve(self, first: tuple[int, int]) -> None:
        """Serve the stops up to whatever else comes next."""
        if first != self.watched:
            return
        self.watched = (K.FAR, 0)
        s = self.state
        n = int(K.serve(s.M, *self.clock.ahead()))
        for slot, coming in s.O[:n].tolist():
            self._go_home(self.under_way[slot], coming)
        self._watch()

    def _go_home(self, trip: Trip, coming: int) -> None:
        if coming & 3 == K.BROKEN_DOWN:
            row = self.state.R[trip.slot].tolist()
            leave = row[K.R_LEAVE]
            self.journal.event(leave, leave + row[K.R_REPAIR], BREAKDOWN, self._place(trip, row), trip.vehicle, trip.number)
        self.clock.put(coming >> 2, STOPS + trip.order, lambda _: self._home(trip))

    def _place(self, trip: Trip, row: list[int]) -> int:
        """Return where a trip with counters ``row`` was last."""
        return int(self.state.G[row[K.R_WAY] + row[K.R_SERVED] - 1, K.G_PLACE]) if row[K.R_SERVED] else trip.origin

    def _home(self, trip: Trip) -> None:
        s, view, now = self.state, trip.view, int(self.clock.now)
        free = now
        if trip.stops:
            free = int(K.come_home(s.M, trip.slot, view.home_queue[trip.route], now))
        trip.state = OVER
        self.due -= trip.stops
        self.journal.trip(trip, s, now, free)
        self.under_way.pop(trip.slot)
        s.slots.append(trip.slot)
        vehicle, driver, _ = trip.turns()
        vehicle.out = driver.out = False
        vehicle.free_at = free
        driver.free_at = free + self.view.plan.times.rest_us
        self._next(vehicle, driver)
