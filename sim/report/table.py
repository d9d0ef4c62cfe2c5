"""Turn the differences of a study into the cells that a reader sees."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.figures.select import TOTAL
from sim.metrics.catalogue import PAIRS
from sim.report.input import ReportInput
from sim.report.pools import pools
from sim.study.added import AGAINST
from sim.study.screen import outside
from sim.study.verdict import weak
from sim.text import DASH, Lang, MetricText, Words, change, ends_text, group_text, known, measured, quantity, t, value_text, whole_share

OF_PAIRS = frozenset(metric.name for metric in PAIRS)
MISSED = "\u2020"
"""Marks a range over the assumptions that does not hold the study's own estimate."""
SIGNS = {"yes": "\u25b2", "no": "\u25bc", "unclear": "\u25cf", "neutral": "\u25a0", "same": "=", "none": "\u2013"}

SAID = ("same", "none")
"""Marks whose words stand in the place of the difference."""


class Grid(NamedTuple):
    """A small table: column heads and rows of cells, the first cell of a row being its head."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Cell:
    """One outcome of one alternative, in words; ``mark`` is what ``mark_of`` returns."""

    mark: str
    sign: str
    verdict: str
    change: str
    interval: str
    same_sign: str
    varied: str = ""

    @property
    def judged(self) -> str:
        """Return sign and verdict, "" where the change itself says it."""
        return "" if self.mark in SAID else f"{self.sign} {self.verdict}".strip()


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome: its name, which side is better, the baseline's value, a cell per alternative."""

    metric: str
    title: str
    side: str
    baseline: str
    cells: tuple[Cell | None, ...]


def outcome_rows(report: ReportInput, window: str, lang: Lang) -> list[OutcomeRow]:
    """Return the county's totals in a window, one row per outcome of the study that has any."""
    return split_rows(report, [(metric, TOTAL, "") for metric in report.outcomes], window, lang)


def split_rows(report: ReportInput, wanted: Sequence[tuple[str, str, str]], window: str, lang: Lang) -> list[OutcomeRow]:
    """Return a row for each (metric, group, value of the group) that has any difference in a window."""
    table = report.differences
    rows_of = table[(table["window"] == window) & table["metric"].isin({metric for metric, _, _ in wanted})].to_dict("records")
    told_of = {(row["metric"], row["group"] or TOTAL, row["value_of_group"] or "", row["alternative"]): row for row in rows_of}
    rows = []
    for metric, group, value in wanted:
        found = [told_of.get((metric, group, value, name)) for name in report.alternatives]
        if not any(found):
            continue
        told = report.catalogue[metric]
        rows.append(
            OutcomeRow(
                metric,
                split_title(told, group, value, lang),
                t(f"report.{told.better if told.better != 'neutral' else 'neutral_side'}", lang),
                next(
                    (quantity(float(row["baseline"]), told.unit, lang) for row in found if row is not None and known(row["baseline"])), DASH
                ),
                tuple(None if row is None else cell(row, told.unit, lang) for row in found),
            )
        )
    return rows


def split_title(told: MetricText, group: str, value: str, lang: Lang) -> str:
    """Return a metric's title, with the value of the group that it is told for."""
    title = told.title.text(lang)
    return title + t("report.of_value", lang, name=value_text(group, value, lang)) if group else title


def cell(row: Mapping[Hashable, Any], unit: str, lang: Lang) -> Cell:
    """Return one row of ``differences`` as words, saying where replications are too few for a mean or an interval."""
    mark = mark_of(row)
    if of_pairs(row):
        return _value_cell(row, unit, lang)
    moved, spread = change(row["mean"], row["low"], row["high"], unit, lang)
    varied = varied_text(row, unit, lang)
    if mark in SAID:
        words = t(f"report.{mark}", lang)
        return Cell(mark, SIGNS[mark], words, words, "", "", varied)
    return Cell(
        mark,
        SIGNS[mark],
        t(f"report.{mark}", lang),
        moved if moved != DASH else t("report.no_mean", lang),
        spread if spread != DASH else t("report.no_interval", lang),
        t("report.same_sign", lang, share=whole_share(row["same_sign_share"])) if row["same_sign_share"] < 1.0 else "",
        varied,
    )


def of_pairs(row: Mapping[Hashable, Any]) -> bool:
    """Return whether a row is a value of the alternative against the baseline, not a difference of two values."""
    return row.get("metric") in OF_PAIRS


def _value_cell(row: Mapping[Hashable, Any], unit: str, lang: Lang) -> Cell:
    """Return a metric of pairs: its value with its interval, or that it is undefined."""
    if not known(row["mean"]):
        return Cell("neutral", "", "", t("report.undefined", lang), "", "")
    value, interval = measured(row["mean"], row["low"], row["high"], unit, lang)
    varied = varied_text(row, unit, lang).replace("+", "")
    if weak(row):
        return Cell("unclear", SIGNS["unclear"], t("report.unclear", lang), value, t("report.no_interval", lang), "", varied)
    return Cell("neutral", "", "", value, interval, "", varied)


def varied_text(row: Mapping[Hashable, Any], unit: str, lang: Lang) -> str:
    """Return the range of a difference over the assumptions, "" where it was not computed, marked where it misses the difference."""
    if row.get("parameter_low") == row.get("parameter_high") == row.get("mean") == 0.0:
        return ""
    told = ends_text(row.get("parameter_low"), row.get("parameter_high"), unit, lang)
    return f"{told} {MISSED}" if told and outside(row) else told


def mark_of(row: Mapping[Hashable, Any]) -> str:
    """Return a row's yes, no, unclear (also without an interval) or neutral; "same" where none differs, "none" without both values."""
    if row["n"] == 0 and not of_pairs(row):
        return "none"
    if row["mean"] == 0.0 and row["same_sign_share"] == 1.0 and row["n"] > 1:
        return "same"
    return str(row["better"]) if isinstance(row["better"], str) and not weak(row) else "unclear"


def difference_text(row: Mapping[Hashable, Any], unit: str, lang: Lang) -> str:
    """Return a difference and its interval in one line, marked as unclear where there is no interval."""
    moved, spread = change(row["mean"], row["low"], row["high"], unit, lang)
    if moved == DASH or mark_of(row) == "same":
        return moved
    return f"{moved} {spread}" if spread != DASH else f"{SIGNS['unclear']} {moved}"


@dataclass(frozen=True)
class LongRow:
    """One row of the sortable table of all differences: pairs of (what is shown, what it is sorted by)."""

    cells: tuple[tuple[str, str], ...]


def long_rows(report: ReportInput, lang: Lang, most: int | None = None) -> tuple[list[LongRow], int]:
    """Return the differences of the study except those by single village or township, in the table's order, and how many are left out.

    ``most`` is how many rows are wanted, all by default.
    """
    table = report.differences
    kept = table[~table["group"].fillna(TOTAL).str.contains("village|township", regex=True) & table["metric"].isin(list(report.catalogue))]
    shown = kept if most is None else kept.head(most)
    metrics = {name: told.title for name, told in report.catalogue.items()}
    names, computed = {**pools(), **report.operators, **report.crops, **report.titles, **metrics}, parameters_computed(report)
    rows = []
    for row in shown.to_dict("records"):
        told = report.catalogue[row["metric"]]
        group, value = row["group"] or TOTAL, row["value_of_group"] or ""
        split = name_and_kind(str(group), str(value), lang, names)
        mark = mark_of(row)
        moved, spread = change(row["mean"], row["low"], row["high"], told.unit, lang)
        if of_pairs(row):
            own = _value_cell(row, told.unit, lang)
            moved, spread = own.change, own.interval or DASH
        varied_cell = (varied_text(row, told.unit, lang) or t("report.not_computed", lang), _key(row["parameter_low"]))
        rows.append(
            LongRow(
                (
                    _text(told.title.text(lang)),
                    _text(split),
                    _text(report.alternatives[row["alternative"]].text(lang)),
                    _text(t(f"report.window_{row['window']}_short", lang)),
                    (quantity(row["baseline"], told.unit, lang), _key(row["baseline"])),
                    (quantity(row["value"], told.unit, lang), _key(row["value"])),
                    (moved, _key(row["mean"])),
                    (spread, _key(row["low"])),
                    (whole_share(row["same_sign_share"]), _key(row["same_sign_share"])),
                    (f"{SIGNS[mark]} {t(f'report.{mark}', lang)}", mark),
                    *([varied_cell] if computed else []),
                )
            )
        )
    return rows, len(kept) - len(shown)


def named_value(group: str, value: str, lang: Lang, names: Mapping[str, Words]) -> str:
    """Return the name of a group's value, or of both where two are joined; ``names`` are those of operators, places and scenarios."""
    if group == TOTAL:
        return t("report.county_total", lang)
    if group == AGAINST:
        return t("report.against", lang, scenario=names[value].text(lang))
    pairs = zip(group.split("|"), value.split("|"), strict=True)
    return " | ".join(value_text(*pair, lang, names) for pair in pairs)


def name_and_kind(group: str, value: str, lang: Lang, names: Mapping[str, Words]) -> str:
    """Return the name of a group's value and what the rows are divided by: an operator pays, and parcels are an operator's."""
    name = named_value(group, value, lang, names)
    return name if group in (TOTAL, AGAINST) else t("report.by_kind", lang, name=name, kind=group_text(group, lang))


def parameters_computed(report: ReportInput) -> bool:
    """Return whether any range over uncertain parameters was computed."""
    return bool(report.differences["parameter_low"].notna().any())


LONG_COLUMNS = (
    "outcome", "column_group", "alternative", "window", "baseline_value", "value", "difference", "interval", "same_sign_head",
    "verdict",
)  # fmt: skip


def long_head(report: ReportInput, lang: Lang) -> list[str]:
    """Return the headings of the table of all differences; the parameter range only where one was computed."""
    names = (*LONG_COLUMNS, "parameter_range") if parameters_computed(report) else LONG_COLUMNS
    return [t(f"report.{name}", lang) for name in names]


def _text(text: str) -> tuple[str, str]:
    return text, text


def _key(value: float | None) -> str:
    return repr(float(value)) if value is not None and known(value) else ""
