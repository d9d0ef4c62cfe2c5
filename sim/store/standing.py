"""What stands: services of villages, assets, sites, places, paths and prices."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.ledger.payer import Payers, host_actor
from sim.ledger.standing import site_leg
from sim.metrics.traffic import route_days
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.units import MINUTE
from sim.world.world import MODES, REMOTENESS, TIERS, TO_POST, TO_TOWNSHIP, TO_VILLAGE, VILLAGE, Int8s, Ints, World

State = dict[Any, Any]


FOUND, LEVER = "found", "lever"
"""Why a service is as it is where no agent decided it: so the county was found, or a lever made it so."""
Made = dict[tuple[str, str], tuple[str, str]]
"""What agents decided last, (mode, reason) by operator and village."""


def served(world: World, plan: Plan) -> tuple[Int8s, Ints]:
    """Return by operator and village (k, villages) the mode and the days a week of a plan."""
    days = np.array([int(x).bit_count() for x in route_days(plan).tolist()], np.int64)
    look, village = plan.lookup, np.flatnonzero(world.places.tier == VILLAGE)
    mode = look.mode[:, village]
    last = np.where(mode == TO_VILLAGE, look.last_mile[:, village], np.where(mode == TO_POST, plan.post, -1))
    stop = np.where(last >= 0, look.round_stop[last, village], -1).astype(np.int64)
    week = np.where(stop >= 0, days[plan.stops.route[stop]], 0) if len(plan.stops.route) else np.zeros_like(stop)
    return mode, week


def services(world: World, mode: Int8s, week: Ints, found: Int8s, made: Made) -> State:
    """Return {(operator, village): (mode, place, days a week, reason)} of what ``served`` says; ``found`` (k, n) are the modes before any
    lever."""
    places, out = world.places, {}
    village = np.flatnonzero(places.tier == VILLAGE)
    names, parents = ([places.key[p] for p in rows.tolist()] for rows in (village, places.parent[village]))
    for o, name in enumerate(world.operators.key):
        columns = (mode[o].tolist(), week[o].tolist(), (mode[o] == found[o, village]).tolist())
        for where, parent, m, times, so in zip(names, parents, *columns, strict=True):
            place = where if m in (TO_VILLAGE, TO_POST) else parent if m == TO_TOWNSHIP else ""
            decided, reason = made.get((name, where), ("", ""))
            if decided != MODES[m]:
                reason = FOUND if so else LEVER
            out[name, where] = (MODES[m], place, times, reason)
    return out


def plan_sites(world: World, rules: Rules, plan: Plan) -> State:
    """Return {(site, place): (kind, operators, lever, floor in m2, nothing, nothing)} of the depots and outlets of a plan."""
    floors: dict[tuple[str, str], tuple[str, set[str], set[str], float]] = {}
    payers = Payers(world, rules)
    for row, site, activity, place, m2 in plan.resources.floors:
        actor, lever = payers.of(activity, "sites", row)
        kind = "depot" if site_leg(world, place) == "county" else "outlet"
        at = (site, world.places.key[place])
        _, actors, levers, floor = floors.setdefault(at, (kind, set(), set(), 0.0))
        floors[at] = (kind, actors | {actor}, levers | ({lever} if lever else set()), floor + m2)
    return {at: (k, " ".join(sorted(a)), " ".join(sorted(v)), m2, None, None) for at, (k, a, v, m2) in floors.items()}


def station_sites(world: World) -> State:
    """Return {(site, place): (kind, host, lever, nothing, shelf in l, doors)} of stations and lockers: the same whatever is planned."""
    out: State = {}
    stations = world.stations
    hosts, doors_of = (stations.host > 0).tolist(), stations.doors.sum(axis=1).tolist()
    for place, where in enumerate(world.places.key):
        if hosts[place]:
            opened = stations.opened_by[place]
            shelf = float(stations.shelf_ml[place] + stations.overflow_ml[place]) / 1000
            out[f"station:{where}", where] = ("station", host_actor(where), "" if opened == "baseline" else opened, None, shelf, None)
        doors = doors_of[place]
        if doors:
            out[f"locker:{where}", where] = ("locker", host_actor(where), stations.locker_by[place], None, None, doors)
    return out


def place_rows(world: World) -> list[tuple[Any, ...]]:
    """Return the rows of ``places``."""
    p = world.places
    return [
        (
            p.key[i],
            TIERS[p.tier[i]],
            p.name_zh[i],
            p.name_en[i],
            float(p.lon[i]),
            float(p.lat[i]),
            p.key[p.parent[i]] if p.parent[i] >= 0 else "",
            int(p.population[i]),
            REMOTENESS[p.remoteness[i]] if p.remoteness[i] >= 0 else "",
            bool(p.synthetic[i]),
        )
        for i in range(p.n)
    ]


def planned_paths(plan: Plan) -> set[tuple[int, int]]:
    """Return the pairs of places that follow one another on the plan's routes."""
    place, origin, first = plan.stops.place, plan.routes.origin, plan.routes.first
    came, went = np.insert(place, first[:-1], origin), np.insert(place, first[1:], origin)
    pairs = np.unique((came * np.int64(plan.places) + went)[came != went])
    return set(zip((pairs // plan.places).tolist(), (pairs % plan.places).tolist(), strict=True))


def path_rows(world: World, used: set[tuple[int, int]]) -> list[tuple[Any, ...]]:
    """Return the rows of ``paths``: from each place to its parent, and what the plans used."""
    p = world.places
    pairs = used | {(i, int(p.parent[i])) for i in range(p.n) if p.parent[i] >= 0}
    source = "modelled: great circle times detour"
    return [
        (f"{p.key[a]}>{p.key[b]}", p.key[a], p.key[b], int(p.metres[a, b]) / 1000, int(p.travel_us[a, b]) / MINUTE, source)
        for a, b in sorted(pairs)
    ]
