"""Waits in the flow against what queueing theory says of them."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest

from sim.units import DAY, HOUR, MINUTE
from tests.flow.served import Served, exponential
from tests.flow.stream import BEFORE_US, interval, poisson_days, stream, uniform_days
from tests.run.small import Kept

PER_DAY, DAYS = 400.0, 60


def waits(kept: Kept, service_us: int) -> list[np.ndarray]:
    """Return each day's waits in the sorting queue, microseconds, by day of arrival."""
    rows = kept.all("parcels")
    wait = rows["sorted"] - service_us - rows["county_in"] - BEFORE_US
    return [wait[rows["county_in"] // DAY == day] for day in range(DAYS)]


def mean_wait(load: float, stations: int, service: float) -> float:
    """Return the mean wait in M/D/c: the number present, seen once every service time, is a Markov chain (Crommelin).

    Whoever is served now has gone a service time later, whoever waits has not, and a Poisson number has come.
    """
    from scipy.stats import poisson

    size = 160
    come = poisson.pmf(np.arange(size), load * stations)
    move = np.zeros((size, size))
    for present in range(size):
        waiting = max(present - stations, 0)
        move[present, waiting:] = come[: size - waiting]
    move[:, -1] += 1 - move.sum(axis=1)
    chain = np.vstack([move.T - np.eye(size), np.ones(size)])
    share = np.linalg.lstsq(chain, np.append(np.zeros(size), 1.0), rcond=None)[0]
    waiting = float((share * np.maximum(np.arange(size) - stations, 0)).sum())
    return waiting / (load * stations / service)


def test_the_numerical_solution_is_the_known_formula_for_one_station() -> None:
    for load in (0.3, 0.6, 0.8):
        assert mean_wait(load, 1, 60.0) == pytest.approx(load * 60.0 / (2 * (1 - load)), rel=1e-6)


@pytest.mark.parametrize(("stations", "load"), [(1, 0.7), (2, 0.8), (6, 0.85)])
def test_the_mean_wait_of_a_poisson_stream_is_that_of_m_d_c(stations: int, load: float) -> None:
    service_us = int(load * stations * DAY / PER_DAY)
    kept = stream(poisson_days(10 + stations, PER_DAY, DAYS), stations=stations, service_us=service_us)
    days = waits(kept, service_us)
    assert min(day.min() for day in days) >= 0
    low, high = interval(np.array([day.mean() for day in days[1:]]))
    expected = mean_wait(load, stations, service_us)
    print(f"M/D/{stations} at {load}: {low / MINUTE:.2f} .. {high / MINUTE:.2f} min, theory {expected / MINUTE:.2f}")
    assert low <= expected <= high
    assert high - low < 0.5 * expected


def erlang_c(load: float, stations: int) -> float:
    """Return the share of parcels that wait in M/M/c."""
    offered = load * stations
    terms = [offered**i / factorial(i) for i in range(stations)]
    last = offered**stations / factorial(stations) / (1 - load)
    return last / (sum(terms) + last)


@pytest.mark.parametrize(("stations", "load"), [(1, 0.7), (2, 0.8), (6, 0.85)])
def test_mean_wait_and_share_that_waits_of_a_poisson_stream_with_exponential_service_are_those_of_m_m_c(stations: int, load: float) -> None:
    mean_us = load * stations * DAY / PER_DAY
    arrivals = poisson_days(10 + stations, PER_DAY, DAYS)
    service = exponential(20 + stations, sum(len(day) for day in arrivals), mean_us)
    kept = stream(arrivals, stations=stations, service_us=1, live=lambda given, to: Served(given, to, service).run())
    rows = np.sort(kept.all("parcels"), order="county_in")
    assert len(rows) == len(service)
    wait = rows["sorted"] - service - rows["county_in"] - BEFORE_US
    assert wait.min() == 0
    days = [wait[rows["county_in"] // DAY == day] for day in range(1, DAYS)]
    waiting = erlang_c(load, stations)
    expected = waiting * mean_us / (stations * (1 - load))
    low, high = interval(np.array([day.mean() for day in days]))
    print(f"M/M/{stations} at {load}: {low / MINUTE:.2f} .. {high / MINUTE:.2f} min, theory {expected / MINUTE:.2f}")
    assert low <= expected <= high
    assert high - low < 0.7 * expected
    low, high = interval(np.array([(day > 0).mean() for day in days]))
    assert low <= waiting <= high
    assert high - low < 0.2 * waiting


def test_with_times_of_their_own_parcels_start_where_a_station_is_free_first() -> None:
    """Three parcels, two stations, worked out by hand: the third starts when the second, short one is done, not when the first is."""
    arrivals = [np.array([100, 200, 300]) * MINUTE]
    service = np.array([500, 150, 10]) * MINUTE
    kept = stream(arrivals, stations=2, live=lambda given, to: Served(given, to, service).run())
    rows = np.sort(kept.all("parcels"), order="county_in")
    assert ((rows["sorted"] - BEFORE_US) // MINUTE).tolist() == [600, 350, 360]


def test_nobody_waits_where_there_are_more_stations_than_parcels() -> None:
    kept = stream(poisson_days(3, 40.0, 5), stations=100, service_us=HOUR)
    rows = kept.all("parcels")
    assert len(rows) > 100
    assert (rows["sorted"] == rows["county_in"] + BEFORE_US + HOUR).all()


@pytest.mark.parametrize("headway", [HOUR, 3 * HOUR])
def test_the_mean_wait_for_a_timetable_is_half_its_headway(headway: int) -> None:
    kept = stream(uniform_days(7, 300, 20), stations=300, service_us=1, headway_us=headway)
    rows = kept.all("parcels")
    wait = rows["county_out"] - rows["sorted"]
    assert len(rows) == 6_000
    assert (wait >= 1).all(), "loading begins a microsecond before the departure"
    assert (wait <= headway).all()
    low, high = interval(wait.astype(np.float64))
    print(f"headway {headway / HOUR:g} h: {low / MINUTE:.2f} .. {high / MINUTE:.2f} min")
    assert low <= headway / 2 <= high
