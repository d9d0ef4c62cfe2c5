"""What service a plan promises: days until a parcel can be had and its generalised cost, by operator and place, before any luck."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Timetable:
    """Departures of one waiting list's trips: times of day and days as bits."""

    departs_us: tuple[int, ...]
    days: tuple[int, ...]

    def next(self, ready_us: int, weekday: int, window_us: int) -> int:
        """Return the first departure (from midnight of ``weekday``) that loads what is ready then."""
        best = FAR_US
        for departs, days in zip(self.departs_us, self.days, strict=True):
            for ahead in range(9):
                at = ahead * DAY + departs
                if days >> (weekday + ahead) % 7 & 1 and at - window_us >= ready_us:
                    best = min(best, at)
                    break
        return best


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
    rounds: dict[tuple[int, int], int] = {}

    def handled(at: int) -> int:
        day, clock = divmod(at, DAY)
        if clock >= closes:
            day, clock = day + 1, opens
        return day * DAY + max(clock, opens) + clerk

    def leaves(own: int, at: int, weekday: int) -> int:
        """Return when a round that serves what is ready ``at`` leaves; ``at`` itself where there is none to wait for."""
        if own < 0:
            return at
        day, clock = divmod(at, DAY)
        asked = (own, ((weekday + day) % 7) * DAY + clock)
        if asked not in rounds:
            rounds[asked] = tables[own].next(clock, asked[1] // DAY, times.window_us)
        return day * DAY + rounds[asked]

    def way_on(o: int, place: int) -> tuple[int, bool, int]:
        """Return the round that a parcel of an operator waits for at the outlet (-1: none), whether the post has it, and the way."""
        mode, last = int(look.mode[o, place]), int(look.last_mile[o, place])
        by_post = mode == TO_POST and plan.post >= 0
        if by_post:
            last, mode = plan.post, int(look.mode[plan.post, place])
            last = int(look.last_mile[plan.post, place]) if mode == TO_VILLAGE else last
        stop = int(look.round_stop[last, place])
        rides = mode == TO_VILLAGE and stop >= 0
        return (int(plan.stops.route[stop]), by_post, int(offset[stop])) if rides else (-1, by_post, 0)

    total = np.zeros((k, n))
    inside = np.flatnonzero(world.places.township >= 0)
    inside = inside[world.places.parent[inside] > 0]
    for o in range(k):
        for t in range(m):
            here = inside[world.places.township[inside] == t]
            wait, stop = int(look.line_wait[o, t]), int(look.line_stop[o, t])
            if stop < 0 or not len(here):
                continue
            route = int(plan.stops.route[stop]) if wait >= routes else wait
            way = int(offset[stop]) + times.stop_fixed_us
            ways = [way_on(o, place) for place in here.tolist()]
            kinds = sorted({one[:2] for one in ways})
            kind, last_way = np.array([kinds.index(one[:2]) for one in ways]), np.array([one[2] for one in ways])
            for wave in range(2):
                if plan.wave_us[o, wave] < 0 or not share[o, wave]:
                    continue
                gate = int(plan.wave_us[o, wave])
                for part in range(PARTS):
                    sorted_at = gate + times.handover_us + round(target * (part + 0.5) / PARTS)
                    for weekday in range(7):
                        weight = share[o, wave] / PARTS / 7
                        at = handled(tables[route].next(sorted_at, weekday, times.window_us) + way)
                        late = handled(at + times.post_handover_us)
                        ready = np.array([leaves(own, late if by_post else at, weekday) for own, by_post in kinds])[kind] + last_way
                        total[o, here] += weight * (ready - gate) / DAY
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
