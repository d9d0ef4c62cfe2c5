"""Where compiled kernels are kept: the compiler takes a place beside the modules or the user's folder, and does not work without one."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

NAME = "NUMBA_CACHE_DIR"
"""Where the compiler looks first; who sets it decides."""


def keep_kernels(package: Path, temporary: Path | None = None) -> None:
    """Let kernels be kept in the machine's temporary folder (or ``temporary``) where there is no other place for them.

    That is where somebody else installed the program and the user's folder cannot be written. Processes that are started know it by
    the environment.
    """
    if NAME in os.environ or os.access(package, os.W_OK) or (_has_home() and _writable(users_cache())):
        return
    folder = _own_folder(temporary)
    if folder.is_dir():
        os.environ[NAME] = str(folder)


def home() -> Path:
    """Return the user's folder; where there is none, this user's in the machine's temporary one."""
    return Path.home() if _has_home() else _own_folder()


def users_cache() -> Path:
    """Return where this user's programs keep what can be made again."""
    given = os.environ.get("XDG_CACHE_HOME")
    return Path(given) if given else home() / ".cache"


def _has_home() -> bool:
    try:
        Path.home()
    except RuntimeError:
        return False
    return True


def _writable(folder: Path) -> bool:
    """Return whether a folder can be written, or made below the nearest one that there is."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


@cache
def _own_folder(temporary: Path | None = None) -> Path:
    """Return this user's folder, for this process only where somebody else may write what has its name: kernels are read back as code.

    Where none can be made it is a path below which nothing can be.
    """
    import tempfile

    user = os.getuid() if hasattr(os, "getuid") else 0
    try:
        root = temporary or Path(tempfile.gettempdir())
        folder = root / f"guantong-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        there = folder.lstat()
        if there.st_uid == user and not folder.is_symlink() and not there.st_mode & 0o022:
            return folder
        return Path(tempfile.mkdtemp(prefix="guantong-", dir=root))
    except OSError:
        return Path(os.devnull)
