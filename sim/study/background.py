"""What a reader of a study must know besides its numbers: county, operators, what each scenario changes, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.levers import explained
from sim.rules import separate
from sim.scenario.model import Scenario
from sim.scenario.model import Study as Design
from sim.schema.english import english
from sim.schema.listing import bounds
from sim.study.task import world_of
from sim.study.uncertain import PRODUCE
from sim.text import Words, t

UNKNOWNS = ("positions", "people", "actors", "roads")
"""What the model does not know; each has its words in ``study.unknown.<name>``."""


def background(design: Design) -> dict[str, Any]:
    """Return the study's background as plain data, as it stands in its record."""
    base = design.scenarios[0]
    world = world_of(base)
    operators = world.operators
    grown = _crops(design)
    declared = [entry for entry in _declared(base) if grown or not str(entry["path"]).startswith(PRODUCE)]
    return {
        "county": {"zh": f"{world.province_zh}{world.name_zh}", "en": world.name_en},
        "attribution": _words(world.attribution),
        "start": base.start.isoformat(),
        "days": base.days,
        "warm_up_days": base.warm_up_days,
        "operators": {key: {"zh": zh, "en": en} for key, zh, en in zip(operators.key, operators.name_zh, operators.name_en, strict=True)},
        "changes": {scenario.name: [_words(words) for words in changes(scenario)] for scenario in design.scenarios},
        "parameters_in_all": len(declared),
        "assumptions": [entry for entry in declared if str(entry["source"]).startswith("assumption")],
        "unknowns": [
            _words(Words(t(f"study.unknown.{name}", "zh"), t(f"study.unknown.{name}", "en")))
            for name in (*UNKNOWNS, "produce_on" if grown else "produce_off")
        ],
        "crops": {key: _words(words) for key, words in grown.items()},
    }


def changes(scenario: Scenario) -> list[Words]:
    """Return what a scenario's levers change, line by line; its question where it has none."""
    world = world_of(scenario)
    told = explained(scenario.levers, world, separate(scenario.parameters, world.operators.n))
    lines = [words for _, said in told for words in said]
    asked = scenario.asks
    return lines or ([asked] if asked.en or asked.zh else [])


def _crops(design: Design) -> dict[str, Words]:
    """Return the names of the crops where any scenario simulates produce, nothing where none does."""
    for scenario in design.scenarios:
        fields = world_of(scenario).fields
        if fields is not None:
            crops = fields.crops
            return {key: Words(zh, en) for key, zh, en in zip(crops.key, crops.name_zh, crops.name_en, strict=True)}
    return {}


def _declared(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield every declared parameter of a scenario with its value in force."""
    yield from _of(scenario.parameters, "parameters")
    for lever in scenario.levers:
        yield from _of(lever, f"levers.{lever.id}")


def _of(model: BaseModel, path: str) -> Iterator[dict[str, Any]]:
    for name, info in type(model).model_fields.items():
        value, extra = getattr(model, name), info.json_schema_extra
        if isinstance(value, BaseModel):
            yield from _of(value, f"{path}.{name}")
        elif isinstance(extra, dict) and "source" in extra:
            span = bounds(info)
            yield {
                "path": f"{path}.{name}",
                "name": {"zh": str(extra["zh"]), "en": english(f"{path}.{name}")},
                "value": value if isinstance(value, int | float | str) else "" if value is None else str(value),
                "unit": str(extra["unit"]),
                "low": span.get("ge", span.get("gt")),
                "high": span.get("le", span.get("lt")),
                "source": str(extra["source"]),
            }


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
