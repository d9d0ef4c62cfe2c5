"""What is assumed and could be otherwise: the parameters without a source, each with the ends of what is plausible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.model import Assumptions, Scenario
from sim.schema.english import english
from sim.schema.evidence import source_of
from sim.schema.listing import bounds
from sim.text import Words


@dataclass(frozen=True)
class Uncertain:
    """One assumption that a study varies between ``low`` and ``high``; ``stated`` says whether somebody gave these ends.

    ``path`` is what ``--set`` takes; ``whole`` says that only whole numbers are possible.
    """

    path: str
    name: Words
    unit: str
    value: float
    low: float
    high: float
    stated: bool
    whole: bool

    def at(self, share: float) -> float:
        """Return the value a share (0-1) of the way from the low to the high end."""
        value = self.low + share * (self.high - self.low)
        return round(value) if self.whole else value


PRODUCE = "parameters.produce."
"""Nothing answers to these where no produce is simulated."""


def uncertain(scenarios: Sequence[Scenario], spread: float) -> list[Uncertain]:
    """Return the assumptions of a study's scenarios (the baseline first) that can be varied, in the order of their declaration.

    A number outside the levers is varied between its stated ends, else by ``spread`` up and down inside what is possible; a lever's only
    where ends are stated, since its other numbers are the policy's own choice. Nothing else is: choices, texts, what is 0 or empty.
    """
    grows = any(scenario.parameters.produce.active for scenario in scenarios)
    found = {u.path: u for u in _in(scenarios[0].parameters, "parameters", spread) if grows or not u.path.startswith(PRODUCE)}
    for scenario in scenarios:
        for lever in scenario.levers:
            for u in _in(lever, f"levers.{lever.id}", None):
                found.setdefault(u.path, u)
    return list(found.values())


def _in(model: BaseModel, path: str, spread: float | None) -> Iterator[Uncertain]:
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _in(value, f"{path}.{name}", spread)
        elif (ends := ends_of(info, value, spread)) is not None:
            extra: Any = info.json_schema_extra
            words = Words(str(extra["zh"]), english(f"{path}.{name}"))
            whole = info.annotation is int
            yield Uncertain(f"{path}.{name}", words, str(extra["unit"]), float(value), *ends, "low" in extra, whole)


def ends_of(info: FieldInfo, value: object, spread: float | None) -> tuple[float, float] | None:
    """Return the ends between which a parameter is varied, None where it is not; ``spread`` None asks for stated ends only."""
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or "source" not in extra or not source_of(str(extra["source"])).assumption or extra.get("choice"):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if "low" in extra and "high" in extra:
        low, high = min(float(str(extra["low"])), value), max(float(str(extra["high"])), value)
    elif spread is None:
        return None
    else:
        span = bounds(info)
        low, high = sorted((value * (1 - spread), value * (1 + spread)))
        low, high = max(low, span.get("ge", span.get("gt", low))), min(high, span.get("le", span.get("lt", high)))
        if info.annotation is int:
            low, high = round(low), round(high)
    return (float(low), float(high)) if low < high else None


def varied(scenario: Scenario, base: Scenario, values: Mapping[str, float], asked: Assumptions) -> Scenario:
    """Return a scenario as short as ``asked`` (by plan: of its own days) with its assumptions at ``values`` by path.

    What the scenario sets otherwise than the baseline does is its own choice and stays; a lever's number is set where it has that lever.
    """
    content = (
        scenario.resolved() if asked.by == "plans" else {**scenario.resolved(), "days": asked.days, "warm_up_days": asked.warm_up_days}
    )
    timetable = content["parameters"]["timetable"]
    timetable["route_iterations"] = min(timetable["route_iterations"], asked.route_iterations)
    own, common = {"parameters": content["parameters"]}, {"parameters": base.resolved()["parameters"]}
    own["levers"] = {lever["id"]: lever for lever in content["levers"]}
    for path, value in values.items():
        *parents, name = path.split(".")
        at, before = _down(own, parents), _down(common, parents) if parents[0] == "parameters" else None
        if at is not None and name in at and (before is None or before.get(name) == at[name]):
            at[name] = value
    return Scenario.model_validate(content).at(scenario._origin)


def _down(tree: dict[str, Any], keys: Sequence[str]) -> dict[str, Any] | None:
    for key in keys:
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree
