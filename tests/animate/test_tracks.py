"""A vehicle is where its trip's own tables put it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.animate.scene import Scene
from sim.store import StoredRun
from sim.tracks import positions, tracks
from tests.whereabouts import repairs, whereabouts

PLACES = ["seat", "town", "village"]
LON, LAT = np.array([100.0, 101.0, 101.0]), np.array([30.0, 30.0, 31.0])
SEAT, TOWN, VILLAGE = zip(LON.tolist(), LAT.tolist(), strict=True)


def tables(
    stops: list[tuple[int, int, str, int, int, int, int]] | None = None, events: list[tuple[str, int, int, int]] | None = None
) -> Any:
    """Return one day of two trips: a line that calls at a town and a village, and one that never began."""
    trips = pd.DataFrame(
        {
            "trip": [7, 9],
            "vehicle": ["van:a:seat:0", "van:a:seat:1"],
            "from_place": ["seat", "seat"],
            "load_s": pd.array([0, None], "Int64"),
            "depart_s": pd.array([100, None], "Int64"),
            "return_s": pd.array([1000, None], "Int64"),
            "free_s": pd.array([1100, None], "Int64"),
            "parcels": [12, 0],
        }
    )
    named = ["trip", "order", "place", "arrive_s", "depart_s", "unloaded", "loaded"]
    rows = stops or [(7, 0, "town", 200, 300, 6, 2), (7, 1, "village", 500, 600, 4, 0)]
    return trips, pd.DataFrame(rows, columns=named), pd.DataFrame(events or [], columns=["kind", "trip", "time_s", "until_s"])


def spot(t: float, made: Any = None) -> tuple[float, float]:
    """Return where trip 7 is."""
    found = tracks(*(made or tables()), PLACES)
    at = positions(found, LON, LAT, t)
    return float(at.lon[0]), float(at.lat[0])


@pytest.mark.parametrize(("t", "where"), [(0, SEAT), (50, SEAT), (100, SEAT), (200, TOWN), (250, TOWN), (300, TOWN), (500, VILLAGE), (600, VILLAGE), (1000, SEAT), (1100, SEAT)])  # fmt: skip  # noqa: E501
def test_at_its_own_times_a_vehicle_is_at_the_places_of_its_stops(t: int, where: tuple[float, float]) -> None:
    assert spot(t) == where


def test_between_two_stops_a_vehicle_has_gone_as_large_a_part_of_the_way_as_of_the_time() -> None:
    assert spot(150) == (100.5, 30.0)
    assert spot(350) == (101.0, 30.25)
    assert spot(700) == (100.75, 30.75)


def test_a_later_arrival_in_the_table_moves_the_dot() -> None:
    assert spot(350, tables([(7, 0, "town", 200, 300, 6, 2), (7, 1, "village", 700, 800, 4, 0)])) == (101.0, 30.125)


def test_a_vehicle_that_broke_down_stands_until_its_repair_is_over() -> None:
    broken = tables(events=[("breakdown", 7, 600, 900), ("closure", 7, 300, 800)])
    assert spot(899, broken) == VILLAGE
    assert spot(950, broken) == (100.5, 30.5)
    assert spot(350, broken) == (101.0, 30.25)


def test_before_and_after_its_known_times_a_vehicle_is_nowhere() -> None:
    assert np.isnan([spot(-1), spot(1101)]).all()


def test_a_trip_that_is_under_way_when_the_run_ends_is_seen_until_its_last_known_time() -> None:
    trips, stops, events = tables()
    trips.loc[0, ["return_s", "free_s"]] = None
    assert spot(600, (trips, stops, events)) == VILLAGE
    assert np.isnan(spot(601, (trips, stops, events))).all()


def test_a_trip_that_never_began_has_no_track() -> None:
    assert tracks(*tables(), PLACES).trip.tolist() == [7]


@pytest.mark.parametrize(("t", "aboard"), [(50, 10), (150, 10), (200, 6), (250, 6), (400, 6), (650, 2), (1000, 0), (1050, 0)])
def test_what_is_aboard_changes_when_loading_begins_on_coming_to_a_stop_and_on_coming_home(t: int, aboard: int) -> None:
    found = tracks(*tables(), PLACES)
    assert positions(found, LON, LAT, t).aboard.tolist() == [aboard]


def test_a_move_that_no_vehicle_makes_has_no_track() -> None:
    trips, stops, events = tables()
    trips["vehicle"] = [None, "van:a:seat:1"]
    assert tracks(trips, stops, events, PLACES).trip.tolist() == []


def test_stops_of_a_trip_that_is_in_no_table_move_nothing() -> None:
    trips, stops, events = tables([(7, 0, "town", 200, 300, 6, 2), (8, 0, "village", 500, 600, 4, 0)])
    found = tracks(trips, stops, events, PLACES)
    assert found.trip.tolist() == [7]
    assert found.arrives.tolist() == [-1, -1, 0, -1, -1, -1]


def test_every_vehicle_of_a_run_is_where_the_tables_put_it_when_they_are_read_plainly(run: StoredRun, shown: Scene) -> None:
    vehicle = run.table("trips")["vehicle"].to_numpy(object)[shown.track.row]
    first = shown.track.time[shown.track.first[:-1]]
    broken = repairs(run)
    assert len(broken) > 3
    seen = 0
    for t in (*range(-86_400, 4 * 86_400, 5_003), *broken):
        at = positions(shown.track, shown.lon, shown.lat, t)
        own = sorted(np.flatnonzero(~np.isnan(at.lon)).tolist(), key=lambda i: first[i])
        drawn = {str(vehicle[i]): (at.lon[i], at.lat[i], at.aboard[i]) for i in own}
        told = whereabouts(run, t)
        assert drawn == {key: (pytest.approx(x, abs=1e-9), pytest.approx(y, abs=1e-9), n) for key, (x, y, n) in told.items()}
        seen += len(told)
    assert seen > 100


def test_a_vehicle_drives_only_between_two_places() -> None:
    found = tracks(*tables(), PLACES)
    assert [bool(positions(found, LON, LAT, t).drives[0]) for t in (50, 150, 250, 350, 550, 800, 1050)] == [False, True, False, True, False, True, False]  # fmt: skip  # noqa: E501
