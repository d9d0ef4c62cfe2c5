"""Read a county's CSV tables by their declared columns, noting every fault with its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sim.errors import Fault, closest
from sim.world.county import COORD_SOURCES, LAT_RANGE, LON_RANGE, PLACE_TYPES, TOWNSHIP_TYPES
from sim.world.text import read_text

DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is code, text, maybe (text that may be empty), choice, flag, lon, lat, count, share, slug, day or number.

    A count is a whole number in [``least``, ``most``], a number lies in [``low``, ``high``]; a day is written MM-DD and read as 1 .. 365.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 999_999_999
    low: float = 0.0
    high: float = 0.0
    unit: tuple[str, str] = ("", "")


TOWNSHIP_COLUMNS = (
    Column("code", "code"),
    Column("name_zh", "text"),
    Column("name_en", "text"),
    Column("type", "choice", TOWNSHIP_TYPES),
    Column("lon", "lon"),
    Column("lat", "lat"),
    Column("coord_source", "choice", COORD_SOURCES),
    Column("synthetic", "flag"),
    Column("geonameid", "maybe"),
)

VILLAGE_COLUMNS = (
    Column("code", "code"),
    Column("township_code", "code"),
    Column("name_zh", "text"),
    Column("type", "choice", PLACE_TYPES),
    Column("lon", "lon"),
    Column("lat", "lat"),
    Column("coord_source", "choice", COORD_SOURCES),
    Column("synthetic", "flag"),
    Column("population", "count", least=1),
    Column("households", "count", least=1),
    Column("share_65", "share"),
)


@dataclass(frozen=True)
class Row:
    """One row with its line; ``cells`` holds str, int, float or bool by column, None where the cell is faulty."""

    line: int
    cells: dict[str, str | int | float | bool | None]

    def text(self, name: str) -> str:
        """Return a cell as text, empty where faulty."""
        value = self.cells[name]
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> float:
        """Return a cell as a number, NaN where faulty."""
        value = self.cells[name]
        return float(value) if isinstance(value, int | float) else math.nan


Answer = tuple[str | int | float | bool | None, str, str]
"""A cell's value, or None with what is allowed in English and Chinese."""


def read_sheet(path: Path, columns: tuple[Column, ...], faults: list[Fault]) -> list[Row]:
    """Return the rows of ``path``; faults are added, and no rows are returned where the header is wrong."""
    text = read_text(path, faults)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = [h.strip() for h in next(reader)]
        if wrong := _other_delimiter(path, header, columns):
            faults.append(wrong)
            return []
        if not _header_fits(path, header, columns, faults):
            return []
        for cells in reader:
            if not any(c.strip() for c in cells):
                continue
            if len(cells) != len(header):
                what, what_zh = f"{len(cells)} cells in a row of {len(header)} columns", f"该行有 {len(cells)} 格，应为 {len(header)} 列"
                names = ", ".join(header)
                faults.append(Fault(f"{path}:{reader.line_num}", what, f"columns: {names}", what_zh, f"列：{names}"))
                continue
            rows.append(_row(path, reader.line_num, dict(zip(header, cells, strict=True)), columns, faults))
    except csv.Error as error:
        what, what_zh = f"this is not CSV: {error}", f"不是合法的 CSV:{error}"
        faults.append(Fault(f"{path}:{reader.line_num}", what, "comma-separated, quotes doubled", what_zh, "逗号分隔，引号成对"))
        return []
    if not rows:
        faults.append(
            Fault(f"{path}:1", "the table has no rows", "at least one row below the header", "表中没有数据行", "表头之下至少一行")
        )
    return rows


def _other_delimiter(path: Path, header: list[str], columns: tuple[Column, ...]) -> Fault | None:
    """Return the fault of a table whose cells are parted by something else than commas, as some spreadsheets save them."""
    for sign, en, zh in (
        (";", "semicolons", "分号"),
        ("\t", "tabs", "制表符"),
        ("，", "full-width commas", "全角逗号"),
        ("|", "bars", "竖线"),
    ):
        if len(header) == 1 and columns[0].name in [name.strip() for name in header[0].split(sign)]:
            what, what_zh = f"the columns are parted by {en}", f"各列用{zh}分隔"
            return Fault(
                f"{path}:1", what, "allowed: commas; save the sheet as CSV (comma-separated)", what_zh, "应为逗号；请另存为 CSV（逗号分隔）"
            )
    return None


def _header_fits(path: Path, header: list[str], columns: tuple[Column, ...], faults: list[Fault]) -> bool:
    known = [c.name for c in columns]
    before = len(faults)
    missing = [k for k in known if k not in header]
    every, every_zh = f"columns: {', '.join(known)}", f"列：{', '.join(known)}"
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(Fault(f"{path}:1", f"column {name!r} stands twice", every, f"列 {name!r} 重复", every_zh))
        if name not in known:
            hint, hint_zh = nearest(name, missing or known)
            faults.append(Fault(f"{path}:1", f"unknown column {name!r}", hint + every, f"多余的列 {name!r}", hint_zh + every_zh))
    for name in missing:
        near = closest(name, (h for h in header if h not in known), 0.5)
        hint, hint_zh = (f"the file has {near!r}; ", f"文件中有 {near!r}；") if near else ("", "")
        faults.append(Fault(f"{path}:1", f"column {name!r} is missing", hint + every, f"缺少列 {name!r}", hint_zh + every_zh))
    return len(faults) == before


