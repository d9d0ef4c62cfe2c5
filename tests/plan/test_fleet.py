"""Vehicles and drivers: nobody is at two places at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.plan.clock import make_times
from sim.plan.fleet import DELAY_MAX_US, Fleet, Run, man
from sim.schema.parameters import Parameters
from sim.units import HOUR, MINUTE

from .counties import county

TIMES = make_times(county(), Parameters())
TRAVEL = np.array([[0, 30 * MINUTE], [30 * MINUTE, 0]], dtype=np.int64)


def run(key: str, departs_h: float, hours: float, *, days: int = 127, base: int = 0, patient: bool = False) -> Run:
    return Run(key, 0, round(departs_h * HOUR), days, 20 * MINUTE, round(hours * HOUR), 0, base, "van:a", 0, "driver:a", 0, patient)


runs = st.lists(
    st.tuples(st.floats(6, 20), st.floats(0.1, 9), st.integers(1, 127), st.integers(0, 1), st.booleans()), min_size=1, max_size=14
).map(lambda rows: [run(f"r{i:02d}", a, b, days=c, base=d, patient=e) for i, (a, b, c, d, e) in enumerate(rows)])


def overlaps(fleet: Fleet, who: tuple[int, ...], pause_us: int) -> bool:
    for i, a in enumerate(fleet.runs):
        for j, b in enumerate(fleet.runs[:i]):
            if who[i] == who[j] and a.days & b.days:
                way = pause_us + int(TRAVEL[a.base, b.base])
                if a.begin(TIMES) < b.end(TIMES) + way and b.begin(TIMES) < a.end(TIMES) + way:
                    return True
    return False


@settings(max_examples=60, deadline=None, derandomize=True)
@given(runs)
def test_nobody_is_planned_to_be_at_two_places(planned: list[Run]) -> None:
    fleet = man(planned, TIMES, TRAVEL)
    assert not overlaps(fleet, fleet.vehicle, 0)
    assert not overlaps(fleet, fleet.driver, TIMES.rest_us)
    departs = {r.key: r.departs_us for r in planned}
    for r in fleet.runs:
        assert 0 <= r.departs_us - departs[r.key] <= (DELAY_MAX_US if r.patient else 0)
    assert sorted(r.key for r in fleet.runs) == sorted(departs)
    assert man(list(reversed(planned)), TIMES, TRAVEL).runs == fleet.runs


def test_short_trips_share_a_driver_and_a_vehicle() -> None:
    fleet = man([run("a", 8, 1), run("b", 10.5, 1), run("c", 13, 1)], TIMES, TRAVEL)
    assert (len(fleet.drivers), len(fleet.vehicles)) == (1, 1)


def test_a_driver_is_not_planned_for_more_than_a_day_s_work() -> None:
    fleet = man([run("a", 5, 5), run("b", 12, 5)], TIMES, TRAVEL)
    assert (len(fleet.drivers), len(fleet.vehicles)) == (2, 1)


def test_trips_on_other_days_share_a_vehicle() -> None:
    fleet = man([run("a", 8, 3, days=0b0000001), run("b", 8, 3, days=0b0000010)], TIMES, TRAVEL)
    assert (len(fleet.drivers), len(fleet.vehicles)) == (1, 1)


def test_a_pooled_driver_makes_a_trip_wait_for_him() -> None:
    at_once = [run("a", 10, 1), run("b", 10, 1)]
    waiting = [run("a", 10, 0.5, patient=True), run("b", 10, 0.5, patient=True)]
    assert len(man(at_once, TIMES, TRAVEL).drivers) == 2
    fleet = man(waiting, TIMES, TRAVEL)
    assert len(fleet.drivers) == 1
    assert fleet.runs[1].departs_us > 10 * HOUR


def test_a_driver_who_changes_the_township_needs_the_way_there() -> None:
    first = run("a", 8, 1)
    rested_h = (first.end(TIMES) + TIMES.rest_us + TIMES.window_us) / HOUR
    assert len(man([first, run("b", rested_h, 1)], TIMES, TRAVEL).drivers) == 1
    assert len(man([first, run("b", rested_h, 1, base=1)], TIMES, TRAVEL).drivers) == 2
