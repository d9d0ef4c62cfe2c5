"""Draw the county before and after: who is served, what share is handed over inside each village, where townships lie."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.label import Box, free_spot, wrapped
from sim.figures.style import INK, MUTED, RC, Margins, heading, new_figure, panels, styled
from sim.text import Lang, Words, t, whole_share

CLASSES = ((0.0, "none", "#f0d9c8"), (0.5, "few", "#e3a878"), (0.95, "many", "#79a9cf"), (math.inf, "served", "#1f5fa8"))
"""Upper ends of the shares handed over inside the village, their names and colours."""
KM_PER_DEGREE = 111.32
DEEPEST = 8.2
BELOW = 0.85
"""Inches of the legend."""
TITLE = RC["axes.titlesize"]
SIZES = 6
"""Villages come in so many sizes of dot."""


def share_class(share: float) -> int:
    """Return the row of CLASSES for a share: none at all, below half, below the threshold of a served village, at least that."""
    if share <= 0.0:
        return 0
    return 1 + int(np.searchsorted([0.5, 0.95], share, side="right"))


def label_of(place: pd.Series[str], lang: Lang) -> str:
    """Return a place's name; where no English one is known, the Chinese one."""
    english = place["name_en"]
    return str(english) if lang == "en" and isinstance(english, str) and english else str(place["name_zh"])


@styled
def draw(
    places: pd.DataFrame,
    services: Mapping[str, pd.DataFrame],
    scenarios: Mapping[str, Words],
    lang: Lang,
    labels: bool = True,
    coverage: Mapping[str, float] | None = None,
    deepest: float = DEEPEST,
) -> Figure:
    """Return one map per scenario.

    ``services[scenario]`` has columns village, share_in_village (0-1, NaN without parcels), served (bool).
    ``coverage`` is the share of all villages' parcels handed over inside them. Dots grow with population; a ring marks a
    served village; positions marked synthetic are said to be so. A map is at most ``deepest`` inches high.
    """
    latitude = float(places["lat"].mean())
    stretch = 1.0 / math.cos(math.radians(latitude))
    width, height = 1.06 * np.ptp(places["lon"]) / stretch, 1.10 * np.ptp(places["lat"])
    panel = (9.9 - 0.1 * (len(scenarios) - 1)) / len(scenarios)
    shape = float(height / max(width, 1e-9))
    inches = min(max(panel * shape, 2.6), deepest)
    letters = panel * 72.0 / TITLE - 1.0
    titles = [wrapped(_title(name, words, services[name], coverage, lang), letters) for name, words in scenarios.items()]
    top = 0.14 + 0.18 * max(title.count("\n") + 1 for title in titles)
    figure = new_figure(10.0, top + inches + BELOW)
    grid = panels(figure, 1, len(scenarios), Margins(0.05, 0.05, top, BELOW, 0.1))[0]
    for axes, scenario, title in zip(grid, scenarios, titles, strict=True):
        _villages(axes, places[places["tier"] == "village"], services[scenario].set_index("village"))
        axes.set_aspect(stretch)
        axes.set_axis_off()
        _frame(axes, places)
        heading(axes, title)
        _towns(axes, places, lang, labels, min(panel, inches / shape))
    _scale_bar(grid[0], places, lang)
    synthetic = bool(places.loc[places["tier"] == "village", "synthetic"].any())
    _legend(figure, t("figure.synthetic" if synthetic else "figure.positions_known", lang), lang)
    return figure


def _title(name: str, words: Words, service: pd.DataFrame, coverage: Mapping[str, float] | None, lang: Lang) -> str:
    served = whole_share(float(service["served"].astype(float).mean()))
    if coverage is None or name not in coverage:
        return t("figure.map_title", lang, scenario=words.text(lang), served=served)
    return t("figure.map_title_both", lang, scenario=words.text(lang), served=served, inside=whole_share(coverage[name]))