def nearest(name: str, known: Sequence[str]) -> tuple[str, str]:
    """Return "did you mean ...? " in English and Chinese, or two empty strings."""
    near = closest(name, known, 0.5)
    return (f"did you mean {near!r}? ", f"是否为 {near!r}？") if near else ("", "")


def _row(path: Path, line: int, raw: dict[str, str], columns: tuple[Column, ...], faults: list[Fault]) -> Row:
    cells: dict[str, str | int | float | bool | None] = {}
    here = f"{path}:{line}"
    for column in columns:
        value = raw[column.name].strip()
        cells[column.name], allowed, allowed_zh = _cell(column, value)
        if allowed:
            what, what_zh = (f"is {value!r}", f"为 {value!r}") if value else ("is empty", "为空")
            faults.append(Fault(here, f"{column.name} {what}", allowed, f"{column.name} {what_zh}", allowed_zh))
    row = Row(line, cells)
    if "lon" in raw and swapped(as_number(raw["lon"].strip()), as_number(raw["lat"].strip())):
        faults[:] = [f for f in faults if not (f.where == here and f.what.startswith(("lon is", "lat is")))]
        faults.append(swap_fault(here, raw["lon"].strip(), raw["lat"].strip()))
    return row


def _cell(column: Column, value: str) -> Answer:
    kind = column.kind
    if kind == "maybe":
        return value, "", ""
    if kind == "text":
        return (value, "", "") if value else (None, "allowed: any text", "允许：任意文字")
    if kind == "code":
        example = "621225100001, 621225100001-2"
        if re.fullmatch(r"[0-9.]+[Ee][+]?[0-9]+|[0-9]+[.]0*", value):
            hint, hint_zh = "a spreadsheet made a number of it: ", "电子表格把它变成了数字，请把该列设为文本；"
            return (
                None,
                f"{hint}make the column text; allowed: digits, letters, hyphens ({example})",
                f"{hint_zh}允许：数字、字母、连字符（{example}）",
            )
        fits = CODE.fullmatch(value) is not None
        return (
            (value, "", "") if fits else (None, f"allowed: digits, letters, hyphens ({example})", f"允许：数字、字母、连字符（{example}）")
        )
    if kind == "choice":
        if value in column.choices:
            return value, "", ""
        hint, hint_zh = nearest(value, column.choices)
        names = ", ".join(column.choices)
        return None, f"{hint}allowed: {names}", f"{hint_zh}允许：{names}"
    if kind == "flag":
        return (
            (value == "1", "", "") if value in ("0", "1") else (None, "allowed: 0 (real) or 1 (synthetic)", "允许：0（真实）或 1（合成）")
        )
    if kind == "count":
        whole = re.fullmatch(r"[0-9]{1,9}", value) is not None and column.least <= int(value) <= column.most
        span = f"{column.least} .. {column.most}"
        return (int(value), "", "") if whole else (None, f"allowed: whole numbers {span}, digits only", f"允许：整数 {span}，只写数字")
    if kind == "slug":
        fits = SLUG.fullmatch(value) is not None
        allowed, allowed_zh = "allowed: lower-case letters and hyphens (sweet-cherry)", "允许：小写字母与连字符（sweet-cherry）"
        return (value, "", "") if fits else (None, allowed, allowed_zh)
    if kind == "day":
        day = day_of_year(value)
        return (day, "", "") if day else (None, "allowed: MM-DD, 01-01 .. 12-31 without 02-29", "允许：MM-DD，01-01 .. 12-31，不含 02-29")
    if kind == "number":
        number = as_number(value)
        if number is not None and column.low <= number <= column.high:
            return number, "", ""
        span = f"{column.low:,.12g} .. {column.high:,.12g}"
        return None, f"allowed: {span} {column.unit[0]}".rstrip(), f"允许：{span} {column.unit[1]}".rstrip()
    low, high = {"lon": LON_RANGE, "lat": LAT_RANGE, "share": (0.0, 1.0)}[kind]
    number = as_number(value)
    if number is not None and low <= number <= high:
        return number, "", ""
    unit, unit_zh = (", not per cent", "，不写百分数") if kind == "share" else (" degrees (China, WGS-84)", " 度（中国范围，WGS-84）")
    return None, f"allowed: {low:g} .. {high:g}{unit}", f"允许：{low:g} .. {high:g}{unit_zh}"


def as_number(value: str) -> float | None:
    """Return a finite number, or None."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def day_of_year(value: str) -> int:
    """Return the day (1 .. 365) that MM-DD names, or 0 where it names none."""
    try:
        return datetime.strptime(f"2021-{value}", "%Y-%m-%d").timetuple().tm_yday if DAY.fullmatch(value) else 0
    except ValueError:
        return 0


def swapped(lon: float | None, lat: float | None) -> bool:
    """Say whether a position is right only with its coordinates exchanged."""
    if lon is None or lat is None:
        return False
    right = LON_RANGE[0] <= lon <= LON_RANGE[1] and LAT_RANGE[0] <= lat <= LAT_RANGE[1]
    return not right and LON_RANGE[0] <= lat <= LON_RANGE[1] and LAT_RANGE[0] <= lon <= LAT_RANGE[1]


def swap_fault(where: str, lon: object, lat: object) -> Fault:
    """Return the fault of a position whose coordinates are exchanged."""
    span = f"lon {LON_RANGE[0]:g} .. {LON_RANGE[1]:g}, lat {LAT_RANGE[0]:g} .. {LAT_RANGE[1]:g}"
    return Fault(where, f"lon {lon} and lat {lat} are swapped", f"allowed: {span}", f"lon {lon} 与 lat {lat} 颠倒", f"允许：{span}")
