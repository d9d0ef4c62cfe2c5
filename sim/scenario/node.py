"""A node of a YAML file that remembers where it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import Fault, closest
from sim.text import LANGUAGES, template

Scalar = str | int | float | bool | date | None


@dataclass(frozen=True)
class Node:
    """A scalar, mapping or list with the place it comes from; ``line`` 0 is the command line."""

    value: Scalar | dict[str, Node] | list[Node]
    file: str
    line: int

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def get(self, key: str) -> Node | None:
        """Return a mapping's entry, None where there is none or this is no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def plain(self) -> Any:
        """Return the data without lines; lists become tuples."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return tuple(node.plain() for node in self.value)
        return self.value


def merged(parent: Node, child: Node) -> Node:
    """Return the child laid over the parent: mappings merge, everything else replaces."""
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return child
    entries = dict(parent.value)
    for key, node in child.value.items():
        entries[key] = merged(entries[key], node) if key in entries else node
    return Node(entries, child.file, child.line)


def without(root: Node, loc: tuple[str | int, ...]) -> Node:
    """Return the tree without the entry at ``loc``; a list keeps its other entries."""
    head, rest = loc[0], loc[1:]
    if isinstance(root.value, dict) and head in root.value:
        entries = dict(root.value)
        if rest:
            entries[str(head)] = without(entries[str(head)], rest)
        else:
            del entries[str(head)]
        return Node(entries, root.file, root.line)
    if isinstance(root.value, list) and isinstance(head, int) and head < len(root.value):
        items = list(root.value)
        if rest:
            items[head] = without(items[head], rest)
        else:
            del items[head]
        return Node(items, root.file, root.line)
    return root


def fault(where: Node | str, kind: str, /, **values: object) -> Fault:
    """Return a fault in both languages from the catalogue's ``scenario_fault.<kind>`` and ``<kind>.do``.

    A value that is a mapping of languages is written in each language.
    """
    spot = where.where if isinstance(where, Node) else where
    texts = {}
    for lang in LANGUAGES:
        filled = {k: v[lang] if isinstance(v, dict) else v for k, v in values.items()}
        texts[lang] = [template(f"scenario_fault.{key}", lang).format(**filled) for key in (kind, f"{kind}.do")]
    return Fault(spot, *texts["en"], *texts["zh"])


def near(name: str, known: Iterable[str]) -> dict[str, str]:
    """Return the nearest known name, in words."""
    found = closest(name, known)
    return {"en": f"nearest: {found}" if found else "none is near", "zh": f"最接近：{found}" if found else "没有相近的名称"}


def names(items: Iterable[object]) -> str:
    """Return names as a list to read."""
    return ", ".join(str(item) for item in items)
