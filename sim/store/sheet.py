"""One table's Parquet file, written in row groups."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.refused import naming
from sim.schema.column import Table
from sim.store.arrow import schema

ROWS = 130_000
"""Rows of a row group."""


class Sheet:
    """Collects batches until they fill a row group."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.table = table
        self.rows = 0
        self._held: list[pa.Table] = []
        self._n = 0
        words = [c.name for c in table.columns if c.type == "text"]
        self._path = folder / f"{table.name}.parquet"
        with naming(self._path):
            self._writer = pq.ParquetWriter(
                self._path, schema(table), compression="zstd", compression_level=1, use_dictionary=words, write_statistics=False
            )

    def write(self, rows: pa.Table) -> None:
        """Add rows."""
        if rows.num_rows:
            self._held.append(rows)
            self._n += rows.num_rows
            self.rows += rows.num_rows
        if self._n >= ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            with naming(self._path):
                self._writer.write_table(pa.concat_tables(self._held).unify_dictionaries(), row_group_size=2 * ROWS)
        self._held, self._n = [], 0

    def close(self) -> None:
        """Write what is held and close the file."""
        self._flush()
        with naming(self._path):
            self._writer.close()

    def abandon(self) -> None:
        """Let go of the file as it is: on a full disk it cannot be closed in order, and would try again whenever it is cleared away."""
        with contextlib.suppress(OSError, pa.ArrowException):
            self._writer.close()
        self._writer.is_open = False
