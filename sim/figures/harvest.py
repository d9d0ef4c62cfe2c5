"""Draw the harvest by week above the cold rooms that could take it in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.label import wrapped
from sim.figures.select import TOTAL, by_period
from sim.figures.style import INK, SCENARIOS, SERIES, Margins, heading, new_figure, panels, styled, tick
from sim.text import Lang, Words, t

PICKED, STOCK, ROOM = "picked_kg", "cold_stock_kg", "cold_capacity_kg"
KG_PER_T = 1000.0
HIGH, BETWEEN, BELOW = 1.7, 0.72, 0.34


def monday(week: str) -> date:
    """Return the Monday of an ISO week "YYYY-Www"."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def picked_per_day(periods: pd.DataFrame, scenario: str, window: str = "settled") -> pd.DataFrame:
    """Return tonnes a day of each crop (columns, the largest first), mean of the days of each week (rows)."""
    table = by_period(periods, PICKED, "crop", window, weekly=True)
    if table.empty:
        return pd.DataFrame()
    own = table.loc[table.index.get_level_values("scenario") == scenario].droplevel("scenario")
    per_day = (own["value"] / own["n"] / KG_PER_T).unstack("value_of_group").fillna(0.0).sort_index()
    order = per_day.sum().sort_values(ascending=False)
    return per_day[[name for name in order.index if order[name] > 0]]


def in_the_cold(periods: pd.DataFrame, metric: str, window: str = "settled") -> pd.DataFrame:
    """Return tonnes, mean of the midnights of each week (rows), a column for each scenario."""
    table = by_period(periods, metric, TOTAL, window, weekly=True)
    return (table["value"].droplevel("value_of_group").unstack("scenario") / KG_PER_T).sort_index()


@styled
def draw(periods: pd.DataFrame, scenarios: Mapping[str, Words], crops: Mapping[str, Words], lang: Lang, window: str = "settled") -> Figure:
    """Return one or two panels over the weeks: what is picked a day by crop (the first scenario's), and, where there
    is any, room and stock in the cold by scenario."""
    first = next(iter(scenarios))
    picked = picked_per_day(periods, first, window)
    room, stock = (in_the_cold(periods, metric, window).reindex(picked.index) for metric in (ROOM, STOCK))
    cold = {name: words for name, words in scenarios.items() if name in room and (room[name] > 0).any()}
    rows = 2 if cold else 1
    figure = new_figure(10.0, 0.3 + rows * HIGH + (rows - 1) * BETWEEN + BELOW)
    grid = panels(figure, rows, 1, Margins(0.75, 2.0, 0.3, BELOW, above=BETWEEN), sharex=True)[:, 0]
    _stack(grid[0], picked, crops, lang)
    heading(grid[0], t("figure.picked_per_day", lang))
    if cold:
        for at, name in enumerate(scenarios):
            if name in cold:
                _room(grid[1], room[name], stock[name], SCENARIOS[at % len(SCENARIOS)], wrapped(cold[name].text(lang), 15.0))
        _legend(grid[1], lang)
        heading(grid[1], t("figure.in_the_cold", lang))
        grid[0].tick_params(labelbottom=False)
    _weeks(grid[-1], list(picked.index))
    return figure


def _stack(axes: Axes, picked: pd.DataFrame, crops: Mapping[str, Words], lang: Lang) -> None:
    start = pd.Series(0.0, index=picked.index)
    for at, crop in enumerate(picked.columns):
        label = crops[crop].text(lang) if crop in crops else str(crop)
        axes.bar(
            range(len(picked)), picked[crop], bottom=start, width=0.86, color=SERIES[at % len(SERIES)], edgecolor="white", linewidth=0.6,
            label=label,
        )  # fmt: skip
        start = start + picked[crop]
    _tonnes(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.04), handlelength=1.0)


def _room(axes: Axes, room: pd.Series, stock: pd.Series, colour: str, label: str) -> None:
    axes.plot(range(len(room)), room.to_numpy(float), color=colour, linewidth=1.4, linestyle="--", drawstyle="steps-mid")
    axes.plot(range(len(stock)), stock.to_numpy(float), color=colour, linewidth=1.8, marker="o", markersize=3.5, label=label)


def _legend(axes: Axes, lang: Lang) -> None:
    axes.plot([], [], color=INK, linewidth=1.4, linestyle="--", label=t("figure.room", lang))
    axes.plot([], [], color=INK, linewidth=1.8, marker="o", markersize=3.5, label=t("figure.stock", lang))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.04), handlelength=1.6)
    _tonnes(axes)


def _tonnes(axes: Axes) -> None:
    axes.set_ylim(bottom=0.0)
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
    axes.grid(axis="y")
    axes.tick_params(length=0)


def _weeks(axes: Axes, weeks: list[str]) -> None:
    """Name weeks by their Mondays, at most a dozen of them."""
    every = max(1, -(-len(weeks) // 12))
    places = list(range(0, len(weeks), every))
    axes.set_xticks(places, [monday(weeks[at]).strftime("%m-%d") for at in places])
    axes.set_xlim(-0.6, len(weeks) - 0.4)
