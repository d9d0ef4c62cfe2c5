"""Luck belongs to slots: one parcel less moves only what it touches, and pairing makes differences sharp."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.flow.flow import simulate
from sim.flow.inputs import Inputs
from sim.plan.orders import Orders
from sim.plan.plan import Plan
from sim.run import run
from sim.schema.raw import NEVER, STAMPS
from tests.run.small import POOL_ALL, STILL, STRAINED, Kept, given, scenario

Life = dict[str, int]
FIELDS = (*STAMPS, "visit", "line_trip", "round_trip", "place", "operator", "last_mile", "township", "outcome", "kind", "attempts")
FIXED = ["carrier", "village", "household", "weight_kg", "volume_l", "created_s"]
REPLICATIONS = 8


def lives(inputs: Inputs) -> tuple[dict[int, Life], dict[int, tuple[int, int]], Plan]:
    """Return every parcel by key, each trip's (vehicle, driver), and the plan."""
    kept = Kept()
    simulate(inputs, kept)
    rows = kept.all("parcels")
    fields = zip(*(rows[name].tolist() for name in FIELDS), strict=True)
    parcels = {key: dict(zip(FIELDS, life, strict=True)) for key, life in zip(rows["key"].tolist(), fields, strict=True)}
    return parcels, {int(t["trip"]): (int(t["vehicle"]), int(t["driver"])) for t in kept.all("trips")}, kept.plans[0][1]


def without(orders_of: Callable[[int], Orders], key: int) -> Callable[[int], Orders]:
    """Return the orders less one."""

    def fewer(day: int) -> Orders:
        orders = orders_of(day)
        stay = orders.key != np.uint64(key)
        return Orders(**{name: getattr(orders, name)[stay] for name in Orders.__dataclass_fields__})

    return fewer


def first_change(a: Life | None, b: Life | None) -> int | None:
    """Return when two lives of a parcel part, or None; a parcel that is in one world only parts when it comes."""
    if a is None or b is None:
        alone = a or b
        assert alone is not None
        return alone["county_in"] if alone["county_in"] != NEVER else alone["created"]
    parted = [life[name] for name in STAMPS if a[name] != b[name] for life in (a, b) if life[name] != NEVER]
    if not parted and a != b:
        parted = [a["finished"]]
    return min(parted) if parted else None


def touches(life: Life, trips: dict[int, tuple[int, int]], plan: Plan) -> set[tuple[str, int]]:
    """Return the sites, trips with their vehicles and drivers, and shelves that a parcel meets."""
    o, u, look = life["operator"], life["township"], plan.lookup
    met = {("dock", int(look.dock_queue[o])), ("sorting", int(look.sort_queue[o])), ("place", life["place"])}
    met |= {("outlet", int(look.handle_queue[who, u])) for who in (o, life["last_mile"])}
    for trip in (life["line_trip"], life["round_trip"]):
        if trip >= 0:
            met.add(("trip", trip))
            if trip in trips:
                met |= {("vehicle", trips[trip][0]), ("driver", trips[trip][1])}
    return met


