"""What a per-parcel subsidy changes, by rate and county, with and without pooling: docs/subsidy-rates.csv and .md.

    python -m tests.plausibility.rates [COUNTY ...]

Settled states only (no luck, no run): operators and hosts review on expected parcels until nobody changes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from sim.api import load
from sim.plan.forecast import forecast
from sim.run import Versions
from sim.scenario.model import Scenario
from sim.world.build import build
from sim.world.world import TO_VILLAGE, VILLAGE, Floats

ROOT = Path(__file__).parents[2]
CSV, PAGE = ROOT / "docs" / "subsidy-rates.csv", ROOT / "docs" / "subsidy-rates.md"
RATES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
POOLING = {"separate": "baseline.yaml", "pooled": "pooled-to-village.yaml"}
COLUMNS = (
    "operators", "yuan a parcel", "own services", "villages newly served by an operator's own round", "parcels inside",
    "paid a year, 10,000 yuan", "of it for what comes anyway", "stations",
)  # fmt: skip
TEXT = """\
format: 1
extends: {extends}
county: counties/{county}
programmes:
  table: {{budget: {{county: 1_000_000_000}}}}
levers:
  - {{kind: per_parcel_subsidy, rate: {rate}, programme: table}}
"""


def measure(county: str, pooling: str) -> list[dict[str, object]]:
    """Return a row for each rate."""
    rows: list[dict[str, object]] = []
    before: Floats | None = None
    own_before: Floats | None = None
    world = None
    for rate in RATES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rate.yaml"
            text = TEXT.format(extends=ROOT / "scenarios" / POOLING[pooling], county=county, rate=rate)
            path.write_text(text, encoding="utf-8")
            scenario = load(path)
        assert isinstance(scenario, Scenario)
        world = build(scenario.county_folder, scenario.parameters, scenario.operators) if world is None else world
        state = Versions(scenario, world, settled=True).settled_state()
        after, post = state.world, state.world.operators.post
        village = after.places.tier == VILLAGE
        mode = after.operators.mode[:, village]
        parcels = forecast(after, scenario.parameters, 1.0, 1.0).ordered[:, village] * 365
        inside = np.where(after.operators.last_mode[:, village] == TO_VILLAGE, parcels, 0.0)
        own = (np.delete(mode, post, axis=0) if post >= 0 else mode) == TO_VILLAGE
        first = before is None
        before = inside if before is None else before
        own_before = own.any(axis=0) if own_before is None else own_before
        cost = rate * float(inside.sum())
        rows.append(
            {
                "county": county,
                "operators": pooling,
                "rate": rate,
                "own_services": int(own.sum()),
                "villages_new": 0 if first else int((own.any(axis=0) & ~own_before).sum()),
                "inside_share": float(inside.sum() / parcels.sum()),
                "cost_wan_a_year": cost / 1e4,
                "anyway_share": float(np.minimum(inside, before).sum() / inside.sum()) if cost else float("nan"),
                "stations": int(((after.stations.host > 0) & village).sum()),
                "rounds": state.rounds,
                "calm": state.calm,
            }
        )
        print(rows[-1], flush=True)
    return rows


def page(table: pd.DataFrame) -> str:
    """Return the tables of the page."""
    lines = []
    for county in sorted(table["county"].unique()):
        lines += ["", f"## {county}", "", "| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
        for r in table[table["county"] == county].itertuples():
            anyway = "-" if r.anyway_share != r.anyway_share else f"{100 * r.anyway_share:.0f}%"
            calm = "" if r.calm else " (not settled)"
            lines.append(
                f"| {r.operators} | {r.rate:g} | {r.own_services}{calm} | {r.villages_new} | {100 * r.inside_share:.1f}% |"
                f" {r.cost_wan_a_year:.1f} | {anyway} | {r.stations} |"
            )
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Work the table out for the counties named, or all, and write it."""
    every = sorted(folder.name for folder in (ROOT / "scenarios" / "counties").iterdir() if folder.is_dir())
    for county in [c for c in every if not arguments or c in arguments]:
        new = pd.DataFrame([row for pooling in POOLING for row in measure(county, pooling)])
        old = pd.read_csv(CSV) if CSV.exists() else new.iloc[:0]
        table = pd.concat([old[old["county"] != county], new.round(4)])
        table.sort_values(["county", "operators", "rate"], ascending=[True, False, True]).to_csv(CSV, index=False)
    head = PAGE.read_text(encoding="utf-8").split("\n## ")[0].rstrip() if PAGE.exists() else "# Subsidy rates"
    PAGE.write_text(head + "\n" + page(pd.read_csv(CSV)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
