"""Say what public money buys, what the two accounts come to, and how many agents changed by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.study.added import AGAINST
from sim.study.lasting import AFTER
from sim.study.lasting import GROUP as OUTCOME
from sim.study.lasting import METRIC as LASTING
from sim.study.verdict import kind_of, weak
from sim.text import Lang, MetricText, Words, both, change, known, measured, t, whole_share

SERVED = "served_villages_share"
SPENDING, VILLAGE, WASTED, LEVERAGE = "public_spending_yuan", "cost_per_new_village_yuan", "deadweight_share", "leverage"
COUNTY, NATION, HOUSEHOLDS, CHANGED = "net_benefit_county_yuan", "net_benefit_nation_yuan", "consumer_surplus_yuan", "agents_changed"
ACCOUNTS = (COUNTY, NATION)
PUBLIC_METRICS = (SPENDING, VILLAGE, WASTED, LEVERAGE, COUNTY, NATION, HOUSEHOLDS, CHANGED, LASTING)

Row = Mapping[Any, Any]
Rows = Mapping[tuple[str, ...], Row]


def public_lines(rows: Rows, catalogue: Mapping[str, MetricText], titles: Mapping[str, Words]) -> list[Words]:
    """Return the lines on one alternative; ``rows`` are its differences by (metric, group, value of group)."""
    lines = [_money(rows), *_added(rows, titles), _accounts(rows), _changed(rows), _lasts(rows, catalogue)]
    return [words for words in lines if words is not None]


def _added(rows: Rows, titles: Mapping[str, Words]) -> Iterator[Words | None]:
    """Yield what the money buys beside each scenario that has the alternative's other levers too."""
    for name in dict.fromkeys(value for _, group, value in rows if group == AGAINST):
        own: dict[tuple[str, ...], Row] = {
            (metric, "", ""): row for (metric, group, value), row in rows.items() if (group, value) == (AGAINST, name)
        }
        served = own.get((SERVED, "", ""))

        def more(lang: Lang, served: Row | None = served) -> str:
            return (
                t("brief.more_served", lang, amount=_moved(served, "share", lang)) if served is not None and known(served["mean"]) else ""
            )

        yield _money(own, titles[name], more)


def _money(rows: Rows, beside: Words | None = None, more: Callable[[Lang], str] | None = None) -> Words | None:
    """Return what was spent and what that buys: against the baseline, or ``beside`` another scenario, with ``more`` of it."""
    spent = rows.get((SPENDING, "", ""))
    if spent is None or not known(spent["mean"]) or not spent["mean"]:
        return None

    def text(lang: Lang) -> str:
        parts = [t("brief.spends", lang, amount=_moved(spent, "yuan", lang))]
        parts += [said for said in (more(lang) if more else "",) if said]
        village, wasted, leverage = (rows.get((name, "", "")) for name in (VILLAGE, WASTED, LEVERAGE))
        if village is not None:
            key = "per_village" if known(village["mean"]) else "per_village_undefined"
            parts.append(t(f"brief.{key}", lang, amount=value_of(village, "yuan", lang)))
        if wasted is not None and known(wasted["mean"]):
            parts.append(t("brief.wasted", lang, share=_marked(whole_share(wasted["mean"]), wasted, lang)))
        if leverage is not None and known(leverage["mean"]):
            parts.append(t("brief.leverage", lang, amount=value_of(leverage, "yuan", lang)))
        told = t("brief.semicolon", lang).join(parts)
        return t("brief.public", lang, parts=told) if beside is None else t("brief.beside", lang, scenario=beside.text(lang), parts=told)

    return both(text)


def _accounts(rows: Rows) -> Words | None:
    county, nation = (rows.get((name, "", "")) for name in (COUNTY, NATION))
    if county is None or nation is None or not known(county["mean"]) or not known(nation["mean"]):
        return None
    dearer = [row for (name, group, value), row in rows.items() if name == NATION and group == "funds_cost" and value != "0"]

    def text(lang: Lang) -> str:
        told = {"county": _moved(county, "yuan", lang), "nation": _moved(nation, "yuan", lang)}
        if dearer and known(dearer[0]["mean"]) and dearer[0]["mean"] != nation["mean"]:
            told["nation"] += t("brief.dearer", lang, amount=_moved(dearer[0], "yuan", lang), cost=dearer[0]["value_of_group"])
        return t("brief.accounts", lang, **told)

    return both(text)


def _changed(rows: Rows) -> Words | None:
    """Return how many agents of each kind changed by themselves: in the baseline, here, and the difference."""
    changed = {value: row for (name, group, value), row in rows.items() if name == CHANGED and group == "agent_kind"}
    changed = {kind: row for kind, row in changed.items() if known(row["value"]) and known(row["baseline"])}
    changed = {kind: row for kind, row in changed.items() if row["value"] or row["baseline"]}
    if not changed:
        return None

    def text(lang: Lang) -> str:
        items = []
        for kind, row in changed.items():
            told = {"before": f"{row['baseline']:,.0f}", "here": f"{row['value']:,.0f}", "moved": changed_text(row, lang)}
            items.append(t(f"brief.changed_{kind}", lang, **told))
        return t("brief.changed", lang, items=t("brief.semicolon", lang).join(items))

    return both(text)


def changed_text(row: Row, lang: Lang) -> str:
    """Return by how many more agents changed themselves than in the baseline, with the interval."""
    if kind_of(row) == "same":
        return t("brief.as_many", lang)
    return _moved(row, "", lang)


def _lasts(rows: Rows, catalogue: Mapping[str, MetricText]) -> Words | None:
    """Return which part of each effect is left 24 months after the measure's end."""
    lasts = {value: row for (name, group, value), row in rows.items() if name == LASTING and group == OUTCOME and value in catalogue}
    if not lasts:
        return None

    def text(lang: Lang) -> str:
        items = (f"{catalogue[metric].title.text(lang)} {value_of(row, 'share', lang)}" for metric, row in lasts.items())
        return t("brief.lasts", lang, months=AFTER, items=t("brief.semicolon", lang).join(items))

    return both(text)


def value_of(row: Row, unit: str, lang: Lang) -> str:
    """Return the value of a metric of pairs with its interval; words where it is undefined."""
    if not known(row["mean"]):
        return t("report.undefined", lang)
    value, spread = measured(row["mean"], row["low"], row["high"], unit, lang)
    return f"{_marked(value, row, lang)} {spread}".rstrip()


def _marked(value: str, row: Row, lang: Lang) -> str:
    """Return a value with the mark that tables give to what has no interval, where it has none."""
    return t("brief.weak", lang, value=value) if weak(row) else value


def _moved(row: Row, unit: str, lang: Lang) -> str:
    moved, spread = change(row["mean"], row["low"], row["high"], unit, lang)
    if weak(row):
        return _marked(moved, row, lang)
    clear = kind_of(row) in ("lowers", "raises", "same")
    return (
        moved
        + (f" {spread}" if spread.startswith("[") and row["low"] != row["high"] else "")
        + ("" if clear else t("brief.not_clear", lang))
    )
