"""Run many tasks on a small pool of spawned processes, kept for all of a study's runs.

Works under the spawn start method, in a notebook and in a script without a main guard: while a process starts, ``__main__`` is an
empty module, so that nobody's script is run again. The parent needs none of the model's libraries.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Collection, Generator, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import ModuleType
from typing import Any, Generic, TypeVar

from sim import allocator
from sim.errors import MessageError, SimError
from sim.refused import said
from sim.text import Words, say

T = TypeVar("T")
R = TypeVar("R")

LIBRARIES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
WORKER = dict.fromkeys(LIBRARIES, "1") | dict.fromkeys(allocator.VARIABLES, str(allocator.MOST))
"""What a worker's libraries read when they are first loaded: one thread each, the processes fill the cores; and (glibc) memory that a
day gave back is kept for the next day, which otherwise asks the system for 35,000 pages a run anew."""


class BatchError(MessageError):
    """A task failed in a way that is not the input's fault; what had finished is kept."""


@dataclass(frozen=True)
class Done(Generic[R]):
    """A task that finished: its place in the list of tasks, and what it gave."""

    index: int
    value: R


def execute(
    work: Callable[[T], R],
    tasks: Sequence[T],
    workers: int | None = None,
    name: Callable[[T], str | Words] = str,
    kind: Callable[[T], Hashable] | None = None,
) -> Generator[Done[R]]:
    """Yield what ``work`` gives for each task, in the order of finishing.

    ``work`` lives in a module that can be imported. ``workers`` is by default the number of cores; with 1 all runs in this
    process. Tasks of one ``kind`` go to one process as far as all stay busy, so that what it prepared for the first serves the others.
    After a failure no task is begun, those under way are finished and yielded, then the failure is raised: the
    task's own error where it is a ``SimError``, else a ``BatchError``. An abandoned or interrupted iterator ends its processes.
    """
    with contextlib.closing(Pool(workers)) as pool:
        yield from pool.execute(work, tasks, name, kind)


class Pool:
    """Processes that are kept from one list of tasks to the next, with what they have in memory; ``close`` ends them.

    ``size`` is by default the number of cores. They start when they are first needed, no more than there are tasks, or ahead by
    ``start``. Each imports the module ``ready`` before it waits for its first task.
    """

    def __init__(self, size: int | None = None, ready: str = "") -> None:
        self.size = size or os.cpu_count() or 1
        self.ready = ready
        self._workers: list[_Worker] = []

    def start(self, most: int) -> None:
        """Start up to so many processes now; with one only, work is done in this process."""
        if self.size > 1:
            self._start(min(self.size, most))

    def execute(
        self,
        work: Callable[[T], R],
        tasks: Sequence[T],
        name: Callable[[T], str | Words] = str,
        kind: Callable[[T], Hashable] | None = None,
    ) -> Generator[Done[R]]:
        """Yield what ``work`` gives for each task (see ``execute``).

        ``tasks`` may be a list to which more are added while what is done is taken from here: they are done too.
        """
        waiting, own = Waiting(), None
        try:
            while waiting.look(tasks, kind):
                if self._workers or min(self.size, waiting.left) > 1:
                    yield from self._side_by_side(work, tasks, waiting, name, kind)
                elif taken := waiting.take(own, ()):
                    index, own = taken
                    yield Done(index, _here(work, tasks[index], name))
        except BaseException:
            self.close()
            raise

    def _side_by_side(
        self,
        work: Callable[[T], R],
        tasks: Sequence[T],
        waiting: Waiting,
        name: Callable[[T], str | Words],
        kind: Callable[[T], Hashable] | None,
    ) -> Generator[Done[R]]:
        failure: Exception | None = None

        def give(worker: _Worker) -> None:
            others = [other.kind for other in self._workers if other is not worker and other.index is not None]
            if failure is None and (taken := waiting.take(worker.kind, others)) is not None:
                worker.give(*taken, work, tasks[taken[0]])

        while True:
            waiting.look(tasks, kind)
            busy = sum(worker.index is not None for worker in self._workers)
            self._start(min(self.size, busy + waiting.left))
            for worker in self._workers:
                if worker.index is None:
                    give(worker)
            under_way = [worker for worker in self._workers if worker.index is not None]
            if not under_way:
                break
            for worker in _answered(under_way):
                index = worker.index
                assert index is not None
                good, value = worker.take()
                if good:
                    give(worker)
                    yield Done(index, value)
                else:
                    failure = failure or _told(value, name(tasks[index]))
        if failure is not None:
            raise failure

    def _start(self, wanted: int) -> None:
        if len(self._workers) >= wanted:
            return
        with workers_environment(), _deaf():
            for _ in range(len(self._workers), wanted):
                worker = _Worker(self.ready)
                self._workers.append(worker)
                worker.start()

    def close(self) -> None:
        """End the processes, whatever they do."""
        for worker in self._workers:
            worker.stop()
        self._workers = []


