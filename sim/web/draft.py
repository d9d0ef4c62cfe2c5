"""A scenario as the page edits it: plain data that is a small scenario file, written always the same way."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.scenario import shipped, yaml
from sim.scenario.assemble import assemble
from sim.scenario.dump import dump
from sim.scenario.load import load
from sim.scenario.model import Scenario
from sim.text import t
from sim.world.find import list_counties

Draft = dict[str, Any]

ORDER = (
    "format", "name", "title", "question", "extends", "county", "start", "days", "warm_up_days", "operators", "parameters", "programmes",
    "without", "levers",
)  # fmt: skip
DATES = ("start", "from", "until")
BASE = "baseline"
MOST_LETTERS = 30_000
"""Of an uploaded file: a shipped scenario has about two thousand."""
MOST_FAULTS = 50
MOST_DAYS = 1461
"""Days that the page runs, four years; longer runs are for the command line."""


def text(draft: Mapping[str, Any]) -> str:
    """Return a draft as the bytes of a scenario file: the same draft gives the same text, and reading it gives the same draft."""
    known = {key: _dated(draft[key], key) for key in ORDER if key in draft}
    return dump(known | {key: _dated(draft[key], key) for key in sorted(set(draft) - set(ORDER))})


def own_counties(beside: Path | None) -> dict[str, Path]:
    """Return the folders of counties in the user's scenarios folder ``beside`` by name, without those that come with the package."""
    if beside is None:
        return {}
    shipped_names = {folder.name for folder in list_counties(None)}
    return {folder.name: folder.resolve() for folder in list_counties(beside) if folder.name not in shipped_names}


def read(written: str, folder: Path, beside: Path | None = None) -> Draft:
    """Return the draft that a file's text holds; ScenarioError where it is no YAML or reaches for other files."""
    if len(written) > MOST_LETTERS:
        raise ScenarioError([_fault("long", most=MOST_LETTERS)])
    file = folder / "uploaded.yaml"
    file.write_text(written, encoding="utf-8")
    root, faults = yaml.read(file, file.name)
    if faults:
        raise ScenarioError(faults[:MOST_FAULTS])
    content = root.plain()
    if not isinstance(content, dict):
        raise ScenarioError([_fault("not_scenario")])
    draft: Draft = _plain(content)
    for name, county in own_counties(beside).items():
        if draft.get("county") == str(county):
            draft["county"] = name
    confined(draft, beside)
    return draft


def confined(draft: Mapping[str, Any], beside: Path | None = None) -> None:
    """Raise ScenarioError where a draft names a scenario that is not shipped, a county neither shipped nor the user's, or too many days."""
    faults = []
    parents = draft.get("extends", [])
    for parent in parents if isinstance(parents, list) else [parents]:
        if not isinstance(parent, str) or parent.removesuffix(shipped.SUFFIX) not in {file.stem for file in shipped.files()}:
            faults.append(_fault("extends", name=_short(parent)))
    known = {folder.name for folder in list_counties(None)} | own_counties(beside).keys()
    if "county" in draft and draft["county"] not in known:
        faults.append(_fault("county", name=_short(draft["county"])))
    days = draft.get("days", 1)
    if isinstance(days, int | float) and days > MOST_DAYS:
        faults.append(_fault("days", value=days, most=MOST_DAYS))
    if faults:
        raise ScenarioError(faults)


def checked(draft: Mapping[str, Any], folder: Path, beside: Path | None = None) -> Scenario:
    """Write a draft into ``folder`` under its name and return the scenario; ScenarioError lists all its faults.

    A county in the user's scenarios folder ``beside`` is named by its path there, so that the file can be run from anywhere.
    """
    confined(draft, beside)
    name = draft.get("name")
    if not isinstance(name, str) or not name.replace("-", "").replace("_", "").isalnum() or len(name) > 80:
        raise ScenarioError([_fault("name", name=_short(name))])
    file = folder / f"{name}{shipped.SUFFIX}"
    own = own_counties(beside).get(str(draft.get("county")))
    put(file, text(draft if own is None else {**draft, "county": str(own)}))
    try:
        return load(file)
    except ScenarioError as error:
        # Where the page keeps the file is nobody's concern.
        faults = [replace(f, where=file.name + f.where.rpartition(file.name)[2]) if file.name in f.where else f for f in error.faults]
        raise ScenarioError(faults) from None


def spelled_out(draft: Draft, scenario: Scenario) -> Draft:
    """Return a draft in which all that the form shows is written, also what the file has from a scenario other than the baseline."""
    assert scenario.file is not None
    parents = draft.get("extends", BASE)
    if parents not in (BASE, f"{BASE}{shipped.SUFFIX}", [BASE], [f"{BASE}{shipped.SUFFIX}"]):
        flat = _flat(scenario.file)
        return flat if "name" in draft else {key: value for key, value in flat.items() if key != "name"}
    frame = {"county": scenario.county_folder.name, "start": scenario.start.isoformat()}
    return frame | {"days": scenario.days, "warm_up_days": scenario.warm_up_days} | draft


def put(file: Path, content: str) -> None:
    """Write a file whole: whoever reads it meanwhile, another page or a worker, finds the one before or the new one, never half of one."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    part.write_text(content, encoding="utf-8")
    part.replace(file)


def drawn(name: str) -> Draft:
    """Return the draft of a shipped scenario: what it has besides the baseline, its levers as they are written, and the county's folder."""
    return _flat(shipped.find(name, shipped.files()[0].parent))


def _flat(file: Path) -> Draft:
    whole = _plain(assemble(file).root.plain())
    base = _plain(assemble(shipped.find(BASE, file.parent)).root.plain())
    own = {key: value for key, value in whole.items() if key in ("title", "question") or base.get(key) != value}
    own |= {"format": 1, "name": whole.get("name", file.stem), "extends": BASE}
    own |= {key: whole[key] for key in ("start", "days", "warm_up_days")}
    own["county"] = Path(str(whole["county"])).name
    own.setdefault("levers", [])
    return {key: own[key] for key in ORDER if key in own}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def _dated(value: Any, key: str = "") -> Any:
    """Return data with the dates in it as dates, so that they are written without quotes."""
    if isinstance(value, Mapping):
        return {name: _dated(entry, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [_dated(entry) for entry in value]
    if key in DATES and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _short(value: object) -> str:
    return str(value)[:60]


def _fault(key: str, **values: object) -> Fault:
    said = [t(f"web.fault.{key}{end}", lang, **values) for lang in ("en", "zh") for end in ("", ".do")]
    return Fault("scenario", *said)
