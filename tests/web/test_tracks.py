"""What the page draws is what the tables say."""

from __future__ import annotations

import bisect
from typing import Any

import numpy as np
import pytest

from sim.store import StoredRun
from sim.web.columns import pack, unpack
from sim.web.scene import history, scene
from sim.web.tracks import tracks, waiting


def positions(run: StoredRun, t: int) -> dict[str, tuple[float, float, int]]:
    """Return {vehicle: (lon, lat, aboard)} at time t, straight from trips, stops and places.

    At a stop, what is aboard is what the table says of leaving it: it holds nothing of the minutes between.
    """
    places = run.table("places").set_index("place")
    stops = {trip: rows.sort_values("order") for trip, rows in run.table("stops").groupby("trip")}
    found = {}
    for trip in run.table("trips").to_dict("records"):
        own = stops.get(trip["trip"])
        if own is None or trip["depart_s"] is None or np.isnan(float(trip["depart_s"])) or not trip["load_s"] <= t <= trip["return_s"]:
            continue
        aboard = int(trip["parcels"]) - int(own["loaded"].sum())
        way = [(int(trip["load_s"]), trip["from_place"], aboard), (int(trip["depart_s"]), trip["from_place"], aboard)]
        for stop in own.to_dict("records"):
            aboard += int(stop["loaded"]) - int(stop["unloaded"])
            way.append((int(stop["arrive_s"]), stop["place"], aboard))
            way.append((int(stop["depart_s"]), stop["place"], aboard))
        way.append((int(trip["return_s"]), trip["from_place"], aboard))
        leg = max(bisect.bisect_right([moment for moment, _, _ in way], t) - 1, 0)
        begin, end = way[leg], way[min(leg + 1, len(way) - 1)]
        share = (t - begin[0]) / (end[0] - begin[0]) if end[0] > begin[0] else 0.0
        (x0, y0), (x1, y1) = (places.loc[place, ["lon", "lat"]].astype(float) for _, place, _ in (begin, end))
        found[str(trip["vehicle"])] = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, begin[2])
    return found


def test_columns_come_back_as_they_went() -> None:
    given = {"a": np.arange(5, dtype=np.int32), "b": np.array([1.5, np.nan], np.float32), "c": np.zeros(0, np.uint16)}
    columns, about = unpack(pack(given, {"who": "西和"}))
    assert about == {"who": "西和"}
    assert all(np.array_equal(columns[name], given[name], equal_nan=name == "b") for name in given)


def test_a_column_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="float64"):
        pack({"a": np.zeros(2)}, {})


def test_every_trip_with_stops_is_there_once(whole_run: StoredRun) -> None:
    columns, _ = unpack(tracks(whole_run))
    trips, stops = whole_run.table("trips"), whole_run.table("stops")
    moving = trips[trips["depart_s"].notna() & trips["trip"].isin(stops["trip"])]
    assert sorted(columns["trip_id"].tolist()) == sorted(moving["trip"].tolist())
    assert len(columns["stop_arrive"]) == stops["trip"].isin(moving["trip"]).sum()


def test_nobody_carries_less_than_nothing(whole_run: StoredRun) -> None:
    columns, _ = unpack(tracks(whole_run))
    assert columns["trip_aboard"].min() >= 0
    assert columns["stop_aboard"].min() >= 0
    assert np.nanmax(columns["stop_fill"]) <= 1 + 1e-6


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
