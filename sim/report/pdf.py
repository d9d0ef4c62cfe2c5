"""Tell a study, or one run, on paper: question, answer, differences with intervals, figures, map, accounts, assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from os import cpu_count
from pathlib import Path

from sim.batch import execute
from sim.figures.select import TOTAL
from sim.figures.style import INK, MUTED, VERDICT_COLOURS
from sim.report.accounts import grids
from sim.report.drawn import Picture
from sim.report.glance import glance
from sim.report.html import explained, meanings, sections_of
from sim.report.input import ReportInput
from sim.report.one_run import SPLITS, RunInput, run_pictures, season_of_run, season_totals, split_of, totals
from sim.report.paper import SMALL, Paper
from sim.report.picture import pictures
from sim.report.season import OUTCOMES, SECTION, season_pictures
from sim.report.table import Cell, OutcomeRow, outcome_rows, parameters_computed, split_rows
from sim.text import DASH, LANGUAGES, Lang, difference_unit, is_share, known, t
from sim.text.number import MINUS

ACROSS = 5
"""So many alternatives stand in one table."""
DIGITS = 6
FEW = 0.5
"""A section begins below what takes no more of a page than this, else on a new one."""
FIGURE_DEEP = 6.4
"""Inches of a figure of many panels that stands on a page, heading and caption with it, shrunk by a tenth at most."""
MAP_DEEP = 5.6
"""Inches of a map, so that it stands on a page with heading, legend and caption and is little shrunk for it."""


def write_pdf(report: ReportInput, folder: Path, languages: Sequence[Lang] = LANGUAGES) -> dict[Lang, Path]:
    """Write ``report.<lang>.pdf`` for every language, each whole or not at all; return the paths by language."""
    tasks = [(report, folder / f"report.{lang}.pdf", lang) for lang in languages]
    done = execute(study_pdf, tasks, min(len(tasks), cpu_count() or 1), name=lambda task: task[1].name)
    return dict(sorted((languages[d.index], d.value) for d in done))


def study_pdf(task: tuple[ReportInput, Path, Lang]) -> Path:
    """Write the PDF of a study in one language."""
    report, out, lang = task
    paper = Paper(lang, report.title.text(lang))
    _front(paper, report, lang)
    _compared(paper, report, lang)
    _outcomes(paper, report, lang)
    _sections(paper, report, lang)
    _assumed(paper, report, lang)
    _behind(paper, report, lang)
    _exactly(paper, report, lang)
    return paper.write(out)


def write_run_pdf(run: RunInput, folder: Path, languages: Sequence[Lang] = LANGUAGES) -> dict[Lang, Path]:
    """Write ``report.<lang>.pdf`` of a run; return the paths by language."""
    return {lang: _run_pdf(run, folder / f"report.{lang}.pdf", lang) for lang in languages}


def _run_pdf(run: RunInput, out: Path, lang: Lang) -> Path:
    paper = Paper(lang, run.title.text(lang))
    _brand(paper, run.title.text(lang), lang)
    paper.text(t("report.run_facts", lang, seed=run.seed, start=run.start, days=run.days, warm_up=run.warm_up_days), SMALL, MUTED)
    paper.text(t("report.run_only", lang), after=0.2)
    paper.heading(t("report.run_totals", lang))
    paper.table([t("report.outcome", lang), t("report.value", lang)], [list(row) for row in totals(run, lang)], words=1)
    paper.heading(t("report.cost", lang))
    for split in SPLITS:
        grid = split_of(run, split, lang)
        paper.heading(t(f"report.cost_by_{split}", lang), 11.0)
        paper.table(grid.head, grid.rows, words=1)
    for key, figure in run_pictures(run, lang, MAP_DEEP):
        paper.figure(figure, t(f"report.run_{key}", lang))
    season = season_of_run(run)
    if season.grown:
        paper.heading(t("report.produce", lang))
        paper.note(t("report.produce_note", lang))
        paper.table([t("report.outcome", lang), t("report.value", lang)], [list(row) for row in season_totals(run, lang)], words=1)
        _figures(paper, season_pictures(season, lang))
    paper.heading(t("report.sources", lang))
    for words in run.attribution:
        paper.text(words.text(lang), SMALL, bullet="•")
    paper.text(t("report.pdf_font_source", lang), SMALL, bullet="•")
    paper.text(f"guantong {run.program} | {t('report.scenario_hash', lang)} {run.scenario_hash}", SMALL, MUTED)
    return paper.write(out)


def _brand(paper: Paper, title: str, lang: Lang) -> None:
    paper.text(t("report.brand", lang), SMALL, MUTED, after=0.1)
    paper.text(title, 22.0, after=0.06)


def _front(paper: Paper, report: ReportInput, lang: Lang) -> None:
    """Set the title page: what is asked, and the answer."""
    _brand(paper, report.title.text(lang), lang)
    stamp = report.stamp
    facts = {"county": report.county.text(lang), "scenarios": len(report.scenarios), "replications": len(stamp.seeds)}
    dates = {"start": stamp.start, "days": stamp.days, "warm_up": stamp.warm_up_days}
    paper.text(t("report.facts", lang, **facts, **dates), SMALL, MUTED, after=0.2)
    if report.question.text(lang):
        paper.heading(t("report.question", lang))
        paper.text(report.question.text(lang), 12.0, after=0.14)
    paper.heading(t("report.answer", lang))
    _glance(paper, report, lang)
    for answer in report.answers:
        paper.heading(answer.title.text(lang), 11.0)
        for words in answer.lines:
            paper.text(words.text(lang), 9.5, bullet="•", after=0.03)
        paper.gap(0.05)
    for words in report.equal_service:
        paper.text(words.text(lang), 9.5)
    if not report.answers:
        _verdicts(paper, report, lang)
    paper.text(t("report.answer_basis", lang), SMALL, MUTED)


def _glance(paper: Paper, report: ReportInput, lang: Lang) -> None:
    """Set the small table of policies and what is asked for first; a mark tells better from worse, as on the page."""
    seen = glance(report, lang)
    if not seen.head:
        return
    rows: list[list[str | list[tuple[str, str]]]] = [[report.baseline.title.text(lang), *seen.baseline]]
    for title, cells in seen.alternatives:
        rows.append([title, *(DASH if cell is None else [(_marked(cell), VERDICT_COLOURS.get(cell.mark, INK))] for cell in cells)])
    paper.table([t("report.alternative", lang), *seen.head], rows, words=1)
    paper.text(t("report.glance_note", lang, days=report.stamp.days), SMALL, MUTED)


def _marked(cell: Cell) -> str:
    return f"{cell.sign} {cell.change}" if cell.mark in ("yes", "no", "unclear") else cell.change


def _verdicts(paper: Paper, report: ReportInput, lang: Lang) -> None:
    for verdict in report.verdicts:
        paper.text(verdict.text(lang), SMALL, bullet="•", after=0.02)


def _compared(paper: Paper, report: ReportInput, lang: Lang) -> None:
    paper.turn(FEW)
    paper.heading(t("report.scenarios", lang))
    for place, scenario in enumerate(report.scenarios):
        name = scenario.title.text(lang)
        paper.heading(name if place else name + t("report.of_value", lang, name=t("report.is_baseline", lang)), 11.0)
        if scenario.asks:
            paper.text(scenario.asks.text(lang), after=0.03)
        for line in scenario.lines:
            paper.text(line.text(lang), SMALL, bullet="•", after=0.02)
        if not scenario.asks and not scenario.lines:
            paper.text(t("report.changes", lang, n=0), SMALL, MUTED)
        paper.gap(0.05)


def _outcomes(paper: Paper, report: ReportInput, lang: Lang) -> None:
    """Set the county's totals: a cell has the difference, its interval and the verdict, as on the page."""
    paper.turn(FEW)
    paper.heading(t("report.table", lang))
    varied = parameters_computed(report)
    note = "parameters_computed" if varied else "parameters_not_computed"
    paper.note(f"{t('report.table_note', lang)}{t('report.space', lang)}{t(f'report.{note}', lang)}")
    for window in report.windows:
        _differences(paper, report, outcome_rows(report, window, lang), t(f"report.window_{window}", lang), lang)
    for text in explained(report, lang):
        paper.text(text, SMALL, MUTED)
    paper.text(t("report.sums", lang), SMALL, MUTED)
    if told := meanings(report, lang):
        paper.heading(t("report.meanings", lang), 11.0)
        for text in told:
            paper.text(text, SMALL, bullet="•", after=0.02)
    if report.answers:
        paper.heading(t("report.all_sentences", lang, n=len(report.verdicts)), 11.0)
        _verdicts(paper, report, lang)


