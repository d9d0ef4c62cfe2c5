"""Compare scenarios over paired replications under common random numbers: one call from runs to verdicts."""

from __future__ import annotations

import contextlib
import json
import shlex
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sim.batch import Pool
from sim.program import program
from sim.scenario.model import Scenario
from sim.scenario.model import Study as Design
from sim.scenario.shipped import named
from sim.scenario.study import load_study
from sim.spot import alone
from sim.study import result
from sim.study.design import designed, tasks_of
from sim.study.hypercube import of as assumptions_of
from sim.study.hypercube import point_tasks, points_of
from sim.study.stage import Progress, Stage, Tell
from sim.study.task import Job, Kernels, Task, begins_of, kind_of, note_prepared, prepare
from sim.study.task import work as run_task
from sim.text import MetricText, Words
from sim.text.metric import Better

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.span import Span

RESULTS = Path("results")
BEFORE = ".before"
"""Folder, inside a study's, of what its runs have in common before their first day; it goes when the study is done."""

Work = Callable[[Any], float]


def compare(
    asked: Design | Sequence[Scenario],
    replications: int | None = None,
    workers: int | None = None,
    seed: int = 1,
    out: Path | None = None,
    windows: Sequence[str] | None = None,
    progress: Tell | None = None,
    work: Work = run_task,
    pool: Pool | None = None,
) -> result.Study:
    """Run what is missing of a study and write its results to ``out`` (``results/<study>`` by default).

    Every scenario meets seeds ``seed``, ``seed`` + 1, ...: the replications are pairs. ``progress`` is called before the first run
    and after each. Whatever ends it early, finished runs stay and the next call uses them; results are written when all are there.
    ``pool``, which stays the caller's, takes the place of ``workers`` processes of the study's own.
    """
    design = designed(asked, replications, windows)
    folder = (out if out is not None else RESULTS / design.study).absolute()
    with alone(folder):
        return _compared(design, folder, seed, progress, work, pool, workers)


def _compared(
    design: Design, folder: Path, seed: int, progress: Tell | None, work: Work, pool: Pool | None, workers: int | None
) -> result.Study:
    """Run what is missing of a study and write its results; the folder is held."""
    before = folder / BEFORE
    tasks = [replace(task, before=before) for task in tasks_of(design, seed, folder)]
    found = assumptions_of(design)
    points = points_of(found, design.assumptions.samples, seed) if design.assumptions else {}
    over = point_tasks(design, points, seed, folder)
    spans: list[Span] = []

    def ends() -> list[Task]:
        from sim.study.span import Span

        spans.append(Span(design, found, points, over, seed))
        return point_tasks(design, spans[0].ends(), seed, folder)

    with contextlib.nullcontext(pool) if pool is not None else contextlib.closing(Pool(workers)) as processes:
        tell = progress or _quiet
        first, rest = Stage(over, processes.size, tell), Stage(tasks, processes.size, tell)
        if any(task.folder.exists() for task in (*first.todo, *rest.todo)):
            (folder / result.RECORD).unlink(missing_ok=True)
        alone = _run(first, rest, ends, processes, work)
    span = spans[0] if spans else None
    if span is not None:
        span.with_ends(alone)
    study = _concluded(design, tasks, seed, folder, first.reused + rest.reused, span)
    shutil.rmtree(before, ignore_errors=True)
    return study


def _quiet(_: Progress) -> None:
    """Tell nobody."""


def _run(first: Stage, rest: Stage, ends: Callable[[], list[Task]], pool: Pool, work: Work) -> list[Task]:
    """Run what is to be done of two stages, no process idle between them; return what ``ends`` asks for once the first is over.

    Those come last: they are short, and no long one is left over on a single process.
    """
    own = work is run_task
    runs: list[Job] = [*(begins_of(rest.todo) if own and pool.size > 1 else ()), *rest.todo]
    jobs: list[Job] = list(first.todo)
    if own and rest.todo and first.todo and all(task.planned for task in first.todo):
        jobs.insert(0, Kernels(rest.todo[0].scenario))
    else:
        if own and not all(task.planned for task in (*first.todo, *rest.todo)):
            prepare()
        jobs += runs
    alone: list[Task] = []
    asked = {task.folder for task in first.todo}

    def onward() -> None:
        if first.tasks:
            alone.extend(ends())
            jobs.extend(rest.add(alone))
        rest.begin()

    if first.tasks:
        first.begin(rest.todo)
    if first.over:
        onward()
    with contextlib.closing(pool.execute(work, jobs, name=lambda job: job.words, kind=kind_of)) as batch:
        for done in batch:
            job = jobs[done.index]
            if isinstance(job, Kernels):
                note_prepared()
                jobs += runs
            elif isinstance(job, Task) and job.folder in asked:
                first.done(job, done.value)
                if first.over:
                    onward()
            elif isinstance(job, Task):
                rest.done(job, done.value)
            import_conclusion()
    return alone


def import_conclusion() -> None:
    """Import, while processes work, what the study's end needs."""
    import sim.study.added
    import sim.study.background
    import sim.study.lasting
    import sim.study.pairs
    import sim.study.span
    import sim.study.verdict  # noqa: F401


