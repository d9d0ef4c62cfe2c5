"""Numbers as the page shows them: the library's values, with its own texts beside them in both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.text import LANGUAGES, MetricText, change, meaning, quantity

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.task import Task


def numbers(tasks: Sequence[Task], names: Sequence[str], outcomes: Sequence[str]) -> list[dict[str, Any]]:
    """Return the county's totals of ``outcomes`` over the runs of ``tasks``: the first name is the baseline."""
    from sim.study.compare import catalogue_of, metrics_of
    from sim.study.statistics import differences

    metrics = metrics_of(tasks).astype({"metric": str, "unit": str, "group": str, "period": str})
    metrics = metrics[(metrics["period"] == "all") & (metrics["group"] == "") & metrics["metric"].isin(outcomes)]
    catalogue = catalogue_of(metrics)
    table = differences(metrics, names[0], names[1:], {name: text.better for name, text in catalogue.items()})
    table = table.assign(_order=table["metric"].map({name: i for i, name in enumerate(outcomes)})).sort_values("_order", kind="stable")
    return rows(table.drop(columns="_order"), catalogue)


def rows(table: pd.DataFrame, catalogue: Mapping[str, MetricText]) -> list[dict[str, Any]]:
    """Return rows of ``study.differences()`` as plain data, each with what is written for people in ``text``."""
    return [_row(row, catalogue[row["metric"]]) for row in table.to_dict("records")]


def _row(row: Mapping[Any, Any], metric: MetricText) -> dict[str, Any]:
    value = {name: _number(row[name]) for name in ("baseline", "value", "mean", "low", "high", "same_sign_share")}
    text = {}
    for lang in LANGUAGES:
        moved, spread = change(value["mean"], value["low"], value["high"], metric.unit, lang)
        text[lang] = {
            "title": metric.title.text(lang),
            "meaning": meaning(row["metric"], lang),
            "baseline": quantity(value["baseline"], metric.unit, lang),
            "value": quantity(value["value"], metric.unit, lang),
            "change": moved,
            "interval": spread,
        }
    about = {name: row[name] for name in ("alternative", "metric", "unit", "group", "value_of_group", "window", "better")}
    return {**about, **value, "n": int(row["n"]), "text": text}


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)
