"""What a county's card cites is what its villages add up to, or it is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.scenario.load import load
from sim.study.estimate import parcels_a_day
from sim.text import LANGUAGES
from sim.world.cited import otherwise
from sim.world.find import list_counties
from sim.world.read import read_sheets

SMALL = Path(__file__).parents[1] / "counties" / "small"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A county whose card cites half as many people again as live in it."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "other"))
    card = folder / "county.yaml"
    card.write_text(card.read_text("utf-8").replace("people: {value: 4000", "people: {value: 6000"), "utf-8")
    return folder


@pytest.mark.parametrize("folder", list_counties(None), ids=lambda folder: str(folder.name))
def test_a_shipped_county_has_the_people_that_it_cites(folder: Path) -> None:
    assert otherwise(read_sheets(folder)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["check", "explain"])
def test_people_that_are_cited_otherwise_are_said_and_no_fault(other: Path, tmp_path: Path, command: str, lang: str) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(f"format: 1\nname: mine\nextends: baseline\ncounty: {other}\n", "utf-8")
    done = CliRunner().invoke(app, [command, str(scenario), "--lang", lang])
    assert done.exit_code == 0
    assert "6,000" in done.output
    assert {"zh": "运行以表为准", "en": "runs go by the table"}[lang] in done.output.replace("\n", " ")
    if command == "check":
        assert "6,000" in CliRunner().invoke(app, [command, str(other), "--lang", lang]).output


def test_the_estimate_of_parcels_goes_by_the_villages_and_not_by_what_is_cited(other: Path) -> None:
    cited = (other / "county.yaml").read_text("utf-8")
    (other / "county.yaml").write_text(cited.replace("rural: {value: 2600", "rural: {value: 26000"), "utf-8")
    asked = [load("baseline", [f"county={folder}"]) for folder in (SMALL, other)]
    assert parcels_a_day(asked[0]) == parcels_a_day(asked[1])
