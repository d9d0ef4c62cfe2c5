"""What a process frees it keeps, where the C library can be told so."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

CODE = """
import resource, sys
import numpy as np
from sim.allocator import keep_freed

def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.zeros(8_000_000, np.uint8)[:] = 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[1] == "kept":
    keep_freed()
pages()
print(pages())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries decide for themselves")
def test_memory_that_is_freed_is_not_asked_for_anew() -> None:
    asked = [
        int(subprocess.run([sys.executable, "-c", CODE, how], capture_output=True, text=True, check=True, timeout=60).stdout)
        for how in ("kept", "given back")
    ]
    assert asked[0] < 20 < 200 < asked[1]
