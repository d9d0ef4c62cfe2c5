"""What only pairs can say, on small cases worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.study.pairs import _Side, better_off, capital_of, deadweight, ratio
from sim.study.task import Task

VILLAGES = {"a": (100.0, 40.0), "b": (50.0, 60.0), "c": (20.0, 0.0)}
"""Parcels handed over inside by the alternative and by the baseline."""


def side(parcels: dict[str, float], paid: dict[str, float], stations: dict[str, float], support: dict[str, float]) -> _Side:
    columns = ["metric", "group", "value_of_group", "seed", "value", "n"]
    told = {"parcels_inside": parcels, "parcel_subsidy_yuan": paid, "stations_share": stations, "station_support_yuan": support}
    rows = [(name, "village", village, 1, value, 1) for name, of in told.items() for village, value in of.items()]
    return _Side(pd.DataFrame([*rows, ("served_villages_share", "", "", 1, 0.5, 30)], columns=columns), [1])


def test_the_cost_of_a_newly_served_village_is_spending_over_villages_of_the_pairs() -> None:
    spent, villages = np.array([100.0, 110.0, 90.0, 105.0, 95.0]), np.array([10.0, 11.0, 9.0, 10.0, 10.0])
    found = ratio(spent, villages)
    assert found.value == pytest.approx(10.0)
    assert found.low <= 10.0 <= found.high
    assert (found.n, found.same_sign) == (5, 1.0)


def test_it_is_undefined_when_the_interval_of_the_villages_holds_zero() -> None:
    found = ratio(np.full(6, 100.0), np.array([2.0, -3.0, 1.0, -1.0, 2.5, -2.0]))
    assert math.isnan(found.value)
    assert math.isnan(found.low)
    assert found.n == 6


def test_it_is_undefined_when_the_verdict_on_the_denominator_would_be_unclear_though_no_pair_disagrees() -> None:
    under = np.array([0.01, 0.02, 0.3, 0.05, 0.4])
    assert math.isnan(ratio(np.full(5, 0.03), under).value)
    assert ratio(np.full(5, 0.03), under + 0.2).value > 0


def test_it_is_undefined_when_no_village_is_gained_at_all() -> None:
    assert math.isnan(ratio(np.full(6, 100.0), np.zeros(6)).value)


def test_few_pairs_give_a_value_without_interval_and_none_where_signs_differ() -> None:
    two = ratio(np.array([10.0, 20.0]), np.array([1.0, 2.0]))
    assert two.value == pytest.approx(10.0)
    assert math.isnan(two.low)
    assert math.isnan(ratio(np.array([10.0, 20.0]), np.array([1.0, -2.0])).value)
    assert math.isnan(ratio(np.array([10.0]), np.array([1.0])).value)


def test_pairs_that_agree_leave_no_width() -> None:
    found = ratio(np.full(8, 30.0), np.full(8, 3.0))
    assert (found.value, found.low, found.high) == (10.0, 10.0, 10.0)


def test_a_pair_with_a_missing_value_is_left_out() -> None:
    assert ratio(np.array([np.nan, *[10.0] * 5]), np.array([1.0, *[2.0] * 5])).n == 5


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(500.0, 1e3)), min_size=5, max_size=15))
@settings(max_examples=40, deadline=None)
def test_the_ratio_lies_inside_its_pairs_ratios_and_has_ends_in_order(pairs: list[tuple[float, float]]) -> None:
    a, b = (np.array(x) for x in zip(*pairs, strict=True))
    found = ratio(a, b)
    assert found.low <= found.high
    assert (a / b).min() - 1e-6 <= found.value <= (a / b).max() + 1e-6


def test_deadweight_is_the_part_of_each_villages_money_for_as_many_parcels_as_the_baseline_hands_over_there() -> None:
    own = side({v: x for v, (x, _) in VILLAGES.items()}, {"a": 50.0, "b": 25.0, "c": 10.0}, {}, {})
    base = side({v: x for v, (_, x) in VILLAGES.items()}, {}, {}, {})
    wasted, paid = deadweight(base, own)
    assert paid.tolist() == [85.0]
    assert wasted.tolist() == [pytest.approx(50.0 * 0.4 + 25.0 + 0.0)]


def test_support_for_a_station_that_stands_anyway_is_deadweight_by_its_days() -> None:
    own = side({}, {}, {"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 300.0, "b": 300.0, "c": 300.0})
    base = side({}, {}, {"a": 1.0, "b": 0.25, "c": 0.0}, {})
    wasted, paid = deadweight(base, own)
    assert (wasted[0], paid[0]) == (pytest.approx(375.0), 900.0)


def test_a_villages_town_money_counts_too() -> None:
    frame = pd.DataFrame(
        [("parcels_inside", "remoteness", "town", 1, 10.0, 1), ("parcel_subsidy_yuan", "remoteness", "town", 1, 4.0, 1)],
        columns=["metric", "group", "value_of_group", "seed", "value", "n"],
    )
    one = _Side(frame, [1])
    assert [x.tolist() for x in deadweight(one, one)] == [[4.0], [4.0]]


def test_capital_in_service_is_public_as_far_as_it_is_granted_or_the_countys(tmp_path: Path) -> None:
    rows = {
        "owner": ["express-1", "host:v1", "county", "express-1"],
        "price_fen": [100_00, 50_00, 20_00, 999_00],
        "granted_fen": [30_00, 0, 0, 0],
        "disposed_day": [None, None, None, 12],
    }
    pd.DataFrame(rows).astype({"disposed_day": "Int64"}).to_parquet(tmp_path / "assets.parquet")
    task = Task(None, 1, "settled", tmp_path)  # type: ignore[arg-type]
    assert capital_of(task) == (50.0, 120.0)


def test_households_are_better_off_one_by_one_by_more_than_a_fen_an_order() -> None:
    index = pd.Index(range(5), name="household")
    common = {"remoteness": ["near", "near", "far", "far", "far"], "age": ["older"] * 5, "orders": [10.0, 10.0, 10.0, 10.0, 0.0]}
    base = pd.DataFrame({**common, "surplus_yuan": [0.0, 0.0, 0.0, 0.0, 0.0]}, index=index)
    own = pd.DataFrame({**common, "surplus_yuan": [5.0, 0.05, -5.0, 1.0, 9.0]}, index=index)
    shares = better_off([base], [own])
    assert shares["", ""].tolist() == [0.5]
    assert shares["remoteness", "near"].tolist() == [0.5]
    assert shares["remoteness", "far"].tolist() == [0.5]
