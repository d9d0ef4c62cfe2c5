"""Print what the shipped subsidies pay and change in Xihe (60 days, settled): the table of docs/subsidies.md.

    python -m tests.plausibility.subsidies [--replications N]

The first row is the baseline's mean, the others are paired differences to it with their 95% intervals.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

import sim
from sim.api import load
from sim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("baseline", "baseline", ()),
    ("subsidy-wasted", "subsidy-wasted", ()),
    ("per-parcel-subsidy", "per-parcel-subsidy", ()),
    ("at-1-yuan", "per-parcel-subsidy", ("levers.per_parcel_subsidy.rate=1",)),
    ("at-2-yuan", "per-parcel-subsidy", ("levers.per_parcel_subsidy.rate=2",)),
    ("station-support", "station-support", ()),
    ("capital-grant", "capital-grant", ()),
)
"""Name, shipped scenario, settings."""
METRICS = {
    "public_spending_yuan": (1.0, 0),
    "village_coverage": (100.0, 2),
    "stations_share": (100.0, 2),
    "carrier_profit_yuan": (1.0, 0),
    "net_benefit_county_yuan": (1.0, 0),
}
"""Factor and digits of each."""


def scenarios(folder: Path) -> list[Scenario]:
    """Return the scenarios of the table, the baseline first."""
    made = []
    for name, extends, settings in ROWS:
        path = folder / f"{name}.yaml"
        path.write_text(f"format: 1\nextends: {ROOT / 'scenarios' / extends}.yaml\nname: {name}\n", encoding="utf-8")
        scenario = load(path, list(settings))
        assert isinstance(scenario, Scenario)
        made.append(scenario)
    return made


def cells(table: pd.DataFrame, name: str) -> list[str]:
    """Return a scenario's difference to the baseline in each metric, or (the baseline's) its mean."""
    own = table[(table["alternative"] == name) & (table["group"].fillna("") == "")].set_index("metric")
    out = []
    for metric, (factor, digits) in METRICS.items():
        if metric not in own.index:
            out.append("")
            continue
        mean, low, high = (float(own.loc[metric, column]) * factor for column in ("mean", "low", "high"))
        flat = max(abs(low), abs(high)) < 0.5 * 10**-digits
        out.append("0" if flat else f"{mean:+,.{digits}f} [{low:+,.{digits}f}, {high:+,.{digits}f}]")
    return out


def main() -> None:
    """Print a row for each scenario, and what became of the applications for grants in the first replication."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--replications", type=int, default=10)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = sim.compare(scenarios(Path(folder)), replications=given.replications, out=Path(folder) / "study")
        changes, metrics = study.differences(), pd.read_parquet(study.folder / "metrics.parquet")
        levels = metrics[metrics["scenario"] == "baseline"]
        levels = levels[(levels["group"].fillna("") == "") & (levels["period"] == "all")].groupby("metric", observed=True)["value"].mean()
        print("| baseline | " + " | ".join(f"{levels.get(m, 0.0) * f:,.{d}f}" for m, (f, d) in METRICS.items()) + " |")
        for name, *_ in ROWS[1:]:
            print(f"| {name} | " + " | ".join(cells(changes, name)) + " |", flush=True)
        grants = sim.open(study.folder / "runs" / "capital-grant" / "1").table("grants")
        print(grants.groupby("decision", observed=True)["paid_fen"].agg(["size", "sum"]), flush=True)


if __name__ == "__main__":
    main()
