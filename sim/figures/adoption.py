"""Draw how many farms sell online, month by month, in near, middle and far villages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.label import wrapped
from sim.figures.select import by_period
from sim.figures.style import SCENARIOS, Margins, heading, new_figure, panels, styled, tick
from sim.text import Lang, Words, t, value_text

METRIC = "farms_online_share"
REMOTENESS = ("near", "middle", "far")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")


@styled
def draw(periods: pd.DataFrame, scenarios: Mapping[str, Words], lang: Lang, window: str = "settled") -> Figure:
    """Return a panel for each third of the villages, a line for each scenario, over the ends of the months."""
    table = by_period(periods, METRIC, "remoteness", window)["value"].unstack("period").sort_index(axis=1)
    months = list(table.columns)
    titles = [wrapped(words.text(lang), 18.0) for words in scenarios.values()]
    columns = min(len(titles), 5)
    below = 0.5 + 0.2 * (1 + max(title.count("\n") for title in titles)) * -(-len(titles) // columns)
    figure = new_figure(10.0, 0.3 + 1.9 + below)
    grid = panels(figure, 1, len(REMOTENESS), Margins(0.6, 0.1, 0.3, below, 0.18), sharey=True)[0]
    for axes, third in zip(grid, REMOTENESS, strict=True):
        for at, name in enumerate(scenarios):
            own = table.reindex([(name, third)]).to_numpy(float)[0]
            if not np.isnan(own).all():
                axes.plot(
                    range(len(months)), 100 * own, color=SCENARIOS[at % len(SCENARIOS)], linewidth=1.6,
                    marker=MARKERS[at % len(MARKERS)], markersize=4.5, label=titles[at],
                )  # fmt: skip
        heading(axes, value_text("remoteness", third, lang))
        every = max(1, -(-len(months) // 6))
        places = list(range(0, len(months), every))
        axes.set_xticks(places, [months[place] for place in places])
        axes.set_xlim(-0.5, len(months) - 0.5)
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{tick(value)}%"))
        axes.grid(axis="y")
        axes.tick_params(length=0)
    most = 100 * float(table.max().max()) if len(table) else 0.0
    grid[0].set_ylim(0.0, 1.12 * most if most > 0 else 1.0)
    grid[0].set_ylabel(t("figure.farms_online", lang))
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=columns)
    return figure
