"""Compile the kernels ahead, in two processes side by side: what a first run on a machine would wait for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PARTS = 2


def cold() -> bool:
    """Say whether this machine has no compiled kernels yet (the compiler's cache is asked, nothing is compiled)."""
    from sim.flow import kernels as K

    return any(not _known(kernel, types) for kernel, types in _jobs(K))


def warm() -> None:
    """Compile what is not compiled yet, in ``PARTS`` processes; a failure there is left to show itself in the first run."""
    running = [start(str(part)) for part in range(PARTS)]
    for process in running:
        process.wait()


def compile_here() -> bool:
    """Compile in this process what is not compiled yet; say whether there was anything."""
    missing = cold()
    if missing:
        for part in range(PARTS):
            compile_part(part)
    return missing


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start this module in a process of its own, from the package in use: a clone's folder may hold another copy."""
    import sim

    own = str(Path(sim.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH")])])}
    return subprocess.Popen([sys.executable, "-P", "-m", "sim.flow.warm", *arguments], env=environment)


def compile_part(part: int) -> None:
    """Compile one part of the kernels into the compiler's cache."""
    from sim.flow import kernels as K

    for kernel, types in _jobs(K):
        if (kernel in (K.serve, K.come_home)) == (part == 1):
            kernel.compile(types)


def _known(kernel: Any, types: tuple[Any, ...]) -> bool:
    return kernel._cache.load_overload(types, kernel.targetctx) is not None


def _jobs(K: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the entry points with the types they are called with, those first that others are made of."""
    import numpy as np
    from numba import boolean, int64, typeof

    from sim.schema.raw import PARCEL, TRIP

    M = typeof(np.zeros(1, np.int64))
    i8, u8, i4, i2, flags = (typeof(np.zeros(1, t)) for t in (np.int64, np.uint64, np.int32, np.int16, np.bool_))
    pending = typeof(np.zeros(1, K.ORDER))
    out = typeof(np.zeros(1, PARCEL))
    n = int64
    orders = (u8, i4, i4, i8, i8, i4, i4, flags, flags, i8, i8, i8, i8)
    return [
        (K.sweep_all, (M, n)),
        (K.serve, (M, n, n)),
        (K.advance_all, (M, i8, n)),
        (K.load, (M, *[n] * 18)),
        (K.wave, (M, pending, i8, n, n, n, n, n)),
        (K.by_operator, (i2, i8)),
        (K.note_orders, (pending, i8, n, i4, *orders)),
        (K.enter_rest, (M, pending, i8, n, n)),
        (K.come_home, (M, n, n, n)),
        (K.note_trip, (M, n, typeof(np.zeros(1, TRIP)), *[n] * 11, boolean)),
        (K.collect, (M, out)),
        (K.rising, (M, out)),
        (K.told, (M, i8, out)),
        (K.send_up, (M, u8, i2, i4, i4, i8, i8, flags, i4, i4, i8, n, n)),
        (K.tidy, (M,)),
        (K.relist, (M, typeof(np.zeros((1, 1, 1), np.int32)), i8, n, n)),
        (K.members, (M, n, n, i8, i8)),
        (K.requeue, (M, i8, i8, n, n)),
    ]


if __name__ == "__main__":
    if sys.argv[1:]:
        compile_part(int(sys.argv[1]))
    elif cold():
        warm()
