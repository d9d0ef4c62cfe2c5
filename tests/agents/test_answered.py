"""Operators plan for what households order, not for what they ordered in the county as found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.agents.answered import DEVIATIONS, STEP, Counted, answer_to, corrected
from sim.agents.response import demand_factor
from sim.plan.forecast import forecast, ordered_as_found
from sim.plan.make import Planner
from sim.run import Versions, run
from sim.schema.parameters import Parameters
from sim.world.build import build
from sim.world.world import VILLAGE, World
from tests.run.small import POOL_ALL, SMALL, digests, scenario

P = Parameters()


@pytest.fixture(scope="module")
def world() -> World:
    return build(SMALL, P)


def settled(**asked: Any) -> tuple[Versions, Any]:
    chosen = scenario(**asked)
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)
    return versions, versions.settled_state()


def test_a_forecast_is_what_the_county_as_found_orders_times_the_answer(world: World) -> None:
    plain = forecast(world, P, 1.0, 1.0)
    assert plain.ordered.sum() == pytest.approx(ordered_as_found(world, P.demand).sum(), rel=1e-4)
    answer = np.linspace(0.5, 1.5, world.places.n)
    other = forecast(replace(world, answer=answer), P, 1.0, 1.0)
    assert other.ordered == pytest.approx(plain.ordered * answer[None, :], abs=2e-6)
    assert (other.floor > 0).all()


def test_a_settled_pool_is_planned_for_what_households_then_order() -> None:
    versions, state = settled(levers=[POOL_ALL])
    d = versions.scenario.parameters.decisions
    assert state.calm
    assert state.world.answer is not None
    assert np.abs(state.world.answer - demand_factor(state.cost, state.reference, d)).max() <= STEP + 1e-9
    village = state.world.places.tier == VILLAGE
    assert state.world.answer[village].mean() > 1.03
    rules = versions.of(0)[1]
    blind = Planner(versions.scenario.start)(replace(state.world, answer=None), rules, 0)
    plan = versions.planner(state.world, rules, 0)
    assert plan is not blind
    assert (
        forecast(state.world, rules.parameters, 1.0, 1.0).ordered.sum() > forecast(state.levers, rules.parameters, 1.0, 1.0).ordered.sum()
    )


def test_a_run_of_the_settled_pool_brings_what_was_expected() -> None:
    made = run(scenario(days=60, levers=[POOL_ALL]))
    _, state = settled(levers=[POOL_ALL])
    village = state.world.places.tier == VILLAGE
    share = forecast(state.world, P, 1.0, 1.0).ordered[:, village].sum() / forecast(state.levers, P, 1.0, 1.0).ordered[:, village].sum()
    blind = run(scenario(days=60, levers=[POOL_ALL], decisions={"shoppers": False}))
    came = made.metric("parcels_down", group="tier")["village"] / blind.metric("parcels_down", group="tier")["village"]
    assert came == pytest.approx(share, abs=0.02)
    assert made.manifest["agents"]["expected_orders"] > 1.01


def test_an_expectation_stays_until_it_is_off_by_more_than_a_step() -> None:
    before, reference = np.array([1.0, 1.0, 1.1]), np.full(3, 5.0)
    cost = np.array([5.2, 3.0, 1.9])
    after = answer_to(before, cost, reference, P.decisions)
    factor = demand_factor(cost, reference, P.decisions)
    assert after[0] == 1.0
    assert after[1] == pytest.approx(round(factor[1], 2))
    assert after[2] == 1.1


def counted(world: World, times: float, days: int = 30) -> Counted:
    """Return a count of days on which so many times as much was ordered as the county as found would have ordered."""
    out = Counted(world, P.demand)
    orders = np.repeat(np.arange(world.places.n), np.rint(out.mean_day * times).astype(int))
    for _ in range(days + 1):
        out.add(orders, 1.0)
    return out


def test_what_was_ordered_today_counts_from_tomorrow_on(world: World) -> None:
    one = counted(world, 1.0, days=0)
    assert one.ordered.sum() == 0
    assert one.as_found.sum() == 0
    two = counted(world, 1.0, days=2)
    assert two.as_found == pytest.approx(2 * two.mean_day)
    two.begin()
    assert two.ordered.sum() == 0


def test_operators_correct_what_was_off_by_more_than_the_threshold_and_more_than_luck(world: World) -> None:
    as_found = np.ones(world.places.n)
    many = replace(world, households=replace(world.households, weight=world.households.weight * 100))
    for times, moved in ((1.02, False), (1.3, True), (0.8, True)):
        answer, made = corrected(many, as_found, counted(many, times), 0.05)
        assert bool(made) == moved
        inside = many.places.township >= 0
        if moved:
            assert answer[inside & (many.places.tier == VILLAGE)] == pytest.approx(times, abs=0.02)
            assert {m.village for m in made} == {True, False}
            assert all(m.was == pytest.approx(1.0) and m.now == pytest.approx(times, abs=0.02) for m in made)
            again, more = corrected(many, answer, counted(many, times), 0.05)
            assert not more
            assert again is not answer
            assert (again == answer).all()


def test_a_few_orders_more_are_luck(world: World) -> None:
    one = int(np.flatnonzero((world.places.tier == VILLAGE) & (world.places.township == 0))[0])
    for expected, moved in ((9, False), (900, True)):
        assert (DEVIATIONS / np.sqrt(expected) < 1.0) == moved
        few = Counted(world, P.demand)
        few.as_found[one], few.ordered[one] = expected, 2 * expected
        assert bool(corrected(world, np.ones(world.places.n), few, 0.05)[1]) == moved


def test_after_a_lever_comes_operators_correct_their_forecast_and_plan_otherwise() -> None:
    lever = {**POOL_ALL, "from": "2021-03-08"}
    eager = {"decisions": {"review_every_days": 14, "memory": 0.9, "sensitivity": 0.06}, "demand": {"village_orders_per_person_year": 40}}
    made = run(scenario(days=60, levers=[lever], **eager), settled=False)
    table = made.table("decisions")
    own = table[table.decision.str.startswith("forecast:")]
    assert len(own) > 0
    assert (own.day > 7).all()
    assert set(own.reason) == {"villages_order_otherwise"}
    assert (own["to"].astype(float) > own["from"].astype(float)).mean() > 0.5
    never = run(scenario(days=60, levers=[lever], timetable={"correct_above": 10.0}, **eager), settled=False)
    assert not never.table("decisions").decision.str.startswith("forecast:").any()
    assert digests(made)["trips"] != digests(never)["trips"]


def test_a_settled_baseline_on_which_nobody_answers_expects_what_was_found() -> None:
    _, state = settled(decisions={"shoppers": False})
    assert state.world.answer is None
    made = run(scenario(days=40, decisions={"shoppers": False}))
    assert not made.table("decisions").decision.str.startswith("forecast:").any()
    assert made.manifest["agents"]["expected_orders"] == 1.0
