"""What only pairs can say: what a newly served village costs, what is paid for what comes anyway, what public capital brings with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim import luck
from sim.ledger.payer import COUNTY, TREASURY
from sim.metrics.catalogue import PAIRS
from sim.study.statistics import COLUMNS, N_INTERVAL, N_MEAN, Floats, mean_of
from sim.study.task import Task

RESAMPLES = 2000
PUBLIC_OWNERS = (COUNTY, TREASURY)
UNIT = {metric.name: metric.unit for metric in PAIRS}
BETTER_BY = 0.01
"""Yuan an order by which a household must gain to be better off: less is luck."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of two sums over pairs with its 95% bootstrap interval; all NaN where it is undefined."""

    value: float
    low: float
    high: float
    n: int
    same_sign: float


def ratio(numerator: Floats, denominator: Floats, seed: int = 1) -> Ratio:
    """Return mean numerator over mean denominator, bootstrapped over pairs (n,).

    Undefined where the denominator's own interval (t, as its verdict has it, or bootstrap) holds 0; below five pairs, which give no
    interval, where its signs differ or it is 0.
    """
    there = ~(np.isnan(numerator) | np.isnan(denominator))
    a, b, nan = numerator[there], denominator[there], float("nan")
    n = len(a)
    if n < N_MEAN or not b.any():
        return Ratio(nan, nan, nan, n, nan)
    value = float(a.mean() / b.mean()) if b.mean() else nan
    same = float((np.sign(a * b) == np.sign(a.mean() * b.mean())).mean())
    if n < N_INTERVAL:
        return Ratio(value, nan, nan, n, same) if (b > 0).all() or (b < 0).all() else Ratio(nan, nan, nan, n, nan)
    mean, half, _ = mean_of(b)
    rows = np.arange(RESAMPLES * n, dtype=np.uint64)
    drawn = (luck.uniform(seed, "bootstrap of pairs", n, rows) * n).astype(np.int64).reshape(RESAMPLES, n)
    under = b[drawn].mean(axis=1)
    first, last = np.quantile(under, [0.025, 0.975])
    if first <= 0.0 <= last or abs(mean) <= half:
        return Ratio(nan, nan, nan, n, nan)
    kept = under != 0.0
    low, high = np.quantile(a[drawn].mean(axis=1)[kept] / under[kept], [0.025, 0.975])
    return Ratio(value, float(low), float(high), n, same)


def pair_rows(metrics: pd.DataFrame, tasks: Sequence[Task], baseline: str, alternatives: Sequence[str]) -> pd.DataFrame:
    """Return rows like those of ``differences`` for each alternative and window; ``metrics`` are those of whole periods.

    Without subsidies there is no deadweight, without public capital no leverage to tell of.
    """
    rows = []
    for window in dict.fromkeys(task.window for task in tasks):
        own = metrics[metrics["window"] == window]
        capital = {(t.scenario.name, t.seed): capital_of(t) for t in tasks if t.window == window}
        gains = {(t.scenario.name, t.seed): households_of(t) for t in tasks if t.window == window}
        seeds = sorted({t.seed for t in tasks if t.window == window})
        base = _Side(own[own["scenario"] == baseline], seeds)
        for name in alternatives:
            side = _Side(own[own["scenario"] == name], seeds)
            public = [capital[name, s][0] - capital[baseline, s][0] for s in seeds]
            private = [capital[name, s][1] - capital[baseline, s][1] for s in seeds]
            wasted, paid = deadweight(base, side)
            spent = side.total("public_spending_yuan") - base.total("public_spending_yuan")
            found = {
                "cost_per_new_village_yuan": (spent, side.villages() - base.villages()),
                "deadweight_share": (wasted, paid),
                "leverage": (np.array(private), np.array(public)),
            }
            for metric, (over, under) in found.items():
                if (~np.isnan(over + under)).any() and (metric == "cost_per_new_village_yuan" or np.nan_to_num(under).any()):
                    rows.append(row_of_pairs(name, metric, window, ("", ""), ratio(over, under)))
            for group, shares in better_off([gains[baseline, s] for s in seeds], [gains[name, s] for s in seeds]).items():
                rows.append(row_of_pairs(name, "households_better_off_share", window, group, _mean(shares)))
    numbers = ["baseline", "value", "mean", "low", "high", "same_sign_share", "parameter_low", "parameter_high"]
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(numbers, float))


def row_of_pairs(alternative: str, metric: str, window: str, group: tuple[str, str], r: Ratio) -> tuple[object, ...]:
    """Return a row of ``differences`` that holds a value of pairs."""
    nan = float("nan")
    return (alternative, metric, UNIT[metric], *group, window, nan, r.value, r.value, r.low, r.high, r.n, r.same_sign, nan, nan, "neutral")


