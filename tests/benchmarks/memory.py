"""Measure what memory a run takes at the end of each of its years (not a test; pytest does not collect it).

    python -m tests.benchmarks.memory [--years 3] [--per-day 5000] [--write docs/speed.md]

One process, the county of the other benchmarks, tables of 1% of the households. ``--write`` puts the section into the page.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from pathlib import Path

from tests.benchmarks.county import scenario, write_county
from tests.benchmarks.flow_speed import MEMORY, machine, table

YEAR = 365


def resident_mb() -> float:
    """Return the memory that this process has now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(folder: Path, per_day: int, years: int) -> list[list[str]]:
    """Return the rows of the table: after a month, at each year's end, at the end of the run."""
    from sim.run import run

    rows: list[list[str]] = []

    def progress(done: int, whole: int) -> None:
        if done == 30 or (done % YEAR == 0 and done <= years * YEAR):
            rows.append([f"day {done}", f"{resident_mb():.0f}"])

    with tempfile.TemporaryDirectory() as out:
        run(scenario(folder, per_day, years * YEAR, False), 1, out=Path(out) / "run", sample=0.01, progress=progress)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return [*rows, ["peak, writing the metrics at the end included", f"{peak:.0f}"]]


def main() -> None:
    """Measure, print, and write the section if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--per-day", type=int, default=5_000)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory() as temporary:
        rows = measured(write_county(Path(temporary) / "speedshire"), asked.per_day, asked.years)
    how = f"{asked.years} years at {asked.per_day:,} parcels a day, separate operators, one process, tables of 1% of the households"
    text = (
        f"{MEMORY}\n\n`python -m tests.benchmarks.memory`: {how}; on {where}.\n\n{table(['when', 'resident MB'], rows)}\n\n"
        "What grows is what is still to be written of a row group (130,000 rows of a table) and, by some hundred kilobytes a month, the\n"
        "histograms of past months, which are kept compressed for their quantiles. All that can be reached from a run is counted at\n"
        "two midnights of a small county in `tests/run/test_memory.py`. A county whose volume grows takes more with it.\n"
    )
    print(text)
    if asked.write:
        page = asked.write.read_text(encoding="utf-8").partition(MEMORY)[0].rstrip()
        asked.write.write_text(f"{page}\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
