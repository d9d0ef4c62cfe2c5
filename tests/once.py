"""What several processes of tests need alike is made by the first of them that asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:  # no such locks on this system: each process makes its own
    fcntl = None  # type: ignore[assignment]


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that ``make`` fills, for all processes of these tests; it is there whole or not at all. Nobody writes into it."""
    own = factory.getbasetemp()
    if fcntl is None or "PYTEST_XDIST_WORKER" not in os.environ:
        folder = own / name
        if not folder.exists():
            make(folder)
        return folder
    folder = own.parent / name
    with (own.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = own / name
            make(made)
            made.rename(folder)
    return folder
