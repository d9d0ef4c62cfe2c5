"""What the comparison shows of a study is what the study says."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario.files import scenarios
from sim.scenario.study import load_study
from sim.text import LANGUAGES, meaning
from sim.web.comparison import PRODUCE, comparison, role
from sim.web.job import OUTCOMES
from sim.web.shelf import Shelf


def test_the_delivery_time_of_each_village_is_the_mean_of_the_replications(results: Path) -> None:
    study = sim.open(results / "small")
    told, metrics = comparison(study), study.metrics()
    own = metrics[(metrics["metric"] == "delivery_hours_mean") & (metrics["group"] == "village") & (metrics["period"] == "all")]
    for name in study.titles:
        means = own[own["scenario"] == name].groupby("value_of_group", observed=True)["value"].mean()
        shown = dict(zip(told["villages"][name]["village"], told["villages"][name]["delivery_hours"], strict=True))
        assert {key: hours for key, hours in shown.items() if hours is not None} == pytest.approx(means.dropna().to_dict())
        assert len(shown) == sum(tier == "village" for tier in told["places"]["tier"])
        assert len(means.dropna()) > 3


def test_every_outcome_that_a_study_or_the_page_shows_says_in_both_languages_what_it_means() -> None:
    shipped = [load_study(row.file).outcomes for row in scenarios() if row.study]
    shown = {name for names in (OUTCOMES, PRODUCE, *shipped) for name in names}
    assert {name for name in shown for lang in LANGUAGES if not meaning(name, lang)} == set()


def test_whoever_pays_or_is_paid_is_one_of_a_few_with_a_name(results: Path) -> None:
    assert [role(actor) for actor in ("farmers:540627101203", "host:1", "county", "express-1", "organiser", "fuel")] == [
        "farmers", "hosts", "treasury:county", "express-1", "firms", "suppliers",
    ]  # fmt: skip
    study = sim.open(results / "small")
    told = comparison(study)
    for name in study.titles:
        money = sim.open(study.run_folder(name, study.seeds[0], "settled")).table("money")
        assert sum(flow["fen"] for flow in told["flows"][name]) == money.loc[money["day"].between(0, 1), "amount_fen"].sum()
        assert len(told["flows"][name]) < 60


def test_the_list_of_results_tells_studies_of_one_title_apart(results: Path) -> None:
    study = next(entry for entry in Shelf(results).listed() if entry["id"] == "small")
    assert (study["start"], study["days"], study["replications"], study["window"]) == ("2021-03-01", 2, 5, "settled")
    assert study["county"]["zh"]
    assert study["made"] == int((results / "small" / "study.json").stat().st_mtime)
