"""What happens, in which order, when a measure ends: docs/when-it-ends.csv, -events.csv and .md.

    python -m tests.plausibility.ends [COUNTY ...] [--seeds N] [--until DATE] [--days N]

Transition runs of the three shipped measures that end (a subsidy, station support, a pool) and of the county without them, seed by seed
with the same luck. With counties named the others' rows are kept; ``--tables`` only writes the page.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from sim.api import load
from sim.run import Run, run
from sim.scenario.model import Scenario
from tests.plausibility.ends_page import KEY, MARK, page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EFFECTS, EVENTS, PAGE = DOCS / "when-it-ends.csv", DOCS / "when-it-ends-events.csv", DOCS / "when-it-ends.md"
BASE = "three-years"
MEASURES = {
    "subsidy-ends": ("per_parcel_subsidy", "village-network"),
    "support-ends": ("station_support", "stations"),
    "pool-ends": ("joint_distribution", ""),
}
"""The lever that ends, and its programme: its budget is raised so that only the date ends the measure."""
BUDGET = 50_000_000
METRICS = ("village_coverage", "stations_share", "parcels_down", "cost_per_parcel_yuan")


def scenario(name: str, county: str, until: str, days: int) -> Scenario:
    """Return the baseline or a measure of a county that ends after ``until``."""
    settings = [f"county=counties/{county}", f"days={days}"]
    if name in MEASURES:
        lever, programme = MEASURES[name]
        settings.append(f"levers.{lever}.until={until}")
        settings += [f"programmes.{programme}.budget.county={BUDGET}"] if programme else []
    made = load(ROOT / "scenarios" / f"{name}.yaml", settings)
    assert isinstance(made, Scenario)
    return made


def event(agent: str, decision: str, was: str, now: str) -> str:
    """Name what a decision does to service."""
    what = decision.split(":")[0]
    if what == "service":
        if now == "village":
            return "to the village: taken up"
        return f"to the village: given up for the {now}" if was == "village" else f"{was} to {now}"
    if what == "station":
        return "station closes" if now == "closed" else "station opens"
    return {"forecast": "forecast corrected", "days": "service days changed"}.get(what, f"{agent.split(':')[0]}: {what}")


def months(made: Run) -> pd.DataFrame:
    """Return the county's metrics by month."""
    rows = made.metrics
    at = rows["metric"].isin(METRICS) & (rows["group"] == "") & rows["period"].str.fullmatch(r"\d{4}-\d{2}")
    return rows[at].astype({"value": float})[["metric", "period", "value"]]


def events(made: Run) -> pd.DataFrame:
    """Return how many decisions of each kind fell on each day."""
    rows = made.table("decisions")
    rows = rows[rows["day"] >= 0]
    named = [event(*row) for row in rows[["agent", "decision", "from", "to"]].itertuples(index=False)]
    return rows.assign(event=named).groupby(["day", "event"], as_index=False).size().rename(columns={"size": "count"})


def measure(county: str, seeds: int, until: str, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run a county and return its metrics by month and its decisions by day, of the baseline and of each measure."""
    effects, told = [], []
    for name in (BASE, *MEASURES):
        asked = scenario(name, county, until, days)
        for seed in range(1, seeds + 1):
            made = run(asked, seed, sample=0.001, settled=False)
            own = {"county": county, "start": str(asked.start), "until": until, "days": days, "scenario": name, "seed": seed}
            effects.append(months(made).assign(**own))
            told.append(events(made).assign(**own))
            print(f"{county} {name} seed {seed}: {made.seconds:.0f} s", flush=True)
    order = [*KEY, "scenario", "seed"]
    return pd.concat(effects)[[*order, "metric", "period", "value"]].round({"value": 5}), pd.concat(told)[[*order, "day", "event", "count"]]


def keep(path: Path, new: pd.DataFrame) -> None:
    """Put a county's rows in the place of those it had."""
    if path.exists():
        old = pd.read_csv(path)
        new = pd.concat([old[old["county"] != new["county"].iloc[0]], new])
    new.sort_values(["county", "until"], kind="stable").to_csv(path, index=False)


def main() -> None:
    """Run what is asked for and write the tables and the page."""
    asked = argparse.ArgumentParser()
    asked.add_argument("counties", nargs="*")
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--until", default="2021-05-31", help="the last day of the measure, the last of a month")
    asked.add_argument("--days", type=int, default=306)
    asked.add_argument("--tables", action="store_true")
    given = asked.parse_args()
    every = sorted(folder.name for folder in (ROOT / "scenarios" / "counties").iterdir() if folder.is_dir())
    for county in [] if given.tables else given.counties or every:
        effects, told = measure(county, given.seeds, given.until, given.days)
        keep(EFFECTS, effects)
        keep(EVENTS, told)
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0].rstrip() if PAGE.exists() else "# When it ends"
    PAGE.write_text(f"{head}\n\n{MARK}\n{page(pd.read_csv(EFFECTS), pd.read_csv(EVENTS))}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
