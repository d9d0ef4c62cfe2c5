"""What a worker of the page does: runs tasks, says how far it is, stops when told to."""

from __future__ import annotations

import signal
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sim.errors import SimError
from sim.study.task import Task, done_before, replicate

Tell = Callable[[int, int], None]
POLICY, POLICY_DAYS = "per-parcel-subsidy", 3
"""A scenario and its days by which a worker measures how fast it is."""


@dataclass(frozen=True)
class Conclude:
    """Write the results of a study all of whose runs are there: ``study`` is its file, ``folder`` its results."""

    study: Path
    folder: Path
    replications: int
    seed: int


class WorkError(SimError):
    """A task failed in a way that is not the input's fault."""


class _Stopped(Exception):
    """The task was cancelled."""


def serve(link: Connection, warm: bool) -> None:
    """Say when ready, then do tasks until the other end closes; ``warm`` has all loaded and measured (judged, took) before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def tell(done: int, total: int) -> None:
        while link.poll():
            if link.recv()[0] == "cancel":
                raise _Stopped
        link.send(("day", (done, total)))

    try:
        link.send(("ready", _warm() if warm else None))
        while True:
            said, task = link.recv()
            if said == "run":
                link.send(_answer(task, tell))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _answer(task: Any, tell: Tell) -> tuple[str, Any]:
    try:
        if not isinstance(task, Task):
            return "done", conclude(task)
        # Another comparison may have left it while this one waited; maps that read it must not lose it.
        seconds = done_before(task)
        return "done", replicate(task, tell) if seconds is None else seconds
    except _Stopped:
        return "cancelled", None
    except SimError as error:
        return "failed", error
    except Exception as error:
        return "failed", WorkError("".join(traceback.format_exception(error)))


def conclude(task: Conclude) -> str:
    """Compare what the runs of a study say and write its results and its report; return the study's folder."""
    from sim.api import compare
    from sim.scenario.study import load_study

    study = compare(load_study(task.study), task.replications, 1, seed=task.seed, out=task.folder)
    return str(study.folder)


def _warm() -> tuple[float, float]:
    """Run the shipped county until everything is loaded, then a policy that is new to this process; return judged and measured seconds."""
    from sim.scenario.load import load
    from sim.study.estimate import parcels_a_day
    from sim.web.draft import BASE
    from sim.web.pace import rough_seconds

    with tempfile.TemporaryDirectory(prefix="guantong-") as folder:
        for name, days in ((BASE, 1), (POLICY, POLICY_DAYS)):
            scenario = load(name, ["warm_up_days=0", "parameters.counting.drain_days=1"], days)
            seconds = replicate(Task(scenario, 1, "settled", Path(folder) / name), lambda done, total: None)
        return rough_seconds(parcels_a_day(scenario) or 0.0, POLICY_DAYS + 1), seconds
