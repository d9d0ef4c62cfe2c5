"""The pool: same results in any number of processes, clear failures, nothing left behind."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import batch_work
import pytest

from sim.batch import BatchError, Done, Pool, Waiting, _portable, execute
from sim.errors import ScenarioError
from sim.text import Words


def finished(done: list[Done[int]]) -> dict[int, int]:
    return {d.index: d.value for d in done}


def test_what_was_defined_in_a_script_is_said_in_both_languages() -> None:
    error = _portable(AttributeError("Can't get attribute 'Lever' on <module '__main__' (built-in)>"))
    assert isinstance(error, BatchError)
    assert "script or notebook" in error.text("en")
    assert "脚本或笔记本" in error.text("zh")


def test_one_process_and_two_give_the_same() -> None:
    tasks = list(range(9))
    assert finished(list(execute(batch_work.double, tasks, 1))) == finished(list(execute(batch_work.double, tasks, 2)))


def test_one_worker_runs_in_this_process() -> None:
    assert {d.value for d in execute(batch_work.process, [1, 2], 1)} == {os.getpid()}


def test_a_pool_is_kept_for_all_tasks() -> None:
    assert len({d.value for d in execute(batch_work.process, list(range(12)), 2)}) <= 2


def test_workers_use_one_thread_and_the_environment_is_left_as_it_was() -> None:
    before = dict(os.environ)
    assert {d.value[0] for d in execute(batch_work.threads, [1, 2, 3], 2)} == {"1"}
    assert dict(os.environ) == before


def test_no_task_needs_no_process() -> None:
    assert list(execute(batch_work.double, [], 4)) == []


def test_a_dead_worker_is_named_and_what_finished_is_kept() -> None:
    done: list[Done[int]] = []
    batch = execute(batch_work.die_at_three, list(range(8)), 2, name=lambda n: f"run {n}")
    with pytest.raises(BatchError, match=r"run 3: its process ended by itself \(exit code 7\)"):
        done.extend(one for one in batch)
    assert {0, 1, 2} <= set(finished(done))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_names_its_task_and_its_reason(workers: int) -> None:
    with pytest.raises(BatchError, match="run 3: ZeroDivisionError: by design"):
        list(execute(batch_work.fail_at_three, list(range(5)), workers, name=lambda n: f"run {n}"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_is_told_in_both_languages(workers: int) -> None:
    with pytest.raises(BatchError) as caught:
        list(execute(batch_work.fill_at_three, [2, 3], workers, name=lambda n: Words(f"第 {n} 次", f"run {n}")))
    assert caught.value.text("en") == "run 3: a.parquet cannot be read or written: the disk is full"
    assert caught.value.text("zh") == "第 3 次：a.parquet 无法读写：磁盘已满"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_the_input_stays_one(workers: int) -> None:
    with pytest.raises(ScenarioError) as caught:
        list(execute(batch_work.refuse_at_three, list(range(5)), workers))
    assert caught.value.faults[0].what_zh == "错"


def test_a_process_stays_with_a_kind_of_task_while_others_have_their_own() -> None:
    tasks = [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]
    done = list(execute(batch_work.process, tasks, 2, kind=lambda number: number))
    by_process: dict[int, set[int]] = {}
    for one in done:
        by_process.setdefault(one.value, set()).add(tasks[one.index])
    assert len(done) == len(tasks)
    assert sum(len(kinds) for kinds in by_process.values()) <= 4


def test_waiting_tasks_are_taken_kind_by_kind() -> None:
    waiting = Waiting(["a", "b", "b", "a", "b"])
    taken = []
    kind: object = None
    while (one := waiting.take(kind, ["b"])) is not None:
        taken.append(one[0])
        kind = one[1]
    assert taken == [0, 3, 1, 2, 4]


def test_a_kind_listed_first_begins_first_and_the_largest_is_shared() -> None:
    waiting = Waiting(["alone", "a", "a", "b", "b", "b"])
    assert waiting.take(None, []) == (0, "alone")
    assert waiting.take(None, ["alone"]) == (1, "a")
    assert waiting.take("alone", ["a"]) == (3, "b")
    assert waiting.take("c", ["a", "b"]) == (4, "b")


def test_an_abandoned_batch_leaves_no_process() -> None:
    before = set(multiprocessing.active_children())
    batch = execute(batch_work.double, list(range(50)), 2)
    next(batch)
    assert set(multiprocessing.active_children()) - before
    batch.close()
    assert not set(multiprocessing.active_children()) - before


def test_processes_are_kept_from_one_list_of_tasks_to_the_next_and_end_with_the_pool() -> None:
    before = set(multiprocessing.active_children())
    with contextlib.closing(Pool(2)) as pool:
        first = {d.value for d in pool.execute(batch_work.process, list(range(8)))}
        second = {d.value for d in pool.execute(batch_work.process, [1])}
        assert second <= first
        assert os.getpid() not in first
    assert not set(multiprocessing.active_children()) - before


def test_a_pool_of_one_works_in_this_process() -> None:
    with contextlib.closing(Pool(1)) as pool:
        assert {d.value for _ in range(2) for d in pool.execute(batch_work.process, [1, 2])} == {os.getpid()}


def test_a_pool_that_met_a_failure_begins_anew_with_other_processes() -> None:
    with contextlib.closing(Pool(2)) as pool:
        with pytest.raises(BatchError):
            list(pool.execute(batch_work.fail_at_three, list(range(5))))
        assert {d.value for d in pool.execute(batch_work.double, [1, 2])} == {2, 4}


@pytest.mark.parametrize("workers", [1, 2])
def test_tasks_that_are_added_meanwhile_are_done_too(workers: int) -> None:
    with contextlib.closing(Pool(workers)) as pool:
        tasks, values = [1, 2], []
        for done in pool.execute(batch_work.double, tasks):
            values.append(done.value)
            if len(tasks) < 6:
                tasks += [10 * len(tasks), 10 * len(tasks) + 1]
    assert sorted(values) == [2, 4, 40, 42, 80, 82]


def test_a_single_task_that_more_are_added_to_is_not_left_alone() -> None:
    with contextlib.closing(Pool(2)) as pool:
        tasks, processes = [1], []
        for done in pool.execute(batch_work.process, tasks):
            processes.append(done.value)
            tasks += range(8) if len(tasks) == 1 else ()
    assert len(processes) == 9
    assert set(processes[1:]) - {os.getpid()}


SCRIPT = """
import sys
sys.path[:0] = [{root!r}, {here!r}]
from sim.batch import execute
import batch_work
print(sorted(d.value for d in execute(batch_work.double, [1, 2, 3], 2)))
heavy = [m for m in ("numpy", "mesa", "simpy", "scipy", "pandas") if m in sys.modules]
print(heavy)
"""


@pytest.mark.parametrize("how", ["file", "stdin"])
def test_a_script_without_a_main_guard_works(how: str, tmp_path: Path) -> None:
    here = Path(__file__).parent
    text = SCRIPT.format(root=str(here.parents[1]), here=str(here))
    script = tmp_path / "script.py"
    script.write_text(text)
    command, given = ([sys.executable, str(script)], None) if how == "file" else ([sys.executable, "-"], text)
    out = subprocess.run(command, input=given, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert out.stdout.splitlines() == ["[2, 4, 6]", "[]"], out.stderr


def test_processes_that_were_started_ahead_have_imported_what_they_are_to_be_ready_for() -> None:
    with contextlib.closing(Pool(3, ready="sim.study.pairs")) as pool:
        pool.start(2)
        assert len(pool._workers) == 2
        first = [worker.process.pid for worker in pool._workers]
        found = {done.value for done in pool.execute(batch_work.has_imported, ["sim.study.pairs", "sim.study.lasting"])}
        assert [worker.process.pid for worker in pool._workers] == first
    assert found == {"sim.study.pairs: True", "sim.study.lasting: False"}


def test_one_process_is_this_one_and_nothing_is_started() -> None:
    with contextlib.closing(Pool(1, ready="sim.study.pairs")) as pool:
        pool.start(2)
        assert pool._workers == []


def test_what_cannot_be_imported_is_told_as_a_task_s_reason() -> None:
    told = r"run [12]: ModuleNotFoundError: No module named 'no_such_module_anywhere'"
    with contextlib.closing(Pool(2, ready="no_such_module_anywhere")) as pool, pytest.raises(BatchError, match=told):
        list(pool.execute(batch_work.double, [1, 2], name=lambda n: f"run {n}"))


def test_a_killed_process_makes_one_ask_for_memory() -> None:
    with pytest.raises(BatchError, match=r"was killed \(exit code -9\); is there enough memory"):
        list(execute(batch_work.kill_at_three, [3, 4], 2))


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="asks Linux what a process ignores")
def test_a_process_that_still_starts_leaves_ctrl_c_to_its_parent() -> None:
    before = signal.getsignal(signal.SIGINT)
    pool = Pool(2)
    pool.start(2)
    status = Path(f"/proc/{pool._workers[0].process.pid}/status").read_text().splitlines()
    ignored = int(next(line for line in status if line.startswith("SigIgn")).split()[1], 16)
    pool.close()
    assert ignored >> (signal.SIGINT - 1) & 1
    assert signal.getsignal(signal.SIGINT) is before