class Waiting:
    """The tasks that wait, by kind; ``left`` is how many."""

    def __init__(self, kinds: Iterable[Hashable] = ()) -> None:
        self._of: dict[Hashable, deque[int]] = {}
        self._known = self.left = 0
        for kind in kinds:
            self._add(kind)

    def _add(self, kind: Hashable) -> None:
        self._of.setdefault(kind, deque()).append(self._known)
        self._known += 1
        self.left += 1

    def look(self, tasks: Sequence[T], kind: Callable[[T], Hashable] | None) -> bool:
        """Take up the tasks that were added; say whether any waits."""
        for task in tasks[self._known :]:
            self._add(kind(task) if kind else None)
        return self.left > 0

    def take(self, own: Hashable, others: Collection[Hashable]) -> tuple[int, Hashable] | None:
        """Take the next task: of the ``own`` kind, else of the first kind that no other works on, else of the largest."""
        left = [kind for kind, indices in self._of.items() if indices]
        if not left:
            return None
        largest = max(left, key=lambda k: len(self._of[k]))
        kind = own if own in left else next((kind for kind in left if kind not in others), largest)
        self.left -= 1
        return self._of[kind].popleft(), kind


def _here(work: Callable[[T], R], task: T, name: Callable[[T], str | Words]) -> R:
    try:
        return work(task)
    except Exception as error:
        raise _told(error, name(task)) from error


def _answered(busy: list[_Worker]) -> list[_Worker]:
    ready = set(wait([worker.link for worker in busy]))
    return [worker for worker in busy if worker.link in ready]


class _Worker:
    """One spawned process and the pipe to it; ``index`` is the task it works on (None while idle), ``kind`` that of its last one."""

    def __init__(self, ready: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.link: Connection
        self.link, self._far = context.Pipe()
        self.process: SpawnProcess = context.Process(target=serve, args=(self._far, ready), daemon=True)
        self.index: int | None = None
        self.kind: Hashable = None

    def start(self) -> None:
        """Start the process; its end of the pipe belongs to it alone, so that its death is seen as an end of file."""
        self.process.start()
        self._far.close()

    def give(self, index: int, kind: Hashable, work: Callable[[Any], Any], task: Any) -> None:
        """Send a task."""
        self.index, self.kind = index, kind
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.link.send_bytes(pickle.dumps((work, task)))

    def take(self) -> tuple[bool, Any]:
        """Return whether the task went well and what it gave; a process that died gives a ``BatchError``."""
        self.index = None
        try:
            answer: tuple[bool, Any] = self.link.recv()
        except (EOFError, ConnectionResetError):
            self.process.join(10)
            return False, _error(_ended(self.process.exitcode))
        return answer

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.link.close()
        if self.process.pid is not None:
            self.process.terminate()
            self.process.join(10)
            if self.process.is_alive():
                self.process.kill()


def serve(link: Connection, ready: str = "") -> None:
    """Import the module ``ready``, then work on what comes through the pipe until it ends; Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    broken = _import_error(ready) if ready else None
    while True:
        try:
            message = link.recv_bytes()
        except (EOFError, OSError):
            return
        try:
            work, task = pickle.loads(message)
            answer = pickle.dumps((False, broken) if broken else (True, work(task)))
        except Exception as error:
            answer = pickle.dumps((False, _portable(error)))
        try:
            link.send_bytes(answer)
        except OSError:
            return


def _import_error(module: str) -> Exception | None:
    """Import a module; return what is wrong where it cannot be: every task is then answered with it."""
    try:
        importlib.import_module(module)
    except Exception as error:
        return _portable(error)
    return None


def _error(words: Words) -> BatchError:
    return BatchError(words.en, words.zh)


def _ended(code: int | None) -> Words:
    """Return what is known of a process that is gone; the system ends the largest where memory runs out."""
    if code == -9:
        return Words(
            f"进程被系统终止（退出码 {code}），内存是否不足？", f"its process was killed (exit code {code}); is there enough memory?"
        )
    return Words(f"进程自行结束（退出码 {code}）", f"its process ended by itself (exit code {code})")


def _portable(error: Exception) -> Exception:
    """Return an error that survives the pipe, with its traceback as a note."""
    if isinstance(error, SimError):
        return error
    if isinstance(error, AttributeError) and "__main__" in str(error):
        return _error(say("study.in_script"))
    told = _error(_reason(error))
    told.__notes__ = ["".join(traceback.format_exception(error)).rstrip()]
    return told


def _reason(error: Exception) -> Words:
    """Return what an error says: of the system's in words, of others the type and the first line; the rest stands in its notes."""
    if isinstance(error, BatchError):
        return Words(error.zh, error.message)
    if isinstance(error, OSError):
        return said(error)
    line = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}".removesuffix(": ")
    return Words(line, line)


def _told(error: Exception, task: str | Words) -> Exception:
    """Return an error that names its task; one about the input stays what it is."""
    if isinstance(error, SimError) and not isinstance(error, BatchError):
        return error
    reason, of = _reason(error), task if isinstance(task, Words) else Words(task, task)
    told = BatchError(f"{of.en}: {reason.en}", f"{of.zh}：{reason.zh}")
    told.__notes__ = list(getattr(error, "__notes__", ()))
    return told


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """While processes start, let them inherit that Ctrl-C is not theirs: one that comes while they import prints nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def workers_environment() -> Iterator[None]:
    """While processes start, set what their libraries read and hide the user's script from them."""
    before = {name: os.environ.get(name) for name in WORKER}
    script = sys.modules["__main__"]
    os.environ.update(WORKER)
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
