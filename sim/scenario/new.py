"""Write a commented scenario to start from."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.model import NAME, Scenario
from sim.scenario.node import fault
from sim.text import Lang, t
from sim.world.find import find_county

BASELINE = "baseline"

TEXT = """\
# {name}
# {check_command}  {check}
# {explain_command}  {explain}
# {run_command}  {run}
# {compare_command}  {compare}
format: 1
name: {name}
title: {{zh: {title}, en: {title}}}
question: ""
extends: {base}    # {extends}
{county}
# start: {start}    # {start_is}
# days: {days}    # {days_are}
# warm_up_days: {warm_up}    # {warm_up_is}

# {parameters}
# parameters:
#   demand:
#     village_orders_per_person_year: {village}
#   timetable:
#     line_departs: "{line}"    # {clock}

# {levers}
# {kinds}
{inherited}# levers:
#   - kind: joint_distribution
#     from: {start}    # {from}
#     members: all    # {members}
#     pool:
#       sorting: [sites, staff, operations, management]
#       transport: [sites, vehicles, staff, operations, management]
#       delivery: [sites, vehicles, staff, operations, management]
#   - kind: village_stations
#     share: 0.5    # {stations}
#     carried_by: post    # {carried}
#     where: {{remoteness: far}}
#   - kind: parcel_lockers
#     share: 0.2    # {lockers}
"""


COMMENTS = (
    "check", "explain", "run", "compare", "extends", "parameters", "clock", "levers", "kinds", "from", "members", "stations", "carried",
    "lockers",
)  # fmt: skip
"""Comments that stand in the text by their own names."""


def new(name: str, from_: str | Path = BASELINE, county: str | Path | None = None, lang: Lang = "en") -> str:
    """Return the text of a scenario ``name`` that extends ``from_``, for another county where one is given, with comments in ``lang``.

    Raise ScenarioError or CountyError where one of these is not right.
    """
    if not re.fullmatch(NAME, name):
        raise ScenarioError([fault("new", "value", name="name", value=f'"{name}"', allowed=_letters(), hint={"zh": "", "en": ""})])
    parent = load(from_)
    if name == parent.name:
        raise ScenarioError([fault("new", "called_as_parent", name=name)])
    folder = find_county(county) if county is not None else None
    base = _reference(parent, from_)
    where = "" if folder is None else _county(str(county), folder)
    commands = {
        "check": f"guantong check {name}.yaml",
        "explain": f"guantong explain {name}.yaml",
        "run": f"guantong run {name}.yaml",
        "compare": f"guantong compare {base} {name}.yaml" + (f" --county {shlex.quote(where)}" if where else ""),
    }
    wide = max(map(len, commands.values()))
    told = {word: t(f"new.{word}", lang, operators="express-1, post") for word in COMMENTS}
    return TEXT.format(
        **told,
        **{f"{key}_command": command.ljust(wide) for key, command in commands.items()},
        name=name,
        title=json.dumps(name, ensure_ascii=False),
        base=base,
        county=f'county: "{where}"' if where else f"# county: {parent.county}    # {t('new.county', lang)}",
        start=parent.start,
        start_is=t("new.start", lang),
        days=parent.days,
        days_are=t("new.days", lang),
        warm_up=parent.warm_up_days,
        warm_up_is=t("new.warm_up", lang),
        village=parent.parameters.demand.village_orders_per_person_year,
        line=parent.parameters.timetable.line_departs,
        inherited="".join(f"# {t('new.inherited', lang, name=lever.id)}\n" for lever in parent.levers),
    )


def _reference(parent: Scenario, from_: str | Path) -> str:
    text = str(from_)
    return f"{text}.yaml" if parent.file is not None and parent.file.name == f"{text}.yaml" else text


def _county(text: str, folder: Path) -> str:
    return folder.name if Path(text).name == text else text


def _letters() -> dict[str, str]:
    return {
        "zh": "允许：字母、数字、_、-、.，以字母或数字开头",
        "en": "allowed: letters, digits, _, - and ., beginning with a letter or digit",
    }
