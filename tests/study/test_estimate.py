"""What is said before a study begins is near what it takes, for small and large counties, with produce and without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.scenario.model import Origin
from sim.scenario.study import SHIPPED, load_study
from sim.study.compare import tasks_of
from sim.study.design import designed
from sim.study.estimate import rough_seconds
from sim.study.hypercube import of, point_tasks, points_of
from sim.study.stage import Progress, Stage
from sim.study.task import Task


def asked(study: str | Path, settings: tuple[str, ...], folder: Path) -> tuple[list[Task], list[Task]]:
    """Return the settled states that a study asks first, and its runs."""
    design = designed(load_study(study, settings, None), None, None)
    found = of(design)
    points = points_of(found, design.assumptions.samples, 1) if design.assumptions else {}
    return point_tasks(design, points, 1, folder), tasks_of(design, 1, folder)


@pytest.mark.parametrize(
    ("study", "settings", "took"),
    [("produce-jinyun", (), 97), (SHIPPED, ("county=酉阳",), 163), (SHIPPED, ("county=班戈",), 21)],
    ids=["Jinyun, produce", "Youyang", "Baingoin"],
)
def test_the_first_guess_is_not_off_by_half(study: str | Path, settings: tuple[str, ...], took: float, tmp_path: Path) -> None:
    """``took``: half the processor's seconds of the whole command on 2026-11-29, kernels compiled and tours known."""
    states, runs = asked(study, settings, tmp_path)
    told: list[Progress] = []
    first = Stage(states or runs, 2, told.append)
    first.begin(runs if states else ())
    (news,) = told
    assert news.rough is not None
    assert took / 1.5 < news.rough < took * 1.5
    assert news.rough == rough_seconds([*states, *runs], 2)


def test_nothing_is_judged_where_it_was_measured_or_a_county_does_not_read(tmp_path: Path) -> None:
    _, runs = asked(SHIPPED, (), tmp_path)
    told: list[Progress] = []
    stage = Stage(runs, 2, told.append)
    stage.done(runs[0], 2.0)
    stage.begin()
    assert told[0].rough is None
    assert told[0].seconds_left == 2.0 * (len(runs) - 1) / 2
    gone = runs[0].scenario.at(Origin(county_folder=tmp_path / "gone"))
    assert rough_seconds([replace(runs[0], scenario=gone)], 1) is None
