"""Draw what leaves the townships: rounds to villages on the service days, rounds to town places every day."""

from __future__ import annotations

import numpy as np

from sim.plan.clock import departure, time_of_day
from sim.plan.fleet import Run
from sim.plan.frame import Frame, joint_departure
from sim.plan.network import HAND_OVER, ORIGIN, PICK_UP, Draft, Network
from sim.plan.plan import ROUND
from sim.plan.tours import Load, Tour, Vehicle, plan_tours, trips_for, way_us
from sim.units import DAY, HOUR, MINUTE, hours_us
from sim.world.world import TOWN, VILLAGE

VAN = 1
EVERY_DAY = 127
OWN_SHARE = 0.7
"""A place that fills more than this of a van gets its own route (assumption)."""
SPREAD_US, SPAN_US = 2 * HOUR, 6 * HOUR
"""Several trips a day to one place leave two hours apart, the last at most six hours after the first (assumption)."""


def add_rounds(f: Frame, net: Network) -> None:
    """Add the rounds of every township."""
    for t in range(f.m):
        for together in np.unique(f.groups.walk[:, t]).tolist():
            rows = np.flatnonzero(f.groups.walk[:, t] == together).tolist()
            for tier in (VILLAGE, TOWN):
                _add_joint(f, net, t, rows, tier)


def visited(f: Frame, rows: list[int], places: list[int]) -> list[int]:
    """Return the places to which some operators' rounds go."""
    return [p for p in places if any(f.goes[o][p] for o in rows)]


def service_days(f: Frame, rows: list[int], places: list[int], tier: int) -> int:
    """Return the days of rounds as bits: town places every day; villages on the days of the operator that comes most often."""
    if tier == TOWN:
        return EVERY_DAY
    coming = [o for o in rows if visited(f, [o], places)]
    return max((int(f.world.operators.days[o]) for o in coming), key=lambda days: days.bit_count())


def _add_joint(f: Frame, net: Network, t: int, rows: list[int], tier: int) -> None:
    places = f.world.places
    here = visited(f, rows, np.flatnonzero((places.township == t) & (places.tier == tier)).tolist())
    if not here:
        return
    days = service_days(f, rows, here, tier)
    fleets = sorted({int(f.groups.van[o, t]) for o in rows})
    vehicle = Vehicle(int(f.row[t]), VAN, f.times.load_fixed_us + _calls_us(f, t, rows, fleets), OWN_SHARE)
    joint = plan_tours(f, vehicle, _loads(f, rows, here, days))
    first = _first_departure(f, net, t, rows, tier)
    for lead in fleets:
        tours = joint
        if len(fleets) > 1:
            own = np.flatnonzero(f.groups.van[:, t] == lead).tolist()
            goes = visited(f, own, here)
            filtered = [x for x in (Tour(tuple(p for p in tour.places if p in goes), tour.own) for tour in joint) if x.places]
            alone = plan_tours(f, vehicle, _loads(f, own, goes, days))
            tours = filtered if len(filtered) <= len(alone) else alone
        for tour in tours:
            _add_round(f, net, t, lead, tour, days, vehicle, first)


def _first_departure(f: Frame, net: Network, t: int, rows: list[int], tier: int) -> int:
    """Return when rounds leave: by the timetable, or where operators plan together when their lines' parcels are handled."""
    name = "town_round_departs" if tier == TOWN else "round_departs"
    first = departure(time_of_day(getattr(f.parameters.timetable, name), name), f.times, f"timetable.{name}")
    planned = f.rules.group("delivery", "operations")
    if max(int((planned == planned[o]).sum()) for o in rows) < 2:
        return first
    target = hours_us(f.parameters.township.clerk_target_hours)
    ready = [min(net.arrivals[o, t])[1] + target for o in rows if (o, t) in net.arrivals]
    return joint_departure(f, first, max(ready, default=first - f.times.window_us))


