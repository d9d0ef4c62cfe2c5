"""What the README shows can be typed: its commands exist, its scenario is right, its Python runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from sim.cli.main import app
from sim.scenario.load import load

from .page import ROOT

READMES = (ROOT / "README.md", ROOT / "docs" / "zh" / "README.md")
MARKS = ("study", "test")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def marked(page: Path, mark: str) -> list[str]:
    """Return the lines between a mark and the next end, those that hold anything."""
    (inside,) = re.findall(rf"^<!-- {mark} -->\n(.*?)^<!-- end -->$", text_of(page), re.MULTILINE | re.DOTALL)
    return [line for line in inside.splitlines() if line.strip()]


def calls(page: Path) -> list[list[str]]:
    """Return the words of every call of the program that a page shows."""
    shown = re.findall(r"`(guantong [^`\n]+)`", text_of(page)) + [line.rpartition(".venv/bin/")[2] for line in marked(page, "study")]
    return [shlex.split(line)[1:] for line in shown]


@pytest.mark.parametrize("page", READMES, ids=("en", "zh"))
@pytest.mark.parametrize("mark", MARKS)
def test_each_of_the_two_commands_is_one_whole_line(page: Path, mark: str) -> None:
    (line,) = marked(page, mark)
    assert line.startswith("    python3 -m venv .venv && .venv/bin/pip install -q --no-compile ")
    assert [line] == marked(READMES[0], mark)


def test_the_study_is_the_main_command_and_the_test_is_pytest() -> None:
    assert marked(READMES[0], "study")[0].endswith(" . && .venv/bin/guantong compare")
    assert marked(READMES[0], "test")[0].endswith(" -e '.[dev]' && .venv/bin/python -m pytest")


@pytest.mark.parametrize("page", READMES, ids=("en", "zh"))
def test_every_call_that_is_shown_has_a_command_that_takes_it(page: Path) -> None:
    known = get_command(app).commands  # type: ignore[attr-defined]
    assert {"compare", "run", "check", "explain"} <= {command for command, *_ in calls(page)}
    for command, *args in calls(page):
        assert command in known
        if args:
            assert known[command].make_context(command, list(args)).params


def test_every_command_is_shown() -> None:
    shown = {command for page in READMES[:1] for command, *_ in calls(page)}
    assert shown == set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_scenario_that_is_shown_is_right(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", text_of(READMES[0]), re.DOTALL)
    path = tmp_path / "mine.yaml"
    path.write_text(shown, encoding="utf-8")
    scenario = load(path)
    assert [lever.id for lever in scenario.levers] == ["joint_distribution", "village_stations"]


def test_assumptions_are_counted_right() -> None:
    ((rows, assumed),) = re.findall(r"^(\d+) parameters, (\d+) of them assumptions", text_of(ROOT / "docs" / "parameters.md"), re.MULTILINE)
    counted = re.findall(r"(\d+)\s+of\s+the\s+(\d+)\s+parameters", text_of(ROOT / "docs" / "limits.md"))
    assert counted == [(assumed, rows)]
    assert 0.85 < int(assumed) / int(rows) < 0.95, "the READMEs say nine in ten"


def test_the_python_that_is_shown_runs(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", text_of(READMES[0]), re.DOTALL)
    county = ROOT / "tests" / "counties" / "small"
    text = f"format: 1\nname: baseline\ncounty: {county}\nstart: 2021-03-01\ndays: 8\nwarm_up_days: 2\n"
    (tmp_path / "baseline.yaml").write_text(text, encoding="utf-8")
    for name in ("pooled-lines.yaml", "pooled-to-village.yaml"):
        shutil.copy(ROOT / "scenarios" / name, tmp_path)
    (tmp_path / "shown.py").write_text(shown, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GUANTONG_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "shown.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr
    assert "cost_per_parcel_yuan" in done.stdout
    assert (tmp_path / "results" / "mine" / "report" / "report.zh.html").is_file()
