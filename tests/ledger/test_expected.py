"""What a plan is expected to cost is what a run of it costs, apart from luck."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from sim.ledger.expected import COST_LEGS, Expected, expected_cost
from sim.ledger.planned import planned_week
from sim.plan.forecast import forecast
from sim.run import Versions, run
from sim.world.build import build
from tests.run.small import POOL_ALL, STILL, scenario


def _expected(chosen: Any) -> Expected:
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)
    world, rules = versions.of(0)
    return expected_cost(world, rules, versions.planner(world, rules, 0), chosen.start)


@pytest.mark.parametrize("levers", [[], [POOL_ALL]], ids=["alone", "pooled"])
def test_a_plan_is_expected_to_cost_what_a_run_of_it_costs(levers: list[dict[str, Any]]) -> None:
    chosen = scenario(days=28, levers=levers, **STILL)
    expected, money = _expected(chosen), run(chosen).table("money")
    money = money[money.day.between(0, chosen.days - 1) & (money.payee != "penalties")]
    ran = money.groupby(["nature", "category"]).amount_fen.sum() / 100 / chosen.days
    told: dict[tuple[str, str], float] = {}
    for key, yuan in zip(expected.keys, expected.yuan.tolist(), strict=True):
        if key.payee != "penalties":
            told[key.nature, key.category] = told.get((key.nature, key.category), 0.0) + yuan
    assert ran.drop([("resource", "overtime"), ("transfer", "settlement")], errors="ignore").to_dict() == pytest.approx(
        told, rel=0.08, abs=0.5
    )
    assert expected.resource == pytest.approx(float(ran["resource"].sum()), rel=0.005)


def test_the_operators_and_the_other_actors_bear_the_whole_resource_cost() -> None:
    expected = _expected(scenario(levers=[POOL_ALL]))
    assert expected.by_operator.shape == (6, len(COST_LEGS))
    others = sum(yuan for actor, yuan in expected.by_actor.items() if actor.startswith("host:"))
    assert expected.by_operator.sum() + others == pytest.approx(expected.resource)


def test_planned_trips_take_the_plans_own_way_and_each_day_of_the_week() -> None:
    chosen = scenario()
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)
    world, rules = versions.of(0)
    plan = versions.planner(world, rules, 0)
    week = planned_week(world, plan, forecast(world, rules.parameters, 1.0, 1.0))
    assert len(week) == sum(int(days).bit_count() for days in plan.trips.days.tolist())
    first = week[week["day"] == 0][0]
    stops = plan.stops.place[plan.stops.route == plan.trips.route[plan.trips.days & 1 > 0][0]].tolist()
    way = [int(first["from_place"]), *stops, int(first["from_place"])]
    assert first["metres"] == sum(int(world.places.metres[a, b]) for a, b in pairwise(way))
