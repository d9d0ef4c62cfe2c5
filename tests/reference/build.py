"""Build a whole ``Plan`` from a drawn shape: queues with shifts, routes with stops, a timetable, lookups."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.plan.plan import FEEDER, LINE, ROUND, TRUNK_OUT, Lookup, Plan, Queues, Routes, Stops, Stores, Trips
from sim.units import DAY, HOUR
from sim.world.world import TO_VILLAGE

from .dice import Dice
from .shape import Shape


@dataclass
class Route:
    """A route being built: its stops as (place, queue or -1 or -2, has a waiting list)."""

    leg: int
    owner: int
    origin: int
    home: int
    stops: list[tuple[int, int, bool]] = field(default_factory=list)

    def stop(self, place: int, queue: int, waits: bool) -> tuple[Route, int]:
        """Add a stop and return where it is."""
        self.stops.append((place, queue, waits))
        return self, len(self.stops) - 1


Where = tuple[Route, int]
"""A stop of a route, or with -1 the route's origin."""


@dataclass
class Network:
    """All routes, and by lookup name and index where parcels wait and get off."""

    routes: list[Route] = field(default_factory=list)
    waits: dict[tuple[str, int, int], Where] = field(default_factory=dict)
    stops: dict[tuple[str, int, int], Where] = field(default_factory=dict)

    def route(self, leg: int, owner: int, origin: int, home: int) -> Route:
        """Add a route."""
        self.routes.append(Route(leg, owner, origin, home))
        return self.routes[-1]


def split(dice: Dice, things: list[int]) -> list[list[int]]:
    """Return the things in random order, in one or two parts."""
    order = sorted(things, key=lambda _: dice.word())
    cut = dice.whole(1, len(order)) if order else 0
    return [part for part in (order[:cut], order[cut:]) if part]


def network(dice: Dice, s: Shape) -> Network:
    """Return feeders, lines, rounds and evening trunks for a shape."""
    net, ops = Network(), range(s.k)
    sort_q = [s.k + s.sort_lead[o] for o in ops]
    handle_q = [[2 * s.k + u * s.k + s.outlet_lead[u][o] for u in range(s.m)] for o in ops]
    for lead in sorted({s.dock_lead[o] for o in ops if s.feeder[o]}):
        feeder = net.route(FEEDER, lead, 0, lead)
        members = [o for o in ops if s.dock_lead[o] == lead and s.feeder[o]]
        at = {q: feeder.stop(0, q, False) for q in sorted({sort_q[o] for o in members})}
        for o in members:
            net.waits["dock", o, 0], net.stops["dock", o, 0] = (feeder, -1), at[sort_q[o]]
    for q in sorted(set(sort_q)):
        trunk = net.route(TRUNK_OUT, q - s.k, 0, -1)
        for o in ops:
            if sort_q[o] == q:
                net.waits["out", o, 0] = (trunk, -1)
    for lead in sorted(set(s.line_lead)):
        members = [o for o in ops if s.line_lead[o] == lead]
        for townships in split(dice, list(range(s.m))):
            line = net.route(LINE, lead, 0, sort_q[lead])
            depots = {q: line.stop(0, -2, True) for q in sorted({sort_q[o] for o in members} - {sort_q[lead]})}
            for u in townships:
                at = {q: line.stop(1 + u, q, True) for q in sorted({handle_q[o][u] for o in members})}
                for o in members:
                    net.waits["line", o, u] = depots.get(sort_q[o], (line, -1))
                    net.stops["line", o, u] = net.waits["back", o, u] = at[handle_q[o][u]]
    for u in range(s.m):
        places = [1 + s.m + i for i, (v, _) in enumerate(s.villages) if v == u]
        for lead in sorted(set(s.round_lead[u])):
            members = [o for o in ops if s.round_lead[u][o] == lead]
            for part in split(dice, places):
                van = net.route(ROUND, lead, 1 + u, handle_q[lead][u])
                outlets = {q: van.stop(1 + u, -2, True) for q in sorted({handle_q[o][u] for o in members} - {handle_q[lead][u]})}
                for p in part:
                    here = van.stop(p, -1, True)
                    for o in members:
                        if s.bare and s.mode[o][p] != TO_VILLAGE:
                            continue
                        net.waits["round", o, p], net.stops["round", o, p] = outlets.get(handle_q[o][u], (van, -1)), here
    return net


def table(s: Shape, found: dict[tuple[str, int, int], int], name: str, columns: int) -> np.ndarray:
    """Return one lookup as an array (k, columns), -1 where nothing was found."""
    return np.array([[found.get((name, o, j), -1) for j in range(columns)] for o in range(s.k)], np.int32)


def queues(dice: Dice, s: Shape) -> Queues:
    """Return stations, service times and shifts; a queue that nobody leads has no station."""
    count = 2 * s.k + s.m * s.k
    led = set(s.dock_lead) | {s.k + g for g in s.sort_lead} | {2 * s.k + u * s.k + g for u in range(s.m) for g in s.outlet_lead[u]}
    stations, service, windows, overtime = [], [], [], []
    for q in range(count):
        stations.append(dice.whole(1, 3) if q in led else 0)
        service.append(dice.time(0.2, 12 if dice.chance(30) else 3))
        opens, split_at = dice.time(3 * 60, 9 * 60), dice.time(11 * 60, 13 * 60)
        if dice.chance(35):
            windows.append([[opens, min(opens + dice.time(10, 150), split_at)], [split_at, split_at + dice.time(10, 240)]])
        elif dice.chance(20):
            windows.append([[3 * HOUR, 3 * HOUR + DAY], [0, 0]])
        else:
            windows.append([[opens, opens + dice.time(60, 17 * 60)], [0, 0]])
        overtime.append(dice.pick((0, dice.time(5, 90), dice.time(60, 600))))
    return Queues(np.array(stations, np.int32), np.array(service, np.int64), np.array(windows, np.int64), np.array(overtime, np.int64))


