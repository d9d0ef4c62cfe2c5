"""Add afternoon collections to the plans of a case: routes on which nobody gets off, loading lists that other routes load too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.plan.plan import LINE, ROUND, Plan
from sim.units import DAY, HOUR

from .dice import Dice
from .shape import Shape

Route = tuple[int, int, int, int, list[tuple[int, int]]]
"""Leg, owner, origin, home queue, and (place, list) of each stop."""


def some_collection(dice: Dice, s: Shape, plans: list[Plan]) -> list[Plan]:
    """Return the plans, some of them with lists that rounds share and with collection routes of one trip or two a day."""
    shared = [_shared(dice, s, plan) if dice.chance(50) else plan for plan in plans]
    return [_with(dice, s, plan, _routes(dice, s, plan)) if dice.chance(70) else plan for plan in shared]


def _shared(dice: Dice, s: Shape, plan: Plan) -> Plan:
    """Return the plan with one list in some places for several operators, whether their own rounds come there or not."""
    table, wait = plan.place_waits().copy(), plan.stops.wait.copy()
    for p in range(1 + s.m, s.n):
        group = [o for o in range(s.k) if dice.chance(60)]
        lists = sorted({int(table[o, p]) for o in group if table[o, p] >= 0})
        if lists and dice.chance(70):
            for o in group:
                stop = int(plan.lookup.round_stop[o, p])
                if stop >= 0 and wait[stop] >= 0:
                    wait[stop] = lists[0]
                table[o, p] = lists[0]
    return replace(plan, stops=replace(plan.stops, wait=wait), lookup=replace(plan.lookup, place_wait=table))


def _routes(dice: Dice, s: Shape, plan: Plan) -> list[Route]:
    out: list[Route] = []
    for o in range(s.k):
        for u in range(s.m):
            if dice.chance(50):
                stops = [int(x) for x in plan.lookup.round_stop[o] if x >= 0 and s.villages[plan.stops.place[x] - 1 - s.m][0] == u]
                lists = [(int(plan.stops.place[x]), int(plan.stops.wait[x])) for x in stops if plan.stops.wait[x] >= 0 and dice.chance(70)]
                if lists:
                    out.append((ROUND, o, 1 + u, int(plan.lookup.handle_queue[o, u]), lists))
        if dice.chance(60):
            lists = [(1 + u, int(plan.lookup.back_line_wait[o, u])) for u in range(s.m) if dice.chance(80)]
            if lists:
                out.append((LINE, o, 0, int(plan.lookup.sort_queue[o]), lists))
    return out


def _with(dice: Dice, s: Shape, plan: Plan, routes: list[Route]) -> Plan:
    """Return the plan with further routes behind its own; its lists of stops move up by so many origins."""
    if not routes:
        return plan
    own, more, look = len(plan.routes.leg), len(routes), plan.lookup

    def moved(wait: np.ndarray) -> np.ndarray:
        return np.where(wait >= own, wait + more, wait).astype(np.int32)

    leg, owner, origin, home, stops = (list(column) for column in zip(*routes, strict=True))
    flat = [(place, wait, own + i) for i, lists in enumerate(stops) for place, wait in lists]
    first = np.concatenate([plan.routes.first, plan.routes.first[-1] + np.cumsum([len(x) for x in stops])]).astype(np.int32)
    column = {
        name: np.array([*getattr(plan.routes, name), *new], getattr(plan.routes, name).dtype)
        for name, new in (("leg", leg), ("owner", owner), ("origin", origin), ("home_queue", home), ("tier", [int(x > 0) for x in origin]))
    }
    at = plan.stops
    joined = replace(
        at, place=np.array([*at.place, *(p for p, _, _ in flat)], np.int32), queue=np.array([*at.queue, *(-2 for _ in flat)], np.int32),
        wait=np.concatenate([moved(at.wait), moved(np.array([w for _, w, _ in flat], np.int32))]),
        route=np.array([*at.route, *(r for _, _, r in flat)], np.int32),
    )  # fmt: skip
    waits = {name: moved(getattr(look, name)) for name in ("line_wait", "round_wait", "back_line_wait", "out_wait", "dock_wait")}
    if look.place_wait is not None:
        waits["place_wait"] = moved(look.place_wait)
    return replace(
        plan, routes=replace(plan.routes, first=first, **column), stops=joined, lookup=replace(look, **waits),
        trips=_timetable(dice, s, plan, routes, own),
    )  # fmt: skip


def _timetable(dice: Dice, s: Shape, plan: Plan, routes: list[Route], own: int):  # type: ignore[no-untyped-def]
    t = plan.trips
    rows = list(zip(t.departs_us.tolist(), t.key, t.route.tolist(), t.vehicle.tolist(), t.driver.tolist(), t.days.tolist(), strict=True))
    for i, (leg, *_) in enumerate(routes):
        fit = [v for v, kind in enumerate(s.vans) if kind in ((0, 1) if leg == LINE else (1,))]
        for j in range(dice.whole(1, 2)):
            departs = min(3 * HOUR + s.times.window_us + dice.time(1, 20 * 60), 3 * HOUR + DAY)
            rows.append((departs, f"c{i:02d}.{j}", own + i, dice.pick(fit), dice.whole(0, s.drivers - 1), 127))
    departs, key, route, vehicle, driver, days = zip(*sorted(rows), strict=True)
    i4 = [np.array(c, np.int32) for c in (route, vehicle, driver)]
    return replace(t, key=tuple(key), route=i4[0], vehicle=i4[1], driver=i4[2], departs_us=np.array(departs, np.int64),
                   days=np.array(days, np.uint8))  # fmt: skip
