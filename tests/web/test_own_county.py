"""A county folder in the user's scenarios folder is offered beside the shipped ones, and refused with its faults where it has any."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import ScenarioError
from sim.web.draft import checked, drawn, own_counties, read, text
from sim.web.job import Job, Store
from sim.web.pool import Pool
from tests.web.conftest import SMALL, Served, serving
from tests.web.test_job import ended


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """A scenarios folder with two counties, one of which lacks a table."""
    for name in ("mine", "broken"):
        shutil.copytree(SMALL, tmp_path / "scenarios" / "counties" / name)
    (tmp_path / "scenarios" / "counties" / "broken" / "villages.csv").unlink()
    return tmp_path / "scenarios"


def mine(name: str = "mine", base: str = "baseline") -> dict[str, Any]:
    return drawn(base) | {"county": name, "days": 1, "warm_up_days": 1}


def asked(server: Served, path: str, body: dict[str, Any] | None = None) -> Any:
    """Return what the server answers, None where it finds nothing."""
    headers = {"Content-Type": "application/json", "X-Guantong-Token": server.token}
    sent = urllib.request.Request(f"{server.address}{path}", None if body is None else json.dumps(body).encode(), headers)
    try:
        return json.load(urllib.request.urlopen(sent, timeout=60))
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return None


def test_it_is_offered_by_its_name_and_drawn_before_anything_runs(scenarios: Path, tmp_path: Path) -> None:
    with serving(tmp_path, 1, scenarios) as server:
        offered = {county["folder"]: county for county in asked(server, "/api/start")["counties"]}
        assert {"mine", "broken", "621225_xihe"} <= offered.keys()
        assert offered["mine"]["zh"] != "mine"
        assert asked(server, "/api/county?county=mine")["villages"]
    with serving(tmp_path, 1) as server:
        assert "mine" not in {county["folder"] for county in asked(server, "/api/start")["counties"]}
        assert asked(server, "/api/county?county=mine") is None


def test_one_with_faults_is_refused_with_them(scenarios: Path, tmp_path: Path) -> None:
    with serving(tmp_path, 1, scenarios) as server:
        told = asked(server, "/api/check", {"draft": mine("broken")})
        assert "villages.csv" in told["faults"][0]["en"]
        assert "villages.csv" in told["faults"][0]["zh"]
        assert "yaml" in asked(server, "/api/check", {"draft": mine()})


def test_its_file_runs_from_anywhere_and_is_read_back_by_its_name(scenarios: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    scenario = checked(mine(), folder, scenarios)
    assert scenario.county_folder == own_counties(scenarios)["mine"]
    written = (folder / "baseline.yaml").read_text(encoding="utf-8")
    assert sim.load(folder / "baseline.yaml").county_folder == scenario.county_folder
    assert text(read(written, tmp_path, scenarios)) == text(mine())


def test_a_county_that_is_elsewhere_is_refused(scenarios: Path, tmp_path: Path) -> None:
    for name in ("mine", str(scenarios / "counties" / "mine"), "../scenarios/counties/mine"):
        with pytest.raises(ScenarioError, match="county names"):
            checked(mine(name), tmp_path)
    with pytest.raises(ScenarioError, match="county names"):
        checked(mine("../counties/mine"), tmp_path, scenarios)


def test_a_comparison_in_it_is_made(scenarios: Path, tmp_path: Path) -> None:
    pool = Pool(1, warm=False)
    try:
        job = Job("own", pool, Store(tmp_path / "results" / "workshop", scenarios), [mine(), mine(base="joint-and-subsidy")], 2)
        job.start()
        assert ended(job)[-1]["type"] == "study"
    finally:
        pool.close()
