"""Everything a report says, gathered by the study: the report itself reads no file and computes no result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sim.errors import ResultsError
from sim.text import DASH, Lang, MetricText, Words, exact, is_share, keys, t, unit_text, written

DIFFERENCES = (
    "alternative", "metric", "unit", "group", "value_of_group", "window", "baseline", "value", "mean", "low", "high", "n",
    "same_sign_share", "parameter_low", "parameter_high", "better",
)  # fmt: skip
METRICS = (
    "scenario", "seed", "window", "metric", "unit", "group", "value_of_group", "period", "value", "n", "numerator", "denominator",
)  # fmt: skip
PLACES = ("place", "tier", "name_zh", "name_en", "lon", "lat", "parent", "population", "remoteness", "synthetic")
SERVICE = ("village", "share_in_village", "served", "pickup_km", "delivery_hours")


@dataclass(frozen=True)
class ScenarioText:
    """One scenario's id (as in the tables), title, what it changes, line by line, and what it asks."""

    id: str
    title: Words
    lines: tuple[Words, ...] = ()
    asks: Words | None = None


@dataclass(frozen=True)
class Answer:
    """What one alternative does, in a few lines."""

    title: Words
    lines: tuple[Words, ...]


@dataclass(frozen=True)
class Assumption:
    """One parameter without a published source, with its allowed range; ``basis`` says where the assumption is argued."""

    name: Words
    value: float | str
    unit: str
    low: float | None = None
    high: float | None = None
    basis: str = ""

    def value_text(self, lang: Lang) -> str:
        """Return the value with its unit, a dash where the county or another parameter decides it."""
        if isinstance(self.value, str):
            word = f"unit.{self.value}"
            return t(word, lang) if word in keys() else self.value or t("report.decided_elsewhere", lang)
        return written(float(self.value), self.unit, lang)

    def range_text(self, lang: Lang) -> str:
        """Return the allowed range, a dash where there is none."""
        if self.low is None and self.high is None:
            return DASH
        low, high = ("" if end is None else self._number(end) for end in (self.low, self.high))
        text = f"{low}\u2013{high}" if low and high else f"\u2265 {low}" if low else f"\u2264 {high}"
        return f"{text}{self._unit(lang)}"

    def _number(self, value: float) -> str:
        return exact(100 * value if is_share(self.unit) else value)

    def _unit(self, lang: Lang) -> str:
        unit = unit_text(self.unit, lang)
        return unit if unit == "%" else f" {unit}".rstrip()


@dataclass(frozen=True)
class Stamp:
    """What makes the study repeatable."""

    program: str
    study_hash: str
    scenario_hashes: Mapping[str, str]
    seeds: tuple[int, ...]
    start: str
    days: int
    warm_up_days: int
    command: str


@dataclass(frozen=True)
class ReportInput:
    """One study, ready to be told.

    ``scenarios`` has the baseline first. ``services[scenario]`` has one row per village: village, share_in_village
    (share of its parcels handed over inside it, NaN without parcels), served, pickup_km, delivery_hours (means over
    replications). ``operators`` maps the carrier groups of the tables to names. ``verdicts`` are whole sentences; ``answers``
    say the same in a few lines for each alternative, ``equal_service`` what they cost at equal service. ``assumed`` says how assumptions
    were varied and what would turn a verdict, nothing where they were not; ``alliances[scenario]`` is the table of allocations of its
    first run. ``metrics`` are those of whole periods, ``periods`` those of months and weeks that figures show; ``crops`` names crops.
    """

    study: str
    title: Words
    question: Words
    county: Words
    scenarios: tuple[ScenarioText, ...]
    outcomes: tuple[str, ...]
    differences: pd.DataFrame
    metrics: pd.DataFrame
    places: pd.DataFrame
    services: Mapping[str, pd.DataFrame]
    operators: Mapping[str, Words]
    catalogue: Mapping[str, MetricText]
    verdicts: tuple[Words, ...]
    assumptions: tuple[Assumption, ...]
    parameters_in_all: int
    assumptions_in_all: int
    unknowns: tuple[Words, ...]
    attribution: tuple[Words, ...]
    stamp: Stamp
    notes: tuple[Words, ...] = field(default=())
    answers: tuple[Answer, ...] = ()
    equal_service: tuple[Words, ...] = ()
    assumed: tuple[Words, ...] = ()
    alliances: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    periods: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(METRICS)))
    crops: Mapping[str, Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tables = [
            ("differences", self.differences, DIFFERENCES),
            ("metrics", self.metrics, METRICS),
            ("periods", self.periods, METRICS),
            ("places", self.places, PLACES),
        ]
        tables += [(f"services[{name}]", table, SERVICE) for name, table in self.services.items()]
        faults = [f"{name}: no column {column}" for name, table, columns in tables for column in columns if column not in table.columns]
        ids = [scenario.id for scenario in self.scenarios]
        faults += [f"alternative {name} has no title" for name in self.differences["alternative"].unique() if name not in ids]
        faults += [f"outcome {name} is not in the catalogue" for name in self.outcomes if name not in self.catalogue]
        if faults:
            raise ResultsError("; ".join(faults))

    @property
    def baseline(self) -> ScenarioText:
        """Return the scenario that all others are compared with."""
        return self.scenarios[0]

    @property
    def alternatives(self) -> dict[str, Words]:
        """Return the titles of the alternatives by id, in order."""
        return {scenario.id: scenario.title for scenario in self.scenarios[1:]}

    @property
    def titles(self) -> dict[str, Words]:
        """Return the titles of all scenarios by id, the baseline first."""
        return {scenario.id: scenario.title for scenario in self.scenarios}

    @property
    def windows(self) -> tuple[str, ...]:
        """Return the windows that were run, `settled` first."""
        found = set(self.differences["window"])
        return tuple(name for name in ("settled", "transition") if name in found)
