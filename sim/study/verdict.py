"""Say in one sentence what an interval says, and no more."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.study.statistics import N_INTERVAL, N_MEAN
from sim.text import Lang, MetricText, Words, is_share, scaled, t, unit_text

FULL_SERVICE = "separate-full-service"
"""Name of the scenario in which separate operators give every village the service of the pooled ones."""

COSTS = ("cost_per_parcel_yuan", "resource_cost_yuan")
"""Metrics whose difference means something only beside the level of service."""


@dataclass(frozen=True)
class Verdict:
    """One sentence about one outcome of one alternative; ``against`` is the scenario it is compared with."""

    alternative: str
    against: str
    metric: str
    window: str
    words: Words


def verdicts(
    differences: pd.DataFrame,
    against: str,
    outcomes: Sequence[str],
    titles: Mapping[str, Words],
    catalogue: Mapping[str, MetricText],
) -> list[Verdict]:
    """Return the verdicts on the county's totals, by window, alternative and outcome."""
    totals = differences[differences["group"] == ""]
    found = []
    for window in ("settled", "transition"):
        for alternative in dict.fromkeys(totals["alternative"]):
            chosen = totals[(totals["alternative"] == alternative) & (totals["window"] == window)].set_index("metric")
            for metric in outcomes:
                if metric in chosen.index:
                    words = sentence(chosen.loc[metric].to_dict(), titles[alternative], catalogue[metric])
                    found.append(Verdict(alternative, against, metric, window, words))
    return found


def sentence(row: Mapping[Any, Any], scenario: Words, metric: MetricText) -> Words:
    """Return the sentence for one row of ``differences``."""
    return _in_both(lambda lang: _sentence(row, scenario.text(lang), metric, lang))


def _sentence(row: Mapping[Any, Any], scenario: str, metric: MetricText, lang: Lang) -> str:
    n, mean, low, high = int(row["n"]), float(row["mean"]), float(row["low"]), float(row["high"])
    values: dict[str, object] = {"scenario": scenario, "metric": metric.title.text(lang), "n": n, "needed": N_INTERVAL}
    if n == 0:
        return t("verdict.none", lang, **values)
    if n < N_MEAN:
        return t("verdict.one", lang, **values)
    same = round(float(row["same_sign_share"]) * n)
    if mean == 0.0 and same == n:
        return t("verdict.same", lang, **values)
    if math.isnan(low):
        size, _, _, unit = _written((mean, mean, mean), metric.unit, lang)
        return t("verdict.few", lang, **values, size=f"{size} {unit}".rstrip(), same=same)
    if low <= 0.0 <= high:
        size, first, last, unit = _written((mean, low, high), metric.unit, lang)
        return t("verdict.unclear", lang, **values, size=f"{size} {unit}".rstrip(), low=first, high=last)
    signs = t("verdict.all_signs" if same == n else "verdict.some_signs", lang, n=n, same=same)
    near, far = sorted((abs(low), abs(high)))
    size, first, last, unit = _written((abs(mean), near, far), metric.unit, lang)
    key = "verdict.lowers" if high < 0 else "verdict.raises"
    return t(key, lang, **values, size=f"{size} {unit}".rstrip(), low=first, high=last, signs=signs)


def _written(values: tuple[float, float, float], unit: str, lang: Lang) -> tuple[str, str, str, str]:
    """Return a size and its interval to the same decimals, three digits of the largest, and the unit."""
    largest = max(abs(value) for value in values)
    divisor, shown = scaled(unit, largest, lang) if is_share(unit) or largest >= 100_000 else (1.0, unit_text(unit, lang))
    decimals = 1 if is_share(unit) else max(0, 2 - math.floor(math.log10(largest / divisor))) if largest else 0
    first, second, third = (f"{round(value / divisor, decimals) + 0.0:,.{decimals}f}".replace("-", "\u2212") for value in values)
    return first, second, third, shown


def caveats(costs_shown: bool, reference: Words | None) -> tuple[Words, ...]:
    """Return what must stand beside the verdicts: the level of service of cost differences, and what intervals leave out.

    ``reference`` is the title of the full-service scenario, None where the study has none.
    """
    found = []
    if costs_shown and reference is not None:
        found.append(_in_both(lambda lang: t("verdict.service_level_both", lang, reference=reference.text(lang))))
    elif costs_shown:
        found.append(_in_both(lambda lang: t("verdict.service_level", lang)))
        found.append(_in_both(lambda lang: t("verdict.service_level_missing", lang, reference=FULL_SERVICE)))
    found.append(_in_both(lambda lang: t("verdict.seeds_only", lang)))
    return tuple(found)


def told(verdict: Verdict, baseline: str, titles: Mapping[str, Words]) -> Words:
    """Return a verdict as it stands in a list: what it is against and which window, where these are not the usual ones."""

    def text(lang: Lang) -> str:
        said = verdict.words.text(lang)
        if verdict.against != baseline:
            said = t("verdict.against_full", lang, reference=titles[verdict.against].text(lang), sentence=said)
        return t("verdict.in_transition", lang, sentence=said) if verdict.window == "transition" else said

    return _in_both(text)


def _in_both(text: Callable[[Lang], str]) -> Words:
    return Words(text("zh"), text("en"))
