"""How much people order on a day: season, weekday and trend, and the base rates by place."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sim.errors import SimError
from sim.schema.parameters import Demand
from sim.world.world import TOWN, VILLAGE, Floats, World

SPRING_FESTIVAL = (
    date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28), date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25),
    date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17),
    date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11),
    date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8),
)  # fmt: skip
"""New Year's Days of the lunar calendar."""
FESTIVAL_DAYS = 10
"""A peak or trough falls off linearly over so many days on both sides."""
REGIONAL_FACTOR = {"east": 1.25, "central": 1.0, "west": 0.8, "plateau": 0.4}
"""Town order rate of a region over the nation's (assumption G48)."""
DAYS_YEAR = 365


def season(day: int, start: date, demand: Demand) -> float:
    """Return the order rate on a day over the mean day of the start year: trend x weekday x festivals.

    The weekday profile has mean 1 over a week; the trend grows from ``start`` on.
    """
    today = start + timedelta(days=day)
    return trend(day, demand) * _weekday(today, demand) * _festivals(today, demand)


def mean_season(first: int, days: int, start: date, demand: Demand) -> float:
    """Return the mean order rate of ``days`` days from ``first`` on, over the mean day of the start year."""
    return sum(season(d, start, demand) for d in range(first, first + days)) / days


def trend(day: int, demand: Demand) -> float:
    """Return the growth of all order rates since the start date."""
    growth: float = (1.0 + demand.growth_per_year) ** (max(day, 0) / DAYS_YEAR)
    return growth


def rates(world: World, demand: Demand) -> Floats:
    """Return the orders per person on a mean day of the start year, by place, shape (n,)."""
    factor = demand.regional_factor
    if factor is None:
        factor = REGIONAL_FACTOR[world.region]
    rate = np.zeros(world.places.n)
    rate[world.places.tier == VILLAGE] = demand.village_orders_per_person_year / DAYS_YEAR
    rate[world.places.tier == TOWN] = demand.town_orders_per_person_year * factor / DAYS_YEAR
    return rate


def _weekday(today: date, demand: Demand) -> float:
    working = 7.0 / (5.0 + 2.0 * demand.weekend_factor)
    return working * demand.weekend_factor if today.weekday() >= 5 else working


def _festivals(today: date, demand: Demand) -> float:
    if not SPRING_FESTIVAL[0].year <= today.year <= SPRING_FESTIVAL[-1].year:
        years = f"{SPRING_FESTIVAL[0].year} .. {SPRING_FESTIVAL[-1].year}"
        raise SimError(f"{today}: no Spring Festival is known for this year\n  allowed: {years}\n  春节日期只有 {years}")
    around = (today.year - 1, today.year, today.year + 1)
    lunar = [day for day in SPRING_FESTIVAL if day.year in around]
    factor = 1.0
    for height, days in (
        (demand.double11_peak, [date(year, 11, 11) for year in around]),
        (demand.june18_peak, [date(year, 6, 18) for year in around]),
        (demand.spring_festival_trough, lunar),
    ):
        away = min(abs((today - day).days) for day in days)
        factor *= 1.0 + (height - 1.0) * max(0.0, 1.0 - away / FESTIVAL_DAYS)
    return factor
