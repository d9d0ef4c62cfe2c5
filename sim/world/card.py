"""Read ``county.yaml``: what the county is, its cited figures, licence and notes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.errors import Fault
from sim.text.catalogue import LOADER, Words
from sim.text.width import narrow, slip
from sim.world.county import FIGURES, LAT_RANGE, LON_RANGE, REGIONS, TERRAINS, Card, Figure
from sim.world.sheet import CODE, nearest, swap_fault, swapped
from sim.world.text import read_text

KEYS = (
    "format", "code", "name", "prefecture", "province", "seat", "terrain", "region", "area_km2", "figures",
    "licence", "attribution", "columns", "notes",
)  # fmt: skip
"""Keys of county.yaml; ``columns`` and ``notes`` are for readers, the rest is needed by the program."""


def read_card(path: Path, faults: list[Fault]) -> Card | None:
    """Return what the file says, or None after adding every fault."""
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        root, refused = _composed(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or str(error)
        at, letter = slip(text.splitlines()[: mark.line + 1] if mark else [])
        if at:
            what, what_zh = f"there is a full-width {letter} on the line", f"行中有全角的{letter}"
            faults.append(Fault(f"{path}:{at}", what, f"write the half-width {narrow(letter)}", what_zh, f"应写半角的{narrow(letter)}"))
            return None
        faults.append(Fault(where, f"this is not YAML: {problem}", "", f"不是合法的 YAML:{problem}"))
        return None
    if refused:
        what, what_zh = "anchors, aliases and tags are refused here", "不接受锚点、别名与标签"
        faults.append(
            Fault(
                f"{path}:{refused}", what, "allowed: plain mappings, lists, text and numbers", what_zh, "允许：普通映射、列表、文字与数字"
            )
        )
        return None
    page = Page(path, faults)
    top = page.mapping(root, "county.yaml", KEYS)
    if top is None:
        return None
    before = len(faults)
    card = _card(page, top)
    return card if len(faults) == before and not page.broken else None


def _composed(text: str) -> tuple[yaml.Node | None, int]:
    """Return the tree and the line of what is refused; the fast reader's messages differ, so that the plain one tells what is wrong."""
    try:
        return yaml.compose(text, Loader=LOADER), _refused(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader), _refused(yaml.parse(text, Loader=yaml.SafeLoader))


def _refused(events: Any) -> int:
    """Return the line of the first anchor, alias or tag, or 0."""
    for event in events:
        if getattr(event, "anchor", None) or getattr(event, "tag", None) not in (None, "!"):
            return int(event.start_mark.line) + 1
    return 0