@pytest.mark.parametrize("case", ["calm", "strained", "pooled"])
def test_worlds_that_differ_in_one_parcel_differ_only_in_what_it_touches(case: str) -> None:
    chosen = scenario(levers=[POOL_ALL] if case == "pooled" else [], days=8, warm_up=2, **({} if case == "calm" else STRAINED))
    inputs = given(chosen)
    before, trips, plan = lives(inputs)
    village = [key for key, p in sorted(before.items(), key=lambda item: item[1]["created"]) if p["round_trip"] >= 0 and p["kind"]]
    shares, moved = [], 0
    for gone in village[20::100]:
        after, trips_after, _ = lives(replace(inputs, orders_of=without(inputs.orders_of, gone)))
        assert gone not in after
        parted = {key: when for key in {*before, *after} if (when := first_change(before.get(key), after.get(key))) is not None}
        by_thing: dict[tuple[str, int], list[int]] = defaultdict(list)
        met: dict[int, set[tuple[str, int]]] = {}
        for key in parted:
            worlds: list[tuple[dict[int, Life], dict[int, tuple[int, int]]]] = [(before, trips), (after, trips_after)]
            met[key] = set().union(*(touches(lives_[key], of, plan) for lives_, of in worlds if key in lives_))
            for thing in met[key]:
                by_thing[thing].append(key)
        reached, frontier = {gone}, [gone]
        while frontier:
            one = frontier.pop()
            for thing in met[one]:
                for other in by_thing[thing]:
                    if other not in reached and parted[other] >= parted[one]:
                        reached.add(other)
                        frontier.append(other)
        assert set(parted) == reached, f"{len(set(parted) - reached)} parcels changed although nothing that had changed met them"
        moved += len(parted) - 1
        shares.append(len(parted) / len(before))
    print(f"{case}: of {len(before)} parcels one less changes {100 * np.mean(shares):.1f}% (most {100 * max(shares):.1f}%)")
    assert moved > 0, "somebody was meant to be touched"
    assert np.median(shares) < 0.5


def test_what_has_happened_before_a_parcel_comes_is_the_same_without_it() -> None:
    inputs = given(scenario(days=8, warm_up=2, **STRAINED))
    before, _, _ = lives(inputs)
    gone = next(key for key, p in sorted(before.items(), key=lambda item: item[1]["county_in"]) if p["county_in"] > 4 * 86_400_000_000)
    after, _, _ = lives(replace(inputs, orders_of=without(inputs.orders_of, gone)))
    came, stamps = before[gone]["county_in"], 0
    for key, life in after.items():
        for name in STAMPS:
            if life[name] < came or before[key][name] < came:
                assert life[name] == before[key][name]
                stamps += life[name] != NEVER
    assert stamps > 5_000


def test_both_scenarios_meet_the_same_orders_while_nobody_answers() -> None:
    made = [run(scenario(levers=levers, days=5, warm_up=2, **STILL)).table("parcels") for levers in ([], [POOL_ALL])]
    alone, pooled = (table[table["direction"] == "down"].set_index("parcel").sort_index()[FIXED] for table in made)
    assert alone.equals(pooled)


def test_a_parcel_that_both_scenarios_meet_is_the_same_parcel_when_shoppers_answer() -> None:
    made = [run(scenario(levers=levers, days=20, warm_up=2)).table("parcels") for levers in ([], [POOL_ALL])]
    alone, pooled = (table[table["direction"] == "down"].set_index("parcel").sort_index()[FIXED] for table in made)
    shared = alone.index.intersection(pooled.index)
    assert 0.8 * len(alone) < len(shared) < max(len(alone), len(pooled))
    assert alone.loc[shared].equals(pooled.loc[shared])


def test_pairing_cuts_the_variance_of_differences(record_property: Callable[[str, object], None]) -> None:
    names = ("cost_per_parcel_yuan", "delivery_hours_mean", "order_to_hand_hours", "pickup_km", "co2_kg_per_parcel")
    found: dict[str, list[Any]] = {"alone": [], "pooled": []}
    for seed in range(1, REPLICATIONS + 1):
        for name, levers in (("alone", []), ("pooled", [POOL_ALL])):
            made = run(scenario(levers=levers, days=21, **{"service": {"village_share": 0.5}}), seed)
            found[name].append([made.metric(metric) for metric in names])
    alone, pooled = np.array(found["alone"]), np.array(found["pooled"])
    unpaired = alone.var(axis=0, ddof=1) + pooled.var(axis=0, ddof=1)
    gain = unpaired / (pooled - alone).var(axis=0, ddof=1)
    told = ", ".join(f"{g:.1f} ({n})" for g, n in zip(gain, names, strict=True))
    record_property("shown", f"pairing cuts the variance of the difference to 1 / {told}")
    assert (gain[:2] > 1).all()
