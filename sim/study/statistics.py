"""Paired differences between scenarios under common random numbers, with 95% intervals, and what pairing gained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.text import is_share

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

KEYS = ["metric", "unit", "group", "value_of_group", "window"]
COLUMNS = [
    "alternative", "metric", "unit", "group", "value_of_group", "window", "baseline", "value", "mean", "low", "high",
    "n", "same_sign_share", "parameter_low", "parameter_high", "better",
]  # fmt: skip

N_MEAN, N_INTERVAL = 2, 5
"""Means and signs are told from the second replication on, intervals from the fifth."""

LAST_BITS = 1e-12
"""A relative difference below this is rounding, not an effect."""
BOOKED = ("account", "source", "programme", "actor", "leg", "resource", "activity")
"""Groups whose values come from the books: what a run never booked is nought there, not unknown."""
SOLD = ("produce_kg", "produce_sales_yuan")
"""Totals of which a channel that nobody sold through has nought."""
DIVIDED = {"net_benefit_nation_yuan": ("carrier", "remoteness", "age")}
"""Totals of which every class in these groups has its part: one that a run does not name (nobody was fined) has nought."""


def differences(metrics: pd.DataFrame, baseline: str, alternatives: Sequence[str], better: Mapping[str, str]) -> pd.DataFrame:
    """Return one row for each (alternative, metric, group, value_of_group, window), columns COLUMNS.

    ``metrics`` has columns scenario, seed, value and KEYS, one row for each of them; ``better`` gives each metric's better side
    (higher, lower, neutral). Replications are paired by seed; a value missing on one side takes its pair out. ``mean`` is null below
    two pairs, ``low`` and ``high`` (paired t) below five.
    """
    base = _by_seed(metrics, baseline)
    return pd.concat([_against(base, _by_seed(metrics, name), name, better) for name in alternatives], ignore_index=True)


def pairing_gain(metrics: pd.DataFrame, baseline: str, alternatives: Sequence[str]) -> pd.DataFrame:
    """Return for each (alternative, metric, window) of county totals how much pairing cut the variance of the difference.

    ``variance_unpaired`` is what independent runs would have, the sum of both variances; ``gain`` is it over ``variance_paired``, null
    where the paired difference does not vary.
    """
    totals = metrics[metrics["group"] == ""]
    base = _by_seed(totals, baseline)
    rows = []
    for name in alternatives:
        left, right = base.align(_by_seed(totals, name), join="inner")
        for key, a, b in zip(left.index, left.to_numpy(), right.to_numpy(), strict=True):
            both = ~(np.isnan(a) | np.isnan(b))
            if both.sum() < N_MEAN:
                continue
            unpaired = float(np.var(a[both], ddof=1) + np.var(b[both], ddof=1))
            paired = float(np.var(difference(a[both], b[both]), ddof=1))
            least = (LAST_BITS * float(max(np.abs(a[both]).max(), np.abs(b[both]).max()))) ** 2
            rows.append((name, key[0], key[4], unpaired, paired, unpaired / paired if paired > least else None))
    return pd.DataFrame(rows, columns=["alternative", "metric", "window", "variance_unpaired", "variance_paired", "gain"]).astype(
        {"gain": float}
    )


def _by_seed(metrics: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return the values of one scenario, a row for each key and a column for each seed, rows in the order of the table."""
    rows = metrics[metrics["scenario"] == scenario]
    table = rows.set_index([*KEYS, "seed"])["value"].astype(float).unstack("seed", sort=False)
    return table.sort_index(axis=1)


def difference(a: Floats, b: Floats) -> Floats:
    """Return b - a, zero where only the last bits differ."""
    d = b - a
    d[np.abs(d) <= LAST_BITS * np.maximum(np.abs(a), np.abs(b))] = 0.0
    return d


