"""Produce for the made-up study: no number in it comes from a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.metrics.catalogue import BY_NAME
from sim.report.input import DIFFERENCES, METRICS, ReportInput
from sim.text import MetricText, Words

CROPS = {"bayberry": Words("杨梅", "bayberry"), "pear": Words("梨", "pear")}
PICKED = {"bayberry": (70_000.0, 140_000.0, 35_000.0), "pear": (0.0, 7_000.0, 21_000.0)}
"""Kg by week of seven days."""
WEEKS = ("2021-W01", "2021-W02", "2021-W03")
MONTHS = ("2021-01", "2021-02")
ROOM, STOCK = 50_000.0, (10_000.0, 40_000.0, 20_000.0)
COLD = "pooled-stations"
"""The only scenario with cold rooms."""
STAGES = {"field": 0.01, "trunk": 0.03, "buyer": 0.002, "county": 0.0}
SENT = {"trunk": 0.12, "buyer": 0.008, "county": 0.02}
SALES = {"middleman": 3_000_000.0, "wholesale": 6_000_000.0, "online": 1_000_000.0}
TOTALS = {
    "produce_kg": 273_000.0,
    "parcels_up": 4_100.0,
    "produce_up_kg": 9_800.0,
    "produce_loss_share": 0.042,
    "farm_net_price_yuan_kg": 3.1,
    "farmer_income_yuan": 8_500_000.0,
    "farmer_income_per_farm_yuan": 2_125.0,
    "produce_sales_yuan": 10_000_000.0,
    "online_share": 0.07,
    "farms_online_share": 0.06,
    "cold_power_kwh": 0.0,
    "backhaul_load_factor": 0.05,
}
FURTHER = ("picked_kg", "cold_stock_kg", "cold_capacity_kg")
LESS = {name: 1.0 - 0.1 * step for step, name in enumerate(("baseline", "pooled-lines", "pooled-to-village", "stations-lockers", COLD))}
"""How much of the baseline's loss each scenario has."""


def _metrics(study: ReportInput) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for scenario in study.titles:
        for seed in study.stamp.seeds:
            shake = 1 + 0.01 * (seed - 5.5)

            def add(metric: str, group: str, value: str, amount: float, period: str = "all", n: int = 10) -> None:
                key = (scenario, seed, "settled", metric, BY_NAME[metric].unit, group, value, period)  # noqa: B023
                rows.append((*key, amount, n, np.nan, np.nan))

            for metric, amount in TOTALS.items():
                add(metric, "", "", amount * shake * (LESS[scenario] if metric == "produce_loss_share" else 1.0))
            for stage, lost in STAGES.items():
                add("produce_loss_share", "stage", stage, lost * LESS[scenario])
                add("produce_loss_share", "crop|stage", f"bayberry|{stage}", 1.1 * lost)
            for stage, lost in SENT.items():
                add("produce_loss_share", "channel|stage", f"online|{stage}", lost * LESS[scenario])
            add("produce_loss_share", "channel", "online", sum(SENT.values()) * LESS[scenario])
            for crop in CROPS:
                add("produce_loss_share", "crop", crop, 0.05)
            for channel, yuan in SALES.items():
                add("produce_sales_yuan", "channel", channel, yuan)
            for direction, cost in (("down", 2.3), ("up", 1.9)):
                add("cost_per_parcel_yuan", "direction", direction, cost)
            for at, third in enumerate(("near", "middle", "far")):
                share = 0.09 - 0.02 * at
                add("farms_online_share", "remoteness", third, share)
                for month, period in enumerate(MONTHS):
                    add("farms_online_share", "remoteness", third, share - 0.01 * (1 - month), period)
            for week, period in enumerate(WEEKS):
                for crop, kg in PICKED.items():
                    add("picked_kg", "crop", crop, kg[week], period, 7)
                add("cold_capacity_kg", "", "", ROOM if scenario == COLD else 0.0, period, 7)
                add("cold_stock_kg", "", "", STOCK[week] if scenario == COLD else 0.0, period, 7)
    return pd.DataFrame(rows, columns=["scenario", "seed", "window", "metric", "unit", "group", "value_of_group", "period", *METRICS[8:]])


def _differences(study: ReportInput) -> pd.DataFrame:
    rows = []
    told = [(metric, "", "", value) for metric, value in TOTALS.items()]
    told += [("cost_per_parcel_yuan", "direction", "down", 2.3), ("cost_per_parcel_yuan", "direction", "up", 1.9)]
    told += [("produce_loss_share", "channel", "online", 0.148), ("produce_loss_share", "crop|channel", "pear|online", 0.1)]
    for alternative in study.alternatives:
        for metric, group, value, base in told:
            key = (alternative, metric, BY_NAME[metric].unit, group, value, "settled")
            rows.append((*key, base, 0.9 * base, -0.1 * base, -0.12 * base, -0.08 * base, 10, 1.0, None, None, "unclear"))
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def with_produce(study: ReportInput) -> ReportInput:
    """Return the study with two crops, three weeks of harvest and cold rooms in one of its scenarios."""
    metrics = _metrics(study)
    whole = metrics["period"] == "all"
    titles = {
        name: MetricText(Words(line.zh, line.en), line.unit, line.better)  # type: ignore[arg-type]
        for name, line in BY_NAME.items()
        if name in (*TOTALS, *FURTHER)
    }
    return replace(
        study,
        metrics=pd.concat([study.metrics, metrics[whole]], ignore_index=True),
        periods=metrics[~whole],
        differences=pd.concat([study.differences, _differences(study)], ignore_index=True),
        catalogue={**study.catalogue, **titles},
        crops=CROPS,
    )
