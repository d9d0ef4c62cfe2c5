"""A comparison on the page: a short run of each side first, then replication after replication, the numbers after each, the study last.

All of it is what ``guantong compare`` does: the same tasks, seeds and statistics; the study's folder lies below ``results/workshop``.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import Any

from sim.errors import FaultyInput, SimError
from sim.scenario.dump import dump
from sim.scenario.load import load
from sim.scenario.model import Scenario
from sim.scenario.model import Study as Design
from sim.scenario.study import OUTCOMES, load_study
from sim.study.design import tasks_of
from sim.study.estimate import parcels_a_day
from sim.study.task import SAMPLE, Task, done_before
from sim.text import LANGUAGES, t
from sim.web.draft import checked, put
from sim.web.pace import Length, rough_seconds
from sim.web.pool import Cancelled, Pool, Ticket
from sim.web.work import Conclude

FIRST_DRAIN = 1
"""Days after the first picture: nobody reads its numbers."""
MOST_REPLICATIONS = 50
SEED = 1


class Store:
    """Finished runs below a folder, by (hash of the scenario, seed): what ran before is linked to, not run again.

    ``beside`` is the user's scenarios folder, whose counties may be used.
    """

    def __init__(self, root: Path, beside: Path | None = None) -> None:
        self.root, self.beside = root, beside
        self._lock = threading.Lock()

    def fetch(self, task: Task) -> float | None:
        """Return the seconds that a task's run took when it was made, here or in another study; None where it was not."""
        seconds = done_before(task)
        if seconds is not None:
            return seconds
        kept = "first" if task.folder.parent.parent.name == "first" else "runs"
        for folder in self.root.glob(f"*/{kept}/*/{task.seed}"):
            same = Task(task.scenario, task.seed, task.window, folder, task.dates)
            if folder != task.folder and (seconds := done_before(same)) is not None:
                self._link(folder, task.folder)
                return seconds
        return None

    def _link(self, made: Path, wanted: Path) -> None:
        with self._lock:
            part = wanted.with_name(f".{wanted.name}.link")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            for file in made.iterdir():
                try:
                    os.link(file, part / file.name)
                except OSError:
                    shutil.copy2(file, part / file.name)
            shutil.rmtree(wanted, ignore_errors=True)
            part.replace(wanted)


