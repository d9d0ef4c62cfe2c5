"""Say in both languages what the system refused: a file that cannot be read or written, a full disk."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from sim.text import Words, say

KNOWN = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "quota",
    errno.EFBIG: "large",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EROFS: "forbidden",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "no_folder",
    errno.EISDIR: "folder",
    errno.EADDRINUSE: "port",
}
"""What has words of its own; of anything else the system's own are told."""


def said(error: OSError) -> Words:
    """Return what an error of the system says, with the file where that is known."""
    known = KNOWN.get(error.errno or 0)
    reason = say(f"refused.{known}") if known else error.strerror or str(error)
    return say("refused.file", path=error.filename, reason=reason) if error.filename else say("refused.nameless", reason=reason)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system name the file: where writing fails, it does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
