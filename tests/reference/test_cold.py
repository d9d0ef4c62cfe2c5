"""Both models agree parcel by parcel on the temperatures of the way up: since when it was cold, how cold, and what that did."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sim.produce.climb import Climb
from sim.schema.produce import Perishing
from sim.schema.raw import NEVER, UP
from sim.units import DAY, HOUR, MINUTE
from sim.world.cold import Cold
from sim.world.world import TOWNSHIP, World

from .case import Case
from .cold import COUNTY_ROOM, ON_LINE, ON_ROUND, ON_TRUNK, Cellars, Keeping, Stay, path, way_up
from .dice import Dice
from .draw import draw_case
from .flowside import recorded
from .model import County
from .quality import Law, decayed, step_error
from .tiny import at, parcel_up, tiny_case, tiny_plan

PERISHING = Perishing()
SEEDS = range(40)
STEP = 10 * MINUTE


def draw_keeping(case: Case, dice: Dice) -> Keeping:
    """Return small rooms at about half of the places, other sizes on a later day, cold vehicles of some, and changing air."""
    n, half = len(case.tier), (case.first_day + case.last_day) // 2
    sizes = [(day * DAY, {p: dice.whole(1, 40) * 500 for p in range(n) if dice.chance(60)}) for day in sorted({case.first_day, half})]
    air = [dice.whole(-80, 380) / 10 for _ in range(case.first_day, case.end_day)]
    aboard = {(leg, o): dice.pick((-1.0, 4.0, 8.0)) for leg in (ON_ROUND, ON_LINE, ON_TRUNK) for o in range(4) if dice.chance(40)}
    hours = {p: (dice.whole(0, 44) * HOUR // 4, dice.whole(45, 96) * HOUR // 4) for p in range(n) if dice.chance(40)}
    return Keeping(sizes, {p: dice.pick((0.0, 2.5, 8.0)) for p in range(n)}, aboard, by_day(case.first_day, air), hours)


def by_day(first: int, air: list[float]) -> Callable[[int], float]:
    """Return each day's degrees, before and after them the nearest day's."""
    return lambda day: air[min(max(day - first, 0), len(air) - 1)]


def kept(case: Case, keeping: Keeping) -> dict[int, list[Stay]]:
    """Return each up parcel's stays as the reference lives them."""
    result = County(case).run()
    cellars, ways = Cellars(keeping, range(case.first_day, case.end_day)), {}
    outlets = {int(case.township[i]): i for i, tier in enumerate(case.tier) if tier == TOWNSHIP}
    for key, p in sorted(result.parcels.items()):
        if p.direction == UP:
            ways[key] = way_up(p, outlets[p.township], key in result.bound["sent from the place"])
            cellars.follow(p, ways[key])
    cellars.run()
    return ways


def climbed(case: Case, keeping: Keeping) -> dict[int, dict[str, Any]]:
    """Return each up parcel's stages as the program works them out from the flow's records."""
    n, k = len(case.tier), case.plan_of(case.first_day).operators
    outlets = {int(case.township[i]): i for i, tier in enumerate(case.tier) if tier == TOWNSHIP}
    parent = np.array([outlets.get(int(u), 0) if tier != TOWNSHIP else 0 for u, tier in zip(case.township, case.tier, strict=True)])
    world = cast(World, SimpleNamespace(places=SimpleNamespace(parent=parent)))
    days = range(case.first_day, case.end_day)
    climb, found = Climb(np.array([keeping.air(day) for day in days]), case.first_day, PERISHING, n), {}

    def aboard(leg: int) -> np.ndarray:
        return np.array([keeping.aboard_c.get((leg, o), np.nan) for o in range(k)])

    none = np.zeros(n, np.int64)
    for record in recorded(case):
        for since, sizes in keeping.sizes:
            if since == record.day * DAY:
                grams = np.array([sizes.get(p, 0) for p in range(n)], np.int64)
                room_c = np.array([keeping.room_c.get(p, 0.0) for p in range(n)])
                cold = Cold(grams, room_c, *keeping.hours_of(n), none, none, aboard(ON_ROUND), aboard(ON_LINE), aboard(ON_TRUNK), ("",) * n)
                climb.build(cold, since)
        _, arrived = climb.take(record, world, last=record.day == case.end_day - 1)
        for i, key in enumerate(arrived.parcels["key"].tolist()):
            found[key] = {name: getattr(arrived, name)[i].tolist() for name in ("begin", "end", "cold", "celsius", "decay", "place")}
    return found


