"""Season, weekday and trend of the orders."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from sim.errors import SimError
from sim.schema.parameters import Demand
from sim.world.season import rates, season
from sim.world.world import COUNTY, TOWN, TOWNSHIP, VILLAGE

from .counties import county

FLAT = Demand(growth_per_year=0, weekend_factor=1, double11_peak=1, june18_peak=1, spring_festival_trough=1)
MONDAY = date(2021, 3, 1)


def test_without_growth_and_festivals_all_days_are_equal() -> None:
    assert {season(day, MONDAY, FLAT) for day in range(-30, 400)} == {1.0}


def test_a_week_has_mean_one_whatever_the_weekend() -> None:
    demand = FLAT.model_copy(update={"weekend_factor": 1.7})
    week = [season(day, MONDAY, demand) for day in range(7)]
    assert np.mean(week) == pytest.approx(1)
    assert week[5] / week[4] == pytest.approx(1.7)


def test_peaks_and_the_trough_fall_off_in_ten_days() -> None:
    demand = FLAT.model_copy(update={"double11_peak": 1.5, "june18_peak": 1.3, "spring_festival_trough": 0.3})

    def on(day: date) -> float:
        return season((day - MONDAY).days, MONDAY, demand)

    assert on(date(2021, 11, 11)) == pytest.approx(1.5)
    assert on(date(2021, 11, 16)) == pytest.approx(1.25)
    assert on(date(2021, 11, 1)) == pytest.approx(1)
    assert on(date(2021, 6, 18)) == pytest.approx(1.3)
    for festival in (date(2019, 2, 5), date(2021, 2, 12), date(2024, 2, 10), date(2030, 2, 3)):
        assert on(festival) == pytest.approx(0.3)
        assert on(festival - timedelta(days=10)) == pytest.approx(1)


def test_orders_grow_from_the_start_on() -> None:
    demand = FLAT.model_copy(update={"growth_per_year": 0.2})
    assert season(-20, MONDAY, demand) == 1
    assert season(365, MONDAY, demand) == pytest.approx(1.2)


def test_a_year_without_a_known_festival_is_refused() -> None:
    with pytest.raises(SimError, match="2050"):
        season(0, date(2050, 1, 1), FLAT)


def test_only_villages_and_towns_order_at_the_region_s_rate() -> None:
    world = county()
    rate, tier = rates(world, FLAT), world.places.tier
    assert (rate[(tier == COUNTY) | (tier == TOWNSHIP)] == 0).all()
    assert rate[tier == VILLAGE] == pytest.approx(FLAT.village_orders_per_person_year / 365)
    assert rate[tier == TOWN] == pytest.approx(FLAT.town_orders_per_person_year * 0.8 / 365)
    given = FLAT.model_copy(update={"regional_factor": 2.0})
    assert rates(world, given)[tier == TOWN] == pytest.approx(FLAT.town_orders_per_person_year * 2 / 365)
