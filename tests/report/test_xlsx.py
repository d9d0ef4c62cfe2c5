"""The workbook holds every difference of the study as typed cells, with units, and says what stands where."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from made_up_study import make

from sim.report.xlsx import write_study_xlsx, write_workbooks
from sim.text import LANGUAGES, Lang, meaning, t

STUDY = make()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_holds_every_row_and_a_chart_with_error_bars(tmp_path: Path, lang: Lang) -> None:
    path = write_study_xlsx(STUDY, tmp_path / f"study.{lang}.xlsx", lang)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [t(f"report.sheet_{name}", lang) for name in ("contents", "summary", "differences", "metrics", "assumptions")]
    _, _, differences, metrics, _ = book.worksheets
    assert differences.max_row == len(STUDY.differences) + 1
    keys = ["scenario", "window", "metric", "group", "value_of_group"]
    assert metrics.max_row == len(STUDY.metrics.astype(dict.fromkeys(keys, str)).drop_duplicates(keys)) + 1
    assert metrics.max_column == 11 + STUDY.metrics["seed"].nunique()
    assert {cell.value for cell in metrics["A"][1:]} <= {words.text(lang) for words in STUDY.titles.values()}
    assert not any(": " in str(row[0].value) for row in book.worksheets[0].iter_rows() if lang == "zh")
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets[1:])
    with ZipFile(path) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert "<c:errBars>" in chart
    assert list(tmp_path.iterdir()) == [path]


def test_a_difference_stands_in_the_workbook_as_a_number_with_its_unit(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", "en")).worksheets[1]
    head = [cell.value for cell in sheet[1]]
    row = {name: cell.value for name, cell in zip(head, sheet[2], strict=True)}
    held = STUDY.differences.iloc[0]
    assert row["Difference"] == pytest.approx(held["mean"])
    assert row["95% low"] == pytest.approx(held["low"])
    assert row["Unit"] == "yuan/parcel"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_outcome_in_the_summary_says_what_it_means(lang: Lang, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", lang)).worksheets[1]
    told = {cells[0].value: cells[-1].value for cells in sheet.iter_rows(min_row=2) if cells[1].value}
    assert told == {STUDY.catalogue[name].title.text(lang): meaning(name, lang) for name in STUDY.outcomes}


def test_every_cell_of_the_differences_equals_the_studys_own_to_fifteen_digits(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", "en"))["Differences"]
    head, *rows = sheet.iter_rows(values_only=True)
    column = {name: [row[place] for row in rows] for place, name in enumerate(head)}
    shown = {
        "Metric id": "metric", "Group id": "group", "Value id": "value_of_group", "Scenario id": "alternative", "Baseline": "baseline",
        "Value": "value", "Difference": "mean", "95% low": "low", "95% high": "high", "Replications": "n",
    }  # fmt: skip
    for title, name in shown.items():
        held = [None if value == "" or value != value else value for value in STUDY.differences[name].tolist()]
        for cell, own in zip(column[title], held, strict=True):
            assert cell == (pytest.approx(own, rel=1e-15, abs=0.0) if isinstance(own, float) else own), title
    assert {type(value) for value in column["Difference"]} <= {int, float, type(None)}


def test_the_contents_count_the_rows_of_each_sheet_and_lead_to_it(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", "en"))
    front = book["Contents"]
    listed = [[cell.value for cell in row] for row in front.iter_rows(min_row=6, max_row=9)]
    assert [name for name, _, _ in listed] == book.sheetnames[1:]
    assert [front.cell(line, 1).hyperlink.location for line in range(6, 10)] == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert dict(zip(book.sheetnames[1:], (rows for _, _, rows in listed), strict=True))["Differences"] == len(STUDY.differences)


def test_a_share_is_stored_as_a_fraction_and_shown_as_per_cent(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", "en"))["Summary"]
    head = [cell.value for cell in sheet[1]]
    shares = [row for row in sheet.iter_rows(min_row=2) if row[head.index("Unit")].value == "%"]
    assert shares
    assert all(row[head.index("Difference")].number_format == "0.0%" and abs(row[head.index("Difference")].value) < 1 for row in shares)


def test_no_number_shows_a_point_without_digits_or_more_digits_than_it_needs(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", "en"))["Differences"]
    seen = set()
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, int | float) and "%" not in cell.number_format:
                seen.add(cell.number_format)
                whole, digits = cell.value == round(cell.value), len(cell.number_format.partition("E")[0].partition(".")[2])
                assert digits == (0 if whole or abs(cell.value) >= 1000 else 1 if abs(cell.value) >= 100 else digits)
                assert whole or abs(cell.value) >= 1000 or digits in (1, 2, 4)
    assert len(seen) >= 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_long_lines_of_text_are_as_high_as_they_need_to_be_and_stay_inside_the_columns(lang: Lang, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_study_xlsx(STUDY, tmp_path / "study.xlsx", lang))
    sheet = book.worksheets[4]
    counted = t("report.assumed_count", lang, all=STUDY.parameters_in_all, assumed=STUDY.assumptions_in_all)
    places = {row[0].value: row[0].row for row in sheet.iter_rows()}
    spans = {area.min_row: area.max_col for area in sheet.merged_cells.ranges}
    assert spans[places[counted]] == 6
    wide = sum(sheet.column_dimensions[letter].width for letter in "ABCDEF")
    assert t("report.hinge_not_computed", lang) in places
    for words in STUDY.unknowns:
        line = places[words.text(lang)]
        assert sheet.row_dimensions[line].height >= 15 * max(1, len(words.text(lang)) // wide)


def test_workbooks_in_two_languages_hold_the_same_numbers(tmp_path: Path) -> None:
    books = [openpyxl.load_workbook(path) for path in write_workbooks(STUDY, tmp_path).values()]
    zh, en = (
        [[cell for cell in row if isinstance(cell, float)] for row in book.worksheets[2].iter_rows(values_only=True)] for book in books
    )
    assert zh == en
    assert len(zh) == len(STUDY.differences) + 1
