"""Say in a few lines what each alternative does: cost, service, who gains and loses; and what it costs at equal service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.study.added import AGAINST
from sim.study.lasting import GROUP as LASTS
from sim.study.public import ACCOUNTS, PUBLIC_METRICS, SERVED, public_lines
from sim.study.statistics import differences
from sim.study.verdict import COSTS, FULL_SERVICE, OF_PAIRS, kind_of, several
from sim.text import Lang, MetricText, Words, both, change, t, value_text, whole_share
from sim.text import share as share_text

COST_LINE = (*COSTS, "vehicle_km", "co2_kg_per_parcel")
SERVICE_LINE = ("village_coverage", "served_villages_share", "pickup_km", "delivery_hours_mean", "within_48h_share")
STOCK = "produce_stock_kg"
"""Told beside farmers' income where it clearly differs: what is not sold yet has brought none."""
FARM_LINE = ("farmer_income_yuan", STOCK, "produce_up_kg", "online_share", "produce_loss_share")
"""Told wherever a study has produce, whatever its outcomes."""
PROFIT, COVERAGE = "carrier_profit_yuan", "village_coverage"
REMOTENESS = ("near", "middle", "far")
AS_MUCH = 0.01
"""An alternative gives as much service as another where it hands over at most this share less of the parcels inside the villages."""

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Brief:
    """What one alternative does, in two or three lines."""

    alternative: str
    window: str
    title: Words
    lines: tuple[Words, ...]


def briefs(
    table: pd.DataFrame,
    outcomes: Sequence[str],
    titles: Mapping[str, Words],
    catalogue: Mapping[str, MetricText],
    operators: Mapping[str, Words],
    n: int,
) -> list[Brief]:
    """Return a brief for each window and alternative of ``table`` (differences to the baseline); ``n`` is the number of replications."""
    wanted = {*outcomes, *FARM_LINE, PROFIT, COVERAGE, SERVED, *PUBLIC_METRICS}
    chosen = table[
        table["metric"].isin(wanted) & table["group"].isin(["", "carrier", "remoteness", "funds_cost", "agent_kind", AGAINST, LASTS])
    ]
    rows: dict[tuple[str, ...], Row] = {
        (r["window"], r["alternative"], r["metric"], r["group"], r["value_of_group"]): r for r in chosen.to_dict("records")
    }
    found = []
    for window in ("settled", "transition"):
        for name in dict.fromkeys(alternative for at, alternative, *_ in rows if at == window):
            told = [metric for metric in outcomes if metric not in OF_PAIRS]
            totals = {metric: rows[key] for metric in told if (key := (window, name, metric, "", "")) in rows}
            own = {key[2:]: row for key, row in rows.items() if key[:2] == (window, name)}
            named = totals | {metric: own[metric, "", ""] for metric in (*FARM_LINE, *ACCOUNTS) if (metric, "", "") in own}
            if STOCK in named and kind_of(named[STOCK]) not in ("lowers", "raises"):
                del named[STOCK]
            lines = [
                line
                for key, metrics in (("cost", COST_LINE), ("service", SERVICE_LINE), ("farmers", FARM_LINE))
                if (line := _line(key, {metric: named[metric] for metric in metrics if metric in named}, catalogue)) is not None
            ]
            profits = {words: rows[key] for who, words in operators.items() if (key := (window, name, PROFIT, "carrier", who)) in rows}
            villages = {at: rows[key] for at in REMOTENESS if (key := (window, name, COVERAGE, "remoteness", at)) in rows}
            lines += [line for line in (_who(profits), _villages(villages)) if line is not None]
            lines += public_lines(own, catalogue, titles)
            for kind in ("few", "one"):
                unknown = [catalogue[metric].title for metric, row in named.items() if kind_of(row) == kind]
                if unknown:
                    lines.append(several(kind, titles[name], unknown, n))
            found.append(Brief(name, window, titles[name], tuple(lines)))
    return found


