"""What the runs of a scenario have in common before their first day is worked out once for all of them, and changes no byte."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from sim.run import Versions, run
from sim.scenario.model import Scenario
from sim.store.starts import SUFFIX, Starts, key_before
from sim.study.task import Begin, Task, begins_of, work
from tests.produce.test_season_before import warm
from tests.run.small import STRAINED, digests, scenario
from tests.run.test_start import RESTLESS, VOLUNTARY


@pytest.fixture(autouse=True)
def own_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()


def forget() -> None:
    """Forget what this process knows of the scenarios it has met."""
    sys.modules["sim.run"]._settings.clear()


def made(name: str) -> Scenario:
    """Return a scenario that begins with decisions, with members of an alliance, or with what farms remember."""
    if name == "voluntary":
        return scenario(days=3, warm_up=4, levers=[VOLUNTARY], **RESTLESS)
    return warm("before", True) if name == "season" else scenario(days=3, warm_up=4, **STRAINED)


@pytest.mark.parametrize("name", ["strained", "voluntary", "season"])
def test_a_run_that_takes_it_from_a_folder_leaves_the_same_tables(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, before = made(name), tmp_path / "before"
    run(chosen, 1, out=tmp_path / "alone")
    forget()
    run(chosen, 1, out=tmp_path / "first", before=before)
    assert [path.name for path in before.iterdir()] == [f"{key_before(chosen, True)}{SUFFIX}"]
    forget()
    monkeypatch.setattr(Versions, "settled_state", _asked_again)
    monkeypatch.setattr(sys.modules["sim.run"], "season_before", _asked_again)
    run(chosen, 1, out=tmp_path / "second", before=before)
    assert digests(tmp_path / "alone") == digests(tmp_path / "first") == digests(tmp_path / "second")


def _asked_again(self: Any, *_: object) -> object:
    if isinstance(self, Versions) and self._settled is not None:
        return self._settled
    raise AssertionError("worked out although it was kept")


def test_another_scenario_and_another_window_have_their_own(tmp_path: Path) -> None:
    keys = {key_before(chosen, settled) for chosen in (made("strained"), made("voluntary")) for settled in (True, False)}
    assert len(keys) == 4


def test_a_study_works_it_out_once_for_each_scenario_that_several_runs_have(tmp_path: Path) -> None:
    before = tmp_path / "before"
    one, other = made("strained"), made("voluntary")
    tasks = [Task(chosen, seed, "settled", tmp_path / chosen.hash / str(seed), before=before) for seed in (1, 2) for chosen in (one, other)]
    assert begins_of(tasks) == [Begin(tasks[0]), Begin(tasks[1])]
    assert begins_of(tasks[:2]) == []
    assert begins_of([Task(one, seed, "settled", tmp_path / str(seed)) for seed in (1, 2)]) == []
    work(begins_of(tasks)[0])
    assert Starts(before).has(key_before(one, True))
    assert not tasks[0].folder.exists()
