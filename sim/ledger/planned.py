"""A week of a plan's trips as the flow would hand them on, had every day exactly the parcels expected of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.plan.forecast import Forecast
from sim.plan.plan import FEEDER, LINE, ROUND, Plan
from sim.schema.raw import TRIP, TRIP_DONE
from sim.units import DAY
from sim.world.world import TO_VILLAGE, Floats, Ints, World

WEEK = 7


def planned_week(world: World, plan: Plan, expected: Forecast) -> npt.NDArray[Any]:
    """Return the trips of one week (Monday is day 0) that run with vehicle and driver, as rows of ``TRIP``.

    ``trip`` is the row in the plan's timetable. Ways and loads are the plan's; nothing is late, breaks down or meets a closed road.
    """
    trips, times = plan.trips, plan.times
    metres, way_us = _ways(world, plan)
    stops, on_stop, work_us = _work(world, plan, expected)
    route = trips.route
    runs = np.array([int(days).bit_count() for days in trips.days.tolist()], dtype=np.int64)
    a_week = np.bincount(route, runs, len(metres))
    parcels = on_stop[route] * WEEK / np.maximum(a_week[route], 1)
    moved_us = work_us[route] * WEEK / np.maximum(a_week[route], 1)
    load = trips.departs_us - times.window_us
    ready = load + times.load_fixed_us + np.rint(parcels * times.load_piece_us).astype(np.int64)
    departs = np.maximum(trips.departs_us, ready)
    back = departs + way_us[route] + stops[route] * times.stop_fixed_us + np.rint(moved_us).astype(np.int64)
    weekday, trip = np.nonzero(np.array([(trips.days >> d & 1).astype(bool) for d in range(WEEK)]).reshape(WEEK, -1))
    rows = np.zeros(len(trip), TRIP)
    rows["trip"], rows["day"], rows["status"] = trip, weekday, TRIP_DONE
    rows["leg"], rows["owner"], rows["from_place"] = (
        plan.routes.leg[route[trip]],
        plan.routes.owner[route[trip]],
        plan.routes.origin[route[trip]],
    )
    rows["collects"] = plan.collects[route[trip]]
    rows["vehicle"], rows["driver"] = trips.vehicle[trip], trips.driver[trip]
    rows["type"] = plan.vehicle_type[trips.vehicle[trip]] if len(trip) else 0
    for name, time in (("planned", trips.departs_us), ("load", load), ("depart", departs), ("back", back), ("free", back)):
        rows[name] = weekday * DAY + time[trip]
    rows["metres"], rows["stops"], rows["parcels"] = metres[route[trip]], stops[route[trip]], np.rint(parcels[trip])
    return rows


def _ways(world: World, plan: Plan) -> tuple[Ints, Ints]:
    """Return metres and driving time of a trip of each route, over all stops and home, (r,)."""
    count = np.diff(plan.routes.first)
    route = np.repeat(np.arange(len(count)), count)
    origin = plan.routes.origin
    metres, time = np.zeros(len(count), np.int64), np.zeros(len(count), np.int64)
    if not len(route):
        return metres, time
    to, first = plan.stops.place, plan.routes.first[:-1]
    before = np.concatenate([[0], to[:-1]])
    before[first[count > 0]] = origin[count > 0]
    last = to[plan.routes.first[1:][count > 0] - 1]
    a = np.concatenate([before, last])
    b = np.concatenate([to, origin[count > 0]])
    of = np.concatenate([route, np.flatnonzero(count)])
    far, times = a != b, plan.times
    m = np.where(far, world.places.metres[a, b], np.where(a == 0, times.seat_gap_m, times.township_gap_m))
    us = np.where(far, world.places.travel_us[a, b], np.where(a == 0, times.seat_gap_us, times.township_gap_us))
    np.add.at(metres, of, m.astype(np.int64))
    np.add.at(time, of, us.astype(np.int64))
    return metres, time


def _work(world: World, plan: Plan, expected: Forecast) -> tuple[Ints, Floats, Floats]:
    """Return, by route: its stops, the parcels a day that ride it, and the time a day to hand them over at the stops."""
    lookup, times = plan.lookup, plan.times
    by_stop = np.zeros(len(plan.stops.place))
    goes = (expected.round > 0) & (world.operators.mode == TO_VILLAGE)
    for stop, parcels in (
        (lookup.line_stop, expected.brought),
        (lookup.round_stop, np.where(goes, expected.round, 0.0)),
        (lookup.dock_stop, expected.centre),
    ):
        there = stop >= 0
        by_stop += np.bincount(stop[there], parcels[there], len(by_stop))
    door = world.stations.at_door
    leg = plan.routes.leg[plan.stops.route]
    piece = np.where((leg == ROUND) & door[plan.stops.place], times.door_piece_us, times.stop_piece_us)
    piece = np.where(np.isin(leg, (LINE, ROUND, FEEDER)), piece, 0)
    routes = len(plan.routes.leg)
    stops = np.diff(plan.routes.first).astype(np.int64)
    riding: Floats = np.bincount(plan.stops.route, by_stop, routes).astype(np.float64)
    work: Floats = np.bincount(plan.stops.route, by_stop * piece, routes).astype(np.float64)
    return stops, riding, work
