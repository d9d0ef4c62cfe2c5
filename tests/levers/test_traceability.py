"""Traced lots are labelled and paid for, inspected ones pass or are rejected, and farms count with both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.levers import Traceability
from sim.rules import separate
from sim.run import Run, run
from sim.schema.parameters import Parameters
from sim.world.build import build
from tests.run.orchard import ORCHARD, STRAWBERRIES, orchard

TRACED = {"kind": "traceability", "id": "trace", "inspected": 0.3, "quality": 0.955, "premium": 0.1}
ONLINE = {"learning": {"online_household": 0.5, "prior_paid": 1.0}}


def lots(*levers: dict[str, object]) -> tuple[Run, pd.DataFrame]:
    made = run(orchard(levers, start=STRAWBERRIES, produce=ONLINE))
    table: pd.DataFrame = made.table("lots")
    return made, table


@pytest.fixture(scope="module")
def made() -> tuple[Run, pd.DataFrame]:
    return lots(TRACED)


def test_all_online_lots_are_traced_some_inspected_and_only_inspected_ones_rejected_whole(made: tuple[Run, pd.DataFrame]) -> None:
    _, table = made
    online = table[table["channel"] == "online"]
    assert online["traced"].all()
    assert not table[table["channel"] != "online"]["traced"].any()
    assert 0.1 < online["inspected"].mean() < 0.5
    rejected = online[online["parcels"] == 0]
    assert len(rejected)
    assert rejected["inspected"].all()
    assert np.allclose(rejected["kg_rejected"], rejected["kg"])


def test_what_is_inspected_passes_only_at_the_least_quality(made: tuple[Run, pd.DataFrame]) -> None:
    run_, table = made
    sent = table[(table["channel"] == "online") & table["inspected"] & (table["parcels"] > 0)]
    first = run_.table("lot_stages").query("order == 0").groupby("lot")["quality_out"].max()
    passed = first.reindex(sent["lot"]).dropna()
    assert len(passed)
    assert passed.max() >= 0.9  # quality on leaving the first stage, below that of the inspection
    none = lots(TRACED | {"quality": 0.0})[1]
    assert (none[none["channel"] == "online"]["parcels"] > 0).all()


def test_labels_and_inspections_are_paid_for_one_by_one(made: tuple[Run, pd.DataFrame]) -> None:
    run_, table = made
    money = run_.table("money").query("lever == 'trace'").groupby(["category", "payer"])[["quantity", "amount_fen"]].sum()
    online = table[table["channel"] == "online"]
    checks = money.loc[("inspection", "county")]
    assert checks["quantity"] == online["inspected"].sum()
    assert checks["amount_fen"] == 1500 * online["inspected"].sum()
    labels = money.xs("tracing", level="category")
    assert labels.index.str.startswith("farmers:").all()
    assert labels["amount_fen"].sum() == 100 * len(online)


def test_a_larger_share_inspects_more_lots_and_none_less() -> None:
    few, many = (lots(TRACED | {"inspected": share, "quality": 0.0})[1].set_index("lot")["inspected"] for share in (0.2, 0.6))
    both = few.index.intersection(many.index)
    assert len(both)
    assert (few[both] <= many[both]).all()
    assert few.sum() < many.sum()


def test_farms_send_less_of_what_they_expect_to_be_rejected() -> None:
    strict, lax = (lots(TRACED | {"inspected": 1.0, "quality": q, "premium": 0.0})[1] for q in (1.0, 0.0))
    kg = [table[table["channel"] == "online"]["kg"].sum() for table in (strict, lax)]
    assert kg[0] == 0 < kg[1]


def test_a_second_tracing_is_refused() -> None:
    world = build(ORCHARD, Parameters.model_validate({"produce": {"active": True}}))
    rules = separate(Parameters(), world.operators.n)
    once = Traceability(id="a").world(world, rules, 1.0)
    with pytest.raises(ScenarioError, match="tracing by a already"):
        Traceability(id="b").world(once, rules, 1.0)
