"""Compile ahead what the tests run, in two processes side by side: each process of the tests would do all of it for itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def compile_once() -> None:
    """Fill the compiler's cache where a checkout has none yet; a failure is left to show itself in the tests."""
    if any(Path(os.environ.get("NUMBA_CACHE_DIR") or ROOT / "sim").rglob("kernels.*.nbi")):
        return
    running = [subprocess.Popen([sys.executable, "-m", "tests.compiled", str(part)], cwd=ROOT) for part in (0, 1)]
    for process in running:
        process.wait()


def compile_part(part: int) -> None:
    """Compile half of the flow's kernels, then what a short run of one of two counties meets beside them."""
    from sim.flow import warm
    from sim.run import run
    from tests.produce.orchard import orchard
    from tests.run.small import scenario

    warm.compile_part(part)
    run(orchard(days=3) if part else scenario(days=3))


if __name__ == "__main__":
    compile_part(int(sys.argv[1]))
