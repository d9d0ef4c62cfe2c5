"""Live every parcel of a small county as one SimPy process, after docs/flow-rules.md and in its words.

Nothing here is fast or clever: a finish, a stop, a visit, a reminder, an expiry and a shift's end are each an event, every list is
a sorted Python list, and whoever waits is woken. ``County(case).run()`` returns a ``Result``.
"""

from __future__ import annotations

import math
from bisect import insort
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from sim.plan.orders import child_key
from sim.plan.plan import DOOR, FEEDER, LINE, LOCKER, OVERFLOW, ROUND, SHELF, TRANSFER, TRUNK_OUT, Plan
from sim.schema.raw import (
    AT_DOOR,
    AT_LOCKER,
    AT_STATION,
    AT_TOWNSHIP,
    BACK,
    BACK_AT_SENDER,
    COLLECTED,
    DOWN,
    IN_TRANSIT,
    LOST,
    REFUSED_OUT,
    REJECTED,
    RETURNED,
    SHIPPED,
    TRIP_BROKEN,
    TRIP_CANCELLED,
    TRIP_DONE,
    TRIP_LATE,
    UP,
)
from sim.units import DAY
from sim.world.world import REFUSED, TO_POST, TO_VILLAGE, TOWNSHIP

from .case import Case
from .clock import AFTER, ARRIVAL, DECISION, EXPIRY, LOADING, STOP, VISIT, Clock
from .things import Anew, Enter, Gone, Out, Parcel, Queue, Shelved, Trip, Visit, Window

DOCK, SORT, HANDLE = "dock", "sort", "handle"
FEEDER_LIST, LINE_LIST, ROUND_LIST, PLACE_LIST, BACK_LIST, OUT_LIST = "feeder", "line", "round", "place", "back line", "out"
SHIFT_END, PLAN_INSTANT, CANCELLATION = range(3)

Life = Generator[Any, Any, Any]
Way = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]

LEAVES = {
    (LINE, DOWN): "county_out",
    (LINE, BACK): "township_out",
    (LINE, UP): "township_out",
    (ROUND, DOWN): "township_out",
    (ROUND, BACK): "village_out",
    (ROUND, UP): "village_out",
    (TRUNK_OUT, BACK): "trunk_out",
    (TRUNK_OUT, UP): "trunk_out",
}
MIXED = {
    "mixed directions in one van": {DOWN, BACK}, "up and down in one van": {DOWN, UP}, "up and back in one van": {BACK, UP},
}  # fmt: skip
RULES = (
    "fifo wait", "shift", "overtime", "plan cut", "refused", "rejected", "feeder", "missort", "lost", "cut by weight", "cut by volume",
    "order", "cancelled", "all stops closed", "departure late", "closed", "breakdown", "picked up on the way", "shelf full", "locker full",
    "too large for the locker", "no space", "door", "give up", "to post", "visit joined", "opening hours", "reminder moved", "expiry",
    "return loaded by round", "mixed directions in one van", "plan change", "transfer", "transfer in several vans",
    "old stops", "open at the end",
    "sent from the place", "sent at the counter", "no list in the place", "carried down", "up rejected", "up loaded by round",
    "up and down in one van", "up and back in one van", "up cut by weight", "up cut by volume", "cut by both", "up missed the round",
    "up missed the trunk", "up plan change", "up transfer", "up home under a new plan", "back at sender", "shipped", "up open at the end",
)  # fmt: skip
"""What is counted: for each rule the parcels bound by it. Zero over the fixed cases is a failure of the test."""


@dataclass(frozen=True)
class Result:
    """What is left at the end: every parcel, the trips that are over, the stops of each trip that made one, beside the trip as it stands in
    ``trips`` (() of one that is under way still), who drove each trip and until when it kept vehicle and driver, and for each rule the
    keys of the parcels it bound."""

    parcels: dict[int, Parcel]
    trips: list[tuple[int, ...]]
    ways: list[Way]
    duties: list[tuple[int, ...]]
    bound: dict[str, set[int]]


