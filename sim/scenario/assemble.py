"""Put a scenario together: what it extends, its own entries, levers by id, overrides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Fault, ScenarioError
from sim.scenario import shipped, yaml
from sim.scenario.node import Node, fault, merged, near

OWN = ("name",)
"""Entries that a scenario does not inherit."""
MAX_EXTENDS = 20


@dataclass(frozen=True)
class Assembled:
    """A whole tree, the files it was read from, and the tree it inherits before its own entries (None: extends nothing).

    ``faults`` are entries that were written wrongly and kept as they stand; ``parents`` names what it extends.
    """

    root: Node
    files: tuple[Path, ...]
    inherited: Node | None
    parents: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def assemble(path: Path, above: tuple[Path, ...] = ()) -> Assembled:
    """Return the tree of a scenario file with everything it extends."""
    name = shipped.shown(path)
    own, written = yaml.read(path, name)
    faults: list[Fault] = []
    here = (*above, path.resolve())
    inherited: Node | None = None
    files: list[Path] = []
    parents: list[str] = []
    for parent in _parents(own, faults):
        target = shipped.find(str(parent.value), path.parent)
        if target.resolve() in here or len(here) > MAX_EXTENDS:
            loop = " > ".join(shipped.shown(p) for p in (*here[_index(here, target) :], target))
            faults.append(fault(parent, "loop", loop=loop))
            continue
        if not target.is_file():
            there = (p.name for p in (*target.parent.glob("*.yaml"), *shipped.files()))
            faults.append(fault(parent, "no_parent", name=parent.value, near=near(target.name, there)))
            continue
        try:
            found = assemble(target, here)
        except ScenarioError as error:
            faults.extend(error.faults)
            continue
        written.extend(found.faults)
        files.extend(found.files)
        parents.append(target.stem)
        base = _less(found.root, OWN)
        inherited = base if inherited is None else _over(inherited, base, faults)
    root = own if inherited is None else _over(inherited, own, faults)
    if inherited is None:
        root = _with_levers(own, _levers(own, {}, faults))
    if faults:
        raise ScenarioError([*written, *faults])
    return Assembled(_less(root, ("extends", "without")), (*files, path), inherited, tuple(parents), tuple(written))


def override(root: Node, settings: Sequence[str]) -> Node:
    """Return the tree with ``a.b=c`` settings in place; levers are named by id."""
    faults: list[Fault] = []
    for setting in settings:
        spot = f"--set {setting}"
        name, sign, text = setting.partition("=")
        keys = name.strip().split(".")
        if not sign or not all(keys):
            faults.append(fault(spot, "setting"))
            continue
        try:
            root = _set(root, keys, yaml.value(text, spot), spot)
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(faults)
    return root


def _set(node: Node, keys: list[str], new: Node, spot: str) -> Node:
    if not keys:
        return new
    head, rest = keys[0], keys[1:]
    if isinstance(node.value, list):
        ids = [_id(item) for item in node.value]
        if head not in ids:
            raise ScenarioError([fault(spot, "no_id", id=head, ids=", ".join(i for i in ids if i) or "-", near=near(head, ids))])
        items = list(node.value)
        items[ids.index(head)] = _set(items[ids.index(head)], rest, new, spot)
        return Node(items, node.file, node.line)
    entries = dict(node.value) if isinstance(node.value, dict) else {}
    if head == "levers" and rest and head not in entries:
        raise ScenarioError([fault(spot, "no_id", id=rest[0], ids="-", near=near(rest[0], ()))])
    entries[head] = _set(entries.get(head, Node({}, spot, 0)), rest, new, spot)
    return Node(entries, node.file, node.line) if entries[head].line or node.line else Node(entries, spot, 0)


def _parents(own: Node, faults: list[Fault]) -> list[Node]:
    entry = own.get("extends")
    if entry is None or entry.value is None:
        return []
    items = entry.value if isinstance(entry.value, list) else [entry]
    for item in items:
        if not isinstance(item.value, str):
            faults.append(fault(item, "extends"))
    return [item for item in items if isinstance(item.value, str)]


def _over(base: Node, own: Node, faults: list[Fault]) -> Node:
    """Return ``own`` laid over ``base``: levers by id, less those of ``without``."""
    before = {_id(item): item for item in _list(base.get("levers"))}
    for item in _without(own, faults):
        if item.value in before:
            del before[str(item.value)]
        else:
            faults.append(fault(item, "no_id", id=item.value, ids=", ".join(before) or "-", near=near(str(item.value), before)))
    return _with_levers(merged(_less(base, ("levers",)), _less(own, ("levers",))), _levers(own, before, faults))


def _without(own: Node, faults: list[Fault]) -> list[Node]:
    entry = own.get("without")
    if entry is None:
        return []
    items = _list(entry)
    if not isinstance(entry.value, list) or not all(isinstance(item.value, str) for item in items):
        faults.append(fault(entry, "without"))
        return []
    return items


def _levers(own: Node, before: dict[str, Node], faults: list[Fault]) -> list[Node]:
    """Return the levers before and the own ones, each with its id; one with a known id changes that one."""
    levers = dict(before)
    mine: dict[str, Node] = {}
    entry = own.get("levers")
    if entry is not None and not isinstance(entry.value, list):
        if entry.value is not None:
            faults.append(fault(entry, "levers"))
        return list(levers.values())
    for item in _list(entry):
        if not isinstance(item.value, dict):
            faults.append(fault(item, "levers"))
            continue
        name = _id(item)
        if name in mine:
            faults.append(fault(item, "same_id", id=name, line=mine[name].line))
            continue
        mine[name] = item
        old, kind = levers.get(name), item.get("kind")
        if old is not None and kind is not None and kind.value != (old.get("kind") or kind).value:
            faults.append(fault(kind, "other_kind", id=name, old=(old.get("kind") or kind).value, new=kind.value))
        made = item if old is None else merged(old, item)
        entries = dict(made.value) if isinstance(made.value, dict) else {}
        levers[name] = Node({"id": Node(name, item.file, item.line), **entries} if "id" not in entries else entries, made.file, made.line)
    return list(levers.values())


def _id(item: Node) -> str:
    named = item.get("id") or item.get("kind")
    return str(named.value) if named is not None else f"line-{item.line}"


def _list(entry: Node | None) -> list[Node]:
    return entry.value if entry is not None and isinstance(entry.value, list) else []


def _less(node: Node, keys: tuple[str, ...]) -> Node:
    entries = node.value if isinstance(node.value, dict) else {}
    return Node({key: value for key, value in entries.items() if key not in keys}, node.file, node.line)


def _with_levers(node: Node, levers: list[Node]) -> Node:
    entries = dict(node.value) if isinstance(node.value, dict) else {}
    entry = entries.get("levers")
    if levers or entry is not None:
        entries["levers"] = Node(levers, *((entry.file, entry.line) if entry else (node.file, node.line)))
    return Node(entries, node.file, node.line)


def _index(stack: tuple[Path, ...], target: Path) -> int:
    return stack.index(target.resolve()) if target.resolve() in stack else 0