@dataclass
class Page:
    """Takes nodes apart and notes what is wrong with them, with their lines."""

    path: Path
    faults: list[Fault]
    broken: bool = field(default=False)

    def fault(self, node: yaml.Node | None, what: str, allowed: str, what_zh: str, allowed_zh: str) -> None:
        """Note one fault."""
        self.broken = True
        where = f"{self.path}:{node.start_mark.line + 1}" if node is not None else str(self.path)
        self.faults.append(Fault(where, what, allowed, what_zh, allowed_zh))

    def mapping(self, node: yaml.Node | None, name: str, keys: Sequence[str], optional: Sequence[str] = ()) -> dict[str, yaml.Node] | None:
        """Return a mapping's nodes by key, noting unknown, doubled and missing keys."""
        names = ", ".join((*keys, *optional))
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{name} is not a mapping", f"keys: {names}", f"{name} 不是映射", f"键：{names}")
            return None
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found:
                self.fault(key, f"key {key.value!r} stands twice in {name}", "", f"{name} 中键 {key.value!r} 重复", "")
            if key.value not in (*keys, *optional):
                hint, hint_zh = nearest(key.value, (*keys, *optional))
                if key.value.isdigit() and len(key.value) == 3:
                    hint, hint_zh = "write numbers without commas; ", "数字中不写逗号；"
                what, what_zh = f"unknown key {key.value!r} in {name}", f"{name} 中有未知的键 {key.value!r}"
                self.fault(key, what, f"{hint}keys: {names}", what_zh, f"{hint_zh}键：{names}")
            found[key.value] = value
        for key in keys:
            if key not in found:
                self.fault(node, f"key {key!r} is missing in {name}", f"keys: {names}", f"{name} 缺少键 {key!r}", f"键：{names}")
        return found

    def words(self, parts: dict[str, yaml.Node] | None, key: str) -> str:
        """Return a text, empty where it is missing."""
        node = (parts or {}).get(key)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fault(node, f"{key} is not a text", "allowed: any text", f"{key} 不是文字", "允许：任意文字")
            return ""
        return str(node.value).strip()

    def choice(self, parts: dict[str, yaml.Node], key: str, choices: Sequence[str]) -> str:
        """Return one of ``choices``."""
        value = self.words(parts, key)
        if value and value not in choices:
            hint, hint_zh = nearest(value, choices)
            names = ", ".join(choices)
            self.fault(parts[key], f"{key} is {value!r}", f"{hint}allowed: {names}", f"{key} 为 {value!r}", f"{hint_zh}允许：{names}")
        return value

    def number(self, parts: dict[str, yaml.Node] | None, key: str, low: float, high: float, whole: bool = False) -> float:
        """Return a number in [low, high], NaN where it is missing."""
        value = self.words(parts, key)
        if not value or parts is None:
            return math.nan
        try:
            number = float(value.replace("_", ""))
        except ValueError:
            number = math.nan
        if not low <= number <= high or (whole and number != round(number)):
            kind, kind_zh = ("whole numbers ", "整数 ") if whole else ("", "")
            span = f"{low:g} .. {high:g}"
            self.fault(parts[key], f"{key} is {value}", f"allowed: {kind}{span}", f"{key} 为 {value}", f"允许：{kind_zh}{span}")
        return number

    def names(self, parts: dict[str, yaml.Node], key: str) -> tuple[str, str]:
        """Return the (zh, en) pair under ``key``."""
        pair = self.mapping(parts[key], key, ("zh", "en")) if key in parts else None
        return self.words(pair, "zh"), self.words(pair, "en")

    def said(self, parts: dict[str, yaml.Node], key: str) -> Words:
        """Return a text in both languages: a (zh, en) pair, or one text that stands for both."""
        if isinstance(parts.get(key), yaml.MappingNode):
            return Words(*self.names(parts, key))
        text = self.words(parts, key)
        return Words(text, text)

    def figure(self, node: yaml.Node | None, name: str, whole: bool = True) -> Figure:
        """Return a cited figure."""
        parts = self.mapping(node, name, ("value", "year", "source"))
        value = self.number(parts, "value", 1, 1e9, whole)
        year = self.number(parts, "year", 1900, 2100, True)
        return Figure(value, 0 if math.isnan(year) else int(year), self.words(parts, "source"))

    def notes(self, node: yaml.Node | None) -> tuple[tuple[str, str], ...]:
        """Return the notes as (zh, en) pairs."""
        if not isinstance(node, yaml.SequenceNode):
            if node is not None:
                self.fault(node, "notes is not a list", "allowed: a list of {zh, en}", "notes 不是列表", "允许：{zh, en} 的列表")
            return ()
        pairs = [self.mapping(item, "notes", ("zh", "en")) for item in node.value]
        return tuple((self.words(p, "zh"), self.words(p, "en")) for p in pairs)


def _card(page: Page, top: dict[str, yaml.Node]) -> Card:
    if "format" in top:
        page.number(top, "format", 1, 1, True)
    code = page.words(top, "code")
    if code and not CODE.fullmatch(code):
        page.fault(top["code"], f"code is {code!r}", "allowed: digits and letters", f"code 为 {code!r}", "允许：数字与字母")
    seat = page.mapping(top["seat"], "seat", ("lon", "lat", "township")) if "seat" in top else None
    lon, lat = _position(page, seat)
    figures = page.mapping(top["figures"], "figures", FIGURES) if "figures" in top else None
    cited = tuple((name, page.figure((figures or {})[name], name)) for name in FIGURES if name in (figures or {}))
    names, prefecture, province = (page.names(top, key) for key in ("name", "prefecture", "province"))
    notes = page.notes(top.get("notes"))
    area = page.figure(top["area_km2"], "area_km2", whole=False) if "area_km2" in top else Figure(math.nan, 0, "")
    return Card(
        code, *names, *prefecture, *province, lon, lat, page.words(seat, "township"),
        page.choice(top, "terrain", TERRAINS), page.choice(top, "region", REGIONS), area, cited,
        page.words(top, "licence"), page.said(top, "attribution"),
        tuple(zh for zh, _ in notes), tuple(en for _, en in notes),
    )  # fmt: skip


def _position(page: Page, seat: dict[str, yaml.Node] | None) -> tuple[float, float]:
    """Return the seat's position; a swapped one is one fault, not two."""
    quiet = Page(page.path, [])
    lon, lat = (quiet.number(seat, key, -1e9, 1e9) for key in ("lon", "lat"))
    if seat is not None and swapped(lon, lat):
        page.broken = True
        page.faults.append(swap_fault(f"{page.path}:{seat['lon'].start_mark.line + 1}", lon, lat))
        return lon, lat
    return page.number(seat, "lon", *LON_RANGE), page.number(seat, "lat", *LAT_RANGE)