class County:
    """A county at work; ``plan`` is the plan in force."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.end = case.end_day * DAY
        self.clock = Clock(case.first_day * DAY)
        self.env = self.clock.env
        self.plan: Plan = case.plan_of(case.first_day)
        self.parcels: dict[int, Parcel] = {}
        self.gate: dict[int, list[Parcel]] = defaultdict(list)
        self.queues: dict[int, Queue] = {}
        self.lists: dict[int, list[tuple[int, int, Parcel]]] = defaultdict(list)
        self.used: dict[int, int] = defaultdict(int)
        self.doors: dict[tuple[int, int], int] = defaultdict(int)
        self.ahead: dict[tuple[int, int], Visit] = {}
        self.timetable: list[Trip] = []
        self.numbers = 0
        self.van_free: dict[str, int | None] = {}
        self.man_rested: dict[str, int | None] = {}
        self.drawn: set[tuple[str, int]] = set()
        self.over: list[tuple[int, ...]] = []
        self.bound: dict[str, set[int]] = {rule: set() for rule in RULES}

    def run(self) -> Result:
        """Run from the first day to the end."""
        for day in range(self.case.first_day, self.case.last_day):
            self.order(day)
            self.clock.call(lambda day=day: self.send(day), day * DAY, ARRIVAL)  # type: ignore[misc]
        for q in range(len(self.plan.queues.stations)):
            self.queues[q] = Queue(q, free=[self.now] * int(self.plan.queues.stations[q]))
        self.open_windows(self.case.first_day - 1)
        self.env.process(self.days())
        self.env.run(until=self.end)
        for p in self.parcels.values():
            if p.outcome == IN_TRANSIT:
                self.bind("up open at the end" if p.direction == UP else "open at the end", p)
        ways = sorted((trip.told, tuple(trip.way)) for trip in self.timetable if trip.way)
        duties = sorted(trip.duty for trip in self.timetable if trip.told)
        return Result(self.parcels, sorted(self.over), ways, duties, self.bound)

    @property
    def now(self) -> int:
        return self.clock.now

    def bind(self, rule: str, *parcels: Parcel) -> None:
        """Note that ``rule`` changed what happens to ``parcels``."""
        for p in parcels:
            self.bound[rule].add(p.key)
            if not p.diary or not p.diary[-1].endswith(rule):
                p.diary.append(f"{self.now}: {rule}")

    # ---------------------------------------------------------------- the parcel's life

    def order(self, day: int) -> None:
        """Let the orders of a day begin their lives."""
        o = self.case.orders_of(day)
        for i in range(o.n):
            place = int(o.place[i])
            p = Parcel(
                key=int(o.key[i]), operator=int(o.operator[i]), place=place, township=int(self.case.township[place]),
                household=int(o.household[i]), weight=int(o.weight_g[i]), volume=int(o.volume_ml[i]), created=int(o.created_us[i]),
                gate=int(o.gate_us[i]), missort=bool(o.missort[i]), lost=bool(o.lost[i]),
                collect_village=int(o.collect_village_us[i]), collect_township=int(o.collect_township_us[i]),
                reminder=int(o.reminder_us[i]), out=int(o.out_us[i]), last_mile=int(o.operator[i]),
            )  # fmt: skip
            self.begin_life(p)
            self.gate[p.operator].append(p)

    def send(self, day: int) -> None:
        """Take in what is sent up on a day, at its midnight."""
        s = self.case.shipments_of(day)
        for i in range(s.n):
            place, operator = int(s.place[i]), int(s.operator[i])
            self.begin_life(Parcel(
                key=int(s.key[i]), operator=operator, place=place, township=int(self.case.township[place]), household=0, lot=int(s.lot[i]),
                weight=int(s.weight_g[i]), volume=int(s.volume_ml[i]), created=int(s.created_us[i]), gate=int(s.ready_us[i]),
                out=int(s.out_us[i]), direction=UP, last_mile=operator, stage=BACK_LIST if s.counter[i] else PLACE_LIST,
            ))  # fmt: skip

    def stamp(self, p: Parcel, name: str, time: int) -> None:
        """Let a stamp be set when its time comes, if it comes before the end."""
        self.clock.call(lambda: p.at.__setitem__(name, time), time, ARRIVAL, key=p.key)

    def begin_life(self, p: Parcel) -> None:
        """Start the process of one parcel."""
        p.news = self.env.event()
        self.parcels[p.key] = p
        if p.direction == UP:
            self.stamp(p, "created", p.created)
        else:
            p.at["created"] = p.created
        self.env.process(self.life(p))

    def life(self, p: Parcel) -> Life:
        """Live from the gate (a return: from the shelf it was born on; going up: from the sender) to the end, queue by queue."""
        if p.direction == DOWN:
            yield p.news
            step = self.intake(p)
        elif p.direction == UP:
            step = yield from self.dropped(p)
        else:
            step = yield from self.wait(p, p.stage, p.created)
        while step is not None:
            queue = yield from self.stand_in(p, step)
            match self.kind_of(queue):
                case "dock":
                    step = yield from self.after_dock(p, self.now)
                case "sort":
                    step = yield from self.after_sorting(p)
                case "handle":
                    step = yield from self.after_handling(p, self.now)

    def finish(self, p: Parcel, outcome: int) -> None:
        """End a parcel's life now."""
        p.outcome = outcome
        p.at["finished"] = self.now

    def intake(self, p: Parcel) -> Enter | None:
        """Come with a wave."""
        p.at["county_in"] = self.now
        plan = self.plan
        if plan.lookup.mode[p.operator, p.place] == REFUSED:
            self.bind("refused", p)
            self.finish(p, REFUSED_OUT)
            return None
        if self.fits_no_vehicle(p):
            self.bind("rejected", p)
            self.finish(p, REJECTED)
            return None
        return Enter(self.queue_of(DOCK, p), self.now)

    def fits_no_vehicle(self, p: Parcel) -> bool:
        """Say whether a parcel is too heavy or too large for the smaller of truck and van."""
        g, ml = self.plan.capacity_g, self.plan.capacity_ml
        return p.weight > min(g[0], g[1]) or p.volume > min(ml[0], ml[1])

    def dropped(self, p: Parcel) -> Life:
        """Be sent up: wait in the place for the round, or be brought to the township's outlet; ``gate`` is when that is done."""
        if self.fits_no_vehicle(p):
            yield self.clock.at(p.created, ARRIVAL, key=p.key)
            self.bind("up rejected", p)
            return self.finish(p, REJECTED)
        p.sent = self.now
        self.stamp(p, "ready", p.gate)
        if p.stage == PLACE_LIST and self.list_of(p) >= 0:
            self.bind("sent from the place", p)
            return (yield from self.wait(p, PLACE_LIST, p.gate))
        self.bind("sent at the counter" if p.stage == BACK_LIST else "no list in the place", p)
        self.stamp(p, "township_in", p.gate)
        return Enter(self.queue_of(HANDLE, p), p.gate)

    def carried_down(self, p: Parcel, ready: int) -> Enter:
        """Be carried to the township by the sender, because no vehicle loads in the place any more."""
        self.bind("carried down", p)
        outlets = [i for i, tier in enumerate(self.case.tier) if tier == TOWNSHIP]
        outlet = next(i for i in outlets if self.case.township[i] == p.township)
        there = max(ready, self.now) + int(self.case.travel_us[p.place, outlet])
        self.stamp(p, "township_in", there)
        return Enter(self.queue_of(HANDLE, p), there)

    def after_dock(self, p: Parcel, ready: int) -> Life:
        """Ride the feeder to sorting, or be handed over where dock and sorting are one site."""
        if self.plan.lookup.dock_wait[p.operator] >= 0:
            self.bind("feeder", p)
            return (yield from self.wait(p, FEEDER_LIST, ready))
        return Enter(self.queue_of(SORT, p), max(ready, self.now) + self.plan.times.handover_us)

    def after_sorting(self, p: Parcel) -> Life:
        """Go round again if missorted, be lost, or wait for the line (down) or the evening trunk (back, up)."""
        if p.missort and not p.missorted:
            p.missorted = 1
            self.bind("missort", p)
            return Enter(self.queue_of(SORT, p), self.now + self.plan.times.recheck_us)
        p.at["sorted"] = self.now
        if p.lost:
            self.bind("lost", p)
            return self.finish(p, LOST)
        return (yield from self.wait(p, LINE_LIST if p.direction == DOWN else OUT_LIST, self.now))

    def after_handling(self, p: Parcel, ready: int) -> Life:
        """Wait for the line (back, up) or the round, stay at the outlet, or go to the post; ``ready`` may be a transfer's end."""
        if p.direction != DOWN:
            return (yield from self.wait(p, BACK_LIST, ready))
        mode, post = self.plan.lookup.mode[p.last_mile, p.place], self.plan.post
        if p.attempts >= self.plan.times.max_attempts:
            self.bind("give up", p)
        elif mode == TO_VILLAGE:
            return (yield from self.wait(p, ROUND_LIST, ready))
        elif mode == TO_POST and post not in (-1, p.last_mile):
            self.bind("to post", p)
            p.last_mile, p.to_post = post, 1
            return Enter(self.queue_of(HANDLE, p), max(ready, self.now) + self.plan.times.post_handover_us)
        if ready > self.now:
            yield self.clock.at(ready, ARRIVAL, key=p.key)
        self.shelve(p, int(self.plan.lookup.outlet_store[p.last_mile, p.township]), -1)
        return (yield from self.on_the_shelf(p))

    # ---------------------------------------------------------------- queues

    def kind_of(self, queue: int) -> str:
        """Return what kind of queue an id is."""
        k = self.plan.operators
        return DOCK if queue < k else SORT if queue < 2 * k else HANDLE

    def queue_of(self, kind: str, p: Parcel, plan: Plan | None = None) -> int:
        """Return the parcel's own queue of a kind."""
        look = (plan or self.plan).lookup
        if kind == HANDLE:
            return int(look.handle_queue[p.last_mile, p.township])
        return int((look.dock_queue if kind == DOCK else look.sort_queue)[p.operator])

    def stand_in(self, p: Parcel, step: Enter) -> Life:
        """Stand in a queue until served; return its id."""
        queue, entry = step.queue, step.entry
        while True:
            insort(self.queues[queue].waiting, (entry, p.key, p))
            self.clock.call(lambda q=queue: self.serve(q), max(entry, self.now), AFTER)  # type: ignore[misc]
            news = yield p.news
            if isinstance(news, Gone):
                return queue
            queue, entry = self.queue_of(self.kind_of(queue), p), news.time

    def serve(self, queue: int) -> None:
        """Start whoever can start now."""
        q, now = self.queues[queue], self.now
        waiting = [p for entry, _, p in q.waiting if entry <= now]
        window = next((w for w in q.windows if w.open <= now < w.close), None)
        if window is None or not q.free:
            return self.bind("shift", *waiting)
        for p in waiting:
            station = q.free.index(min(q.free))
            if q.free[station] > now:
                self.bind("fifo wait", p)
                continue
            q.waiting.pop(0)
            if now >= window.planned:
                self.bind("overtime", p)
            q.free[station] = now + int(self.plan.queues.service_us[queue])
            self.env.process(self.station(queue, p, q.free[station]))
        return None

    def station(self, queue: int, p: Parcel, finish: int) -> Life:
        """Serve one parcel, then look who is next."""
        yield self.clock.at(finish, ARRIVAL, key=p.key)
        self.clock.call(lambda: self.serve(queue), finish, AFTER)
        p.tell(Gone())

    def open_windows(self, day: int) -> None:
        """Put the shift windows of a plan day in force."""
        for q in self.queues.values():
            pairs = [(int(a) + day * DAY, int(b) + day * DAY) for a, b in self.plan.queues.windows[q.id] if a < b]
            q.windows = [Window(a, b, b) for a, b in pairs]
            for w in q.windows:
                if w.close >= self.now:
                    self.clock.call(lambda q=q: self.serve(q.id), max(w.open, self.now), AFTER)  # type: ignore[misc]
                    self.clock.call(lambda q=q, w=w, day=day: self.shift_ends(q, w, day), w.close, DECISION, SHIFT_END)  # type: ignore[misc]
            self.clock.call(lambda q=q: self.serve(q.id), self.now, AFTER)  # type: ignore[misc]

    def shift_ends(self, q: Queue, window: Window, day: int) -> None:
        """Decide on overtime at a window's planned close."""
        if window not in q.windows or not q.free:
            return
        waiting = sum(entry <= self.now for entry, _, _ in q.waiting)
        extra = min(int(self.plan.queues.overtime_us[q.id]), -(-waiting // len(q.free)) * int(self.plan.queues.service_us[q.id]))
        limits = [w.open for w in q.windows if w.open >= window.planned] + [(day + 1) * DAY + self.plan.times.plan_us]
        window.close = min([window.planned + extra, *limits])
        self.clock.call(lambda: self.serve(q.id), self.now, AFTER)

    # ---------------------------------------------------------------- waiting lists

    def list_of(self, p: Parcel) -> int:
        """Return the id of the list in which a parcel of this stage waits, -1: nobody loads it."""
        look, o = self.plan.lookup, p.operator
        if p.stage == PLACE_LIST:
            if look.place_wait is not None:
                return int(look.place_wait[p.last_mile, p.place])
            stop = int(look.round_stop[p.last_mile, p.place])
            return int(self.plan.stops.wait[stop]) if stop >= 0 else -1
        return int({
            FEEDER_LIST: look.dock_wait[o], LINE_LIST: look.line_wait[o, p.township], OUT_LIST: look.out_wait[o],
            BACK_LIST: look.back_line_wait[o, p.township], ROUND_LIST: look.round_wait[p.last_mile, p.place],
        }[p.stage])  # fmt: skip

    def stop_of(self, p: Parcel) -> int:
        """Return the stop at which a parcel that is being loaded gets off, -1: it stays aboard."""
        look = self.plan.lookup
        match p.stage:
            case "feeder":
                return int(look.dock_stop[p.operator])
            case "line":
                return int(look.line_stop[p.operator, p.township])
            case "round":
                return int(look.round_stop[p.last_mile, p.place])
        return -1

    def site_of(self, p: Parcel, plan: Plan) -> int:
        """Return the queue at whose site a waiting parcel stands, -1: at a place."""
        if p.stage == PLACE_LIST:
            return -1
        if p.stage == BACK_LIST:
            return int(plan.lookup.handle_queue[p.operator, p.township])
        kind = {FEEDER_LIST: DOCK, LINE_LIST: SORT, OUT_LIST: SORT}.get(p.stage, HANDLE)
        return self.queue_of(kind, p, plan)

    def wait(self, p: Parcel, stage: str, ready: int) -> Life:
        """Wait for a trip, ride it, and return the queue where it leaves the parcel; None: the parcel's life is over."""
        p.stage = stage
        while True:
            insort(self.lists[self.list_of(p)], (ready, p.key, p))
            news = yield p.news
            match news:
                case Enter():
                    return news
                case Gone():
                    return None
                case Shelved():
                    return (yield from self.on_the_shelf(p))
                case Out():
                    yield self.clock.at(news.until, ARRIVAL, key=p.key)
                    self.bind("shipped" if p.direction == UP else "back at sender", p)
                    return self.finish(p, SHIPPED if p.direction == UP else BACK_AT_SENDER)
            ready = news.time
            if stage == PLACE_LIST and p.direction == UP and self.list_of(p) < 0:
                return self.carried_down(p, ready)
            if stage == FEEDER_LIST and self.plan.lookup.dock_wait[p.operator] < 0:
                return (yield from self.after_dock(p, ready))
            if stage == ROUND_LIST:
                return (yield from self.after_handling(p, ready))

    def take(self, trip: Trip, waiting: int, on_the_way: bool) -> list[Parcel]:
        """Load from a list, first come first served, to the first parcel that does not fit."""
        room_g = int(trip.plan.capacity_g[trip.plan.vehicle_type[trip.vehicle]]) - sum(p.weight for p, _ in trip.aboard)
        room_ml = int(trip.plan.capacity_ml[trip.plan.vehicle_type[trip.vehicle]]) - sum(p.volume for p, _ in trip.aboard)
        line, taken = self.lists[waiting] if waiting >= 0 else [], []
        while line and line[0][0] <= self.now:
            p = line[0][2]
            if p.weight > room_g or p.volume > room_ml:
                self.cut(trip, p.weight > room_g, p.volume > room_ml, [x for ready, _, x in line if ready <= self.now])
                break
            line.pop(0)
            room_g, room_ml = room_g - p.weight, room_ml - p.volume
            self.leave_store(p)
            trip.aboard.append((p, self.stop_of(p)))
            trip.taken += 1
            taken.append(p)
            if trip.leg == LINE:
                p.line_trip = trip.number
            elif trip.leg == ROUND:
                p.round_trip = trip.number
            elif trip.leg == TRUNK_OUT:
                p.boards = self.now
            if on_the_way:
                p.at[LEAVES[trip.leg, p.direction]] = self.now
        trip.most_g = max(trip.most_g, sum(p.weight for p, _ in trip.aboard))
        trip.most_ml = max(trip.most_ml, sum(p.volume for p, _ in trip.aboard))
        ways = {p.direction for p, _ in trip.aboard}
        for rule, needed in MIXED.items():
            if needed <= ways:
                self.bind(rule, *(p for p, _ in trip.aboard))
        return taken

    def cut(self, trip: Trip, by_weight: bool, by_volume: bool, left: list[Parcel]) -> None:
        """Note what ended a loading, and who was left behind."""
        trip.cut_g += by_weight
        trip.cut_ml += by_volume
        up = [p for p in left if p.direction == UP]
        if by_weight and by_volume:
            self.bind("cut by both", *left)
        if by_weight:
            self.bind("cut by weight", *left)
            self.bind("up cut by weight", *up)
        if by_volume:
            self.bind("cut by volume", *left)
            self.bind("up cut by volume", *up)

    # ---------------------------------------------------------------- trips

    def load_trips(self) -> None:
        """Begin every trip that has its vehicle, its driver and its turn on the route."""
        taken: set[tuple[str, str | int]] = set()
        for trip in self.timetable:
            if trip.begun or trip.cancelled:
                continue
            needs: set[tuple[str, str | int]] = {("van", trip.van), ("man", trip.man), ("route", trip.route)}
            home = self.van_free.get(trip.van, self.now)
            rested = self.man_rested.get(trip.man, self.now)
            here = home is not None and home <= self.now and rested is not None and rested <= self.now
            if here and self.now >= trip.opens and not needs & taken:
                self.begin(trip)
            else:
                taken |= needs

    def begin(self, trip: Trip) -> None:
        """Load a trip and send it off, or cancel it if every stop is closed."""
        plan, times, r = trip.plan, trip.plan.times, trip.route
        stops = list(range(int(plan.routes.first[r]), int(plan.routes.first[r + 1])))
        ways = [s for s in stops if not self.case.closed(int(plan.stops.place[s]), trip.day)]
        if stops and not ways:
            self.bind("all stops closed", *(p for ready, _, p in self.lists[r] if ready <= self.now))
            return self.cancel(trip)
        trip.begun, trip.load = True, self.now
        self.van_free[trip.van] = self.man_rested[trip.man] = None
        loaded = self.take(trip, r, False)
        trip.depart = max(trip.departs, self.now + times.load_fixed_us + times.load_piece_us * len(loaded))
        if self.now > trip.opens:
            self.bind("order", *loaded)
        if trip.depart > trip.departs:
            self.bind("departure late", *loaded)
        self.bind("closed", *(p for p, s in trip.aboard if s in stops and s not in ways))
        if ways and (trip.van, trip.day) not in self.drawn:
            self.drawn.add((trip.van, trip.day))
            u = self.case.breaks(trip.van, trip.day)
            if u is not None:
                trip.broken = True
                served = max(1, min(len(ways), math.ceil(u * len(ways))))
                self.bind("breakdown", *(p for p, s in trip.aboard if s in ways[served:]))
                ways = ways[:served]
        self.env.process(self.drive(trip, ways))
        return None

    def cancel(self, trip: Trip) -> None:
        """Cancel a trip that has not begun to load."""
        trip.cancelled = True
        self.bind("cancelled", *(p for ready, _, p in self.lists[trip.route] if ready <= self.now))
        self.record(trip)

    def next_departs(self, trip: Trip) -> None:
        """Cancel the earlier trips of a route that have not begun to load when ``trip`` should depart."""
        for earlier in self.timetable[: self.timetable.index(trip)]:
            if earlier.route == trip.route and earlier.plan is trip.plan and not (earlier.begun or earlier.cancelled):
                self.cancel(earlier)
        self.clock.call(self.load_trips, self.now, AFTER)

    def road(self, a: int, b: int, plan: Plan) -> tuple[int, int]:
        """Return metres and microseconds from a place to a place, or between two sites of one place."""
        if a == b:
            times = plan.times
            return (times.seat_gap_m, times.seat_gap_us) if a == 0 else (times.township_gap_m, times.township_gap_us)
        return int(self.case.metres[a, b]), int(self.case.travel_us[a, b])

    def drive(self, trip: Trip, ways: list[int]) -> Life:
        """Depart, serve the stops, come home, unload, be free, let the driver rest."""
        plan, times = trip.plan, trip.plan.times
        origin = here = int(plan.routes.origin[trip.route])
        yield self.clock.at(trip.depart, LOADING, origin, trip.vehicle)
        for p, _ in trip.aboard:
            if trip.leg != FEEDER:
                p.at[LEAVES[trip.leg, p.direction]] = self.now
            if trip.leg == TRUNK_OUT:
                p.tell(Out(self.now + p.out))
        if trip.leg == TRUNK_OUT:
            trip.aboard = []
            self.missed("up missed the trunk", trip.plan, trip.route)
        leave = self.now
        for s in ways:
            metres, travel = self.road(here, int(plan.stops.place[s]), plan)
            here = int(plan.stops.place[s])
            trip.metres += metres
            yield self.clock.at(leave + travel, STOP, here, trip.vehicle)
            arrived, getting_off, picked = self.now, sum(stop == s for _, stop in trip.aboard), []
            handled, at_door = self.unload(trip, s)
            off = handled + at_door
            if trip.plan is self.plan:
                picked = self.take(trip, int(plan.stops.wait[s]), True)
                handled += len(picked)
                self.bind("picked up on the way", *(p for p in picked if p.direction == DOWN))
                if trip.leg == ROUND:
                    self.bind("return loaded by round", *(p for p in picked if p.direction == BACK))
                    self.bind("up loaded by round", *(p for p in picked if p.direction == UP))
            leave = self.now + times.stop_fixed_us + times.stop_piece_us * handled + times.door_piece_us * at_door
            refused = getting_off - off if plan.stops.queue[s] == -1 else 0
            load = sum(p.weight for p, _ in trip.aboard), sum(p.volume for p, _ in trip.aboard)
            trip.way.append((len(trip.way), here, arrived, leave, off, len(picked), refused, *load))
            self.clock.call(lambda s=s: self.missed("up missed the round", plan, int(plan.stops.wait[s])), leave, AFTER)  # type: ignore[misc]
        if ways:
            metres, travel = self.road(here, origin, plan)
            trip.metres += metres
            yield self.clock.at(leave + travel + (times.repair_us if trip.broken else 0), STOP, origin, trip.vehicle)
        trip.back = self.now
        trip.free = self.come_home(trip) if trip.aboard else self.now
        self.record(trip)
        if trip.aboard:
            yield self.clock.at(trip.free, STOP, origin, trip.vehicle)
        rested = self.now + times.rest_us
        self.van_free[trip.van], self.man_rested[trip.man] = self.now, rested
        self.clock.call(self.load_trips, self.now, LOADING)
        self.clock.call(self.load_trips, rested, LOADING)

    def missed(self, rule: str, plan: Plan, waiting: int) -> None:
        """Note who, going up, is ready in a list but was not taken by the vehicle that leaves now."""
        if plan is self.plan and waiting >= 0:
            self.bind(rule, *(p for ready, _, p in self.lists[waiting] if ready <= self.now and p.direction == UP))

    def unload(self, trip: Trip, stop: int) -> tuple[int, int]:
        """Let off who gets off at a stop; return how many were handled, and how many of them at doors."""
        here = [p for p, s in trip.aboard if s == stop]
        queue, place = int(trip.plan.stops.queue[stop]), int(trip.plan.stops.place[stop])
        if trip.plan is not self.plan:
            self.bind("old stops", *here)
        if queue == -2:
            return 0, 0
        if queue >= 0:
            if trip.leg == LINE:
                for p in here:
                    p.at["township_in"] = self.now
            self.enter_all(trip, here, queue)
            off = here
        else:
            off = self.hand_over(here, place)
        trip.aboard = [(p, s) for p, s in trip.aboard if p not in off]
        at_door = 0 if queue >= 0 else sum(p.kind == AT_DOOR for p in off)
        return len(off) - at_door, at_door

    def enter_all(self, trip: Trip, parcels: list[Parcel], queue: int) -> int:
        """Let parcels enter a queue one after another in key order; return the last entry's time."""
        entry = self.now
        for i, p in enumerate(sorted(parcels, key=lambda p: p.key)):
            entry = self.now + trip.plan.times.stop_fixed_us + trip.plan.times.stop_piece_us * (i + 1)
            p.tell(Enter(queue if trip.plan is self.plan else self.queue_of(self.kind_of(queue), p), entry))
        return entry

    def come_home(self, trip: Trip) -> int:
        """Unload what is still aboard at home; return when that is done."""
        parcels = [p for p, _ in trip.aboard]
        for p in parcels:
            if p.direction != DOWN:
                p.at["county_in" if trip.leg == LINE else "township_in"] = self.now
            if p.direction == UP and trip.plan is not self.plan:
                self.bind("up home under a new plan", p)
        return self.enter_all(trip, parcels, int(trip.plan.routes.home_queue[trip.route]))

    def record(self, trip: Trip) -> None:
        """Note a trip that is over."""
        late = TRIP_LATE if trip.depart > trip.departs else TRIP_DONE
        status = TRIP_CANCELLED if trip.cancelled else TRIP_BROKEN if trip.broken else late
        times = (trip.departs, trip.load, trip.depart, trip.back)
        trip.told = (trip.day, trip.leg, *times, status, trip.metres, trip.taken, trip.cut_g, trip.cut_ml)
        self.over.append(trip.told)

    # ---------------------------------------------------------------- handing over, visits, returns

    def hand_over(self, parcels: list[Parcel], place: int) -> list[Parcel]:
        """Hand parcels over in loading order by the place's cascade; return those for whom there was room."""
        codes = [int(c) for c in self.plan.cascade[place]] + [0]
        pointer, handed = 0, []
        for p in parcels:
            own, shared = pointer, True
            while codes[own] and not self.fits(p, place, codes[own]):
                if codes[own] == LOCKER and self.too_large(p, place):
                    self.bind("too large for the locker", p)
                    shared = False
                else:
                    self.bind("locker full" if codes[own] == LOCKER else "shelf full", p)
                own += 1
                pointer = own if shared else pointer
            if not codes[own]:
                p.attempts += 1
                self.bind("no space", p)
                continue
            handed.append(p)
            p.at["village_in"] = self.now
            if codes[own] == DOOR:
                p.kind, p.at["ready"] = AT_DOOR, self.now
                self.bind("door", p)
                self.finish(p, COLLECTED)
                p.tell(Gone())
            elif codes[own] == LOCKER:
                self.shelve(p, 3 * place + 1, self.free_door(p, place))
                p.tell(Shelved())
            else:
                self.shelve(p, 3 * place + (0 if codes[own] == SHELF else 2), -1)
                p.tell(Shelved())
        return handed

    def fits(self, p: Parcel, place: int, code: int) -> bool:
        """Say whether a parcel can be handed over by a cascade code now."""
        if code in (SHELF, OVERFLOW):
            store = 3 * place + (0 if code == SHELF else 2)
            capacity = int(self.plan.stores.capacity_ml[store])
            return capacity < 0 or self.used[store] + p.volume <= capacity
        return code == DOOR or self.free_door(p, place) >= 0

    def too_large(self, p: Parcel, place: int) -> bool:
        """Say whether a parcel is larger than every door of the place's locker."""
        stores = self.plan.stores
        return not any(stores.doors[3 * place + 1, i] > 0 and stores.door_ml[i] >= p.volume for i in range(3))

    def free_door(self, p: Parcel, place: int) -> int:
        """Return the smallest size with a free door for the parcel, -1: none."""
        stores, store = self.plan.stores, 3 * place + 1
        sizes = sorted(range(3), key=lambda i: int(stores.door_ml[i]))
        return next((i for i in sizes if stores.door_ml[i] >= p.volume and self.doors[store, i] < stores.doors[store, i]), -1)

    def shelve(self, p: Parcel, store: int, door: int) -> None:
        """Put a parcel into a store now, and into the household's visit, the one ahead or a new one."""
        locker, outlet = door >= 0, store >= 3 * self.plan.places
        p.shelf = AT_LOCKER if locker else AT_TOWNSHIP if outlet else AT_STATION
        p.at["ready"] = self.now
        p.holds = (store, door, p.volume)
        self.used[store] += p.volume
        self.doors[store, door] += 1
        point = (p.household, store if locker or outlet else store - store % 3)
        visit = self.ahead.get(point)
        if visit is not None and visit.due > self.now:
            self.bind("visit joined", p)
        else:
            delay = p.collect_township if outlet else p.collect_village
            visit = self.ahead[point] = Visit(p.key, self.open(p, self.now + delay, self.plan, store))
            self.env.process(self.visit(visit))
        visit.parcels.append(p)
        p.visit, p.joined = visit.id, visit
        p.fee = int(self.plan.lookup.surcharge_fen[p.last_mile, p.place]) if outlet else 0

    def leave_store(self, p: Parcel) -> None:
        """Free the space a parcel holds in a store, if any."""
        if p.holds is not None:
            store, door, volume = p.holds
            self.used[store] -= volume
            self.doors[store, door] -= 1
            p.holds = None

    def open(self, p: Parcel, time: int, plan: Plan, store: int) -> int:
        """Return the time itself if the store is open then, else its next opening."""
        opens, closes = int(plan.stores.opens_us[store]), int(plan.stores.closes_us[store])
        midnight, clock = time - time % DAY, time % DAY
        if opens <= clock < closes:
            return time
        self.bind("opening hours", p)
        return midnight + opens + (0 if clock < opens else DAY)

    def visit(self, visit: Visit) -> Life:
        """Come when due (a reminder may make that earlier) and collect everything that joined and is still there."""
        while visit.due != self.now:
            visit.moved = self.env.event()
            yield self.clock.at(visit.due, VISIT, key=visit.id) | visit.moved
        for p in visit.parcels:
            if p.outcome == IN_TRANSIT:
                self.leave_store(p)
                p.kind, p.surcharge = p.shelf, p.fee
                self.finish(p, COLLECTED)
                p.tell(Gone())

    def on_the_shelf(self, p: Parcel) -> Life:
        """Wait to be collected; be reminded; go back when the holding period is over."""
        plan, ready, visit, holds = self.plan, p.at["ready"], p.joined, p.holds
        assert visit is not None
        assert holds is not None
        assert p.news is not None
        reminder = self.clock.at(ready + plan.times.reminder_us, EXPIRY, key=p.key)
        expiry = self.clock.at(ready + plan.times.holding_us, EXPIRY, key=p.key)
        collected = p.news
        yield collected | reminder
        if collected.triggered:
            return None
        p.at["reminded"] = self.now
        due = self.open(p, self.now + p.reminder, plan, holds[0])
        if due < visit.due:
            self.bind("reminder moved", *(x for x in visit.parcels if x.outcome == IN_TRANSIT))
            visit.due = due
            if visit.moved is not None and not visit.moved.triggered:
                visit.moved.succeed()
        yield collected | expiry
        if collected.triggered:
            return None
        self.bind("expiry", p)
        self.finish(p, RETURNED)
        self.begin_life(Parcel(
            key=child_key(p.key), parent=p.key, direction=BACK, operator=p.operator, last_mile=p.last_mile, place=p.place,
            township=p.township, household=p.household, weight=p.weight, volume=p.volume, created=self.now, out=p.out, holds=p.holds,
            stage=BACK_LIST if p.shelf == AT_TOWNSHIP else PLACE_LIST,
        ))  # fmt: skip
        child = self.parcels[child_key(p.key)]
        child.at["ready"] = self.now
        p.holds = None
        return None

    # ---------------------------------------------------------------- days and plans

    def days(self) -> Life:
        """Put each day's plan in force at its plan instant, with its windows, waves and trips."""
        for day in range(self.case.first_day, self.case.end_day):
            plan = self.case.plan_of(day)
            yield self.clock.at(day * DAY + plan.times.plan_us, DECISION, PLAN_INSTANT)
            for q in self.queues.values():
                self.bind("plan cut", *(p for entry, _, p in q.waiting if entry <= self.now))
            if plan is not self.plan:
                self.change_plan(plan)
            self.open_windows(day)
            for o in range(plan.operators):
                for wave in {int(w) for w in plan.wave_us[o] if w >= 0}:
                    self.clock.call(lambda o=o: self.wave(o), day * DAY + wave, ARRIVAL)  # type: ignore[misc]
            self.append_trips(plan, day)

    def wave(self, operator: int) -> None:
        """Bring every order that is at the gate by now."""
        here = [p for p in self.gate[operator] if p.gate <= self.now]
        self.gate[operator] = [p for p in self.gate[operator] if p.gate > self.now]
        for p in here:
            p.tell(Gone())

    def append_trips(self, plan: Plan, day: int) -> None:
        """Append the day's trips to the timetable."""
        weekday = (self.case.weekday0 + day) % 7
        t = plan.trips
        for i in range(len(t.key)):
            if int(t.days[i]) >> weekday & 1:
                departs = day * DAY + int(t.departs_us[i])
                self.numbers += 1
                trip = Trip(
                    self.numbers, day, plan, int(plan.routes.leg[t.route[i]]), int(t.route[i]), int(t.vehicle[i]), int(t.driver[i]),
                    departs, departs - plan.times.window_us,
                )  # fmt: skip
                self.timetable.append(trip)
                self.clock.call(self.load_trips, trip.opens, LOADING if trip.opens > self.now else AFTER)
                self.clock.call(lambda trip=trip: self.next_departs(trip), departs, DECISION, CANCELLATION)  # type: ignore[misc]

    def change_plan(self, plan: Plan) -> None:
        """Let everybody who waits look up again where, under the new plan."""
        old, self.plan = self.plan, plan
        for trip in self.timetable:
            if not (trip.begun or trip.cancelled):
                self.cancel(trip)
        moved: dict[tuple[int, int], list[Parcel]] = defaultdict(list)
        woken: list[tuple[int, Parcel]] = []
        for q in self.queues.values():
            for entry, _, p in q.waiting:
                woken.append((self.moved(p, q.id, self.queue_of(self.kind_of(q.id), p), entry, moved), p))
            q.waiting = []
            stations = int(plan.queues.stations[q.id])
            q.free = (sorted(q.free, reverse=True) + [self.now] * stations)[:stations]
        for line in self.lists.values():
            woken += [(self.moved(p, self.site_of(p, old), self.site_of(p, plan), ready, moved), p) for ready, _, p in line]
        self.lists.clear()
        for time, p in sorted(woken, key=lambda w: w[1].key):
            p.tell(Anew(time))
        day = (self.now - plan.times.plan_us) // DAY
        for (a, _), parcels in moved.items():
            metres, travel = self.gap(a)
            for many in self.van_loads(parcels):
                self.over.append((day, TRANSFER, self.now, self.now, self.now, self.now + travel, TRIP_DONE, metres, many, 0, 0))

    def van_loads(self, parcels: list[Parcel]) -> list[int]:
        """Return how many parcels each van of a transfer takes: by key, a further van when the next one does not fit."""
        loads: list[list[Parcel]] = [[]]
        for p in sorted(parcels, key=lambda p: p.key):
            g, ml = sum(x.weight for x in loads[-1]), sum(x.volume for x in loads[-1])
            if loads[-1] and (g + p.weight > self.plan.capacity_g[1] or ml + p.volume > self.plan.capacity_ml[1]):
                self.bind("transfer in several vans", p)
                loads.append([])
            loads[-1].append(p)
        return [len(load) for load in loads]

    def gap(self, queue: int) -> tuple[int, int]:
        """Return metres and microseconds between two sites of a queue's tier."""
        times = self.plan.times
        if self.kind_of(queue) == HANDLE:
            return times.township_gap_m, times.township_gap_us
        return times.seat_gap_m, times.seat_gap_us

    def moved(self, p: Parcel, old: int, new: int, time: int, moved: dict[tuple[int, int], list[Parcel]]) -> int:
        """Return a waiting parcel's time under the new plan: its own, or the end of its transfer."""
        self.bind("up plan change" if p.direction == UP else "plan change", p)
        if old == new:
            return time
        self.bind("up transfer" if p.direction == UP else "transfer", p)
        moved[old, new].append(p)
        return max(time, self.now) + self.gap(old)[1]
