"""Draw what goes up in a case, and take from some places the list that the round loads there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.plan.orders import Shipments
from sim.plan.plan import Plan
from sim.units import DAY

from .dice import Dice
from .shape import Shape


def draw_shipments(dice: Dice, s: Shape, first: int, last: int, parcels: int) -> dict[int, Shipments]:
    """Return each day's shipments: a few senders with crates of one size or parcels of any, some that just fit the van or just do not."""
    out = {}
    heavy, large = dice.pick((2_000, 6_000, 12_000)), dice.pick((3_000, 12_000, 30_000))
    limit_g, limit_ml = (min(s.capacity[0][i], s.capacity[1][i]) for i in (0, 1))
    counter, late = dice.pick((0, 15, 50)), dice.pick((60, 10 * 60, 40 * 60))
    types = (np.uint64, np.int16, np.int32, np.int32, np.int64, np.int64, np.bool_, np.int32, np.int32, np.int64)
    for day in range(first, last):
        rows: list[tuple[int, ...]] = []
        many = dice.whole(1, max(1, parcels // 2))
        while len(rows) < many:
            operator, place, lot = dice.whole(0, s.k - 1), dice.whole(1 + s.m, s.n - 1), dice.whole(1, 999)
            crate = dice.whole(50, heavy), dice.whole(100, large)
            created = day * DAY + dice.time(0, 24 * 60) % DAY + (dice.time(60, 50 * 60) if dice.chance(4) else 0)
            for _ in range(dice.pick((1, 1, 2, 6))):
                grams, millilitres = crate if dice.chance(70) else (dice.whole(50, heavy), dice.whole(100, large))
                if dice.chance(4):
                    extra = dice.whole(0, 1)
                    grams, millilitres = (limit_g + extra, millilitres) if dice.chance(50) else (grams, limit_ml + extra)
                ready = created if dice.chance(40) else created + dice.time(0, late)
                out_us = dice.time(60, 60 * 60)
                rows.append((dice.word(), operator, place, lot, created, ready, dice.chance(counter), grams, millilitres, out_us))
        columns = zip(*sorted(rows), strict=True)
        out[day] = Shipments(*(np.array(c, t) for c, t in zip(columns, types, strict=True)))
    return out


def some_lists_less(dice: Dice, s: Shape, plans: list[Plan]) -> list[Plan]:
    """Return the plans with fewer lists in places: at some stops nothing is loaded, and some operators' round does not come."""
    percent, made = dice.pick((0, 10, 35)), []
    for plan in plans:
        hands_over = plan.stops.queue == -1
        without = np.array([bool(here) and dice.chance(percent) for here in hands_over])
        stop, wait = plan.lookup.round_stop.copy(), plan.lookup.round_wait.copy()
        for o in range(s.k):
            for p in range(1 + s.m, s.n):
                if dice.chance(percent // 3):
                    stop[o, p] = wait[o, p] = -1
        made.append(replace(
            plan, stops=replace(plan.stops, wait=np.where(without, -1, plan.stops.wait).astype(np.int32)),
            lookup=replace(plan.lookup, round_stop=stop, round_wait=wait),
        ))  # fmt: skip
    return made
