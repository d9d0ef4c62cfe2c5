"""Tell how a study goes on: how many runs and how long before it starts, then a bar on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from sim.cli.output import console, note, span
from sim.study.stage import Progress
from sim.text import Lang, t


@contextlib.contextmanager
def days_bar(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give what a run tells its days to: a bar on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    with RichProgress(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console(to_errors=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class Bar:
    """Called with each ``Progress``; use it as a context so that the bar is always closed."""

    def __init__(self, scenarios: int, seeds: int, lang: Lang, quiet: bool) -> None:
        self.scenarios, self.seeds, self.lang, self.quiet = scenarios, seeds, lang, quiet
        self._bar: Any = None
        self._task: Any = None
        self._told = self._begun = False

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, now: Progress) -> None:
        """Take the news."""
        if now.task == "":
            note(self._plan(now), self.quiet)
            self._begun = True
            self._told = now.seconds_left is not None and now.rough is None
            if sys.stderr.isatty() and not self.quiet and now.done < now.total:
                self._open(now)
            return
        if self._bar is not None:
            left = span(now.seconds_left, self.lang) if now.seconds_left else ""
            self._bar.update(self._task, completed=now.done, left=left)
        elif not self._told and now.seconds_left and now.done - now.reused > now.workers:
            note(
                t(
                    "cli.corrected_first" if now.asked_only else "cli.corrected",
                    self.lang,
                    done=now.done,
                    total=now.total,
                    time=span(now.seconds_left, self.lang),
                ),
                self.quiet,
            )
            self._told = True

    def _plan(self, now: Progress) -> str:
        workers = t("cli.process" if now.workers == 1 else "cli.processes", self.lang, n=now.workers)
        told = {"total": now.total, "scenarios": self.scenarios, "seeds": self.seeds, "workers": workers, "assumed": now.assumed}
        first = "plan_first" if now.asked_only else "plan_first_runs"
        key = "plan" if not now.assumed else first if now.assumed == now.total else "plan_ends"
        text = t(f"cli.{key}", self.lang, **told)
        if now.reused:
            text += t("cli.reused", self.lang, reused=now.reused)
        if now.reused == now.total:
            return text + t("cli.nothing", self.lang)
        if now.rough is not None:
            return text + t("cli.rough_on" if self._begun else "cli.rough", self.lang, time=span(now.rough, self.lang))
        if now.seconds_left is not None:
            return text + t("cli.about", self.lang, time=span(now.seconds_left, self.lang))
        return text

    def _open(self, now: Progress) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
        self._bar = RichProgress(*columns, console=console(to_errors=True))
        self._task = self._bar.add_task("", total=now.total, completed=now.done, left="")
        self._bar.start()
