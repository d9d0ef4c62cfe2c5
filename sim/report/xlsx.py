"""Write a study as a workbook: summary with a chart, differences, metrics, assumptions, all with units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sim.report.input import ReportInput
from sim.report.table import SIGNS, mark_of
from sim.text import Lang, Words, difference_unit, is_share, t, unit_text, value_text

WIDE, TEXT, NUMBER = 42, 24, 15
FONT = "Microsoft YaHei"


SUMMARY = (
    "outcome", "unit", "alternative", "window", "baseline_value", "value", "difference", "low", "high", "same_sign_head", "verdict",
)  # fmt: skip
DIFFERENCES = (
    "outcome", "metric_id", "unit", "column_group", "column_value_of_group", "alternative", "scenario_id", "window", "baseline_value",
    "value", "difference", "low", "high", "replications", "same_sign_head", "parameter_low", "parameter_high", "verdict",
)  # fmt: skip
MEASURED = ("baseline", "value", "mean", "low", "high", "n", "same_sign_share", "parameter_low", "parameter_high")
METRIC_KEYS = ("scenario", "window", "metric", "unit", "group", "value_of_group")
METRIC_HEADS = ("scenario_id", "window", "metric_id", "unit", "column_group", "column_value_of_group", "mean")


class Formats:
    """The few cell formats of the workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": FONT, "font_size": 10, "valign": "top"}
        self.text = book.add_format(base)
        self.wrap = book.add_format({**base, "text_wrap": True})
        self.head = book.add_format({**base, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#eef1f4"})
        self.title = book.add_format({**base, "bold": True, "font_size": 15})
        self.muted = book.add_format({**base, "font_color": "#5b6770"})
        self.number = book.add_format({**base, "num_format": "#,##0.###"})
        self.share = book.add_format({**base, "num_format": "0.0%"})

    def of(self, unit: str) -> Any:
        """Return the number format of a unit."""
        return self.share if is_share(unit) else self.number


def write_study_xlsx(report: ReportInput, out: Path, lang: Lang) -> Path:
    """Write the workbook to ``out`` (whole or not at all) and return it. Shares are fractions shown as per cent."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".part")
    with xlsxwriter.Workbook(str(partial), {"nan_inf_to_errors": False}) as book:
        formats = Formats(book)
        _summary(book, formats, report, lang)
        _differences(book, formats, report, lang)
        _metrics(book, formats, report, lang)
        _assumptions(book, formats, report, lang)
    partial.replace(out)
    return out


def _sheet(book: Any, name: str, head: Sequence[str], widths: Sequence[int], formats: Formats) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, (title, width) in enumerate(zip(head, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write(0, column, title, formats.head)
    return sheet


def _put(sheet: Any, row: int, column: int, value: object, form: Any, plain: Any) -> None:
    """Write a number, a text, or an empty cell for null and NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        sheet.write_blank(row, column, None, plain)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, plain)
    else:
        sheet.write_number(row, column, float(value), form)  # type: ignore[arg-type]


def _summary(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> None:
    head = [t(f"report.{name}", lang) for name in SUMMARY]
    sheet = _sheet(book, t("report.sheet_summary", lang), head, [WIDE, 12, TEXT, 12, *[NUMBER] * 6, 14], formats)
    table = report.differences
    totals = table[(table["group"].fillna("") == "") & table["metric"].isin(report.outcomes)]
    order = {metric: index for index, metric in enumerate(report.outcomes)}
    rows = sorted(totals.to_dict("records"), key=lambda row: (order[row["metric"]], row["window"] != "settled"))
    for line, row in enumerate(rows, start=1):
        told = report.catalogue[row["metric"]]
        mark = mark_of(row)
        values = [
            told.title.text(lang),
            unit_text(told.unit, lang),
            report.titles[row["alternative"]].text(lang),
            t(f"report.window_{row['window']}_short", lang),
            *(row[name] for name in ("baseline", "value", "mean", "low", "high", "same_sign_share")),
            f"{SIGNS[mark]} {t(f'report.{mark}', lang)}",
        ]
        for column, value in enumerate(values):
            _put(sheet, line, column, value, formats.share if column == 9 else formats.of(told.unit), formats.text)
    last = len(rows) + 2
    sheet.write(last, 0, report.title.text(lang), formats.title)
    below = [words.text(lang) for words in (report.question, *_answer(report), *report.notes)]
    for offset, text in enumerate(below, start=1):
        sheet.write(last + offset, 0, text, formats.text)
    chart = _chart(book, sheet.get_name(), report, rows, lang)
    if chart is not None:
        sheet.insert_chart(last + len(below) + 2, 0, chart)


def _answer(report: ReportInput) -> list[Words]:
    """Return the few lines of each alternative below its name, else a sentence per outcome."""
    if not report.answers:
        return list(report.verdicts)
    lines = [words for answer in report.answers for words in (answer.title, *answer.lines)]
    return [*lines, *report.equal_service]


def _chart(book: Any, sheet: str, report: ReportInput, rows: list[dict[Any, Any]], lang: Lang) -> Any | None:
    """Return a native bar chart of the first outcome that has intervals, with the intervals as error bars."""
    complete = [(line, row) for line, row in enumerate(rows, start=1) if row["window"] == "settled" and row["low"] == row["low"]]
    if not complete or complete[0][1]["low"] is None:
        return None
    metric = complete[0][1]["metric"]
    lines = [(line, row) for line, row in complete if row["metric"] == metric]
    first, last = lines[0][0], lines[-1][0]
    told = report.catalogue[metric]
    chart = book.add_chart({"type": "bar"})
    title = t("report.chart_title", lang, metric=told.title.text(lang), unit=difference_unit(told.unit, lang))
    chart.add_series(
        {
            "name": told.title.text(lang),
            "categories": [sheet, first, 2, last, 2],
            "values": [sheet, first, 6, last, 6],
            "fill": {"color": "#7ea8be"},
            "y_error_bars": {
                "type": "custom",
                "plus_values": [row["high"] - row["mean"] for _, row in lines],
                "minus_values": [row["mean"] - row["low"] for _, row in lines],
                "line": {"color": "#1f2933", "width": 1.25},
            },
        }
    )
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT}, "label_position": "low"})
    chart.set_x_axis({"num_format": "0%" if is_share(told.unit) else "#,##0.##", "major_gridlines": {"visible": True}})
    chart.set_size({"width": 900, "height": 120 + 45 * len(lines)})
    return chart


