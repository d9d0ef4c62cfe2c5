"""Draw where produce is lost: a waterfall by stage for each scenario, of all that was harvested and of what was sent up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.label import wrapped
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
from sim.text import DASH, Lang, Words, known, t, value_text

METRIC = "produce_loss_share"
STAGES = ("field", "station", "round", "township", "line", "county", "trunk", "buyer", "unsold")
UP = "online"
BASES = ("harvest", "sent")
"""What the shares are of: all that was harvested, or what set out in parcels."""


def losses(metrics: pd.DataFrame, scenarios: Sequence[str], base: str, window: str) -> pd.DataFrame:
    """Return the share lost at each stage that loses any, a row for each scenario; ``all`` is the share lost in all."""
    if base == "harvest":
        group, prefix, whole = "stage", "", mean_over_seeds(metrics, METRIC, TOTAL, window)["value"].droplevel(1)
    else:
        group, prefix = "channel|stage", f"{UP}|"
        by_channel = mean_over_seeds(metrics, METRIC, "channel", window)["value"].unstack("value_of_group")
        whole = by_channel[UP] if UP in by_channel else pd.Series(dtype=float)
    parts = mean_over_seeds(metrics, METRIC, group, window)["value"].unstack("value_of_group").reindex(list(scenarios))
    parts = parts.rename(columns=lambda name: str(name).removeprefix(prefix))
    shown = parts[[stage for stage in STAGES if stage in parts and (parts[stage] > 0).any()]].fillna(0.0)
    return shown.assign(all=whole.reindex(list(scenarios)).astype(float))


def lost_by(table: pd.DataFrame, scenario: str) -> dict[str, float]:
    """Return a row of ``losses`` by stage, ``all`` last."""
    values: list[float] = table.reindex([scenario]).to_numpy(float)[0].tolist()
    return dict(zip(map(str, table.columns), values, strict=True))


def decimals(table: pd.DataFrame) -> int:
    """Return with how many decimals the per cents of a table of losses are told: three digits of the largest, one at least."""
    most = 100 * float(table["all"].fillna(0.0).max())
    return 1 if most <= 0 else min(max(1, 2 - math.floor(math.log10(most))), 6)


def told(lost: float, digits: int) -> str:
    """Return a share as per cent with so many decimals, 0 where nothing is lost, a dash where it is not known."""
    if not known(lost):
        return DASH
    return f"{100 * lost:.{digits}f}%" if lost else "0"


@styled
def draw(metrics: pd.DataFrame, scenarios: Mapping[str, Words], lang: Lang, window: str = "settled") -> Figure:
    """Return two rows of panels, one panel a scenario: bars run on from stage to stage and end at what is lost in all."""
    tables = {base: losses(metrics, list(scenarios), base, window) for base in BASES}
    tables = {base: table for base, table in tables.items() if table["all"].notna().any()}
    stages = list(dict.fromkeys(stage for table in tables.values() for stage in table.columns[:-1]))
    stages = [stage for stage in STAGES if stage in stages]
    labels = [*(value_text("stage", stage, lang) for stage in stages), t("figure.lost_in_all", lang)]
    titles = {name: wrapped(words.text(lang), 26.0 if len(scenarios) < 3 else 13.0) for name, words in scenarios.items()}
    top = 0.36 + 0.2 * max(title.count("\n") + 1 for title in titles.values())
    each, below = pitch(labels, 0.2) * len(labels), 0.45
    figure = new_figure(10.0, (top + each + below) * len(tables))
    margins = Margins(label_inches(labels), 0.1, top, below, 0.15, top + below)
    grid = panels(figure, len(tables), len(scenarios), margins, sharex="row")
    for row, (base, table) in zip(grid, tables.items(), strict=True):
        most, digits = 100 * float(table["all"].fillna(0.0).max()), decimals(table)
        for at, (axes, name) in enumerate(zip(row, scenarios, strict=True)):
            row_axis(axes, labels if at == 0 else [], len(labels))
            own = lost_by(table, name)
            _waterfall(axes, own, stages, SCENARIOS[at % len(SCENARIOS)], digits)
            heading(axes, f"{titles[name]}\n{t('figure.sold', lang, share=told(1.0 - own['all'], digits))}", 1.4)
            axes.set_xlabel(t(f"figure.lost_of_{base}", lang), fontsize=8)
            number_axis(axes, 3)
        row[0].set_xlim(0.0, (1.3 if len(scenarios) < 4 else 1.5) * most if most > 0 else 1.0)
    return figure


def _waterfall(axes: Axes, lost: Mapping[str, float], stages: Sequence[str], colour: str, digits: int) -> None:
    start = 0.0
    for at, stage in enumerate(stages):
        part = 100 * lost.get(stage, 0.0)
        axes.barh(at, part, left=start, height=0.62, color=colour, alpha=0.55)
        axes.plot([start + part] * 2, [at, at + 1], color=MUTED, linewidth=0.7)
        start += part
        if round(part, digits):
            axes.annotate(told(part / 100, digits), (start, at), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    whole = lost["all"]
    if not known(whole):
        axes.annotate(DASH, (0.0, len(stages)), (4, 0), textcoords="offset points", va="center", fontsize=8, color=MUTED)
        return
    axes.barh(len(stages), 100 * whole, height=0.62, color=colour)
    axes.annotate(told(whole, digits), (100 * whole, len(stages)), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
