"""Draw every figure of the report, with caption, spoken description and the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.figures import cost, county_map, delivery, forest, operators
from sim.figures.select import TOTAL, differences_of, mean_over_seeds
from sim.report.drawn import Picture
from sim.report.input import ReportInput
from sim.report.season import Season, season_pictures
from sim.report.table import OF_PAIRS, Grid, difference_text
from sim.text import DASH, Lang, Words, number, t, unit_text, value_text, whole_share

REMOTENESS = ("near", "middle", "far")
NATION = "net_benefit_nation_yuan"
MORE = 0.01
"""A share of parcels that is worth a word."""
BY_REMOTENESS = ("village_coverage", "pickup_km", "delivery_hours_mean")


def pictures(report: ReportInput, lang: Lang, deepest: float = county_map.DEEPEST, page: float | None = None) -> Iterator[Picture]:
    """Draw the figures one after another; what the study holds no rows for is left out. Maps are at most ``deepest`` inches high.

    ``page``: panels that take more inches than this go on in a further figure, so that they are not shrunk on paper.
    """
    window = report.windows[0]
    outcomes, alternatives = [name for name in report.outcomes if name not in OF_PAIRS], report.alternatives
    for several in _parts(outcomes, None if page is None else forest.within(alternatives, lang, page), forest.COLUMNS):
        figure = forest.draw(report.differences, several, report.catalogue, alternatives, lang, window)
        spoken = t("report.forest_alt", lang, outcomes=len(several), alternatives=len(alternatives))
        yield Picture("forest", "forest", figure, t("report.forest_caption", lang), spoken)
    if _has(report.metrics, cost.METRIC, "leg", window) and _has(report.metrics, cost.METRIC, "resource", window):
        figure = cost.draw(report.metrics, report.titles, lang, window)
        yield Picture("cost", "cost", figure, t("report.cost_caption", lang), t("report.cost_alt", lang), _costs(report, lang, window))
    if _has(report.metrics, "delivery_hours_mean", delivery.GROUP, window):
        caption, spoken, numbers = t("report.delivery_caption", lang), t("report.delivery_alt", lang), _hours(report, lang, window)
        kinds = delivery.shown_kinds(report.metrics, window)
        *firsts, last = _parts(kinds, None if page is None else delivery.within(report.titles, lang, page))
        for some in firsts:
            yield Picture("delivery", "delivery", delivery.draw(report.metrics, report.titles, lang, window, some), caption, spoken)
        yield Picture("delivery", "delivery", delivery.draw(report.metrics, report.titles, lang, window, last), caption, spoken, numbers)
    yield from season_pictures(season_of(report), lang)
    if _has(report.differences, "carrier_profit_yuan", "carrier", window):
        yield _profit(report, lang, window)
    for group in ("carrier", "remoteness", "age"):
        if _has(report.differences, NATION, group, window):
            yield _winners(report, group, lang, window)
    for metric in BY_REMOTENESS:
        if _has(report.differences, metric, "remoteness", window):
            yield _by_remoteness(report, metric, lang, window)
    if report.baseline.id in report.services and any(name in report.services for name in report.alternatives):
        yield from _maps(report, lang, deepest)


def _parts(items: list[str], most: int | None, row: int = 1) -> list[list[str]]:
    """Return the items in parts of at most ``most``, as even as can be in whole rows."""
    if most is None or len(items) <= most:
        return [items]
    parts = -(-len(items) // most)
    size = -(-len(items) // (parts * row)) * row
    return [items[at : at + size] for at in range(0, len(items), size)]


def season_of(report: ReportInput) -> Season:
    """Return what the figures of produce are drawn of."""
    return Season(report.metrics, report.periods, report.titles, report.crops, report.windows[0])


def _has(table: pd.DataFrame, metric: str, group: str, window: str) -> bool:
    return bool(((table["metric"] == metric) & (table["group"].fillna(TOTAL) == group) & (table["window"] == window)).any())


def _means(report: ReportInput, metric: str, group: str, unit: str, lang: Lang, window: str) -> Grid:
    means = mean_over_seeds(report.metrics, metric, group, window)["value"].unstack("value_of_group").reindex(list(report.titles))
    head = [t("report.scenario", lang), *(value_text(group, str(name), lang) for name in means.columns)]
    head[0] += t("figure.in_unit", lang, unit=unit_text(unit, lang))
    rows = [[report.titles[name].text(lang), *(number(float(value)) for value in means.loc[name])] for name in means.index]
    return Grid(head, rows)


def _costs(report: ReportInput, lang: Lang, window: str) -> Grid:
    legs = _means(report, cost.METRIC, "leg", "yuan/parcel", lang, window)
    resources = _means(report, cost.METRIC, "resource", "yuan/parcel", lang, window)
    return Grid(legs.head + resources.head[1:], [left + right[1:] for left, right in zip(legs.rows, resources.rows, strict=True)])


def _hours(report: ReportInput, lang: Lang, window: str) -> Grid:
    return _means(report, "delivery_hours_mean", delivery.GROUP, "h", lang, window)


def _changes(
    report: ReportInput, metric: str, group: str, head: str, lang: Lang, window: str, names: dict[str, Words] | None = None
) -> Grid:
    """Return the differences and intervals by group: one row per value of the group, one column per alternative."""
    unit = report.catalogue[metric].unit
    chosen = differences_of(report.differences, metric, group, window).set_index(["value_of_group", "alternative"])
    rows = []
    for value in dict.fromkeys(chosen.index.get_level_values(0)):
        cells = [value_text(group, str(value), lang, names)]
        for alternative in report.alternatives:
            known = (value, alternative) in chosen.index
            row = chosen.loc[(value, alternative)] if known else None
            cells.append(DASH if row is None else difference_text(row, unit, lang))
        rows.append(cells)
    return Grid([head, *(words.text(lang) for words in report.alternatives.values())], rows)


def _profit(report: ReportInput, lang: Lang, window: str) -> Picture:
    metric, names = "carrier_profit_yuan", dict(report.operators)
    figure = operators.draw(report.differences, metric, "carrier", report.catalogue, report.alternatives, lang, names, window=window)
    grid = _changes(report, metric, "carrier", t("report.operator", lang), lang, window, names)
    alt = t("report.profit_alt", lang, operators=len(grid.rows), alternatives=len(report.alternatives))
    return Picture("operators", "who", figure, t("report.profit_caption", lang), alt, grid)


def _winners(report: ReportInput, group: str, lang: Lang, window: str) -> Picture:
    """Draw who gains and who loses in the nation's account by operator, remoteness or age; each adds up to the same total."""
    names = dict(report.operators) if group == "carrier" else {}
    rows = differences_of(report.differences, NATION, group, window)
    moved = set(rows.loc[rows["mean"].astype(float).fillna(0.0) != 0.0, "value_of_group"])
    shown_rows = [value for value in dict.fromkeys(rows["value_of_group"]) if value in moved]
    figure = operators.draw(
        report.differences, NATION, group, report.catalogue, report.alternatives, lang, names, shown_rows or None, window
    )
    grid = _changes(report, NATION, group, t(f"report.winners_{group}", lang), lang, window, names)
    total = _changes(report, NATION, TOTAL, "", lang, window).rows[0][1:]
    shown = Grid(grid.head, [*grid.rows, [t("report.sum", lang), *total]])
    caption = t(f"report.winners_{group}_caption", lang)
    return Picture(f"winners_{group}", "winners", figure, caption, t("report.winners_alt", lang), shown)


