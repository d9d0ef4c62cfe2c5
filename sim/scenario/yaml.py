"""Read YAML strictly, with the line of every node.

Refuses duplicate keys, tags, merge keys, expansion bombs, too deep or too large files, NaN and infinity, other encodings than
UTF-8, and what YAML 1.1 reads in a surprising way (``17:30`` as 1050, ``yes`` as true, ``010`` as 8). ``1e6`` is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sim.errors import Fault, ScenarioError, closest
from sim.scenario.node import Node, Scalar, fault
from sim.text.width import narrow, slip
from sim.world.data import scenarios_dir

MAX_BYTES = 200_000
MAX_NODES = 20_000
MAX_DEPTH = 30

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)")
_FLOAT = re.compile(r"[-+]?([0-9]+(_[0-9]+)*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_ODD_NUMBER = re.compile(r"[-+]?0([0-9_]+|[xob][0-9a-fA-F_]+)")
_SEXAGESIMAL = re.compile(r"[-+]?[1-9][0-9]*(:[0-9]+)+(\.[0-9]*)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_SWITCHES = {"yes", "no", "on", "off", "y", "n"}


def read(path: Path, name: str) -> tuple[Node, list[Fault]]:
    """Return the tree of a file and what is wrong in its writing, ``name`` being how faults call it.

    Raise ScenarioError where there is no tree to go on with.
    """
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise ScenarioError([fault(name, "folder")]) from None
    except OSError:
        raise ScenarioError([fault(name, "no_file", **_nearest_file(path))]) from None
    return parse(raw, name)


def parse(raw: bytes, name: str) -> tuple[Node, list[Fault]]:
    """Return the tree of YAML bytes, its top a mapping, and what is wrong in single entries."""
    if len(raw) > MAX_BYTES:
        raise ScenarioError([fault(name, "too_large", bytes=len(raw), limit=MAX_BYTES)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(10) + 1
        raise ScenarioError([fault(f"{name}:{line}", "not_utf8", byte=f"0x{raw[error.start]:02x}")]) from None
    builder = _Builder(text, name)
    root = builder.document()
    if not isinstance(root.value, dict):
        raise ScenarioError(builder.faults or [fault(root, "not_mapping")])
    return root, builder.faults


def value(text: str, name: str) -> Node:
    """Return the tree of one value written on the command line."""
    if len(text) > MAX_BYTES:
        raise ScenarioError([fault(name, "too_large", bytes=len(text), limit=MAX_BYTES)])
    builder = _Builder(text, name, command=True)
    root = builder.document()
    if builder.faults:
        raise ScenarioError(builder.faults)
    return root


class _Stop(Exception):
    """The rest of the file is not worth reading."""


class _Builder:
    """Builds nodes from YAML events; keeps the faults found on the way."""

    def __init__(self, text: str, name: str, *, command: bool = False) -> None:
        self.name = name
        self.command = command
        self.faults: list[Fault] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0
        self.lines = text.splitlines()
        self.tabbed = {number for number, line in enumerate(self.lines, 1) if "\t" in line}
        self.events: Iterator[Any] = self._parsed(text)

    def _parsed(self, text: str) -> Iterator[Any]:
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            self.faults.append(self._syntax(error))
            raise _Stop from None

    def document(self) -> Node:
        """Return the only document's top node."""
        nothing = Node(None, self.name, 0 if self.command else 1)
        try:
            self._next()
            if isinstance(self._next(), yaml.StreamEndEvent):
                if not self.command:
                    self.faults.append(fault(nothing, "empty"))
                return nothing
            root = self.node(self._next(), 0)
            self._next()
            extra = self._next()
            if not isinstance(extra, yaml.StreamEndEvent):
                self.faults.append(fault(self.at(extra), "documents"))
        except _Stop:
            return nothing
        return root

    def _next(self) -> Any:
        return next(self.events)

    def at(self, event: Any) -> str:
        """Return where an event stands."""
        return self.name if self.command else f"{self.name}:{event.start_mark.line + 1}"

    def node(self, event: Any, depth: int, line: int | None = None) -> Node:
        """Return the node that begins with ``event``; an entry of a mapping stands on the line of its key."""
        spot = 0 if self.command else (line or event.start_mark.line + 1)
        start = self.nodes
        self.grow(event, 1)
        if depth > MAX_DEPTH:
            self.faults.append(fault(self.at(event), "too_deep", limit=MAX_DEPTH))
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, spot)
        if event.tag is not None:
            self.faults.append(fault(self.at(event), "tag", tag=event.tag))
        if isinstance(event, yaml.MappingStartEvent):
            made = Node(self.mapping(depth), self.name, spot)
        elif isinstance(event, yaml.SequenceStartEvent):
            made = Node(self.sequence(depth), self.name, spot)
        else:
            made = Node(self.scalar(event), self.name, spot)
        if event.anchor is not None:
            self.anchors[event.anchor] = (made, self.nodes - start)
        return made

    def grow(self, event: Any, nodes: int) -> None:
        """Count nodes and stop at the limit, aliases counted as often as they are used."""
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            self.faults.append(fault(self.at(event), "bomb", limit=MAX_NODES))
            raise _Stop

    def alias(self, event: Any, line: int) -> Node:
        """Return what an alias stands for."""
        if event.anchor not in self.anchors:
            self.faults.append(fault(self.at(event), "alias", name=event.anchor))
            return Node(None, self.name, line)
        target, size = self.anchors[event.anchor]
        self.grow(event, size)
        return Node(target.value, self.name, line)

    def mapping(self, depth: int) -> dict[str, Node]:
        """Return a mapping's entries; keys are text."""
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                self.faults.append(fault(self.at(event), "key"))
                self.node(event, depth + 1)
                self.node(self._next(), depth + 1)
                continue
            key: str = event.value
            made = self.node(self._next(), depth + 1, line)
            if key == "<<":
                self.faults.append(fault(self.at(event), "merge_key"))
            elif key in entries:
                self.faults.append(fault(self.at(event), "duplicate_key", key=key, line=lines[key]))
            else:
                entries[key], lines[key] = made, line
        return entries

    def sequence(self, depth: int) -> list[Node]:
        """Return a list's items."""
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return items

    def scalar(self, event: Any) -> Scalar:
        """Return a scalar's value; what is in quotes is text."""
        text: str = event.value
        if event.style is not None:
            return text
        made, wrong = plain_scalar(text)
        # A shell has taken the quotes off a time of day.
        if wrong and not (self.command and wrong == "sexagesimal"):
            self.faults.append(fault(self.at(event), wrong, text=text))
        return made

    def _syntax(self, error: yaml.YAMLError) -> Fault:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        spot = self.name if self.command else f"{self.name}:{line}"
        problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).replace("\n", " ")
        if line in self.tabbed:
            return fault(spot, "tab")
        at, letter = slip(self.lines[:line])
        if at:
            return fault(
                self.name if self.command else f"{self.name}:{at}", "full_width", letter=_called(letter), plain=_called(narrow(letter))
            )
        return fault(spot, "syntax", problem=problem)


