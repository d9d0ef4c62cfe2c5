"""Write a study as a workbook: contents, summary with a chart, differences, metrics, assumptions, all with units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from os import cpu_count
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from sim.batch import execute
from sim.report.chart import bars
from sim.report.input import ReportInput
from sim.report.pools import pools
from sim.report.table import SIGNS, mark_of, named_value
from sim.store.cells import Field, plain, write_fields
from sim.text import LANGUAGES, Lang, Words, group_text, is_share, meaning, t, unit_text

WIDE, TEXT, NUMBER, NARROW, MEANING = 42, 24, 15, 12, 60
FONT = "Microsoft YaHei"
MEASURED = ("baseline", "value", "mean", "low", "high", "n", "same_sign_share", "parameter_low", "parameter_high")
MEASURED_HEADS = (
    "baseline_value", "value", "difference", "low", "high", "replications", "same_sign_head", "parameter_low", "parameter_high",
)  # fmt: skip
METRIC_KEYS = ("scenario", "window", "metric", "unit", "group", "value_of_group")
DIGITS = ((1_000.0, "#,##0"), (100.0, "#,##0.0"), (1.0, "#,##0.00"), (0.001, "0.0000"), (0.0, "0.00E+00"))
"""How a number that is not whole is shown, by what it is at least: some three digits, no point without digits behind it."""
FINE_SHARE = 0.0005
"""A smaller share that is not 0 is shown with more digits."""
COUNT, SHARE = "", "share"
LINE, TITLE_LINE = 16.0, 26.0
LETTERS = (0.95, 2.1)
"""The width of a Latin and of a Chinese letter, in digits, with some to spare."""
LEFT_OUT = ("village", "township")
"""Groups whose metrics by replication stay in the table on disk: a workbook with all of them takes long to open."""


@dataclass(frozen=True)
class Sheet:
    """A sheet that was written, for the contents."""

    key: str
    name: str
    rows: int


class Formats:
    """The few cell formats of the workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": FONT, "font_size": 10, "valign": "top"}
        self.text = book.add_format(base)
        self.wrap = book.add_format({**base, "text_wrap": True})
        self.head = book.add_format({**base, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#eef1f4"})
        self.title = book.add_format({**base, "bold": True, "font_size": 15})
        self.muted = book.add_format({**base, "font_color": "#5b6770", "text_wrap": True})
        self.link = book.add_format({**base, "font_color": "#1f5fa8", "underline": 1})
        self.number = book.add_format({**base, "num_format": "#,##0"})
        self._digits = [(least, book.add_format({**base, "num_format": form})) for least, form in DIGITS]
        self._share, self._fine = (book.add_format({**base, "num_format": form}) for form in ("0.0%", "0.0000%"))

    def of(self, value: Any, unit: str) -> Any:
        """Return the format of a number of some unit."""
        if isinstance(value, str) or value is None or value != value:
            return self.text
        if is_share(unit):
            return self._fine if 0.0 < abs(value) < FINE_SHARE else self._share
        if value == round(value):
            return self.number
        return next(form for least, form in self._digits if abs(value) >= least)


def write_workbooks(report: ReportInput, folder: Path, languages: Sequence[Lang] = LANGUAGES) -> dict[Lang, Path]:
    """Write ``report.<lang>.xlsx`` for every language, side by side; return the paths by language."""
    tasks = [(report, folder / f"report.{lang}.xlsx", lang) for lang in languages]
    done = execute(_write, tasks, min(len(tasks), cpu_count() or 1), name=lambda task: task[1].name)
    return dict(sorted((languages[d.index], d.value) for d in done))


def _write(task: tuple[ReportInput, Path, Lang]) -> Path:
    return write_study_xlsx(*task)


def write_study_xlsx(report: ReportInput, out: Path, lang: Lang) -> Path:
    """Write the workbook to ``out`` (whole or not at all) and return it. Shares are fractions shown as per cent."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".part")
    with xlsxwriter.Workbook(str(partial), {"nan_inf_to_errors": False}) as book:
        formats = Formats(book)
        front = book.add_worksheet(t("report.sheet_contents", lang))
        written = [part(book, formats, report, lang) for part in (_summary, _differences, _metrics, _assumptions)]
        _contents(front, formats, report, written, lang)
    partial.replace(out)
    return out


def _contents(sheet: Any, formats: Formats, report: ReportInput, written: Sequence[Sheet], lang: Lang) -> None:
    """Write what the workbook is about and what stands on which sheet."""
    stamp = report.stamp
    facts = {"county": report.county.text(lang), "scenarios": len(report.scenarios), "replications": len(stamp.seeds)}
    dates = {"start": stamp.start, "days": stamp.days, "warm_up": stamp.warm_up_days}
    sheet.set_column(0, 0, TEXT)
    sheet.set_column(1, 1, 100)
    sheet.set_column(2, 2, NARROW)
    sheet.write_string(0, 0, report.title.text(lang), formats.title)
    sheet.set_row(0, TITLE_LINE)
    wide = TEXT + 100 + NARROW
    _paragraph(sheet, 1, report.question.text(lang), formats.wrap, 3, wide)
    _paragraph(sheet, 2, t("report.facts", lang, **facts, **dates), formats.muted, 3, wide)
    for column, head in enumerate(("sheet", "sheet_holds", "sheet_rows")):
        sheet.write_string(4, column, t(f"report.{head}", lang), formats.head)
    for line, one in enumerate(written, 5):
        sheet.write_url(line, 0, f"internal:'{one.name}'!A1", formats.link, one.name)
        sheet.write_string(line, 1, t(f"report.holds_{one.key}", lang), formats.wrap)
        sheet.write_number(line, 2, one.rows, formats.number)
    stamped = f"guantong {stamp.program}, {stamp.study_hash}"
    for line, key in enumerate(("xlsx_units", "sums", "xlsx_empty", "answer_basis"), 6 + len(written)):
        _paragraph(sheet, line, t(f"report.{key}", lang), formats.wrap, 3, wide)
    for line, (key, text) in enumerate((("command", stamp.command), ("program", stamped)), 11 + len(written)):
        _paragraph(sheet, line, t("report.labelled", lang, label=t(f"report.{key}", lang), text=text), formats.muted, 3, wide)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _paragraph(sheet: Any, line: int, text: str, form: Any, columns: int, wide: float) -> None:
    """Write a text over the first columns of a line, which are ``wide`` letters together, as high as it needs to be."""
    sheet.merge_range(line, 0, line, columns - 1, text, form)
    sheet.set_row(line, _high(text, wide))


def _high(text: str, wide: float) -> float:
    """Return the points that a text takes in columns of so many digits' width: not every program fits rows to their text."""
    letters = sum(LETTERS[ord(letter) > 0x2E7F] for letter in text)
    return float(LINE * ceil(max(letters, 1.0) / wide))


def _sheet(book: Any, key: str, formats: Formats, fields: Sequence[Field], lang: Lang) -> tuple[Any, Sheet]:
    name = t(f"report.sheet_{key}", lang)
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    rows = write_fields(sheet, fields, [formats.head]) - 1
    return sheet, Sheet(key, name, rows)


class _Fields:
    """The columns of a sheet, headed by the words of the report."""

    def __init__(self, formats: Formats, lang: Lang) -> None:
        self.all: list[Field] = []
        self._formats, self._lang = formats, lang

    def text(self, head: str, cells: Sequence[Any], width: int = TEXT, wrap: bool = False) -> None:
        """Add a column of texts; ``wrap``: over several lines where one is too short."""
        form = self._formats.wrap if wrap else self._formats.text
        self.all.append(Field((t(f"report.{head}", self._lang),), cells, form, width))

    def number(self, head: str, cells: Sequence[Any], units: Sequence[str] | str, words: str = "") -> None:
        """Add a column of numbers, with the unit of each or one of all; ``words`` stand behind the head."""
        each = [units] * len(cells) if isinstance(units, str) else units
        forms = [self._formats.of(value, unit) for value, unit in zip(cells, each, strict=True)]
        self.all.append(Field((f"{t(f'report.{head}', self._lang)} {words}".rstrip(),), cells, forms, NUMBER))


def _said(values: Sequence[Any], say: Callable[[Any], str]) -> list[str]:
    """Return the words of values, each asked for once."""
    words = {value: say(value) for value in dict.fromkeys(values)}
    return [words[value] for value in values]


def _window(lang: Lang) -> Callable[[Any], str]:
    return lambda window: t(f"report.window_{window}_short", lang)


def _told_units(report: ReportInput, rows: pd.DataFrame) -> list[str]:
    known = {metric: text.unit for metric, text in report.catalogue.items()}
    return [str(known.get(metric, unit)) for metric, unit in zip(rows["metric"], rows["unit"], strict=True)]


def _titles(report: ReportInput, metrics: Sequence[Any], lang: Lang) -> list[str]:
    return _said(metrics, lambda metric: report.catalogue[metric].title.text(lang) if metric in report.catalogue else str(metric))


def _summary(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> Sheet:
    table = report.differences
    totals = table[(table["group"].fillna("") == "") & table["metric"].isin(report.outcomes)]
    order = {metric: index for index, metric in enumerate(report.outcomes)}
    rows = sorted(totals.to_dict("records"), key=lambda row: (order[row["metric"]], row["window"] != "settled"))
    units = [report.catalogue[row["metric"]].unit for row in rows]
    fields, marks = _Fields(formats, lang), [mark_of(row) for row in rows]
    fields.text("outcome", _titles(report, [row["metric"] for row in rows], lang), WIDE)
    fields.text("unit", _said(units, lambda unit: unit_text(unit, lang)), NARROW)
    fields.text("alternative", _said([row["alternative"] for row in rows], lambda name: report.titles[name].text(lang)))
    fields.text("window", _said([row["window"] for row in rows], _window(lang)), NARROW)
    for name, head in (("baseline", "baseline_value"), ("value", "value"), ("mean", "difference"), ("low", "low"), ("high", "high")):
        fields.number(head, [row[name] for row in rows], units)
    fields.number("same_sign_head", [row["same_sign_share"] for row in rows], SHARE)
    fields.text("verdict", _said(marks, lambda mark: f"{SIGNS[mark]} {t(f'report.{mark}', lang)}"), 14)
    fields.text("meaning", _said([row["metric"] for row in rows], lambda metric: meaning(metric, lang)), MEANING, wrap=True)
    sheet, written = _sheet(book, "summary", formats, fields.all, lang)
    for line, row in enumerate(rows, 1):
        sheet.set_row(line, _high(meaning(row["metric"], lang), MEANING))
    last = len(rows) + 2
    sheet.write_string(last, 0, report.title.text(lang), formats.title)
    sheet.set_row(last, TITLE_LINE)
    below = [words.text(lang) for words in (report.question, *_answer(report), *report.notes)]
    for offset, text in enumerate(below, start=1):
        _paragraph(sheet, last + offset, text, formats.wrap, 10, WIDE + TEXT + 2 * NARROW + 6 * NUMBER)
    chart = bars(book, sheet.get_name(), report, rows, 1, FONT, lang)
    if chart is not None:
        sheet.insert_chart(last + len(below) + 2, 0, chart)
    return written


def _answer(report: ReportInput) -> list[Words]:
    """Return the few lines of each alternative below its name, else a sentence per outcome."""
    if not report.answers:
        return list(report.verdicts)
    lines = [words for answer in report.answers for words in (answer.title, *answer.lines)]
    return [*lines, *report.equal_service]


def _differences(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> Sheet:
    """Write every row of the study's differences, in their order."""
    rows = report.differences
    names = _names(report)
    metrics, groups, values = (plain(rows[name].astype(object).fillna("")) for name in ("metric", "group", "value_of_group"))
    units, records = _told_units(report, rows), rows[["metric", "mean", "low", "high", "same_sign_share", "n", "better"]].to_dict("records")
    fields = _Fields(formats, lang)
    fields.text("outcome", _titles(report, metrics, lang), WIDE)
    fields.text("metric_id", metrics)
    fields.text("unit", _said(units, lambda unit: unit_text(unit, lang)), NARROW)
    fields.text("column_group", _said(groups, lambda group: group_text(group, lang)), 14)
    fields.text("group_id", groups, 14)
    fields.text(
        "column_value_of_group", _said(list(zip(groups, values, strict=True)), lambda pair: named_value(pair[0], pair[1], lang, names)), 18
    )
    fields.text("value_id", values, 18)
    fields.text("alternative", _said(plain(rows["alternative"]), lambda name: report.titles[name].text(lang)))
    fields.text("scenario_id", plain(rows["alternative"]))
    fields.text("window", _said(plain(rows["window"]), _window(lang)), NARROW)
    own = {"n": COUNT, "same_sign_share": SHARE}
    for name, head in zip(MEASURED, MEASURED_HEADS, strict=True):
        fields.number(head, plain(rows[name]), own.get(name, units))
    fields.text("verdict", _said([mark_of(row) for row in records], lambda mark: t(f"report.{mark}", lang)), 14)
    sheet, written = _sheet(book, "differences", formats, fields.all, lang)
    sheet.autofilter(0, 0, max(len(rows), 1), len(fields.all) - 1)
    return written


def _names(report: ReportInput) -> Mapping[str, Words]:
    """Return the names of operators, crops, places and scenarios by key."""
    places = report.places[["place", "name_zh", "name_en"]].astype(object).fillna("")
    named = {str(key): Words(str(zh), str(en or zh)) for key, zh, en in places.itertuples(index=False)}
    metrics = {name: told.title for name, told in report.catalogue.items()}
    return {**pools(), **named, **report.operators, **report.crops, **report.titles, **metrics}


def _metrics(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> Sheet:
    """Write the values of whole periods: a row for each scenario and group, a column for each replication."""
    every = report.metrics[report.metrics["period"].astype(str) == "all"]
    whole = every[~every["group"].astype(str).isin(LEFT_OUT)]
    table = whole.astype(dict.fromkeys(METRIC_KEYS, str)).pivot_table("value", list(METRIC_KEYS), "seed", sort=False)
    keys = {name: list(table.index.get_level_values(name)) for name in METRIC_KEYS}
    fields = _Fields(formats, lang)
    names, pairs = _names(report), list(zip(keys["group"], keys["value_of_group"], strict=True))
    fields.text("scenario", _said(keys["scenario"], lambda name: report.titles[name].text(lang)))
    fields.text("scenario_id", keys["scenario"])
    fields.text("window", _said(keys["window"], _window(lang)), NARROW)
    fields.text("outcome", _titles(report, keys["metric"], lang), 28)
    fields.text("metric_id", keys["metric"], 28)
    fields.text("unit", _said(keys["unit"], lambda unit: unit_text(unit, lang)), 14)
    fields.text("column_group", _said(keys["group"], lambda group: group_text(group, lang)), 16)
    fields.text("column_value_of_group", _said(pairs, lambda pair: named_value(pair[0], pair[1], lang, names)), 18)
    fields.text("group_id", keys["group"], 16)
    fields.text("value_id", keys["value_of_group"], 18)
    fields.number("mean", table.mean(axis=1).tolist(), keys["unit"])
    for seed in table.columns:
        fields.number("seed", table[seed].tolist(), keys["unit"], str(seed))
    sheet, written = _sheet(book, "metrics", formats, fields.all, lang)
    sheet.autofilter(0, 0, max(len(table), 1), len(fields.all) - 1)
    if len(every) > len(whole):
        text = t("report.xlsx_left_out", lang, rows=len(every) - len(whole), file="metrics.parquet")
        _paragraph(sheet, len(table) + 2, text, formats.muted, 5, TEXT + NARROW + 28 + 28 + 14)
    return written


def _assumptions(book: Any, formats: Formats, report: ReportInput, lang: Lang) -> Sheet:
    """Write the parameters without a published source: numbers as numbers, with their unit."""
    fields, all_of = _Fields(formats, lang), report.assumptions
    units = [one.unit for one in all_of]
    fields.text("parameter", [one.name.text(lang) for one in all_of], WIDE)
    fields.number("parameter_value", [one.value_text(lang) if isinstance(one.value, str) else float(one.value) for one in all_of], units)
    fields.text("unit", [unit_text(one.unit, lang) for one in all_of], NARROW)
    fields.number("range_low", [one.low for one in all_of], units)
    fields.number("range_high", [one.high for one in all_of], units)
    fields.text("basis", [one.basis or t("report.assumption", lang) for one in all_of])
    sheet, written = _sheet(book, "assumptions", formats, fields.all, lang)
    counted = t("report.assumed_count", lang, all=report.parameters_in_all, assumed=report.assumptions_in_all)
    turning = [words.text(lang) for words in report.assumed] or [t("report.hinge_not_computed", lang)]
    below = [counted, *turning, *(words.text(lang) for words in (*report.unknowns, *report.attribution))]
    for line, text in enumerate(below, len(all_of) + 2):
        _paragraph(sheet, line, text, formats.muted, 6, WIDE + TEXT + NARROW + 3 * NUMBER)
    return written
