"""What a village stop really costs: metres, minutes, driver's pay and vehicles that a plan's rounds need more or less for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.ledger.driving import DRIVER_CALL_US
from sim.ledger.planned import planned_week
from sim.ledger.price import MILLI, prices
from sim.plan.forecast import forecast_of
from sim.plan.groups import make_groups
from sim.plan.network import PICK_UP
from sim.plan.plan import ROUND, VEHICLES, Plan
from sim.rules import Rules
from sim.units import HOUR
from sim.world.world import VILLAGE, Floats, Ints, World

Way = list[int] | tuple[int, ...]
Extra = dict[int, float] | None
"""Further parcels a week by place."""

VAN = VEHICLES.index("van")
MONTH_DAYS = 365 / 12
WEEKS = MONTH_DAYS / 7
"""Weeks in a mean month."""


@dataclass
class Round:
    """One van's way through the villages of a township; ``week`` (n,) parcels a week by stop; ``span`` of its driver by weekday."""

    origin: int
    places: list[int]
    days: int
    trips: int
    driver: int
    vehicle: int
    route: int = -1

    @property
    def runs(self) -> int:
        """Return the trips a week."""
        return self.days.bit_count() * self.trips


@dataclass(frozen=True)
class Change:
    """Yuan a month that a stop costs more (or, when dropped, less), and the round that then has other ``places``; None: no way changes."""

    yuan: float
    round: Round | None = None
    places: tuple[int, ...] = ()
    drive_us: int = 0


