"""Turn the differences of a study into the cells that a reader sees."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.figures.select import TOTAL
from sim.report.input import ReportInput
from sim.text import DASH, Lang, change, known, quantity, t, value_text, whole_share

SIGNS = {"yes": "\u25b2", "no": "\u25bc", "unclear": "\u25cf", "neutral": "\u25a0"}


@dataclass(frozen=True)
class Cell:
    """One outcome of one alternative, in words; ``mark`` is the table's own yes, no, unclear or neutral."""

    mark: str
    sign: str
    verdict: str
    change: str
    interval: str
    same_sign: str


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
    table = report.differences
    totals = table[(table["group"].fillna(TOTAL) == TOTAL) & (table["window"] == window)].set_index(["metric", "alternative"])
    rows = []
    for metric in report.outcomes:
        if metric not in totals.index.get_level_values(0):
            continue
        told = report.catalogue[metric]
        found = [totals.loc[(metric, name)] if (metric, name) in totals.index else None for name in report.alternatives]
        rows.append(
            OutcomeRow(
                metric,
                told.title.text(lang),
                t(f"report.{told.better if told.better != 'neutral' else 'neutral_side'}", lang),
                next((quantity(float(row["baseline"]), told.unit, lang) for row in found if row is not None), DASH),
                tuple(None if row is None else cell(row, told.unit, lang) for row in found),
            )
        )
    return rows


def cell(row: pd.Series, unit: str, lang: Lang) -> Cell:  # type: ignore[type-arg]
    """Return one row of ``differences`` as words, saying where replications are too few for a mean or an interval."""
    mark = str(row["better"]) if isinstance(row["better"], str) else "unclear"
    moved, spread = change(row["mean"], row["low"], row["high"], unit, lang)
    return Cell(
        mark,
        SIGNS[mark],
        t(f"report.{mark}", lang),
        moved if moved != DASH else t("report.no_mean", lang),
        spread if spread != DASH else t("report.no_interval", lang),
        t("report.same_sign", lang, share=whole_share(row["same_sign_share"])) if known(row["same_sign_share"]) else "",
    )


@dataclass(frozen=True)
class LongRow:
    """One row of the sortable table of all differences: pairs of (what is shown, what it is sorted by)."""

    cells: tuple[tuple[str, str], ...]


def long_rows(report: ReportInput, lang: Lang) -> list[LongRow]:
    """Return every difference of the study except those by single village or township, in the table's order."""
    table = report.differences
    shown = table[~table["group"].fillna(TOTAL).str.contains("village|township", regex=True)]
    names = dict(report.operators)
    rows = []
    for row in shown.to_dict("records"):
        told = report.catalogue.get(row["metric"])
        if told is None:
            continue
        group, value = row["group"] or TOTAL, row["value_of_group"] or ""
        split = t("report.county_total", lang) if group == TOTAL else " · ".join(
            value_text(part, one, lang, names) for part, one in zip(str(group).split("|"), str(value).split("|"), strict=False)
        )
        mark = row["better"] if isinstance(row["better"], str) else "unclear"
        moved, spread = change(row["mean"], row["low"], row["high"], told.unit, lang)
        parameters = change(row["mean"], row["parameter_low"], row["parameter_high"], told.unit, lang)[1]
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
                    (parameters if parameters != DASH else t("report.not_computed", lang), _key(row["parameter_low"])),
                )
            )
        )
    return rows


def long_head(lang: Lang) -> list[str]:
    """Return the heads of the table of all differences."""
    names = "outcome column_value_of_group alternative window baseline_value value difference interval same_sign_head verdict parameter_range"
    return [t(f"report.{name}", lang) for name in names.split()]


def _text(text: str) -> tuple[str, str]:
    return text, text


def _key(value: float | None) -> str:
    return repr(float(value)) if value is not None and known(value) else ""
