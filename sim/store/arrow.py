"""From columns to Arrow: schemas with units, and arrays of times, codes and texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.schema.column import Table
from sim.schema.raw import NEVER
from sim.units import SECOND

TYPES = {"int": pa.int64(), "key": pa.uint64(), "float": pa.float64(), "bool": pa.bool_(), "text": pa.dictionary(pa.int32(), pa.string())}


def schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table; unit and meaning stand in each field's metadata."""
    fields = []
    for c in table.columns:
        about = {b"unit": c.unit.encode(), b"en": c.en.encode(), b"zh": c.zh.encode()}
        fields.append(pa.field(c.name, TYPES[c.type], c.null, about))
    about = {b"table": table.name.encode(), b"en": table.en.encode(), b"zh": table.zh.encode(), b"time_zero": b"00:00 of start"}
    return pa.schema(fields, about)


def seconds(stamps: npt.NDArray[Any]) -> pa.Array:
    """Return microseconds (n,) as whole seconds, rounded down, null where NEVER."""
    return pa.array(stamps // SECOND, mask=stamps == NEVER)


def coded(codes: npt.NDArray[Any], words: Sequence[str]) -> pa.Array:
    """Return texts by code (n,), null where the code is negative or its word is empty."""
    code = np.ascontiguousarray(codes, dtype=np.int32)
    empty = np.array([w == "" for w in words], np.bool_)
    null = code < 0
    if empty.any():
        null = null | empty[np.where(null, 0, code)]
    return pa.DictionaryArray.from_arrays(pa.array(code, mask=null), pa.array(list(words), pa.string()))


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return texts, null where None or empty."""
    return pa.array([v or None for v in values], pa.string()).dictionary_encode()


def plain_texts(values: Sequence[str]) -> pa.Array:
    """Return texts, empty ones kept."""
    return pa.array(list(values), pa.string()).dictionary_encode()


def batch(table: Table, columns: Mapping[str, Any]) -> pa.Table:
    """Return the columns of a table in its order and types."""
    form = schema(table)
    arrays = []
    for field in form:
        given = columns[field.name]
        array = given if isinstance(given, pa.Array) else pa.array(given, field.type)
        if array.type != field.type:
            array = array.cast(field.type)
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=form)


def from_rows(table: Table, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Return a table from rows of plain values in the table's order; "" is null where a column may be."""
    columns: dict[str, Any] = {}
    for i, column in enumerate(table.columns):
        values = [row[i] for row in rows]
        if column.type == "text":
            columns[column.name] = texts(values) if column.null else plain_texts(values)
        else:
            columns[column.name] = pa.array(values, TYPES[column.type])
    return batch(table, columns)
