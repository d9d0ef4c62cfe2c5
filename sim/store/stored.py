"""A run read back: tables with units, metrics, manifest."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.metrics.catalogue import BY_NAME
from sim.schema.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

Window = str | tuple[date, date] | None


def open_run(folder: Path | str) -> StoredRun:
    """Return the run in a folder; a missing or incomplete one is refused."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ResultsError(f"{folder}\n  is no run folder (it may have been interrupted)")
    missing = [n for n in ("manifest.json", "scenario.yaml", *(f"{t}.parquet" for t in TABLES)) if not (folder / n).is_file()]
    if missing:
        raise ResultsError(f"{folder}\n  is incomplete: {', '.join(missing)} missing")
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ResultsError(f"{folder / 'manifest.json'}\n  cannot be read: {error}") from error
    if not isinstance(manifest, dict) or "start" not in manifest or "window" not in manifest:
        raise ResultsError(f"{folder / 'manifest.json'}\n  is no manifest of a run")
    return StoredRun(folder, manifest)


class StoredRun:
    """One run folder."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder, self.manifest = folder, manifest

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; ``.attrs["units"]`` maps columns to units."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if name not in TABLES:
            raise ResultsError(f"{self.folder}\n  there is no table {name!r}\n  tables: {', '.join(TABLES)}")
        path = self.folder / f"{name}.parquet"
        try:
            # One file handle, no partition guessing from the folder's name.
            table = pq.ParquetFile(path).read()
        except (OSError, pa.ArrowException) as error:
            raise ResultsError(f"{path}\n  cannot be read: {error}") from error
        if table.column_names != [c.name for c in TABLES[name].columns]:
            raise ResultsError(f"{path}\n  does not hold the columns of {name}")
        if table.num_rows != self.manifest.get("tables", {}).get(name):
            raise ResultsError(f"{path}\n  has {table.num_rows} rows, the manifest says {self.manifest.get('tables', {}).get(name)}")
        units = {f.name: (f.metadata or {}).get(b"unit", b"").decode() for f in table.schema}
        for i, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                table = table.set_column(i, field.name, table.column(i).cast(pa.string()))
        frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas(integer_object_nulls=False, types_mapper=_nullable(table))
        frame.attrs["units"] = units
        return frame

    @cached_property
    def _metrics(self) -> pd.DataFrame:
        return self.table("metrics")

    def metric(self, name: str, window: Window = None, group: str | tuple[str, str] | None = None) -> Any:
        """Return a metric: a float, or with ``group="carrier"`` a Series by the group's values.

        ``window`` is nothing (all days after warm-up), a month "YYYY-MM", or (from, until), both included, of whole months.
        """
        if name not in BY_NAME:
            raise ResultsError(f"there is no metric {name!r}")
        rows = self._metrics[self._metrics["metric"] == name]
        wanted = ("", "") if group is None else (group, None) if isinstance(group, str) else group
        rows = rows[rows["group"] == wanted[0]]
        if wanted[1] is not None:
            rows = rows[rows["value_of_group"] == wanted[1]]
        if rows.empty:
            raise ResultsError(f"{name} is not given by {group!r}; groups: {', '.join(BY_NAME[name].groups) or 'none'}")
        values = self._over(name, rows, self._periods(window)).set_index("value_of_group")["value"]
        return values if isinstance(group, str) else float(values.iloc[0])

    def _over(self, name: str, rows: pd.DataFrame, periods: list[str]) -> pd.DataFrame:
        rows = rows[rows["period"].isin(periods)]
        if len(periods) == 1:
            return rows
        if rows["numerator"].isna().any():
            raise ResultsError(f"{name} is known by month and over all, not over several months")
        total = rows.groupby("value_of_group", sort=False)[["numerator", "denominator"]].sum().reset_index()
        total["value"] = total["numerator"] / (1.0 if BY_NAME[name].denominator == "1" else total["denominator"])
        return total

    def _periods(self, window: Window) -> list[str]:
        known = [p for p in self._metrics["period"].unique().tolist() if p != "all"]
        if window is None:
            return ["all"]
        if isinstance(window, str):
            if window not in ("all", *known):
                raise ResultsError(f"there is no period {window!r}; periods: all, {', '.join(known)}")
            return [window]
        start = date.fromisoformat(self.manifest["start"])
        days = self.manifest["window"]
        first, last = (start + timedelta(days=days[k]) for k in ("first_day", "last_day"))
        if window == (first, last):
            return ["all"]
        months = [m for m in known if max(first, _first(m)) >= window[0] and min(last, _last(m)) <= window[1]]
        covered = bool(months) and max(first, _first(months[0])) == window[0] and min(last, _last(months[-1])) == window[1]
        if not covered:
            raise ResultsError(f"{window[0]} to {window[1]} are not whole months of {first} to {last}")
        return months


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _last(month: str) -> date:
    return (_first(month) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _nullable(table: Any) -> Any:
    """Return the mapping that keeps integers with nulls integers."""
    import pandas as pd
    import pyarrow as pa

    holes = any(column.null_count for column in table.columns)
    return {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}.get if holes else None
