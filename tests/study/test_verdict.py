"""A verdict says what the interval says, in both languages."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import sim
from sim.study.statistics import differences
from sim.study.verdict import FULL_SERVICE, Verdict, caveats, gathered, kind_of, sentence, told, uneven, verdicts
from sim.text import MetricText, Words

POOLED = Words("共同配送", "Pooling")
COST = MetricText(Words("单件成本", "Cost per parcel"), "yuan/parcel", "lower")
COVERAGE = MetricText(Words("直投到村率", "Delivered inside the village"), "share", "higher")


def row(mean: float, low: float, high: float, n: int = 10, same: float = 1.0) -> dict[str, object]:
    return {"n": n, "mean": mean, "low": low, "high": high, "same_sign_share": same}


def test_a_clear_fall_is_told_with_its_interval_and_its_signs() -> None:
    words = sentence(row(-0.41, -0.44, -0.38), POOLED, COST)
    assert words.en == 'Pooling lowers "Cost per parcel" by 0.410 yuan/parcel (95% interval 0.380 to 0.440), in all 10 replications.'
    assert words.zh == "共同配送使“单件成本”下降 0.410 元/件（95% 区间 0.380 至 0.440），10 次重复方向全部一致。"


def test_a_clear_rise_of_a_share_is_told_in_points() -> None:
    words = sentence(row(0.388, 0.35, 0.426, same=0.9), POOLED, COVERAGE)
    assert words.en == 'Pooling raises "Delivered inside the village" by 38.8 pp (95% interval 35.0 to 42.6), in 9 of 10 replications.'
    assert "10 次重复中 9 次同向" in words.zh


def test_an_interval_with_zero_is_no_clear_effect() -> None:
    words = sentence(row(-0.02, -0.1, 0.06, same=0.6), POOLED, COST)
    assert "no clear effect" in words.en
    assert "没有明确影响" in words.zh
    assert "lowers" not in words.en


@pytest.mark.parametrize("n", [2, 3, 4])
def test_below_five_replications_nothing_is_claimed(n: int) -> None:
    words = sentence(row(-0.4, math.nan, math.nan, n=n), POOLED, COST)
    assert words.en.startswith(f"With {n} replications nobody can say")
    assert f"{n} 次重复还不能判断" in words.zh


def test_one_replication_has_no_difference_to_tell() -> None:
    words = sentence(row(math.nan, math.nan, math.nan, n=1, same=math.nan), POOLED, COST)
    assert words.en.startswith("With 1 replication nobody can say")


def test_no_pair_is_nothing_to_compare() -> None:
    assert "nothing to compare" in sentence(row(math.nan, math.nan, math.nan, n=0, same=math.nan), POOLED, COST).en


def test_no_change_in_any_replication_is_said_so() -> None:
    assert sentence(row(0.0, 0.0, 0.0), POOLED, COST).en == 'Pooling does not change "Cost per parcel" in any of 10 replications.'


def test_an_interval_is_never_printed_narrower_than_its_side() -> None:
    words = sentence(row(2.0, 1e-9, 4.0), POOLED, COST)
    assert "raises" in words.en


def test_verdicts_follow_windows_alternatives_and_outcomes() -> None:
    rows = [
        (scenario, seed, metric, unit, "", "", window, value + 0.1 * seed + (1 + 0.01 * seed) * (scenario == "a"))
        for window in ("settled", "transition")
        for scenario in ("base", "a", "b")
        for metric, unit, value in (("cost_per_parcel_yuan", "yuan/parcel", 2.0), ("village_coverage", "share", 0.1))
        for seed in range(1, 6)
    ]
    metrics = pd.DataFrame(rows, columns=["scenario", "seed", "metric", "unit", "group", "value_of_group", "window", "value"])
    better = {"cost_per_parcel_yuan": "lower", "village_coverage": "higher"}
    titles = {"base": Words("现状", "Baseline"), "a": POOLED, "b": Words("乙", "B")}
    catalogue = {"cost_per_parcel_yuan": COST, "village_coverage": COVERAGE}
    table = differences(metrics, "base", ["a", "b"], better)
    found = verdicts(table, "base", ["village_coverage", "cost_per_parcel_yuan"], titles, catalogue)
    assert [(v.window, v.alternative, v.metric) for v in found][:3] == [
        ("settled", "a", "village_coverage"),
        ("settled", "a", "cost_per_parcel_yuan"),
        ("settled", "b", "village_coverage"),
    ]
    assert len(found) == 8
    assert told(found[4], "base", titles).en.startswith("In transition: ")


def test_a_comparison_with_the_full_service_says_so() -> None:
    verdict = Verdict("a", FULL_SERVICE, "cost_per_parcel_yuan", "settled", "lowers", Words("话。", "Words."))
    titles = {FULL_SERVICE: Words("各自全面服务", "Separate, full service")}
    assert told(verdict, "base", titles).en == "Against separate operators that give the full service (Separate, full service): Words."


def test_cost_differences_always_name_their_level_of_service() -> None:
    assert FULL_SERVICE in caveats(True, None)[1].en
    assert "two levels of service" in caveats(True, POOLED)[0].en
    assert len(caveats(False, None)) == 1


def test_outcomes_without_a_clear_effect_share_a_sentence() -> None:
    titles = {"base": Words("现状", "Baseline"), "a": POOLED}
    catalogue = {
        "cost_per_parcel_yuan": COST,
        "village_coverage": COVERAGE,
        "pickup_km": MetricText(Words("距离", "Distance"), "km", "lower"),
    }
    found = [
        Verdict("a", "base", "pickup_km", "settled", "unclear", Words("甲。", "One.")),
        Verdict("a", "base", "cost_per_parcel_yuan", "settled", "lowers", Words("乙。", "Two.")),
        Verdict("a", "base", "village_coverage", "settled", "unclear", Words("丙。", "Three.")),
    ]
    lines = gathered(found, "base", titles, catalogue, 10)
    assert [line.en for line in lines] == [
        "Two.",
        '"Pooling" has no clear effect (the interval holds 0) on: Distance, Delivered inside the village.',
    ]
    assert "距离、直投到村率" in lines[1].zh


def test_every_kind_of_verdict_has_its_words_in_both_forms() -> None:
    kinds = {
        "lowers": row(-1.0, -2.0, -0.5),
        "raises": row(1.0, 0.5, 2.0),
        "unclear": row(0.1, -1.0, 1.2),
        "same": row(0.0, 0.0, 0.0),
        "few": row(1.0, math.nan, math.nan, n=3),
        "one": row(math.nan, math.nan, math.nan, n=1),
        "none": row(math.nan, math.nan, math.nan, n=0),
    }
    assert {kind: kind_of(values) for kind, values in kinds.items()} == {kind: kind for kind in kinds}


def test_an_alternative_of_other_parameters_is_said_to_be_one() -> None:
    base, other = sim.load("produce-baseline"), sim.load("cold-wholesale-market")
    assert uneven([base, other]) == ()
    bare = sim.load("produce-baseline", ["parameters.produce.active=false"])
    (said,) = uneven([bare, other])
    assert "parameters.produce.active" in said.en
    assert "parameters.produce.active" in said.zh
    assert other.words.zh in said.zh
