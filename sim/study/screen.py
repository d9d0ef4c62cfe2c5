"""Say of every further clear verdict whether an assumption would turn it, and which ranges miss the study's own estimate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.study.assumed import Response, Turning
from sim.study.hinge import rounded
from sim.study.statistics import LAST_BITS, Floats
from sim.study.uncertain import Uncertain
from sim.study.verdict import kind_of
from sim.text import Lang, MetricText, Words, both, t, written

Row = Mapping[Any, Any]


def signed(rows: Mapping[str, Row]) -> dict[str, int]:
    """Return the sign of every clear verdict of an alternative's ``rows`` by metric."""
    kinds = {metric: kind_of(row) for metric, row in rows.items()}
    return {metric: -1 if kind == "lowers" else 1 for metric, kind in kinds.items() if kind in ("lowers", "raises")}


def keeping(signs: Mapping[str, int], over_points: Mapping[str, Floats]) -> dict[str, tuple[int, int]]:
    """Return of each verdict at how many of the points the difference has its sign, and how many points there are."""
    return {
        metric: (int((np.sign(over_points[metric]) == sign).sum()), len(over_points[metric]))
        for metric, sign in signs.items()
        if len(over_points.get(metric, ()))
    }


def screen(
    scenario: Words,
    kept: Mapping[str, tuple[int, int]],
    responses: Mapping[str, Sequence[Response]],
    turnings: Iterable[Turning],
    signs: Mapping[str, int],
    catalogue: Mapping[str, MetricText],
    assumptions: Mapping[str, Uncertain],
) -> tuple[Words, ...]:
    """Return the sentences on one alternative's further clear verdicts: those that some combination turns, those that one assumption does.

    ``kept`` is what ``keeping`` says of them, ``responses`` what each goes with, ``turnings`` those of the assumptions run alone.
    """
    if not kept:
        return ()
    turned = {metric: counts for metric, counts in kept.items() if counts[0] < counts[1]}

    def over_all(lang: Lang) -> str:
        told = {"scenario": scenario.text(lang), "of": len(kept), "n": max(n for _, n in kept.values())}
        if not turned:
            return t("assumed.others_hold", lang, **told)
        items = []
        for metric, (same, n) in turned.items():
            by = next((assumptions[r.path].name.text(lang) for r in responses.get(metric, ()) if r.clear), "")
            goes = t("assumed.goes_with", lang, parameter=by) if by else ""
            items.append(t("assumed.other", lang, metric=catalogue[metric].title.text(lang), same=same, n=n, goes=goes))
        told |= {"items": t("brief.semicolon", lang).join(items)}
        return t("assumed.others_turn", lang, hold=len(kept) - len(turned), **told)

    alone: dict[str, list[Turning]] = {}
    for turn in turnings:
        if turn.metric in kept and turn.value is not None and np.sign(turn.at_default) == signs[turn.metric]:
            alone.setdefault(turn.path, []).append(turn)

    def by_one(lang: Lang) -> str:
        items = []
        for path, turned_by in alone.items():
            u, names = assumptions[path], []
            for turn in turned_by:
                assert turn.value is not None
                told = {"metric": catalogue[turn.metric].title.text(lang), "value": written(rounded(turn.value, u), u.unit, lang)}
                names.append(t("assumed.other_above" if turn.value > u.value else "assumed.other_below", lang, **told))
            items.append(t("assumed.turns_others", lang, parameter=u.name.text(lang), metrics=t("verdict.joiner", lang).join(names)))
        return t("assumed.alone_others", lang, scenario=scenario.text(lang), items=t("brief.semicolon", lang).join(items))

    return tuple(both(text) for text in (over_all, by_one) if text is over_all or alone)


def outside(row: Row) -> bool:
    """Return whether a range over the assumptions was computed and does not hold the study's own mean difference."""
    low, high, mean = (float(row[name]) if row.get(name) is not None else np.nan for name in ("parameter_low", "parameter_high", "mean"))
    slack = LAST_BITS * max(abs(low), abs(high), abs(mean)) if not np.isnan(low + high + mean) else 0.0
    return bool(mean < low - slack or mean > high + slack)


def missed(
    rows: Mapping[str, Mapping[str, Row]], titles: Mapping[str, Words], catalogue: Mapping[str, MetricText], days: int | None
) -> Words | None:
    """Return which outcomes' ranges miss the study's own estimate, None where all hold it.

    ``rows`` are the outcomes' differences by alternative and metric, ``days`` how long those over the assumptions ran (None: not at all).
    """
    found = {name: [metric for metric, row in own.items() if outside(row)] for name, own in rows.items()}
    found = {name: metrics for name, metrics in found.items() if metrics}
    if not found:
        return None

    def text(lang: Lang) -> str:
        items = []
        for name, metrics in found.items():
            names = t("verdict.joiner", lang).join(catalogue[metric].title.text(lang) for metric in metrics)
            items.append(t("assumed.of_alternative", lang, scenario=titles[name].text(lang), metrics=names))
        told = {"days": days, "items": t("brief.semicolon", lang).join(items)}
        return t("assumed.missed_planned" if days is None else "assumed.missed", lang, **told)

    return both(text)
