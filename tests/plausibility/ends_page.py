"""The tables of docs/when-it-ends.md: what a measure changes before and after its end, and who decides what on which review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd

KEY = ["county", "start", "until", "days"]
MARK = "<!-- table -->"
BASE = "three-years"
NAMES = {"subsidy-ends": "subsidy", "support-ends": "support", "pool-ends": "pool"}
OUTCOMES = {
    "village_coverage": ("delivered inside the village, points", 100, 1),
    "stations_share": ("villages with a station, points", 100, 1),
    "parcels_down": ("parcels, %", 100, 1),
    "cost_per_parcel_yuan": ("cost a parcel, yuan", 1, 3),
}
AFTER = {0: "last month with it", 1: "1st month after", 2: "2nd", 4: "4th", 7: "7th", 12: "12th", 24: "24th"}
"""Months from the last one with the measure."""


def page(effects: pd.DataFrame, events: pd.DataFrame) -> str:
    """Return both tables of each county."""
    lines: list[str] = []
    told = dict(iter(events.groupby(KEY)))
    for key, own in effects.groupby(KEY, sort=True):
        county, start, until, days = key
        ends = (date.fromisoformat(until) - date.fromisoformat(start)).days
        seeds = own["seed"].nunique()
        lines += ["", f"## {county}: {start} to {until}, {days} days, {f'{seeds} seeds' if seeds > 1 else 'one seed'}"]
        lines += ["", *_effects(own, until), "", *_events(told[key], ends)]
    return "\n".join(lines)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def _effects(own: pd.DataFrame, until: str) -> list[str]:
    wide = own.pivot(index=["metric", "period", "seed"], columns="scenario", values="value")
    last = pd.Period(until[:7], "M")
    known = set(own["period"])
    months = [(str(last + n), name) for n, name in AFTER.items() if str(last + n) in known]
    rows = []
    for name, short in NAMES.items():
        for metric, (title, factor, digits) in OUTCOMES.items():
            cells = [_cell(wide, metric, month, name, factor, digits) for month, _ in months]
            if any(cell != "0" for cell in cells):
                rows.append([f"{short}: {title}", *cells])
    return _table(["difference to no measure", *(name for _, name in months)], rows)


def _cell(wide: pd.DataFrame, metric: str, month: str, name: str, factor: int, digits: int) -> str:
    at = wide.loc[metric].loc[month]
    change = at[name] - at[BASE]
    change = factor * (change / at[BASE] if metric == "parcels_down" else change)
    low, mean, high = change.min(), change.mean(), change.max()
    if max(abs(low), abs(high)) < 0.5 * 10**-digits:
        return "0"
    return f"{mean:+.{digits}f}" + (f" ({low:+.{digits}f} to {high:+.{digits}f})" if f"{low:.{digits}f}" != f"{high:.{digits}f}" else "")


def _events(own: pd.DataFrame, ends: int) -> list[str]:
    seeds = own["seed"].nunique()
    mean: Callable[[str], pd.Series] = lambda name: own[own["scenario"] == name].groupby(["event", "day"])["count"].sum() / seeds  # noqa: E731
    base, days = mean(BASE), sorted(own["day"].unique())
    spans = list(_spans(days, ends))
    rows = []
    for name, short in NAMES.items():
        here = mean(name)
        for event in sorted(set(own["event"])):
            pairs = [(_sum(here, event, span), _sum(base, event, span)) for _, span in spans]
            if any(abs(a - b) >= 1 for a, b in pairs):
                rows.append([f"{short}: {event}", *(_count(a, b) for a, b in pairs)])
    return _table(["decisions at the review of day", *(name for name, _ in spans)], rows)


def _count(here: float, base: float) -> str:
    if not round(here) and not round(base):
        return ""
    return f"{here:,.0f}" + (f" [{base:,.0f}]" if round(base) else "")


def _spans(days: list[int], ends: int) -> Iterator[tuple[str, list[int]]]:
    """Yield the reviews by days since the end; those long before or after it in one."""
    early, late = [d for d in days if d <= ends - 60], [d for d in days if d > ends + 240]
    if early:
        yield f"to {early[-1] - ends}", early
    for day in days:
        if day not in early and day not in late:
            yield f"{day - ends:+d}", [day]
    if late:
        yield f"{late[0] - ends:+d} to {late[-1] - ends:+d}", late


def _sum(counts: pd.Series, event: str, days: list[int]) -> float:
    return float(sum(counts.get((event, day), 0.0) for day in days))
