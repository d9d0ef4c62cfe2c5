"""Write the rows of a worksheet in one pass: typed columns, nothing where a value is null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Field:
    """One column of a sheet: its heads, its cells (text, number, bool or None for null), and a format for all cells or one for each."""

    head: tuple[str, ...]
    cells: Sequence[Any]
    form: Any = None
    width: int = 16


def plain(column: pd.Series[Any], as_text: bool = False) -> list[Any]:
    """Return a column as Python values, None where it is null; ``as_text`` for keys that a spreadsheet would round."""
    values, holes = column.astype(object).tolist(), column.isna().tolist()
    return [None if hole else str(value) if as_text else value for value, hole in zip(values, holes, strict=True)]


def write_fields(sheet: Any, fields: Sequence[Field], heads: Sequence[Any], first: int = 0) -> int:
    """Write headings (one format for each line of them) and below them the cells, from row ``first``; return the row behind the last."""
    for column, field in enumerate(fields):
        sheet.set_column(column, column, field.width)
    for line, form in enumerate(heads):
        for column, field in enumerate(fields):
            sheet.write_string(first + line, column, field.head[line], form)
    row, cells = first + len(heads), [field.cells for field in fields]
    forms = [field.form if isinstance(field.form, list) else None for field in fields]
    same = [None if isinstance(field.form, list) else field.form for field in fields]
    text, number, boolean = sheet.write_string, sheet.write_number, sheet.write_boolean
    for line, values in enumerate(zip(*cells, strict=True)):
        for column, value in enumerate(values):
            if value is None or value != value:
                continue
            each = forms[column]
            form = same[column] if each is None else each[line]
            if isinstance(value, str):
                if value:
                    text(row + line, column, value, form)
            elif isinstance(value, bool):
                boolean(row + line, column, value, form)
            else:
                number(row + line, column, value, form)
    return row + (len(cells[0]) if cells else 0)
