"""The page "add a lever in 20 minutes" is followed word by word in a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .page import ROOT, blocks

PAGE = ROOT / "docs" / "add-a-lever.md"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package in which the page has been followed; what the compiler knows comes along, by the files' times."""
    root = tmp_path_factory.mktemp("copy")
    for folder in ("sim", "scenarios", "tests/counties"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("*.pyc"))
    for block in blocks(PAGE):
        block.apply(root)
    return root


def call(root: Path, *args: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root), "GUANTONG_CACHE": str(root / "cache"), "GUANTONG_LANG": "en", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-m", *args], cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_test_on_the_page_passes(copy: Path) -> None:
    told = call(
        copy, "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(copy), "tests/levers/test_earlier_lines.py"
    )
    assert "5 passed" in told


def test_the_scenario_on_the_page_is_checked_and_explained(copy: Path) -> None:
    assert "no faults" in call(copy, "sim", "check", "scenarios/earlier-lines.yaml")
    told = call(copy, "sim", "explain", "scenarios/earlier-lines.yaml")
    ((before, after),) = re.findall(r"lines to the townships leave: (\d\d):\d\d → (\d\d):\d\d", told)
    assert int(after) == int(before) - 1


def test_the_new_kind_is_listed_with_its_parameter(copy: Path) -> None:
    assert '"levers.earlier_lines.minutes"' in call(copy, "sim", "list", "levers", "--json")


def test_every_block_of_code_on_the_page_is_used() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(blocks(PAGE)) == sum(text.count(f"\n```{language}\n") for language in ("python", "diff", "yaml"))
