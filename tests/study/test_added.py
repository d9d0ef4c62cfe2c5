"""What a subsidy buys beside the same scenario without it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.scenario.load import load
from sim.scenario.model import Scenario
from sim.scenario.study import load_study
from sim.study.added import AGAINST, added_rows, within
from sim.study.public import public_lines
from sim.study.task import Task
from sim.text import MetricText, Words

COUNTY = Path(__file__).parents[1] / "counties" / "small"
POOL = "  - kind: joint_distribution\n    pool: {transport: [vehicles, staff, operations]}\n"
PAID = "  - {kind: per_parcel_subsidy, rate: 1.0, programme: net}\n"
MONEY = "programmes: {net: {budget: {county: 1000}, per: year}}\n"


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Scenario]:
    texts = {
        "baseline": "",
        "pooled": f"levers:\n{POOL}",
        "paid": f"{MONEY}levers:\n{PAID}",
        "both": f"{MONEY}levers:\n{POOL}{PAID}",
        "other": f"{MONEY}parameters: {{money: {{dispatch_fee: 1.0}}}}\nlevers:\n{POOL}{PAID}",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(f"format: 1\nname: {name}\ncounty: {COUNTY}\nstart: 2021-01-01\ndays: 30\n{text}")
    return [load(tmp_path / f"{name}.yaml") for name in texts]


def test_only_further_levers_that_spend_public_money_make_a_pair(scenarios: list[Scenario]) -> None:
    assert within(scenarios) == [("pooled", "both")]


def test_the_shipped_study_holds_pooling_with_the_subsidy_beside_pooling_alone() -> None:
    assert within(load_study().scenarios) == [("pooled-to-village", "joint-and-subsidy")]


def metrics(scenarios: list[Scenario]) -> pd.DataFrame:
    values = {"baseline": (0.0, 0.2), "pooled": (0.0, 0.5), "paid": (40.0, 0.2), "both": (60.0, 0.7), "other": (60.0, 0.7)}
    rows = [
        (s.name, seed, "settled", metric, unit, "", "", "all", value * (1 + 0.01 * seed), 10, value, 1.0)
        for s in scenarios
        for seed in range(1, 6)
        for metric, unit, value in zip(("public_spending_yuan", "served_villages_share"), ("yuan", "share"), values[s.name], strict=True)
    ]
    columns = [
        "scenario",
        "seed",
        "window",
        "metric",
        "unit",
        "group",
        "value_of_group",
        "period",
        "value",
        "n",
        "numerator",
        "denominator",
    ]
    return pd.DataFrame(rows, columns=columns)


CATALOGUE = {
    "public_spending_yuan": MetricText(Words("支出", "Spending"), "yuan", "neutral"),
    "served_villages_share": MetricText(Words("通达", "Served"), "share", "higher"),
    "cost_per_new_village_yuan": MetricText(Words("每村", "Per village"), "yuan/village", "lower"),
    "leverage": MetricText(Words("带动", "Leverage"), "yuan/yuan", "neutral"),
}


def test_a_village_served_by_the_subsidy_costs_what_it_adds_beside_pooling(scenarios: list[Scenario], tmp_path: Path) -> None:
    tasks = [Task(s, seed, "settled", tmp_path / s.name / str(seed)) for s in scenarios for seed in range(1, 6)]
    table = added_rows(metrics(scenarios), tasks, scenarios, CATALOGUE).set_index("metric")
    assert set(table["group"]) == {AGAINST}
    assert set(zip(table["value_of_group"], table["alternative"], strict=True)) == {("pooled", "both")}
    assert table.loc["cost_per_new_village_yuan", "mean"] == pytest.approx(60.0 / (0.2 * 10))
    assert table.loc["served_villages_share", "mean"] == pytest.approx(0.2 * 1.03)


def test_the_brief_says_what_the_money_buys_beside_the_rest_of_its_levers(scenarios: list[Scenario], tmp_path: Path) -> None:
    tasks = [Task(s, seed, "settled", tmp_path / s.name / str(seed)) for s in scenarios for seed in range(1, 6)]
    table = added_rows(metrics(scenarios), tasks, scenarios, CATALOGUE)
    rows = {(r["metric"], r["group"], r["value_of_group"]): r for r in table.to_dict("records")}
    said = public_lines(rows, CATALOGUE, {"pooled": Words("共同配送", "Pooling")})
    assert len(said) == 1
    assert said[0].en.startswith('Public money beside "Pooling" alone: spending +61.8 yuan')
    assert "served villages +20.6 pp" in said[0].en
    assert "30.00 yuan [30.00, 30.00] for each newly served village" in said[0].en
    assert said[0].zh.startswith("与只有“共同配送”相比，公共资金")
