"""Hold the small-step integrator to what can be worked out on paper."""

from __future__ import annotations

import math

import pytest

from sim.units import DAY, HOUR, MINUTE

from .quality import Law, decayed, step_error

LAW = Law(shelf_days_0c=20, threshold=0.6)
FACTORS = [
    (0, 1), (10, 3), (20, 7.5), (30, 15), (40, 22.5), (5, 3**0.5), (25, 7.5 * 2**0.5), (-5, 3**-0.5), (-10, 1 / 3),
    (45, 22.5 * 1.5**0.5), (50, 22.5 * 1.5),
]  # fmt: skip


@pytest.mark.parametrize(("celsius", "factor"), FACTORS)
def test_it_decays_as_many_times_faster_than_in_the_ice_as_the_factors_say(celsius: float, factor: float) -> None:
    assert LAW.rate(celsius) == pytest.approx(LAW.rate(0) * factor, rel=1e-12)


@pytest.mark.parametrize(("celsius", "factor"), FACTORS)
def test_quality_reaches_the_threshold_after_the_shelf_life_divided_by_the_factor(celsius: float, factor: float) -> None:
    stay = [(3 * HOUR, 3 * HOUR + round(20 * DAY / factor), celsius)]
    assert decayed(stay, LAW) == pytest.approx(0.6, rel=step_error(stay, LAW))
    assert step_error(stay, LAW) < 2e-3


def test_a_day_in_the_field_and_a_night_in_the_cold_decay_as_their_sum() -> None:
    path = [(8 * HOUR, 20 * HOUR, 30.0), (20 * HOUR, 32 * HOUR, 4.0), (32 * HOUR, 32 * HOUR, 99.0)]
    days = 0.5 * 15 + 0.5 * 3**0.4
    assert decayed(path, LAW, 0.9) == pytest.approx(0.9 * 0.6 ** (days / 20), rel=step_error(path, LAW))


def test_each_day_decays_at_its_own_temperature() -> None:
    path = [(20 * HOUR + 31, 3 * DAY + 5 * HOUR + 17, (10.0, 30.0, 20.0, 0.0).__getitem__)]
    days = ((4 * HOUR - 31) * 3 + DAY * 15 + DAY * 7.5 + 5 * HOUR + 17) / DAY
    assert decayed(path, LAW) == pytest.approx(0.6 ** (days / 20), rel=step_error(path, LAW))


def test_smaller_steps_come_closer() -> None:
    path = [(7 * HOUR, 4 * DAY, lambda day: 12.0 + 5 * day)]
    exact = math.exp(-sum(LAW.rate(12.0 + 5 * day) * (17 / 24 if day == 0 else 1) for day in range(4)))
    errors = [abs(decayed(path, LAW, step_us=step) / exact - 1) for step in (60 * MINUTE, 10 * MINUTE, MINUTE)]
    assert errors[0] > 5 * errors[1] > 25 * errors[2]
    for step, error in zip((60 * MINUTE, 10 * MINUTE, MINUTE), errors, strict=True):
        assert error < step_error(path, LAW, step)
    assert step_error(path, LAW) < 1e-3


def test_no_time_and_no_segment_leave_quality_as_it_is() -> None:
    assert decayed([], LAW, 0.7) == 0.7
    assert decayed([(DAY, DAY, 25.0)], LAW, 0.7) == 0.7