def _mean(shares: Floats) -> Ratio:
    """Return the mean of shares with its 95% t interval."""
    mean, half, n = mean_of(shares)
    return Ratio(mean, mean - half, mean + half, n, 1.0 if n >= N_MEAN else float("nan"))


class _Side:
    """One scenario's metrics, a column for each seed."""

    def __init__(self, metrics: pd.DataFrame, seeds: Sequence[int]) -> None:
        self.seeds = list(seeds)
        town = (metrics["group"] == "remoteness") & (metrics["value_of_group"] == "town")
        kept = metrics[metrics["metric"].isin(USED) & (metrics["group"].isin(["", "village"]) | town)]
        self._wide = kept.pivot_table(index=["metric", "group", "value_of_group"], columns="seed", values="value", observed=True)
        self._wide = self._wide.reindex(columns=self.seeds)
        served = metrics[(metrics["metric"] == "served_villages_share") & (metrics["group"] == "")]
        self._n = int(served["n"].iloc[0]) if len(served) else 0

    def total(self, metric: str) -> Floats:
        """Return the county's value by seed, NaN where it has none."""
        key = (metric, "", "")
        return self._wide.loc[[key]].to_numpy(float)[0] if key in self._wide.index else np.full(len(self.seeds), np.nan)

    def villages(self) -> Floats:
        """Return the number of served villages by seed, mean of the months."""
        return self.total("served_villages_share") * self._n

    def by_village(self, metric: str) -> pd.DataFrame:
        """Return the values by village, and of all towns together, (rows) and seed."""
        rows = self._wide.index.get_level_values
        return self._wide[(rows("metric") == metric) & (rows("group") != "")].droplevel(["metric", "group"])


USED = ("public_spending_yuan", "served_villages_share", "parcels_inside", "stations_share", "parcel_subsidy_yuan", "station_support_yuan")


def deadweight(base: _Side, side: _Side) -> tuple[Floats, Floats]:
    """Return by seed what was paid for what the baseline does too, and all that was paid, village by village.

    Of what was paid for a village's parcels that is the part of as many as the baseline hands over inside it, of what was paid for its
    station the part of as many days as the baseline has one.
    """
    wasted, paid = np.zeros(len(side.seeds)), np.zeros(len(side.seeds))
    for money, done in (("parcel_subsidy_yuan", "parcels_inside"), ("station_support_yuan", "stations_share")):
        yuan = side.by_village(money).fillna(0.0)
        own, before = (x.by_village(done).reindex(yuan.index).fillna(0.0).to_numpy(float) for x in (side, base))
        share = np.clip(before / np.where(own > 0, own, 1.0), 0.0, 1.0)
        wasted += (yuan.to_numpy(float) * np.where(own > 0, share, 0.0)).sum(axis=0)
        paid += yuan.to_numpy(float).sum(axis=0)
    return wasted, paid


def capital_of(task: Task) -> tuple[float, float]:
    """Return the public and the private capital in service on a run's last day, yuan at its price when new."""
    file = task.folder / "assets.parquet"
    if not file.is_file():
        return float("nan"), float("nan")
    assets = pd.read_parquet(file)
    assets = assets[assets["disposed_day"].isna()]
    price = assets["price_fen"].to_numpy(float)
    granted = assets["granted_fen"].fillna(0).to_numpy(float) if "granted_fen" in assets else np.zeros(len(assets))
    public = assets["owner"].astype(str).str.startswith(PUBLIC_OWNERS).to_numpy(bool)
    given = np.where(public, price, granted)
    return float(given.sum()) / 100, float((price - given).sum()) / 100


def households_of(task: Task) -> pd.DataFrame | None:
    """Return the sampled households of a run: household, remoteness, age, orders, surplus_yuan."""
    file = task.folder / "households.parquet"
    return pd.read_parquet(file).set_index("household") if file.is_file() else None


def better_off(base: Sequence[pd.DataFrame | None], side: Sequence[pd.DataFrame | None]) -> dict[tuple[str, str], Floats]:
    """Return by group the share of the sampled households that are better off than in the baseline, by pair."""
    out: dict[tuple[str, str], list[float]] = {}
    for a, b in zip(base, side, strict=True):
        if a is None or b is None or not len(a):
            continue
        orders = a["orders"].to_numpy(float)
        some = orders > 0
        better = (b["surplus_yuan"].reindex(a.index).to_numpy(float) - a["surplus_yuan"].to_numpy(float))[some] > BETTER_BY * orders[some]
        out.setdefault(("", ""), []).append(float(better.mean()) if len(better) else float("nan"))
        for group in ("remoteness", "age"):
            values = a[group].astype(str).to_numpy()[some]
            for value in sorted(set(values)):
                out.setdefault((group, value), []).append(float(better[values == value].mean()))
    return {key: np.array(shares) for key, shares in out.items()}
