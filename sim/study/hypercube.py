"""Points over the assumptions' ranges, each run with all scenarios and the same luck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario.model import Study as Design
from sim.study.task import Task
from sim.study.uncertain import Uncertain, uncertain, varied

if TYPE_CHECKING:
    from sim.study.statistics import Floats

DEFAULT = "0"
"""The point at which every assumption has its own value."""


def hypercube(paths: Sequence[str], samples: int, seed: int) -> Floats:
    """Return a Latin hypercube, shape (samples, assumptions): in every column each of ``samples`` equal slices of (0, 1) holds one value.

    A column follows from its path and the seed alone, so that an assumption more or less leaves the others where they were.
    """
    import numpy as np

    from sim import luck

    rows = np.arange(samples, dtype=np.uint64)
    columns = []
    for path in paths:
        order = np.argsort(luck.uniform(seed, f"assumption order {path}", 0, rows), kind="stable")
        columns.append((np.argsort(order) + luck.uniform(seed, f"assumption {path}", 0, rows)) / samples)
    return np.stack(columns, axis=1) if columns else np.zeros((samples, 0))


def points_of(found: Sequence[Uncertain], samples: int, seed: int) -> dict[str, dict[str, float]]:
    """Return the values by path of each point, the one at the assumptions' own values first."""
    cube = hypercube([u.path for u in found], samples, seed)
    points: dict[str, dict[str, float]] = {DEFAULT: {}}
    for number, row in enumerate(cube.tolist(), start=1):
        points[str(number)] = {u.path: u.at(share) for u, share in zip(found, row, strict=True)}
    return points


def ends_of(found: Iterable[Uncertain]) -> dict[str, dict[str, float]]:
    """Return the points at which one assumption alone is at an end of its range."""
    return {f"{u.path}.{end}": {u.path: getattr(u, end)} for u in found for end in ("low", "high")}


def point_tasks(design: Design, points: Mapping[str, Mapping[str, float]], seed: int, folder: Path) -> list[Task]:
    """Return the runs of all scenarios at some points; the same point in the same folder is run once."""
    asked = design.assumptions
    if asked is None:
        return []
    base = design.scenarios[0]
    return [
        Task(scenario, s, "settled", folder / "assumptions" / point / scenario.name / str(s), point=point, planned=asked.by == "plans")
        for point, values in points.items()
        for s in range(seed, seed + (1 if asked.by == "plans" else asked.seeds))
        for scenario in [varied(own, base, values, asked) for own in design.scenarios]
    ]


def of(design: Design) -> list[Uncertain]:
    """Return the assumptions that a study varies, none where it does not ask for it."""
    return uncertain(design.scenarios, design.assumptions.spread) if design.assumptions else []
