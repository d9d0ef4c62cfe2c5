"""Write a commented scenario to start from."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.model import NAME, Scenario
from sim.scenario.node import fault
from sim.world.find import find_county

BASELINE = "baseline"

TEXT = """\
# {title}
# guantong check {name}.yaml      tells every fault of this file
# guantong explain {name}.yaml    tells what it changes
# guantong run {name}.yaml        runs it once; guantong compare {base} {name}.yaml compares it
format: 1
name: {name}
title: {{zh: {zh}, en: {en}}}
question: {question}
extends: {base}                   # everything not written here comes from there
{county}
# start: {start}             # first day that counts
# days: {days}                      # days that count; Python: sim.run(scenario, days=30)
# warm_up_days: {warm_up}               # days before the start that fill the system and do not count

# Parameters by section; `guantong list parameters` names all with unit, range and source.
# parameters:
#   demand:
#     village_orders_per_person_year: {village}
#   timetable:
#     line_departs: "{line}"       # times of day stand in quotes

# Levers stack in the order written; a lever with the id of an inherited one changes that one.
# `guantong list levers` names all kinds. `without: [id]` takes inherited levers out.
{inherited}# levers:
#   - kind: joint_distribution
#     from: {since}             # from the start where left out; the settled window has it from the beginning
#     members: all                 # or a list of operators: [{operators}]
#     pool:
#       sorting: [sites, staff, operations, management]
#       transport: [sites, vehicles, staff, operations, management]
#       delivery: [sites, vehicles, staff, operations, management]
#   - kind: village_stations
#     share: 0.5                   # of the villages that have no station
#     carried_by: post             # or each, existing
#     where: {{remoteness: far}}
#   - kind: parcel_lockers
#     share: 0.2                   # of the villages with a station
"""


def new(name: str, from_: str | Path = BASELINE, county: str | Path | None = None) -> str:
    """Return the text of a commented scenario ``name`` that extends ``from_``, for another county where one is given.

    Raise ScenarioError or CountyError where one of these is not right.
    """
    if not re.fullmatch(NAME, name):
        raise ScenarioError([fault("new", "value", name="name", value=f'"{name}"', allowed=_letters(), hint={"zh": "", "en": ""})])
    parent = load(from_)
    if name == parent.name:
        raise ScenarioError([fault("new", "called_as_parent", name=name)])
    folder = find_county(county) if county is not None else None
    return TEXT.format(
        title=name,
        name=name,
        zh=json.dumps(name, ensure_ascii=False),
        en=json.dumps(name, ensure_ascii=False),
        question='""',
        base=_reference(parent, from_),
        county=f"county: {_county(str(county), folder)}"
        if folder is not None
        else f"# county: {parent.county}    # `guantong list counties` names all",
        start=parent.start,
        days=parent.days,
        warm_up=parent.warm_up_days,
        village=parent.parameters.demand.village_orders_per_person_year,
        line=parent.parameters.timetable.line_departs,
        since=parent.start,
        operators="express-1, post",
        inherited="".join(f"# inherited: {lever.id}\n" for lever in parent.levers),
    )


def _reference(parent: Scenario, from_: str | Path) -> str:
    text = str(from_)
    return f"{text}.yaml" if parent.file is not None and parent.file.name == f"{text}.yaml" else text


def _county(text: str, folder: Path) -> str:
    return json.dumps(folder.name if Path(text).name == text else text, ensure_ascii=False)


def _letters() -> dict[str, str]:
    return {
        "zh": "允许：字母、数字、_、-、.，以字母或数字开头",
        "en": "allowed: letters, digits, _, - and ., beginning with a letter or digit",
    }
