"""Draw what a parcel costs, stacked by leg and by resource, one bar per scenario."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.select import mean_over_seeds
from sim.figures.style import INK, SERIES, Margins, heading, label_inches, new_figure, number_axis, panels, row_axis, styled
from sim.text import Lang, Words, number, t, unit_text, value_text

METRIC = "cost_per_parcel_yuan"
GROUPS = ("leg", "resource")
BELOW = 1.15
"""Inches below the bars: axis, unit, two or three lines of legend."""


@styled
def draw(metrics: pd.DataFrame, scenarios: Mapping[str, Words], lang: Lang, window: str = "settled") -> Figure:
    """Return resource cost per parcel (yuan) of each scenario in two panels, by leg and by resource."""
    names = [words.text(lang) for words in scenarios.values()]
    rows = 0.34 * len(scenarios)
    figure = new_figure(10.0, 0.3 + rows + BELOW)
    grid = panels(figure, 1, len(GROUPS), Margins(label_inches(names), 0.1, 0.3, BELOW, 0.15))[0]
    for axes, group in zip(grid, GROUPS, strict=True):
        found = mean_over_seeds(metrics, METRIC, group, window, parts=True)["value"]
        parts = found.unstack("value_of_group").reindex(list(scenarios)).fillna(0.0)
        row_axis(axes, names if axes is grid[0] else [], len(names))
        _stack(axes, parts, group, lang, rows)
        heading(axes, t(f"figure.cost_by_{group}", lang))
        axes.set_xlabel(unit_text("yuan/parcel", lang))
    return figure


def _stack(axes: Axes, parts: pd.DataFrame, group: str, lang: Lang, inches: float) -> None:
    start = pd.Series(0.0, index=parts.index)
    for index, name in enumerate(parts.mean().sort_values(ascending=False).index):
        axes.barh(
            range(len(parts)),
            parts[name],
            left=start,
            height=0.62,
            color=SERIES[index % len(SERIES)],
            edgecolor="white",
            linewidth=0.6,
            label=value_text(group, str(name), lang),
        )
        start = start + parts[name]
    for row, total in enumerate(start):
        axes.annotate(number(total), (total, row), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    axes.set_xlim(0.0, 1.14 * max(float(start.max()), 1e-9) if len(start) else 1.0)
    number_axis(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.01, -0.42 / inches), ncols=3, columnspacing=1.2, handlelength=1.0)
