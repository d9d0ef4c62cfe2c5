"""A run that takes no time: a folder with a manifest and a metrics table made from the seed and the scenario's name."""

from __future__ import annotations

import json
import os
import shutil

import pandas as pd

from sim.program import package_versions, program
from sim.study.task import SAMPLE, Task

EFFECT = {"baseline": 0.0, "pooled": -0.4, "separate-full-service": 0.3}


TURNS_AT = 1.3
"""Dispatch fee at which the linear runs' difference is zero."""


def linear(task: Task) -> float:
    """A run whose pooled cost is above the baseline's by 0.5 for each yuan of dispatch fee above ``TURNS_AT``, whatever else."""
    fee = task.scenario.parameters.money.dispatch_fee
    return fake(task, 0.5 * (fee - TURNS_AT) * (task.scenario.name == "pooled"))


def steady(task: Task) -> float:
    """A run whose pooled cost is below the baseline's whatever the dispatch fee, by a little more where that is high."""
    return fake(task, -(0.4 + 0.1 * task.scenario.parameters.money.dispatch_fee) * (task.scenario.name == "pooled"))


def fake(task: Task, more: float | None = None) -> float:
    luck = task.seed * 0.37 % 1.0
    cost = 2.0 + luck + (EFFECT[task.scenario.name] * (1.0 + 0.01 * task.seed) if more is None else more)
    rows = [
        ("cost_per_parcel_yuan", "yuan/parcel", "", "", "all", cost, 100, cost * 100, 100.0),
        ("cost_per_parcel_yuan", "yuan/parcel", "leg", "line", "all", cost / 2, 100, cost * 50, 100.0),
        ("cost_per_parcel_yuan", "yuan/parcel", "", "", "2021-01", cost, 100, cost * 100, 100.0),
        ("village_coverage", "share", "", "", "all", 0.2 + 0.1 * luck, 50, None, None),
    ]
    columns = ["metric", "unit", "group", "value_of_group", "period", "value", "n", "numerator", "denominator"]
    part = task.folder.with_name(f".{task.folder.name}.partial")
    part.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows, columns=columns).to_parquet(part / "metrics.parquet", index=False)
    first, last = task.dates or (task.scenario.start, task.scenario.end)
    manifest = {
        "program": program(),
        "packages": package_versions(),
        "scenario_hash": task.scenario.hash,
        "seed": task.seed,
        "settled": task.settled,
        "sample": SAMPLE,
        "window": {"first_day": (first - task.scenario.start).days, "last_day": (last - task.scenario.start).days},
        "outcome": "done",
        "wall_seconds": 2.0,
        "process": os.getpid(),
    }
    (part / "manifest.json").write_text(json.dumps(manifest))
    shutil.rmtree(task.folder, ignore_errors=True)
    part.rename(task.folder)
    return 2.0


def dies_at_seed_three(task: Task) -> float:
    if task.seed == 3:
        os._exit(9)
    return fake(task)