def fill_booked(values: Floats, keys: pd.Index[Any], shares: Bools) -> None:
    """Put 0 where a run (a column of ``values``) booked nothing for a row of ``keys`` in a BOOKED group, SOLD nothing
    through a channel, or gave a class no part of a total that is DIVIDED.

    Left null: ``shares`` (rows), which are of nothing there; a metric whose total the run does not know; a run without any row.
    """
    metrics, groups = keys.get_level_values("metric"), keys.get_level_values("group")
    sold = metrics.isin(SOLD) & (groups == "channel")
    divided = np.logical_or.reduce([(metrics == metric) & groups.isin(parts) for metric, parts in DIVIDED.items()])
    booked = np.asarray(groups.isin(BOOKED) | sold | divided) & ~shares
    there = ~np.isnan(values).all(axis=0)
    for metric in metrics[booked].unique():
        own = np.asarray(metrics == metric)
        total = values[own & np.asarray(groups == "")]
        cells = np.ix_(booked & own, there & ~np.isnan(total).any(axis=0))
        values[cells] = np.nan_to_num(values[cells])


def _against(base: pd.DataFrame, other: pd.DataFrame, alternative: str, better: Mapping[str, str]) -> pd.DataFrame:
    keys = base.index.append(other.index[~other.index.isin(base.index)])
    seeds = base.columns.union(other.columns)
    a = base.reindex(index=keys, columns=seeds).to_numpy(float, copy=True)
    b = other.reindex(index=keys, columns=seeds).to_numpy(float, copy=True)
    shares = np.array([is_share(unit) for unit in keys.get_level_values("unit")], np.bool_)
    for own in (a, b):
        fill_booked(own, keys, shares)
    d = difference(a, b)
    n = (~np.isnan(d)).sum(axis=1)
    paired = np.isnan(d) & (n > 0)[:, None]
    mean, half = _mean(d, n >= N_MEAN), _half_width(d, n)
    table = pd.DataFrame(index=keys).reset_index()
    table.insert(0, "alternative", alternative)
    table["baseline"], table["value"] = _mean(np.where(paired, np.nan, a)), _mean(np.where(paired, np.nan, b))
    table["mean"], table["low"], table["high"], table["n"] = mean, mean - half, mean + half, n
    table["same_sign_share"] = _same_sign(d, mean)
    table["parameter_low"], table["parameter_high"] = np.nan, np.nan
    side = [better[name] for name in table["metric"]]
    table["better"] = [_better(s, low, high) for s, low, high in zip(side, table["low"], table["high"], strict=True)]
    return table[COLUMNS]


def _mean(values: Floats, where: npt.NDArray[np.bool_] | None = None) -> Floats:
    """Return row means over what is there, null where nothing is or ``where`` is false."""
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    total = np.where(there, values, 0.0).sum(axis=1)
    good = count > 0 if where is None else (count > 0) & where
    return np.where(good, total / np.maximum(count, 1), np.nan)


def _half_width(d: Floats, n: npt.NDArray[Any]) -> Floats:
    """Return half the width of the paired 95% t interval of each row, null below N_INTERVAL pairs."""
    from scipy.special import stdtrit

    there = ~np.isnan(d)
    off = np.where(there, d - _mean(d)[:, None], 0.0)
    enough = n >= N_INTERVAL
    freedom = np.where(enough, n - 1, 1)
    error = np.sqrt((off**2).sum(axis=1) / freedom / np.where(enough, n, 1))
    constant = np.nanmax(d, axis=1, initial=-np.inf, where=there) == np.nanmin(d, axis=1, initial=np.inf, where=there)
    half: Floats = np.where(enough, np.where(constant, 0.0, stdtrit(freedom, 0.975) * error), np.nan)
    return half


def mean_of(values: Floats) -> tuple[float, float, int]:
    """Return the mean of what is there of values (n,), half the width of its 95% t interval, and how many are there; null where too few."""
    d = values[None, :]
    n = (~np.isnan(d)).sum(axis=1)
    return float(_mean(d, n >= N_MEAN)[0]), float(_half_width(d, n)[0]), int(n[0])


def _same_sign(d: Floats, mean: Floats) -> Floats:
    """Return the share of pairs whose difference has the sign of the mean, null where there is no mean."""
    same = (np.sign(d) == np.sign(mean)[:, None]).sum(axis=1)
    n = (~np.isnan(d)).sum(axis=1)
    return np.where(np.isnan(mean), np.nan, same / np.maximum(n, 1))


def _better(side: str, low: float, high: float) -> str:
    """Return whether the whole interval lies on the better side: yes, no, unclear, or neutral where no side is better."""
    if side == "neutral":
        return "neutral"
    if low > 0.0 or high < 0.0:
        return "yes" if (low > 0.0) == (side == "higher") else "no"
    return "unclear"
