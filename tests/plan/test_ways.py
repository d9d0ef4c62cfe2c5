"""Every parcel has a way, whoever pools what with whom."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.plan.make import make_plan
from sim.plan.plan import LINE, ROUND, Plan
from sim.units import DAY
from sim.world.world import TO_VILLAGE, TOWN, VILLAGE, World

from .counties import CELLS, START, alliance, county, pooled

some_cells = st.lists(st.sampled_from(CELLS), max_size=8, unique=True).map(tuple)
some_members = st.lists(st.integers(0, 5), min_size=2, max_size=6, unique=True).map(tuple)
few = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


def lists_of(plan: Plan) -> dict[int, int]:
    """Return the route that loads each waiting list."""
    owner = dict(enumerate(range(len(plan.routes.leg))))
    owner |= {w: r for w, r in zip(plan.stops.wait.tolist(), plan.stops.route.tolist(), strict=True) if w >= 0}
    return owner


def all_ways_hold(world: World, plan: Plan) -> None:
    look, stops, places = plan.lookup, plan.stops, world.places
    route_of, nowhere = lists_of(plan), len(plan.routes.leg) + len(stops.place)
    town_row = np.flatnonzero(places.tier == 1)
    for o in range(plan.operators):
        assert route_of[int(look.out_wait[o])] is not None
        if look.dock_wait[o] >= 0:
            assert stops.queue[look.dock_stop[o]] == look.sort_queue[o]
            assert route_of[int(look.dock_wait[o])] == stops.route[look.dock_stop[o]]
        for t in range(plan.townships):
            stop = int(look.line_stop[o, t])
            if stop >= 0:
                assert plan.routes.leg[stops.route[stop]] == LINE
                assert stops.place[stop] == town_row[t]
                assert stops.queue[stop] == look.handle_queue[o, t]
                assert route_of[int(look.line_wait[o, t])] == stops.route[stop]
                assert look.back_line_wait[o, t] == stops.wait[stop] >= 0
                assert plan.queues.stations[look.handle_queue[o, t]] > 0
            else:
                assert look.line_wait[o, t] == look.back_line_wait[o, t] == nowhere
        for p in np.flatnonzero((places.tier == VILLAGE) | (places.tier == TOWN)).tolist():
            stop = int(look.round_stop[o, p])
            if look.mode[o, p] == TO_VILLAGE:
                assert stop >= 0
            if stop >= 0:
                assert plan.routes.leg[stops.route[stop]] == ROUND
                assert stops.place[stop] == p
                assert stops.queue[stop] == -1
                assert route_of[int(look.round_wait[o, p])] == stops.route[stop]
                assert plan.routes.origin[stops.route[stop]] == places.parent[p]
            else:
                assert look.round_wait[o, p] == nowhere


def timetable_holds(plan: Plan) -> None:
    trips, times = plan.trips, plan.times
    assert len(set(trips.key)) == len(trips.key)
    assert list(zip(trips.departs_us.tolist(), trips.key, strict=True)) == sorted(zip(trips.departs_us.tolist(), trips.key, strict=True))
    assert (trips.departs_us - times.window_us >= times.plan_us).all()
    assert (trips.departs_us <= times.plan_us + DAY).all()
    assert set(trips.route.tolist()) == set(range(len(plan.routes.leg)))
    assert set(trips.vehicle.tolist()) == set(range(len(plan.vehicle_key)))
    assert set(trips.driver.tolist()) == set(range(len(plan.driver_key)))
    assert len(set(plan.vehicle_key)) == len(plan.vehicle_key)
    assert len(set(plan.driver_key)) == len(plan.driver_key)
    at_once: dict[tuple[int, int, int], int] = defaultdict(int)
    for i in range(len(trips.key)):
        for weekday in range(7):
            if trips.days[i] >> weekday & 1:
                at_once[int(trips.vehicle[i]), int(trips.departs_us[i]), weekday] += 1
    assert max(at_once.values()) == 1


@few
@given(some_cells, some_members)
def test_every_parcel_has_a_way_whatever_is_pooled(cells: tuple[tuple[str, str], ...], rows: tuple[int, ...]) -> None:
    world = county()
    plan = make_plan(world, pooled(cells, rows), 0, START)
    all_ways_hold(world, plan)
    timetable_holds(plan)


@few
@given(some_cells)
def test_every_parcel_has_a_way_in_the_alliance_that_the_lever_makes(cells: tuple[tuple[str, str], ...]) -> None:
    world, rules = alliance(cells, county())
    plan = make_plan(world, rules, 0, START)
    all_ways_hold(world, plan)
    timetable_holds(plan)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_every_parcel_has_a_way_when_nobody_pools(name: str) -> None:
    world = county(name)
    plan = make_plan(world, pooled(()), 0, START)
    all_ways_hold(world, plan)
    timetable_holds(plan)


@pytest.mark.parametrize("name", ["621225_xihe", "540627_baingoin"])
@pytest.mark.parametrize("cells", [(), CELLS], ids=["separate", "pooled"])
def test_every_parcel_of_a_real_county_has_a_way(name: str, cells: tuple[tuple[str, str], ...]) -> None:
    world, rules = alliance(cells, county(f"../../scenarios/counties/{name}"))
    plan = make_plan(world, rules, 0, START)
    all_ways_hold(world, plan)
    timetable_holds(plan)


def test_pooled_deliveries_go_to_every_village_for_every_member() -> None:
    world, rules = alliance((("delivery", "vehicles"),), county())
    plan = make_plan(world, rules, 0, START)
    village = world.places.tier == VILLAGE
    assert (plan.lookup.mode[:, village] == TO_VILLAGE).all()
    assert (plan.lookup.round_stop[:, village] == plan.lookup.round_stop[:1, village]).all()
