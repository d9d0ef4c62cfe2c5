"""How warm days are: keyed by date, alike in all scenarios, around the months' means."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.produce.weather import temperatures
from sim.world.tables import read_county
from sim.world.world import Floats
from tests.produce.orchard import ORCHARD, PEARS, lived, orchard

SPREAD = 2.5
YEAR = date(2021, 1, 1)
MONTHS = [date(2021, month, 1).toordinal() - YEAR.toordinal() for month in range(1, 13)] + [365]


def air(seed: int, start: date = YEAR, first: int = 0, days: int = 365, spread: float = SPREAD) -> Floats:
    """Return the days' temperatures in the orchard."""
    climate = read_county(ORCHARD).climate
    assert climate is not None
    return temperatures(climate, start, first, days, spread, seed)


def means() -> Floats:
    """Return the months' means as the county's table says them."""
    climate = read_county(ORCHARD).climate
    assert climate is not None
    return climate.mean_c


def test_the_mean_month_over_many_seeds_is_that_of_the_climate_table() -> None:
    years = np.array([air(seed) for seed in range(80)])
    for month, mean in enumerate(means()):
        own = years[:, MONTHS[month] : MONTHS[month + 1]]
        # lines between the 15ths cut the tops of summer and winter off a little
        assert own.mean() == pytest.approx(mean, abs=0.8)


def test_the_middle_of_a_month_has_its_mean_and_the_way_between_two_is_straight() -> None:
    mean, calm = means(), air(1, spread=0.0)
    for month, name in enumerate(mean):
        assert calm[MONTHS[month] + 14] == pytest.approx(name, abs=0.051)
    halfway = calm[(date(2021, 3, 15) - YEAR).days + 16]
    assert halfway == pytest.approx(mean[2] + (mean[3] - mean[2]) * 16 / 31, abs=0.051)
    over_new_year = calm[0]
    assert over_new_year == pytest.approx(mean[11] + (mean[0] - mean[11]) * 17 / 31, abs=0.051)


def test_days_stray_as_far_as_the_spread_says_and_apart_from_each_other() -> None:
    strays = np.array([air(seed) - air(seed, spread=0.0) for seed in range(30)])
    assert strays.std() == pytest.approx(SPREAD, rel=0.03)
    assert abs(strays.mean()) < 0.08
    assert abs(np.corrcoef(strays[:, :-1].ravel(), strays[:, 1:].ravel())[0, 1]) < 0.04


def test_a_date_is_as_warm_from_whatever_day_it_is_counted() -> None:
    np.testing.assert_array_equal(air(3)[60:90], air(3, date(2021, 3, 2), 0, 30))
    np.testing.assert_array_equal(air(3)[60:90], air(3, date(2021, 4, 1), -30, 30))
    assert not np.array_equal(air(3)[:30], air(4)[:30])
    assert not np.array_equal(air(3)[:30], air(3, date(2022, 1, 1), 0, 30))


def test_two_scenarios_of_one_seed_have_the_same_weather_and_another_seed_has_another() -> None:
    settings: Any = {"channels": {"rule": "logit"}, "learning": {"prior_paid": 0.2}}
    one, other, later = lived(orchard(start=PEARS), 5), lived(orchard("other", produce=settings), 5), lived(orchard(start=PEARS), 6)
    np.testing.assert_array_equal(one.farming.climb.celsius, other.farming.climb.celsius)
    assert not np.array_equal(one.farming.climb.celsius, later.farming.climb.celsius)