def timetable(dice: Dice, s: Shape, net: Network) -> Trips:
    """Return trips on every route: one to four a day with one to three vehicles, drivers shared at random."""
    rows = []
    for r, route in enumerate(net.routes):
        kinds = {TRUNK_OUT: (2,), LINE: (0, 1), ROUND: (1,), FEEDER: (0, 1)}[route.leg]
        fit = [v for v, kind in enumerate(s.vans) if kind in kinds]
        vans = [dice.pick(fit) for _ in range(dice.whole(1, 3))]
        for i in range(dice.whole(1, 4)):
            earliest, latest = (1 if not s.night or dice.chance(50) else 20 * 60), (23 * 60 if s.night or dice.chance(25) else 17 * 60)
            departs = 3 * HOUR + s.times.window_us + dice.time(earliest, latest)
            days = 127 if dice.chance(80) else dice.whole(1, 127)
            rows.append((departs, f"{r:02d}.{i}", r, dice.pick(vans), dice.whole(0, s.drivers - 1), days))
    rows.sort()
    column = list(zip(*rows, strict=True))
    i4 = [np.array(column[c], np.int32) for c in (2, 3, 4)]
    return Trips(tuple(column[1]), i4[0], i4[1], i4[2], np.array(column[0], np.int64), np.array(column[5], np.uint8))


def build_plan(dice: Dice, s: Shape, waves: np.ndarray) -> Plan:
    """Return a plan for a shape; stations, shifts, stop order and timetable are drawn."""
    net, n, m, k = network(dice, s), s.n, s.m, s.k
    first = np.cumsum([0] + [len(r.stops) for r in net.routes]).astype(np.int32)
    index = {id(r): i for i, r in enumerate(net.routes)}
    total = len(net.routes)
    stop_at = {key: int(first[index[id(r)]]) + i for key, (r, i) in net.stops.items()}
    wait_at = {key: index[id(r)] if i < 0 else total + int(first[index[id(r)]]) + i for key, (r, i) in net.waits.items()}
    flat = [(stop, i) for i, r in enumerate(net.routes) for stop in r.stops]
    sort_q = np.array([k + g for g in s.sort_lead], np.int32)
    handle = np.array([[2 * k + u * k + s.outlet_lead[u][o] for u in range(m)] for o in range(k)], np.int32)
    hold = np.array([[3 * n + u * k + s.outlet_lead[u][o] for u in range(m)] for o in range(k)], np.int32)
    lookup = Lookup(
        dock_queue=np.array(s.dock_lead, np.int32), dock_wait=table(s, wait_at, "dock", 1)[:, 0],
        dock_stop=table(s, stop_at, "dock", 1)[:, 0],
        sort_queue=sort_q, line_wait=table(s, wait_at, "line", m), line_stop=table(s, stop_at, "line", m), handle_queue=handle,
        round_wait=table(s, wait_at, "round", n), round_stop=table(s, stop_at, "round", n), mode=np.array(s.mode, np.int8),
        back_line_wait=table(s, wait_at, "back", m), out_wait=table(s, wait_at, "out", 1)[:, 0], outlet_store=hold,
        surcharge_fen=np.array([[dice.pick((0, 100, 250)) for _ in range(n)] for _ in range(k)], np.int32),
        last_mile=np.array([[o] * n for o in range(k)], np.int16),
    )  # fmt: skip
    doors = np.zeros((len(s.stores), 3), np.int16)
    doors[1 : 3 * n : 3] = s.doors
    columns = [np.array(c, np.int64) for c in zip(*s.stores, strict=True)]
    return Plan(
        operators=k, townships=m, places=n, post=s.post, wave_us=waves, queues=queues(dice, s),
        routes=Routes(
            np.array([r.leg for r in net.routes], np.int8), np.array([r.owner for r in net.routes], np.int16),
            np.array([r.origin for r in net.routes], np.int32), np.array([r.home for r in net.routes], np.int32), first,
            np.array([int(r.origin > 0) for r in net.routes], np.int8),
        ),
        stops=Stops(
            np.array([p for (p, _, _), _ in flat], np.int32), np.array([q for (_, q, _), _ in flat], np.int32),
            np.array([total + j if waits else -1 for j, ((_, _, waits), _) in enumerate(flat)], np.int32),
            np.array([i for _, i in flat], np.int32),
        ),
        trips=timetable(dice, s, net), vehicle_key=tuple(f"v{i:02d}" for i in range(len(s.vans))), vehicle_type=np.array(s.vans, np.int8),
        vehicle_owner=np.zeros(len(s.vans), np.int16), driver_key=tuple(f"d{i:02d}" for i in range(s.drivers)),
        driver_owner=np.zeros(s.drivers, np.int16), capacity_g=np.array([c[0] for c in s.capacity], np.int64),
        capacity_ml=np.array([c[1] for c in s.capacity], np.int64), lookup=lookup,
        stores=Stores(columns[0], doors, np.array([4_000, 9_000, 16_000], np.int64), columns[1], columns[2]),
        cascade=np.array(s.cascade, np.int8), times=s.times,
    )  # fmt: skip


def draw_waves(dice: Dice, s: Shape) -> np.ndarray:
    """Return each operator's one or two waves a day (k, 2), -1: none."""
    return np.array(
        [[3 * HOUR + dice.time(1, 600), 3 * HOUR + dice.time(1, 1200) if dice.chance(60) else -1] for _ in range(s.k)], np.int64
    )
