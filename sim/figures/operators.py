"""Draw who gains and who loses: one outcome split by a group, one panel per alternative."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.label import wrapped
from sim.figures.select import differences_of
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
from sim.text import Lang, MetricText, Words, scaled, t, value_text


@styled
def draw(
    differences: pd.DataFrame,
    metric: str,
    group: str,
    catalogue: Mapping[str, MetricText],
    alternatives: Mapping[str, Words],
    lang: Lang,
    names: Mapping[str, Words] | None = None,
    order: Sequence[str] | None = None,
    window: str = "settled",
) -> Figure:
    """Return the differences of ``metric`` per value of ``group`` (rows) and alternative (panels), with 95% intervals.

    ``names`` gives titles of the group's values (operators); ``order`` the rows, by default as in the table.
    """
    chosen = differences_of(differences, metric, group, window)
    values = list(order) if order is not None else list(dict.fromkeys(chosen["value_of_group"]))
    numbers = chosen[["mean", "low", "high"]].astype(float).to_numpy()
    largest = float(np.nanmax(np.abs(numbers))) if len(numbers) and not np.isnan(numbers).all() else 0.0
    divisor, unit = scaled(catalogue[metric].unit, largest, lang)
    labels = [value_text(group, value, lang, names) for value in values]
    titles = [wrapped(words.text(lang), 13.0 if len(alternatives) > 3 else 18.0) for words in alternatives.values()]
    top = 0.14 + 0.18 * max((title.count("\n") + 1 for title in titles), default=1)
    figure = new_figure(10.0, top + 0.52 + pitch(labels, 0.27) * max(len(values), 1))
    grid = panels(figure, 1, max(len(alternatives), 1), Margins(label_inches(labels), 0.1, top, 0.52, 0.1), sharex=True)[0]
    for axes, alternative, title in zip(grid, alternatives, titles, strict=True):
        rows = chosen[chosen["alternative"] == alternative].set_index("value_of_group").reindex(values)
        row_axis(axes, labels if axes is grid[0] else [], len(values))
        axes.axvline(0.0, color=MUTED, linewidth=0.8)
        marks = rows["better"].fillna("unclear")
        for row, ((mean, low, high), better) in enumerate(zip(rows[["mean", "low", "high"]].astype(float).to_numpy(), marks, strict=True)):
            if math.isnan(mean):
                continue
            colour = VERDICT_COLOURS[better]
            axes.barh(row, mean / divisor, height=0.5, color=colour, alpha=0.28)
            axes.plot(mean / divisor, row, color=colour, marker=MARKS[better], markersize=5)
            if not math.isnan(low):
                axes.plot([low / divisor, high / divisor], [row, row], color=colour, linewidth=1.6)
        axes.use_sticky_edges = False
        axes.margins(x=0.08)
        number_axis(axes, 3)
        heading(axes, title)
    metric_title = catalogue[metric].title.text(lang)
    figure.text(0.5, 0.02, t("figure.difference_of", lang, metric=metric_title, unit=unit), fontsize=8.5, ha="center", va="bottom")
    return figure
