"""What several processes of tests need alike is made by the first of them that asks for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:  # a system without such locks: each process makes its own
    fcntl = None  # type: ignore[assignment]


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that ``make`` fills, for all processes of these tests; it is there whole or not at all. Nobody writes into it."""
    own = factory.getbasetemp()
    folder = (own.parent if fcntl and "PYTEST_XDIST_WORKER" in os.environ else own) / name
    with _alone(folder.with_suffix(".lock")):
        if not folder.exists():
            made = factory.mktemp(name) / name
            make(made)
            made.rename(folder)
    return folder


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
