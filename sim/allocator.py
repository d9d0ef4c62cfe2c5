"""What the C library does with memory that is given back: kept for the next day of a run, which otherwise asks the system for it anew."""

from __future__ import annotations

import ctypes

VARIABLES = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")
"""What glibc reads when a process begins."""
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""The same for ``mallopt``."""
MOST = 10**9
"""So many bytes are kept."""


def keep_freed() -> None:
    """Let this process keep what it frees, where the C library can be told so (glibc); elsewhere runs only take a little longer."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for what in (TRIM_THRESHOLD, MMAP_THRESHOLD):
        mallopt(what, MOST)
