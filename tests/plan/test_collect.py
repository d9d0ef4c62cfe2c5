"""Afternoon collection: where enough is expected, rounds and lines bring it to a trunk that waits for them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sim.plan.collect import planned_on
from sim.plan.make import Planner, make_plan
from sim.plan.network import PICK_UP
from sim.plan.plan import LINE, ROUND, Plan
from sim.rules import separate
from sim.schema.parameters import Parameters
from sim.units import HOUR, MINUTE
from sim.world.collection import Collection
from sim.world.world import TO_VILLAGE, VILLAGE, World

from .counties import START, county, digest, pooled
from .test_ways import all_ways_hold, timetable_holds


def sending(world: World, each: float = 40.0, counter: float = 40.0) -> World:
    """Return the world in which so many parcels wait in each place that an operator's van comes to, and at each counter."""
    coming = (world.operators.mode == TO_VILLAGE) & (world.places.tier == VILLAGE)[None, :]
    place = np.where(coming, each, 0.0)
    counters = np.full((world.operators.n, world.places.n_townships), counter)
    return replace(world, collection=Collection(place, counters, 2700.0, 10000.0))


def plan_of(world: World, **collecting: float | str) -> Plan:
    produce = Parameters().produce
    parameters = Parameters().model_copy(
        update={"produce": produce.model_copy(update={"collecting": produce.collecting.model_copy(update=collecting)})}
    )
    return make_plan(world, separate(parameters, world.operators.n), 0, START)


def collects(plan: Plan) -> list[int]:
    """Return the routes on which something is picked up and nobody gets off."""
    stops = plan.stops
    return [r for r in range(len(plan.routes.leg)) if (own := stops.queue[stops.route == r]).size and (own == PICK_UP).all()]


@pytest.fixture(scope="module")
def world() -> World:
    return sending(county())


def test_nothing_is_collected_where_nothing_is_expected_or_the_rule_says_never(world: World) -> None:
    plain = digest(plan_of(county()))
    assert digest(plan_of(sending(county(), 0.0, 0.0))) == plain
    assert digest(plan_of(world, rule="never")) == plain
    assert digest(plan_of(world, township_parcels=1e5)) == plain
    assert digest(plan_of(world)) != plain


def test_collection_adds_routes_that_load_the_lists_of_delivery_and_leaves_the_others_as_they_are(world: World) -> None:
    plan, before = plan_of(world), plan_of(county())
    own, stops = collects(plan), plan.stops
    legs = [int(plan.routes.leg[r]) for r in own]
    assert LINE in legs
    assert ROUND in legs
    assert len(plan.routes.leg) == len(before.routes.leg) + len(own)
    delivered = {int(w) for w in stops.wait[~np.isin(stops.route, own)] if w >= 0}
    assert set(stops.wait[np.isin(stops.route, own)].tolist()) <= delivered
    kept = [i for i, r in enumerate(plan.trips.route.tolist()) if r not in own]
    assert {plan.trips.key[i] for i in kept} == set(before.trips.key)
    all_ways_hold(world, plan)
    timetable_holds(plan)


def test_trunks_leave_when_the_last_line_is_home_and_sorted_but_wait_no_longer_than_allowed(world: World) -> None:
    for later in (0.0, 2.0, 4.0):
        plan, before = plan_of(world, trunk_later_hours=later), plan_of(county())
        at = dict(zip(plan.trips.key, plan.trips.departs_us.tolist(), strict=True))
        was = dict(zip(before.trips.key, before.trips.departs_us.tolist(), strict=True))
        trunks = [key for key in at if key.startswith("trunk/")]
        assert all(was[key] <= at[key] <= was[key] + later * HOUR for key in trunks)
        lines = [i for i, r in enumerate(plan.trips.route.tolist()) if r in collects(plan) and plan.routes.leg[r] == LINE]
        assert lines
        if later:
            assert any(at[key] > was[key] for key in trunks)
            open_until = plan.queues.windows[plan.lookup.sort_queue].max(axis=(1, 2))
            loads = np.array([at[f"trunk/{key}/00"] for key in world.operators.key]) - plan.times.window_us
            assert (open_until >= loads - 30 * MINUTE).all()


def test_sorters_who_stay_for_the_collection_are_paid_for_it(world: World) -> None:
    def paid(plan: Plan) -> int:
        return sum(n * (closes - opens) for _, _, role, _, n, opens, closes, _ in plan.resources.people if role == "sorter")

    plan, before = plan_of(world), plan_of(county())
    assert paid(plan) > paid(before)
    widest = [int(x) for x in plan.queues.windows[plan.queues.stations > 0].max(axis=(1, 2))]
    assert max(widest) <= plan.times.plan_us + 24 * HOUR


def test_places_from_which_little_is_expected_are_left_to_the_delivery_round(world: World) -> None:
    few, many = (plan_of(sending(county(), each)) for each in (2.0, 40.0))
    rounds = [sum(int(p.routes.leg[r]) == ROUND for r in collects(p)) for p in (few, many)]
    assert rounds[0] == 0 < rounds[1]


def test_a_collection_round_takes_no_longer_than_its_limit_unless_it_has_a_place_of_its_own(world: World) -> None:
    longest = 1.0
    plan = plan_of(world, round_hours_max=longest)
    travel, stops = world.places.travel_us, plan.stops
    for r in collects(plan):
        if plan.routes.leg[r] == ROUND:
            way = [int(plan.routes.origin[r]), *dict.fromkeys(stops.place[stops.route == r].tolist()), int(plan.routes.origin[r])]
            assert sum(int(travel[a, b]) for a, b in pairwise(way)) <= longest * HOUR


POOLED = {"lines": (("transport", "vehicles"),), "rounds": (("delivery", "vehicles"), ("delivery", "sites"))}


@pytest.mark.parametrize("cells", POOLED.values(), ids=POOLED)
def test_collection_holds_under_pooling(world: World, cells: tuple[tuple[str, str], ...]) -> None:
    plan = make_plan(world, pooled(cells), 0, START)
    assert collects(plan)
    all_ways_hold(world, plan)
    timetable_holds(plan)


def test_what_nobody_collects_is_not_planned_on_and_makes_no_new_plan(world: World) -> None:
    rules, few = separate(Parameters(), world.operators.n), sending(county(), 0.5, 1.0)
    assert planned_on(few, rules).collection is None
    planner = Planner(START)
    assert planner(few, rules, 0) is planner(county(), rules, 0)
    assert planner(sending(county(), 1.0, 1.0), rules, 0) is planner(few, rules, 0)
    assert planner(world, rules, 0) is not planner(few, rules, 0)


def test_a_plan_is_the_same_on_what_is_planned_on_as_on_all_that_is_expected(world: World) -> None:
    assert world.collection is not None
    rules = separate(Parameters(), world.operators.n)
    place, counter = world.collection.place.copy(), world.collection.counter.copy()
    place[:, world.places.township == 0], counter[:, 0] = 0.5, 1.0
    mixed = replace(world, collection=replace(world.collection, place=place, counter=counter))
    seen = planned_on(mixed, rules)
    assert seen.collection is not None
    assert (seen.collection.counter[:, 0] == 0).all()
    assert seen.collection.counter.any()
    assert digest(make_plan(seen, rules, 0, START)) == digest(make_plan(mixed, rules, 0, START))
