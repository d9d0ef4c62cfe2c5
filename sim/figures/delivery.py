"""Draw how long delivery takes, by the place of hand-over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.select import TOTAL, mean_over_seeds
from sim.figures.style import (
    INK,
    MUTED,
    SCENARIOS,
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
from sim.text import Lang, Words, known, number, t, unit_text, value_text, whole_share

GROUP = "handover_kind"
FEW = 0.005
"""Where fewer than this share of a scenario's parcels are handed over, their hours are written, not drawn."""
KINDS = ("door", "station", "locker", "mobile", "township", "county")


ABOVE, BELOW, LEAST = 0.27, 0.75, 0.19


def shown_kinds(metrics: pd.DataFrame, window: str = "settled") -> list[str]:
    """Return the panels of a figure: all parcels (""), then each place where any are handed over."""
    handed = mean_over_seeds(metrics, "delivery_hours_mean", GROUP, window)["n"].groupby(level=1).sum()
    return ["", *(kind for kind in KINDS if handed.get(kind, 0) > 0)]


def within(scenarios: Mapping[str, Words], lang: Lang, deep: float) -> int:
    """Return how many panels a figure of ``deep`` inches holds, one at least."""
    names = [words.text(lang) for words in scenarios.values()]
    return max(1, int((deep - BELOW) / (ABOVE + pitch(names, LEAST) * len(names))))


@styled
def draw(
    metrics: pd.DataFrame, scenarios: Mapping[str, Words], lang: Lang, window: str = "settled", only: Sequence[str] | None = None
) -> Figure:
    """Return hours from the county's gate to ready, mean and 90th percentile, over all parcels and by hand-over place.

    The share of a scenario's parcels handed over there stands beside each row. ``only`` some panels are drawn, on the axis of all.
    """
    means = mean_over_seeds(metrics, "delivery_hours_mean", GROUP, window)
    late = mean_over_seeds(metrics, "delivery_hours_p90", GROUP, window)["value"]
    everywhere = mean_over_seeds(metrics, "delivery_hours_mean", TOTAL, window)
    late_everywhere = mean_over_seeds(metrics, "delivery_hours_p90", TOTAL, window)["value"]
    kinds = shown_kinds(metrics, window)
    drawn = [kind for kind in kinds if only is None or kind in only]
    names = [words.text(lang) for words in scenarios.values()]
    shown = len(drawn)
    figure = new_figure(10.0, ABOVE * shown + pitch(names, LEAST) * len(scenarios) * shown + BELOW)
    grid = panels(figure, shown, 1, Margins(label_inches(names), 0.1, ABOVE, BELOW, above=ABOVE), sharex=True)[:, 0]
    longest = 0.0
    places = dict(zip(drawn, grid, strict=True))
    for kind in kinds:
        chosen = means if kind else everywhere
        tail = late if kind else late_everywhere
        rows = pd.DataFrame({"mean": chosen["value"].xs(kind, level=1), "p90": tail.xs(kind, level=1)}).reindex(list(scenarios))
        volume = chosen["n"].xs(kind, level=1).reindex(list(scenarios)).fillna(0.0)
        shares = volume / everywhere["n"].xs("", level=1).reindex(list(scenarios))
        rows["share"] = shares if kind else 1.0
        longest = max(longest, float(rows.loc[rows["share"] >= FEW, ["mean", "p90"]].max().max()))
        if kind not in places:
            continue
        axes = places[kind]
        row_axis(axes, names, len(names))
        _rows(axes, rows, bool(kind), lang)
        heading(axes, value_text(GROUP, kind, lang) if kind else t("figure.all_parcels", lang))
        number_axis(axes, 8)
        axes.spines["bottom"].set_visible(axes is grid[-1])
        axes.tick_params(labelbottom=axes is grid[-1])
    grid[-1].set_xlim(0.0, 1.1 * longest)
    grid[-1].set_xlabel(t("figure.delivery_axis", lang, unit=unit_text("h", lang)))
    handles = [
        Line2D([], [], marker="o", color=INK, linestyle="none", markersize=5, label=t("figure.mean", lang)),
        Line2D([], [], marker="|", color=INK, linestyle="-", markersize=8, label=t("figure.p90", lang)),
    ]
    figure.legend(handles=handles, loc="lower center", ncols=2)
    return figure


def _rows(axes: Axes, rows: pd.DataFrame, shares: bool, lang: Lang) -> None:
    for row, (mean, late, share) in enumerate(rows[["mean", "p90", "share"]].astype(float).to_numpy()):
        colour = SCENARIOS[row % len(SCENARIOS)]
        if not known(mean):
            axes.text(0.0, row, "  \u2014", va="center", fontsize=8, color=MUTED)
            continue
        if share < FEW:
            told = t("figure.few_parcels", lang, hours=number(mean), late=number(late))
            axes.annotate(told, (0.0, row), (5, 0), textcoords="offset points", va="center", fontsize=7.5, color=MUTED)
            continue
        axes.plot([mean, late], [row, row], color=colour, linewidth=1.6, marker="|", markersize=7, markevery=[1])
        axes.plot(mean, row, color=colour, marker="o", markersize=5)
        if shares:
            axes.annotate(whole_share(share), (max(mean, late), row), (6, 0), textcoords="offset points", va="center", fontsize=8)
