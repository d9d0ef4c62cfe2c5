"""What the runs over the assumptions say: the range of each difference, what an outcome responds to, what would turn it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim import luck
from sim.metrics.catalogue import BY_NAME
from sim.study.hypercube import DEFAULT
from sim.study.statistics import Floats, difference, fill_booked
from sim.study.task import Task
from sim.study.uncertain import Uncertain
from sim.text import is_share

GROUPS = ("", "carrier", "remoteness", "age", "programme", "source", "account", "funds_cost")
"""Groups for which ranges are computed; single villages and townships are too many."""
KEYS = ["metric", "group", "value_of_group"]
SHARES = frozenset(metric.name for metric in BY_NAME.values() if is_share(metric.unit))
SHUFFLES, CONFIDENCE = 199, 0.95
MOST = 6
"""An outcome's responses are looked for until one is not clear, at most so many."""


@dataclass(frozen=True)
class Response:
    """How a difference goes with one assumption: ``rho`` is Spearman's rank correlation over the points; ``clear`` whether it is more than
    the largest that chance would show among all assumptions (95%)."""

    path: str
    rho: float
    clear: bool


@dataclass(frozen=True)
class Turning:
    """A difference with one assumption alone at the ends of its range, and the value at which its sign changes (None: inside nowhere)."""

    alternative: str
    metric: str
    path: str
    at_low: float
    at_default: float
    at_high: float
    value: float | None


def points_metrics(tasks: Sequence[Task]) -> pd.DataFrame:
    """Return the metrics of runs over the assumptions: columns scenario, point, seed, KEYS, value, denominator."""
    frames = []
    for task in tasks:
        frame = pd.read_parquet(task.folder / "metrics.parquet")
        frame[["group", "value_of_group"]] = frame[["group", "value_of_group"]].fillna("")
        frame = frame[(frame["period"] == "all") & frame["group"].isin(GROUPS)]
        frames.append(frame.assign(scenario=task.scenario.name, point=task.point, seed=task.seed))
    whole = pd.concat(frames, ignore_index=True)
    return whole[["scenario", "point", "seed", *KEYS, "value", "denominator", "n"]]


def point_differences(metrics: pd.DataFrame, baseline: str, alternative: str) -> pd.DataFrame:
    """Return the differences to the baseline, means over the seeds, a row for each of KEYS and a column for each point."""
    wide = metrics.astype({"value": float}).set_index(["scenario", *KEYS, "point", "seed"])["value"]
    base, own = (wide.loc[name].unstack(["point", "seed"], sort=False) for name in (baseline, alternative))
    base, own = base.align(own, join="outer")
    a, b = base.to_numpy(float, copy=True), own.to_numpy(float, copy=True)
    shares = np.array([metric in SHARES for metric in base.index.get_level_values("metric")], np.bool_)
    for values in (a, b):
        fill_booked(values, base.index, shares)
    d = pd.DataFrame(difference(a, b), base.index, base.columns)
    means: pd.DataFrame = d.T.groupby(level="point", sort=False).mean().T
    return means


def grows_with_days(metrics: pd.DataFrame) -> set[str]:
    """Return the metrics that are totals over the days of a run, as distinct from rates, shares, quantiles and indices."""
    known = metrics[metrics["metric"].map(lambda name: BY_NAME[name].denominator == "1" if name in BY_NAME else False)]
    return set(known.loc[known["denominator"].notna(), "metric"])


def of_county(d: pd.DataFrame, metric: str) -> pd.Series[float]:
    """Return the county's differences in a metric, by point."""
    rows: Any = d.loc
    row: pd.Series[float] = rows[(metric, "", "")]
    return row


def with_ranges(table: pd.DataFrame, points: Mapping[str, pd.DataFrame], totals: set[str], days: float) -> pd.DataFrame:
    """Return the settled differences with the smallest and largest over the points as ``parameter_low`` and ``parameter_high``.

    ``days`` is how many times longer the study's runs are than those over the assumptions: ``totals`` are multiplied by it.
    """
    ends = []
    for alternative, d in points.items():
        factor = np.where(d.index.get_level_values("metric").isin(totals), days, 1.0)
        frame = pd.DataFrame({"parameter_low": d.min(axis=1) * factor, "parameter_high": d.max(axis=1) * factor}).reset_index()
        ends.append(frame.assign(alternative=alternative, window="settled"))
    where = ["alternative", "window", *KEYS]
    found = table[where].merge(pd.concat(ends), how="left", on=where)
    return table.assign(parameter_low=found["parameter_low"].to_numpy(float), parameter_high=found["parameter_high"].to_numpy(float))


