"""A run read back: tables with units, metrics, manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError, closest
from sim.metrics.look import Look, Of, When
from sim.schema.tables import TABLES
from sim.text import in_both

if TYPE_CHECKING:
    import pandas as pd


def open_run(folder: Path | str) -> StoredRun:
    """Return the run in a folder; a missing or incomplete one is refused."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ResultsError(*in_both("results_fault.no_folder", folder=folder))
    if not (folder / "manifest.json").exists():
        raise ResultsError(*in_both("results_fault.no_run", folder=folder))
    missing = [n for n in ("manifest.json", "scenario.yaml", *(f"{t}.parquet" for t in TABLES)) if not (folder / n).is_file()]
    if missing:
        raise ResultsError(*in_both("results_fault.incomplete", folder=folder, missing=", ".join(missing)))
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ResultsError(*in_both("results_fault.unreadable", file=folder / "manifest.json", error=error)) from error
    if not isinstance(manifest, dict) or "start" not in manifest or "window" not in manifest:
        raise ResultsError(*in_both("results_fault.no_manifest", file=folder / "manifest.json"))
    return StoredRun(folder, manifest)


class StoredRun:
    """One run folder."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder, self.manifest = folder, manifest

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table, or only the named columns of it; ``.attrs["units"]`` maps columns to units."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not isinstance(name, str) or name not in TABLES:
            near, known = closest(str(name), TABLES), ", ".join(TABLES)
            en, zh = in_both("results_fault.no_table_near" if near else "results_fault.no_table", name=repr(name), near=near, known=known)
            raise ResultsError(f"{self.folder}\n  {en}", f"{self.folder}\n  {zh}")
        path = self.folder / f"{name}.parquet"
        try:
            # One file handle, no partition guessing from the folder's name.
            file = pq.ParquetFile(path)
            table = file.read(columns=columns if columns is None else list(columns))
        except (OSError, pa.ArrowException) as error:
            raise ResultsError(*in_both("results_fault.unreadable", file=path, error=error)) from error
        if file.schema_arrow.names != [c.name for c in TABLES[name].columns]:
            raise ResultsError(*in_both("results_fault.columns", file=path, name=name))
        told = self.manifest.get("tables", {}).get(name)
        if table.num_rows != told:
            raise ResultsError(*in_both("results_fault.rows", file=path, rows=table.num_rows, told=told))
        units = {f.name: (f.metadata or {}).get(b"unit", b"").decode() for f in table.schema}
        for i, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                table = table.set_column(i, field.name, table.column(i).cast(pa.string()))
        frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas(integer_object_nulls=False, types_mapper=_nullable(table))
        frame.attrs["units"] = units
        return frame

    @cached_property
    def _look(self) -> Look:
        start, days = date.fromisoformat(self.manifest["start"]), self.manifest["window"]
        return Look(self.table("metrics"), start + timedelta(days=days["first_day"]), start + timedelta(days=days["last_day"]))

    def metric(self, name: str, window: When = None, group: Of = None) -> Any:
        """Return a metric: a float, or with ``group="carrier"`` a Series by the group's values; see ``Look.metric``."""
        return self._look.metric(name, window, group)


def _nullable(table: Any) -> Any:
    """Return the mapping that keeps integers with nulls integers."""
    import pandas as pd
    import pyarrow as pa

    holes = any(column.null_count for column in table.columns)
    return {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}.get if holes else None
