"""What service a plan promises: days until a parcel can be had and its generalised cost, by operator and place, before any luck."""

from __future__ import annotations

import numpy as np

from sim.agents.response import parcel_cost
from sim.metrics.cohort import pickup_metres
from sim.plan.forecast import forecast, wave_shares
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.units import DAY, hours_us
from sim.world.world import REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE, TOWN, Floats, Ints, World

PARTS = 4
"""A truck's parcels are followed in so many parts, by when they are sorted."""
FAR_US = 10 * DAY
AHEAD = 18
"""Days of departures that are looked through: a week, what is ready some days later, and ``FAR_US``."""
SPAN = 32 * DAY


class Timetables:
    """Departures of all waiting lists' trips, in one sorted column of (route, time from Monday's midnight), ``AHEAD`` days long."""

    def __init__(self, plan: Plan) -> None:
        route, departs = plan.trips.route.astype(np.int64), plan.trips.departs_us
        day, trip = np.nonzero(plan.trips.days[None, :] >> (np.arange(AHEAD) % 7)[:, None] & 1)
        self._at = np.unique(route[trip] * SPAN + day * DAY + departs[trip])

    def next(self, route: Ints, ready_us: Ints, weekday: Ints, window_us: int) -> Ints:
        """Return the first departures, from midnight of ``weekday`` on, that load what is ready then; ``FAR_US`` where there is none."""
        midnight = weekday * DAY
        first = np.searchsorted(self._at, route * SPAN + midnight + ready_us + window_us)
        found = self._at[np.minimum(first, len(self._at) - 1)] if len(self._at) else np.full(first.shape, -1)
        away = found - route * SPAN - midnight
        known = (first < len(self._at)) & (found // SPAN == route)
        return np.where(known, np.minimum(away, FAR_US), FAR_US)


def way_to_stops(world: World, rules: Rules, plan: Plan) -> Ints:
    """Return the time from a route's departure to the arrival at each stop (s,), the work at the stops before it included."""
    times, places = plan.times, world.places
    parcels = forecast(world, rules.parameters, 1.0, 1.0).round
    stop = plan.lookup.round_stop
    rides = (stop >= 0) & (parcels > 0) & (world.operators.mode == TO_VILLAGE)
    week = np.bincount(stop[rides], parcels[rides] * 7, len(plan.stops.place))
    runs = np.zeros(len(plan.routes.leg))
    np.add.at(runs, plan.trips.route, [int(d).bit_count() for d in plan.trips.days.tolist()])
    door = world.stations.at_door
    out = np.zeros(len(plan.stops.place), np.int64)
    for r, origin in enumerate(plan.routes.origin.tolist()):
        clock, here = 0, origin
        for s in range(int(plan.routes.first[r]), int(plan.routes.first[r + 1])):
            p = int(plan.stops.place[s])
            gap = times.seat_gap_us if p == 0 else times.township_gap_us
            clock += int(places.travel_us[here, p]) if p != here else gap
            out[s] = clock
            piece = times.door_piece_us if door[p] else times.stop_piece_us
            clock += times.stop_fixed_us + round(week[s] / max(runs[r], 1.0) * piece)
            here = p
    return out


def expected_days(world: World, rules: Rules, plan: Plan) -> Floats:
    """Return the days from the county's gate to being ready, (k, n), for the mode of each cell; refused ones 0.

    A truck's parcels are sorted evenly over the target time, wait for the line, are handled in half the outlets' target time inside
    opening hours, and wait for the next round of the week; weekdays alike. No queue is longer than planned.
    """
    p, look, times = rules.parameters, plan.lookup, plan.times
    k, n, m = plan.operators, plan.places, plan.townships
    tables, offset = Timetables(plan), way_to_stops(world, rules, plan)
    routes = len(plan.routes.leg)
    share = wave_shares(plan.wave_us)
    target, clerk = hours_us(p.centre.sort_target_hours), hours_us(p.township.clerk_target_hours) // 2
    opens, closes = (int(x[3 * n]) if m else 0 for x in (plan.stores.opens_us, plan.stores.closes_us))

    def handled(at: Ints) -> Ints:
        day, clock = np.divmod(at, DAY)
        shut = clock >= closes
        day, clock = np.where(shut, day + 1, day), np.where(shut, opens, clock)
        return day * DAY + np.maximum(clock, opens) + clerk

    total = np.zeros((k, n))
    inside = np.flatnonzero((world.places.township >= 0) & (world.places.parent > 0))
    for o in range(k):
        waves = [wave for wave in range(2) if plan.wave_us[o, wave] >= 0 and share[o, wave]]
        gate = np.repeat([int(plan.wave_us[o, wave]) for wave in waves], PARTS * 7)[:, None]
        weight = np.repeat([share[o, wave] / PARTS / 7 for wave in waves], PARTS * 7)[:, None]
        part = np.tile(np.repeat([round(target * (p + 0.5) / PARTS) for p in range(PARTS)], 7), len(waves))[:, None]
        weekday = np.tile(np.arange(7), len(waves) * PARTS)[:, None]
        line = look.line_stop[o, :m].astype(np.int64)
        wait = look.line_wait[o, :m].astype(np.int64)
        route: Ints = np.where(wait >= routes, plan.stops.route[line], wait) if len(plan.stops.route) else wait
        here = inside[line[world.places.township[inside]] >= 0]
        if not waves or not len(here):
            continue
        t = world.places.township[here]
        departs = tables.next(route[None, :], gate + times.handover_us + part, weekday, times.window_us)
        at = handled(departs + offset[line] + times.stop_fixed_us)
        posted = (look.mode[o, here] == TO_POST) & (plan.post >= 0)
        last = np.where(posted, plan.post, look.last_mile[o, here])
        mode = np.where(posted, look.mode[plan.post, here], look.mode[o, here])
        last = np.where(posted & (mode == TO_VILLAGE), look.last_mile[plan.post, here], last)
        stop = look.round_stop[last, here]
        ready = np.where(posted, handled(at + times.post_handover_us).take(t, axis=1), at.take(t, axis=1))
        rides = (mode == TO_VILLAGE) & (stop >= 0)
        round_ = plan.stops.route[stop[rides]].astype(np.int64)
        day, clock = np.divmod(ready[:, rides], DAY)
        ready[:, rides] = day * DAY + tables.next(round_, clock, (weekday + day) % 7, times.window_us) + offset[stop[rides]]
        total[o, here] = (weight * (ready - gate) / DAY).sum(axis=0)
    return np.where(world.operators.mode == REFUSED, 0.0, total)


def expected_cost(world: World, rules: Rules, plan: Plan) -> Floats:
    """Return the expected generalised cost of a parcel by place (n,), yuan, over the operators' shares."""
    decisions, mode = rules.parameters.decisions, world.operators.mode
    inside, township = pickup_metres(world, rules)
    left = (world.operators.last_mode == TO_TOWNSHIP) & (world.places.tier != TOWN)
    fee = world.operators.at_last(plan.lookup.surcharge_fen) / 100.0
    km = np.where(left, township, np.where(world.stations.at_door, 0, inside)) / 1000.0
    cost = parcel_cost(expected_days(world, rules, plan), np.where(left, fee, 0.0), np.where(mode == REFUSED, 0.0, km), decisions)
    cost = np.where(mode == REFUSED, cost + decisions.failure_yuan, cost)
    weight = world.operators.share / world.operators.share.sum()
    mean: Floats = (cost * weight[:, None]).sum(axis=0)
    return mean
