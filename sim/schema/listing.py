"""List the parameters that models declare: value, unit, range, source, names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.schema.evidence import source_of
from sim.schema.meaning import meaning
from sim.schema.parameters import Parameters


@dataclass(frozen=True)
class Row:
    """One parameter. ``path`` is what ``--set`` takes, ``span`` the range, ``default`` "" where it must be given."""

    path: str
    default: str
    unit: str
    span: str
    source: str
    assumption: bool
    zh: str
    en: str
    plausible: str = ""
    """Between what ends a study varies an assumption, "" where none are stated."""


def parameters() -> list[Row]:
    """Return every parameter outside the levers, in order."""
    return list(declared(Parameters, "parameters"))


def declared(model: type[BaseModel], path: str) -> Iterator[Row]:
    """Yield the parameters of a model and of the models in it, each below ``path``."""
    for name, info in model.model_fields.items():
        below = f"{path}.{info.alias or name}" if path else info.alias or name
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from declared(info.annotation, below)
        elif isinstance(info.json_schema_extra, dict):
            yield _row(below, info, info.json_schema_extra, meaning(model, name))


def valued(group: BaseModel, path: str) -> Iterator[tuple[str, FieldInfo, Any]]:
    """Yield the parameters of a group and of the groups in it: path, field and value."""
    for name, info in type(group).model_fields.items():
        value = getattr(group, name)
        if isinstance(value, BaseModel):
            yield from valued(value, f"{path}.{name}")
        else:
            yield f"{path}.{name}", info, value


def _row(path: str, info: FieldInfo, extra: dict[str, Any], english: str) -> Row:
    source = str(extra["source"])
    default = "" if info.is_required() else _text(info.get_default(call_default_factory=True))
    return Row(
        path, default, str(extra["unit"]), span(info), source, source_of(source).assumption, str(extra["zh"]), english, _plausible(extra)
    )


def _plausible(extra: dict[str, Any]) -> str:
    return f"{_text(float(extra['low']))}–{_text(float(extra['high']))}" if "low" in extra and "high" in extra else ""


def bounds(field: FieldInfo) -> dict[str, Any]:
    """Return the bounds of a field: ge, gt, le, lt, min_length, max_length, pattern."""
    names = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")
    return {name: getattr(item, name) for item in field.metadata for name in names if getattr(item, name, None) is not None}


def span(field: FieldInfo) -> str:
    """Return a field's range of numbers, "" where it has none."""
    found = bounds(field)
    low = f"{found['ge']:.12g}" if "ge" in found else f"> {found['gt']:.12g}" if "gt" in found else ""
    high = f"{found['le']:.12g}" if "le" in found else f"< {found['lt']:.12g}" if "lt" in found else ""
    return f"{low}–{high}" if low and high else low or high


def _text(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else "" if value is None else str(value)