def _differences(paper: Paper, report: ReportInput, rows: list[OutcomeRow], title: str, lang: Lang) -> None:
    """Set a table of differences, at most ``ACROSS`` alternatives beside each other, each below ``title``."""
    names = [words.text(lang) for words in report.alternatives.values()]
    for first in range(0, len(names), ACROSS):
        paper.heading(title, 11.0)
        if len(names) == 1:
            _one_alternative(paper, rows, names[0], lang)
            return
        head = [t("report.outcome", lang), t("report.baseline_value", lang), *names[first : first + ACROSS]]
        body = [
            [[(row.title, INK), (row.side, MUTED)], row.baseline, *(_cell(cell, lang) for cell in row.cells[first : first + ACROSS])]
            for row in rows
        ]
        paper.table(head, body)


def _one_alternative(paper: Paper, rows: list[OutcomeRow], name: str, lang: Lang) -> None:
    """Set a table of differences of a single alternative, what a cell says beside each other."""
    head = [t(f"report.{key}", lang) for key in ("outcome", "better_side", "baseline_value")] + [name, "", ""]
    body: list[list[str | list[tuple[str, str]]]] = []
    for row in rows:
        cell = row.cells[0]
        own: list[str | list[tuple[str, str]]] = [DASH, "", ""]
        if cell is not None:
            varied = [(t("report.varied", lang), MUTED), (cell.varied, MUTED)] if cell.varied else []
            own = [
                cell.change,
                [(cell.interval, INK), *varied],
                [(cell.judged, VERDICT_COLOURS.get(cell.mark, INK)), (cell.same_sign, MUTED)],
            ]
        body.append([row.title, [(row.side, MUTED)], row.baseline, *own])
    paper.table(head, body)