def _differences(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> None:
    widths = [WIDE, TEXT, 12, 14, 18, TEXT, TEXT, 12, *[NUMBER] * 9, 14]
    sheet = _sheet(book, t("report.sheet_differences", lang), [t(f"report.{name}", lang) for name in DIFFERENCES], widths, formats)
    operators = {**report.operators, **report.titles, **{name: told.title for name, told in report.catalogue.items()}}
    table = _without(report.differences, "village")
    for line, row in enumerate(table.to_dict("records"), start=1):
        told = report.catalogue.get(row["metric"])
        unit = told.unit if told is not None else row["unit"]
        group = row["group"] or ""
        mark = mark_of(row)
        values = [
            told.title.text(lang) if told is not None else row["metric"],
            row["metric"],
            unit_text(unit, lang),
            group,
            value_text(group, str(row["value_of_group"] or ""), lang, operators),
            report.titles[row["alternative"]].text(lang),
            row["alternative"],
            t(f"report.window_{row['window']}_short", lang),
            *(row[name] for name in MEASURED),
            t(f"report.{mark}", lang),
        ]
        for column, value in enumerate(values):
            form = formats.number if column == 13 else formats.share if column == 14 else formats.of(unit)
            _put(sheet, line, column, value, form, formats.text)
    sheet.autofilter(0, 0, max(len(table), 1), len(DIFFERENCES) - 1)
    _left_out(sheet, len(table), len(report.differences), "differences.parquet", formats, lang)


def _without(table: Any, *groups: str) -> Any:
    """Return a table without the rows by single places: a workbook with all of them takes long to write and to open."""
    return table[~table["group"].astype(str).isin(groups)]


def _left_out(sheet: Any, shown: int, rows: int, file: str, formats: Formats, lang: Lang) -> None:
    if rows > shown:
        sheet.write_string(shown + 2, 0, t("report.xlsx_left_out", lang, rows=rows - shown, file=file), formats.muted)


def _metrics(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> None:
    """Write the values of whole periods: a row for each scenario and group, a column for each replication."""
    every = report.metrics[report.metrics["period"].astype(str) == "all"]
    whole = _without(every, "village", "township")
    table = whole.astype(dict.fromkeys(METRIC_KEYS, str)).pivot_table("value", list(METRIC_KEYS), "seed", sort=False)
    heads = [t(f"report.{name}", lang) for name in METRIC_HEADS] + [f"{t('report.seed', lang)} {seed}" for seed in table.columns]
    widths = [TEXT, 12, 28, 14, 16, 18, *[NUMBER] * (1 + len(table.columns))]
    sheet = _sheet(book, t("report.sheet_metrics", lang), heads, widths, formats)
    means, numbers = table.mean(axis=1).tolist(), table.to_numpy(float).tolist()
    for line, (key, mean, values) in enumerate(zip(table.index, means, numbers, strict=True), start=1):
        scenario, window, metric, unit, group, value = key
        shown = (scenario, t(f"report.window_{window}_short", lang), metric, unit_text(unit, lang), group, value, mean, *values)
        form = formats.of(unit)
        for column, cell in enumerate(shown):
            _put(sheet, line, column, cell, form, formats.text)
    sheet.autofilter(0, 0, max(len(table), 1), len(heads) - 1)
    _left_out(sheet, len(table), len(table) + len(every) - len(whole), "metrics.parquet", formats, lang)


def _assumptions(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> None:
    head = [t(f"report.{name}", lang) for name in ("parameter", "parameter_value", "range", "basis")]
    sheet = _sheet(book, t("report.sheet_assumptions", lang), head, [WIDE, TEXT, TEXT, TEXT], formats)
    for line, assumption in enumerate(report.assumptions, start=1):
        values = (
            assumption.name.text(lang),
            assumption.value_text(lang),
            assumption.range_text(lang),
            assumption.basis or t("report.assumption", lang),
        )
        for column, value in enumerate(values):
            sheet.write_string(line, column, value, formats.wrap)
    line = len(report.assumptions) + 2
    counted = t("report.assumed_count", lang, all=report.parameters_in_all, assumed=report.assumptions_in_all)
    for offset, text in enumerate([counted, *(words.text(lang) for words in (*report.unknowns, *report.attribution))]):
        sheet.write_string(line + offset, 0, text, formats.muted)
