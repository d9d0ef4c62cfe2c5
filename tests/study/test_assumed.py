"""The range over the assumptions, and the assumption that would turn a verdict, on cases with known answers."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import fake_run
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from sim.report.table import varied_text
from sim.scenario.load import load
from sim.scenario.model import Assumptions, Scenario, Study
from sim.scenario.study import load_study, study_of
from sim.schema.parameters import Parameters
from sim.study.assumed import Response, point_differences, responses, turning, with_ranges
from sim.study.compare import compare
from sim.study.hinge import hinge
from sim.study.hypercube import DEFAULT, hypercube, point_tasks, points_of
from sim.study.screen import keeping, missed, outside, screen, signed
from sim.study.stage import Progress
from sim.study.uncertain import Uncertain, ends_of, uncertain, varied
from sim.text import MetricText, Words

COUNTY = Path(__file__).parents[1] / "counties" / "small"
SHORT = Assumptions(days=7, warm_up_days=2, route_iterations=20)
FEE = "parameters.money.dispatch_fee"


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Scenario]:
    base = f"format: 1\nname: baseline\ncounty: {COUNTY}\nstart: 2021-01-01\ndays: 30\nwarm_up_days: 3\n"
    (tmp_path / "baseline.yaml").write_text(base)
    lockers = "levers:\n  - kind: parcel_lockers\n"
    (tmp_path / "pooled.yaml").write_text(f"format: 1\nextends: baseline.yaml\n{lockers}")
    return [load(tmp_path / f"{name}.yaml") for name in ("baseline", "pooled")]


def design(scenarios: list[Scenario], **asked: object) -> Study:
    found = study_of(scenarios, replications=5, outcomes=("cost_per_parcel_yuan", "village_coverage"))
    assumptions = Assumptions.model_validate({"samples": 24, "days": 10, "warm_up_days": 2, **asked})
    return found.model_copy(update={"assumptions": assumptions}).at(None, tuple(scenarios))


def assumption(low: float = 0.9, value: float = 1.2, high: float = 1.5) -> Uncertain:
    return Uncertain(FEE, Words("派费", "dispatch fee"), "yuan/parcel", value, low, high, True, False)


def test_every_slice_of_every_assumption_holds_one_point() -> None:
    cube = hypercube(["a", "b", "c"], 16, 1)
    assert cube.shape == (16, 3)
    assert (np.sort((cube * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()


def test_an_assumption_more_leaves_the_others_where_they_were() -> None:
    assert (hypercube(["a", "b"], 12, 7) == hypercube(["x", "b", "a"], 12, 7)[:, [2, 1]]).all()
    assert (hypercube(["a"], 12, 7) != hypercube(["a"], 12, 8)).any()


def test_every_stated_range_holds_its_value_inside_what_is_possible() -> None:
    sections = [section for _, section in Parameters()]
    while sections:
        section = sections.pop()
        for name, info in type(section).model_fields.items():
            value, extra = getattr(section, name), info.json_schema_extra
            if isinstance(value, BaseModel):
                sections.append(value)
                continue
            assert isinstance(extra, dict)
            if "low" in extra or "high" in extra:
                low, high = float(str(extra["low"])), float(str(extra["high"]))
                assert low <= value <= high, name
                assert low < high, name
                type(section).model_validate({name: low})
                type(section).model_validate({name: high})


def test_what_has_a_source_and_what_is_a_choice_is_not_varied(scenarios: list[Scenario]) -> None:
    paths = {u.path for u in uncertain(scenarios, 0.5)}
    assert "parameters.service.village_share" in paths
    assert "parameters.money.worker_month" not in paths
    assert "parameters.counting.served_share" not in paths
    assert "parameters.timetable.route_iterations" not in paths


def test_of_a_lever_only_stated_ranges_are_varied(scenarios: list[Scenario]) -> None:
    paths = {u.path for u in uncertain(scenarios, 0.5) if u.path.startswith("levers.")}
    assert "levers.parcel_lockers.capex" in paths
    assert "levers.parcel_lockers.share" not in paths


def test_without_a_stated_range_a_number_goes_half_up_and_down_inside_what_is_possible() -> None:
    fields = type(Parameters().demand).model_fields
    assert ends_of(fields["trunk_hours_min"], 18.0, 0.5) == (9.0, 27.0)
    assert ends_of(fields["weight_volume_correlation"], 0.7, 0.5) == (pytest.approx(0.35), 1.0)
    assert ends_of(fields["growth_per_year"], 0.125, 0.5) is None
    assert ends_of(type(Parameters().fleet).model_fields["toll_km"], 0.0, 0.5) is None


def test_what_an_alternative_sets_itself_stays(scenarios: list[Scenario]) -> None:
    base, own = scenarios[0], load(scenarios[1].file or "", ["parameters.money.dispatch_fee=1.0"])
    values = {FEE: 1.4, "parameters.money.overhead_day": 333.0, "levers.parcel_lockers.capex": 20_000.0}
    made = varied(own, base, values, SHORT)
    assert (made.days, made.warm_up_days, made.name) == (7, 2, own.name)
    assert (made.parameters.money.dispatch_fee, made.parameters.money.overhead_day) == (1.0, 333.0)
    assert made.parameters.timetable.route_iterations == 20
    assert made.levers[0].capex == 20_000.0  # type: ignore[union-attr]
    assert varied(base, base, values, SHORT).parameters.money.dispatch_fee == 1.4


def test_points_of_the_shipped_study_are_scenarios_that_can_be_run() -> None:
    shipped = load_study()
    found = uncertain(shipped.scenarios, 0.5)
    for values in points_of(found, 4, 1).values():
        for scenario in shipped.scenarios:
            made = varied(scenario, shipped.scenarios[0], values, SHORT).parameters
            assert made.station.reminder_days < made.station.holding_days
            assert made.service.village_share + made.service.to_post_share + made.service.refused_share <= 1


def test_the_one_assumption_that_matters_is_found_among_many() -> None:
    paths = [f"p{i}" for i in range(100)]
    x = hypercube(paths, 24, 3)
    found = responses(x, 3.0 - 2.0 * x[:, 41], paths)
    assert (found[0].path, found[0].clear) == ("p41", True)
    assert found[0].rho == pytest.approx(-1.0)


def test_pure_luck_is_not_called_clear() -> None:
    paths = [f"p{i}" for i in range(100)]
    x, luck = hypercube(paths, 24, 3), hypercube(["elsewhere"], 24, 9)[:, 0]
    assert not any(r.clear for r in responses(x, luck, paths))


def test_a_difference_that_never_changes_responds_to_nothing() -> None:
    assert responses(hypercube(["a", "b"], 8, 1), np.zeros(8), ["a", "b"]) == []


@given(st.floats(0.91, 1.49), st.floats(0.1, 10.0), st.booleans())
@settings(max_examples=80, deadline=None)
def test_the_turning_value_of_a_straight_line_is_its_zero(zero: float, slope: float, falling: bool) -> None:
    def line(x: float) -> float:
        return (-slope if falling else slope) * (x - zero)

    u = assumption()
    found = turning("pooled", "cost", u, line(u.low), line(u.value), line(u.high))
    if abs(zero - u.value) > 1e-9:
        assert found.value == pytest.approx(zero)


def test_a_line_that_keeps_its_sign_turns_nowhere() -> None:
    assert turning("pooled", "cost", assumption(), -1.0, -2.0, -3.0).value is None


def test_who_has_no_entry_in_the_books_of_a_point_has_nought_there_and_only_there() -> None:
    spent, kept = ("public_spending_yuan", "programme", "village-network"), ("village_coverage", "remoteness", "far")
    rows = [("baseline", point, seed, "village_coverage", "", "", 0.4) for point in ("a", "b") for seed in (1, 2)]
    rows += [("paid", point, seed, "village_coverage", "", "", 0.5) for point, seed in (("a", 1), ("a", 2), ("b", 1))]
    rows += [("paid", "a", 1, *spent, 100.0), ("paid", "a", 2, *spent, 300.0), ("paid", "a", 1, *kept, 0.3)]
    metrics = pd.DataFrame(rows, columns=["scenario", "point", "seed", "metric", "group", "value_of_group", "value"])
    d = point_differences(metrics, "baseline", "paid")
    # point a: 100 and 300 against nothing; point b: one run without an entry, one that does not exist
    assert d.loc[spent].to_dict() == {"a": 200.0, "b": 0.0}
    assert d.loc[kept].isna().all()
    table = pd.DataFrame([("paid", "settled", *spent)], columns=["alternative", "window", "metric", "group", "value_of_group"])
    ranged = with_ranges(table, {"paid": d}, set(), 1.0)
    assert ranged[["parameter_low", "parameter_high"]].to_numpy().tolist() == [[0.0, 200.0]]


def test_totals_are_scaled_to_the_studys_days_and_shares_are_not() -> None:
    keys = {"group": "", "value_of_group": "", "window": "settled", "alternative": "pooled"}
    table = pd.DataFrame([{"metric": m, **keys, "parameter_low": np.nan, "parameter_high": np.nan} for m in ("km", "share", "other")])
    d = pd.DataFrame({"0": [1.0, 0.2], "1": [-2.0, 0.4]}, index=pd.MultiIndex.from_tuples([("km", "", ""), ("share", "", "")]))
    d.index.names = ["metric", "group", "value_of_group"]
    filled = with_ranges(table, {"pooled": d}, {"km"}, 3.0).set_index("metric")
    assert filled.loc["km", ["parameter_low", "parameter_high"]].tolist() == [-6.0, 3.0]
    assert filled.loc["share", ["parameter_low", "parameter_high"]].tolist() == [0.2, 0.4]
    assert filled.loc["other", ["parameter_low", "parameter_high"]].isna().all()


def test_a_study_names_the_assumption_that_turns_its_verdict_and_where(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(design(scenarios), workers=1, out=tmp_path / "out", work=fake_run.linear)
    row = study.differences().query("metric == 'cost_per_parcel_yuan' and group == ''").iloc[0]
    assert row["mean"] == pytest.approx(0.5 * (1.2 - fake_run.TURNS_AT))
    assert 0.5 * (0.9 - fake_run.TURNS_AT) <= row["parameter_low"] < -0.18
    assert 0.08 < row["parameter_high"] <= 0.5 * (1.5 - fake_run.TURNS_AT)
    told = study.assumptions
    assert told is not None
    assert told["responses"]["pooled"][0]["path"] == FEE
    turned = [turn for turn in told["turnings"] if turn["metric"] == "cost_per_parcel_yuan" and turn["path"] == FEE]
    assert turned[0]["value"] == pytest.approx(fake_run.TURNS_AT)
    said = " ".join(words["en"] for words in told["said"])
    assert 'hangs on the assumption "dispatch fee": above about 1.3 yuan/parcel it rises instead of falling' in said
    assert any("高于约 1.3 元/件 时由下降变为上升" in words["zh"] for words in told["said"])


def test_a_verdict_that_nothing_turns_is_said_to_hold(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(design(scenarios), workers=1, out=tmp_path / "out", work=fake_run.fake)
    assert study.assumptions is not None
    assert any("responds to no assumption" in words["en"] for words in study.assumptions["said"])
    row = study.differences().query("metric == 'cost_per_parcel_yuan' and group == ''").iloc[0]
    assert row["parameter_low"] == row["parameter_high"]


def test_that_nothing_turns_a_verdict_is_said_only_of_the_assumptions_run_alone(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(design(scenarios, ends=1), workers=1, out=tmp_path / "out", work=fake_run.steady)
    assert study.assumptions is not None
    assert study.assumptions["alone"] == [FEE]
    n = len(study.assumptions["varied"])
    said = " ".join(words["en"] for words in study.assumptions["said"])
    assert "turns at neither end of the plausible range of any assumption taken alone" in said
    assert f"(1 of {n}; " in said
    assert "the others were only varied together" in said
    none = compare(design(scenarios, ends=0), workers=1, out=tmp_path / "none", work=fake_run.steady)
    assert none.assumptions is not None
    assert any("none was taken alone" in words["en"] for words in none.assumptions["said"])


CATALOGUE = {
    "cost": MetricText(Words("成本", "Cost"), "yuan/parcel", "lower"),
    "hours": MetricText(Words("小时", "Hours"), "hours", "lower"),
    "served": MetricText(Words("通达", "Served"), "share", "higher"),
}
POOLED = Words("共同配送", "Pooling")


def row(mean: float, low: float, high: float, ends: tuple[float, float] = (math.nan, math.nan)) -> dict[str, float]:
    span = {"parameter_low": ends[0], "parameter_high": ends[1]}
    return {"mean": mean, "low": low, "high": high, "n": 10, "same_sign_share": 0.9, **span}


def test_only_clear_verdicts_have_a_sign_that_combinations_can_keep_or_lose() -> None:
    signs = signed({"hours": row(-2.0, -3.0, -1.0), "served": row(0.1, 0.05, 0.2), "cost": row(0.1, -0.2, 0.3)})
    assert signs == {"hours": -1, "served": 1}
    points = {"hours": np.array([-1.0, -2.0, 0.5, 0.0]), "served": np.array([0.1, 0.2])}
    assert keeping(signs, points) == {"hours": (2, 4), "served": (2, 2)}


def test_every_other_verdict_that_some_combination_turns_is_named_with_what_it_goes_with() -> None:
    fee = assumption()
    kept, signs = {"hours": (2, 4), "served": (4, 4)}, {"hours": -1, "served": 1}
    alone = [turning("pooled", "hours", fee, -1.0, -1.0, 1.0), turning("pooled", "served", fee, 1.0, 1.0, 2.0)]
    said = [words.en for words in screen(POOLED, kept, {"hours": [Response(FEE, 0.9, True)]}, alone, signs, CATALOGUE, {FEE: fee})]
    assert said == [
        "Pooling: of the other clear verdicts (2), 1 keep their sign in all 4 combinations; these only in some: "
        'Hours (2 of 4, goes with "dispatch fee").',
        'Pooling: one assumption alone turns other verdicts: "dispatch fee": Hours (above about 1.35 yuan/parcel).',
    ]
    hold = screen(POOLED, {"served": (4, 4)}, {}, alone[1:], signs, CATALOGUE, {FEE: fee})
    assert [words.en for words in hold] == ["Pooling: the other clear verdicts (1) keep their sign in all 4 combinations."]


@pytest.mark.parametrize(
    ("points", "clear", "candidates", "more"), [(8, False, True, True), (48, False, True, False), (8, True, False, False)]
)
def test_points_that_name_nothing_for_certain_give_candidates_and_say_how_many_would(
    points: int, clear: bool, candidates: bool, more: bool
) -> None:
    fee = replace(assumption(), unit="brands", low=1.0)
    turned = [turning("pooled", "cost", fee, -1.0, -0.8, -0.7)]
    over = np.full(points, -0.8)
    said, together = hinge(POOLED, CATALOGUE["cost"], "lowers", turned, [Response(FEE, 0.4, clear)], over, {FEE: fee}, 1)
    assert "dispatch fee: −1.00 yuan/parcel at 1 brand," in said.en
    assert ("so these are candidates" in said.en) == candidates
    assert ("which-assumption" in said.en) == ("which-assumption" in said.zh) == more
    assert together.en.startswith(f"In {points} of {points} combinations")


def test_a_range_that_misses_the_studys_own_estimate_is_said_and_marked() -> None:
    off, held = row(-2.0, -3.0, -1.0, (-1.0, 1.0)), row(0.5, 0.4, 0.6, (0.5, 0.7))
    assert (outside(off), outside(held), outside(row(1.0, 0.5, 1.5))) == (True, False, False)
    words = missed({"pooled": {"hours": off, "cost": held}}, {"pooled": POOLED}, CATALOGUE, 14)
    assert words is not None
    assert "do not hold the study's own estimate (marked †)" in words.en
    assert words.en.endswith("Pooling: Hours.")
    assert "14 天" in words.zh
    assert missed({"pooled": {"cost": held}}, {"pooled": POOLED}, CATALOGUE, 14) is None
    assert varied_text(off, "hours", "en").endswith("†")
    assert not varied_text(held, "hours", "en").endswith("†")


def test_without_the_setting_no_range_is_computed(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios, 5, 1, out=tmp_path / "out", work=fake_run.fake)
    assert study.assumptions is None
    assert study.differences()[["parameter_low", "parameter_high"]].isna().all(axis=None)
    assert not (tmp_path / "out" / "assumptions").exists()


def test_all_scenarios_meet_the_same_values_and_the_same_luck_at_a_point(scenarios: list[Scenario], tmp_path: Path) -> None:
    chosen = design(scenarios, seeds=2)
    points = points_of(uncertain(scenarios, 0.5), 4, 1)
    tasks = point_tasks(chosen, points, 1, tmp_path)
    assert len(tasks) == 5 * 2 * 2
    for point in points:
        own = [task for task in tasks if task.point == point]
        assert len({task.scenario.parameters for task in own}) == 1
        assert {task.seed for task in own} == {1, 2}
    assert tasks[0].point == DEFAULT


def test_runs_over_the_assumptions_are_kept_by_an_interruption_and_used_again(scenarios: list[Scenario], tmp_path: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(design(scenarios), workers=1, out=tmp_path / "out", work=fake_run.linear, progress=interrupt)
    told: list[Progress] = []
    study = compare(design(scenarios), workers=1, out=tmp_path / "out", work=fake_run.linear, progress=told.append)
    assert told[0].total == told[0].assumed == 50
    assert told[0].reused == 40
    begun = [progress for progress in told if not progress.task]
    assert [progress.total - progress.assumed for progress in begun] == [0, 10]
    again = compare(design(scenarios), workers=1, out=tmp_path / "out", work=_never)
    assert again.reused == len(told) - 2 + 40
    assert again.record == study.record


def _never(task: object) -> float:
    raise AssertionError(task)
