"""What lasts of an effect two years after its measure ended."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.scenario.load import load
from sim.scenario.model import Scenario
from sim.scenario.study import load_study
from sim.study.lasting import lasting_rows, months_of
from sim.study.public import public_lines
from sim.text import MetricText, Words

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "tests" / "counties" / "small"
LAST, AFTER = ["2021-12", "2022-01", "2022-02"], ["2023-12", "2024-01", "2024-02"]
SUPPORT = "levers:\n  - {{kind: station_support, per_month: 100, programme: net, {dates}}}\n"


def made(folder: Path, name: str, days: int = 1096, dates: str = "", since: str = "2021-03-01") -> Scenario:
    money = "programmes: {net: {budget: {county: 100000}}}\n" + SUPPORT.format(dates=dates) if dates else ""
    (folder / f"{name}.yaml").write_text(f"format: 1\nname: {name}\ncounty: {COUNTY}\nstart: {since}\ndays: {days}\n{money}")
    return load(folder / f"{name}.yaml")


def test_the_last_whole_months_of_a_measure_stand_against_the_same_months_two_years_later(tmp_path: Path) -> None:
    assert months_of(made(tmp_path, "a", dates="until: 2022-02-28")) == (LAST, AFTER)
    assert months_of(made(tmp_path, "b", dates="until: 2022-03-20")) == (LAST, AFTER)


def test_nothing_is_said_of_a_measure_that_goes_on_or_was_short_or_of_a_run_that_ends_before(tmp_path: Path) -> None:
    assert months_of(made(tmp_path, "a")) is None
    assert months_of(made(tmp_path, "b", dates="from: 2021-03-01")) is None
    assert months_of(made(tmp_path, "c", 1095, dates="until: 2022-02-28")) is None
    assert months_of(made(tmp_path, "d", dates="from: 2021-12-02, until: 2022-02-28")) is None
    assert months_of(made(tmp_path, "e", dates="from: 2021-11-20, phase_in_days: 20, until: 2022-02-28")) is None


def metrics(seeds: int = 5) -> pd.DataFrame:
    """Return metrics in which stations go from +0.2 to +0.05 and coverage is moved by nothing."""
    rows = [
        (name, seed, "transition", metric, "share", "", "", month, value + 0.001 * seed, 10)
        for name, stations in (("base", (0.5, 0.6)), ("ends", (0.7, 0.65)))
        for seed in range(1, seeds + 1)
        for months, level in zip((LAST, AFTER), stations, strict=True)
        for month in months
        for metric, value in (("stations_share", level), ("village_coverage", 0.3))
    ]
    return pd.DataFrame(rows, columns=["scenario", "seed", "window", "metric", "unit", "group", "value_of_group", "period", "value", "n"])


def test_what_lasts_is_the_later_difference_over_the_last_one(tmp_path: Path) -> None:
    scenarios = [made(tmp_path, "base"), made(tmp_path, "ends", dates="until: 2022-02-28")]
    table = lasting_rows(metrics(), scenarios).set_index("value_of_group")
    assert set(table["window"]) == {"transition"}
    assert table.loc["stations_share", "mean"] == pytest.approx(0.25)
    assert pd.isna(table.loc["village_coverage", "mean"])
    assert lasting_rows(metrics().assign(window="settled"), scenarios).empty


def test_the_brief_says_what_lasts_and_what_is_undefined(tmp_path: Path) -> None:
    scenarios = [made(tmp_path, "base"), made(tmp_path, "ends", dates="until: 2022-02-28")]
    rows = {(r["metric"], r["group"], r["value_of_group"]): r for r in lasting_rows(metrics(), scenarios).to_dict("records")}
    catalogue = {
        "stations_share": MetricText(Words("有站的村", "Villages with a station"), "share", "higher"),
        "village_coverage": MetricText(Words("直投到村率", "Delivered inside the village"), "share", "higher"),
    }
    said = public_lines(rows, catalogue, {})
    assert [words.en for words in said] == [
        "What lasts of the effect 24 months after the end, of that in the last three months before it: "
        "Delivered inside the village undefined; Villages with a station 25.0% [25.0%, 25.0%]."
    ]
    assert "措施结束 24 个月后" in said[0].zh


def test_the_shipped_study_of_what_lasts_runs_two_years_beyond_every_measure() -> None:
    study = load_study(ROOT / "scenarios" / "what-lasts.yaml")
    assert study.windows == ("transition",)
    assert all(months_of(scenario) == (LAST, AFTER) for scenario in study.scenarios[1:])