class Job:
    """One comparison under way; ``events`` grows and is read by whoever watches."""

    def __init__(
        self, id: str, pool: Pool, store: Store, drafts: Sequence[Mapping[str, Any]], replications: int, window: str = "settled"
    ) -> None:
        """Check the drafts and write the study's files; ScenarioError lists all their faults.

        ``window`` is ``settled`` where measures are in force from before the warm-up, ``transition`` where from their dates.
        """
        self.id, self._pool, self._store, self._replications, self._window = id, pool, store, replications, window
        self.events: list[dict[str, Any]] = []
        self.ended = False
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.folder, self.design = _written(store, drafts, replications, window)
        self._starts = store.root / "starts"
        self._sides = len(self.design.scenarios)
        self.tasks = [
            replace(task, starts=self._starts if index < self._sides else None)
            for index, task in enumerate(tasks_of(self.design, SEED, self.folder))
        ]
        self._finished: dict[int, float] = {}
        self._previewed: set[int] = set()
        self._awaited = 0
        self._held: list[int] = []
        self._told_pairs = 0
        self._concluding = False
        self._days: dict[str, tuple[int, int]] = {}
        self.cancelled = False
        self.wanted = 1
        """Pages that watch it: the same comparison asked for twice at once is one."""

    def start(self) -> None:
        """Give the pool everything that was not run before; say at once what was. What fails here ends it: nobody could join it."""
        try:
            self._start()
        except Exception as error:
            self._fail(error)
            raise

    def _start(self) -> None:
        known = {index: self._store.fetch(task) for index, task in enumerate(self.tasks)}
        self._finished = {index: seconds for index, seconds in known.items() if seconds is not None}
        self._tell(type="begun", total=len(self.tasks), reused=len(self._finished), study=self._name())
        previews = [] if self._pictures() else self._previews()
        self._numbers()
        if not previews:
            self._rest()
        with self._lock:
            self._awaited = len(previews)
        for ticket in previews:
            self._give(ticket)

    def _give(self, ticket: Ticket) -> None:
        """Give the pool a ticket, and take it back where the comparison was cancelled meanwhile."""
        self._pool.submit(ticket)
        if self.cancelled:
            self._pool.cancel(self)

    def _previews(self) -> list[Ticket]:
        """Show or give the tickets of the first pictures."""
        shown = self._length()
        tickets = [self._preview(index, shown) for index in range(self._sides)]
        return [ticket for ticket in tickets if ticket is not None]

    def _previewed_one(self) -> None:
        with self._lock:
            self._awaited -= 1
            last = self._awaited == 0 and not self.ended
        if last:
            try:
                self._rest()
            except Exception as error:
                self._fail(error)

    def _rest(self) -> None:
        """Give the pool what was not run before; not until the first pictures are there, so that these have the cores to themselves.

        What the maps show goes first. Until the whole of it is there, further replications run only on a core that the browser leaves.
        """
        todo = [index for index in range(len(self.tasks)) if index not in self._finished]
        shown = sum(index < self._sides for index in todo)
        begun = max(shown, len(self._pool.processes) - 1) if shown else len(todo)
        self._held = todo[begun:]
        for index in todo[:begun]:
            self._submit(index, self.tasks[index])
        self._whole()

    def _release(self) -> None:
        """Give the pool the replications that were held back for the maps."""
        with self._lock:
            held, self._held = self._held, []
        for index in held:
            self._submit(index, self.tasks[index])

    def _pictures(self) -> bool:
        """Show the first replication of all sides as soon as it is there: sides of different lengths would be compared."""
        if any(index not in self._finished for index in range(self._sides)):
            return False
        for index in range(self._sides):
            self._picture(index, self.tasks[index].folder)
        return True

    def _length(self) -> Length:
        """Return how long the first picture of every side is: sides of different lengths would be compared."""
        sides = self.design.scenarios
        whole = Length(min(one.days for one in sides), max(one.warm_up_days for one in sides))
        stored = all(map(self._stored, sides))
        return self._pool.pace.length(max(map(_volume, sides)), whole, FIRST_DRAIN, stored)

    def _stored(self, scenario: Scenario) -> bool:
        """Say whether the start state of a scenario's first replication is stored."""
        from sim.store.starts import Starts, key_of

        return Starts(self._starts).has(key_of(scenario, SEED, self._window == "settled", SAMPLE))

    def _preview(self, index: int, shown: Length) -> Ticket | None:
        """Return the ticket for a few days of a side, where that is shorter than the whole and was not run before."""
        scenario = self.tasks[index].scenario
        if (scenario.days, scenario.warm_up_days) == shown or scenario.file is None:
            return None
        self._previewed.add(index)
        first = _shortened(scenario, shown, self._window)
        own = first.warm_up_days == scenario.warm_up_days
        starts, stored = self._starts if own else None, self._stored(first)
        folder = self.folder / "first" / self.tasks[index].folder.relative_to(self.folder / "runs")
        task = Task(first, SEED, self._window, folder, starts=starts)

        def ended(value: Any, error: BaseException | None) -> None:
            # Where it failed the whole runs' own errors say what is wrong.
            if error is None:
                if not stored:
                    self._learn(first, float(value))
                self._picture(index, task.folder, short=first)
            self._previewed_one()

        if self._store.fetch(task) is not None:
            self._picture(index, task.folder, short=first)
            return None
        return Ticket(self, task, lambda done, total: self._progress(f"first {index}", done, total), ended)

    def _learn(self, scenario: Scenario, seconds: float) -> None:
        days = scenario.days + scenario.warm_up_days + scenario.parameters.counting.drain_days
        self._pool.pace.learn(rough_seconds(_volume(scenario), days), seconds)

    def _submit(self, index: int, task: Task) -> None:
        cold = index < self._sides and index not in self._previewed and not self._stored(task.scenario)

        def ended(value: Any, error: BaseException | None) -> None:
            with self._lock:
                self._days.pop(str(index), None)
            if error is not None:
                self._fail(error)
                return
            with self._lock:
                self._finished[index] = float(value)
            if index < self._sides:
                if cold:
                    self._learn(task.scenario, float(value))
                if self._pictures():
                    self._release()
            self._numbers()
            self._whole()

        self._give(Ticket(self, task, lambda done, total: self._progress(str(index), done, total), ended))

    def _progress(self, name: str, done: int, total: int) -> None:
        with self._lock:
            self._days[name] = (done, total)
            if done % 5 and done < total:
                return
        self._say_progress()

    def _say_progress(self) -> None:
        with self._lock:
            done, total = len(self._finished), len(self.tasks)
            under_way = sum(d / max(t, 1) for name, (d, t) in self._days.items() if name.isdecimal())
            took = list(self._finished.values())
        cores = len(self._pool.processes)
        left = max(total - done - under_way, 0)
        seconds = median(took) * left / min(cores, max(total - done, 1)) if took else None
        self._tell(type="progress", done=done, total=total, share=min((done + under_way) / total, 1), seconds_left=seconds)

    def _picture(self, index: int, folder: Path, short: Scenario | None = None) -> None:
        """Show a run of a side; ``short`` is the shorter scenario that it is of, None for the whole."""
        scenario = self.design.scenarios[index]
        run = folder.relative_to(self._store.root.parent).as_posix()
        told: dict[str, Any] = {"days": scenario.days}
        if short is not None:
            told = {
                "days": short.days,
                "warm_up": short.warm_up_days,
                "whole_warm_up": scenario.warm_up_days,
                "parcels": float(f"{_volume(scenario):.2g}"),
            }
        seconds = round(time.monotonic() - self._began, 2)
        self._tell(type="picture", side=index, run=run, short=short is not None, whole=scenario.days, seconds=seconds, **told)

    def _numbers(self) -> None:
        """Tell the paired differences over the replications of which every side is there."""
        from sim.web.numbers import numbers

        sides = self._sides
        with self._lock:
            pairs = [s for s in range(self._replications) if all(s * sides + k in self._finished for k in range(sides))]
            if len(pairs) <= self._told_pairs:
                return
            self._told_pairs = len(pairs)
        tasks = [self.tasks[s * sides + k] for s in pairs for k in range(sides)]
        rows = numbers(tasks, [scenario.name for scenario in self.design.scenarios], OUTCOMES)
        self._tell(type="numbers", n=len(pairs), of=self._replications, days=self.design.scenarios[0].days, rows=rows)
        self._say_progress()

    def _whole(self) -> None:
        with self._lock:
            if self.ended or self._concluding or len(self._finished) < len(self.tasks):
                return
            self._concluding = True

        def ended(value: Any, error: BaseException | None) -> None:
            if error is not None:
                self._fail(error)
            else:
                self._finish(type="study", study=self._name())

        task = Conclude(self.folder / "study.yaml", self.folder, self._replications, SEED)
        self._give(Ticket(self, task, lambda done, total: None, ended))

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, Cancelled) or self.cancelled:
            self._finish(type="cancelled", kept=len(self._finished))
            return
        self._pool.cancel(self)
        faults = error.faults if isinstance(error, FaultyInput) else []
        told = [{"where": f.where, "zh": f.text("zh"), "en": f.text("en")} for f in faults]
        self._finish(type="failed", faults=told, kind=type(error).__name__ if isinstance(error, SimError) else "Exception")

    def join(self) -> bool:
        """Take one more page that wants it; False where it has ended or was cancelled."""
        with self._lock:
            if self.ended or self.cancelled:
                return False
            self.wanted += 1
            return True

    def leave(self) -> None:
        """Take away one page that wants it; the last one ends it."""
        with self._lock:
            self.wanted -= 1
            # Together with the count: a page that joins a moment later has its own.
            self.cancelled = self.cancelled or self.wanted <= 0
        if self.cancelled:
            self.cancel()

    def cancel(self) -> None:
        """End it; what has finished is kept."""
        self.cancelled = True
        self._finish(type="cancelled", kept=len(self._finished))
        self._pool.cancel(self)

    def _finish(self, **event: Any) -> None:
        with self._lock:
            if self.ended:
                return
            self.ended = True
        self._tell(**event)

    def _tell(self, **event: Any) -> None:
        with self._lock:
            self.events.append(event)

    def _name(self) -> str:
        return self.folder.relative_to(self._store.root.parent).as_posix()