def _called(letter: str) -> dict[str, str]:
    return {"zh": "空格", "en": "space"} if letter.isspace() else {"zh": letter, "en": letter}


def plain_scalar(text: str) -> tuple[Scalar, str]:
    """Return the value of an unquoted scalar and the key of the fault in it, "" where there is none."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None, ""
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true", ""
    if text.lower() in _SWITCHES:
        return text, "switch"
    if _SEXAGESIMAL.fullmatch(text):
        return text, "sexagesimal"
    if _NOT_FINITE.fullmatch(text):
        return None, "not_finite"
    if _ODD_NUMBER.fullmatch(text):
        return text, "odd_number"
    if found := _DATE.fullmatch(text):
        try:
            return date(*(int(part) for part in found.groups())), ""
        except ValueError:
            return text, "no_such_date"
    return _number(text)


def _number(text: str) -> tuple[Scalar, str]:
    if len(text) > 400:
        return text, ""
    if _INT.fullmatch(text):
        return int(text.replace("_", "")), ""
    if any(c.isdigit() for c in text) and _FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
        return (None, "not_finite") if number in (float("inf"), float("-inf")) else (number, "")
    return text, ""


def _nearest_file(path: Path) -> dict[str, object]:
    here = [p.name for p in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
    shipped = [p.stem for p in scenarios_dir().glob("*.yaml")]
    near = closest(path.name, here) or closest(path.stem, shipped)
    return {
        "near": {
            "en": f"nearest: {near}" if near else "is the path right?",
            "zh": f"最接近的文件：{near}" if near else "路径是否正确？",
        }
    }
