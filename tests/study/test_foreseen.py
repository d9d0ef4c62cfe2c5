"""What a settled state is expected to bring is what runs find, and a study can ask it over its assumptions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim.plan.make import Planner
from sim.run import run
from sim.scenario.model import Assumptions
from sim.scenario.study import study_of
from sim.study.compare import compare
from sim.study.foreseen import expected_metrics
from sim.study.hypercube import point_tasks
from sim.study.task import done_before, work
from sim.world.build import build
from tests.run.small import POOL_ALL, STILL, scenario

MANY = {"demand": {"village_orders_per_person_year": 30}}
PAYS = {"kind": "per_parcel_subsidy", "id": "pay", "rate": 0.5, "programme": "p"}
MONEY = {"p": {"budget": {"county": 1_000_000}}}
CLOSE = {
    "cost_per_parcel_yuan": 0.03,
    "resource_cost_yuan": 0.03,
    "parcels_down": 0.03,
    "village_coverage": 0.03,
    "vehicle_km": 0.03,
    "co2_kg_per_parcel": 0.03,
    "stations_share": 1e-9,
    "carrier_profit_yuan": 0.04,
    "public_spending_yuan": 0.05,
}


def expected(chosen) -> dict[str, float]:  # type: ignore[no-untyped-def]
    world = build(chosen.county_folder, chosen.parameters, chosen.operators)
    return {row[0]: row[5] for row in expected_metrics(chosen, world, Planner(chosen.start)).rows}


@pytest.mark.parametrize("levers", [[], [POOL_ALL], [PAYS]], ids=["baseline", "pooled", "subsidy"])
def test_what_is_expected_is_what_a_run_finds(levers: list) -> None:  # type: ignore[type-arg]
    chosen = scenario(days=56, warm_up=14, levers=levers, programmes=MONEY if levers == [PAYS] else None, **MANY)
    told, made = expected(chosen), run(chosen)
    for metric, share in CLOSE.items():
        assert told[metric] == pytest.approx(made.metric(metric), rel=share), metric
    assert told["surcharged_share"] == pytest.approx(made.metric("surcharged_share"), abs=0.01)


def test_a_programme_is_not_expected_to_pay_more_than_its_budget() -> None:
    chosen = scenario(days=56, levers=[{**PAYS, "rate": 5}], programmes={"p": {"budget": {"county": 100}}}, **MANY)
    assert expected(chosen)["public_spending_yuan"] == pytest.approx(100)


def test_a_study_by_plan_has_ranges_that_answer_to_the_assumptions_and_runs_none_of_their_points(tmp_path: Path) -> None:
    asked = [scenario(days=10, warm_up=3, **STILL), scenario("pooled", levers=[POOL_ALL], days=10, warm_up=3, **STILL)]
    outcomes = ("cost_per_parcel_yuan", "vehicle_km", "delivery_hours_mean")
    design = study_of(asked, replications=2, outcomes=outcomes)
    design = design.model_copy(update={"assumptions": Assumptions(by="plans", samples=5, ends=1, route_iterations=2)})
    study = compare(design, workers=1, out=tmp_path / "study")
    d = study.differences().query("group == ''").set_index("metric")
    cost = d.loc["cost_per_parcel_yuan"]
    assert cost.parameter_low < cost.parameter_high < 0
    assert d.loc["delivery_hours_mean", ["parameter_low", "parameter_high"]].isna().all()
    assert study.record["assumptions"]["by"] == "plans"
    said = study.record["assumptions"]["said"]
    assert "settled state" in said[0]["en"]
    assert "稳态" in said[0]["zh"]
    assert len(study.record["assumptions"]["alone"]) == 1
    folders = sorted((tmp_path / "study" / "assumptions").iterdir())
    assert len(folders) == 5 + 1 + 2
    assert not list((tmp_path / "study" / "assumptions").rglob("parcels.parquet"))
    again = compare(design, workers=1, out=tmp_path / "study")
    assert again.reused == 4 + 2 * len(folders)


def test_a_point_by_plan_and_one_by_runs_are_not_taken_for_one_another(tmp_path: Path) -> None:
    design = study_of([scenario(days=5, **STILL), scenario("pooled", levers=[POOL_ALL], days=5, **STILL)], outcomes=("vehicle_km",))
    design = design.model_copy(update={"assumptions": Assumptions(by="plans", samples=4, ends=0)})
    task = point_tasks(design, {"0": {}}, 1, tmp_path)[0]
    assert task.planned
    work(task)
    assert done_before(task) is not None
    assert done_before(replace(task, planned=False)) is None
    assert set(pd.read_parquet(task.folder / "metrics.parquet")["period"]) == {"all"}
