"""Draw a random small case: a county, its plans, orders, shipments, breakdowns and closures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.plan.orders import Orders, no_orders, no_shipments
from sim.plan.plan import Plan
from sim.units import DAY, MINUTE
from sim.world.world import COUNTY, TOWN, TOWNSHIP, VILLAGE

from .build import build_plan, draw_waves
from .case import Case
from .collect import some_collection
from .dice import Dice
from .sent import draw_shipments, some_lists_less
from .shape import Shape, changed, draw_shape

UP_DICE = 0x5E2F0A1D9B7C3846
"""What tells the dice of the way up from those of the rest of a case."""


def draw_case(seed: int, parcels: int = 60, days: int = 3) -> Case:
    """Return the case of a seed with about ``parcels`` orders a day on ``days`` days; two thirds of the seeds tick on a grid.

    In about half of the cases parcels go up, too; they and the places without a list are drawn by dice of their own."""
    dice = Dice(seed, (0, MINUTE, 5 * MINUTE)[seed % 3])
    s = draw_shape(dice)
    first = dice.whole(-2, 0)
    last = first + days
    end = last + dice.whole(2, 8)
    waves = draw_waves(dice, s)
    plans = [build_plan(dice, s, waves)]
    begins = [first]
    for _ in range(dice.pick((0, 0, 1, 1, 2))):
        if dice.chance(15):
            plans.append(replace(plans[-1]))
        else:
            s = changed(dice, s)
            plans.append(build_plan(dice, s, waves))
        begins.append(begins[-1] + dice.whole(1, 3))
    orders = draw_orders(dice, s, first, last, parcels)
    metres, travel = draw_roads(dice, s.n)
    up = Dice(seed ^ UP_DICE, dice.grid)
    sending = up.chance(55)
    shipments = draw_shipments(up, s, first, last, parcels) if sending else {}
    plans = some_collection(up, s, some_lists_less(up, s, plans)) if sending else plans
    span = range(first - 1, end + 1)
    bad, frail = dice.pick((0, 5, 15)), dice.pick((0, 10, 40))
    broken = {(f"v{v:02d}", d): dice.whole(1, 999) / 1000 for v in range(len(s.vans)) for d in span if dice.chance(frail)}
    shut = {(p, d) for p in range(s.n) for d in span if dice.chance(bad if p else bad // 4)}

    def plan_of(day: int) -> Plan:
        return plans[max(i for i, b in enumerate(begins) if b <= day or i == 0)]

    return Case(
        metres=metres, travel_us=travel,
        tier=np.array([COUNTY] + [TOWNSHIP] * s.m + [TOWN if town else VILLAGE for _, town in s.villages], np.int8),
        township=np.array([-1, *range(s.m), *(u for u, _ in s.villages)], np.int32), households=4 * s.n, first_day=first, last_day=last,
        end_day=end, weekday0=dice.whole(0, 6), plan_of=plan_of, orders_of=lambda day: orders.get(day, no_orders()),
        breaks=lambda key, day: broken.get((key, day)), closed=lambda place, day: (place, day) in shut, name=f"seed {seed}",
        shipments_of=lambda day: shipments.get(day, no_shipments()),
    )  # fmt: skip


def draw_roads(dice: Dice, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return metres and microseconds between places."""
    metres, travel = np.zeros((n, n), np.int32), np.zeros((n, n), np.int64)
    for a in range(n):
        for b in range(n):
            if a != b:
                metres[a, b], travel[a, b] = dice.whole(500, 20_000), dice.time(1, 45)
    return metres, travel


def draw_orders(dice: Dice, s: Shape, first: int, last: int, parcels: int) -> dict[int, Orders]:
    """Return each day's orders."""
    out = {}
    heavy, hours = dice.pick((3_000, 8_000)), dice.pick(((6, 40, 120), (6, 40, 120), (60, 200), (2, 6)))
    for day in range(first, last):
        rows = []
        for _ in range(dice.whole(parcels // 2, parcels + parcels // 2)):
            place = dice.whole(1 + s.m, s.n - 1)
            created = day * DAY + dice.time(0, 24 * 60 - 1) % DAY
            patience = dice.pick(hours) * 60
            rows.append((
                dice.word(), dice.whole(0, s.k - 1), place, 4 * place + dice.whole(0, 3), created, created + dice.time(1, 36 * 60),
                dice.whole(50, heavy), dice.whole(300, dice.pick((4_000, 12_000, 20_000))), dice.chance(8), dice.chance(4),
                dice.time(10, patience), dice.time(10, patience), dice.time(10, 20 * 60), dice.time(30, 30 * 60),
            ))  # fmt: skip
        types = (np.uint64, np.int16, np.int32, np.int32, np.int64, np.int64, np.int32, np.int32, np.bool_, np.bool_, *(np.int64,) * 4)
        columns = list(zip(*sorted(rows), strict=True)) or [()] * 14
        out[day] = Orders(*(np.array(c, t) for c, t in zip(columns, types, strict=True)))
    return out
