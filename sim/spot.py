"""Where results may be written: never over somebody's own files, never by two at a time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import ResultsError
from sim.schema.tables import TABLES
from sim.text import in_both

OWN = {"manifest.json", "scenario.yaml", "export", "animation", "report", *(f"{name}.parquet" for name in TABLES)}
"""What a run's folder holds, and what commands put into it."""
LEFT_BY_OTHERS = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers put into every folder that is looked at."""
LOCK = ".busy"


def refuse_foreign(folder: Path) -> None:
    """Raise ResultsError where a run's folder would take the place of files that are not a run's: they would be lost.

    Beside a manifest every table is the run's, also one that this version of the program does not write.
    """
    if folder.is_dir():
        of_a_run = (folder / "manifest.json").is_file()
        names = {path.name for path in folder.iterdir() if not (of_a_run and path.suffix == ".parquet")}
        if foreign := sorted(names - OWN - LEFT_BY_OTHERS):
            raise ResultsError(*in_both("results_fault.foreign", folder=folder, names=", ".join(foreign[:5])))
    elif folder.exists() or folder.is_symlink():
        raise ResultsError(*in_both("results_fault.no_place", folder=folder))


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a study's folder while it is written; raise ResultsError where another process does. A process that dies lets go of it."""
    if folder.exists() and not folder.is_dir():
        raise ResultsError(*in_both("results_fault.no_place", folder=folder))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    handle = _open(path)
    try:
        while True:
            if not _locked(handle):
                raise ResultsError(*in_both("results_fault.busy", folder=folder))
            if _is(handle, path):
                break
            os.close(handle)
            handle = _open(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


def _is(handle: int, path: Path) -> bool:
    """Say whether the open file is the one of that name: who held it before us has taken it away, and others may hold its successor."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _locked(handle: int) -> bool:
    """Say whether the lock is ours now; systems without such locks go without."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
