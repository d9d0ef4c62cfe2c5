"""Run scenarios on the small county of the tests, and keep what the flow handed on while it ran."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt

from sim.agents.county import County
from sim.flow.flow import simulate
from sim.flow.inputs import Inputs
from sim.plan.plan import Plan
from sim.run import Run, Versions, inputs, run
from sim.scenario.model import Origin, Scenario
from sim.schema.raw import DayRecord, Recorder
from sim.study.compare import compare
from sim.study.task import folder_of
from sim.world.build import build

SMALL = Path(__file__).parents[1] / "counties" / "small"
ORCHARD = Path(__file__).parents[1] / "counties" / "orchard"
"""The small county with crops: strawberries in March, pears and pepper in August."""
POOLED = {
    "warehousing": ["sites", "staff", "operations", "management"],
    "sorting": ["sites", "staff", "operations", "management"],
    "transport": ["sites", "vehicles", "staff", "operations", "management"],
    "delivery": ["sites", "vehicles", "staff", "operations", "management"],
}
POOL_ALL = {"kind": "joint_distribution", "id": "pool", "pool": POOLED}
STRAINED: dict[str, dict[str, Any]] = {
    "demand": {"p_missort": 0.1, "p_lost": 0.02},
    "service": {"village_share": 0.5, "to_post_share": 0.2, "refused_share": 0.2},
    "station": {"shelf_l": 30, "holding_days": 2, "reminder_days": 1, "collect_hours_mean": 30},
    "fleet": {"p_breakdown": 0.2, "van_l": 300, "van_kg": 50},
    "roads": {"closed_days_mountain": 60},
}
"""Parameters under which shelves and vans are full, vans break down, roads are closed and parcels go astray and back."""

STILL: dict[str, dict[str, Any]] = {"decisions": {"shoppers": False, "operators": False, "hosts": False}}
"""Parameters under which nobody answers to anything."""


def same_bytes_in_one_process_and_two(asked: list[Scenario], folder: Path) -> None:
    """Compare scenarios (the first is the baseline) with two seeds in one process and in two; every table must be the same."""
    for workers in (1, 2):
        compare(asked, 2, workers, out=folder / str(workers))
    for name in (one.name for one in asked):
        for seed in (1, 2):
            alone, together = (digests(folder_of(folder / str(workers), name, seed, "settled")) for workers in (1, 2))
            assert alone == together


def scenario(
    name: str = "baseline",
    *,
    days: int = 14,
    warm_up: int = 5,
    levers: Sequence[dict[str, Any]] = (),
    operators: Sequence[dict[str, Any]] = (),
    county: Path = SMALL,
    programmes: dict[str, Any] | None = None,
    start: str = "2021-03-01",
    **parameters: dict[str, Any],
) -> Scenario:
    """Return a scenario on the small county; ``parameters`` are sections."""
    content = {
        "format": 1, "name": name, "county": county.name, "start": start, "days": days, "warm_up_days": warm_up,
        "levers": list(levers), "programmes": programmes or {}, "operators": list(operators), "parameters": parameters,
    }  # fmt: skip
    return Scenario.model_validate(content).at(Origin(county_folder=county))


def digests(made: Run | Path) -> dict[str, str]:
    """Return a hash of the bytes of each table of a run."""
    folder = made if isinstance(made, Path) else made.folder
    found = {path.stem: blake2b(path.read_bytes(), digest_size=16).hexdigest() for path in sorted(folder.glob("*.parquet"))}
    assert len(found) > 10, f"{folder} holds no run"
    return found


class Kept:
    """A recorder that keeps every day and hands it on."""

    def __init__(self, then: Recorder | None = None) -> None:
        self.then = then
        self.days: list[DayRecord] = []
        self.plans: list[tuple[int, Plan]] = []

    def plan(self, day: int, plan: Plan) -> None:
        """Keep a plan."""
        self.plans.append((day, plan))
        if self.then is not None:
            self.then.plan(day, plan)

    def record(self, record: DayRecord) -> None:
        """Keep one day, as a copy: the flow may use its arrays again."""
        rows = (np.array(rows) for rows in (record.parcels, record.trips, record.stops, record.shifts, record.events))
        self.days.append(DayRecord(record.day, *rows, record.created, record.open))
        if self.then is not None:
            self.then.record(record)

    def all(self, what: str) -> npt.NDArray[Any]:
        """Return the rows of ``parcels``, ``trips``, ``stops``, ``shifts`` or ``events`` of all days, in microseconds."""
        return np.concatenate([getattr(day, what) for day in self.days])


def watched(chosen: Scenario, seed: int = 1, *, settled: bool = True) -> tuple[Run, Kept]:
    """Return a run with full tables, and what the flow handed on during it."""
    kept: list[Kept] = []

    def watch(given: Inputs, recorder: Recorder) -> None:
        kept.append(Kept(recorder))
        simulate(given, kept[0])

    with mock.patch.object(sys.modules["sim.run"], "simulate", watch):
        made = run(chosen, seed, settled=settled)
    return made, kept[0]


def given(chosen: Scenario, seed: int = 1) -> Inputs:
    """Return what the flow needs for a run, without a run."""
    world = build(chosen.county_folder, chosen.parameters, chosen.operators)
    return inputs(chosen, world, seed, County(world, chosen.parameters, seed, chosen.start), Versions(chosen, world, settled=True))