def _written(store: Store, drafts: Sequence[Mapping[str, Any]], replications: int, window: str) -> tuple[Path, Design]:
    """Write the scenarios and the study of a comparison into a folder of their own and return it and the study."""
    key = key_of(drafts, replications, window)
    folder = store.root / key
    folder.mkdir(parents=True, exist_ok=True)
    scenarios = [checked(draft, folder, store.beside) for draft in drafts]
    base, policy = scenarios
    study = {
        "format": 1,
        "study": f"workshop-{key}",
        "title": {lang: t("web.compare_title", lang, policy=policy.words.text(lang), base=base.words.text(lang)) for lang in LANGUAGES},
        "question": {lang: policy.asks.text(lang) or t("web.asks", lang) for lang in LANGUAGES},
        "baseline": f"{scenarios[0].name}.yaml",
        "alternatives": [f"{scenario.name}.yaml" for scenario in scenarios[1:]],
        "replications": max(replications, 2),
        "windows": [window],
        "outcomes": list(OUTCOMES),
    }
    file = folder / "study.yaml"
    put(file, dump(study))
    return folder, load_study(file).model_copy(update={"replications": replications})


def key_of(drafts: Sequence[Mapping[str, Any]], replications: int, window: str) -> str:
    """Return the name of a comparison's folder: the same comparison asked for twice has the same."""
    return blake2b(repr([replications, window, *map(_sorted, drafts)]).encode(), digest_size=6).hexdigest()


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [(key, _sorted(value[key])) for key in sorted(value)]
    return [_sorted(entry) for entry in value] if isinstance(value, list) else value


def _shortened(scenario: Scenario, shown: Length, window: str) -> Scenario:
    """Return the first days of a scenario; where dates do not count, measures that would begin later are in force as in the whole."""
    assert scenario.file is not None
    settings = [f"warm_up_days={min(shown.warm_up, scenario.warm_up_days)}", f"parameters.counting.drain_days={FIRST_DRAIN}"]
    if window == "settled":
        settings += [f"levers.{lever.id}.from={scenario.start}" for lever in scenario.levers if lever.since is not None]
    return load(scenario.file, settings, min(shown.days, scenario.days))


def _volume(scenario: Scenario) -> float:
    """Return the parcels that a scenario's county orders on a mean day."""
    return parcels_a_day(scenario) or 0.0
