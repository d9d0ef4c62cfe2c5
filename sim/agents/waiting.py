"""What service a plan promises: days until a parcel can be had and its generalised cost, by operator and place, before any luck."""

from __future__ import annotations

from bisect import bisect_left

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


class Timetable:
    """Departures of one waiting list's trips: times of day and days as bits."""

    def __init__(self, departs_us: tuple[int, ...], days: tuple[int, ...]) -> None:
        trips = list(zip(departs_us, days, strict=True))
        self._ahead = [
            sorted({ahead * DAY + departs for departs, on in trips for ahead in range(9) if on >> (weekday + ahead) % 7 & 1})
            for weekday in range(7)
        ]

    def next(self, ready_us: int, weekday: int, window_us: int) -> int:
        """Return the first departure (from midnight of ``weekday``) that loads what is ready then."""
        own = self._ahead[weekday]
        first = bisect_left(own, ready_us + window_us)
        return min(own[first], FAR_US) if first < len(own) else FAR_US


def timetables(plan: Plan) -> list[Timetable]:
    """Return the timetable of each route."""
    trips: list[list[tuple[int, int]]] = [[] for _ in plan.routes.leg]
    for route, departs, days in zip(plan.trips.route.tolist(), plan.trips.departs_us.tolist(), plan.trips.days.tolist(), strict=True):
        trips[route].append((departs, days))
    return [Timetable(tuple(d for d, _ in own), tuple(b for _, b in own)) for own in trips]


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
    tables, offset = timetables(plan), way_to_stops(world, rules, plan)
    routes = len(plan.routes.leg)
    share = wave_shares(plan.wave_us)
    target, clerk = hours_us(p.centre.sort_target_hours), hours_us(p.township.clerk_target_hours) // 2
    opens, closes = (int(x[3 * n]) if m else 0 for x in (plan.stores.opens_us, plan.stores.closes_us))

    def handled(at: Ints) -> Ints:
        day, clock = np.divmod(at, DAY)
        shut = clock >= closes
        day, clock = np.where(shut, day + 1, day), np.where(shut, opens, clock)
        return day * DAY + np.maximum(clock, opens) + clerk

    def next_of(route: int, at: Ints, weekday: Ints) -> Ints:
        day, clock = np.divmod(at, DAY)
        asked = zip(clock.tolist(), ((weekday + day) % 7).tolist(), strict=True)
        return day * DAY + np.array([tables[route].next(ready, on, times.window_us) for ready, on in asked], np.int64)

    total = np.zeros((k, n))
    inside = np.flatnonzero(world.places.township >= 0)
    inside = inside[world.places.parent[inside] > 0]
    weekdays = np.arange(7)
    for o in range(k):
        waves = [wave for wave in range(2) if plan.wave_us[o, wave] >= 0 and share[o, wave]]
        gate = np.repeat([int(plan.wave_us[o, wave]) for wave in waves], PARTS * 7)
        weight = np.repeat([share[o, wave] / PARTS / 7 for wave in waves], PARTS * 7)
        part = np.tile(np.repeat([round(target * (p + 0.5) / PARTS) for p in range(PARTS)], 7), len(waves))
        weekday, sorted_at = np.tile(weekdays, len(waves) * PARTS), gate + times.handover_us + part
        for t in range(m if waves else 0):
            here = inside[world.places.township[inside] == t]
            wait, stop = int(look.line_wait[o, t]), int(look.line_stop[o, t])
            if stop < 0 or not len(here):
                continue
            route = int(plan.stops.route[stop]) if wait >= routes else wait
            posted = (look.mode[o, here] == TO_POST) & (plan.post >= 0)
            last = np.where(posted, plan.post, look.last_mile[o, here])
            mode = np.where(posted, look.mode[plan.post, here], look.mode[o, here])
            last = np.where(posted & (mode == TO_VILLAGE), look.last_mile[plan.post, here], last)
            stops = look.round_stop[last, here]
            rides = (mode == TO_VILLAGE) & (stops >= 0)
            departs = [tables[route].next(at, on, times.window_us) for at, on in zip(sorted_at.tolist(), weekday.tolist(), strict=True)]
            at = handled(np.array(departs, np.int64) + int(offset[stop]) + times.stop_fixed_us)
            late = handled(at + times.post_handover_us)
            ready = np.where(posted[None, :], late[:, None], at[:, None])
            for by_post, came in ((False, at), (True, late)):
                for round_ in np.unique(plan.stops.route[stops[rides & (posted == by_post)]]).tolist():
                    own = np.flatnonzero(rides & (posted == by_post) & (plan.stops.route[stops] == round_))
                    ready[:, own] = next_of(round_, came, weekday)[:, None] + offset[stops[own]][None, :]
            total[o, here] = (weight[:, None] * (ready - gate[:, None]) / DAY).sum(axis=0)
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
