"""A draft is a scenario file: written the same way every time, confined to what the package brings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.files import scenarios
from sim.text import LANGUAGES
from sim.web.app import _explained
from sim.web.catalogue import short
from sim.web.draft import checked, drawn, read, spelled_out, text

NAMES = [row.file.stem for row in scenarios() if not row.study and short(row)]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_comes_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    draft = drawn(name)
    assert read(text(draft), tmp_path) == draft
    assert text(read(text(draft), tmp_path)) == text(draft)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_form_shows_is_written_out_and_a_file_that_says_all_stays_what_it_is(name: str, tmp_path: Path) -> None:
    draft = drawn(name)
    assert spelled_out(draft, checked(draft, tmp_path)) == draft
    extending = {"format": 1, "name": "mine", "extends": name}
    made = spelled_out(extending, checked(extending, tmp_path))
    assert {key: made[key] for key in ("county", "start", "days", "warm_up_days")} == {
        key: draft[key] for key in ("county", "start", "days", "warm_up_days")
    }
    if name != "baseline":
        assert (made["extends"], made["levers"], made.get("parameters")) == ("baseline", draft["levers"], draft.get("parameters"))


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_can_be_told_to_the_page(name: str) -> None:
    told = json.loads(json.dumps(_explained(drawn(name), None)))
    assert told["yaml"] == text(drawn(name))
    assert all(told["explain"][lang] for lang in LANGUAGES)


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_means_what_the_shipped_scenario_means(name: str, tmp_path: Path) -> None:
    made, shipped = checked(drawn(name), tmp_path), sim.load(name)
    assert made.hash == shipped.hash


def test_a_number_that_is_wrong_is_told_with_its_line_and_range(tmp_path: Path) -> None:
    draft = drawn("per-parcel-subsidy")
    draft["levers"][0]["rate"] = 99
    with pytest.raises(ScenarioError) as found:
        checked(draft, tmp_path)
    assert "rate is 99" in str(found.value)
    assert "10" in found.value.faults[0].allowed


@pytest.mark.parametrize("parent", ["/etc/passwd", "../secret.yaml", "baseline/../../x", ["baseline", "/etc/hosts"], {"a": 1}, 7])
def test_no_file_but_a_shipped_one_is_extended(parent: object, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="extends"):
        checked({**drawn("baseline"), "extends": parent}, tmp_path)


@pytest.mark.parametrize("county", ["/", "../../counties", "621225_xihe/..", 5])
def test_no_county_but_a_shipped_one_is_used(county: object, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="county"):
        checked({**drawn("baseline"), "county": county}, tmp_path)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "x" * 81, None, "a\0b", ".."])
def test_a_name_that_is_a_path_is_refused(name: object, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="name"):
        checked({**drawn("baseline"), "name": name}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_more_days_than_the_page_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="1461"):
        checked({**drawn("baseline"), "days": 3660}, tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        "!!python/object/apply:os.system ['true']",
        "a: &a [x, x]\nb: [*a, *a]",
        "- a\n- b",
        "\x00\x01",
        "extends: /etc/passwd\nformat: 1",
        "{" * 500,
        "a: b\n" * 10_000,
        "",
    ],
)
def test_a_hostile_file_is_a_fault_and_nothing_else(written: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        checked({"name": "uploaded", **read(written, tmp_path)}, tmp_path)
