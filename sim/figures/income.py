"""Draw what buyers pay farms, by channel, the online part by itself, and what the farms are left with."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.select import TOTAL, mean_over_seeds
from sim.figures.style import INK, SERIES, Margins, heading, label_inches, new_figure, number_axis, panels, row_axis, styled
from sim.text import Lang, Words, number, scaled, t, value_text

SALES, NET = "produce_sales_yuan", "farmer_income_yuan"
CHANNELS = ("middleman", "wholesale", "online", "contract", "stored", "waiting", "cold_market")
COLOURS = dict(zip(CHANNELS, SERIES, strict=False))
UP = "online"
BELOW = 0.82


def sales(metrics: pd.DataFrame, scenarios: Mapping[str, Words], window: str = "settled") -> pd.DataFrame:
    """Return the yuan that each channel brings (columns, those that bring any), a row for each scenario."""
    found = mean_over_seeds(metrics, SALES, "channel", window, parts=True)["value"]
    parts = found.unstack("value_of_group").reindex(list(scenarios)).fillna(0.0)
    return parts[[name for name in CHANNELS if name in parts and (parts[name] > 0).any()]]


@styled
def draw(metrics: pd.DataFrame, scenarios: Mapping[str, Words], lang: Lang, window: str = "settled") -> Figure:
    """Return three panels of bars by scenario: sales stacked by channel, sales online, net income; each has its own unit."""
    names, parts = [words.text(lang) for words in scenarios.values()], sales(metrics, scenarios, window)
    net = mean_over_seeds(metrics, NET, TOTAL, window)["value"].droplevel(1).reindex(list(scenarios)).to_frame("net")
    online = parts[[UP]] if UP in parts else pd.DataFrame({UP: 0.0}, index=parts.index)
    figure = new_figure(10.0, 0.3 + 0.36 * len(names) + BELOW)
    grid = panels(figure, 1, 3, Margins(label_inches(names), 0.1, 0.3, BELOW, 0.2))[0]
    shown = (("sales_by_channel", parts), ("sales_online", online), ("net_income", net))
    for axes, (title, table) in zip(grid, shown, strict=True):
        row_axis(axes, names if axes is grid[0] else [], len(names))
        _bars(axes, table, lang)
        heading(axes, t(f"figure.{title}", lang))
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(labels) or 1)
    return figure


def _bars(axes: Axes, table: pd.DataFrame, lang: Lang) -> None:
    total = table.sum(axis=1)
    most = float(total.abs().max())
    divisor, unit = scaled("yuan", most, lang)
    start = pd.Series(0.0, index=table.index)
    for name in table.columns:
        label = value_text("channel", str(name), lang)
        width = table[name].fillna(0.0) / divisor
        axes.barh(
            range(len(table)),
            width,
            left=start,
            height=0.62,
            color=COLOURS.get(str(name), INK),
            label=label,
            edgecolor="white",
            linewidth=0.6,
        )
        start = start + width
    for row, value in enumerate((total / divisor).tolist()):
        axes.annotate(number(value), (max(value, 0.0), row), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    axes.set_xlim(min(0.0, 1.1 * float((total / divisor).min())), 1.25 * max(most / divisor, 1e-9))
    number_axis(axes, 3)
    axes.set_xlabel(unit)
