"""Every parcel is somewhere, and only there: Little's law, conservation, and what vehicles and shelves can hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby

import numpy as np
import pytest

from sim.plan.orders import child_key
from sim.plan.plan import LINE, ROUND
from sim.run import Run
from sim.schema.raw import (
    AT_TOWNSHIP,
    BACK,
    BACK_AT_SENDER,
    COLLECTED,
    DOWN,
    IN_TRANSIT,
    LOST,
    NEVER,
    REFUSED_OUT,
    REJECTED,
    RETURNED,
    STAMPS,
    TRIP_CANCELLED,
)
from sim.units import DAY, SECOND
from sim.world.build import build
from sim.world.world import TOWNSHIP
from tests.run.small import POOL_ALL, SMALL, STRAINED, Kept, scenario, watched

CALM = {
    "demand": {"p_missort": 0.05},
    "fleet": {"p_breakdown": 0},
    "roads": {"closed_days_mountain": 0},
    "station": {"shelf_l": 20_000, "holding_days": 30, "reminder_days": 3},
    "counting": {"drain_days": 40},
}
"""Nothing comes back: each parcel is at each site once, and so its stamps tell when it was there."""
WAY_DOWN = ("created", "county_in", "sorted", "county_out", "township_in", "township_out", "village_in", "ready", "finished")
WAY_BACK = ("created", "ready", "village_out", "township_in", "township_out", "county_in", "sorted", "trunk_out", "finished")
BEFORE = {"sorted": "county_in", "county_out": "sorted", "township_in": "county_out", "village_in": "township_out"}
RIDES = (("line_trip", "county_out", "township_in", LINE), ("round_trip", "township_out", "village_in", ROUND))
STATIONS = {"kind": "village_stations", "id": "stations", "shelf_l": 30, "carried_by": "existing"}


@pytest.fixture(scope="module", params=["separate", "pooled"])
def calm(request: pytest.FixtureRequest) -> Kept:
    return watched(scenario(levers=[POOL_ALL] if request.param == "pooled" else [], days=10, **CALM))[1]


@pytest.fixture(scope="module", params=["separate", "pooled"])
def strained(request: pytest.FixtureRequest) -> tuple[Run, Kept]:
    return watched(scenario(levers=[STATIONS, POOL_ALL] if request.param == "pooled" else [STATIONS], **STRAINED))


def area(events: Iterable[tuple[int, int]]) -> int:
    """Return the integral of the number present over time, of steps (instant, change); it is never below zero and ends at zero."""
    total, present, before = 0, 0, 0
    for instant, change in sorted(events, key=lambda event: (event[0], -event[1])):
        total += present * (instant - before)
        before, present = instant, present + change
        assert present >= 0, f"{present} parcels at {instant}"
    assert present == 0, f"{present} parcels never left"
    return total


def loaded_at_origin(kept: Kept) -> dict[int, int]:
    """Return for each trip that ran what it loaded where it started."""
    on_the_way: Counter[int] = Counter()
    for stop in kept.all("stops"):
        on_the_way[int(stop["trip"])] += int(stop["loaded"])
    return {int(t["trip"]): int(t["parcels"]) - on_the_way[int(t["trip"])] for t in kept.all("trips") if t["status"] != TRIP_CANCELLED}


def test_littles_law_holds_at_every_county_site_to_the_microsecond(calm: Kept) -> None:
    plan, origin = calm.plans[0][1], loaded_at_origin(calm)
    routes = len(plan.routes.leg)
    site_of = {}
    for o in range(plan.operators):
        waits = set(plan.lookup.line_wait[o].tolist()) - {-1}
        assert all(w < routes for w in waits), "lines start where parcels are sorted"
        (site_of[o],) = {int(plan.routes.owner[w]) for w in waits}
    events: dict[int, list[tuple[int, int]]] = defaultdict(list)
    stays: Counter[int] = Counter()
    for p in calm.all("parcels"):
        if p["outcome"] in (REFUSED_OUT, REJECTED):
            continue
        site, leaves = site_of[int(p["operator"])], int(p["finished"] if p["outcome"] == LOST else p["county_out"])
        events[site].append((int(p["county_in"]), 1))
        stays[site] += leaves - int(p["county_in"])
        if p["outcome"] == LOST:
            events[site].append((leaves, -1))
    for t in calm.all("trips"):
        if t["leg"] == LINE and t["status"] != TRIP_CANCELLED:
            events[int(t["owner"])].append((int(t["depart"]), -origin[int(t["trip"])]))
    assert set(stays) == set(events)
    for site in stays:
        assert area(events[site]) == stays[site] > 0


def test_littles_law_holds_in_every_township_and_village_to_the_microsecond(calm: Kept) -> None:
    places, origin = build(SMALL).places, loaded_at_origin(calm)
    rows = np.flatnonzero(places.tier == TOWNSHIP)
    trips = {int(t["trip"]): t for t in calm.all("trips")}
    events: dict[int, list[tuple[int, int]]] = defaultdict(list)
    stays: Counter[int] = Counter()
    for s in calm.all("stops"):
        events[int(s["place"])].append((int(s["arrive"]), int(s["unloaded"])))
        assert s["refused"] == 0
    for t in trips.values():
        if t["leg"] == ROUND and t["status"] != TRIP_CANCELLED:
            events[int(t["from_place"])].append((int(t["depart"]), -origin[int(t["trip"])]))
    for p in calm.all("parcels"):
        if p["outcome"] != COLLECTED:
            assert p["outcome"] in (LOST, REFUSED_OUT, REJECTED)
            continue
        township, taken_there = int(rows[p["township"]]), p["kind"] == AT_TOWNSHIP
        stays[township] += int(p["finished"] if taken_there else p["township_out"]) - int(p["township_in"])
        last = township if taken_there else int(p["place"])
        events[last].append((int(p["finished"]), -1))
        if not taken_there:
            stays[last] += int(p["finished"]) - int(p["village_in"])
    visited = {place for place, steps in events.items() if any(change for _, change in steps)}
    assert visited == set(stays)
    assert len(visited) > 15
    for place in visited:
        assert area(events[place]) == stays[place]


def test_every_order_is_recorded_once_with_one_outcome(strained: tuple[Run, Kept]) -> None:
    _, kept = strained
    rows = kept.all("parcels")
    assert len(np.unique(rows["key"])) == len(rows)
    down = rows[rows["direction"] == DOWN]
    assert len(down) == sum(day.created for day in kept.days)
    found = Counter(rows["outcome"].tolist())
    assert all(found[outcome] > 0 for outcome in (COLLECTED, RETURNED, BACK_AT_SENDER, LOST)), "the run was meant to be hard"
    assert set(down["outcome"].tolist()) <= {COLLECTED, RETURNED, REFUSED_OUT, REJECTED, LOST, IN_TRANSIT}
    assert set(rows["outcome"][rows["direction"] == BACK].tolist()) <= {BACK_AT_SENDER, IN_TRANSIT}
    over = rows["outcome"] != IN_TRANSIT
    assert (rows["finished"][over] != NEVER).all()
    assert (rows["finished"][~over] == NEVER).all()


def test_every_returned_parcel_has_one_return_born_where_and_when_it_ended(strained: tuple[Run, Kept]) -> None:
    rows = strained[1].all("parcels")
    parents = {int(p["key"]): p for p in rows if p["outcome"] == RETURNED}
    returns = {int(p["key"]): p for p in rows if p["direction"] == BACK}
    assert {child_key(key) for key in parents} == set(returns)
    for child in returns.values():
        parent = parents[int(child["parent"])]
        assert child["created"] == child["ready"] == parent["finished"]
        assert all(child[name] == parent[name] for name in ("place", "household", "operator", "last_mile", "weight_g", "volume_ml"))


def test_the_stamps_of_a_parcel_follow_its_way_so_that_it_is_in_one_place_at_a_time(strained: tuple[Run, Kept]) -> None:
    for p in strained[1].all("parcels"):
        way = WAY_DOWN if p["direction"] == DOWN else WAY_BACK
        stamps = [int(p[name]) for name in way if p[name] != NEVER]
        assert stamps == sorted(stamps), {name: int(p[name]) for name in way}
        reached = [name for name in way if p[name] != NEVER]
        for later, earlier in (
            ("sorted", "county_in"),
            ("county_out", "sorted"),
            ("township_in", "county_out"),
            ("village_in", "township_out"),
        ):
            if p["direction"] == DOWN and later in reached:
                assert earlier in reached, reached


def test_a_parcel_leaves_and_arrives_with_the_trip_it_rode(strained: tuple[Run, Kept]) -> None:
    _, kept = strained
    trips = {int(t["trip"]): t for t in kept.all("trips")}
    arrivals = {(int(s["trip"]), int(s["arrive"])) for s in kept.all("stops")}
    rode = 0
    for p in kept.all("parcels"):
        if p["direction"] != DOWN:
            continue
        for trip, out, came, leg in (
            (p["line_trip"], "county_out", "township_in", LINE),
            (p["round_trip"], "township_out", "village_in", ROUND),
        ):
            if trip < 0 or p[came] == NEVER or int(trip) not in trips:
                continue
            t = trips[int(trip)]
            assert t["leg"] == leg
            at_origin = p[out] == t["depart"]
            assert at_origin or (int(trip), int(p[out])) in arrivals
            assert (int(trip), int(p[came])) in arrivals
            rode += 1
    assert rode > 3_000


def test_the_flow_counts_as_open_what_has_come_and_has_not_ended(strained: tuple[Run, Kept]) -> None:
    _, kept = strained
    rows = kept.all("parcels")
    down = rows[rows["direction"] == DOWN]
    assert max(day.open for day in kept.days) > 50
    for day in kept.days[:-1]:
        midnight = (day.day + 1) * DAY
        ended = (down["finished"] < midnight) & (down["finished"] != NEVER)
        sorting = (down["outcome"] == LOST) & (down["finished"] >= midnight) & (down["finished"] < midnight + SECOND * 60)
        here = int(((down["created"] < midnight) & ~ended).sum())
        assert here - int(sorting.sum()) <= day.open <= here


def test_no_vehicle_carries_more_than_its_volume_and_weight(strained: tuple[Run, Kept]) -> None:
    made, _ = strained
    trips, stops = made.table("trips"), made.table("stops")
    assert (trips["load_kg"] <= trips["capacity_kg"]).all()
    assert (trips["load_l"] <= trips["capacity_l"]).all()
    aboard = stops.merge(trips, on="trip", how="left")
    assert (aboard["aboard_kg"] <= aboard["capacity_kg"]).all()
    assert (aboard["aboard_l"] <= aboard["capacity_l"]).all()
    nearly = trips["load_l"] > 0.9 * trips["capacity_l"]
    assert nearly.any(), "some van was meant to be full"


def test_what_moves_to_another_site_goes_in_as_many_vans_as_it_fills() -> None:
    pool = {"kind": "joint_distribution", "id": "pool", "pool": {"sorting": ["sites"], "delivery": ["sites"]}, "until": "2021-03-08"}
    much = STRAINED | {"demand": {"village_orders_per_person_year": 60}}
    trips = watched(scenario(levers=[pool], **much), settled=False)[0].table("trips")
    moved = trips[trips["leg"] == "transfer"]
    assert (moved["load_kg"] <= moved["capacity_kg"]).all()
    assert (moved["load_l"] <= moved["capacity_l"]).all()
    assert (moved["load_l"] > 0.9 * moved["capacity_l"]).any(), "some van was meant to be full"


@pytest.mark.parametrize("who", ["vehicle", "driver"])
def test_a_vehicle_and_a_driver_are_on_one_trip_at_a_time(strained: tuple[Run, Kept], who: str) -> None:
    trips = strained[0].table("trips")
    trips = trips[(trips["status"] != "cancelled") & trips[who].notna()].sort_values(["load_s", "free_s"])
    assert trips[who].value_counts().max() > 5
    for _, own in trips.groupby(who):
        assert (own["load_s"].to_numpy()[1:] >= own["free_s"].to_numpy()[:-1]).all()


def test_no_shelf_holds_more_than_its_space(strained: tuple[Run, Kept]) -> None:
    _, kept = strained
    plan, rows = kept.plans[0][1], kept.all("parcels")
    taken_away = {int(p["parent"]): int(p["village_out"]) for p in rows if p["direction"] == BACK}
    steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for p in rows:
        if p["direction"] != DOWN or p["village_in"] == NEVER or p["ready"] == NEVER:
            continue
        leaves = taken_away[int(p["key"])] if p["outcome"] == RETURNED else int(p["finished"])
        steps[int(p["place"])].append((int(p["ready"]), int(p["volume_ml"])))
        if leaves != NEVER:
            steps[int(p["place"])].append((leaves, -int(p["volume_ml"])))
    fullest = 0.0
    for place, changes in steps.items():
        capacity = int(plan.stores.capacity_ml[3 * place] + plan.stores.capacity_ml[3 * place + 2])
        if plan.stores.capacity_ml[3 * place] < 0 or not plan.cascade[place].any() or 4 in plan.cascade[place]:
            continue
        used = 0
        for _, group in groupby(sorted(changes), key=lambda change: change[0]):
            # Vans of several operators stop at one instant, and each unloads before it loads: what counts is what the instant leaves.
            used += sum(volume for _, volume in group)
            assert 0 <= used <= capacity
            fullest = max(fullest, used / capacity)
    assert fullest > 0.8, "some shelf was meant to be full"


def test_full_tables_hold_every_parcel_to_the_second(strained: tuple[Run, Kept]) -> None:
    made, kept = strained
    rows = kept.all("parcels")
    table = made.table("parcels").set_index("parcel")
    assert len(table) == len(rows)
    table = table.loc[rows["key"]]
    for name in STAMPS:
        raw, written = rows[name], table[f"{name}_s"]
        assert (written.isna().to_numpy() == (raw == NEVER)).all()
        known = raw != NEVER
        assert (written[known].to_numpy(np.int64) == raw[known] // SECOND).all()
