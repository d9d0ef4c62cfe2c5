"""Find the field behind a place in a model, and say in words what it allows."""

from __future__ import annotations

import types
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.node import names
from sim.schema.listing import bounds, span
from sim.text import Words, t, unit_text
from sim.text.unit import is_share

LETTERS = {r"^\w[\w.-]*$": "name", r"^[a-z][a-z0-9-]{0,31}$": "key", r"^[A-Za-z0-9_-]+$": "id"}
"""What a pattern is called where it is told in words."""
MOST = 8
"""So many names of a mapping's entries are written out."""


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return a model's fields by the names used in files."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def parts(annotation: Any) -> tuple[Any, ...]:
    """Return the members of a union, the annotation itself where it is none; nothing for None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(part for member in get_args(annotation) for part in parts(member) if part is not type(None))
    return (annotation,)


def is_model(annotation: Any) -> bool:
    """Return whether an annotation is a model's class."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def kind_of(model: type[BaseModel]) -> str:
    """Return the ``kind`` a model is told apart by, "" where it has none."""
    field = model.model_fields.get("kind")
    return str(get_args(field.annotation)[0]) if field is not None else ""


def field_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> tuple[Any, FieldInfo | None]:
    """Return the annotation and the field (where it is one) at a place; a part that names a member of a union is passed over."""
    annotation: Any = model
    field: FieldInfo | None = None
    for part in loc:
        step = _step(annotation, part)
        if step is not None:
            annotation, field = step
    return annotation, field


def _step(annotation: Any, part: str | int) -> tuple[Any, FieldInfo | None] | None:
    members = parts(annotation)
    for member in members:
        if is_model(member) and part in fields_of(member):
            info = fields_of(member)[str(part)]
            return info.annotation, info
        if is_model(member) and len(members) > 1 and kind_of(member) == part:
            return member, None
        if get_origin(member) is tuple and isinstance(part, int):
            inner = get_args(member)
            return (inner[0] if inner[-1] is Ellipsis else inner[min(part, len(inner) - 1)]), None
        if get_origin(member) is dict and isinstance(part, str) and (part in _keys(member) or get_args(member)[0] is str):
            return get_args(member)[1], None
    return None


def _keys(annotation: Any) -> tuple[str, ...]:
    return get_args(get_args(annotation)[0])


def choices(annotation: Any) -> tuple[str, ...]:
    """Return the words to choose from: literals, kinds of a union, keys of a mapping, names of a model's fields."""
    found: list[str] = []
    for member in parts(annotation):
        if get_origin(member) is Literal:
            found.extend(str(word) for word in get_args(member))
        elif get_origin(member) is tuple:
            found.extend(choices(get_args(member)[0]))
        elif get_origin(member) is dict:
            found.extend(_keys(member))
        elif is_model(member):
            found.extend([kind_of(member)] if kind_of(member) else fields_of(member))
    return tuple(dict.fromkeys(found))


def allowed(annotation: Any, field: FieldInfo | None) -> Words:
    """Return what a field allows: kind of value, range, unit, default."""
    if all(is_model(member) and kind_of(member) for member in parts(annotation)):
        kinds = [_words("kind.one_of", names=names(choices(annotation)))]
    else:
        kinds = [_said(member) for member in parts(annotation)]
    kinds = list(dict.fromkeys(kinds))
    text = Words(" 或 ".join(k.zh for k in kinds), " or ".join(k.en for k in kinds))
    extra = _range(field) if field is not None else Words("", "")
    return Words(t("scenario_fault.allowed", "zh", what=text.zh + extra.zh), t("scenario_fault.allowed", "en", what=text.en + extra.en))


def _said(member: Any) -> Words:
    simple = {bool: "bool", int: "int", float: "float", str: "str", date: "date"}
    if member in simple:
        return _words(f"kind.{simple[member]}")
    if get_origin(member) is Literal:
        words = get_args(member)
        return _words("kind.one_of", names=names(words)) if len(words) > 1 else Words(str(words[0]), str(words[0]))
    if get_origin(member) is tuple:
        inner = get_args(member)
        if inner[-1] is not Ellipsis:
            return _words("kind.pair", n=len(inner))
        words = choices(member)
        if words and not is_model(inner[0]):
            return _words("kind.list_of", names=names(words))
        return _words("kind.list_of_text" if inner[0] is str else "kind.list")
    if words := choices(member):
        return _words("kind.mapping", names=names([*words[:MOST], *(["…"] if len(words) > MOST else [])]))
    return _words("kind.mapping_any")


def _words(key: str, **values: object) -> Words:
    return Words(*(t(f"scenario_fault.{key}", lang, **values) for lang in ("zh", "en")))


def unit_of(field: FieldInfo) -> str:
    """Return a field's unit, "" where it has none."""
    return str(field.json_schema_extra.get("unit", "")) if isinstance(field.json_schema_extra, dict) else ""


def _range(field: FieldInfo) -> Words:
    found, texts = bounds(field), {}
    for lang in ("zh", "en"):
        text = f" {span(field)}" if span(field) else ""
        unit = unit_of(field)
        if unit and unit not in ("clock", "count") and not is_share(unit):
            text += f" {unit_text(unit, lang)}"
        if "max_length" in found:
            length = "scenario_fault.entries" if get_origin(field.annotation) in (tuple, list) else "scenario_fault.length"
            text += t(length, lang, low=found.get("min_length", 0), high=found["max_length"])
        if "pattern" in found:
            text += t(f"scenario_fault.letters.{LETTERS[found['pattern']]}", lang)
        default = field.get_default(call_default_factory=False)
        if not field.is_required() and isinstance(default, str | int | float) and default != "":
            text += t("scenario_fault.default", lang, value=default)
        texts[lang] = text
    return Words(texts["zh"], texts["en"])
