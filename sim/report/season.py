"""What the report of a study or a single run says about produce: its figures, each with a sentence and the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sim.figures import adoption, harvest, income, losses
from sim.figures.select import TOTAL, by_period, mean_over_seeds
from sim.report.drawn import Picture
from sim.report.said import adoption_said, harvest_said, income_said, losses_said
from sim.report.table import Grid
from sim.text import Lang, Words, number, quantity, t, value_text

SECTION = "produce"
OUTCOMES = (
    ("produce_kg", "", ""),
    ("produce_stock_kg", "", ""),
    ("parcels_up", "", ""),
    ("produce_up_kg", "", ""),
    ("produce_loss_share", "", ""),
    ("produce_loss_share", "channel", "online"),
    ("farm_net_price_yuan_kg", "", ""),
    ("farmer_income_per_farm_yuan", "", ""),
    ("online_share", "", ""),
    ("farms_online_share", "", ""),
    ("online_iced_share", "", ""),
    ("fewer_zones_share", "", ""),
    ("online_grade_share", "grade", "first"),
    ("online_price_yuan_kg", "grade", "first"),
    ("cost_per_parcel_yuan", "direction", "down"),
    ("cost_per_parcel_yuan", "direction", "up"),
    ("backhaul_load_factor", "", ""),
    ("cold_chain_share", "", ""),
    ("cold_power_kwh", "", ""),
    ("energy_mj", "", ""),
    ("co2_kg", "", ""),
    ("public_spending_yuan", "", ""),
)
"""(metric, group, value of the group) of the section's table."""


@dataclass(frozen=True)
class Season:
    """What the figures are drawn of: metrics of whole periods, those by month and week, titles of scenarios (the first is the
    baseline), names of crops, window."""

    metrics: pd.DataFrame
    periods: pd.DataFrame
    titles: Mapping[str, Words]
    crops: Mapping[str, Words]
    window: str

    @property
    def grown(self) -> dict[str, Words]:
        """Return the scenarios in which produce was simulated and any was harvested."""
        kg = mean_over_seeds(self.metrics, "produce_kg", TOTAL, self.window)["value"]
        some = set(kg.index[kg > 0].get_level_values("scenario"))
        return {name: words for name, words in self.titles.items() if name in some}


def season_pictures(season: Season, lang: Lang) -> Iterator[Picture]:
    """Draw the figures of produce, of the scenarios that have any; none where there is none."""
    season = replace(season, titles=season.grown)
    if not season.titles:
        return
    metrics, periods, titles, window = season.metrics, season.periods, season.titles, season.window
    figure, said = losses.draw(metrics, titles, lang, window), losses_said(metrics, titles, lang, window)
    yield _picture("losses", figure, said, _lost(season, lang), lang)
    if len(by_period(periods, harvest.PICKED, "crop", window, weekly=True)):
        figure = harvest.draw(periods, titles, season.crops, lang, window)
        said = harvest_said(periods, titles, season.crops, lang, window)
        yield _picture("harvest", figure, said, _weeks(season, lang), lang)
    if len(by_period(periods, adoption.METRIC, "remoteness", window)):
        figure, said = adoption.draw(periods, titles, lang, window), adoption_said(metrics, titles, lang, window)
        yield _picture("adoption", figure, said, _online(season, lang), lang)
    figure, said = income.draw(metrics, titles, lang, window), income_said(metrics, titles, lang, window)
    yield _picture("income", figure, said, _money(season, lang), lang)


def _picture(key: str, figure: object, said: str, numbers: Grid, lang: Lang) -> Picture:
    from matplotlib.figure import Figure

    assert isinstance(figure, Figure)
    return Picture(key, SECTION, figure, t(f"report.{key}_caption", lang), t(f"report.{key}_alt", lang), numbers, said)


def _head(season: Season, first: str, lang: Lang) -> list[str]:
    return [t(f"report.{first}", lang), *(words.text(lang) for words in season.titles.values())]


