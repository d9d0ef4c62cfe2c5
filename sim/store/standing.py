"""What stands: services of villages, assets, sites, places, paths and prices."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from sim.ledger.payer import Payers, host_actor
from sim.ledger.standing import site_leg
from sim.metrics.traffic import route_days
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.units import MINUTE
from sim.world.world import MODES, REMOTENESS, TIERS, TO_POST, TO_TOWNSHIP, TO_VILLAGE, VILLAGE, Int8s, World

State = dict[Any, Any]


FOUND, LEVER = "found", "lever"
"""Why a service is as it is where no agent decided it: so the county was found, or a lever made it so."""
Made = dict[tuple[str, str], tuple[str, str]]
"""What agents decided last, (mode, reason) by operator and village."""


def services(world: World, plan: Plan, found: Int8s, made: Made) -> State:
    """Return {(operator, village): (mode, place, days a week, reason)}; ``found`` (k, n) are the modes before any lever."""
    days = route_days(plan)
    places, out = world.places, {}
    for o, name in enumerate(world.operators.key):
        for v in np.flatnonzero(places.tier == VILLAGE).tolist():
            mode = int(plan.lookup.mode[o, v])
            last = int(plan.lookup.last_mile[o, v]) if mode == TO_VILLAGE else plan.post if mode == TO_POST else -1
            stop = int(plan.lookup.round_stop[last, v]) if last >= 0 else -1
            week = int(days[plan.stops.route[stop]]).bit_count() if stop >= 0 else 0
            place = places.key[v] if mode in (TO_VILLAGE, TO_POST) else places.key[places.parent[v]] if mode == TO_TOWNSHIP else ""
            decided, reason = made.get((name, places.key[v]), ("", ""))
            if decided != MODES[mode]:
                reason = FOUND if mode == int(found[o, v]) else LEVER
            out[name, places.key[v]] = (MODES[mode], place, week, reason)
    return out


def sites(world: World, rules: Rules, plan: Plan) -> State:
    """Return {(site, place): (kind, operators, lever, floor in m2, shelf in l, doors)}."""
    floors: dict[tuple[str, str], tuple[str, set[str], set[str], float]] = {}
    payers = Payers(world, rules)
    for row, site, activity, place, m2 in plan.resources.floors:
        actor, lever = payers.of(activity, "sites", row)
        kind = "depot" if site_leg(world, place) == "county" else "outlet"
        at = (site, world.places.key[place])
        _, actors, levers, floor = floors.setdefault(at, (kind, set(), set(), 0.0))
        floors[at] = (kind, actors | {actor}, levers | ({lever} if lever else set()), floor + m2)
    out: State = {at: (k, " ".join(sorted(a)), " ".join(sorted(v)), m2, None, None) for at, (k, a, v, m2) in floors.items()}
    stations = world.stations
    for place, where in enumerate(world.places.key):
        if stations.host[place]:
            opened = stations.opened_by[place]
            shelf = float(stations.shelf_ml[place] + stations.overflow_ml[place]) / 1000
            out[f"station:{where}", where] = ("station", host_actor(where), "" if opened == "baseline" else opened, None, shelf, None)
        if stations.doors[place].any():
            doors = int(stations.doors[place].sum())
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
    out = set()
    for r in range(len(plan.routes.leg)):
        origin = int(plan.routes.origin[r])
        way = [origin, *plan.stops.place[plan.routes.first[r] : plan.routes.first[r + 1]].tolist(), origin]
        out |= {(a, b) for a, b in pairwise(way) if a != b}
    return out


def path_rows(world: World, used: set[tuple[int, int]]) -> list[tuple[Any, ...]]:
    """Return the rows of ``paths``: from each place to its parent, and what the plans used."""
    p = world.places
    pairs = used | {(i, int(p.parent[i])) for i in range(p.n) if p.parent[i] >= 0}
    source = "modelled: great circle times detour"
    return [
        (f"{p.key[a]}>{p.key[b]}", p.key[a], p.key[b], int(p.metres[a, b]) / 1000, int(p.travel_us[a, b]) / MINUTE, source)
        for a, b in sorted(pairs)
    ]
