"""Take from the metrics of a study what one figure shows."""

from __future__ import annotations

import pandas as pd

TOTAL = ""


def mean_over_seeds(metrics: pd.DataFrame, metric: str, group: str, window: str, parts: bool = False) -> pd.DataFrame:
    """Return ``value`` and ``n``, means over replications, indexed by (scenario, value_of_group), for whole periods.

    ``parts`` of a whole: what a replication does not have is nothing there, so that means of parts add up to the mean of the whole.
    """
    rows = metrics[metrics["metric"] == metric]
    rows = rows[(rows["group"].fillna(TOTAL) == group) & (rows["window"] == window) & (rows["period"].astype(str) == "all")]
    names = rows[["scenario", "value_of_group"]].astype(object).fillna("")
    by = rows[["value", "n"]].groupby([names["scenario"], names["value_of_group"]], sort=False)
    if not parts:
        return by.mean()
    whole = metrics[(metrics["metric"] == metric) & (metrics["window"] == window)]
    seeds = whole["seed"].groupby(whole["scenario"].astype(object)).nunique()
    return by.sum().div(seeds.rename_axis("scenario"), axis=0, level="scenario")


def differences_of(differences: pd.DataFrame, metric: str | None, group: str, window: str) -> pd.DataFrame:
    """Return the rows of one metric (None: of all), group and window."""
    rows = differences if metric is None else differences[differences["metric"] == metric]
    return rows[(rows["group"].fillna(TOTAL) == group) & (rows["window"] == window)]


def by_period(metrics: pd.DataFrame, metric: str, group: str, window: str, weekly: bool = False) -> pd.DataFrame:
    """Return ``value`` and ``n``, means over replications, indexed by (scenario, value_of_group, period), for months or ISO weeks."""
    rows = metrics[(metrics["metric"] == metric) & (metrics["group"].fillna(TOTAL) == group) & (metrics["window"] == window)]
    period = rows["period"].astype(str)
    own = period.str.contains("W") if weekly else period.str.fullmatch(r"\d{4}-\d{2}")
    rows, period = rows[own], period[own]
    names = rows[["scenario", "value_of_group"]].astype(object).fillna("")
    return rows[["value", "n"]].groupby([names["scenario"], names["value_of_group"], period.rename("period")], sort=False).mean()
