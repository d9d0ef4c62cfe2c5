"""The pool: a killed worker is replaced, a cancelled task ends, two comparisons share the cores."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.errors import SimError
from sim.study.task import Task, read_manifest
from sim.web.pool import Cancelled, Pool, Ticket, WorkerLost
from sim.web.work import WorkError
from tests.web.conftest import small

WAIT = 120


class Watched:
    """A job that remembers what it was told."""

    def __init__(self) -> None:
        self.days: queue.Queue[tuple[int, int]] = queue.Queue()
        self.ends: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue()

    def ticket(self, task: Any) -> Ticket:
        return Ticket(self, task, lambda done, total: self.days.put((done, total)), lambda value, error: self.ends.put((value, error)))


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(1, warm=False)
    yield made
    made.close()


def task(folder: Path, days: int = 2, seed: int = 1) -> Task:
    return Task(small(days), seed, "settled", folder)


def test_a_task_leaves_its_run_and_tells_its_days(pool: Pool, tmp_path: Path) -> None:
    job = Watched()
    pool.submit(job.ticket(task(tmp_path / "run")))
    seconds, error = job.ends.get(timeout=WAIT)
    assert error is None
    assert seconds > 0
    assert read_manifest(tmp_path / "run") is not None
    first, total = job.days.get_nowait()
    assert (first, total > 4) == (1, True)


def test_a_killed_worker_is_replaced_and_its_task_done_all_the_same(pool: Pool, tmp_path: Path) -> None:
    job = Watched()
    pool.submit(job.ticket(task(tmp_path / "run", days=20)))
    job.days.get(timeout=WAIT)
    killed = pool.processes[0]
    assert killed is not None
    killed.kill()
    value, error = job.ends.get(timeout=WAIT)
    assert error is None
    assert value > 0
    assert pool.processes[0] is not killed
    assert read_manifest(tmp_path / "run") is not None
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


def test_a_worker_that_dies_twice_is_an_error_and_the_next_task_is_done(pool: Pool, tmp_path: Path) -> None:
    job = Watched()
    ticket = job.ticket(task(tmp_path / "run", days=20))
    ticket.tries = 1
    pool.submit(ticket)
    job.days.get(timeout=WAIT)
    assert pool.processes[0] is not None
    pool.processes[0].kill()
    assert isinstance(job.ends.get(timeout=WAIT)[1], WorkerLost)
    pool.submit(job.ticket(task(tmp_path / "next")))
    assert job.ends.get(timeout=WAIT)[1] is None


def test_a_cancelled_task_ends_and_leaves_nothing_half_done(pool: Pool, tmp_path: Path) -> None:
    job, other = Watched(), Watched()
    pool.submit(job.ticket(task(tmp_path / "run", days=60)))
    pool.submit(job.ticket(task(tmp_path / "waits")))
    pool.submit(other.ticket(task(tmp_path / "other")))
    job.days.get(timeout=WAIT)
    pool.cancel(job)
    assert [type(job.ends.get(timeout=WAIT)[1]) for _ in range(2)] == [Cancelled, Cancelled]
    assert other.ends.get(timeout=WAIT)[1] is None
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")} == {"other"}


def test_of_two_tasks_for_one_folder_the_second_waits_and_takes_what_the_first_left(tmp_path: Path) -> None:
    pool = Pool(0, warm=False)
    first, second, other = (Watched().ticket(task(tmp_path / name)) for name in ("run", "run", "other"))
    for ticket in (first, second, other):
        pool.submit(ticket)
    assert [pool._next(), pool._next()] == [first, other]
    assert pool._free() == []
    pool._running.remove(first)
    assert pool._next() is second


def test_a_run_that_is_there_is_not_made_again_by_a_worker(pool: Pool, tmp_path: Path) -> None:
    job = Watched()
    for _ in range(2):
        pool.submit(job.ticket(task(tmp_path / "run")))
    assert job.ends.get(timeout=WAIT)[1] is None
    made = read_manifest(tmp_path / "run")
    assert made is not None
    assert job.ends.get(timeout=WAIT) == (made["wall_seconds"], None)


def test_what_goes_wrong_in_a_task_comes_back_as_its_error(pool: Pool, tmp_path: Path) -> None:
    job = Watched()
    (tmp_path / "file").write_text("")
    pool.submit(job.ticket(task(tmp_path / "file" / "run")))
    error = job.ends.get(timeout=WAIT)[1]
    assert isinstance(error, SimError)
    assert isinstance(error, WorkError)


def test_the_job_with_less_under_way_goes_first(tmp_path: Path) -> None:
    pool = Pool(0, warm=False)
    big, little = Watched(), Watched()
    tickets = [big.ticket(task(tmp_path / f"big{n}", seed=n)) for n in range(3)] + [little.ticket(task(tmp_path / "little"))]
    for ticket in tickets:
        pool.submit(ticket)
    first, *later = (pool._next() for _ in tickets)
    assert first is tickets[0]
    assert later == [tickets[3], tickets[1], tickets[2]]
