"""Tables for a spreadsheet: CSV or one workbook, with headers in Chinese or English and a row of units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import ResultsError
from sim.schema.column import Table
from sim.schema.tables import TABLES
from sim.store.cells import Field, plain, write_fields
from sim.store.stored import open_run
from sim.text import Lang, in_both, t, unit_text

if TYPE_CHECKING:
    import pandas as pd

SHEET_ROWS = 1_048_576 - 2
"""Rows of a worksheet below header and units."""

Headers = Literal["name", "zh", "en"]


def export(folder: Path | str, format: str, out: Path | str, headers: Headers = "name", tables: tuple[str, ...] = ()) -> list[Path]:
    """Write a run's tables (all, or those named) into the folder ``out`` and return the files.

    ``headers`` are the columns' names, or their meaning in Chinese or English; the second row holds the units, in the same language. Under
    headers for people money is in yuan; under the columns' names it is in fen, as in the tables. A
    table too long for one worksheet goes on in further ones; 64-bit keys are written as text, which a spreadsheet would round.
    """
    run = open_run(folder)
    unknown = [t for t in tables if t not in TABLES]
    if unknown:
        raise ResultsError(*in_both("results_fault.no_table", name=", ".join(unknown), known=", ".join(TABLES)))
    if format not in ("csv", "xlsx"):
        raise ResultsError(*in_both("results_fault.no_format", format=repr(format)))
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    chosen = [TABLES[name] for name in tables or TABLES]
    if format == "csv":
        return [_csv(out / f"{table.name}.csv", table, run.table(table.name), headers) for table in chosen]
    return [_xlsx(out / f"{run.folder.name}.xlsx", [(table, run.table(table.name)) for table in chosen], headers)]


def titles(table: Table, headers: Headers) -> list[str]:
    """Return the header of a table."""
    return [c.name if headers == "name" else c.zh if headers == "zh" else c.en for c in table.columns]


YUAN = {"fen": ("yuan", 100), "fen/h": ("yuan/h", 100), "fen/month": ("yuan/month", 100), "1/1000 fen": ("yuan", 100_000)}
"""Units of money in tables: what people read, and by what to divide."""


def units(table: Table, headers: Headers) -> list[str]:
    """Return the row of units; in words, and in yuan, under headers for people."""
    if headers == "name":
        return [c.unit for c in table.columns]
    return [unit_text(YUAN.get(c.unit, (c.unit, 1))[0], headers) for c in table.columns]


def readable(table: Table, frame: pd.DataFrame, headers: Headers) -> pd.DataFrame:
    """Return a table as it is exported: its money in yuan under headers for people."""
    if headers == "name":
        return frame
    money = {c.name: YUAN[c.unit][1] for c in table.columns if c.unit in YUAN}
    return frame.assign(**{name: frame[name].astype("Float64") / divisor for name, divisor in money.items()})


def _csv(path: Path, table: Table, frame: pd.DataFrame, headers: Headers) -> Path:
    import csv

    frame = readable(table, frame, headers)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(titles(table, headers))
        writer.writerow(units(table, headers))
        frame.to_csv(file, header=False, index=False, lineterminator="\n")
    return path


def _xlsx(path: Path, frames: list[tuple[Table, pd.DataFrame]], headers: Headers) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, grey = book.add_format({"bold": True}), book.add_format({"italic": True, "font_color": "#666666"})
        lang: Lang = "zh" if headers == "zh" else "en"
        front = book.add_worksheet(t("report.sheet_contents", lang))
        listed: list[tuple[str, str, int]] = []
        for table, whole in frames:
            frame = readable(table, whole, headers)
            title = table.zh if headers == "zh" else table.name
            heads, below = titles(table, headers), units(table, headers)
            for part, first in enumerate(range(0, max(len(frame), 1), SHEET_ROWS)):
                rows = frame.iloc[first : first + SHEET_ROWS]
                sheet = book.add_worksheet(title if not part else f"{title} {part + 1}")
                sheet.freeze_panes(2, 0)
                cells = [plain(rows[c.name], c.type == "key") for c in table.columns]
                fields = [Field(head, column) for head, column in zip(zip(heads, below, strict=True), cells, strict=True)]
                write_fields(sheet, fields, [bold, grey])
                listed.append((sheet.get_name(), table.zh if lang == "zh" else table.en, len(rows)))
        _contents(front, listed, bold, lang)
    return path


def _contents(sheet: Any, listed: list[tuple[str, str, int]], bold: Any, lang: Lang) -> None:
    """Write which table stands on which sheet."""
    cells = list(zip(*listed, strict=True))
    heads = [t(f"report.{head}", lang) for head in ("sheet", "sheet_holds", "sheet_rows")]
    write_fields(
        sheet, [Field((head,), column, width=width) for head, column, width in zip(heads, cells, (24, 40, 12), strict=True)], [bold]
    )
    for line, (name, _, _) in enumerate(listed, 1):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", None, name)
