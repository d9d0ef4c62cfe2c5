"""Runs of a study that are told of together: which were done before, how far the others are, how long they take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sim.study.estimate import rough_seconds
from sim.study.task import Task, done_before


@dataclass(frozen=True)
class Progress:
    """How far a study is: ``done`` of ``total`` runs, ``reused`` of them from before; ``seconds_left`` None while unknown.

    ``rough`` is what all that is to be done may take, judged before any of it was measured, None where that is not judged.
    ``assumed`` of the runs are over the assumptions. ``asked_only``: nothing is run, settled states are asked what they bring.
    """

    total: int
    reused: int
    done: int
    workers: int
    seconds_left: float | None
    task: str = ""
    assumed: int = 0
    asked_only: bool = False
    rough: float | None = None


Tell = Callable[[Progress], None]


class Stage:
    """``todo`` of ``tasks`` were not done before; nothing is told until the stage begins, some of them may be done by then."""

    def __init__(self, tasks: Iterable[Task], processes: int, tell: Tell) -> None:
        self.tasks: list[Task] = []
        self.todo: list[Task] = []
        self._known: list[float] = []
        self._took: list[float] = []
        self._processes, self._tell, self._begun = processes, tell, False
        self.add(tasks)

    def add(self, tasks: Iterable[Task]) -> list[Task]:
        """Take in more tasks; return those that were not done before."""
        more, todo = list(tasks), list[Task]()
        for task in more:
            seconds = done_before(task)
            if seconds is None:
                todo.append(task)
            else:
                self._known.append(seconds)
        self.tasks += more
        self.todo += todo
        return todo

    @property
    def reused(self) -> int:
        return len(self._known)

    @property
    def over(self) -> bool:
        """Say whether all is done."""
        return len(self._took) == len(self.todo)

    def begin(self, later: Sequence[Task] = ()) -> None:
        """Tell how many there are and about how long they take; ``later`` is to be done after them."""
        self._begun = True
        left = seconds_left(self._took or self._known, len(self.todo) - len(self._took), self._workers)
        todo = [*self.todo, *later]
        judged = todo and (later or left is None)
        self._news(left, rough=rough_seconds(todo, min(self._processes, len(todo))) if judged else None)

    def done(self, task: Task, seconds: float) -> None:
        """Note that a task is done."""
        self._took.append(seconds)
        if self._begun:
            self._news(seconds_left(self._took, len(self.todo) - len(self._took), self._workers), str(task))

    @property
    def _workers(self) -> int:
        return min(self._processes, max(len(self.todo), 1))

    def _news(self, left: float | None, task: str = "", rough: float | None = None) -> None:
        assumed, asked_only = sum(bool(task.point) for task in self.tasks), all(task.planned for task in self.tasks)
        done = self.reused + len(self._took)
        self._tell(Progress(len(self.tasks), self.reused, done, self._workers, left, task, assumed, asked_only, rough))


def seconds_left(took: Sequence[float], runs: int, workers: int) -> float | None:
    """Return about how many seconds ``runs`` more take, judged by the middle one of those that are done (first ones also compile)."""
    if runs == 0:
        return 0.0
    return median(took) * runs / workers if took else None
