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
from sim.figures.style import INK, MARKS, MUTED, VERDICT_COLOURS, new_figure, number_axis, row_axis, styled
from sim.text import Lang, MetricText, Words, scaled, t


@styled
def draw(
    differences: pd.DataFrame,
    outcomes: Sequence[str],
    catalogue: Mapping[str, MetricText],
    alternatives: Mapping[str, Words],
    lang: Lang,
    window: str = "settled",
    columns: int = 3,
) -> Figure:
    """Return differences to the baseline with 95% intervals; ``alternatives`` names the rows (scenario id -> title)."""
    columns = min(columns, len(outcomes))
    rows = math.ceil(len(outcomes) / columns)
    figure = new_figure(10.0, 0.5 + rows * (0.62 + 0.22 * len(alternatives)))
    grid = figure.subplots(rows, columns, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(outcomes):
            axes.set_axis_off()
            continue
        chosen = differences_of(differences, outcomes[index], TOTAL, window).set_index("alternative").reindex(list(alternatives))
        _panel(axes, chosen, catalogue[outcomes[index]], [words.text(lang) for words in alternatives.values()], lang)
        if index % columns:
            axes.set_yticklabels([])
    handles = [
        Line2D([], [], marker=MARKS[mark], color=VERDICT_COLOURS[mark], linestyle="-", markersize=5, label=t(f"report.{mark}", lang))
        for mark in ("yes", "no", "unclear", "neutral")
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return figure


def _panel(axes: Axes, chosen: pd.DataFrame, metric: MetricText, labels: list[str], lang: Lang) -> None:
    numbers = chosen[["mean", "low", "high"]].astype(float)
    largest = float(np.nanmax(np.abs(numbers.to_numpy()))) if numbers.notna().any().any() else 0.0
    divisor, unit = scaled(metric.unit, largest, lang)
    row_axis(axes, labels)
    axes.axvline(0.0, color=MUTED, linewidth=0.8)
    for row, (better, values) in enumerate(zip(chosen["better"].fillna("unclear"), numbers.to_numpy() / divisor, strict=True)):
        mean, low, high = values
        if math.isnan(mean):
            axes.text(0.0, row, t("figure.no_value", lang), ha="center", va="center", fontsize=7.5, color=MUTED)
            continue
        colour = VERDICT_COLOURS[better]
        if not math.isnan(low):
            axes.plot([low, high], [row, row], color=colour, linewidth=2.2, solid_capstyle="butt")
            axes.plot([low, high], [row, row], color=colour, linestyle="none", marker="|", markersize=7)
        axes.plot(mean, row, color=colour, marker=MARKS[better], markersize=5.5, markeredgecolor="white", markeredgewidth=0.6)
    if largest == 0.0:
        axes.set_xlim(-1.0, 1.0)
    number_axis(axes)
    title = metric.title.text(lang)
    axes.set_title(f"{title}{t('figure.in_unit', lang, unit=unit) if unit else ''}", color=INK)
