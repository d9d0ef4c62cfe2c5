"""Draw how long delivery takes, by the place of hand-over."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.select import TOTAL, mean_over_seeds
from sim.figures.style import INK, MUTED, SCENARIOS, new_figure, number_axis, row_axis, styled
from sim.text import Lang, Words, known, t, unit_text, value_text, whole_share

GROUP = "handover_kind"
KINDS = ("door", "station", "locker", "mobile", "township", "county")


@styled
def draw(metrics: pd.DataFrame, scenarios: Mapping[str, Words], lang: Lang, window: str = "settled") -> Figure:
    """Return hours from the county's gate to ready, mean and 90th percentile, over all parcels and by hand-over place.

    The share of a scenario's parcels handed over there stands beside each row.
    """
    means = mean_over_seeds(metrics, "delivery_hours_mean", GROUP, window)
    late = mean_over_seeds(metrics, "delivery_hours_p90", GROUP, window)["value"]
    everywhere = mean_over_seeds(metrics, "delivery_hours_mean", TOTAL, window)
    late_everywhere = mean_over_seeds(metrics, "delivery_hours_p90", TOTAL, window)["value"]
    kinds = [kind for kind in KINDS if kind in means.index.get_level_values(1)]
    figure = new_figure(10.0, 0.75 + (0.24 + 0.19 * len(scenarios)) * (len(kinds) + 1))
    panels = figure.subplots(len(kinds) + 1, 1, sharex=True, squeeze=False)[:, 0]
    names = [words.text(lang) for words in scenarios.values()]
    for axes, kind in zip(panels, ["", *kinds], strict=True):
        chosen = means if kind else everywhere
        tail = late if kind else late_everywhere
        rows = pd.DataFrame({"mean": chosen["value"].xs(kind, level=1), "p90": tail.xs(kind, level=1)}).reindex(list(scenarios))
        volume = chosen["n"].xs(kind, level=1).reindex(list(scenarios)).fillna(0.0)
        shares = volume / everywhere["n"].xs("", level=1).reindex(list(scenarios))
        row_axis(axes, names)
        _rows(axes, rows, shares if kind else None)
        axes.set_title(value_text(GROUP, kind, lang) if kind else t("figure.all_parcels", lang))
        number_axis(axes, 8)
        axes.spines["bottom"].set_visible(axes is panels[-1])
    ends = pd.concat([late, late_everywhere, means["value"], everywhere["value"]]).max()
    panels[-1].set_xlim(0.0, 1.08 * float(ends))
    panels[-1].set_xlabel(t("figure.delivery_axis", lang, unit=unit_text("h", lang)))
    handles = [
        Line2D([], [], marker="o", color=INK, linestyle="none", markersize=5, label=t("figure.mean", lang)),
        Line2D([], [], marker="|", color=INK, linestyle="-", markersize=8, label=t("figure.p90", lang)),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _rows(axes: Axes, rows: pd.DataFrame, shares: pd.Series[float] | None) -> None:
    for row, (mean, late) in enumerate(rows.astype(float).to_numpy()):
        colour = SCENARIOS[row % len(SCENARIOS)]
        if not known(mean):
            axes.text(0.0, row, "  \u2014", va="center", fontsize=8, color=MUTED)
            continue
        axes.plot([mean, late], [row, row], color=colour, linewidth=1.6, marker="|", markersize=7, markevery=[1])
        axes.plot(mean, row, color=colour, marker="o", markersize=5)
        if shares is not None:
            axes.annotate(
                whole_share(float(shares.iloc[row])), (max(mean, late), row), (6, 0), textcoords="offset points", va="center", fontsize=8
            )
