"""Print what the shipped subsidies pay and change in Xihe (60 days, settled, one seed): the table of docs/subsidies.md.

python -m tests.plausibility.subsidies
"""

from __future__ import annotations

from pathlib import Path

from sim.api import load
from sim.run import run
from sim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("baseline", ()),
    ("subsidy-wasted", ()),
    ("per-parcel-subsidy", ()),
    ("per-parcel-subsidy", ("levers.per_parcel_subsidy.rate=1",)),
    ("per-parcel-subsidy", ("levers.per_parcel_subsidy.rate=2",)),
    ("station-support", ()),
    ("capital-grant", ()),
)
METRICS = ("public_spending_yuan", "village_coverage", "stations_share", "carrier_profit_yuan")


def main() -> None:
    """Print a row for each scenario."""
    for name, settings in ROWS:
        scenario = load(ROOT / "scenarios" / f"{name}.yaml", list(settings))
        assert isinstance(scenario, Scenario)
        made = run(scenario, 1, sample=0.01)
        spent, inside, stations, profit = (made.metric(metric) for metric in METRICS)
        print(f"| `{name}.yaml` {' '.join(settings)} | {spent:,.0f} | {inside:.1%} | {stations:.1%} | {profit:,.0f} |", flush=True)
        grants = made.table("grants")
        if len(grants):
            print(grants.groupby("decision").paid_fen.agg(["size", "sum"]), flush=True)


if __name__ == "__main__":
    main()
