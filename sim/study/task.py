"""One run of a study as a task for a worker process, and whether it was done before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.program import package_versions, program
from sim.scenario.model import Scenario
from sim.text import Words, say

if TYPE_CHECKING:
    from datetime import date

    from sim.world.world import World

SAMPLE = 0.01
"""Share of households whose parcels, legs and visits a study writes."""

KEPT = 8
"""Counties that a process keeps."""

_worlds: dict[str, World] = {}


@dataclass(frozen=True)
class Task:
    """One (scenario, seed, window). ``dates`` are what a transition counts, None for the whole run; ``folder`` is its run's.

    ``point`` names the values of the assumptions that the scenario was given, "" where they are its own. ``starts`` is a folder of start
    states, None where the run always warms up itself; ``before`` one of what all runs of a scenario have in common before their first
    day. ``planned``: not run, only asked what its settled state is expected to bring.
    """

    scenario: Scenario
    seed: int
    window: str
    folder: Path
    dates: tuple[date, date] | None = None
    point: str = ""
    starts: Path | None = None
    planned: bool = False
    before: Path | None = None

    @property
    def words(self) -> Words:
        """Return what people call it."""
        how = say("study.task_point", point=self.point) if self.point else say(f"group.window.{self.window}")
        return say("study.task", name=self.scenario.name, seed=self.seed, how=how)

    def __str__(self) -> str:
        return self.words.en

    @property
    def settled(self) -> bool:
        """Return whether levers are in force from the beginning."""
        return self.window == "settled"


@dataclass(frozen=True)
class Kernels:
    """The compiling of the kernels as a task beside others that need none: it is all done before the first run.

    A short run of ``scenario`` brings the kernels that are compiled at their first use.
    """

    scenario: Scenario

    @property
    def words(self) -> Words:
        """Return what people call it."""
        return say("study.task_kernels", name=self.scenario.name)


@dataclass(frozen=True)
class Begin:
    """What the runs of a task's scenario have in common before their first day, as a task of its own: it is worked out once."""

    task: Task

    @property
    def words(self) -> Words:
        """Return what people call it: the first of the runs."""
        return self.task.words


Job = Task | Kernels | Begin


def kind_of(job: Job) -> tuple[str, int | str]:
    """Return what runs share that meet the same orders; the few worlds and plans of a study are kept by every process."""
    if isinstance(job, Task):
        return job.point, job.seed
    return type(job).__name__, "" if isinstance(job, Kernels) else job.task.scenario.name


def begins_of(tasks: Iterable[Task]) -> list[Begin]:
    """Return what has to be worked out before these runs, once for each scenario and window that several of them have."""
    runs: dict[tuple[str, bool], list[Task]] = {}
    for task in tasks:
        if task.before is not None and not task.planned:
            runs.setdefault((task.scenario.hash, task.settled), []).append(task)
    return [Begin(several[0]) for several in runs.values() if len(several) > 1]


def folder_of(study: Path, scenario: str, seed: int, window: str) -> Path:
    """Return the folder of a run inside its study's."""
    return study / "runs" / (scenario if window == "settled" else f"{scenario}@{window}") / str(seed)


_prepared: list[bool] = []
"""Whether this process has had the kernels compiled."""


def prepare() -> None:
    """Have the kernels compiled before runs begin, where this machine has not yet: runs side by side would compile them twice."""
    from sim.flow.warm import start

    if not _prepared:
        start().wait()
        note_prepared()


def note_prepared() -> None:
    """Remember that the kernels are compiled: nobody has to look again."""
    _prepared.append(True)


def work(task: Job) -> float:
    """Run one task and leave its folder; return the seconds it took. A world is built once in each process."""
    if isinstance(task, Kernels):
        from sim.flow.warm import compile_here

        if compile_here():
            from sim.run import run

            run(task.scenario.shortest(0), sample=SAMPLE, world=world_of(task.scenario))
        return 0.0
    if isinstance(task, Begin):
        from sim.run import versions_of

        versions_of(task.task.scenario, world_of(task.task.scenario), task.task.settled, task.task.before)
        return 0.0
    if task.planned:
        from sim.study.foreseen import foresee

        return foresee(task)
    return replicate(task)


def replicate(task: Task, progress: Callable[[int, int], None] | None = None) -> float:
    """Run one replication and leave its folder; return the seconds it took. ``progress`` is told days done and days in all."""
    from sim.run import run

    made = run(
        task.scenario,
        task.seed,
        settled=task.settled,
        out=task.folder,
        sample=SAMPLE,
        progress=progress,
        world=world_of(task.scenario),
        window=task.dates,
        starts=task.starts,
        before=task.before,
    )
    return float(made.seconds)


def world_of(scenario: Scenario) -> World:
    """Return the county of a scenario before its levers, from memory where this process has built it before."""
    from sim.world.build import build

    content = {key: value for key, value in scenario.resolved().items() if key in ("parameters", "operators")}
    text = json.dumps([str(scenario.county_folder.resolve()), content], sort_keys=True, default=str)
    key = blake2b(text.encode(), digest_size=16).hexdigest()
    if key not in _worlds:
        while len(_worlds) >= KEPT:
            _worlds.pop(next(iter(_worlds)))
        _worlds[key] = build(scenario.county_folder, scenario.parameters, scenario.operators)
    return _worlds[key]


def done_before(task: Task) -> float | None:
    """Return the seconds that the same run took, None where no finished run of the same scenario lies in its folder.

    It counts only where the program's own text and the packages that results depend on are the same, too.
    """
    manifest = read_manifest(task.folder)
    if manifest is None:
        return None
    scenario = task.scenario
    first, last = task.dates or (scenario.start, scenario.end)
    wanted = {
        "program": program(),
        "packages": package_versions(),
        "scenario_hash": scenario.hash,
        "seed": task.seed,
        "settled": task.settled,
        "sample": SAMPLE,
        "window": {"first_day": (first - scenario.start).days, "last_day": (last - scenario.start).days},
        "outcome": "done",
    }
    same = all(manifest.get(key) == value for key, value in wanted.items()) and bool(manifest.get("planned")) == task.planned
    return float(manifest["wall_seconds"]) if same else None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return a run's manifest, None where there is no finished run."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
