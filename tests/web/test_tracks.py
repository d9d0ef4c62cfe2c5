"""What the page draws is what the tables say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.store import StoredRun
from sim.web.columns import pack, unpack
from sim.web.scene import history, scene
from sim.web.tracks import DAY, _shelf, tracks, waiting


def test_columns_come_back_as_they_went() -> None:
    given = {"a": np.arange(5, dtype=np.int32), "b": np.array([1.5, np.nan], np.float32), "c": np.zeros(0, np.uint16)}
    columns, about = unpack(pack(given, {"who": "西和"}))
    assert about == {"who": "西和"}
    assert all(np.array_equal(columns[name], given[name], equal_nan=name == "b") for name in given)


def test_a_column_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="float64"):
        pack({"a": np.zeros(2)}, {})


def test_every_trip_that_a_vehicle_began_is_there_once_with_all_its_stops(whole_run: StoredRun) -> None:
    columns, _ = unpack(tracks(whole_run))
    trips, stops = whole_run.table("trips"), whole_run.table("stops")
    begun = trips[trips["load_s"].notna() & trips["vehicle"].notna()]
    assert sorted(columns["trip_id"].tolist()) == sorted(begun["trip"].tolist())
    assert columns["knot_stop"].sum() == stops["trip"].isin(begun["trip"]).sum()
    assert columns["knot_unloaded"].sum() == stops["unloaded"].sum()
    assert columns["knot_loaded"].sum() == stops["loaded"].sum()


def test_the_parts_of_a_long_run_hold_what_its_whole_holds_at_every_moment(whole_run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = unpack(tracks(whole_run))
    monkeypatch.setattr("sim.web.tracks.PART_DAYS", 1)
    for part in range(3):
        columns, about = unpack(tracks(whole_run, part))
        assert (about["part"], about["parts"]) == (part, 3)
        begin, end = (part * DAY if part else int(whole["knot_time"].min())), (part + 1) * DAY

        def under_way(c: dict[str, Any], begin: int = begin, end: int = end) -> set[int]:
            first, last = c["knot_time"][c["trip_first"][:-1]], c["knot_time"][c["trip_first"][1:] - 1]
            return set(c["trip_id"][(first < end) & (last >= begin)].tolist())

        def waits(c: dict[str, Any], begin: int = begin, end: int = end) -> list[tuple[int, int]]:
            own = (c["wait_time"] >= begin) & (c["wait_time"] < end)
            return list(zip(c["wait_time"][own].tolist(), c["wait_rows"][own].tolist(), strict=True))

        assert under_way(columns) == under_way(whole)
        assert waits(columns) == waits(whole)
        assert len(columns["trip_id"]) < len(whole["trip_id"]) or part == 2
    _, about = unpack(tracks(whole_run, 99))
    assert about["part"] == 2


def test_a_vehicles_trips_follow_one_another(whole_run: StoredRun) -> None:
    c, about = unpack(tracks(whole_run))
    first, last = c["knot_time"][c["trip_first"][:-1]], c["knot_time"][c["trip_first"][1:] - 1]
    same = c["trip_vehicle"][1:] == c["trip_vehicle"][:-1]
    assert (first[1:][same] >= last[:-1][same]).all()
    assert (c["trip_vehicle"][1:].astype(int) >= c["trip_vehicle"][:-1]).all()
    names = [about["vehicles"][row][0] for row in c["trip_vehicle"].tolist()]
    trips = whole_run.table("trips").set_index("trip")
    assert names == trips.loc[c["trip_id"], "vehicle"].tolist()


def test_nobody_carries_less_than_nothing_and_what_is_aboard_of_an_empty_vehicle_fills_nothing(whole_run: StoredRun) -> None:
    columns, _ = unpack(tracks(whole_run))
    assert columns["knot_aboard"].min() == 0
    assert np.nanmax(columns["knot_fill"]) <= 1 + 1e-6
    assert (columns["knot_fill"][columns["knot_aboard"] == 0] == 0).all()
    assert np.nanmax(columns["knot_fill"]) > 0.1


def test_what_fills_a_vehicle_on_leaving_a_stop_is_what_the_table_says(whole_run: StoredRun) -> None:
    c, _ = unpack(tracks(whole_run))
    stops = whole_run.table("stops").merge(whole_run.table("trips"), on="trip")
    share = np.maximum(stops["aboard_kg"] / stops["capacity_kg"], stops["aboard_l"] / stops["capacity_l"])
    told = dict(zip(zip(stops["trip"], stops["arrive_s"], strict=True), share, strict=True))
    trip_of = np.repeat(c["trip_id"], np.diff(c["trip_first"]))
    for knot in np.flatnonzero(c["knot_stop"]).tolist():
        assert c["knot_fill"][knot] == pytest.approx(told[int(trip_of[knot]), int(c["knot_time"][knot])], abs=1e-6)


def test_what_waits_at_midnight_is_the_stock_of_midnight(whole_run: StoredRun) -> None:
    places = {key: row for row, key in enumerate(whole_run.table("places")["place"])}
    c = waiting(whole_run, places)
    told = {}
    for moment, first, rows in zip(c["wait_time"].tolist(), c["wait_first"].tolist(), c["wait_rows"].tolist(), strict=True):
        if moment % 86_400 == 0:
            told |= {(moment, c["wait_place"][row]): c["wait_parcels"][row] for row in range(first, first + rows)}
    stock = whole_run.table("stock")
    stock = stock[stock["unit"] == "parcel"]
    said = {(t, places[p]): n for t, p, n in zip(stock["time_s"], stock["place"], stock["amount"], strict=True)}
    last = max(t for t, _ in said)
    assert said == {key: n for key, n in told.items() if key[0] <= last}


def test_the_scene_marks_positions_that_a_model_placed(whole_run: StoredRun) -> None:
    told, places = scene(whole_run), whole_run.table("places")
    assert told["places"]["synthetic"] == places["synthetic"].astype(int).tolist()
    assert len(told["places"]["lon"]) == len(places)
    assert set(whole_run.table("trips")["operator"]) <= set(told["operators"])


def test_the_history_of_a_place_is_its_rows(whole_run: StoredRun) -> None:
    stops = whole_run.table("stops")
    place = str(stops["place"].mode().iloc[0])
    told: dict[str, Any] = history(whole_run, place, 1)
    own = stops[(stops["place"] == place) & (stops["arrive_s"] // 86_400 == 1)]
    assert [row["arrive_s"] for row in told["stops"]] == sorted(own["arrive_s"].tolist())
    assert sum(row["unloaded"] for row in told["stops"]) == own["unloaded"].sum()
    assert history(whole_run, "nowhere", 1) == {}


def test_a_shelf_is_as_large_as_the_midnight_before_says_and_gone_once_its_station_closed() -> None:
    stock = pd.DataFrame(
        {"time_s": [0, DAY, 3 * DAY, DAY], "place": ["a", "a", "a", "b"], "unit": "l", "capacity": [100.0, 200.0, 0.0, None]}
    )
    time, place = np.array([-5, 10, DAY, 2 * DAY, 3 * DAY, DAY]), np.array([0, 0, 0, 0, 0, 1])
    assert _shelf(stock, {"a": 0, "b": 1}, time, place) == pytest.approx([100, 100, 200, 200, np.nan, np.nan], nan_ok=True)
