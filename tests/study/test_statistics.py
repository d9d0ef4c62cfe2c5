"""Paired differences against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.study.statistics import COLUMNS, differences, pairing_gain

BETTER = {"cost": "lower", "coverage": "higher", "hours": "neutral"}


def table(
    values: dict[str, list[float]], metric: str = "cost", group: str = "", value_of_group: str = "", window: str = "settled"
) -> pd.DataFrame:
    rows = [
        (scenario, seed, metric, "yuan", group, value_of_group, window, value)
        for scenario, column in values.items()
        for seed, value in enumerate(column, 1)
    ]
    return pd.DataFrame(rows, columns=["scenario", "seed", "metric", "unit", "group", "value_of_group", "window", "value"])


def one(metrics: pd.DataFrame) -> pd.Series:
    rows = differences(metrics, "base", ["alt"], BETTER)
    assert list(rows.columns) == COLUMNS
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_interval_of_five_pairs_is_the_paired_t_interval() -> None:
    row = one(table({"base": [10.0, 12.0, 11.0, 13.0, 14.0], "alt": [9.0, 10.0, 10.0, 11.0, 11.0]}))
    # differences -1 -2 -1 -2 -3: mean -1.8, standard deviation sqrt(0.7), t(4; 0.975) = 2.7764451
    assert (row["baseline"], row["value"], row["n"]) == (12.0, 10.2, 5)
    assert row["mean"] == pytest.approx(-1.8)
    half = 2.7764451051977987 * math.sqrt(0.7 / 5)
    assert row["low"] == pytest.approx(-1.8 - half)
    assert row["high"] == pytest.approx(-1.8 + half)
    assert row["same_sign_share"] == 1.0
    assert row["better"] == "yes"


def test_the_value_less_the_baseline_is_the_mean() -> None:
    row = one(table({"base": [1.0, 2.0, 4.0], "alt": [3.0, 5.0, 5.0]}))
    assert row["value"] - row["baseline"] == pytest.approx(row["mean"])


def test_below_five_pairs_there_is_a_mean_and_no_interval() -> None:
    row = one(table({"base": [10.0, 12.0, 11.0, 13.0], "alt": [9.0, 10.0, 10.0, 11.0]}))
    assert row["mean"] == pytest.approx(-1.5)
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])
    assert row["better"] == "unclear"


def test_one_pair_has_no_mean_and_no_sign() -> None:
    row = one(table({"base": [10.0], "alt": [9.0]}))
    assert (row["baseline"], row["value"], row["n"]) == (10.0, 9.0, 1)
    assert math.isnan(row["mean"])
    assert math.isnan(row["same_sign_share"])


def test_equal_differences_have_an_interval_of_no_width() -> None:
    row = one(table({"base": [1.0, 2.0, 3.0, 4.0, 5.0], "alt": [1.5, 2.5, 3.5, 4.5, 5.5]}))
    assert (row["mean"], row["low"], row["high"]) == (0.5, 0.5, 0.5)
    assert row["better"] == "no"


def test_no_difference_at_all_is_unclear() -> None:
    row = one(table({"base": [1.0, 2.0, 3.0, 4.0, 5.0], "alt": [1.0, 2.0, 3.0, 4.0, 5.0]}))
    assert (row["mean"], row["low"], row["high"], row["same_sign_share"], row["better"]) == (0.0, 0.0, 0.0, 1.0, "unclear")


def test_the_last_bits_are_no_difference() -> None:
    row = one(table({"base": [0.1 + 0.2] * 5, "alt": [0.3] * 5}))
    assert row["mean"] == 0.0
    assert row["better"] == "unclear"


def test_a_pair_with_a_missing_side_is_left_out_on_both_sides() -> None:
    row = one(table({"base": [10.0, 100.0, 11.0], "alt": [9.0, math.nan, 10.0]}))
    assert (row["baseline"], row["value"], row["mean"], row["n"]) == (10.5, 9.5, -1.0, 2)


def test_replications_are_paired_by_seed_and_not_by_row() -> None:
    metrics = table({"base": [10.0, 20.0, 30.0], "alt": [11.0, 21.0, 31.0]})
    shuffled = metrics.iloc[[5, 0, 4, 2, 1, 3]]
    row = one(shuffled)
    assert (row["mean"], row["same_sign_share"]) == (1.0, 1.0)


def test_a_group_that_only_one_side_has_stands_without_a_mean() -> None:
    metrics = pd.concat(
        [table({"base": [1.0, 1.0], "alt": [2.0, 2.0]}), table({"alt": [5.0, 5.0]}, group="handover_kind", value_of_group="locker")]
    )
    rows = differences(metrics, "base", ["alt"], BETTER)
    locker = rows[rows["value_of_group"] == "locker"].iloc[0]
    assert locker["n"] == 0
    assert locker["value"] == 5.0
    assert math.isnan(locker["baseline"])
    assert math.isnan(locker["mean"])


def test_better_follows_the_side_of_the_catalogue() -> None:
    up = {"base": [1.0, 2.0, 3.0, 4.0, 5.0], "alt": [2.0, 3.1, 4.0, 5.1, 6.0]}
    found = {metric: one(table(up, metric))["better"] for metric in BETTER}
    assert found == {"cost": "no", "coverage": "yes", "hours": "neutral"}


def test_metrics_as_categories_need_no_side_of_a_category_without_rows() -> None:
    rows = table({"base": [1.0, 2.0], "alt": [3.0, 5.0]})
    kept = rows.assign(metric=pd.Categorical(rows["metric"], ["unheard of", "cost"]))
    assert differences(kept, "base", ["alt"], BETTER)["metric"].tolist() == ["cost"]


def test_an_interval_that_holds_zero_is_unclear() -> None:
    assert one(table({"base": [1.0, 2.0, 3.0, 4.0, 5.0], "alt": [2.0, 1.0, 4.0, 3.0, 6.0]}))["better"] == "unclear"


def test_the_same_sign_share_counts_the_pairs_on_the_side_of_the_mean() -> None:
    assert one(table({"base": [0.0] * 4, "alt": [1.0, 2.0, -1.0, 0.0]}))["same_sign_share"] == 0.5


def test_every_alternative_group_and_window_has_its_row() -> None:
    values = {"base": [1.0, 2.0], "a": [2.0, 3.0], "b": [0.0, 1.0]}
    metrics = pd.concat([table(values), table(values, group="leg", value_of_group="line"), table(values, window="transition")])
    rows = differences(metrics, "base", ["a", "b"], BETTER)
    assert list(rows["alternative"]) == ["a"] * 3 + ["b"] * 3
    assert list(rows["group"]) == ["", "leg", ""] * 2
    assert list(rows["window"]) == ["settled", "settled", "transition"] * 2


def test_intervals_hold_the_truth_nineteen_times_in_twenty() -> None:
    from sim import luck

    trials, n = 2000, 6
    unit = luck.uniform(1, "coverage", 0, np.arange(trials * n, dtype=np.uint64)).reshape(trials, n)
    from scipy.special import ndtri

    frames = [
        table({"base": [0.0] * n, "alt": list(ndtri(row) + 3.0)}, group="trial", value_of_group=str(trial))
        for trial, row in enumerate(unit)
    ]
    rows = differences(pd.concat(frames), "base", ["alt"], BETTER)
    assert 0.935 < ((rows["low"] <= 3.0) & (rows["high"] >= 3.0)).mean() < 0.965


def test_pairing_gains_what_the_common_luck_takes_out() -> None:
    metrics = table({"base": [1.0, 2.0, 3.0], "alt": [1.0, 2.0, 4.0]})
    row = pairing_gain(metrics, "base", ["alt"]).iloc[0]
    # variances 1 and 7/3, differences 0 0 1: variance 1/3
    assert row["variance_unpaired"] == pytest.approx(10 / 3)
    assert row["variance_paired"] == pytest.approx(1 / 3)
    assert row["gain"] == pytest.approx(10.0)


def test_a_difference_that_never_varies_has_no_gain() -> None:
    row = pairing_gain(table({"base": [1.0, 2.0, 3.0], "alt": [2.0, 3.0, 4.0]}), "base", ["alt"]).iloc[0]
    assert row["variance_paired"] == 0.0
    assert math.isnan(row["gain"])


def test_an_account_without_an_entry_on_one_side_is_nought_there_and_another_group_is_missing() -> None:
    def rows(scenario: str, seed: int, group: str, value: str, amount: float) -> dict[str, object]:
        keys = {"metric": "balance_yuan", "unit": "yuan", "group": group, "value_of_group": value, "window": "settled"}
        return {"scenario": scenario, "seed": seed, **keys, "value": amount}

    made = [rows(name, seed, "account", "hosts", 10.0) for name in ("base", "other") for seed in range(1, 6)]
    made += [rows("other", seed, "account", "treasury:central", -40.0 - seed) for seed in range(1, 6)]
    made += [rows("other", seed, "carrier", "post", 7.0) for seed in range(1, 6)]
    table = differences(pd.DataFrame(made), "base", ["other"], {"balance_yuan": "neutral"}).set_index("value_of_group")
    assert table.loc["treasury:central", ["baseline", "mean", "n"]].tolist() == [0.0, -43.0, 5]
    assert table.loc["treasury:central", "low"] < -43.0 < table.loc["treasury:central", "high"]
    assert np.isnan(table.loc["post", "mean"])


def test_a_channel_through_which_the_baseline_sells_nothing_has_zero_there() -> None:
    sales = {"metric": "produce_sales_yuan", "group": "channel"}
    sold = table({"base": [9.0, 8.0], "alt": [7.0, 8.0]}, value_of_group="middleman", **sales)
    deals = table({"alt": [3.0, 0.0]}, value_of_group="contract", **sales).query("seed == 1")
    rows = differences(pd.concat([sold, deals]), "base", ["alt"], {"produce_sales_yuan": "higher"}).set_index("value_of_group")
    assert (rows.loc["contract", "n"], rows.loc["contract", "mean"]) == (2, 1.5)


def booked(scenario: str, metric: str, unit: str, group: str, value: str, amount: float) -> list[dict[str, object]]:
    keys = {"metric": metric, "unit": unit, "group": group, "value_of_group": value, "window": "settled"}
    return [{"scenario": scenario, "seed": seed, **keys, "value": amount} for seed in range(1, 6)]


SIDES = {"cost_per_parcel_yuan": "lower", "resource_cost_yuan": "lower", "load_factor": "higher", "vehicle_km": "lower"}


@pytest.mark.parametrize("group", ["account", "source", "programme", "actor", "leg", "resource", "activity"])
def test_what_a_run_never_booked_is_nought(group: str) -> None:
    made = [row for name in ("base", "other") for row in booked(name, "resource_cost_yuan", "yuan", "", "", 10.0)]
    made += booked("other", "resource_cost_yuan", "yuan", group, "new", 4.0)
    made += booked("base", "resource_cost_yuan", "yuan", group, "old", 3.0)
    table = differences(pd.DataFrame(made), "base", ["other"], SIDES).set_index("value_of_group")
    columns = ["baseline", "value", "mean", "low", "high", "n", "better"]
    assert table.loc["new", columns].tolist() == [0.0, 4.0, 4.0, 4.0, 4.0, 5, "no"]
    assert table.loc["old", columns].tolist() == [3.0, 0.0, -3.0, -3.0, -3.0, 5, "yes"]


@pytest.mark.parametrize("group", ["carrier", "remoteness", "age"])
def test_a_class_that_has_no_part_of_the_nations_gain_has_nought(group: str) -> None:
    made = [row for name in ("base", "other") for row in booked(name, "net_benefit_nation_yuan", "yuan", "", "", 10.0)]
    made += booked("base", "net_benefit_nation_yuan", "yuan", group, "penalties", 3.0)
    told = differences(pd.DataFrame(made), "base", ["other"], {"net_benefit_nation_yuan": "higher"}).set_index("value_of_group")
    assert told.loc["penalties", ["baseline", "value", "mean"]].tolist() == [3.0, 0.0, -3.0]


def test_a_share_of_what_was_never_booked_stays_empty() -> None:
    made = [row for name in ("base", "other") for row in booked(name, "load_factor", "share", "", "", 0.4)]
    made += booked("other", "load_factor", "share", "leg", "transfer", 0.6)
    row = differences(pd.DataFrame(made), "base", ["other"], SIDES).set_index("value_of_group").loc["transfer"]
    assert (row["n"], row["value"]) == (0, 0.6)
    assert math.isnan(row["baseline"])
    assert math.isnan(row["mean"])


def test_a_run_that_does_not_know_its_total_has_no_parts_of_nought() -> None:
    made = booked("base", "vehicle_km", "km", "", "", 7.0) + booked("other", "vehicle_km", "km", "", "", 7.0)
    made += booked("base", "cost_per_parcel_yuan", "yuan/parcel", "", "", 3.0)
    made += booked("other", "cost_per_parcel_yuan", "yuan/parcel", "", "", math.nan)
    made += booked("base", "cost_per_parcel_yuan", "yuan/parcel", "leg", "line", 3.0)
    row = differences(pd.DataFrame(made), "base", ["other"], SIDES).set_index("value_of_group").loc["line"]
    assert math.isnan(row["mean"])
