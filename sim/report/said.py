"""Say in a sentence what each figure of produce shows: means of the replications, no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from sim.figures import adoption, harvest, income, losses
from sim.figures.select import TOTAL, mean_over_seeds
from sim.text import DASH, Lang, Words, known, number, quantity, share, t, value_text

Titles = Mapping[str, Words]


def losses_said(metrics: pd.DataFrame, titles: Titles, lang: Lang, window: str) -> str:
    """Return what the baseline loses, where most of it, and what the others lose of what is sent up."""
    base, *others = titles
    of_all, of_sent = (losses.losses(metrics, list(titles), name, window) for name in losses.BASES)
    own = losses.lost_by(of_sent, base)
    parts = {stage: value for stage, value in own.items() if stage != "all"}
    most = max(parts, key=lambda stage: parts[stage]) if any(parts.values()) else ""
    values = {"all": _share(of_all.loc[base, "all"]), "sent": _share(of_sent.loc[base, "all"])}
    said = t("report.losses_said", lang, scenario=titles[base].text(lang), **values)
    if most:
        said += t("report.losses_most", lang, stage=value_text("stage", most, lang), share=_share(parts[most]))
    return _ended(said, titles, others, lambda name: _share(of_sent.loc[name, "all"]), "losses_others", lang)


def harvest_said(periods: pd.DataFrame, titles: Titles, crops: Mapping[str, Words], lang: Lang, window: str) -> str:
    """Return the week in which most is picked, the crop that most of it is, and how much of a day of it the cold rooms can hold."""
    picked = harvest.picked_per_day(periods, next(iter(titles)), window)
    by_week = picked.sum(axis=1)
    at = int(by_week.to_numpy().argmax())
    week, crop, peak = str(picked.index[at]), str(picked.columns[int(picked.iloc[at].to_numpy().argmax())]), float(by_week.iloc[at])
    values = {"monday": harvest.monday(week).isoformat(), "t": number(peak), "crop": value_text("crop", crop, lang, crops)}
    said = t("report.harvest_said", lang, **values)
    room, stock = (harvest.in_the_cold(periods, metric, window) for metric in (harvest.ROOM, harvest.STOCK))
    cold = [name for name in titles if name in room and (room[name] > 0).any()]
    if not cold:
        return said + t("report.space", lang) + t("report.no_rooms_said", lang)
    items = []
    for name in cold:
        full = float((stock[name] / room[name].where(room[name] > 0)).max())
        most = float(room[name].max())
        items.append(
            t("report.rooms_said", lang, scenario=titles[name].text(lang), t=number(most), days=number(most / peak, 2), full=share(full))
        )
    full_stop = t("report.end", lang)
    return said + t("report.space", lang).join(["", *(item + full_stop for item in items)])


def adoption_said(metrics: pd.DataFrame, titles: Titles, lang: Lang, window: str) -> str:
    """Return the share of near and far farms that sell online at the end, scenario by scenario."""
    table = mean_over_seeds(metrics, adoption.METRIC, "remoteness", window)["value"].unstack("value_of_group")

    def both(name: str) -> str:
        return t("report.near_and_far", lang, near=_share(table.loc[name, "near"]), far=_share(table.loc[name, "far"]))

    base, *others = titles
    said = t("report.adoption_said", lang, scenario=titles[base].text(lang), both=both(base))
    return _ended(said, titles, others, both, "beside", lang)


def income_said(metrics: pd.DataFrame, titles: Titles, lang: Lang, window: str) -> str:
    """Return what online sales bring in the baseline, of the money and of the kg, and what a farm is left with in each scenario."""
    base, *others = titles
    parts = income.sales(metrics, titles, window)
    money = parts.sum(axis=1)
    online = float(parts.loc[base, income.UP] / money[base]) if income.UP in parts and money[base] else 0.0
    kg = _totals(metrics, "online_share", window).get(base, float("nan"))
    net = _totals(metrics, "farmer_income_per_farm_yuan", window)

    def left(name: str) -> str:
        return quantity(float(net.get(name, float("nan"))), "yuan", lang)

    said = t("report.income_said", lang, scenario=titles[base].text(lang), money=share(online), kg=share(float(kg)), net=left(base))
    return _ended(said, titles, others, left, "income_others", lang)


def _totals(metrics: pd.DataFrame, metric: str, window: str) -> pd.Series:
    found: pd.Series = mean_over_seeds(metrics, metric, TOTAL, window)["value"].droplevel(1)
    return found


def _ended(said: str, titles: Titles, others: list[str], value: Callable[[str], str], key: str, lang: Lang) -> str:
    """Return a sentence ended, and after it what holds of the alternatives, where there are any."""
    said += t("report.end", lang)
    if not others:
        return said
    items = t("brief.semicolon", lang).join(f"{titles[name].text(lang)} {value(name)}" for name in others)
    return said + t("report.space", lang) + t(f"report.{key}", lang, items=items) + t("report.end", lang)


def _share(value: object) -> str:
    number = float(value)  # type: ignore[arg-type]
    return share(number) if known(number) else DASH
