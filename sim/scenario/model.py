"""What a scenario and a study are: frozen models that refuse unknown keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from sim.levers import AnyLever, Lever
from sim.schema.operators import OperatorsSpec
from sim.schema.param import param
from sim.schema.parameters import Parameters
from sim.schema.programme import Programme
from sim.text import Words

NAME = r"^\w[\w.-]*$"
WINDOWS = ("settled", "transition")


class Model(BaseModel):
    """A frozen model that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False, defer_build=True)


LONGEST = 300
"""Letters of a title or a question."""


class Text(Model):
    """A text in both languages."""

    zh: str = Field(min_length=1, max_length=LONGEST)
    en: str = Field(min_length=1, max_length=LONGEST)

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


@dataclass(frozen=True)
class Change:
    """What was overridden: the path of the entry, its value before and after."""

    path: str
    old: object
    new: object


@dataclass(frozen=True)
class Origin:
    """Where a scenario comes from and what was done to it on the way."""

    file: Path | None = None
    files: tuple[Path, ...] = ()
    county_folder: Path | None = None
    changes: tuple[Change, ...] = ()
    warnings: tuple[Words, ...] = ()
    inherited: Scenario | None = None
    extends: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


class Scenario(Model):
    """One county with its parameters and levers over a stretch of days."""

    format: Literal[1]
    """Version of the format of scenario files."""
    name: str = Field(min_length=1, max_length=80, pattern=NAME)
    """Name of the scenario; the file's name unless given."""
    title: Text | None = None
    """Title in both languages."""
    question: Text | str = ""
    """The question that the scenario answers."""
    county: str = Field(min_length=1)
    """Folder of the county, relative to the file, or the name of a shipped county."""
    start: date
    """First day that counts; time 0 of all tables."""
    days: int = param(..., unit="days", ge=1, le=3660, source="assumption", zh="天数")
    """Days that count."""
    warm_up_days: int = param(15, unit="days", ge=0, le=365, source="assumption", zh="预热天数")
    """Days before the start that fill the system and do not count."""
    operators: OperatorsSpec = ()
    """Changes to the operators that the county gets by default."""
    parameters: Parameters = Parameters()
    """All parameters outside the levers, by section."""
    programmes: dict[str, Programme] = Field(default_factory=dict)
    """Public programmes by name: budgets that levers spend."""
    levers: tuple[AnyLever, ...] = ()
    """Measures in force, in the order in which they stack."""

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def end(self) -> date:
        """Return the last day that counts."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def words(self) -> Words:
        """Return the title, the name where there is none."""
        return self.title.words if self.title else Words(self.name, self.name)

    @property
    def asks(self) -> Words:
        """Return the question in both languages (as written where it is in one)."""
        return self.question.words if isinstance(self.question, Text) else Words(self.question, self.question)

    @property
    def file(self) -> Path | None:
        return self._origin.file

    @property
    def files(self) -> tuple[Path, ...]:
        """Return all files the scenario was read from, those it extends first."""
        return self._origin.files

    @property
    def county_folder(self) -> Path:
        """Return the folder of the county's tables."""
        folder = self._origin.county_folder
        return folder if folder is not None else Path(self.county)

    @property
    def settings(self) -> tuple[str, ...]:
        """Return what was asked for beside the file, as ``a.b=c``."""
        return self._origin.settings

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what was overridden on the command line or by the caller."""
        return self._origin.changes

    @property
    def warnings(self) -> tuple[Words, ...]:
        return self._origin.warnings

    @property
    def inherited(self) -> Scenario | None:
        """Return what the scenario extends, as far as that is a whole scenario."""
        return self._origin.inherited

    @property
    def extends(self) -> tuple[str, ...]:
        """Return the names of the files that the scenario extends, in order."""
        return self._origin.extends

    def lever(self, id: str) -> Lever:
        """Return a lever by its id; KeyError where there is none."""
        for lever in self.levers:
            if lever.id == id:
                return lever
        raise KeyError(id)

    def at(self, origin: Origin) -> Scenario:
        """Return the scenario with its origin noted."""
        made = self.model_copy()
        made._origin = origin
        return made

    def resolved(self) -> dict[str, Any]:
        """Return the complete content, every parameter included, as plain data that ``load`` reads again."""
        whole = self.model_dump(by_alias=True)
        whole["operators"] = [_plain(o.model_dump(exclude_none=True)) for o in self.operators]
        whole["levers"] = [_plain(lever.model_dump(by_alias=True, exclude_none=True)) for lever in self.levers]
        return {key: _plain(value) for key, value in whole.items() if value is not None}

    def shortest(self, warm_up_days: int) -> Scenario:
        """Return this scenario over one day that counts and one of drain, after so many of warm-up."""
        counting = self.parameters.counting.model_copy(update={"drain_days": 1})
        parameters = self.parameters.model_copy(update={"counting": counting})
        short = self.model_copy(update={"days": 1, "warm_up_days": warm_up_days, "parameters": parameters})
        short.__dict__.pop("hash", None)
        return short

    @cached_property
    def hash(self) -> str:
        """Return 32 hexadecimal digits of the resolved content and the bytes of the county's files."""
        digest = blake2b(digest_size=16)
        content = _floats({**self.resolved(), "county": self.county_folder.name})
        digest.update(json.dumps(content, sort_keys=True, default=str, ensure_ascii=False).encode())
        for path in sorted(p for p in self.county_folder.rglob("*") if p.is_file()):
            digest.update(path.relative_to(self.county_folder).as_posix().encode() + b"\0")
            digest.update(blake2b(path.read_bytes()).digest())
        return digest.hexdigest()