def _by_remoteness(report: ReportInput, metric: str, lang: Lang, window: str) -> Picture:
    figure = operators.draw(
        report.differences, metric, "remoteness", report.catalogue, report.alternatives, lang, order=REMOTENESS, window=window
    )
    title = report.catalogue[metric].title.text(lang)
    grid = _changes(report, metric, "remoteness", t("report.remoteness_head", lang), lang, window)
    caption = t("report.remoteness_caption", lang, metric=title)
    if metric == "delivery_hours_mean" and _nearer(report, window):
        caption += t("report.space", lang) + t("report.remoteness_hours", lang)
    alt = t("report.remoteness_alt", lang, metric=title)
    return Picture(f"remoteness_{metric}", "remoteness", figure, caption, alt, grid)


def _nearer(report: ReportInput, window: str) -> bool:
    """Return whether any alternative hands over more parcels inside the villages: then they go one leg further."""
    rows = differences_of(report.differences, "village_coverage", TOTAL, window)
    return bool((rows["mean"].astype(float) >= MORE).any())


def _maps(report: ReportInput, lang: Lang, deepest: float) -> Iterator[Picture]:
    """Draw the baseline beside the alternative that serves most villages, then the other alternatives together."""
    served = {name: float(table["served"].astype(float).mean()) for name, table in report.services.items()}
    before, after, *others = report.baseline.id, *sorted((n for n in report.alternatives if n in served), key=lambda n: -served[n])
    inside = _coverage(report)
    titles = {name: report.titles[name] for name in (before, after)}
    figure = county_map.draw(report.places, report.services, titles, lang, coverage=inside, deepest=deepest)
    names = {"before": report.titles[before].text(lang), "after": report.titles[after].text(lang)}
    shares = {"served_before": whole_share(served[before]), "served_after": whole_share(served[after])}
    yield Picture("map", "map", figure, t("report.map_caption", lang, **names), t("report.map_alt", lang, **names, **shares))
    if others:
        titles = {name: report.titles[name] for name in others}
        figure = county_map.draw(report.places, report.services, titles, lang, labels=False, coverage=inside, deepest=deepest)
        told = t("report.map_of", lang)
        spoken = [t("report.map_one", lang, scenario=title.text(lang), served=whole_share(served[name])) for name, title in titles.items()]
        yield Picture("map_others", "map", figure, told, " ".join([told, *spoken]))


def _coverage(report: ReportInput) -> dict[str, float]:
    """Return the share of all villages' parcels that each scenario hands over inside them, mean of the replications."""
    means = mean_over_seeds(report.metrics, "village_coverage", TOTAL, report.windows[0])["value"].droplevel(1)
    return {str(name): float(value) for name, value in means.items()}
