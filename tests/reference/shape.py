"""Draw what a case keeps through all its plans: places, pools, vehicles, capacities, stores, step times."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.plan.plan import DOOR, LOCKER, OVERFLOW, SHELF, Times
from sim.units import DAY, HOUR
from sim.world.world import REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE

from .dice import Dice

CASCADES = (
    (SHELF, LOCKER, OVERFLOW, DOOR), (LOCKER, SHELF, OVERFLOW), (SHELF,), (SHELF, OVERFLOW), (LOCKER, OVERFLOW, SHELF), (DOOR,), (LOCKER,),
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """``*_lead[o]``: with whom operator o shares docks, sorting, lines; ``outlet_lead[u][o]``, ``round_lead[u][o]`` per township;
    ``feeder[lead]``: is the dock another site than sorting. ``villages``: (township, is it a town) per place after the townships.
    ``night``: many trips leave shortly before the next plan instant; ``bare``: no round in the lookup of who does not serve a place."""

    k: int
    m: int
    villages: tuple[tuple[int, bool], ...]
    post: int
    dock_lead: tuple[int, ...]
    sort_lead: tuple[int, ...]
    line_lead: tuple[int, ...]
    outlet_lead: tuple[tuple[int, ...], ...]
    round_lead: tuple[tuple[int, ...], ...]
    feeder: tuple[bool, ...]
    mode: tuple[tuple[int, ...], ...]
    vans: tuple[int, ...]
    drivers: int
    capacity: tuple[tuple[int, int], ...]
    stores: tuple[tuple[int, int, int], ...]
    doors: tuple[tuple[int, int, int], ...]
    cascade: tuple[tuple[int, ...], ...]
    times: Times
    night: bool = False
    bare: bool = False

    @property
    def n(self) -> int:
        return 1 + self.m + len(self.villages)


def leads(dice: Dice, k: int, percent: int) -> tuple[int, ...]:
    """Return for each operator the first member of the group it pools with."""
    lead: list[int] = []
    for o in range(k):
        lead.append(dice.pick(sorted(set(lead))) if lead and dice.chance(percent) else o)
    return tuple(lead)


def merged(dice: Dice, lead: tuple[int, ...]) -> tuple[int, ...]:
    """Return the groups after two of them have become one."""
    a = dice.pick(lead)
    a, b = sorted((a, dice.pick([x for x in lead if x != a] or [a])))
    return tuple(a if x == b else x for x in lead)


def draw_mode(dice: Dice, post: int) -> int:
    """Return how an operator serves a place."""
    throw = dice.whole(0, 99)
    if throw < 66:
        return TO_VILLAGE
    if throw < 80:
        return TO_TOWNSHIP
    return TO_POST if throw < 93 and post >= 0 else REFUSED if throw >= 95 else TO_VILLAGE


def draw_times(dice: Dice) -> Times:
    """Return the durations of the steps."""
    holding = dice.time(6 * 60, dice.pick((24, 48, 90)) * 60)
    return Times(
        plan_us=3 * HOUR, handover_us=dice.time(1, 20), post_handover_us=dice.time(1, 60), recheck_us=dice.time(1, 60),
        load_fixed_us=dice.time(1, 10), load_piece_us=dice.time(0, 2), window_us=dice.time(1, 45), stop_fixed_us=dice.time(1, 6),
        stop_piece_us=dice.time(0, 2), door_piece_us=dice.time(0, 5), rest_us=dice.time(0, 60), holding_us=holding,
        reminder_us=min(dice.time(60, 20 * 60), holding - 1), repair_us=dice.time(5, 180), seat_gap_m=dice.whole(100, 3000),
        seat_gap_us=dice.time(1, 15), township_gap_m=dice.whole(50, 800), township_gap_us=dice.time(1, 10),
        max_attempts=dice.pick((1, 2, 3, 3)),
    )  # fmt: skip


def draw_hours(dice: Dice) -> tuple[int, int]:
    """Return opening and closing time of day."""
    return (0, DAY) if dice.chance(40) else (dice.time(6 * 60, 11 * 60), dice.time(12 * 60, 21 * 60))


def draw_shape(dice: Dice) -> Shape:
    """Return a small county's shape."""
    k, m = dice.whole(1, 4), dice.whole(1, 4 if dice.chance(40) else 2)
    villages = [(u, dice.chance(12)) for u in range(m) for _ in range(dice.whole(1, 3))]
    n = 1 + m + len(villages)
    post = dice.whole(-1, k - 1)
    loose = dice.chance(20)
    van = (dice.whole(6_000, 30_000), dice.whole(15_000, 90_000)) if not loose else (10**6, 10**7)
    truck = (van[0] * dice.whole(1, 4), van[1] * dice.whole(1, 4))
    trunk = (max(van[0], dice.whole(5_000, 40_000)), max(van[1], dice.whole(15_000, 90_000)))
    stores: list[tuple[int, int, int]] = []
    for _ in range(n):
        hours = draw_hours(dice)
        stores.append((-1 if dice.chance(10) else dice.whole(0, 45_000), *hours))
        stores.append((-1, *draw_hours(dice)))
        stores.append((dice.whole(0, 30_000), *hours))
    stores += [(-1, *draw_hours(dice)) for _ in range(m * k)]
    cascade: list[tuple[int, ...]] = []
    for _ in range(n):
        codes = dice.pick(CASCADES)
        cascade.append((*codes, *(0,) * (4 - len(codes))))
    percent = dice.pick((0, 30, 70))
    return Shape(
        k=k, m=m, villages=tuple(villages), post=post, dock_lead=leads(dice, k, percent), sort_lead=leads(dice, k, percent),
        line_lead=leads(dice, k, percent), outlet_lead=tuple(leads(dice, k, percent) for _ in range(m)),
        round_lead=tuple(leads(dice, k, percent) for _ in range(m)), feeder=tuple(dice.chance(30) for _ in range(k)),
        mode=tuple(tuple(draw_mode(dice, post) for _ in range(n)) for _ in range(k)),
        vans=(0,) * dice.whole(1, 2) + (1,) * dice.whole(1, 5) + (2,) * dice.whole(1, 2), drivers=dice.whole(2, 9),
        capacity=(truck, van, trunk), stores=tuple(stores),
        doors=tuple((dice.whole(0, 2), dice.whole(0, 2), dice.whole(0, 2)) if dice.chance(80) else (0, 0, 0) for _ in range(n)),
        cascade=tuple(cascade), times=draw_times(dice), night=dice.chance(20),
        bare=dice.chance(20),
    )  # fmt: skip


def changed(dice: Dice, s: Shape) -> Shape:
    """Return the shape after a change of plan: some pools grow, some modes and shelves change."""
    return replace(
        s,
        dock_lead=merged(dice, s.dock_lead) if dice.chance(60) else s.dock_lead,
        sort_lead=merged(dice, s.sort_lead) if dice.chance(60) else s.sort_lead,
        line_lead=merged(dice, s.line_lead) if dice.chance(50) else s.line_lead,
        outlet_lead=tuple(merged(dice, x) if dice.chance(60) else x for x in s.outlet_lead),
        round_lead=tuple(merged(dice, x) if dice.chance(40) else x for x in s.round_lead),
        feeder=tuple(f ^ dice.chance(30) for f in s.feeder),
        mode=tuple(tuple(draw_mode(dice, s.post) if dice.chance(10) else x for x in row) for row in s.mode),
        stores=tuple((cap + dice.whole(-5_000, 20_000) if cap > 5_000 else cap, a, b) for cap, a, b in s.stores),
        times=replace(s.times, holding_us=s.times.holding_us + dice.time(1, 300)) if dice.chance(30) else s.times,
    )
