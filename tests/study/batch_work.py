"""Tasks for the pool: small, and importable by name."""

from __future__ import annotations

import errno
import os
import signal
import sys

from sim.errors import Fault, ScenarioError


def double(number: int) -> int:
    return 2 * number


def threads(_: int) -> tuple[str | None, bool]:
    return os.environ.get("OPENBLAS_NUM_THREADS"), "numpy" in sys.modules


def process(_: int) -> int:
    return os.getpid()


def die_at_three(number: int) -> int:
    if number == 3:
        os._exit(7)
    return number


def kill_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ZeroDivisionError("by design")
    return number


def refuse_at_three(number: int) -> int:
    if number == 3:
        raise ScenarioError([Fault("a.yaml:1", "wrong", "allowed", "错", "允许")])
    return number


def has_imported(module: str) -> str:
    """Say whether this process knows a module."""
    return f"{module}: {module in sys.modules}"


def fill_at_three(number: int) -> int:
    if number == 3:
        raise OSError(errno.ENOSPC, "No space left on device", "a.parquet")
    return number
