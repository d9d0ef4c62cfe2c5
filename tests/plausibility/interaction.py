"""Pooling and a per-parcel subsidy, each alone and together, with intervals: docs/pooling-and-subsidy.csv and .md.

    python -m tests.plausibility.interaction [COUNTY ...] [--replications N] [--days N]

Paired replications of four settled scenarios a county; with counties named the others' rows are kept. ``--tables`` only writes the page.
The interaction is what both bring together less what each brings alone, replication by replication.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

import sim
from sim.api import load
from sim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
CSV, PAGE = ROOT / "docs" / "pooling-and-subsidy.csv", ROOT / "docs" / "pooling-and-subsidy.md"
RATE, REPLICATIONS, DAYS, MARK = 2.0, 5, 30, "<!-- table -->"
BASE, POOL, PAID, BOTH = "baseline", "pooled", "subsidy", "both"
EFFECTS = ("subsidy", "pooled", "both", "interaction")
NET = "net_benefit_nation_yuan"
OUTCOMES = {
    "village_coverage": ("delivered inside the village", 100, "pp"),
    "cost_per_parcel_yuan": ("cost a parcel", 1, "yuan"),
    "public_spending_yuan": ("public money", 1e-4, "10,000 yuan"),
    "carrier_profit_yuan": ("operators' profit", 1e-4, "10,000 yuan"),
    "stations_share": ("villages with a station", 100, "pp"),
    NET: ("net benefit of the nation", 1e-4, "10,000 yuan"),
}
TEXT = """\
format: 1
extends: {extends}
county: counties/{county}
name: {name}
days: {days}
"""
MONEY = """\
programmes:
  table: {{budget: {{county: 1_000_000_000}}}}
levers:
  - {{kind: per_parcel_subsidy, rate: {rate}, programme: table}}
"""


def scenarios(county: str, days: int, folder: Path) -> list[Scenario]:
    """Return the four scenarios of a county, the baseline first."""
    made = []
    four = ((BASE, "baseline", 0), (PAID, "baseline", 1), (POOL, "pooled-to-village", 0), (BOTH, "pooled-to-village", 1))
    for name, extends, paid in four:
        path = folder / f"{name}.yaml"
        text = TEXT.format(extends=ROOT / "scenarios" / f"{extends}.yaml", county=county, name=name, days=days)
        path.write_text(text + (MONEY.format(rate=RATE) if paid else ""), encoding="utf-8")
        scenario = load(path)
        assert isinstance(scenario, Scenario)
        made.append(scenario)
    return made


def effects(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return mean and 95% interval of each effect on each outcome, from a study's metrics of the four scenarios."""
    whole = metrics[(metrics["period"] == "all") & (metrics["group"] == "") & metrics["metric"].isin(OUTCOMES)]
    wide = whole.astype({"value": float}).pivot(index=["metric", "seed"], columns="scenario", values="value")
    alone = {name: wide[name] - wide[BASE] for name in (PAID, POOL, BOTH)}
    alone["interaction"] = alone[BOTH] - alone[PAID] - alone[POOL]
    rows = []
    for effect, values in alone.items():
        for metric, own in values.groupby(level="metric"):
            x = own.to_numpy(float)
            half = float(student.ppf(0.975, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))) if len(x) > 1 else float("nan")
            mean = float(x.mean())
            rows.append({"metric": metric, "effect": effect, "mean": mean, "low": mean - half, "high": mean + half, "n": len(x)})
    for metric, own in wide[BASE].groupby(level="metric"):
        rows.append({"metric": metric, "effect": BASE, "mean": own.mean(), "low": own.min(), "high": own.max(), "n": len(own)})
    return pd.DataFrame(rows)


def measure(county: str, replications: int, days: int) -> pd.DataFrame:
    """Run a county's four scenarios and return the effects."""
    with tempfile.TemporaryDirectory() as folder:
        study = sim.compare(scenarios(county, days, Path(folder)), replications=replications, workers=1, out=Path(folder) / "study")
        metrics = pd.read_parquet(study.folder / "metrics.parquet")
    found = effects(metrics)
    found.insert(0, "county", county)
    return found.assign(days=days)


def page(table: pd.DataFrame) -> str:
    """Return the tables of the page, one for each county."""
    lines = []
    for county, own in table.groupby("county", sort=True):
        n, days = int(own["n"].iloc[0]), int(own["days"].iloc[0])
        lines += ["", f"## {county} ({days} days, {n} replications)", "", "| outcome | baseline | subsidy | pooled | both | interaction |"]
        lines.append("|---" * 6 + "|")
        cells = own.set_index(["metric", "effect"])
        for metric, (name, factor, unit) in OUTCOMES.items():
            row = [f"{name}, {'%' if unit == 'pp' else unit}"]
            for effect in (BASE, *EFFECTS):
                mean, low, high = (float(cells[name][metric, effect]) * factor for name in ("mean", "low", "high"))
                row.append("-" if effect == BASE and metric == NET else _number(mean, low, high, unit, effect == BASE))
            lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def _number(mean: float, low: float, high: float, unit: str, level: bool) -> str:
    digits = 3 if unit == "yuan" else 1
    if level:
        return f"{mean:,.{digits}f}"
    if max(abs(low), abs(high)) < 0.5 * 10**-digits:
        return "0"
    return f"{mean:+,.{digits}f} [{low:+,.{digits}f}, {high:+,.{digits}f}]"


def main() -> None:
    """Run what is asked for and write the table and the page."""
    asked = argparse.ArgumentParser()
    asked.add_argument("counties", nargs="*")
    asked.add_argument("--replications", type=int, default=REPLICATIONS)
    asked.add_argument("--days", type=int, default=DAYS)
    asked.add_argument("--tables", action="store_true")
    given = asked.parse_args()
    every = sorted(folder.name for folder in (ROOT / "scenarios" / "counties").iterdir() if folder.is_dir())
    for county in [] if given.tables else given.counties or every:
        new = measure(county, given.replications, given.days).round(6)
        old = pd.read_csv(CSV) if CSV.exists() else new.iloc[:0]
        table = pd.concat([old[old["county"] != county], new]) if len(old) else new
        table.sort_values("county", kind="stable").to_csv(CSV, index=False)
        print(f"{county} done", flush=True)
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0].rstrip() if PAGE.exists() else "# Pooling and subsidy together"
    PAGE.write_text(f"{head}\n\n{MARK}\n{page(pd.read_csv(CSV))}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
