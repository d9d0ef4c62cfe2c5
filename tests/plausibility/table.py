"""Run the shipped counties and write docs/plausibility.csv and the tables of docs/plausibility.md.

    python -m tests.plausibility.table [COUNTY ...]

takes some minutes; with counties named only those are run and the others' rows kept. ``--tables`` only writes the tables anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from sim.api import load
from sim.run import run
from sim.scenario.model import Scenario
from tests.plausibility.figures import figures, frame
from tests.plausibility.page import write_tables

ROOT = Path(__file__).parents[2]
CSV = ROOT / "docs" / "plausibility.csv"
SCENARIOS = ("baseline", "pooled-lines", "pooled-to-village", "separate-full-service")
DAYS, SEEDS, SAMPLE = 30, (1, 2), 0.1


def measure(county: str) -> pd.DataFrame:
    """Return the figures of one county under every scenario, means over the seeds."""
    rows: list[dict[str, object]] = []
    for name in SCENARIOS:
        scenario = load(ROOT / "scenarios" / f"{name}.yaml", [f"county=counties/{county}"], DAYS)
        assert isinstance(scenario, Scenario)
        for seed in SEEDS:
            made = run(scenario, seed, sample=SAMPLE)
            rows += [
                {"county": county, "scenario": name, "seed": seed, "figure": figure, "unit": unit, "value": value}
                for figure, unit, value in figures(made, DAYS)
            ]
            print(f"{county} {name} seed {seed}: {made.seconds:.0f} s", flush=True)
    return frame(rows)


def main(arguments: list[str]) -> None:
    """Run what is asked for and write the table."""
    every = sorted(folder.name for folder in (ROOT / "scenarios" / "counties").iterdir() if folder.is_dir())
    wanted = [c for c in every if not arguments or c in arguments]
    for county in [] if "--tables" in arguments else wanted:
        new = measure(county)
        old = pd.read_csv(CSV) if CSV.exists() else new.iloc[:0]
        table = pd.concat([old[old["county"] != county], new.round({"mean": 4, "min": 4, "max": 4})])
        table.sort_values("county", kind="stable").to_csv(CSV, index=False)
    write_tables(pd.read_csv(CSV), ROOT / "docs" / "plausibility.md")


if __name__ == "__main__":
    main(sys.argv[1:])
