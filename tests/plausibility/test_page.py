"""The page of plausibility shows what its table of figures holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from tests.plausibility.page import write_tables
from tests.plausibility.published import PUBLISHED

DOCS = Path(__file__).parents[2] / "docs"
COUNTIES = Path(__file__).parents[2] / "scenarios" / "counties"


def test_the_tables_of_the_page_are_those_of_the_csv(tmp_path: Path) -> None:
    page = tmp_path / "plausibility.md"
    shutil.copy(DOCS / "plausibility.md", page)
    write_tables(pd.read_csv(DOCS / "plausibility.csv"), page)
    assert page.read_text(encoding="utf-8") == (DOCS / "plausibility.md").read_text(encoding="utf-8")


def test_every_shipped_county_and_every_figure_shown_is_in_the_csv() -> None:
    table = pd.read_csv(DOCS / "plausibility.csv")
    assert set(table["county"]) == {folder.name for folder in COUNTIES.iterdir() if folder.is_dir()}
    assert {figure for figure, _, _ in PUBLISHED} <= set(table["figure"])
