"""Turn what pydantic finds into faults with file, line, value, what is allowed and the nearest name."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import Fault, closest
from sim.scenario.allowed import allowed, choices, field_at, fields_of, is_model, parts, unit_of
from sim.scenario.node import Node, fault
from sim.scenario.yaml import plain_scalar
from sim.schema.listing import valued
from sim.schema.parameters import Parameters
from sim.text import Words
from sim.text.unit import is_share
from sim.text.width import narrow

Loc = tuple[str | int, ...]
THOUSANDS = re.compile(r"[0-9]{3}")
PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) *%")
NUMBERS = ("int_type", "float_type", "int_parsing", "float_parsing", "int_from_float")


def locate(root: Node, loc: Loc) -> tuple[Node, Loc]:
    """Return the deepest node on the way to ``loc`` and its path; parts that stand for no node (union tags) are passed over."""
    node, path = root, []
    for part in loc:
        if isinstance(node.value, dict) and part in node.value:
            node = node.value[str(part)]
        elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            continue
        path.append(part)
    return node, tuple(path)


def faults_of(error: ValidationError, model: type[BaseModel], root: Node) -> list[tuple[Loc, Fault]]:
    """Return one fault for each wrong place, with the path of its node, in the order of the file."""
    found: dict[Loc, tuple[Loc, dict[str, Any]]] = {}
    for item in error.errors(include_url=False, include_context=True):
        loc: Loc = item["loc"]
        _, path = locate(root, loc)
        where = (*path, loc[-1]) if item["type"] == "missing" else path
        if where not in found or item["type"].endswith(("equal", "than", "_long", "_short", "mismatch")):
            found[where] = (loc, dict(item))
    deepest = {path: entry for path, entry in found.items() if not any(len(p) > len(path) and p[: len(path)] == path for p in found)}
    told = [(path, _told(model, root, path, loc, item)) for path, (loc, item) in deepest.items()]
    return sorted(told, key=lambda entry: locate(root, entry[0])[0].line)


def _told(model: type[BaseModel], root: Node, path: Loc, loc: Loc, item: dict[str, Any]) -> Fault:
    node, _ = locate(root, path)
    name = dotted(root, path)
    annotation, field = field_at(model, loc)
    limits = allowed(annotation, field)
    kind = item["type"]
    if kind == "extra_forbidden":
        return _unknown(model, node, name, path, loc)
    if kind == "missing":
        return fault(node, "missing", name=name, allowed=_both(limits))
    if kind == "union_tag_not_found":
        return fault(node, "missing", name=f"{name}.kind", allowed=_both(allowed(annotation, field)))
    value: object = node.value
    if kind == "union_tag_invalid" and isinstance(node.value, dict):
        node = node.value["kind"]
        name, value = f"{name}.kind", node.value
    hint = _hint(value, annotation, kind, unit_of(field) if field is not None else "")
    return fault(node, "value", name=name, value=_shown(value), allowed=_both(limits), hint=_both(hint))


def _unknown(model: type[BaseModel], node: Node, name: str, path: Loc, loc: Loc) -> Fault:
    key = str(path[-1])
    parent, _ = field_at(model, loc[:-1])
    known = [word for member in parts(parent) if is_model(member) for word in fields_of(member)] or list(choices(parent))
    plain = narrow(key).strip(" -")
    near = closest(plain, known, 0.5) or _section(key, known) or _parameter(key)
    if THOUSANDS.fullmatch(key):
        hint = {"zh": "数字中不写逗号：1200000 或 1_200_000", "en": "write numbers without commas: 1200000 or 1_200_000"}
    elif narrow(key) != key:
        hint = {"zh": f"有全角字符，应写：{narrow(key).strip()}", "en": f"it has full-width characters, write {narrow(key).strip()}"}
    elif near:
        annotation, field = field_at(model, (*loc[:-1], near))
        told = allowed(annotation, field) if near in known else Words("", "")
        hint = {"zh": f"最接近：{near}。{told.zh}".rstrip("。"), "en": f"nearest: {near}; {told.en}".removesuffix("; ")}
    else:
        hint = {"zh": f"可用：{', '.join(known) or '-'}", "en": f"known: {', '.join(known) or '-'}"}
    return fault(node, "unknown", name=name, hint=hint)


def _section(key: str, known: list[str]) -> str:
    """Return the path of a section of parameters that was written at the top of a scenario, "" where the key is none."""
    return f"parameters.{key}" if "parameters" in known and key in Parameters.model_fields else ""


def _parameter(key: str) -> str:
    return next((full for full in parameter_paths() if full.rsplit(".", 1)[-1] == key), "")


def parameter_paths() -> tuple[str, ...]:
    """Return the path of every parameter, ``parameters.<section>.<name>`` and deeper."""
    return tuple(path for path, _, _ in valued(Parameters(), "parameters"))


def dotted(root: Node, path: Loc) -> str:
    """Return a path as the ``--set`` option writes it: levers by id."""
    names = []
    node: Node | None = root
    for part in path:
        child = None
        if node is not None and isinstance(node.value, dict):
            child = node.value.get(str(part))
        elif node is not None and isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
            child = node.value[part]
        named = child.get("id") if child is not None and isinstance(part, int) else None
        names.append(str(named.value) if named is not None else str(part))
        node = child
    return ".".join(names)


def _hint(value: object, annotation: Any, kind: str, unit: str) -> Words:
    if isinstance(value, str) and (plain := narrow(value)) != value and (kind in NUMBERS or plain.isascii()):
        return Words(f"；有全角字符，应写：{plain}", f"; it has full-width characters, write {plain}")
    if is_share(unit) and (percent := _percent(value)) is not None:
        return Words(f"；百分数写成小数：{percent:g}", f"; per cent are written as a share: {percent:g}")
    bare = plain_scalar(value)[0] if isinstance(value, str) else None
    if (isinstance(bare, int | float) and kind in NUMBERS) or (isinstance(bare, date) and kind == "date_type"):
        return Words("；请去掉引号", "; write it without quotes")
    if not isinstance(value, str) and kind == "string_type":
        return Words("；文字请加引号", "; write text in quotes")
    near = closest(value, choices(annotation)) if isinstance(value, str) else ""
    if near and near != value:
        return Words(f"；最接近：{near}", f"; nearest: {near}")
    return Words("", "")


def _percent(value: object) -> float | None:
    """Return the share that somebody meant who wrote per cent, None where that is not what is wrong."""
    if isinstance(value, str):
        found = PERCENT.fullmatch(value)
        return float(found.group(1)) / 100 if found else None
    return value / 100 if isinstance(value, int | float) and 1 < value <= 100 else None


def _shown(value: object) -> dict[str, str]:
    """Return a value as a fault writes it, in both languages."""
    if value == [] or value == {}:
        return {"zh": "空", "en": "empty"}
    for kind, zh, en in ((dict, "映射", "a mapping"), (list, "列表", "a list"), (type(None), "空", "empty")):
        if isinstance(value, kind):
            return {"zh": zh, "en": en}
    text = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    text = text if len(text) <= 80 else f"{text[:77]}..."
    return {"zh": text, "en": text}


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