def _row(label: str, values: pd.Series, season: Season, digits: int = 1) -> list[str]:
    found = values.reindex(list(season.titles)).astype(float).tolist()
    return [label, *(losses.told(value, digits) for value in found)]


def _lost(season: Season, lang: Lang) -> Grid:
    """Return the share lost by stage, of the harvest, of what was sent up, and of each crop's harvest; of a crop without stages in which
    nothing is lost."""
    rows = []
    for base in losses.BASES:
        table = losses.losses(season.metrics, list(season.titles), base, season.window)
        digits = losses.decimals(table)
        rows.append(_row(t(f"report.lost_of_{base}", lang), table["all"], season, digits))
        rows += [_row(_stage(str(stage), lang), table[stage], season, digits) for stage in table.columns[:-1]]
    crops = mean_over_seeds(season.metrics, losses.METRIC, "crop", season.window)["value"].unstack("value_of_group")
    stages = mean_over_seeds(season.metrics, losses.METRIC, "crop|stage", season.window)["value"].unstack("value_of_group")
    for crop in crops.columns:
        digits = losses.decimals(crops[[crop]].rename(columns={crop: "all"}))
        rows.append(_row(value_text("crop", str(crop), lang, season.crops), crops[crop], season, digits))
        own = {stage: f"{crop}|{stage}" for stage in losses.STAGES if f"{crop}|{stage}" in stages}
        some = {stage: stages[column] for stage, column in own.items() if stages[column].reindex(list(season.titles)).fillna(0.0).any()}
        rows += [_row(_stage(stage, lang), lost, season, digits) for stage, lost in some.items()]
    return Grid(_head(season, "lost", lang), rows)


def _stage(stage: str, lang: Lang) -> str:
    return t("report.of_which", lang, name=value_text("stage", stage, lang))


def _weeks(season: Season, lang: Lang) -> Grid:
    """Return a row for each week: its Monday, what is picked a day, and stock / room of each scenario, tonnes."""
    picked = harvest.picked_per_day(season.periods, next(iter(season.titles)), season.window)
    room, stock = (
        harvest.in_the_cold(season.periods, metric, season.window).reindex(picked.index) for metric in (harvest.ROOM, harvest.STOCK)
    )
    shown = [name for name in season.titles if name in room and (room[name] > 0).any()]
    heads = [t("report.week", lang), *(value_text("crop", str(crop), lang, season.crops) for crop in picked.columns)]
    heads += [t("report.stock_of_room", lang, scenario=season.titles[name].text(lang)) for name in shown]
    rows = []
    for week in picked.index:
        cold = [f"{number(float(stock.loc[week, name]))} / {number(float(room.loc[week, name]))}" for name in shown]
        rows.append([harvest.monday(str(week)).isoformat(), *(number(float(value)) for value in picked.loc[week]), *cold])
    return Grid(heads, rows)


def _online(season: Season, lang: Lang) -> Grid:
    table = by_period(season.periods, adoption.METRIC, "remoteness", season.window)["value"].unstack("scenario")
    rows = []
    for third in adoption.REMOTENESS:
        months = sorted(month for place, month in table.index if place == third)
        rows += [_row(f"{value_text('remoteness', third, lang)} | {month}", table.loc[(third, month)], season) for month in months]
    return Grid(_head(season, "villages_month", lang), rows)


def _money(season: Season, lang: Lang) -> Grid:
    parts = income.sales(season.metrics, season.titles, season.window)
    rows = [
        [value_text("channel", str(name), lang), *(quantity(float(value), "yuan", lang) for value in parts[name])] for name in parts.columns
    ]
    for metric, key in (("produce_sales_yuan", "in_all"), ("farmer_income_yuan", "net_income")):
        values = mean_over_seeds(season.metrics, metric, TOTAL, season.window)["value"].droplevel(1).reindex(list(season.titles))
        rows.append([t(f"report.{key}", lang), *(quantity(float(value), "yuan", lang) for value in values)])
    return Grid(_head(season, "channel", lang), rows)
