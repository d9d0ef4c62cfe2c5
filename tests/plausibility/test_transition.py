"""A lever that begins in mid-run costs more than a settled one, and the postings of the change say why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.api import load
from sim.run import Run, run
from sim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
DAYS, TURN, SINCE = 24, 10, "2021-03-11"
CHANGE = ("lease", "idle vehicles", "severance")


@pytest.fixture(scope="module")
def pair() -> tuple[Run, Run]:
    """Return the small county pooled down to the village, settled and in transition."""
    county = ROOT / "tests" / "counties" / "small"
    scenario = load(
        ROOT / "scenarios" / "pooled-to-village.yaml",
        [f"county={county}", f"levers.joint_distribution.from={SINCE}", "warm_up_days=5"],
        DAYS,
    )
    assert isinstance(scenario, Scenario)
    return run(scenario, 1, settled=True), run(scenario, 1, settled=False)


def after(one: Run) -> pd.Series:
    """Return resource cost by category from the lever's date on, yuan."""
    money = one.table("money")
    money = money[(money["nature"] == "resource") & (money["day"] >= TURN) & (money["day"] < DAYS)]
    total: pd.Series = money.groupby("category")["amount_fen"].sum() / 100
    return total


def test_a_transition_costs_more_than_a_settled_run_by_leases_idle_vehicles_and_severance(pair: tuple[Run, Run]) -> None:
    settled, transition = (after(one) for one in pair)
    change = transition[list(CHANGE)]
    assert (change > 0).all()
    assert not set(CHANGE) & set(settled.index)
    more = transition.sum() - settled.sum()
    assert more == pytest.approx(change.sum(), rel=0.02)
    assert pair[1].metric("cost_per_parcel_yuan") > pair[0].metric("cost_per_parcel_yuan")


def test_before_its_date_a_lever_of_a_transition_has_no_alliance_and_no_joint_vehicle(pair: tuple[Run, Run]) -> None:
    money = pair[1].table("money")
    joint = money[money["payer"].str.startswith("alliance:")]
    assert joint["day"].min() == TURN
    assert pair[0].table("money")["payer"].str.startswith("alliance:").any()


def test_leases_and_idle_vehicles_are_paid_by_those_who_gave_them_up(pair: tuple[Run, Run]) -> None:
    money = pair[1].table("money")
    change = money[money["category"].isin(CHANGE)]
    operators = set(pair[1].table("services")["operator"])
    assert set(change["payer"]) <= operators
    assert set(change.loc[change["category"] == "severance", "day"]) == {TURN}
