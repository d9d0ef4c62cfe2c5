"""Load scenarios and studies: YAML in, frozen models out, or all faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError
from sim.scenario import shipped, yaml
from sim.scenario.assemble import Assembled, assemble, override
from sim.scenario.check import crossed, unused
from sim.scenario.county import county_of
from sim.scenario.faults import Loc, faults_of
from sim.scenario.model import Change, Model, Origin, Scenario
from sim.scenario.node import Node, Scalar, fault, without
from sim.text import Words, t

AnyModel = TypeVar("AnyModel", bound=Model)


def load(path: str | Path, overrides: Sequence[str] = (), days: int | None = None) -> Scenario:
    """Return the scenario of a file (or the shipped one of that name); raise ScenarioError with all its faults.

    ``overrides`` are ``a.b=c`` settings; ``days`` (also as a setting) cuts the run, and levers it leaves out become a warning.
    """
    file = shipped.find(path, Path())
    whole = assemble(file)
    if whole.root.get("study") is not None:
        raise ScenarioError([fault(whole.root.get("study") or whole.root, "not_scenario")])
    settings = [*overrides, *([f"days={days}"] if days is not None else [])]
    named = _named(whole.root, file)
    root = override(named, settings)
    cut = any(setting.partition("=")[0].strip() == "days" for setting in settings)
    scenario, warnings, folder = _checked(root, file, whole.faults, cut=cut)
    changes = _changes(named, file, scenario, settings) if settings else ()
    inherited = _inherited(whole)
    return scenario.at(Origin(file, whole.files, folder, changes, warnings, inherited, whole.parents, tuple(settings)))


def shortened(scenario: Scenario, days: int) -> Scenario:
    """Return a scenario cut (or lengthened) to ``days``, its overrides kept; what this leaves out is in its warnings."""
    origin = scenario._origin
    if scenario.file is not None:
        return load(scenario.file, origin.settings, days)
    end = scenario.start + timedelta(days=days - 1)
    kept = tuple(lever for lever in scenario.levers if lever.since is None or lever.since <= end)
    gone = [lever.id for lever in scenario.levers if lever not in kept]
    first = scenario.start - timedelta(days=scenario.warm_up_days)
    warnings = (_warning("left_out", ids=", ".join(gone), start=first, end=end),) if gone else ()
    content = {**scenario.model_dump(by_alias=True), "days": days, "levers": [lever.model_dump(by_alias=True) for lever in kept]}
    changes = (*scenario.changes, Change("days", scenario.days, days))
    return Scenario.model_validate(content).at(replace(origin, changes=changes, warnings=(*scenario.warnings, *warnings)))


def _named(root: Node, file: Path) -> Node:
    entries = dict(root.value) if isinstance(root.value, dict) else {}
    entries.setdefault("name", Node(file.stem, root.file, 1))
    return Node(entries, root.file, root.line)


def _checked(root: Node, file: Path, written: tuple[Fault, ...], *, cut: bool) -> tuple[Scenario, tuple[Words, ...], Path]:
    """Return the scenario, its warnings and its county's folder, or raise all faults, ``written`` ones among them."""
    faults: list[tuple[Loc, Fault]] = []
    warnings: tuple[Words, ...] = ()
    folder: Path | None = None
    scenario, wrong = validated(Scenario, root)
    faults.extend(wrong)
    for _ in range(20):
        if scenario is not None or not wrong:
            break
        # What is right is still checked with what is wrong left out, so that all faults come at once.
        for loc, _fault in sorted(
            wrong, key=lambda entry: [f"{part:09d}" if isinstance(part, int) else part for part in entry[0]], reverse=True
        ):
            root = left(root, loc) if loc else root
        root = _stood_in(root, file)
        scenario, wrong = validated(Scenario, root)
    if scenario is not None:
        if cut:
            scenario, root, warnings = _cut(scenario, root)
        if idle := unused(scenario):
            warnings = (*warnings, _warning("unused", names=", ".join(idle)))
        guessed = {name for name in STAND_INS if (entry := root.get(name)) is not None and entry.file == GUESS}
        faults.extend(crossed(scenario, root, dated=not guessed & {"start", "days", "warm_up_days"}))
        folder, wrong = county_of(scenario, root, file.parent)
        faults.extend([] if "county" in guessed else wrong)
    if written or faults or scenario is None or folder is None:
        raise ScenarioError(together(written, [told for _, told in faults]))
    return scenario, warnings, folder


