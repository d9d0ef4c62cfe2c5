"""Draw what leaves the seat: lines to the townships, feeders between yards and sorting, the evening trunks."""

from __future__ import annotations

import numpy as np

from sim.plan.clock import after_plan, departure, time_of_day
from sim.plan.crews import Crews, sorted_us
from sim.plan.fleet import Run
from sim.plan.frame import Frame, joint_departure
from sim.plan.groups import members
from sim.plan.network import ORIGIN, PICK_UP, Draft, Network
from sim.plan.plan import FEEDER, LINE, TRUNK_OUT
from sim.plan.tours import Load, Tour, Vehicle, leg_us, plan_tours, trip_parcels, trips_for, way_us
from sim.units import DAY, MINUTE
from sim.world.world import Floats

TRUCK, VAN, TRUNK_TRUCK = range(3)
EVERY_DAY = 127
VAN_SHARE = 0.7
"""A line whose planned load fills no more than this of a van is driven with a van (assumption)."""
SPACING_US = 10 * MINUTE
"""Trucks that leave together for one township follow each other in this time (assumption)."""


def volumes(f: Frame, rows: list[int]) -> Floats:
    """Return the parcels a day of some operators by township, (m,)."""
    township = f.world.places.township
    inside = township >= 0
    by_place = f.expected.carried[rows].sum(axis=0)
    total: Floats = np.bincount(township[inside], by_place[inside], f.m).astype(np.float64)
    return total


def depots(f: Frame, lead: int, rows: list[int]) -> list[int]:
    """Return the leads of the sorting sites that a line of ``lead`` must call at, because its trucks stand elsewhere."""
    stand = int(f.groups.dispatch[lead])
    return sorted({int(f.groups.sort[o]) for o in rows if f.expected.centre[o] > 0} - {stand})


def add_lines(f: Frame, net: Network, crews: Crews) -> None:
    """Add the lines of every fleet.

    Fleets that plan together drive the tours of their joint demand, where these take no more vehicles than a fleet's own tours, and
    leave together as soon as their morning is planned to be sorted.
    """
    for together in np.unique(f.groups.tour).tolist():
        rows = members(f.groups.tour, together)
        fleets = sorted({int(f.groups.line[o]) for o in rows})
        joint = _tours(f, rows, max(len(depots(f, lead, members(f.groups.line, lead))) for lead in fleets))
        first = _first_departure(f, crews, rows)
        for lead in fleets:
            own = members(f.groups.line, lead)
            tours = joint
            if len(fleets) > 1:
                here = volumes(f, own)
                filtered = [t for t in (_only(f, tour, here) for tour in joint) if t.places]
                alone = _tours(f, own, len(depots(f, lead, own)))
                tours = filtered if len(filtered) <= len(alone) else alone
            for tour in tours:
                _add_line(f, net, lead, tour, first)


def _vehicle(f: Frame, calls: int) -> Vehicle:
    return Vehicle(0, TRUCK, f.times.load_fixed_us + calls * (f.times.seat_gap_us + f.times.stop_fixed_us), 1.0)


def _tours(f: Frame, rows: list[int], calls: int) -> list[Tour]:
    loads = [_load(f, rows, t, parcels) for t, parcels in enumerate(volumes(f, rows).tolist()) if parcels > 0]
    seat = int(f.row[f.seat_township]) if f.m else -1
    tours = plan_tours(f, _vehicle(f, calls), [x for x in loads if x.place != seat])
    return tours + [Tour((seat,), True) for x in loads if x.place == seat]


def _only(f: Frame, tour: Tour, here: Floats) -> Tour:
    return Tour(tuple(p for p in tour.places if here[f.world.places.township[p]] > 0), tour.own)


def _first_departure(f: Frame, crews: Crews, rows: list[int]) -> int:
    """Return when lines leave: by the timetable, or where operators plan together when their morning is sorted."""
    first = departure(time_of_day(f.parameters.timetable.line_departs, "line_departs"), f.times, "timetable.line_departs")
    planned = f.rules.group("transport", "operations")
    if len({int(planned[o]) for o in rows}) > 1 or int((planned == planned[rows[0]]).sum()) < 2:
        return first
    ready = 0
    for site in sorted({int(f.groups.sort[o]) for o in rows}):
        users = [o for o in range(f.k) if f.groups.sort[o] == site and f.expected.centre[o] > 0]
        ready = max(ready, sorted_us(f, crews, users, 0) if users else 0)
    return joint_departure(f, first, ready)


def _load(f: Frame, rows: list[int], township: int, parcels: float) -> Load:
    outlets = {f.handle_queue(o, township) for o in rows if f.expected.handled[o, township] > 0}
    extra = max(len(outlets) - 1, 0)
    fixed = (1 + extra) * f.times.stop_fixed_us + extra * f.times.township_gap_us
    return Load(int(f.row[township]), parcels, fixed, f.times.load_piece_us + f.times.stop_piece_us)


def _add_line(f: Frame, net: Network, lead: int, tour: Tour, first_us: int) -> None:
    rows = members(f.groups.line, lead)
    here = volumes(f, rows)
    ordinal = f.world.places.township
    townships = [int(ordinal[p]) for p in tour.places if here[ordinal[p]] > 0]
    if not townships:
        return
    first = f.world.places.key[int(f.row[min(townships)])]
    draft = Draft(f"line/{f.key(lead)}/{first}", LINE, lead, 0, f.sort_queue(lead), 0)
    route = net.add(draft)
    pick_up = {site: draft.stop(0, PICK_UP) for site in depots(f, lead, rows)}
    for t in townships:
        at: dict[int, int] = {}
        for o in rows:
            if f.expected.brought[o, t] > 0:
                queue = f.handle_queue(o, t)
                if queue not in at:
                    at[queue] = draft.stop(int(f.row[t]), queue)
                net.waits["line", o, t] = (route, pick_up.get(int(f.groups.sort[o]), ORIGIN))
                net.gets_off["line", o, t] = net.waits["back", o, t] = (route, at[queue])
    parcels = float(here[townships].sum())
    vehicle = _vehicle(f, len(pick_up))
    departures = [first_us]
    if tour.own:
        departures = _departures(f, rows, townships[0], parcels, vehicle, first_us)
    _add_runs(f, net, route, lead, parcels, departures)
    _note_arrivals(f, net, route, departures)


def _note_arrivals(f: Frame, net: Network, route: int, departures: list[int]) -> None:
    """Note when each operator's parcels are planned to be unloaded at each township, trip by trip."""
    times, draft, trips = f.times, net.drafts[route], len(departures)
    off: dict[int, list[int]] = {}
    for (name, o, _), (own, stop) in net.gets_off.items():
        if name == "line" and own == route:
            off.setdefault(stop, []).append(o)
    township = f.world.places.township
    aboard = {stop: {o: float(f.expected.brought[o, township[draft.stops[stop][0]]]) / trips for o in who} for stop, who in off.items()}
    load_us = times.load_fixed_us + round(sum(sum(x.values()) for x in aboard.values()) * times.load_piece_us)
    for departs in departures:
        clock, here = max(departs, departs - times.window_us + load_us), 0
        for stop, (place, _, _) in enumerate(draft.stops):
            clock += leg_us(f, here, place)
            here, begin = place, clock
            clock += times.stop_fixed_us + round(sum(aboard.get(stop, {}).values()) * times.stop_piece_us)
            for o, parcels in aboard.get(stop, {}).items():
                net.arrivals.setdefault((o, int(township[place])), []).append((begin, clock, parcels))


def _departures(f: Frame, rows: list[int], township: int, parcels: float, vehicle: Vehicle, first_us: int) -> list[int]:
    """Return the departures to a township of its own, a few minutes apart: to the seat's own one with each wave, else in the morning.

    Several trucks of a joint timetable leave from the ordinary departure on, the last when the morning is sorted.
    """
    load = _load(f, rows, township, parcels)
    begin = min(first_us, departure(time_of_day(f.parameters.timetable.line_departs, "line_departs"), f.times, "timetable.line_departs"))
    if township != f.seat_township:
        trips = trips_for(f, vehicle, load, parcels)
        return _one_by_one(f, begin if trips > 1 else first_us, trips, first_us)
    weight = f.expected.carried[rows].sum(axis=1)
    morning = float((f.wave_share[rows, 0] * weight).sum() / weight.sum())
    second = departure(time_of_day(f.parameters.timetable.town_line_departs, "town_line_departs"), f.times, "timetable.town_line_departs")
    trips = trips_for(f, vehicle, load, parcels * morning)
    early = _one_by_one(f, begin if trips > 1 else first_us, trips, first_us)
    late = _one_by_one(f, second, trips_for(f, vehicle, load, parcels * (1 - morning)))
    return sorted({*early, *late})


