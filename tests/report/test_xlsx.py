"""The workbook holds every row of the study, with units."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from made_up_study import make

from sim.report.xlsx import write_study_xlsx
from sim.text import LANGUAGES, Lang, t

STUDY = make()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_holds_every_row_and_a_chart_with_error_bars(tmp_path: Path, lang: Lang) -> None:
    path = write_study_xlsx(STUDY, tmp_path / f"study.{lang}.xlsx", lang)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [t(f"report.sheet_{name}", lang) for name in ("summary", "differences", "metrics", "assumptions")]
    _, differences, metrics, _ = book.worksheets
    assert differences.max_row == len(STUDY.differences) + 1
    keys = ["scenario", "window", "metric", "group", "value_of_group"]
    assert metrics.max_row == len(STUDY.metrics.astype(dict.fromkeys(keys, str)).drop_duplicates(keys)) + 1
    assert metrics.max_column == 7 + STUDY.metrics["seed"].nunique()
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets)
    with ZipFile(path) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert "<c:errBars>" in chart
    assert list(tmp_path.iterdir()) == [path]


def test_a_difference_stands_in_the_workbook_as_a_number_with_its_unit(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", "en")).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    row = {name: cell.value for name, cell in zip(head, sheet[2], strict=True)}
    held = STUDY.differences.iloc[0]
    assert row["Difference"] == pytest.approx(held["mean"])
    assert row["95% low"] == pytest.approx(held["low"])
    assert row["Unit"] == "yuan/parcel"
