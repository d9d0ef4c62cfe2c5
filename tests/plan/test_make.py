"""The plan is a pure function of rounded inputs."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sim.errors import SimError
from sim.plan import routes
from sim.plan.forecast import GRID, period_factors, step_up
from sim.plan.make import Planner, make_plan
from sim.schema.parameters import Parameters
from sim.world.world import TO_TOWNSHIP, TO_VILLAGE

from .counties import CELLS, START, county, digest, pooled


def test_equal_inputs_give_an_equal_plan() -> None:
    first, second = (make_plan(county(), pooled(CELLS), 3, START) for _ in range(2))
    assert digest(first) == digest(second)
    assert digest(pickle.loads(pickle.dumps(first))) == digest(first)


def test_names_of_operators_and_places_do_not_enter_the_network() -> None:
    world = county()
    renamed = replace(world, operators=replace(world.operators, name_en=("x",) * world.operators.n))
    assert digest(make_plan(world, pooled(()), 0, START)) == digest(make_plan(renamed, pooled(()), 0, START))


def test_a_planner_returns_the_same_object_until_a_rounded_input_changes() -> None:
    planner, rules = Planner(START), pooled(())
    plans = [planner(county(), rules, day) for day in range(30)]
    assert len({id(plan) for plan in plans}) == 1
    assert planner(county(), pooled(()), 29) is plans[0]
    assert planner(county(), pooled((("transport", "vehicles"),)), 29) is not plans[0]


def test_a_plan_is_the_same_whatever_its_planner_planned_before() -> None:
    short = Parameters.model_validate({"fleet": {"tour_hours_max": 1.0}})
    world = county("small")
    far = replace(world, places=replace(world.places, travel_us=3 * world.places.travel_us))
    mode = world.operators.mode.copy()
    mode[0, mode[0] == TO_VILLAGE] = TO_TOWNSHIP
    fewer = replace(world, operators=replace(world.operators, mode=mode))
    planner = Planner(START)
    for rules in (pooled(()), pooled((), parameters=short), pooled(CELLS), pooled(())):
        for own in (world, far, fewer, world):
            assert digest(planner(own, rules, 0)) == digest(make_plan(own, rules, 0, START))


def test_a_year_has_few_plans() -> None:
    planner, rules = Planner(date(2021, 1, 1)), pooled(())
    plans = {id(planner(county(), rules, day)) for day in range(-15, 365)}
    assert 2 <= len(plans) <= 6


def test_the_plan_of_a_day_is_that_of_its_period() -> None:
    rules = pooled(())
    assert digest(make_plan(county(), rules, 30, START)) == digest(make_plan(county(), rules, 59, START))
    assert period_factors(30, START, Parameters()) == period_factors(59, START, Parameters())


def test_planned_season_is_on_the_grid_and_not_below_the_mean() -> None:
    for factor in (0.2, 0.7, 1.0, 1.05, 1.06, 1.6):
        assert factor <= step_up(factor) < factor * GRID + 1e-6
    assert step_up(1.0) == step_up(1.04) == 1.05


def test_a_departure_that_loads_before_the_plan_is_refused() -> None:
    parameters = Parameters.model_validate({"timetable": {"line_departs": "03:10"}})
    with pytest.raises(SimError, match="line_departs"):
        make_plan(county(), pooled((), parameters=parameters), 0, START)


def test_times_before_the_plan_time_belong_to_the_plan_day_s_end() -> None:
    parameters = Parameters.model_validate({"centre": {"first_trunk": "01:00", "second_trunk": "09:00"}})
    plan = make_plan(county("small", parameters), pooled((), parameters=parameters), 0, START)
    assert (plan.wave_us[:, 0] < plan.wave_us[:, 1]).all()
    assert (plan.wave_us > plan.times.plan_us).all()


def test_a_town_that_fills_many_vans_gets_trips_over_the_day() -> None:
    parameters = Parameters.model_validate({"demand": {"town_orders_per_person_year": 300, "regional_factor": 3}})
    plan = make_plan(county("small", parameters), pooled(CELLS, parameters=parameters), 0, START)
    trips = [int((plan.trips.route == r).sum()) for r in range(len(plan.routes.leg)) if plan.routes.leg[r] == 2]
    assert max(trips) > 2


def test_without_the_post_nothing_is_handed_over() -> None:
    world = county()
    operators = world.operators
    kind = tuple("express" for _ in operators.kind)
    plan = make_plan(replace(world, operators=replace(operators, kind=kind)), pooled(()), 0, START)
    assert plan.post == -1


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUANTONG_CACHE", str(tmp_path))
    monkeypatch.setattr(routes, "_known", {})
    return tmp_path


def test_a_plan_from_the_cache_equals_a_new_one(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = digest(make_plan(county(), pooled(()), 0, START))
    files = sorted(cold.iterdir())
    assert files
    assert all(file.suffix == ".json" and not file.name.startswith(".") for file in files)
    monkeypatch.setattr(routes, "_known", {})
    monkeypatch.setattr(routes, "_search", lambda *_: pytest.fail("solved again"))
    assert digest(make_plan(county(), pooled(()), 0, START)) == new


@pytest.mark.parametrize("rubbish", ["", "{", "[[0]]", '[["a"]]', "7", "[[0, 0]]"])
def test_a_broken_cache_file_is_solved_again(cold: Path, monkeypatch: pytest.MonkeyPatch, rubbish: str) -> None:
    new = digest(make_plan(county("tiny"), pooled(()), 0, START))
    for file in cold.iterdir():
        file.write_text(rubbish)
    monkeypatch.setattr(routes, "_known", {})
    assert digest(make_plan(county("tiny"), pooled(()), 0, START)) == new


def test_a_cache_that_cannot_be_written_changes_nothing(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = digest(make_plan(county("tiny"), pooled(()), 0, START))
    blocked = cold / "file"
    blocked.write_text("")
    monkeypatch.setenv("GUANTONG_CACHE", str(blocked / "inside"))
    monkeypatch.setattr(routes, "_known", {})
    assert digest(make_plan(county("tiny"), pooled(()), 0, START)) == new
