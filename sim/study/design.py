"""Turn what was asked for - a study or a list of scenarios - into the study that is run, and that into tasks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError
from sim.scenario.model import WINDOWS, Scenario
from sim.scenario.model import Study as Design
from sim.scenario.study import study_of
from sim.study.task import Task, folder_of
from sim.text import t

if TYPE_CHECKING:
    from datetime import date


def designed(asked: Design | Sequence[Scenario], replications: int | None = None, windows: Sequence[str] | None = None) -> Design:
    """Return the study with its number of replications and windows; raise all that is wrong with them at once."""
    faults = []
    changes: dict[str, Any] = {}
    if replications is not None:
        if replications < 1:
            faults.append(_fault("replications", "replications", value=replications))
        changes["replications"] = replications
    if windows is not None:
        faults += [_fault("windows", "window", value=name, known=", ".join(WINDOWS)) for name in windows or ("",) if name not in WINDOWS]
        changes["windows"] = tuple(name for name in WINDOWS if name in windows)
    if not isinstance(asked, Design) and len(asked) < 2:
        faults.append(_fault("compare", "two"))
    if faults:
        raise ScenarioError(faults)
    design = asked if isinstance(asked, Design) else study_of(asked)
    return design.model_copy(update=changes) if changes else design


def tasks_of(design: Design, seed: int, folder: Path) -> list[Task]:
    """Return all runs, seed by seed."""
    dates: tuple[date, date] | None = (design.window.since, design.window.until) if design.window else None
    return [
        Task(scenario, s, window, folder_of(folder, scenario.name, s, window), dates if window == "transition" else None)
        for s in range(seed, seed + design.replications)
        for window in design.windows
        for scenario in design.scenarios
    ]


def _fault(where: str, key: str, **values: object) -> Fault:
    zh, en = ((t(f"study.{key}", lang, **values), t(f"study.{key}.do", lang, **values)) for lang in ("zh", "en"))
    return Fault(where, *en, *zh)
