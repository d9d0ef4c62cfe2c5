"""What each alternative does is said in a few lines that claim no more than the intervals."""

from __future__ import annotations

import math

import pandas as pd

from sim.study.brief import briefs, equal_service
from sim.study.verdict import FULL_SERVICE
from sim.text import MetricText, Words

POOLED = Words("共同配送", "Pooling")
CATALOGUE = {
    "cost_per_parcel_yuan": MetricText(Words("单件成本", "Cost per parcel"), "yuan/parcel", "lower"),
    "village_coverage": MetricText(Words("直投到村率", "Delivered inside the village"), "share", "higher"),
    "pickup_km": MetricText(Words("取件距离", "Distance"), "km", "lower"),
    "net_benefit_county_yuan": MetricText(Words("县域净收益", "County's net benefit"), "yuan", "higher"),
    "net_benefit_nation_yuan": MetricText(Words("全国净收益", "Nation's net benefit"), "yuan", "higher"),
    "cost_per_new_village_yuan": MetricText(Words("每新增通达村公共支出", "Cost of a village"), "yuan/village", "lower"),
    "leverage": MetricText(Words("社会资本撬动倍数", "Leverage"), "yuan/yuan", "higher"),
    "farmer_income_yuan": MetricText(Words("农户净收入", "Farmers' net income"), "yuan", "higher"),
    "produce_stock_kg": MetricText(Words("尚未售出的农产品", "Produce not sold yet"), "kg", "neutral"),
    "produce_up_kg": MetricText(Words("上行农产品重量", "Produce sent up"), "kg", "higher"),
    "online_share": MetricText(Words("网销占比", "Sold online"), "share", "neutral"),
    "produce_loss_share": MetricText(Words("农产品损耗率", "Produce lost"), "share", "lower"),
    "carrier_profit_yuan": MetricText(Words("利润", "Profit"), "yuan", "higher"),
}
OPERATORS = {"a": Words("甲", "A"), "b": Words("乙", "B"), "c": Words("丙", "C")}


def row(metric: str, mean: float, low: float, high: float, group: str = "", value: str = "", n: int = 10) -> dict[str, object]:
    keys = {"alternative": "pooled", "window": "settled", "metric": metric, "group": group, "value_of_group": value}
    return {**keys, "baseline": 2.0, "mean": mean, "low": low, "high": high, "n": n, "same_sign_share": 1.0}


def told(*rows: dict[str, object]) -> list[str]:
    outcomes = ["cost_per_parcel_yuan", "village_coverage", "pickup_km"]
    found = briefs(pd.DataFrame(rows), outcomes, {"pooled": POOLED}, CATALOGUE, OPERATORS, 10)
    assert len(found) == 1
    return [line.en for line in found[0].lines]


def test_clear_unclear_and_unchanged_outcomes_are_told_apart() -> None:
    lines = told(
        row("cost_per_parcel_yuan", -0.4, -0.5, -0.3),
        row("village_coverage", 0.01, -0.02, 0.04),
        row("pickup_km", 0.0, 0.0, 0.0),
    )
    assert lines == [
        "Cost and traffic: Cost per parcel −0.400 yuan/parcel [−0.500, −0.300] (−20%).",
        "Service: no clear effect on Delivered inside the village; unchanged: Distance.",
    ]


def test_a_change_of_less_than_a_hundredth_is_not_called_none_of_it() -> None:
    assert told(row("cost_per_parcel_yuan", 0.003, 0.002, 0.004)) == [
        "Cost and traffic: Cost per parcel +0.00300 yuan/parcel [+0.00200, +0.00400] (+0.1%)."
    ]


def test_operators_that_gain_and_lose_are_named_and_the_unsure_ones_too() -> None:
    lines = told(
        row("carrier_profit_yuan", -500.0, -600.0, -400.0, "carrier", "a"),
        row("carrier_profit_yuan", 900.0, 800.0, 1000.0, "carrier", "b"),
        row("carrier_profit_yuan", 10.0, -50.0, 70.0, "carrier", "c"),
    )
    assert lines == ["Operators' profit over the window, gain: B +900 yuan; lose: A −500 yuan; no clear change: C."]


def test_an_operator_to_whom_nothing_changes_is_not_called_unsure() -> None:
    lines = told(
        row("carrier_profit_yuan", 900.0, 800.0, 1000.0, "carrier", "a"),
        row("carrier_profit_yuan", 0.0, 0.0, 0.0, "carrier", "b"),
        row("carrier_profit_yuan", 10.0, -50.0, 70.0, "carrier", "c"),
    )
    assert lines == ["Operators' profit over the window, gain: A +900 yuan; no clear change: C; unchanged: B."]


def test_a_third_of_the_villages_whose_change_is_not_clear_is_told_so() -> None:
    rows = (
        row("village_coverage", 0.2, 0.1, 0.3, "remoteness", "near"),
        row("village_coverage", 0.05, -0.1, 0.2, "remoteness", "middle"),
        row("village_coverage", 0.0, 0.0, 0.0, "remoteness", "far"),
    )
    assert told(*rows) == [
        "Delivered inside the village, by remoteness: near third +20.0 pp, middle third +5.0 pp (unclear), far third 0.0 pp."
    ]


def test_too_few_replications_claim_nothing() -> None:
    lines = told(row("cost_per_parcel_yuan", -0.4, math.nan, math.nan, n=3))
    assert lines == ['With 10 replications nobody can say whether "Pooling" changes any of these (an interval needs 5): Cost per parcel.']