def compare(case: Case, keeping: Keeping) -> dict[str, int]:
    """Compare all finished stays of all up parcels; return how many there were, how many were cold, and how many had to wait for it."""
    ours, theirs = kept(case, keeping), climbed(case, keeping)
    assert ours.keys() == theirs.keys()
    law = Law(21.0, 0.7, q10=(PERISHING.q10_0_10, PERISHING.q10_10_20, PERISHING.q10_20_30, PERISHING.q10_30_40))
    seen = {"stays": 0, "cold": 0, "waited": 0, "in vain": 0}
    for key, stays in ours.items():
        row, over = theirs[key], {stay.stage: stay for stay in stays if stay.end != NEVER}
        for stage in range(6):
            who = f"{case.name}, parcel {key}, stage {stage}"
            stay = over.get(stage)
            if stay is None:
                assert row["begin"][stage] == NEVER or row["end"][stage] == NEVER, who
                continue
            celsius = None if math.isnan(row["celsius"][stage]) else row["celsius"][stage]
            told = (row["place"][stage], row["begin"][stage], row["end"][stage], row["cold"][stage], celsius)
            assert told == (stay.place, stay.begin, stay.end, stay.cold, stay.celsius), who
            exact = math.exp(math.log(law.threshold) / law.shelf_days_0c * row["decay"][stage])
            warmth = path(stay, keeping)
            assert decayed(warmth, law, step_us=STEP) == pytest.approx(exact, rel=step_error(warmth, law, STEP) + 1e-12), who
            seen["stays"] += 1
            seen["cold"] += stay.cold != NEVER
            seen["waited"] += stay.cold > stay.begin
            seen["in vain"] += stay.place >= 0 and stay.cold == NEVER
    return seen


def test_every_temperature_of_every_way_is_the_same_in_both_models() -> None:
    seen = {"stays": 0, "cold": 0, "waited": 0, "in vain": 0}
    for seed in SEEDS:
        case = draw_case(seed)
        if case.shipments_of(case.first_day).n:
            for name, count in compare(case, draw_keeping(case, Dice(seed ^ 0xC01D))).items():
                seen[name] += count
    assert min(seen.values()) > 30, seen


def test_a_room_takes_nobody_in_while_it_is_closed_and_lets_out_at_any_time() -> None:
    # ready at 7:00, 9:00 and 11:00 in village 2 whose room takes in from 8:00 to 10:00; the van takes all at 12:20
    case = tiny_case([], tiny_plan(), up=[parcel_up(1, 2, "7:00"), parcel_up(2, 2, "9:00"), parcel_up(3, 2, "11:00")])
    keeping = Keeping([(0, {2: 10**6})], {2: 4.0}, {}, lambda day: 25.0, {2: (8 * HOUR, 10 * HOUR)})
    stays = kept(case, keeping)
    assert [stays[key][0].cold for key in sorted(stays)] == [at("8:00"), at("9:00"), NEVER]
    assert [stays[key][0].end for key in sorted(stays)] == [stays[1][0].end] * 3
    assert compare(case, keeping)["in vain"] >= 1


def test_a_full_room_lets_the_next_one_in_when_somebody_leaves() -> None:
    # ready at 8:00, 9:00 and 10:00 in village 2 with room for two; one is taken at 12:20 by a van that has room for one
    plan = replace(tiny_plan(), capacity_ml=np.array([10**7, 1_500, 10**7], np.int64))
    case = tiny_case([], plan, up=[parcel_up(1, 2, "8:00"), parcel_up(2, 2, "9:00"), parcel_up(3, 2, "10:00")])
    keeping = Keeping([(0, {2: 1_000})], {2: 4.0}, {}, lambda day: 25.0)
    stays = kept(case, keeping)
    assert [stays[key][0].cold for key in (1, 2, 3)] == [at("8:00"), at("9:00"), at("12:20")]
    compare(case, keeping)


def test_who_leaves_at_the_instant_of_coming_takes_no_room() -> None:
    # parcel 1 is ready when the van stops; the room must be free for parcel 2
    case = tiny_case([], up=[parcel_up(1, 2, "12:20"), parcel_up(2, 2, "14:00")])
    keeping = Keeping([(0, {2: 700})], {2: 4.0}, {}, lambda day: 25.0)
    assert kept(case, keeping)[2][0].cold == at("14:00")
    compare(case, keeping)


def test_cold_is_never_warmer_than_the_air() -> None:
    stay = Stay(COUNTY_ROOM, 0, 0, 2 * HOUR, HOUR, 4.0)
    keeping = Keeping([], {}, {}, lambda day: -3.0)
    assert {t(0) if callable(t) else t for _, _, t in path(stay, keeping)} == {-3.0}
