"""Worker processes that start with the server and stay: each keeps the counties and plans that it has met.

A task is given by a job; waiting tasks of the job with the fewest under way go first, so that two browsers share the cores. A worker
that dies is replaced and its task is tried once more. A cancelled task ends at the next simulated day. Of the tasks that write the same
folder one is under way at a time: a task that was cancelled and its like in the next comparison would write over each other.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from sim.batch import workers_environment
from sim.errors import SimError
from sim.web.pace import Pace
from sim.web.work import serve

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

PATIENCE_S = 5.0
"""A cancelled worker that has not said so after this long is ended."""
TRIES = 2


class Cancelled(Exception):
    """The task was cancelled before it was done."""


class WorkerLost(SimError):
    """The worker process died, and so did the one that tried again."""


@dataclass(eq=False)
class Ticket:
    """One task on its way: ``job`` is whose, ``tell`` hears (done, total) days, ``ended`` hears the value or the exception."""

    job: object
    task: Any
    tell: Callable[[int, int], None]
    ended: Callable[[Any, BaseException | None], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    tries: int = 0


class Pool:
    """``workers`` spawned processes, each driven by a thread."""

    def __init__(self, workers: int, warm: bool = True) -> None:
        self._warm = warm
        self._waiting: list[Ticket] = []
        self._running: list[Ticket] = []
        self._changed = threading.Condition()
        self._starting = threading.Lock()
        self._closed = False
        self.pace = Pace()
        self.processes: list[SpawnProcess | None] = [None] * workers
        self._threads = [threading.Thread(target=self._drive, args=(row,), daemon=True) for row in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, ticket: Ticket) -> Ticket:
        """Queue a task."""
        with self._changed:
            self._waiting.append(ticket)
            self._changed.notify()
        return ticket

    def cancel(self, job: object) -> None:
        """Cancel every task of a job; those that wait end at once."""
        with self._changed:
            gone = [ticket for ticket in self._waiting if ticket.job is job]
            self._waiting = [ticket for ticket in self._waiting if ticket.job is not job]
            for ticket in self._running:
                if ticket.job is job:
                    ticket.cancelled.set()
        for ticket in gone:
            _end_of(ticket, None, Cancelled())

    def close(self) -> None:
        """End all processes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for process in self.processes:
            if process is not None:
                process.terminate()

    def _next(self) -> Ticket | None:
        with self._changed:
            while not self._closed and not (free := self._free()):
                self._changed.wait()
            if self._closed:
                return None
            load = {id(t.job): sum(r.job is t.job for r in self._running) for t in free}
            ticket = min(free, key=lambda t: load[id(t.job)])
            self._waiting.remove(ticket)
            self._running.append(ticket)
            return ticket

    def _free(self) -> list[Ticket]:
        """Return what waits and whose folder nobody is writing."""
        written = {ticket.task.folder for ticket in self._running}
        return [ticket for ticket in self._waiting if ticket.task.folder not in written]

    def _drive(self, row: int) -> None:
        link = self._start(row)
        while (ticket := self._next()) is not None:
            ticket.tries += 1
            value: Any = None
            error: BaseException | None = None
            try:
                value = _run(link, ticket)
            except (EOFError, OSError):
                self._end(row)
                if self._closed:
                    return
                link = self._start(row)
                if ticket.cancelled.is_set():
                    error = Cancelled()
                elif ticket.tries < TRIES:
                    with self._changed:
                        self._running.remove(ticket)
                        self._waiting.insert(0, ticket)
                        self._changed.notify_all()
                    continue
                else:
                    error = WorkerLost("the worker process ended twice")
            except Exception as raised:
                error = raised
            with self._changed:
                self._running.remove(ticket)
                self._changed.notify_all()
            _end_of(ticket, value, error)

    def _start(self, row: int) -> Connection:
        """Start a process and wait until it is ready; one that dies before is found out by the first task it is given."""
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(there, self._warm), daemon=True)
        with self._starting, workers_environment():
            process.start()
        there.close()
        self.processes[row] = process
        with suppress(EOFError, OSError):
            _, measured = here.recv()
            if measured is not None:
                self.pace.learn(*measured)
        return here

    def _end(self, row: int) -> None:
        process = self.processes[row]
        if process is not None:
            process.kill()
            process.join()


def _end_of(ticket: Ticket, value: Any, error: BaseException | None) -> None:
    """Tell a job how its task ended; what goes wrong there is the job's, the worker goes on."""
    try:
        ticket.ended(value, error)
    except Exception as raised:
        if error is not None:
            raise
        ticket.ended(None, raised)


def _run(link: Connection, ticket: Ticket) -> Any:
    """Have a worker do a task; return its value or raise its error."""
    link.send(("run", ticket.task))
    asked = 0.0
    while True:
        if not link.poll(0.1):
            if asked and (asked := asked + 0.1) > PATIENCE_S:
                raise EOFError
        else:
            said, value = link.recv()
            if said == "day":
                with suppress(Exception):
                    ticket.tell(*value)
            elif said == "done":
                return value
            elif said == "cancelled":
                raise Cancelled
            else:
                raise value
        if ticket.cancelled.is_set() and not asked:
            asked = 0.1
            link.send(("cancel", None))