def _calls_us(f: Frame, t: int, rows: list[int], fleets: list[int]) -> int:
    """Return the longest time a round needs to call at other outlets of its township."""
    calls = 0
    for lead in fleets:
        riding = [o for o in rows if f.groups.van[o, t] == lead]
        calls = max(calls, len({int(f.groups.outlet[o, t]) for o in riding}) - 1)
    return calls * (f.times.township_gap_us + f.times.stop_fixed_us)


def _loads(f: Frame, rows: list[int], places: list[int], days: int) -> list[Load]:
    times = f.times
    parcels = f.expected.round[np.ix_(rows, places)].sum(axis=0) * 7 / days.bit_count()
    piece = times.load_piece_us + np.where(f.door[places], times.door_piece_us, times.stop_piece_us)
    return [Load(p, n, times.stop_fixed_us, us) for p, n, us in zip(places, parcels.tolist(), piece.tolist(), strict=True)]


def _add_round(f: Frame, net: Network, t: int, lead: int, tour: Tour, days: int, vehicle: Vehicle, first_us: int) -> None:
    rows = np.flatnonzero(f.groups.van[:, t] == lead).tolist()
    places = visited(f, rows, list(tour.places))
    if not places:
        return
    outlet, township = f.groups.outlet[:, t], int(f.row[t])
    draft = Draft(f"round/{f.key(lead)}/{f.world.places.key[min(places)]}", ROUND, lead, township, f.handle_queue(lead, t), 1)
    route = net.add(draft)
    riding = [o for o in rows if visited(f, [o], places)]
    pick_up = {q: draft.stop(township, PICK_UP) for q in sorted({int(outlet[o]) for o in riding} - {int(outlet[lead])})}
    for p in places:
        stop = draft.stop(p, HAND_OVER)
        for o in rows:
            at = pick_up.get(int(outlet[o]), ORIGIN)
            if at != ORIGIN or outlet[o] == outlet[lead]:
                net.waits["round", o, p], net.gets_off["round", o, p] = (route, at), (route, stop)
    loads = _loads(f, rows, places, days)
    parcels = sum(x.parcels for x in loads)
    trips = trips_for(f, vehicle, loads[0], parcels) if tour.own else 1
    _add_runs(f, net, route, t, lead, loads, days, _spread(f, first_us, trips))


def _spread(f: Frame, first: int, trips: int) -> list[int]:
    span = min(SPAN_US, f.times.plan_us + DAY - first)
    step = min(SPREAD_US, span // max(trips - 1, 1)) // MINUTE * MINUTE
    return [first + i * step for i in range(trips)]


def _add_runs(f: Frame, net: Network, route: int, t: int, lead: int, loads: list[Load], days: int, departures: list[int]) -> None:
    draft, times, trips = net.drafts[route], f.times, len(departures)
    margin = f.parameters.timetable.demand_margin
    parcels = sum(x.parcels for x in loads) * margin / trips
    work = sum(x.parcels * (x.piece_us - times.load_piece_us) for x in loads) * margin / trips
    way = way_us(f, draft.origin, [place for place, _, _ in draft.stops]) + len(draft.stops) * times.stop_fixed_us
    employer = int(f.groups.van_driver[lead])
    pooled = bool((f.groups.van_driver == employer).sum() > 1)
    town = f.world.places.key[int(f.row[t])]
    for i, departs in enumerate(departures):
        net.runs.append(
            Run(
                key=f"{draft.key}/{i:02d}",
                route=route,
                departs_us=departs,
                days=days,
                load_us=times.load_fixed_us + round(parcels * times.load_piece_us),
                tour_us=way + round(work),
                kind=VAN,
                base=draft.origin,
                fleet=f"van:{f.key(lead)}:{town}",
                owner=lead,
                crew=f"driver:{f.key(employer)}:rounds" if pooled else f"driver:{f.key(lead)}:{town}",
                employer=employer,
                patient=trips == 1,
            )
        )
