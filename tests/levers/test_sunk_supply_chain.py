"""What lies in stock is ordered as before, comes sooner, says where it came from, and costs its holder."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.levers import SunkSupplyChain
from sim.rules import separate
from sim.run import Run, run
from sim.schema.parameters import Parameters
from sim.world.build import build
from tests.run.small import SMALL, STILL, scenario

STOCK = {"kind": "sunk_supply_chain", "id": "stock", "share": 0.4, "where": {"tier": "village"}}


def down(made: Run) -> pd.DataFrame:
    table: pd.DataFrame = made.table("parcels").query("direction == 'down'")
    return table.set_index("parcel").sort_index()


@pytest.fixture(scope="module")
def runs() -> tuple[Run, Run]:
    return run(scenario(**STILL)), run(scenario(levers=[STOCK], **STILL))


def test_the_same_parcels_are_ordered_and_only_villages_have_some_from_stock(runs: tuple[Run, Run]) -> None:
    before, after = (down(one) for one in runs)
    columns = ["created_s", "village", "carrier", "weight_kg", "volume_l"]
    pd.testing.assert_frame_equal(before[columns], after[columns])
    tier = runs[0].table("places").set_index("place")["tier"]
    village = after["village"].map(tier) == "village"
    assert set(before["origin"]) == {"outside"}
    assert set(after["origin"][~village]) == {"outside"}
    assert 0.3 < (after["origin"][village] == "county_stock").mean() < 0.5


def test_what_is_in_stock_comes_before_the_trunk_could_bring_it_and_nothing_comes_later_to_the_gate(runs: tuple[Run, Run]) -> None:
    before, after = (down(one) for one in runs)
    stock = after["origin"] == "county_stock"
    came = after["county_in_s"].notna() & before["county_in_s"].notna()
    soon = (before["county_in_s"] - after["county_in_s"])[came]
    assert (soon[~stock[came]] == 0).all()
    assert (soon[stock[came]] >= 0).all()
    assert soon[stock[came]].mean() > 24 * 3600
    assert (after["county_in_s"] - after["created_s"])[stock & came].min() >= 3 * 3600 - 1


def test_holding_storing_and_picking_are_paid_by_the_holder_and_merchants_pay_it(runs: tuple[Run, Run]) -> None:
    money = runs[1].table("money").query("lever == 'stock'").groupby(["category", "payer"])[["quantity", "amount_fen"]].sum()
    many = int((down(runs[1])["origin"] == "county_stock").sum())
    picked = money.loc[("stock picking", "county stock")]
    assert picked["quantity"] <= many
    assert picked["amount_fen"] == round(80 * picked["quantity"])
    assert money.loc[("stock fee", "merchants"), "amount_fen"] == round(150 * picked["quantity"])
    inventory, storage = (money.loc[(name, "county stock"), "amount_fen"] for name in ("inventory", "storage"))
    assert np.isclose(inventory / storage, 8 / 12, rtol=1e-3)


def test_a_larger_share_meets_more_orders_and_none_less() -> None:
    few, many = (down(run(scenario(levers=[STOCK | {"share": s}], days=5, **STILL)))["origin"] == "county_stock" for s in (0.2, 0.5))
    assert (few <= many).all()
    assert few.sum() < many.sum()


def test_a_second_stock_is_refused() -> None:
    world = build(SMALL)
    rules = separate(Parameters(), world.operators.n)
    once = SunkSupplyChain(id="a").world(world, rules, 1.0)
    with pytest.raises(ScenarioError, match="a stock by a already"):
        SunkSupplyChain(id="b").world(once, rules, 1.0)