def _one_by_one(f: Frame, first: int, trips: int, last: int = 0) -> list[int]:
    """Return the departures of trips from ``first`` on, spread until ``last`` where that is later than one after the other."""
    latest = f.times.plan_us + DAY
    step = max(SPACING_US, (last - first) // max(trips - 1, 1) // MINUTE * MINUTE)
    step = min(step, (latest - first) // max(trips, 1))
    return [first + i * step for i in range(trips)]


def fits_a_van(f: Frame, parcels: float) -> bool:
    """Return whether a line's planned load leaves room in a van: a small operator sends no truck with a dozen parcels."""
    grams, millilitres = parcels * f.expected.gram, parcels * f.expected.millilitre
    return bool(grams <= VAN_SHARE * f.capacity_g[VAN] and millilitres <= VAN_SHARE * f.capacity_ml[VAN])


def _add_runs(f: Frame, net: Network, route: int, lead: int, parcels: float, departures: list[int]) -> None:
    draft, times = net.drafts[route], f.times
    each = parcels * f.parameters.timetable.demand_margin / len(departures)
    way = way_us(f, 0, [place for place, _, _ in draft.stops]) + len(draft.stops) * times.stop_fixed_us
    kind = VAN if draft.leg == FEEDER or fits_a_van(f, each) else TRUCK
    county, driver = f.world.places.key[0], int(f.groups.line_driver[lead])
    for i, departs in enumerate(departures):
        net.runs.append(
            Run(
                key=f"{draft.key}/{i:02d}",
                route=route,
                departs_us=departs,
                days=EVERY_DAY,
                load_us=times.load_fixed_us + round(each * times.load_piece_us),
                tour_us=way + round(each * times.stop_piece_us),
                kind=kind,
                base=0,
                fleet=f"{('truck', 'van')[kind]}:{f.key(lead)}:{county}",
                owner=lead,
                crew=f"driver:{f.key(driver)}:{county}",
                employer=driver,
                patient=len(departures) == 1,
            )
        )


def add_feeders(f: Frame, net: Network) -> None:
    """Add feeders from yards to sorting sites for operators whose parcels are unloaded and sorted at different sites."""
    apart = [o for o in range(f.k) if f.groups.yard[o] != f.groups.sort[o] and f.expected.centre[o] > 0]
    for yard, lead in sorted({(int(f.groups.yard[o]), int(f.groups.line[o])) for o in apart}):
        rows = [o for o in apart if (f.groups.yard[o], f.groups.line[o]) == (yard, lead)]
        draft = Draft(f"feeder/{f.key(lead)}/{f.key(yard)}", FEEDER, lead, 0, int(f.groups.dock[yard]), 0)
        route = net.add(draft)
        at: dict[int, int] = {}
        for o in rows:
            queue = f.sort_queue(o)
            if queue not in at:
                at[queue] = draft.stop(0, queue, waits=False)
            net.waits["dock", o, 0], net.gets_off["dock", o, 0] = (route, ORIGIN), (route, at[queue])
        _add_runs(f, net, route, lead, float(f.expected.centre[rows].sum()), _feeder_departures(f, rows, len(at)))


def _feeder_departures(f: Frame, rows: list[int], stops: int) -> list[int]:
    """Return departures after each wave, from half an hour after its first truck until half an hour after its last is unloaded."""
    vehicle = Vehicle(0, VAN, f.times.load_fixed_us, 1.0)
    load = Load(0, 0.0, stops * (f.times.stop_fixed_us + f.times.seat_gap_us), f.times.load_piece_us + f.times.stop_piece_us)
    out: set[int] = set()
    for wave in range(2):
        coming = [o for o in rows if f.wave_us[o, wave] >= 0]
        if not coming:
            continue
        parcels = float((f.expected.centre[coming] * f.wave_share[coming, wave]).sum())
        trips = max(1, int(np.ceil(parcels / trip_parcels(f, vehicle, load))))
        begin = int(f.wave_us[coming, wave].min()) + f.times.window_us + 10 * MINUTE
        end = int(f.wave_us[coming, wave].max()) + 60 * MINUTE + f.times.window_us + 10 * MINUTE
        step = (end - begin) // max(trips - 1, 1) // MINUTE * MINUTE
        out |= {min(end - i * max(step, MINUTE), f.times.plan_us + DAY) for i in range(trips)}
    return sorted(t for t in out if t - f.times.window_us >= f.times.plan_us)


def add_trunks(f: Frame, net: Network) -> None:
    """Add every operator's evening trunk, which takes returns out of the county."""
    for o in range(f.k):
        route = net.add(Draft(f"trunk/{f.key(o)}", TRUNK_OUT, o, 0, -1, 0))
        net.waits["out", o, 0] = (route, ORIGIN)
        out = after_plan(int(f.world.operators.out_us[o]), f.times.plan_us)
        name = f"{f.key(o)}:{f.world.places.key[0]}"
        net.runs.append(
            Run(
                key=f"trunk/{f.key(o)}/00",
                route=route,
                departs_us=departure(out, f.times, "centre.trunk_out"),
                days=EVERY_DAY,
                load_us=f.times.load_fixed_us,
                tour_us=0,
                kind=TRUNK_TRUCK,
                base=0,
                fleet=f"trunk_truck:{name}",
                owner=o,
                crew=f"trunk driver:{name}",
                employer=o,
            )
        )