class Window(Model):
    """The dates that the transition counts."""

    since: date = Field(alias="from")
    """First day."""
    until: date
    """Last day."""


class Assumptions(Model):
    """How a study varies what is assumed: all scenarios at points spread over the assumptions' ranges, in shorter runs or by plan."""

    by: Literal["runs", "plans"] = "runs"
    """What is asked at a point: shorter runs, or what the settled state and its plan are expected to bring, without luck or queues."""
    samples: int = param(24, unit="count", ge=4, le=10_000, source="assumption", choice=True, zh="抽样点数")
    """Points of the Latin hypercube over all assumptions, besides the one at which all have their values."""
    seeds: int = param(1, unit="count", ge=1, le=100, source="assumption", choice=True, zh="每点种子数")
    """Replications at each point; all points meet the same luck."""
    days: int = param(10, unit="days", ge=1, le=3660, source="assumption", choice=True, zh="天数")
    """Days that count in these runs."""
    warm_up_days: int = param(5, unit="days", ge=0, le=365, source="assumption", choice=True, zh="预热天数")
    """Days before them."""
    route_iterations: int = param(50, unit="iterations", ge=1, le=100_000, source="assumption", choice=True, zh="路径迭代次数")
    """Iterations of the route solver in these runs where the scenarios ask for more: every point has routes of its own to find."""
    spread: float = param(0.5, unit="share", gt=0, le=1, source="assumption", choice=True, zh="缺省幅度")
    """An assumption without a stated range is varied by this share up and down, inside what is possible."""
    ends: int = param(4, unit="count", ge=0, le=20, source="assumption", choice=True, zh="逐项核对数")
    """So many of the assumptions that the first outcome responds to most are also run alone at both ends of their ranges."""


class Study(Model):
    """A baseline against alternatives over paired replications."""

    format: Literal[1] = 1
    """Version of the format of study files."""
    study: str = Field(min_length=1, max_length=80, pattern=NAME)
    """Name of the study."""
    title: Text | None = None
    """Title in both languages."""
    question: Text | str = ""
    """The question that the study answers."""
    baseline: str = Field(min_length=1)
    """File of the scenario that the others are compared with."""
    alternatives: tuple[str, ...] = Field(min_length=1, max_length=100)
    """Files of the scenarios to compare."""
    replications: int = param(10, unit="count", ge=2, le=1000, source="assumption", zh="重复次数")
    """Paired replications, each with its own luck."""
    window: Window | None = None
    """The dates that the transition counts; the whole run unless given."""
    windows: tuple[Literal["settled", "transition"], ...] = Field(("settled",), min_length=1, max_length=2)
    """What is compared: levers in force from the beginning, or from their dates."""
    outcomes: tuple[str, ...] = Field(min_length=1, max_length=100)
    """Names of the metrics to show first."""
    assumptions: Assumptions | None = None
    """How assumptions are varied; not at all unless given."""

    _file: Path | None = PrivateAttr(None)
    _scenarios: tuple[Scenario, ...] = PrivateAttr(())

    @property
    def words(self) -> Words:
        """Return the title, the name where there is none."""
        return self.title.words if self.title else Words(self.study, self.study)

    @property
    def file(self) -> Path | None:
        return self._file

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the loaded scenarios, the baseline first."""
        return self._scenarios

    def at(self, file: Path | None, scenarios: tuple[Scenario, ...]) -> Study:
        """Return the study with its scenarios loaded."""
        made = self.model_copy()
        made._file, made._scenarios = file, scenarios
        return made

    def resolved(self) -> dict[str, Any]:
        """Return the complete content as plain data."""
        return {key: _plain(value) for key, value in self.model_dump(by_alias=True).items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return value


def _floats(value: Any) -> Any:
    """Return plain data with every number as a float, so that 40 and 40.0 hash alike."""
    if isinstance(value, dict):
        return {key: _floats(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_floats(entry) for entry in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
