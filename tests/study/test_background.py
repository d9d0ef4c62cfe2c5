"""A study says whether produce is simulated in it, and what its crops are called."""

from __future__ import annotations

import pytest

from sim.study.background import background
from sim.study.design import designed
from sim.text import t
from sim.world.data import scenarios_dir
from tests.run.small import ORCHARD, scenario


@pytest.mark.parametrize("active", [False, True])
def test_a_study_says_whether_produce_is_in_it(active: bool) -> None:
    both = [
        scenario(county=ORCHARD),
        scenario("other", county=ORCHARD, produce={"active": active}),
    ]
    told = background(designed(both, 1, ["settled"]))
    said = [words["en"] for words in told["unknowns"]]
    assert (t("study.unknown.produce_on", "en") in said, t("study.unknown.produce_off", "en") in said) == (active, not active)
    assert any(entry["path"].startswith("parameters.produce.") for entry in told["assumptions"]) == active, "else nothing asks them"
    assert told["crops"].get("pear", {}).get("zh", "").endswith("梨") == active


def test_parameters_of_produce_have_names_of_their_own_in_english() -> None:
    told = background(designed([scenario(county=ORCHARD, produce={"active": True}), scenario("other", county=ORCHARD)], 1, ["settled"]))
    raw = [
        e["path"]
        for e in told["assumptions"]
        if e["path"].startswith("parameters.produce.") and e["name"]["en"] == e["path"].split(".")[-1].replace("_", " ")
    ]
    assert raw == []


def test_the_county_is_credited_in_both_languages() -> None:
    one = scenario(county=scenarios_dir() / "counties" / "621225_xihe")
    told = background(designed([one, one.model_copy(update={"name": "other"})], 1, ["settled"]))["attribution"]
    assert told["zh"].startswith("代码与名称：国家统计局")
    assert told["en"].startswith("Codes and names: National Bureau of Statistics")
