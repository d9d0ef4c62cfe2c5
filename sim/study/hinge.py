"""Say which assumption would turn a verdict, or that none does by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.study.assumed import Response, Turning
from sim.study.statistics import Floats
from sim.study.uncertain import Uncertain
from sim.text import LANGUAGES, Lang, MetricText, Words, change, t, written

SHOWN = 3
"""Assumptions named where none turns a verdict: those that move it most, down to a share of the first."""
LEAST = 0.1
ENOUGH = 48
"""Points that name an assumption with half of the variance (docs/accounts.md)."""


def hinge(
    scenario: Words,
    metric: MetricText,
    kind: str,
    turnings: Sequence[Turning],
    found: Sequence[Response],
    over_points: Floats,
    assumptions: Mapping[str, Uncertain],
    alone: int,
) -> tuple[Words, ...]:
    """Return the sentences on what would turn one alternative's verdict, whose ``kind`` is that of its seed interval.

    ``turnings`` are those of this outcome; ``over_points`` (n,) are its differences over the points of the hypercube, at which all
    ``assumptions`` move together; ``alone`` is how many of them were run alone.
    """
    told: dict[str, object] = {"scenario": scenario, "metric": metric.title}
    turnings = sorted(turnings, key=lambda turn: -abs(turn.at_high - turn.at_low))
    if not found:
        return (_words("nothing_responds", told),)
    if kind not in ("lowers", "raises"):
        return (_words("no_verdict", told),)
    sign = -1 if kind == "lowers" else 1
    lines = []
    turned = [turning for turning in turnings if turning.value is not None and np.sign(turning.at_default) == sign]
    for turning in turned:
        u, value = assumptions[turning.path], turning.value
        assert value is not None
        told_of = told | {"parameter": u.name, "value": _value(u, rounded(value, u)), "default": _value(u, u.value)}
        told_of |= {"low": _value(u, u.low), "high": _value(u, u.high), "turned": _key("turned_up" if kind == "lowers" else "turned_down")}
        lines.append(_words("turns_above" if value > u.value else "turns_below", told_of))
    if not turned:
        told_of = told | {"alone": alone, "of": len(assumptions)}
        told_of |= {"parameters": _ends(turnings, found, metric, assumptions, len(over_points)), "sure": _sure(found, len(over_points))}
        lines.append(_words("none_turns" if alone else "none_alone", told_of))
    if len(over_points):
        low, high = float(over_points.min()), float(over_points.max())
        ends = {"low": _change(low, metric.unit), "high": _change(high, metric.unit)}
        lines.append(_words("combinations", {"n": len(over_points), "same": int((np.sign(over_points) == sign).sum()), **ends}))
    return tuple(lines)


def _ends(
    turnings: Sequence[Turning], found: Sequence[Response], metric: MetricText, assumptions: Mapping[str, Uncertain], n: int
) -> Callable[[Lang], str]:
    """Return the assumptions run alone at their ends with the differences there; those only responded to, by name."""

    def text(lang: Lang) -> str:
        items = []
        most = max((abs(turning.at_high - turning.at_low) for turning in turnings), default=0.0)
        for turning in turnings[:SHOWN]:
            if abs(turning.at_high - turning.at_low) < LEAST * most:
                break
            u = assumptions[turning.path]
            at_low, at_high = (change(value, None, None, metric.unit, lang)[0] for value in (turning.at_low, turning.at_high))
            ends = {"low": _value(u, u.low)(lang), "high": _value(u, u.high)(lang)}
            items.append(t("assumed.end", lang, parameter=u.name.text(lang), at_low=at_low, at_high=at_high, **ends))
        if items:
            return t("brief.semicolon", lang).join(items)
        names = [assumptions[response.path].name.text(lang) for response in found]
        return t("brief.semicolon", lang).join(names) + ("" if _named(found) else t("assumed.unclear_response", lang, samples=n))

    return text


def _named(found: Sequence[Response]) -> bool:
    return any(response.clear for response in found)


def _sure(found: Sequence[Response], n: int) -> Callable[[Lang], str]:
    """Return that the points name no assumption for certain, and how many would; nothing where they do."""

    def text(lang: Lang) -> str:
        more = t("assumed.more_points", lang, wanted=ENOUGH) if n < ENOUGH else ""
        return "" if _named(found) else t("assumed.unsure", lang, samples=n, more=more)

    return text


def _value(u: Uncertain, value: float) -> Callable[[Lang], str]:
    return lambda lang: written(value, u.unit, lang)


def rounded(value: float, u: Uncertain) -> float:
    """Return a value to two digits of its assumption's range: a straight line between two runs knows no more."""
    decimals = 1 - int(np.floor(np.log10(u.high - u.low)))
    return round(value, decimals)


def _change(value: float, unit: str) -> Callable[[Lang], str]:
    return lambda lang: change(value, None, None, unit, lang)[0]


def _key(name: str) -> Callable[[Lang], str]:
    return lambda lang: t(f"assumed.{name}", lang)


def _words(key: str, values: Mapping[str, object]) -> Words:
    """Return ``assumed.<key>`` in both languages; values that are words or functions of the language are written in each."""
    texts = {}
    for lang in LANGUAGES:
        filled = {
            name: value.text(lang) if isinstance(value, Words) else value(lang) if callable(value) else value
            for name, value in values.items()
        }
        texts[lang] = t(f"assumed.{key}", lang, **filled)
    return Words(**texts)