def responses(x: Floats, y: Floats, paths: Sequence[str], seed: int = 1) -> list[Response]:
    """Return the assumptions that ``y`` (n,) goes with, strongest first: a stepwise regression of ranks on the points ``x`` (n, paths).

    Each step takes the assumption whose rank correlates most with what the former ones leave over; it ends after the first that is not
    clear, so that there is always a strongest one. ``y`` without any difference has none.
    """
    rank = _standard(pd.DataFrame(x).rank().to_numpy(float))
    left = _standard(pd.Series(y).rank().to_numpy(float)[:, None])[:, 0]
    if not left.any() or not rank.any():
        return []
    whole, found, taken = left, [], rank[:, :0]
    rows = np.arange(len(y), dtype=np.uint64)
    for step in range(min(MOST, len(y) - 3)):
        basis: Floats = np.linalg.qr(taken)[0].astype(float)
        own = _standard(rank - basis @ (basis.T @ rank))
        against = _standard((left - basis @ (basis.T @ left))[:, None])[:, 0]
        strength = np.abs(own.T @ against)
        best = int(np.argmax(strength))
        chance = [
            np.abs(own.T @ against[np.argsort(luck.uniform(seed, "shuffle", step, rows, shuffle))]).max() for shuffle in range(SHUFFLES)
        ]
        clear = bool(strength[best] > np.quantile(chance, CONFIDENCE))
        found.append(Response(paths[best], float(rank[:, best] @ whole), clear))
        if not clear:
            break
        taken = np.column_stack([taken, rank[:, best]])
    return found


def _standard(columns: npt.NDArray[Any]) -> Floats:
    """Return columns with mean 0 and length 1; those without any variation are 0."""
    off = columns - columns.mean(axis=0)
    length = np.sqrt((off**2).sum(axis=0))
    return np.where(length > 1e-9, off / np.where(length > 1e-9, length, 1.0), 0.0)


def turning(alternative: str, metric: str, assumption: Uncertain, at_low: float, at_default: float, at_high: float) -> Turning:
    """Return where a difference changes its sign between an assumption's own value and an end, by a straight line between the two."""
    value = None
    for end, there in ((assumption.low, at_low), (assumption.high, at_high)):
        if value is None and at_default * there < 0:
            value = assumption.value + (end - assumption.value) * at_default / (at_default - there)
    return Turning(alternative, metric, assumption.path, at_low, at_default, at_high, value)


def strongest(
    d: pd.DataFrame, metric: str, found: Sequence[Uncertain], points: Mapping[str, Mapping[str, float]], seed: int
) -> list[Response]:
    """Return what the county's difference in ``metric`` responds to, from ``d`` (KEYS x points)."""
    names = [name for name in points if name != DEFAULT]
    if (metric, "", "") not in d.index or not found:
        return []
    y = np.asarray(of_county(d, metric)[names], np.float64)
    if np.isnan(y).any():
        return []
    x = np.array([[points[name][u.path] for u in found] for name in names], float)
    return responses(x, y, [u.path for u in found], seed)


def turnings(
    d: pd.DataFrame, alternative: str, metrics: Sequence[str], assumptions: Sequence[Uncertain], totals: set[str], days: float
) -> list[Turning]:
    """Return, for each outcome and each assumption run alone at its ends, where the county's difference turns."""
    out = []
    for metric in metrics:
        if (metric, "", "") not in d.index:
            continue
        row = of_county(d, metric) * (days if metric in totals else 1.0)
        for u in assumptions:
            values = [float(row.get(point, np.nan)) for point in (f"{u.path}.low", DEFAULT, f"{u.path}.high")]
            if not any(np.isnan(values)):
                out.append(turning(alternative, metric, u, *values))
    return out
