"""Write a small page about a single run: totals, cost, delivery, map, sources. It compares nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.figures import cost, county_map, delivery
from sim.figures.select import TOTAL, mean_over_seeds
from sim.figures.style import svg
from sim.report.allocations import AllocationRow, allocation_grid
from sim.report.html import Shown, common, environment, shown, written_pages
from sim.report.inline import inline
from sim.report.pools import pools
from sim.report.season import OUTCOMES, Season, season_pictures
from sim.report.table import Grid, split_title
from sim.text import LANGUAGES, Lang, MetricText, Words, number, quantity, t, unit_text, value_text

WINDOW = "settled"
SPLITS = ("leg", "actor", "resource")


@dataclass(frozen=True)
class RunInput:
    """One run, ready to be told; ``metrics`` and ``periods`` (months and weeks) have the columns of a study's metrics,
    ``service`` those of its villages, ``crops`` the names of crops, where the county's folder is still there."""

    name: str
    title: Words
    seed: int
    start: str
    days: int
    warm_up_days: int
    program: str
    scenario_hash: str
    metrics: pd.DataFrame
    places: pd.DataFrame
    service: pd.DataFrame
    catalogue: Mapping[str, MetricText]
    attribution: tuple[Words, ...]
    periods: pd.DataFrame
    crops: Mapping[str, Words]
    allocations: tuple[AllocationRow, ...] = ()
    operators: Mapping[str, Words] = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, Words]:
        """Return the title under the scenario's name, as figures want it."""
        return {self.name: self.title}


def write_run_report(run: RunInput, folder: Path, languages: Sequence[Lang] = LANGUAGES) -> dict[Lang, Path]:
    """Write ``report.<lang>.html`` of a run; return the paths by language."""
    return written_pages({lang: _page(run, lang, languages) for lang in languages}, folder)


def _page(run: RunInput, lang: Lang, languages: Sequence[Lang]) -> str:
    season = season_of_run(run)
    page: str = (
        environment()
        .get_template("run.html.j2")
        .render(
            **common(lang, languages),
            run=run,
            totals=totals(run, lang),
            splits=[(t(f"report.cost_by_{split}", lang), split_of(run, split, lang)) for split in SPLITS],
            pictures=list(_pictures(run, lang)),
            allocations=allocation_grid(list(run.allocations), run.operators, lang) if run.allocations else None,
            produce=season_totals(run, lang) if season.grown else [],
            season=[shown(picture) for picture in season_pictures(season, lang)],
        )
    )
    return page


def season_of_run(run: RunInput) -> Season:
    """Return what the figures of produce are drawn of."""
    return Season(run.metrics, run.periods, run.titles, run.crops, WINDOW)


def season_totals(run: RunInput, lang: Lang) -> list[tuple[str, str]]:
    """Return the outcomes of produce, those that the run has."""
    found = (
        run.metrics.assign(group=run.metrics["group"].fillna(TOTAL)).set_index(["metric", "group", "value_of_group"])["value"].astype(float)
    )
    return [
        (split_title(run.catalogue[metric], group, value, lang), quantity(float(found[key]), run.catalogue[metric].unit, lang))
        for key in OUTCOMES
        if key in found.index
        for metric, group, value in [key]
    ]


def totals(run: RunInput, lang: Lang) -> list[tuple[str, str]]:
    """Return the county's totals in the order of the catalogue."""
    rows = run.metrics[run.metrics["group"].fillna(TOTAL) == TOTAL].set_index("metric")["value"].astype(float)
    return [
        (text.title.text(lang), quantity(float(rows[name]), text.unit, lang)) for name, text in run.catalogue.items() if name in rows.index
    ]


def split_of(run: RunInput, split: str, lang: Lang) -> Grid:
    """Return cost per parcel by the values of a group, largest first."""
    values = mean_over_seeds(run.metrics, cost.METRIC, split, WINDOW)["value"].droplevel(0).sort_values(ascending=False)
    names = {**pools(), **run.operators}
    rows = [[value_text(split, str(name), lang, names), number(float(value))] for name, value in values.items() if value]
    return Grid([t(f"report.cost_by_{split}", lang), unit_text("yuan/parcel", lang)], rows)


def run_pictures(run: RunInput, lang: Lang, deepest: float = county_map.DEEPEST) -> list[tuple[str, Figure]]:
    """Return the figures of a run by key: cost, delivery and, where there are villages, the map, at most ``deepest`` inches high."""
    drawn = [
        ("cost", cost.draw(run.metrics, run.titles, lang)),
        ("delivery", delivery.draw(run.metrics, run.titles, lang)),
    ]
    if len(run.service):
        inside = mean_over_seeds(run.metrics, "village_coverage", TOTAL, WINDOW)["value"].droplevel(1)
        coverage = {str(name): float(value) for name, value in inside.items()}
        services = {run.name: run.service}
        drawn.append(("map", county_map.draw(run.places, services, run.titles, lang, coverage=coverage, deepest=deepest)))
    return drawn


def _pictures(run: RunInput, lang: Lang) -> list[Shown]:
    return [
        Shown(key, inline(svg(figure, letters="none"), key, t(f"report.run_{key}_alt", lang)), t(f"report.run_{key}", lang), None)
        for key, figure in run_pictures(run, lang)
    ]
