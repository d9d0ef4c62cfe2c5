"""What can be worked out on paper: rates by temperature, shelf life, decay over days, seasons, the wait for the evening trunk."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim import luck
from sim.produce.decay import Path, k0, rate
from sim.produce.harvest import Harvest
from sim.produce.season import price_index
from sim.produce.weather import temperatures
from sim.schema.produce import Farming, Perishing
from sim.units import DAY, HOUR, MINUTE
from sim.world.crops import Climate
from tests.produce.orchard import county_of, fields_of, orchard
from tests.reference.flowside import fast, recorded
from tests.reference.tiny import at, parcel_up, tiny_case, tiny_plan

PERISHING = Perishing()


def test_quality_goes_as_many_times_faster_as_the_q10_of_each_ten_degrees_says() -> None:
    degrees = np.array([-10.0, 0.0, 10.0, 20.0, 30.0, 40.0, 50.0])
    np.testing.assert_allclose(rate(degrees, PERISHING), [1 / 3, 1.0, 3.0, 7.5, 15.0, 22.5, 33.75], rtol=1e-14)
    np.testing.assert_allclose(rate(np.array([5.0, 15.0, 25.0]), PERISHING), [3**0.5, 3 * 2.5**0.5, 7.5 * 2**0.5], rtol=1e-14)


@pytest.mark.parametrize(("shelf", "threshold"), [(7.0, 0.7), (75.0, 0.7), (14.0, 0.5)])
def test_at_freezing_point_quality_meets_the_threshold_when_the_shelf_life_ends(shelf: float, threshold: float) -> None:
    left = np.exp(
        -k0(np.array([shelf]), threshold) * Path(np.zeros(400), 0, PERISHING).between(np.array([0]), np.array([round(shelf * DAY)]))
    )
    assert left[0] == pytest.approx(threshold, rel=1e-12)


def test_the_integral_over_several_days_is_the_sum_of_its_days() -> None:
    air = Path(np.array([0.0, 10.0, 20.0, 30.0]), 5, PERISHING)
    start, end = 5 * DAY + 18 * HOUR, 8 * DAY + 6 * HOUR
    assert air.between(np.array([start]), np.array([end]))[0] == pytest.approx(0.25 * 1 + 3 + 7.5 + 0.25 * 15, rel=1e-12)
    # before the first day and behind the last one the nearest day's holds
    assert air.between(np.array([3 * DAY]), np.array([5 * DAY]))[0] == pytest.approx(2.0, rel=1e-12)
    assert air.between(np.array([9 * DAY]), np.array([11 * DAY]))[0] == pytest.approx(30.0, rel=1e-12)
    assert air.between(np.array([end]), np.array([start]))[0] == 0.0


def test_a_way_cut_anywhere_costs_what_it_costs_whole() -> None:
    climate = Climate(np.linspace(-5, 28, 12), np.full(12, 10.0), ("",) * 12)
    air = Path(temperatures(climate, date(2021, 1, 1), 0, 60, 4.0, 1), 0, PERISHING)
    whole = air.between(np.array([3 * DAY + 7]), np.array([40 * DAY + 11]))[0]
    cuts = np.unique((luck.uniform(1, "cuts", 0, np.arange(50, dtype=np.uint64)) * 37 * DAY).astype(np.int64) + 3 * DAY + 7)
    points = np.concatenate([[3 * DAY + 7], cuts, [40 * DAY + 11]])
    assert air.between(points[:-1], points[1:]).sum() == pytest.approx(whole, rel=1e-12)


# ---- the season

START = date(2021, 1, 1)


def harvest(seed: int, farming: Farming | None = None) -> Harvest:
    """Return the orchard's harvest, day 0 being New Year."""
    fields = fields_of(county_of(orchard()))
    return Harvest(fields.farms, fields.crops, farming or Farming(), seed, START)


def picked(of: Harvest, first: int, last: int) -> np.ndarray:
    """Return the grams (f,) that each farm picks on the days [first, last)."""
    grams = np.zeros(of.farms.n, np.int64)
    for day in range(first, last):
        rows, much, _ = of.picks(day)
        assert len(np.unique(rows)) == len(rows)
        np.add.at(grams, rows, much)
    return grams


def normal(seed: int, name: str, year: int, key: np.ndarray) -> np.ndarray:
    """Return the standard normal luck of keys by Box and Muller."""
    u, v = (luck.uniform(seed, name, year, key, k) for k in (0, 1))
    out: np.ndarray = np.sqrt(-2 * np.log(u)) * np.cos(2 * math.pi * v)
    return out


