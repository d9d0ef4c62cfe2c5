"""Draw a forest plot: one panel per outcome in its own unit, one interval per alternative."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.select import TOTAL, differences_of
from sim.figures.style import (
    MARKS,
    MUTED,
    VERDICT_COLOURS,
    Margins,
    heading,
    label_inches,
    new_figure,
    number_axis,
    panels,
    pitch,
    row_axis,
    styled,
)
from sim.text import Lang, MetricText, Words, scaled, t

LEGEND = {"yes": "report.yes", "no": "report.no", "unclear": "figure.unclear_or_same", "neutral": "report.neutral"}


COLUMNS = 3
BETWEEN, AROUND = 0.62, 0.92
"""Inches between rows of panels, and above and below them."""


def within(alternatives: Mapping[str, Words], lang: Lang, deep: float) -> int:
    """Return how many outcomes a figure of ``deep`` inches holds, one row of panels at least."""
    labels = [words.text(lang) for words in alternatives.values()]
    return COLUMNS * max(1, int((deep - AROUND + BETWEEN) / (pitch(labels, 0.22) * len(labels) + BETWEEN)))


@styled
def draw(
    differences: pd.DataFrame,
    outcomes: Sequence[str],
    catalogue: Mapping[str, MetricText],
    alternatives: Mapping[str, Words],
    lang: Lang,
    window: str = "settled",
    columns: int = COLUMNS,
) -> Figure:
    """Return differences to the baseline with 95% intervals; ``alternatives`` names the rows (scenario id -> title)."""
    columns = min(columns, len(outcomes))
    rows = math.ceil(len(outcomes) / columns)
    labels = [words.text(lang) for words in alternatives.values()]
    figure = new_figure(10.0, AROUND + rows * (pitch(labels, 0.22) * len(alternatives)) + (rows - 1) * BETWEEN)
    grid = panels(figure, rows, columns, Margins(label_inches(labels), 0.1, 0.28, 0.64, 0.25, BETWEEN))
    for index, axes in enumerate(grid.flat):
        if index >= len(outcomes):
            axes.set_axis_off()
            continue
        chosen = differences_of(differences, outcomes[index], TOTAL, window).set_index("alternative").reindex(list(alternatives))
        _panel(axes, chosen, catalogue[outcomes[index]], labels if index % columns == 0 else [], lang)
    handles = [
        Line2D([], [], marker=MARKS[mark], color=VERDICT_COLOURS[mark], linestyle="-", markersize=5, label=t(key, lang))
        for mark, key in LEGEND.items()
    ]
    figure.legend(handles=handles, loc="lower center", ncols=4)
    return figure


def _panel(axes: Axes, chosen: pd.DataFrame, metric: MetricText, labels: list[str], lang: Lang) -> None:
    numbers = chosen[["mean", "low", "high"]].astype(float)
    largest = float(np.nanmax(np.abs(numbers.to_numpy()))) if numbers.notna().any().any() else 0.0
    divisor, unit = scaled(metric.unit, largest, lang)
    row_axis(axes, labels, len(chosen))
    axes.axvline(0.0, color=MUTED, linewidth=0.8)
    scaled_numbers = numbers.to_numpy() / divisor
    better = chosen["better"].astype(object).fillna("unclear").to_numpy()
    place = np.arange(len(better))
    for row in place[np.isnan(scaled_numbers[:, 0])]:
        axes.text(0.0, row, t("figure.no_value", lang), ha="center", va="center", fontsize=7.5, color=MUTED)
    for mark in dict.fromkeys(better):
        own = (better == mark) & ~np.isnan(scaled_numbers[:, 0])
        mean, low, high = scaled_numbers[own].T
        colour, spread = VERDICT_COLOURS[mark], ~np.isnan(low)
        axes.hlines(place[own][spread], low[spread], high[spread], color=colour, linewidth=2.2)
        ends = np.concatenate([low[spread], high[spread]])
        axes.plot(ends, np.tile(place[own][spread], 2), color=colour, linestyle="none", marker="|", markersize=7)
        axes.plot(
            mean,
            place[own],
            color=colour,
            linestyle="none",
            marker=MARKS[mark],
            markersize=5.5,
            markeredgecolor="white",
            markeredgewidth=0.6,
        )
    if largest == 0.0:
        axes.set_xlim(-1.0, 1.0)
    number_axis(axes)
    title = metric.title.text(lang)
    heading(axes, f"{title}{t('figure.in_unit', lang, unit=unit) if unit else ''}")