def _concluded(design: Design, tasks: Sequence[Task], seed: int, folder: Path, reused: int, span: Span | None) -> result.Study:
    """Compute and write what the runs say together."""
    import pandas as pd

    from sim.study.added import added_rows
    from sim.study.background import background
    from sim.study.lasting import lasting_rows
    from sim.study.pairs import pair_rows
    from sim.study.statistics import differences, pairing_gain
    from sim.study.verdict import COSTS, FULL_SERVICE, caveats, uneven, verdicts

    metrics = metrics_of(tasks)
    whole = metrics[metrics["period"] == "all"]
    catalogue = catalogue_of(metrics)
    better = {name: text.better for name, text in catalogue.items()}
    base, others = design.scenarios[0].name, [scenario.name for scenario in design.scenarios[1:]]
    titles = {scenario.name: scenario.words for scenario in design.scenarios}
    frames = [differences(whole, base, others, better), pair_rows(whole, tasks, base, others)]
    frames += [added_rows(whole, tasks, design.scenarios, catalogue), lasting_rows(metrics, design.scenarios)]
    table = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    if span is not None:
        table = span.fill(table)
    said = verdicts(table, base, design.outcomes, titles, catalogue)
    costs = [name for name in design.outcomes if name in COSTS and name in catalogue]
    if FULL_SERVICE in others and costs:
        totals = whole[(whole["group"] == "") & whole["metric"].isin(costs)]
        rest = [name for name in others if name != FULL_SERVICE]
        said += verdicts(differences(totals, FULL_SERVICE, rest, better), FULL_SERVICE, costs, titles, catalogue) if rest else []
    record: dict[str, Any] = {
        "format": 1,
        "program": program(),
        "command": command_of(design, seed),
        "study": plain(design.resolved()),
        "title": _words(design.words),
        "question": _words(_question(design)),
        "baseline": base,
        "alternatives": others,
        "outcomes": [name for name in design.outcomes if name in catalogue],
        "windows": list(design.windows),
        "seeds": [seed + index for index in range(design.replications)],
        "scenarios": {
            scenario.name: {"title": _words(scenario.words), "hash": scenario.hash, "resolved": plain(scenario.resolved())}
            for scenario in design.scenarios
        },
        "runs": [{"scenario": t.scenario.name, "seed": t.seed, "window": t.window, "state": "finished"} for t in tasks],
        "pairing": plain(pairing_gain(whole, base, others).to_dict("records")),
        "verdicts": [{**vars(verdict), "words": _words(verdict.words)} for verdict in said],
        "background": plain(background(design)),
        "assumptions": plain(span.record(table, titles, catalogue)) if span is not None else None,
        "caveats": [
            _words(words) for words in (*uneven(design.scenarios), *caveats(bool(costs), titles.get(FULL_SERVICE), span is not None))
        ],
    }
    study = result.write(folder, record, table, metrics)
    return result.Study(study.folder, study.record, reused)


def metrics_of(tasks: Sequence[Task]) -> pd.DataFrame:
    """Return the metrics of all runs, one after another, with scenario, seed and window in front."""
    import pandas as pd

    frames = []
    for task in tasks:
        frame = pd.read_parquet(task.folder / "metrics.parquet")
        frame.insert(0, "scenario", task.scenario.name)
        frame.insert(1, "seed", task.seed)
        frame.insert(2, "window", task.window)
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True)
    whole[["group", "value_of_group"]] = whole[["group", "value_of_group"]].fillna("")
    return whole


def catalogue_of(metrics: pd.DataFrame) -> dict[str, MetricText]:
    """Return title, unit and better side of the metrics in a table."""
    from sim.metrics.catalogue import BY_NAME, PAIRS

    found = {}
    for name in (*metrics["metric"].unique(), *(metric.name for metric in PAIRS)):
        line = BY_NAME[name]
        found[name] = MetricText(Words(line.zh, line.en), line.unit, cast(Better, line.better))
    return found


def command_of(design: Design, seed: int) -> str:
    """Return the command that repeats a study, "" where its scenarios are no files or were not all changed alike."""
    files = [design.file] if design.file else [scenario.file for scenario in design.scenarios]
    asked = {scenario.settings for scenario in design.scenarios}
    if not all(files) or len(asked) > 1:
        return ""
    options = [f"--replications {design.replications}", f"--seed {seed}", f"--windows {','.join(design.windows)}"]
    options += [f"--set {shlex.quote(setting)}" for setting in asked.pop()]
    if design.file and design.assumptions is None and load_study(design.file).assumptions is not None:
        options.append("--no-ranges")
    names = [named(file) for file in files if file]
    return " ".join(["guantong compare", *(shlex.quote(name) if " " in name else name for name in names), *options])


def _question(design: Design) -> Words:
    return design.question.words if not isinstance(design.question, str) else Words(design.question, design.question)


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def plain(value: Any) -> Any:
    """Return data as JSON holds it: dates as text, what is not a number as null."""
    return json.loads(json.dumps(value, default=str), parse_constant=lambda _: None)