def test_a_season_brings_area_times_yield_times_luck_to_the_gram() -> None:
    of = harvest(7)
    farms, crops = of.farms, of.crops
    # strawberries from 15 December 2021 to 30 April 2022, the others within 2021
    grams = picked(of, 180, 365 + 150)
    for c, crop in enumerate(crops.key):
        own = farms.crop == c
        weather = math.exp(0.1 * normal(7, "weather", 2021, np.array([luck.key_of(crop)]))[0] - 0.1**2 / 2)
        yields = np.exp(0.2 * normal(7, "yield", 2021, farms.key[own]) - 0.2**2 / 2)
        kg = farms.area_mu[own] * crops.yield_kg_mu[c] * yields * weather
        np.testing.assert_array_equal(grams[own], np.rint(1000 * kg))


def test_a_long_run_of_years_brings_area_times_yield() -> None:
    of = harvest(1)
    expected = of.crops.area_mu * of.crops.yield_kg_mu
    total = np.array([[harvest(seed).season(c, 365)[0].sum() / 1000 for c in range(of.crops.n)] for seed in range(40)])
    np.testing.assert_allclose(total.mean(axis=0), expected, rtol=0.05)
    np.testing.assert_allclose(np.bincount(of.farms.crop, of.farms.area_mu), of.crops.area_mu, rtol=1e-4)


def test_a_farm_picks_at_its_interval_inside_the_window_only() -> None:
    of = harvest(3)
    c = of.crops.key.index("pear")
    farm = int(np.flatnonzero(of.farms.crop == c)[0])
    days = [day for day in range(365) if farm in of.picks(day)[0].tolist()]
    assert date(2021, 8, 20) <= date.fromordinal(START.toordinal() + days[0]) <= date(2021, 8, 22)
    assert date.fromordinal(START.toordinal() + days[-1]) <= date(2021, 10, 10)
    assert set(np.diff(days)) == {3}
    assert len(days) in (17, 18)


def test_a_short_window_still_brings_the_whole_season() -> None:
    of = harvest(3, Farming(pick_every_days=30, pick_every_days_hardy=60))
    grams = picked(of, 180, 365 + 150)
    for c in range(of.crops.n):
        np.testing.assert_array_equal(grams[of.farms.crop == c], of.season(c, 365)[0])


def test_picks_that_cannot_be_even_differ_by_a_gram() -> None:
    of = harvest(3)
    own = np.flatnonzero(of.farms.crop == of.crops.key.index("pear"))[:20]
    by_farm: dict[int, list[int]] = {int(farm): [] for farm in own}
    for day in range(180, 330):
        rows, grams, _ = of.picks(day)
        for row, much in zip(rows.tolist(), grams.tolist(), strict=True):
            if row in by_farm:
                by_farm[row].append(much)
    assert all(max(picks) - min(picks) <= 1 for picks in by_farm.values())


def test_prices_rise_evenly_behind_the_season_and_then_stay() -> None:
    crops = fields_of(county_of(orchard())).crops
    c = crops.key.index("pear")
    end = (date(2021, 10, 10) - START).days
    index = [price_index(crops, day, START, 0.3, 4.0)[c] for day in (end - 20, end, end + 61, end + 122, end + 200)]
    assert index == pytest.approx([1.0, 1.0, 1 + 0.3 * 61 / 121.6, 1.3, 1.3])


# ---- the evening trunk


def test_the_mean_wait_for_the_evening_trunk_is_half_a_day_and_the_way_to_it() -> None:
    # at the counter: handled in 3 minutes, the line is there at 9:30, home by the afternoon, all sorted before the trunk loads at 19:40:
    # who is handed in by 9:27 leaves that evening at 20:00, who comes later the next one; loading is made to take no time
    gap, plan = 5, tiny_plan()
    plan = replace(plan, times=replace(plan.times, load_piece_us=0))
    hand_in = range(0, 24 * 60, gap)
    up = [parcel_up(1 + i, 1, f"{m // 60}:{m % 60:02d}", counter=1) for i, m in enumerate(hand_in)]
    up = [(*row[:4], min(row[4], row[5]), *row[5:]) for row in up]
    parcels, _ = fast(recorded(tiny_case([], plan, up=up)))
    wait = np.array([parcels[1 + i]["trunk_out"] - at(f"{m // 60}:{m % 60:02d}") for i, m in enumerate(hand_in)])
    cut_off = at("9:27")
    ready = np.array(hand_in) * MINUTE
    np.testing.assert_array_equal(wait, np.where(ready <= cut_off, at("20:00"), at("20:00", 1)) - ready)
    # evenly spread over a day: from the cut-off to the trunk, and half a day on the mean, to the grain of the hand-ins
    assert wait.mean() == pytest.approx(at("20:00") - cut_off + DAY / 2, abs=gap * MINUTE)