def equal_service(metrics: pd.DataFrame, titles: Mapping[str, Words], catalogue: Mapping[str, MetricText], base: str) -> tuple[Words, ...]:
    """Return what the alternatives cost beside separate operators that give the full service, those that give less of it apart.

    ``metrics`` are those of the runs' whole periods; nothing is returned where no scenario is that of the full service.
    """
    metric = next((name for name in COSTS if name in catalogue), None)
    rest = [name for name in titles if name not in (base, FULL_SERVICE)]
    if metric is None or FULL_SERVICE not in titles or not rest:
        return ()
    totals = metrics[(metrics["group"] == "") & (metrics["window"] == "settled") & metrics["metric"].isin([metric, COVERAGE])]
    better = {name: text.better for name, text in catalogue.items()}
    rows = {(r["metric"], r["alternative"]): r for r in differences(totals, FULL_SERVICE, rest, better).to_dict("records")}
    equal: list[tuple[Words, Row]] = []
    less: list[tuple[Words, Row]] = []
    for name in rest:
        if (metric, name) not in rows:
            continue
        service = rows.get((COVERAGE, name))
        (equal if service is not None and float(service["mean"]) >= -AS_MUCH else less).append((titles[name], rows[metric, name]))
    found = []
    for key, several_of in (("equal_service", equal), ("less_service", less)):
        if several_of:

            def text(lang: Lang, key: str = key, several_of: list[tuple[Words, Row]] = several_of) -> str:
                items = _joined((_item(words, row, catalogue[metric].unit, lang) for words, row in several_of), lang)
                return t(
                    f"brief.{key}", lang, reference=titles[FULL_SERVICE].text(lang), metric=catalogue[metric].title.text(lang), items=items
                )

            found.append(both(text))
    return tuple(found)


def _line(key: str, rows: Mapping[str, Row], catalogue: Mapping[str, MetricText]) -> Words | None:
    """Return the clear changes of a group of outcomes, then those without a clear effect and those without any."""

    def text(lang: Lang) -> str:
        parts = []
        clear = [name for name, row in rows.items() if kind_of(row) in ("lowers", "raises")]
        if clear:
            items = []
            for name in clear:
                item = _item(catalogue[name].title, rows[name], catalogue[name].unit, lang)
                items.append(item + (_relative(rows[name], lang) if name in COSTS else ""))
            parts.append(_joined(items, lang))
        for kind in ("unclear", "same"):
            names = [catalogue[name].title.text(lang) for name, row in rows.items() if kind_of(row) == kind]
            if names:
                parts.append(t(f"brief.{kind}", lang, metrics=_joined(names, lang)))
        return t(f"brief.{key}", lang, parts=t("brief.semicolon", lang).join(parts)) if parts else ""

    return _unless_empty(both(text))


def _who(profits: Mapping[Words, Row]) -> Words | None:
    """Return which operators gain, which lose, of which nothing is sure and to whom it is the same; nothing where none gains or loses."""

    def text(lang: Lang) -> str:
        parts = []
        for key, kind in (("gain", "raises"), ("lose", "lowers")):
            own = sorted(((words, row) for words, row in profits.items() if kind_of(row) == kind), key=lambda pair: -abs(pair[1]["mean"]))
            if own:
                items = (f"{words.text(lang)} {change(row['mean'], None, None, 'yuan', lang)[0]}" for words, row in own)
                parts.append(t(f"brief.{key}", lang, items=_joined(items, lang)))
        for key, kind in (("unsure", "unclear"), ("same_for", "same")):
            names = [words.text(lang) for words, row in profits.items() if kind_of(row) == kind]
            if names and parts:
                parts.append(t(f"brief.{key}", lang, items=_joined(names, lang)))
        return t("brief.who", lang, parts=t("brief.semicolon", lang).join(parts)) if parts else ""

    return _unless_empty(both(text))


def _villages(rows: Mapping[str, Row]) -> Words | None:
    """Return the change in each third of the villages, where one is clear, and of which nothing is sure."""
    if not any(kind_of(row) in ("lowers", "raises") for row in rows.values()):
        return None

    def text(lang: Lang) -> str:
        items = []
        for at, row in rows.items():
            sure = "" if kind_of(row) in ("lowers", "raises", "same") else t("brief.not_clear", lang)
            items.append(f"{value_text('remoteness', at, lang)} {change(row['mean'], None, None, 'share', lang)[0]}{sure}")
        return t("brief.villages", lang, items=_joined(items, lang))

    return both(text)


def _item(name: Words, row: Row, unit: str, lang: Lang) -> str:
    moved, spread = change(row["mean"], row["low"], row["high"], unit, lang)
    return f"{name.text(lang)} {moved}" + (f" {spread}" if spread.startswith("[") else "")


def _relative(row: Row, lang: Lang) -> str:
    if not row["baseline"]:
        return ""
    share = row["mean"] / row["baseline"]
    told = whole_share(share) if abs(share) >= 0.01 else share_text(share)
    return t("brief.relative", lang, share=("+" if share > 0 else "") + told.replace("-", "\u2212"))


def _joined(items: Iterable[str], lang: Lang) -> str:
    return t("verdict.joiner", lang).join(items)


def _unless_empty(words: Words) -> Words | None:
    return words if words.en else None
