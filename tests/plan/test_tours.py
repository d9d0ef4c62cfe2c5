"""Tours respect what a vehicle can carry and how long a driver may drive."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import SimError
from sim.plan import routes
from sim.plan.forecast import period_factors
from sim.plan.frame import make_frame
from sim.plan.routes import Instance, solve
from sim.plan.tours import Load, Vehicle, plan_tours, tour_us, trip_parcels, way_us
from sim.schema.parameters import Parameters
from sim.units import MINUTE, SECOND

from .counties import START, county, pooled


def square(c: int, grams: int, capacity: int, max_s: int = 10**6) -> Instance:
    """Return c clients on a line, 100 m and 10 s apart."""
    at = np.arange(c + 1)
    metres = 100 * np.abs(at[:, None] - at[None, :])
    each = np.full(c, grams)
    return Instance(metres, metres // 10, each, each, np.full(c, 60), capacity, capacity, max_s, 50)


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANTONG_CACHE", str(tmp_path))
    monkeypatch.setattr(routes, "_known", {})


@pytest.mark.usefixtures("cold")
def test_the_fewest_vehicles_come_before_the_shortest_way() -> None:
    assert len(solve(square(6, 100, 600))) == 1
    assert len(solve(square(6, 100, 300))) == 2
    assert len(solve(square(6, 100, 599))) == 2


@pytest.mark.usefixtures("cold")
def test_an_instance_without_a_solution_is_an_error() -> None:
    with pytest.raises(SimError, match="no feasible tours"):
        solve(square(2, 100, 99))
    with pytest.raises(SimError, match="no feasible tours"):
        solve(square(2, 100, 1000, max_s=61))


@pytest.mark.usefixtures("cold")
@pytest.mark.parametrize("c", [1, 2, 4, 7, 10, 12])
def test_few_stops_have_the_tours_of_a_long_search(c: int, monkeypatch: pytest.MonkeyPatch) -> None:
    luck = np.random.Generator(np.random.PCG64(c))
    for capacity, hours in ((10**6, 100.0), (450, 100.0), (10**6, 2.0)):
        at = luck.uniform(0, 20_000, (c + 1, 2))
        metres = np.rint(np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))).astype(np.int64)
        grams = luck.integers(50, 200, c)
        asked = Instance(metres, metres // 10, grams, grams, np.full(c, 60), capacity, capacity, round(3600 * hours), 200)
        short = routes._search(asked, asked.hash(), False)
        with monkeypatch.context() as patched:
            patched.setattr(routes, "FEW", 0)
            assert routes._search(asked, asked.hash(), False) == short


def test_no_client_needs_no_tour() -> None:
    assert solve(square(0, 1, 1)) == ()


def test_everything_that_changes_a_solution_changes_the_hash() -> None:
    base = square(3, 100, 300)
    others = [
        replace(base, capacity_g=301),
        replace(base, capacity_ml=301),
        replace(base, max_s=5),
        replace(base, iterations=51),
        replace(base, metres=base.metres + 1),
        replace(base, seconds=base.seconds + 1),
        replace(base, grams=base.grams + 1),
        replace(base, millilitres=base.millilitres + 1),
        replace(base, service_s=base.service_s + 1),
    ]
    assert len({base.hash(), *(x.hash() for x in others)}) == 10


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.floats(0, 400), min_size=16, max_size=16), st.sampled_from([2.0, 4.0, 7.0]))
def test_planned_loads_fit_and_tours_end_in_time(parcels: list[float], hours: float) -> None:
    parameters = Parameters.model_validate({"fleet": {"tour_hours_max": hours}, "timetable": {"route_iterations": 20}})
    f = make_frame(county(), pooled((), parameters=parameters), *period_factors(0, START, parameters))
    villages = np.flatnonzero(f.world.places.tier == 2).tolist()
    loads = {p: Load(p, n, f.times.stop_fixed_us, 16 * SECOND) for p, n in zip(villages, parcels, strict=True)}
    vehicle = Vehicle(0, 1, 10 * MINUTE, 0.7)
    tours = plan_tours(f, vehicle, list(loads.values()))
    assert sorted(p for tour in tours for p in tour.places) == villages
    for tour in tours:
        carried = 1.15 * sum(loads[p].parcels for p in tour.places)
        if tour.own:
            assert len(tour.places) == 1
            continue
        assert carried * f.expected.gram <= f.capacity_g[1] + 1
        assert carried * f.expected.millilitre <= f.capacity_ml[1] + 1
        assert max(loads[p].parcels / trip_parcels(f, vehicle, loads[p]) for p in tour.places) <= 0.7
        work = sum(loads[p].fixed_us + 1.15 * loads[p].parcels * loads[p].piece_us for p in tour.places)
        assert way_us(f, 0, list(tour.places)) + work + vehicle.fixed_us <= tour_us(f) + SECOND


def test_a_place_that_is_too_far_for_a_tour_gets_its_own() -> None:
    parameters = Parameters.model_validate({"fleet": {"tour_hours_max": 1.0}})
    f = make_frame(county(), pooled((), parameters=parameters), *period_factors(0, START, parameters))
    far = int(np.argmax(f.world.places.travel_us[0]))
    (tour,) = plan_tours(f, Vehicle(0, 1, 10 * MINUTE, 0.7), [Load(far, 1.0, f.times.stop_fixed_us, SECOND)])
    assert tour.own
    assert tour.places == (far,)
