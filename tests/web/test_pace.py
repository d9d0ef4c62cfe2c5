"""The first picture is as long as the machine allows."""

from __future__ import annotations

import pytest

from sim.web.pace import KNOWN, LEAST, WAIT_S, Length, Pace, length, rough_seconds

MONTH = Length(30, 10)


def test_a_small_county_shows_all_its_days_after_the_scenarios_own_warm_up() -> None:
    assert length(1_100, MONTH, 1.0, 1) == MONTH


def test_a_large_county_shows_fewer_days_and_the_largest_the_least() -> None:
    shown = [length(parcels, MONTH, 1.0, 1) for parcels in (1_100, 10_000, 14_000, 100_000)]
    assert [one.days for one in shown] == sorted((one.days for one in shown), reverse=True)
    assert shown[0].days > shown[1].days > shown[2].days >= LEAST.days
    assert shown[-1] == LEAST


def test_a_faster_machine_shows_more_days_of_the_same_county() -> None:
    days = [length(10_000, MONTH, factor, 1).days for factor in (0.4, 1.0, 1.3)]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) == 3


def test_the_scenarios_own_warm_up_comes_before_more_days() -> None:
    shown = [length(parcels, MONTH, 1.0, 1) for parcels in range(1_000, 60_000, 500)]
    assert {one.warm_up for one in shown} == {10, LEAST.warm_up}
    assert all(one.days >= LEAST.days for one in shown)


@pytest.mark.parametrize("parcels", [500, 5_000, 20_000, 50_000])
@pytest.mark.parametrize("factor", [0.3, 1.0, 2.5])
def test_what_is_longer_than_the_least_is_judged_to_be_there_in_time(parcels: float, factor: float) -> None:
    shown = length(parcels, MONTH, factor, 1)
    assert shown == LEAST or factor * rough_seconds(parcels, shown.days + shown.warm_up + 1) <= WAIT_S


def test_where_the_start_state_is_stored_the_warm_up_is_the_scenarios_own_and_more_days_are_shown() -> None:
    for parcels in (5_000, 20_000, 100_000):
        for factor in (None, 1.0, 2.0):
            cold, stored = (length(parcels, MONTH, factor, 1, kept) for kept in (False, True))
            assert stored.warm_up == MONTH.warm_up
            assert stored.days >= min(cold.days, LEAST.days)
    assert length(10_000, MONTH, 1.0, 1, True).days > length(10_000, MONTH, 1.0, 1).days


def test_nothing_is_longer_than_the_run() -> None:
    assert length(100, Length(3, 1), 1.0, 1) == (3, 1)
    assert length(1e6, Length(3, 1), 1.0, 1) == (3, 1)
    assert length(100, Length(3, 1), None, 1) == (3, 1)


def test_before_anything_was_measured_the_least_is_shown() -> None:
    assert length(1_100, MONTH, None, 1) == LEAST
    assert Pace().factor is None


def test_the_pace_is_the_middle_one_of_the_last_runs() -> None:
    pace = Pace()
    for took in (1.0, 9.0, 2.0):
        pace.learn(1.0, took)
    assert pace.factor == 2.0
    for _ in range(KNOWN):
        pace.learn(2.0, 8.0)
    assert pace.factor == 4.0


def test_a_length_stays_as_long_as_it_takes_about_as_long_as_it_may_and_gives_way_where_it_does_not() -> None:
    pace = Pace()
    pace.learn(1.0, 0.6)
    first = pace.length(24_000, MONTH, 1)
    assert first == length(24_000, MONTH, 0.6, 1)
    for factor, same in ((0.62, True), (0.5, True), (0.05, False), (3.0, False)):
        pace = Pace()
        pace.learn(1.0, 0.6)
        pace.length(24_000, MONTH, 1)
        for _ in range(KNOWN):
            pace.learn(1.0, factor)
        assert (pace.length(24_000, MONTH, 1) == first) is same
    assert pace.length(24_000, MONTH, 1) == LEAST