def _cell(cell: Cell | None, lang: Lang) -> str | list[tuple[str, str]]:
    if cell is None:
        return DASH
    varied = [(t("report.varied", lang), MUTED), (cell.varied, MUTED)] if cell.varied else []
    colour = VERDICT_COLOURS.get(cell.mark, INK)
    return [(cell.change, INK), (cell.interval, INK), *varied, (cell.judged, colour), (cell.same_sign, MUTED)]


def _sections(paper: Paper, report: ReportInput, lang: Lang) -> None:
    """Set the figures and the tables of money, section by section as on the page."""
    drawn: dict[str, list[Picture]] = {}
    for picture in pictures(report, lang, MAP_DEEP, FIGURE_DEEP):
        drawn.setdefault(picture.section, []).append(picture)
    tables = grids(report, lang)
    for key in (*sections_of(report), "map"):
        paper.heading(t(f"report.{key}", lang))
        if key == SECTION:
            paper.note(t("report.produce_note", lang))
            window = report.windows[0]
            _differences(paper, report, split_rows(report, OUTCOMES, window, lang), t(f"report.window_{window}", lang), lang)
        _figures(paper, drawn.get(key, []))
        for title, note, grid in tables.get(key, []):
            paper.heading(title, 11.0)
            if note:
                paper.note(note)
            paper.table(grid.head, grid.rows, words=1)
        if key not in drawn and not tables.get(key):
            paper.text(t("report.no_figure", lang))


