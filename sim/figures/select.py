"""Take from the metrics of a study what one figure shows."""

from __future__ import annotations

import pandas as pd

TOTAL = ""


def mean_over_seeds(metrics: pd.DataFrame, metric: str, group: str, window: str) -> pd.DataFrame:
    """Return ``value`` and ``n``, means over replications, indexed by (scenario, value_of_group), for whole periods."""
    rows = metrics[
        (metrics["metric"] == metric)
        & (metrics["group"].fillna(TOTAL) == group)
        & (metrics["window"] == window)
        & (metrics["period"].astype(str) == "all")
    ]
    return (
        rows.assign(value_of_group=rows["value_of_group"].fillna(""))
        .groupby(["scenario", "value_of_group"], sort=False)[["value", "n"]]
        .mean()
    )


def differences_of(differences: pd.DataFrame, metric: str, group: str, window: str) -> pd.DataFrame:
    """Return the rows of one metric, group and window."""
    return differences[
        (differences["metric"] == metric) & (differences["group"].fillna(TOTAL) == group) & (differences["window"] == window)
    ]
