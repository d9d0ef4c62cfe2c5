"""Print the results of a study as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli.output import console
from sim.text import DASH, Lang, t, value_text

if TYPE_CHECKING:
    from rich.table import Table

    from sim.report.input import Answer, ReportInput
    from sim.report.table import Cell

COLOURS = {"yes": "green", "no": "red", "unclear": "yellow", "neutral": "default", "same": "default", "none": "default"}
NARROW = 17
"""Columns that an alternative needs; where there are fewer, each alternative gets a table of its own."""


def print_outcomes(report: ReportInput, lang: Lang) -> None:
    """Print the outcomes, a row each, against the alternatives, a column each; windows one after another."""
    from sim.report.table import outcome_rows, parameters_computed

    screen = console()
    names = list(report.alternatives.values())
    for window in report.windows:
        rows = outcome_rows(report, window, lang)
        title = report.title.text(lang) + t("report.of_value", lang, name=value_text("window", window, lang))
        if screen.width >= 40 + NARROW * len(names):
            table = _table(title, [t("cli.outcome", lang), report.baseline.title.text(lang), *(words.text(lang) for words in names)])
            for row in rows:
                table.add_row(row.title, row.baseline, *(_cell(cell) for cell in row.cells))
            screen.print(table)
            continue
        for place, words in enumerate(names):
            head = [t("cli.outcome", lang), t("cli.value", lang), t("cli.difference", lang), t("cli.interval", lang)]
            table = _table(f"{title}: {words.text(lang)}", head)
            for row in rows:
                cell = row.cells[place]
                parts = (DASH, DASH) if cell is None else (_coloured(cell, f"{cell.sign} {cell.change}"), cell.interval)
                table.add_row(row.title, row.baseline, *parts)
            screen.print(table)
    known = any(cell is not None and "[" in cell.interval for row in rows for cell in row.cells)
    screen.print(t("cli.legend" if known else "cli.legend_few", lang))
    if parameters_computed(report):
        screen.print(t("cli.legend_assumed", lang), markup=False)


def print_answers(answers: Sequence[Answer], lang: Lang) -> None:
    """Print what each alternative does, its lines below its name."""
    from rich.padding import Padding
    from rich.text import Text

    screen = console()
    for answer in answers:
        screen.print(Text(answer.title.text(lang), style="bold"))
        for line in answer.lines:
            screen.print(Padding(Text(line.text(lang)), (0, 0, 0, 2)))
    screen.print()


def print_groups(report: ReportInput, lang: Lang) -> None:
    """Print who gains and who loses: profit by operator, delivery inside the village by remoteness."""
    names = {key: words.text(lang) for key, words in report.operators.items()}
    remote = {key: value_text("remoteness", key, lang) for key in ("near", "middle", "far")}
    _print_group(report, "carrier_profit_yuan", "carrier", names, t("cli.by_operator", lang), lang)
    _print_group(report, "village_coverage", "remoteness", remote, t("cli.by_remoteness", lang), lang)


def _print_group(report: ReportInput, metric: str, group: str, names: dict[str, str], title: str, lang: Lang) -> None:
    from sim.report.table import cell

    table = report.differences
    rows = table[(table["metric"] == metric) & (table["group"] == group) & (table["window"] == report.windows[0])]
    if rows.empty:
        return
    found = {(row["value_of_group"], row["alternative"]): row for row in rows.to_dict("records")}
    shown = _table(title, ["", *(words.text(lang) for words in report.alternatives.values())])
    for value, name in names.items():
        cells = [found.get((value, alternative)) for alternative in report.alternatives]
        if any(row is not None for row in cells):
            shown.add_row(name, *(_cell(cell(row, str(row["unit"]), lang) if row is not None else None) for row in cells))
    console().print(shown)


def _cell(cell: Cell | None) -> str:
    """Return a difference, its interval below it where replications are enough for one."""
    if cell is None:
        return DASH
    first = _coloured(cell, f"{cell.sign} {cell.change}".strip())
    lines = [first, *(_plain(text) for text in (cell.interval, cell.varied and f"~ {cell.varied}") if "[" in text)]
    return "\n".join(lines)


def _coloured(cell: Cell, text: str) -> str:
    return f"[{COLOURS[cell.mark]}]{_plain(text)}[/]"


def _plain(text: str) -> str:
    """Return text whose brackets are no markup."""
    return text.replace("[", "\\[")


def _table(title: str, head: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for place, name in enumerate(head):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def print_rows(head: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print a plain table of texts."""
    table = _table(title, head)
    for column in table.columns:
        column.justify = "left"
    table.columns[0].no_wrap = max((len(row[0]) for row in rows), default=0) <= console().width // 2
    for row in rows:
        table.add_row(*(_plain(text) for text in row))
    console().print(table)
