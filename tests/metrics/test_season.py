"""Metrics of produce on a run of the orchard: what is counted by week, by stage and by channel adds up to the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import ResultsError
from sim.metrics.catalogue import METRICS, PAIRS
from sim.run import Run, run
from tests.run.small import ORCHARD, scenario

NAMES = ("picked_kg", "produce_sales_yuan", "produce_loss_share", "farmer_income_per_farm_yuan", "cold_stock_kg", "cold_capacity_kg")


@pytest.fixture(scope="module")
def pears() -> Run:
    cold = {"kind": "cold_chain"}
    return run(scenario(county=ORCHARD, start="2021-08-11", days=24, warm_up=3, levers=[cold], produce={"active": True}), seed=2)


@pytest.fixture(scope="module")
def frame(pears: Run) -> pd.DataFrame:
    found: pd.DataFrame = pears.table("metrics")
    found[["group", "value_of_group"]] = found[["group", "value_of_group"]].fillna("")
    return found


def of(frame: pd.DataFrame, metric: str, group: str = "", weekly: bool = False) -> pd.DataFrame:
    """Return the rows of one metric and group, over the window or week by week."""
    own = frame[(frame["metric"] == metric) & (frame["group"] == group)]
    return own[own["period"].str.contains("W")] if weekly else own[own["period"] == "all"]


def test_what_is_picked_by_week_and_by_month_adds_up_to_the_window(frame: pd.DataFrame) -> None:
    whole = of(frame, "picked_kg")["value"].iloc[0]
    assert whole > 0
    assert of(frame, "picked_kg", weekly=True)["value"].sum() == pytest.approx(whole)
    assert of(frame, "picked_kg", "crop", weekly=True)["value"].sum() == pytest.approx(whole)
    months = frame[(frame["metric"] == "picked_kg") & (frame["group"] == "") & frame["period"].str.fullmatch(r"\d{4}-\d{2}")]
    assert months["value"].sum() == pytest.approx(whole)


def test_weeks_are_named_as_the_calendar_names_them_and_count_their_days(frame: pd.DataFrame) -> None:
    weeks = of(frame, "picked_kg", weekly=True).set_index("period")["n"]
    assert list(weeks.index) == ["2021-W32", "2021-W33", "2021-W34", "2021-W35"]
    assert weeks.tolist() == [5, 7, 7, 5]


def test_stages_and_what_nobody_took_add_up_to_the_loss_in_all_and_online(frame: pd.DataFrame) -> None:
    assert of(frame, "produce_loss_share", "stage")["value"].sum() == pytest.approx(of(frame, "produce_loss_share")["value"].iloc[0])
    online = of(frame, "produce_loss_share", "channel|stage")
    online = online[online["value_of_group"].str.startswith("online|")]
    channel = of(frame, "produce_loss_share", "channel").set_index("value_of_group")["value"]
    assert channel["online"] > 0
    assert online["value"].sum() == pytest.approx(channel["online"])


def test_sales_by_channel_add_up_and_are_price_times_kg_sold(frame: pd.DataFrame) -> None:
    sales, price = of(frame, "produce_sales_yuan"), of(frame, "farm_price_yuan_kg")
    assert of(frame, "produce_sales_yuan", "channel")["value"].sum() == pytest.approx(sales["value"].iloc[0])
    assert sales["value"].iloc[0] == pytest.approx(price["value"].iloc[0] * price["denominator"].iloc[0])


def test_income_of_a_farm_is_all_farmers_income_over_all_farms(frame: pd.DataFrame) -> None:
    own, net = of(frame, "farmer_income_per_farm_yuan").iloc[0], of(frame, "farmer_income_yuan")["value"].iloc[0]
    assert own["value"] * own["n"] == pytest.approx(net)
    assert own["n"] == of(frame, "farmer_income_per_farm_yuan", "remoteness")["n"].sum()


def test_cold_rooms_never_hold_more_than_they_can_and_something_stands_in_them(frame: pd.DataFrame) -> None:
    stock, room = (of(frame, metric, weekly=True)["value"].to_numpy(float) for metric in ("cold_stock_kg", "cold_capacity_kg"))
    assert (room > 0).all()
    assert (stock <= room).all()
    assert stock.max() > 0
    assert of(frame, "cold_capacity_kg")["value"].iloc[0] == pytest.approx(np.average(room, weights=[5, 7, 7, 5]))


def test_a_week_can_be_looked_up_where_it_is_counted_and_is_refused_where_not(pears: Run, frame: pd.DataFrame) -> None:
    week = of(frame, "picked_kg", weekly=True).set_index("period")["value"]["2021-W33"]
    assert pears.metric("picked_kg", "2021-W33") == pytest.approx(week)
    with pytest.raises(ResultsError, match=r"produce_kg .* is not given over '2021-W33'; periods: all, 2021-08, 2021-09"):
        pears.metric("produce_kg", "2021-W33")


def test_every_metric_of_produce_is_computed_by_every_group_it_names(frame: pd.DataFrame) -> None:
    told = {metric.name: metric for metric in (*METRICS, *PAIRS)}
    for name in NAMES:
        assert set(frame.loc[frame["metric"] == name, "group"]) - {""} == set(told[name].groups), name