def test_what_a_village_and_a_yuan_of_capital_bring_is_told_in_yuan() -> None:
    lines = told(
        row("public_spending_yuan", 900.0, 800.0, 1000.0),
        row("cost_per_new_village_yuan", 83.0, 80.0, 86.0),
        row("leverage", 1.4, 1.3, 1.5),
    )
    assert lines == [
        "Public money over the window: spending +900 yuan [+800, +1,000]; 83.0 yuan [80.0, 86.0] for each newly served village; "
        "a yuan of public capital brings 1.40 yuan [1.30, 1.50] of private capital."
    ]


def test_what_farmers_get_is_told_in_a_study_with_produce() -> None:
    lines = told(
        row("cost_per_parcel_yuan", 0.0, 0.0, 0.0),
        row("farmer_income_yuan", 900.0, 800.0, 1000.0),
        row("produce_up_kg", 10.0, -5.0, 25.0),
        row("online_share", 0.0, 0.0, 0.0),
        row("produce_loss_share", -0.05, -0.06, -0.04),
    )
    assert lines[1] == (
        "Farmers: Farmers' net income +900 yuan [+800, +1,000], Produce lost −5.0 pp [−6.0, −4.0]; no clear effect on Produce sent up; "
        "unchanged: Sold online."
    )


def test_what_is_not_sold_yet_stands_beside_what_farmers_get_where_it_differs() -> None:
    income = row("farmer_income_yuan", -900.0, -1000.0, -800.0)
    assert told(income, row("produce_stock_kg", 400.0, 300.0, 500.0)) == [
        "Farmers: Farmers' net income −900 yuan [−1,000, −800], Produce not sold yet +400 kg [+300, +500]."
    ]
    assert told(income, row("produce_stock_kg", 4.0, -3.0, 5.0)) == ["Farmers: Farmers' net income −900 yuan [−1,000, −800]."]


def test_what_farmers_get_of_too_few_replications_is_no_fact() -> None:
    lines = told(row("farmer_income_yuan", 900.0, math.nan, math.nan, n=3), row("online_share", 0.0, 0.0, 0.0, n=3))
    assert lines == [
        "Farmers: unchanged: Sold online.",
        'With 10 replications nobody can say whether "Pooling" changes any of these (an interval needs 5): Farmers\' net income.',
    ]


def test_money_and_agents_of_too_few_replications_have_the_mark_of_what_is_unclear() -> None:
    nan = math.nan
    lines = told(
        row("public_spending_yuan", 5730.0, nan, nan, n=2),
        row("deadweight_share", 0.31, nan, nan, n=2),
        row("leverage", 1.5, nan, nan, n=4),
        row("net_benefit_county_yuan", 900.0, nan, nan, n=2),
        row("net_benefit_nation_yuan", -200.0, nan, nan, n=2),
        row("agents_changed", 85.0, nan, nan, "agent_kind", "host", n=2) | {"value": 87.0},
    )
    assert lines[:3] == [
        "Public money over the window: spending ● +5,730 yuan; ● 31% of the subsidies pay for what comes anyway; "
        "a yuan of public capital brings ● 1.50 yuan of private capital.",
        "Net benefit: county ● +900 yuan; nation ● −200 yuan.",
        "How many changed by their own decision, beside what the measures order (baseline → here): "
        "village stations that their hosts closed 2 → 87 (● +85).",
    ]


def test_net_benefits_of_too_few_replications_are_no_facts_either() -> None:
    lines = told(
        row("cost_per_parcel_yuan", -0.4, math.nan, math.nan, n=3),
        row("net_benefit_county_yuan", 900.0, math.nan, math.nan, n=3),
        row("net_benefit_nation_yuan", 800.0, math.nan, math.nan, n=3),
    )
    assert lines[-1].endswith("(an interval needs 5): Cost per parcel, County's net benefit, Nation's net benefit.")


def test_a_cheaper_but_thinner_service_is_not_called_equal() -> None:
    rows = [
        (scenario, seed, metric, unit, "", "", "settled", value + 0.001 * seed * (1 + (scenario == "pooled")))
        for scenario, cost, inside in (("base", 2.0, 0.3), (FULL_SERVICE, 3.0, 0.99), ("pooled", 2.2, 0.99), ("lines", 1.8, 0.3))
        for metric, unit, value in (("cost_per_parcel_yuan", "yuan/parcel", cost), ("village_coverage", "share", inside))
        for seed in range(1, 6)
    ]
    metrics = pd.DataFrame(rows, columns=["scenario", "seed", "metric", "unit", "group", "value_of_group", "window", "value"])
    titles = {"base": Words("现状", "Base"), "pooled": POOLED, "lines": Words("班线", "Lines"), FULL_SERVICE: Words("各自", "Separate")}
    equal, less = (words.en for words in equal_service(metrics, titles, CATALOGUE, "base"))
    assert "Pooling −0.79" in equal
    assert "Lines" not in equal
    assert "Lines −1.200" in less
    assert "not at equal service" in less


def test_what_agents_decide_in_the_baseline_too_is_no_effect() -> None:
    changed = row("agents_changed", 5.0, 4.0, 6.0, "agent_kind", "carrier") | {"baseline": 7.0, "value": 12.0}
    as_before = row("agents_changed", 0.0, 0.0, 0.0, "agent_kind", "host") | {"baseline": 3.0, "value": 3.0}
    assert told(row("cost_per_parcel_yuan", 0.0, 0.0, 0.0), changed, as_before)[-1] == (
        "How many changed by their own decision, beside what the measures order (baseline \u2192 here): "
        "services in villages that operators changed 7 \u2192 12 (+5 [+4, +6]); "
        "village stations that their hosts closed 3 \u2192 3 (as many)."
    )