@dataclass
class Vans:
    """The village rounds of a plan, changed in thought stop by stop; ``volume`` (k, n) parcels a day."""

    world: World
    rules: Rules
    plan: Plan
    volume: Floats
    rounds: dict[tuple[int, int], list[Round]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read prices, rounds and the drivers' planned week."""
        p, world, plan = self.rules.parameters, self.world, self.plan
        price = prices(p)
        self.metre_yuan = sum(price[name].amount for name in ("van_fuel_km", "van_upkeep_km", "toll_km")) / MILLI / 1000
        self.us_yuan = price["driver_hour"].amount / MILLI / HOUR
        self.van_month = (price["van_day"].amount + price["van_insurance_day"].amount) / MILLI * MONTH_DAYS
        self.van = make_groups(world, self.rules).van
        self.margin = p.timetable.demand_margin
        self.room = min(plan.capacity_g[VAN] / (1000 * p.demand.weight_kg_mean), plan.capacity_ml[VAN] / (1000 * p.demand.volume_l_mean))
        self.longest_us = round(p.fleet.tour_hours_max * HOUR)
        door = world.stations.at_door
        self.piece_us: Ints = np.where(door, plan.times.door_piece_us, plan.times.stop_piece_us).astype(np.int64)
        expected = forecast_of(world, p, self.volume, 1.0, 1.0)
        self.week: Floats = np.zeros((world.operators.n, world.places.n))
        inside = np.flatnonzero((world.places.township >= 0) & (world.places.parent > 0))
        for lead in range(world.operators.n):
            mine = self.van[:, world.places.township[inside]] == lead
            self.week[lead, inside] = np.where(mine, expected.round[:, inside], 0.0).sum(axis=0) * 7
        rows = planned_week(world, plan, expected)
        self._day, self._driver = rows["day"].astype(np.int64), rows["driver"].astype(np.int64)
        self._load, self._free = rows["load"].copy(), rows["free"].copy()
        _, trip = np.nonzero(np.array([plan.trips.days >> d & 1 for d in range(7)]).reshape(7, -1))
        self._route = plan.trips.route[trip].astype(np.int64)
        self.span = self._spans(np.ones(len(rows), np.bool_))
        self._read()

    def _spans(self, stay: np.ndarray) -> Ints:
        """Return the hours on duty of each driver by weekday (drivers, 7), microseconds, from the trips that stay."""
        first = np.full((len(self.plan.driver_key), 7), 2**61, np.int64)
        last = np.full_like(first, -(2**61))
        at = (self._driver[stay], self._day[stay])
        np.minimum.at(first, at, self._load[stay])
        np.maximum.at(last, at, self._free[stay])
        span: Ints = np.maximum(last - first, 0)
        return span

    def _read(self) -> None:
        plan, places, township_row = self.plan, self.world.places, {}
        for t, row in enumerate(np.flatnonzero(places.tier == 1).tolist()):
            township_row[row] = t
        for r in np.flatnonzero(plan.routes.leg == ROUND).tolist():
            stops = slice(int(plan.routes.first[r]), int(plan.routes.first[r + 1]))
            way = plan.stops.place[stops].tolist()
            trips = np.flatnonzero(plan.trips.route == r)
            if not any(places.tier[p] == VILLAGE for p in way) or not len(trips) or (plan.stops.queue[stops] == PICK_UP).all():
                continue
            one = int(trips[0])
            origin = int(plan.routes.origin[r])
            own = Round(origin, way, int(plan.trips.days[one]), len(trips), int(plan.trips.driver[one]), int(plan.trips.vehicle[one]), r)
            self.rounds.setdefault((int(plan.routes.owner[r]), township_row[origin]), []).append(own)

    # ---- prices of a way

    def gap(self, places: Way, origin: int) -> tuple[int, int]:
        """Return metres and time of a way over places and home."""
        metres = time = 0
        here = origin
        for p in [*places, origin]:
            metres += int(self.world.places.metres[here, p]) if p != here else self.plan.times.township_gap_m
            time += int(self.world.places.travel_us[here, p]) if p != here else self.plan.times.township_gap_us
            here = p
        return metres, time

    def work_us(self, lead: int, places: Way, runs: int, origin: int, extra: Extra = None) -> tuple[float, float]:
        """Return (parcels of a trip, loading and unloading time of a trip) over some stops; ``extra`` parcels a week by place."""
        more = extra or {}
        each = np.array([(self.week[lead, p] + more.get(p, 0.0)) / runs if p != origin else 0.0 for p in places])
        piece = self.plan.times.load_piece_us + self.piece_us[list(places)]
        return float(each.sum()), float((each * piece).sum())

    def duty_us(self, lead: int, places: Way, runs: int, origin: int, extra: Extra = None) -> float:
        """Return a driver's time for one trip, from the loading window to being home."""
        times = self.plan.times
        parcels, work = self.work_us(lead, places, runs, origin, extra)
        loading = times.load_fixed_us + parcels * times.load_piece_us
        unloading = work - parcels * times.load_piece_us
        return max(times.window_us, loading) + self.gap(places, origin)[1] + len(places) * times.stop_fixed_us + unloading

    def fits(self, lead: int, places: Way, runs: int, origin: int, extra: Extra = None) -> bool:
        """Say whether a trip over some stops fits the van and the longest tour, with the planner's margin."""
        times = self.plan.times
        parcels, work = self.work_us(lead, places, runs, origin, extra)
        time = times.load_fixed_us + self.gap(places, origin)[1] + len(places) * times.stop_fixed_us + work * self.margin
        return bool(parcels * self.margin <= self.room and time <= self.longest_us)

    def paid_us(self, driver: int, days: int, more_us: float) -> float:
        """Return by how much a driver's paid time of a week grows when some days take so much longer."""
        total = 0.0
        for d in range(7):
            if days >> d & 1:
                span = float(self.span[driver, d])
                total += max(float(DRIVER_CALL_US), span + more_us) - max(float(DRIVER_CALL_US), span)
        return total

    def alone(self, lead: Ints, places: Ints, days: int, more: Floats) -> Floats:
        """Return what a new round to each place by itself costs a month: vehicle, driver called for at least half a day, way.

        ``lead`` whose vans, ``more`` parcels a week beside those it has there; both by place.
        """
        runs, times, origin = days.bit_count(), self.plan.times, self.world.places.parent[places]
        ways = self.world.places.travel_us, self.world.places.metres
        way_us, way_m = (a[origin, places].astype(np.int64) + a[places, origin] for a in ways)
        parcels = (self.week[lead, places] + more) / runs
        unloading = parcels * (times.load_piece_us + self.piece_us[places]) - parcels * times.load_piece_us
        loading = np.maximum(times.window_us, times.load_fixed_us + parcels * times.load_piece_us)
        duty = np.maximum(float(DRIVER_CALL_US), loading + way_us + times.stop_fixed_us + unloading)
        yuan: Floats = self.van_month + WEEKS * runs * (duty * self.us_yuan + way_m * self.metre_yuan)
        return yuan

    def least(self, days: int) -> float:
        """Return what any new round costs a month, however short: its van, and its drivers' calls."""
        return self.van_month + WEEKS * days.bit_count() * DRIVER_CALL_US * self.us_yuan

    # ---- one stop more or less

    def stop_more(self, lead: int, t: int, place: int, parcels_week: float, days: int) -> Change:
        """Return the cheapest way to bring ``parcels_week`` more to a place: a stop the vans of ``lead`` make, a detour, a new round."""
        own = self.rounds.get((lead, t), [])
        more = {place: parcels_week}
        piece = self.plan.times.load_piece_us + int(self.piece_us[place])
        best: Change | None = None
        for r in own:
            if place in r.places:
                if self.fits(lead, r.places, r.runs, r.origin, more) or r.trips > 1:
                    work = parcels_week / r.runs * piece * r.trips
                    return Change(WEEKS * self.paid_us(r.driver, r.days, work) * self.us_yuan, r, tuple(r.places), round(work))
                continue
            old_m, old_us = self.gap(r.places, r.origin)
            ways = [(*r.places[:i], place, *r.places[i:]) for i in range(len(r.places) + 1)]
            gaps = [self.gap(way, r.origin) for way in ways]
            at = min(range(len(ways)), key=lambda i: (gaps[i][1], gaps[i][0], i))
            if not self.fits(lead, ways[at], r.runs, r.origin, more):
                continue
            longer = (gaps[at][1] - old_us + self.plan.times.stop_fixed_us + parcels_week / r.runs * piece) * r.trips
            yuan = WEEKS * (self.paid_us(r.driver, r.days, longer) * self.us_yuan + r.runs * (gaps[at][0] - old_m) * self.metre_yuan)
            if best is None or yuan < best.yuan:
                best = Change(yuan, r, ways[at], round(longer))
        if best is not None:
            return best
        alone = self.alone(np.array([lead]), np.array([place]), days, np.array([parcels_week]))
        return Change(float(alone[0]), None, (place,))

    def stop_less(self, lead: int, t: int, place: int, parcels_week: float, still: bool) -> Change:
        """Return what is saved (below zero) when ``parcels_week`` are not brought to a place any more; ``still``: others keep the stop."""
        r = next((r for r in self.rounds.get((lead, t), []) if place in r.places), None)
        if r is None:
            return Change(0.0)
        piece = self.plan.times.load_piece_us + int(self.piece_us[place])
        work = parcels_week / r.runs * piece
        if still:
            longer = -work * r.trips
            return Change(WEEKS * self.paid_us(r.driver, r.days, longer) * self.us_yuan, r, tuple(r.places), round(longer))
        left = tuple(p for p in r.places if p != place)
        if all(p == r.origin for p in left):
            return Change(-self.rounds_cost([r]), r, ())
        (old_m, old_us), (m, us) = self.gap(r.places, r.origin), self.gap(left, r.origin)
        longer = (us - old_us - self.plan.times.stop_fixed_us - work) * r.trips
        yuan = WEEKS * (self.paid_us(r.driver, r.days, longer) * self.us_yuan + r.runs * (m - old_m) * self.metre_yuan)
        return Change(yuan, r, left, round(longer))

    def rounds_cost(self, gone: list[Round]) -> float:
        """Return what would really be saved a month without some of the plan's rounds: pay, way, vehicles nobody else needs."""
        routes = [r.route for r in gone if r.route >= 0]
        stay = ~np.isin(self._route, routes)
        drivers = sorted({r.driver for r in gone if r.driver >= 0})
        before, after = self.span[drivers], self._spans(stay)[drivers]
        paid = np.where(before > 0, np.maximum(before, DRIVER_CALL_US), 0) - np.where(after > 0, np.maximum(after, DRIVER_CALL_US), 0)
        metres = sum(r.runs * self.gap(r.places, r.origin)[0] for r in gone)
        trips = self.plan.trips
        needed = set(trips.vehicle[~np.isin(trips.route, routes)].tolist())
        idle = len({r.vehicle for r in gone if r.vehicle >= 0} - needed)
        for r in gone:
            if r.route < 0:
                idle += 1
                paid = np.append(paid, r.runs * DRIVER_CALL_US)
        return WEEKS * (float(paid.sum()) * self.us_yuan + metres * self.metre_yuan) + idle * self.van_month

    def take(self, lead: int, t: int, place: int, parcels_week: float, days: int, change: Change) -> None:
        """Go on with a change: the next stop is judged beside it."""
        self.week[lead, place] += parcels_week
        own = self.rounds.setdefault((lead, t), [])
        r = change.round
        if r is None:
            if change.places:
                own.append(Round(int(self.world.places.parent[place]), list(change.places), days, 1, self._new_driver(days), -1))
            return
        if not change.places:
            own.remove(r)
            return
        r.places = list(change.places)
        for d in range(7):
            if r.days >> d & 1:
                self.span[r.driver, d] = max(0, int(self.span[r.driver, d]) + change.drive_us)

    def _new_driver(self, days: int) -> int:
        called = [DRIVER_CALL_US if days >> d & 1 else 0 for d in range(7)]
        self.span = np.vstack([self.span, np.array([called], np.int64)])
        return len(self.span) - 1

    # ---- a whole round in thought

    def sketch(self, lead: int, t: int, worth: dict[int, float], week: dict[int, float], days: int) -> tuple[float, list[int]]:
        """Return (yuan a month, villages) of the best rounds that ``lead`` could drive from nothing, by cheapest insertion.

        ``worth`` is what each village brings a month before driving, ``week`` its parcels. Villages are added while they bring more than
        the driving they cause; a round that does not pay its van and driver is not driven.
        """
        left = sorted(p for p, yuan in worth.items() if yuan > 0)
        total, chosen = 0.0, []
        runs = days.bit_count()
        while left and sum(worth[p] for p in left) > self.least(days):
            origin = int(self.world.places.parent[left[0]])
            way, net = self._one_round(lead, left, worth, week, runs, origin)
            if net <= 0:
                break
            total += net
            chosen += way
            left = [p for p in left if p not in way]
        return total, chosen

    def _one_round(
        self, lead: int, left: list[int], worth: dict[int, float], week: dict[int, float], runs: int, origin: int
    ) -> tuple[list[int], float]:
        metres, travel, times = self.world.places.metres, self.world.places.travel_us, self.plan.times
        way: list[int] = []
        driven, clock, parcels, open_ = 0, 0.0, 0.0, list(left)
        waiting = float(times.window_us)
        cost = brought = 0.0
        monthly = WEEKS * runs
        while open_:
            c = np.array(open_, np.int64)
            stops = np.array([origin, *way, origin], np.int64)
            a, b = stops[:-1], stops[1:]
            between_us = np.where(a == b, 0, travel[a, b])
            between_m = np.where(a == b, 0, metres[a, b]).astype(np.int64)
            longer = travel[np.ix_(a, c)] + travel[np.ix_(c, b)].T - between_us[:, None]
            further = metres[np.ix_(a, c)].astype(np.int64) + metres[np.ix_(c, b)].T - between_m[:, None]
            at = np.argmin(longer, axis=0)
            rows = np.arange(len(c))
            each = np.array([week[p] / runs for p in open_])
            more = longer[at, rows] + times.stop_fixed_us + each * (times.load_piece_us + self.piece_us[c])
            paid = np.maximum(waiting + clock + more, DRIVER_CALL_US) - max(waiting + clock, float(DRIVER_CALL_US))
            price = monthly * (paid * self.us_yuan + further[at, rows] * self.metre_yuan)
            net = np.array([worth[p] for p in open_]) - price
            net[
                ((parcels + each) * self.margin > self.room) | (times.load_fixed_us + (clock + more) * self.margin > self.longest_us)
            ] = -np.inf
            best = int(np.argmax(net))
            if net[best] <= 0:
                break
            way.insert(int(at[best]), open_[best])
            clock, parcels, driven = clock + float(more[best]), parcels + float(each[best]), driven + int(further[at[best], best])
            brought += worth[open_[best]]
            cost += float(price[best])
            open_.pop(best)
        fixed = self.van_month + monthly * DRIVER_CALL_US * self.us_yuan
        return way, brought - cost - fixed
