"""Say in one sentence what an interval says, and no more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.metrics.catalogue import PAIRS
from sim.scenario.explain import differing
from sim.scenario.model import Scenario
from sim.study.statistics import N_INTERVAL, N_MEAN
from sim.text import Lang, MetricText, Words, both, decimals_of, is_share, say, scaled, t, unit_text

FULL_SERVICE = "separate-full-service"
"""Name of the scenario in which separate operators give every village the service of the pooled ones."""

COSTS = ("cost_per_parcel_yuan", "resource_cost_yuan")
"""Metrics whose difference means something only beside the level of service."""


NAMED = 5
"""Differences from the baseline that a sentence names."""

OF_PAIRS = frozenset(metric.name for metric in PAIRS)
"""Values of a scenario against the baseline: nothing that it lowers or raises."""


@dataclass(frozen=True)
class Verdict:
    """One sentence about one outcome of one alternative; ``against`` is the scenario it is compared with.

    ``kind`` is lowers or raises where the interval leaves out 0, unclear, same (no replication differs), few or one (too few
    replications), or none (no value).
    """

    alternative: str
    against: str
    metric: str
    window: str
    kind: str
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
                if metric in chosen.index and metric not in OF_PAIRS:
                    row = chosen.loc[metric].to_dict()
                    words = sentence(row, titles[alternative], catalogue[metric])
                    found.append(Verdict(alternative, against, metric, window, kind_of(row), words))
    return found


def sentence(row: Mapping[Any, Any], scenario: Words, metric: MetricText) -> Words:
    """Return the sentence for one row of ``differences``."""
    return both(lambda lang: _sentence(row, scenario.text(lang), metric, lang))


def kind_of(row: Mapping[Any, Any]) -> str:
    """Return which kind of sentence a row of ``differences`` allows."""
    n, mean, low, high = int(row["n"]), float(row["mean"]), float(row["low"]), float(row["high"])
    if n < N_MEAN:
        return "one" if n else "none"
    if mean == 0.0 and float(row["same_sign_share"]) == 1.0:
        return "same"
    if math.isnan(low):
        return "few"
    return "lowers" if high < 0.0 else "raises" if low > 0.0 else "unclear"


def weak(row: Mapping[Any, Any]) -> bool:
    """Return whether a row of ``differences`` has too few replications for an interval."""
    return kind_of(row) in ("few", "one")


def _sentence(row: Mapping[Any, Any], scenario: str, metric: MetricText, lang: Lang) -> str:
    n, mean, low, high = int(row["n"]), float(row["mean"]), float(row["low"]), float(row["high"])
    kind = kind_of(row)
    values: dict[str, object] = {"scenario": scenario, "metric": metric.title.text(lang), "n": n, "needed": N_INTERVAL}
    if kind in ("none", "one", "same"):
        return t(f"verdict.{kind}", lang, **values)
    same = round(float(row["same_sign_share"]) * n)
    numbers = (mean, mean, mean) if kind == "few" else (mean, low, high)
    if kind in ("lowers", "raises"):
        near, far = sorted((abs(low), abs(high)))
        numbers = (abs(mean), near, far)
    size, first, last, unit = _written(numbers, metric.unit, lang)
    values |= {"size": f"{size} {unit}".rstrip(), "low": first, "high": last, "same": same}
    values["signs"] = t("verdict.all_signs" if same == n else "verdict.some_signs", lang, n=n, same=same)
    return t(f"verdict.{kind}", lang, **values)


def _written(values: tuple[float, float, float], unit: str, lang: Lang) -> tuple[str, str, str, str]:
    """Return a size and its interval to the same decimals, three digits of the largest, and the unit."""
    largest = max(abs(value) for value in values)
    divisor, shown = scaled(unit, largest, lang) if is_share(unit) or largest >= 100_000 else (1.0, unit_text(unit, lang))
    decimals = max(decimals_of(largest / divisor, (values[1] / divisor, values[2] / divisor), is_share(unit)), 0)
    first, second, third = (f"{round(value / divisor, decimals) + 0.0:,.{decimals}f}".replace("-", "\u2212") for value in values)
    return first, second, third, shown


def caveats(costs_shown: bool, reference: Words | None, varied: bool = False) -> tuple[Words, ...]:
    """Return what must stand beside the verdicts: the level of service of cost differences, and what intervals leave out.

    ``reference`` is the title of the full-service scenario, None where the study has none; ``varied`` says that
    assumptions were varied.
    """
    found = []
    if costs_shown and reference is not None:
        found.append(both(lambda lang: t("verdict.service_level_both", lang, reference=reference.text(lang))))
    elif costs_shown:
        found.append(both(lambda lang: t("verdict.service_level", lang)))
        found.append(both(lambda lang: t("verdict.service_level_missing", lang, reference=FULL_SERVICE)))
    found.append(both(lambda lang: t("verdict.two_ranges" if varied else "verdict.seeds_only", lang)))
    return tuple(found)


def uneven(scenarios: Sequence[Scenario]) -> tuple[Words, ...]:
    """Return a sentence for each alternative whose parameters or operators are not the baseline's, which comes first."""
    found = []
    base, *others = ({key: s.resolved().get(key) for key in ("operators", "parameters")} for s in scenarios)
    for scenario, own in zip(scenarios[1:], others, strict=True):
        lines = differing(base, own, "")
        if lines:
            shown = "; ".join(lines[:NAMED]) + ("; …" if len(lines) > NAMED else "")
            found.append(say("verdict.uneven", scenario=scenario.words, shown=shown))
    return tuple(found)


def told(verdict: Verdict, baseline: str, titles: Mapping[str, Words]) -> Words:
    """Return a verdict as it stands in a list: what it is against and which window, where these are not the usual ones."""

    def text(lang: Lang) -> str:
        said = verdict.words.text(lang)
        if verdict.against != baseline:
            said = t("verdict.against_full", lang, reference=titles[verdict.against].text(lang), sentence=said)
        return t("verdict.in_transition", lang, sentence=said) if verdict.window == "transition" else said

    return both(text)


def gathered(
    found: Sequence[Verdict], baseline: str, titles: Mapping[str, Words], catalogue: Mapping[str, MetricText], n: int
) -> list[Words]:
    """Return verdicts to read one after another: each clear one, then in one sentence a kind the outcomes without a clear effect.

    ``n`` is the number of replications.
    """
    lines = []
    groups = dict.fromkeys((verdict.window, verdict.against, verdict.alternative) for verdict in found)
    for window, against, alternative in groups:
        own = [v for v in found if (v.window, v.against, v.alternative) == (window, against, alternative)]
        lines += [told(verdict, baseline, titles) for verdict in own if verdict.kind in ("lowers", "raises")]
        for kind in ("unclear", "same", "few", "one", "none"):
            names = [catalogue[verdict.metric].title for verdict in own if verdict.kind == kind]
            if names:
                lines.append(
                    told(Verdict(alternative, against, "", window, kind, several(kind, titles[alternative], names, n)), baseline, titles)
                )
    return lines


def several(kind: str, scenario: Words, names: Sequence[Words], n: int) -> Words:
    """Return one sentence for several outcomes of a kind; ``n`` is the number of replications."""

    def text(lang: Lang) -> str:
        joined = t("verdict.joiner", lang).join(name.text(lang) for name in names)
        return t(f"verdict.several_{kind}", lang, scenario=scenario.text(lang), metrics=joined, n=n, needed=N_INTERVAL)

    return both(text)