GUESS = "-"
STAND_INS: dict[str, Scalar] = {"format": 1, "county": "621225_xihe", "start": date(2021, 3, 1), "days": 60}
"""What stands for a needed entry that is wrong or missing, so that the rest is still checked."""


def left(root: Node, loc: Loc) -> Node:
    """Return the tree without what is wrong at ``loc``: the entry, or the lever or group that lacks it."""
    smaller = without(root, loc)
    return smaller if len(loc) < 2 or smaller.plain() != root.plain() else without(root, loc[:-1])


def _stood_in(root: Node, file: Path) -> Node:
    named = _named(root, file)
    entries = dict(named.value) if isinstance(named.value, dict) else {}
    for name, scalar in STAND_INS.items():
        entries.setdefault(name, Node(scalar, GUESS, 0))
    return Node(entries, root.file, root.line)


def together(written: Sequence[Fault], faults: Sequence[Fault]) -> list[Fault]:
    """Return all faults once; what follows from an entry that is written wrongly (on its line) is left out."""
    spots = {told.where for told in written}
    return list(dict.fromkeys([*written, *(told for told in faults if told.where not in spots)]))


def validated(model: type[AnyModel], root: Node) -> tuple[AnyModel | None, list[tuple[Loc, Fault]]]:
    """Return the model of a tree, or None and what is wrong."""
    try:
        return model.model_validate(root.plain(), strict=True), []
    except ValidationError as error:
        return None, faults_of(error, model, root)


def _cut(scenario: Scenario, root: Node) -> tuple[Scenario, Node, tuple[Words, ...]]:
    """Return a scenario whose days were overridden without the levers that fall outside, and the warnings."""
    first = scenario.start - timedelta(days=scenario.warm_up_days)
    kept, late, gone = [], [], []
    levers = root.get("levers")
    for lever, node in zip(scenario.levers, levers.value if levers and isinstance(levers.value, list) else [], strict=True):
        if (lever.since is not None and lever.since > scenario.end) or (lever.until is not None and lever.until < first):
            gone.append(lever.id)
            continue
        if lever.until is not None and lever.until > scenario.end:
            late.append(lever.id)
            entries = node.value if isinstance(node.value, dict) else {}
            lever, node = (
                lever.model_copy(update={"until": None}),
                Node({k: v for k, v in entries.items() if k != "until"}, node.file, node.line),
            )
        kept.append((lever, node))
    entries = dict(root.value) if isinstance(root.value, dict) else {}
    if levers is not None:
        entries["levers"] = Node([node for _, node in kept], levers.file, levers.line)
    dates = {"start": first, "end": scenario.end}
    warnings = [_warning(key, ids=", ".join(ids), **dates) for key, ids in (("left_out", gone), ("until_cut", late)) if ids]
    return scenario.model_copy(update={"levers": tuple(lever for lever, _ in kept)}), Node(entries, root.file, root.line), tuple(warnings)


def _warning(key: str, **values: object) -> Words:
    return Words(t(f"scenario_fault.{key}", "zh", **values), t(f"scenario_fault.{key}", "en", **values))


def _changes(named: Node, file: Path, scenario: Scenario, settings: Sequence[str]) -> tuple[Change, ...]:
    """Return what the settings changed; the old value is None where the file alone is no scenario."""
    before, _ = validated(Scenario, named)
    old, new = (before.resolved() if before is not None else {}), scenario.resolved()
    paths = dict.fromkeys(setting.partition("=")[0].strip() for setting in settings)
    return tuple(Change(path, _value(old, path), _value(new, path)) for path in paths)


def _value(whole: Any, path: str) -> object:
    for part in path.split("."):
        if isinstance(whole, list):
            whole = next((item for item in whole if isinstance(item, dict) and item.get("id") == part), None)
        else:
            whole = whole.get(part) if isinstance(whole, dict) else None
    result: object = whole
    return result


def _inherited(whole: Assembled) -> Scenario | None:
    """Return what a scenario extends, as far as that is a whole scenario by itself."""
    if whole.inherited is None:
        return None
    base, _ = validated(Scenario, _named(whole.inherited, Path(whole.inherited.file)))
    return base


def is_study(path: str | Path) -> bool:
    """Return whether a file is a study (and not a scenario)."""
    file = shipped.find(path, Path())
    root, _ = yaml.read(file, shipped.shown(file))
    return root.get("study") is not None


__all__ = ["is_study", "load", "shortened", "together", "validated"]