def _figures(paper: Paper, pictures: Iterable[Picture]) -> None:
    for picture in pictures:
        if picture.said:
            paper.lead(picture.said)
        numbers = picture.numbers
        paper.figure(picture.figure, picture.caption, 0.0 if numbers is None else paper.table_deep(numbers.head, numbers.rows))
        if numbers is not None:
            paper.table(numbers.head, numbers.rows, words=1)


def _assumed(paper: Paper, report: ReportInput, lang: Lang) -> None:
    paper.heading(t("report.hinge", lang))
    for text in [words.text(lang) for words in report.assumed] or [t("report.hinge_not_computed", lang)]:
        paper.text(text)
    paper.heading(t("report.assumed", lang))
    paper.text(t("report.assumed_count", lang, all=report.parameters_in_all, assumed=report.assumptions_in_all))
    paper.note(t("report.basis_note", lang))
    head = [t(f"report.{name}", lang) for name in ("parameter", "parameter_value", "range", "basis")]
    rows = [
        [one.name.text(lang), one.value_text(lang), one.range_text(lang), one.basis or t("report.assumption", lang)]
        for one in report.assumptions
    ]
    paper.table(head, rows)


def _behind(paper: Paper, report: ReportInput, lang: Lang) -> None:
    """Set what is not known, where the data come from, and how to repeat it."""
    parts = {"unknown": report.unknowns, "notes": report.notes, "sources": report.attribution}
    for key, several in parts.items():
        if several:
            paper.heading(t(f"report.{key}", lang))
        for words in several:
            paper.text(words.text(lang), 9.5, bullet="•", after=0.03)
    paper.text(t("report.pdf_font_source", lang), 9.5, bullet="•")
    stamp = report.stamp
    paper.heading(t("report.repeat", lang))
    rows = [
        [t("report.folder", lang), report.study],
        [t("report.command", lang), stamp.command],
        [t("report.program", lang), f"guantong {stamp.program}"],
        [t("report.study_hash", lang), stamp.study_hash],
        [t("report.seeds", lang), ", ".join(map(str, stamp.seeds))],
    ]
    hashes = [
        [f"{t('report.scenario_hash', lang)} | {scenario.title.text(lang)}", stamp.scenario_hashes.get(scenario.id, DASH)]
        for scenario in report.scenarios
    ]
    paper.table(["", ""], [*rows, *hashes])


def _exactly(paper: Paper, report: ReportInput, lang: Lang) -> None:
    """Set the county's totals again to six digits, for whoever goes on counting with them."""
    table = report.differences
    totals_of = table[(table["group"].fillna(TOTAL) == TOTAL) & table["metric"].isin(report.outcomes)]
    told = {(row["window"], row["metric"], row["alternative"]): row for row in totals_of.to_dict("records")}
    columns = {"baseline": "baseline_value", "value": "value", "mean": "difference", "low": "low", "high": "high"}
    if parameters_computed(report):
        columns |= {"parameter_low": "parameter_low", "parameter_high": "parameter_high"}
    head = [t(f"report.{name}", lang) for name in ("outcome", "unit", "alternative", *columns.values())]
    paper.heading(t("report.exactly", lang))
    for window in report.windows:
        rows = []
        for metric in report.outcomes:
            unit = report.catalogue[metric].unit
            for name, title in report.alternatives.items():
                row = told.get((window, metric, name))
                if row is not None:
                    numbers = [_digits(row[column], unit) for column in columns]
                    rows.append([report.catalogue[metric].title.text(lang), difference_unit(unit, lang), title.text(lang), *numbers])
        paper.heading(t(f"report.window_{window}", lang), 11.0)
        paper.note(t("report.exactly_note", lang))
        paper.table(head, rows, words=3)


def _digits(value: float | None, unit: str) -> str:
    if value is None or not known(value):
        return DASH
    told = Decimal(f"{(100.0 if is_share(unit) else 1.0) * float(value):.{DIGITS}g}")
    return f"{told:,f}".replace("-", MINUS)