def _villages(axes: Axes, villages: pd.DataFrame, service: pd.DataFrame) -> None:
    known = service.reindex(villages["place"])
    share = known["share_in_village"].astype(float).to_numpy()
    served = known["served"].fillna(False).astype(bool).to_numpy()
    people = villages["population"].astype(float).to_numpy()
    ranks = np.ceil(SIZES * np.sqrt(people / max(people.max(initial=1.0), 1.0))).clip(1, SIZES)
    lon, lat = villages["lon"].to_numpy(), villages["lat"].to_numpy()
    silent = np.isnan(share)
    classes = np.array([share_class(0.0 if math.isnan(value) else float(value)) for value in share], dtype=np.int64)
    for rank in range(1, SIZES + 1):
        size = 4.0 + 6.0 * rank
        for index, (_, _, colour) in enumerate(CLASSES):
            for ring in (False, True):
                rows = (ranks == rank) & (classes == index) & (served == ring) & ~silent
                if rows.any():
                    edge, line = (INK, 0.9) if ring else ("#8a949c", 0.3)
                    axes.scatter(lon[rows], lat[rows], s=size, c=colour, edgecolors=edge, linewidths=line, zorder=2 + index)
    axes.scatter(lon[silent], lat[silent], s=9, marker="x", c=MUTED, linewidths=0.7, zorder=2)


def _towns(axes: Axes, places: pd.DataFrame, lang: Lang, labels: bool, inches: float) -> None:
    seat, towns = places[places["tier"] == "county"], places[places["tier"] == "township"]
    axes.scatter(towns["lon"], towns["lat"], s=12, marker="s", c=INK, linewidths=0, zorder=8)
    axes.scatter(seat["lon"], seat["lat"], s=80, marker="*", c="#b9480e", edgecolors="white", linewidths=0.6, zorder=9)
    if not labels:
        return
    per_point = float(np.ptp(places["lon"])) * 1.08 / (inches * 72.0)
    size = 7.0 if len(towns) <= 24 else 5.5
    taken: list[Box] = []
    stretch = math.cos(math.radians(float(places["lat"].mean())))
    for _, town in towns.sort_values("population", ascending=False).iterrows():
        name = label_of(town, lang)
        spot, taken = free_spot(float(town["lon"]), float(town["lat"]), name, size * per_point, stretch, taken)
        axes.annotate(
            name,
            (spot.x, spot.y),
            ha="center",
            va="center",
            fontsize=size,
            zorder=10,
            bbox={"boxstyle": "square,pad=0.06", "facecolor": "white", "edgecolor": "none", "alpha": 0.72},
        )


def _frame(axes: Axes, places: pd.DataFrame) -> None:
    """Give every panel the same frame, with room for the scale bar below."""
    west, east, south, north = places["lon"].min(), places["lon"].max(), places["lat"].min(), places["lat"].max()
    wide, high = max(east - west, 0.01), max(north - south, 0.01)
    axes.set_xlim(west - 0.03 * wide, east + 0.03 * wide)
    axes.set_ylim(south - 0.07 * high, north + 0.03 * high)


def _scale_bar(axes: Axes, places: pd.DataFrame, lang: Lang) -> None:
    latitude = float(places["lat"].mean())
    width_km = float(np.ptp(places["lon"])) * KM_PER_DEGREE * math.cos(math.radians(latitude))
    km = next(step for step in (100, 50, 20, 10, 5, 2, 1, 0) if step <= width_km / 4)
    if km:
        left, low = float(places["lon"].min()), float(places["lat"].min() - 0.045 * np.ptp(places["lat"]))
        degrees = km / (KM_PER_DEGREE * math.cos(math.radians(latitude)))
        axes.plot([left, left + degrees], [low, low], color=INK, linewidth=1.6, solid_capstyle="butt")
        axes.annotate(t("figure.km", lang, km=km), (left, low), (0, 3), textcoords="offset points", fontsize=7)


def _legend(figure: Figure, note: str, lang: Lang) -> None:
    dot: Any = {"marker": "o", "linestyle": "none", "markersize": 6}
    handles = [
        Line2D([], [], markerfacecolor=colour, markeredgecolor="#8a949c", markeredgewidth=0.4, label=t(f"figure.share_{name}", lang), **dot)
        for _, name, colour in CLASSES
    ]
    handles.append(
        Line2D([], [], markerfacecolor=CLASSES[-1][2], markeredgecolor=INK, markeredgewidth=1.0, label=t("figure.ring", lang), **dot)
    )
    handles.append(Line2D([], [], marker="x", color=MUTED, linestyle="none", markersize=3.5, label=t("figure.no_parcels", lang)))
    handles.append(Line2D([], [], marker="s", color=INK, linestyle="none", markersize=3.5, label=t("figure.township", lang)))
    handles.append(Line2D([], [], marker="*", color="#b9480e", linestyle="none", markersize=8, label=t("figure.seat", lang)))
    legend = figure.legend(handles=handles, loc="lower center", ncols=4, columnspacing=1.4, title=note, title_fontsize=8)
    legend.get_title().set_color(MUTED)
