"""What the form of levers is built from: kinds, fields, units, ranges and sources, as the schema of scenario files declares them."""

from __future__ import annotations

from typing import Any

from sim.levers import KINDS, Lever
from sim.scenario.allowed import kind_of
from sim.scenario.listing import json_schema
from sim.schema.matrix import ACTIVITIES, REFUSED_CELLS, REFUSED_CELLS_ZH, RESOURCES
from sim.text import LANGUAGES, is_share, keys, t, unit_text

HIDDEN = ("id", "kind")


def form() -> dict[str, Any]:
    """Return the kinds of levers with their fields, the matrix with its refused cells, and the fields of a programme's budget."""
    schema = json_schema()
    defs = schema["$defs"]
    return {
        "levers": [_lever(kind, defs) for kind in KINDS],
        "where": _fields(defs["Where"], defs, "where"),
        "budget": _fields(defs["Budget"], defs, "budget"),
        "matrix": {
            "activities": [{"key": a, **_said(f"lever.activity.{a}")} for a in ACTIVITIES],
            "resources": [{"key": r, **_said(f"lever.resource.{r}")} for r in RESOURCES],
            "refused": [
                {"activity": a, "resource": r, "en": why, "zh": REFUSED_CELLS_ZH[a, r]} for (a, r), why in sorted(REFUSED_CELLS.items())
            ],
        },
    }


def _lever(kind: type[Lever], defs: dict[str, Any]) -> dict[str, Any]:
    definition, name = defs[kind.__name__], kind_of(kind)
    return {
        "kind": name,
        "zh": kind.title.zh,
        "en": kind.title.en,
        "fields": _fields(definition, defs, name),
        "filters": list(kind.filters),
    }


def _fields(definition: dict[str, Any], defs: dict[str, Any], owner: str) -> list[dict[str, Any]]:
    required = definition.get("required", ())
    return [_field(key, entry, defs, owner, key in required) for key, entry in definition["properties"].items() if key not in HIDDEN]


def _field(key: str, entry: dict[str, Any], defs: dict[str, Any], owner: str, required: bool) -> dict[str, Any]:
    """Return one field; ``type`` is number, integer, boolean, text, date, choice, choices, list, pair, object or other."""
    options = [_resolved(option, defs) for option in entry.get("anyOf", [entry])]
    real = [option for option in options if option.get("type") != "null"] or options
    shown = next((option for option in real if option.get("type") == "array"), real[0])
    made: dict[str, Any] = {"key": key, "type": _type(key, shown), "optional": len(real) < len(options), "required": required}
    made |= {name: value for name in ("default", "unit", "source", "low", "high") if (value := entry.get(name)) is not None}
    for source, target in (("minimum", "least"), ("maximum", "most"), ("exclusiveMinimum", "above"), ("exclusiveMaximum", "below")):
        if source in shown:
            made[target] = shown[source]
    made["choices"] = [{"key": word, **word_of(key, word)} for word in _choices(shown)]
    made["name"] = {"zh": str(entry.get("zh") or _name(owner, key, "zh")), "en": _name(owner, key, "en")}
    made["about"] = _said(_help(owner, key))
    if "unit" in entry:
        made["unit_text"] = _unit(entry["unit"])
    if shown.get("type") == "object" and "properties" in shown and made["type"] == "object" and key != "where":
        made["fields"] = _fields(shown, defs, key)
    return made


def _resolved(entry: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    reference = entry.get("$ref")
    return {**defs[str(reference).rpartition("/")[2]], **{k: v for k, v in entry.items() if k != "$ref"}} if reference else entry


def _type(key: str, entry: dict[str, Any]) -> str:
    kind = entry.get("type")
    if key == "pool":
        return "matrix"
    if key == "where":
        return "where"
    if kind == "array":
        items = entry.get("items", {})
        return "pair" if "prefixItems" in entry else "choices" if "enum" in items else "list"
    if kind == "string":
        return "date" if entry.get("format") == "date" else "choice" if "enum" in entry else "text"
    return str(kind) if kind in ("number", "integer", "boolean", "object") else "other"


def _choices(entry: dict[str, Any]) -> list[str]:
    words = entry.get("enum") or entry.get("items", {}).get("enum") or []
    return [str(word) for word in words]


def word_of(key: str, word: str) -> dict[str, str]:
    """Return the words for one choice of a field."""
    for name in (f"web.choice.{key}.{word}", f"web.choice.{word}", f"group.{key}.{word}", f"lever.host.{word}"):
        if name in keys():
            return _said(name)
    # A test says that no word is missing; a page with a bare word is better than none.
    return dict.fromkeys(LANGUAGES, word)


def _name(owner: str, key: str, lang: str) -> str:
    """Return what a field is called; KeyError where nobody named it."""
    for name in (f"web.field.{owner}.{key}", f"web.field.{key}"):
        if name in keys():
            return t(name, "zh" if lang == "zh" else "en")
    raise KeyError(f"web.field.{owner}.{key}")


def _help(owner: str, key: str) -> str:
    """Return the string that says in a sentence what a field is; KeyError where nobody wrote one."""
    for name in (f"help.{owner}.{key}", f"help.{key}"):
        if name in keys():
            return name
    raise KeyError(f"help.{owner}.{key}")


def _unit(unit: str) -> dict[str, str]:
    """Return a unit in words; shares are typed as in the file, from 0 to 1."""
    return _said("web.share_is") if is_share(unit) else {lang: unit_text(unit, lang) for lang in LANGUAGES}


def _said(key: str) -> dict[str, str]:
    return {lang: t(key, lang) for lang in LANGUAGES}
