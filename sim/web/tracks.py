"""Where vehicles are and what waits where, as columns that a page can draw: nothing is in them that no table holds.

A vehicle drives in a straight line, at an even speed, from where and when ``trips`` and ``stops`` say that it left to where and when
they say that it arrived: the tables hold no geometry of roads. What waits at a place is known at the hours of ``Waiting.time`` and
stands until the next of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.web.columns import pack

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import StoredRun

HOUR, DAY = 3600, 86_400
TYPES = ("truck", "van")
"""Kinds of vehicle that are drawn in a shape of their own; every other one is drawn as the first."""
Columns = dict[str, npt.NDArray[Any]]


def tracks(run: StoredRun) -> bytes:
    """Return vehicles' ways (``trip_*``, ``stop_*``), what waits (``wait_*``) and events (``event_*``) of a run as one body of columns."""
    places = {key: row for row, key in enumerate(run.table("places")["place"])}
    columns, vehicles = ways(run.table("trips"), run.table("stops"), places)
    columns |= waiting(run, places) | events(run.table("events"), places)
    return pack(columns, {"vehicles": vehicles, "hourly": whole(run)})


def ways(trips: pd.DataFrame, stops: pd.DataFrame, places: dict[str, int]) -> tuple[Columns, list[list[str]]]:
    """Return the trips that move, sorted by vehicle and departure, their stops in order, and [vehicle, operator, type] of each vehicle.

    ``trip_first`` and ``trip_stops`` say which stops are a trip's. ``trip_aboard`` and ``stop_aboard`` are parcels on leaving,
    ``stop_fill`` the larger share of capacity (kg or litres) in use on leaving; ``trip_fill`` is the same on departure, null where
    the trip loads on its way: the tables do not hold it then.
    """
    trips = trips[trips["depart_s"].notna() & trips["vehicle"].notna() & trips["trip"].isin(stops["trip"])]
    trips = trips.sort_values(["vehicle", "depart_s", "trip"], kind="stable")
    rank = dict(zip(trips["trip"], range(len(trips)), strict=True))
    stops = stops[stops["trip"].isin(rank)]
    trip_of = stops["trip"].map(rank).to_numpy(np.int64)
    order = np.lexsort((_ints(stops["order"]), trip_of))
    stops, trip_of = stops.iloc[order], trip_of[order]
    count = np.bincount(trip_of, minlength=len(trips))
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64) if len(trips) else np.zeros(0, np.int64)
    loaded, unloaded = _ints(stops["loaded"]), _ints(stops["unloaded"])
    on_way = np.bincount(trip_of, loaded, len(trips)).astype(np.int64)
    start = _ints(trips["parcels"]) - on_way
    change = np.cumsum(loaded - unloaded)
    before = np.concatenate([[0], change])[first] if len(trips) else first
    aboard = start[trip_of] + change - before[trip_of]
    kg, litres = trips["capacity_kg"].to_numpy(float), trips["capacity_l"].to_numpy(float)
    fill = np.maximum(stops["aboard_kg"].to_numpy(float) / kg[trip_of], stops["aboard_l"].to_numpy(float) / litres[trip_of])
    full = np.maximum(trips["load_kg"].to_numpy(float) / kg, trips["load_l"].to_numpy(float) / litres)
    departs, last = _ints(stops["depart_s"]), first + count - 1
    vehicle, known = _coded(trips["vehicle"])
    about = trips.drop_duplicates("vehicle").set_index("vehicle")
    columns: Columns = {
        "trip_id": _ints(trips["trip"]).astype(np.int32),
        "trip_vehicle": vehicle.astype(np.uint16),
        "trip_from": trips["from_place"].map(places).to_numpy(np.uint16),
        "trip_load": _ints(trips["load_s"].fillna(trips["depart_s"])).astype(np.int32),
        "trip_depart": _ints(trips["depart_s"]).astype(np.int32),
        "trip_back": np.where(trips["return_s"].isna(), departs[last], _ints(trips["return_s"], 0)).astype(np.int32),
        "trip_home": trips["return_s"].notna().to_numpy(np.uint8),
        "trip_first": first.astype(np.int32),
        "trip_stops": count.astype(np.uint16),
        "trip_aboard": start.astype(np.int32),
        "trip_fill": np.where(on_way == 0, full, np.nan).astype(np.float32),
        "stop_place": stops["place"].map(places).to_numpy(np.uint16),
        "stop_arrive": _ints(stops["arrive_s"]).astype(np.int32),
        "stop_depart": departs.astype(np.int32),
        "stop_aboard": aboard.astype(np.int32),
        "stop_fill": fill.astype(np.float32),
        "stop_unloaded": unloaded.astype(np.int32),
        "stop_loaded": loaded.astype(np.int32),
    }
    return columns, [[key, str(about.at[key, "operator"]), str(about.at[key, "vehicle_type"])] for key in known]


def whole(run: StoredRun) -> bool:
    """Return whether a run holds every parcel, so that what waits is known at every hour and not only at midnight."""
    return float(run.manifest["sample"]) >= 1


def waiting(run: StoredRun, places: dict[str, int]) -> Columns:
    """Return the parcels that wait for their receivers, by time and place, and the share of the shelf that they fill (null: no shelf).

    ``wait_time`` are the moments, ``wait_first`` and ``wait_rows`` each one's rows; a place without a row has nothing.
    """
    stock = run.table("stock")
    shelf = np.full(len(places), np.nan)
    litres = stock[(stock["unit"] == "l") & stock["capacity"].notna()].drop_duplicates("place", keep="last")
    shelf[litres["place"].map(places).to_numpy(np.int64)] = litres["capacity"].to_numpy(float)
    time, place, amount, volume = _hours(run.table("parcels"), places) if whole(run) else _midnights(stock, places)
    moments, first, count = np.unique(time, return_index=True, return_counts=True)
    return {
        "wait_time": moments.astype(np.int32),
        "wait_first": first.astype(np.int32),
        "wait_rows": count.astype(np.int32),
        "wait_place": place.astype(np.uint16),
        "wait_parcels": amount.astype(np.int32),
        "wait_fill": (volume / shelf[place]).astype(np.float32),
    }


def _midnights(stock: pd.DataFrame, places: dict[str, int]) -> tuple[npt.NDArray[Any], ...]:
    rows = stock.pivot_table(index=["time_s", "place"], columns="unit", values="amount", aggfunc="sum").reset_index()
    if rows.empty:
        return (np.zeros(0, np.int64),) * 2 + (np.zeros(0),) * 2
    rows = rows.sort_values("time_s", kind="stable")
    place = rows["place"].map(places).to_numpy(np.int64)
    return rows["time_s"].to_numpy(np.int64), place, rows["parcel"].to_numpy(float), rows["l"].to_numpy(float)


def _hours(parcels: pd.DataFrame, places: dict[str, int]) -> tuple[npt.NDArray[Any], ...]:
    """Count what is ready and not ended at each full hour."""
    own = parcels[parcels["ready_s"].notna() & (parcels["direction"] == "down")]
    if own.empty:
        return (np.zeros(0, np.int64),) * 2 + (np.zeros(0),) * 2
    came = -(-_ints(own["ready_s"]) // HOUR)
    never = int(came.max()) + 1
    gone = np.where(own["finished_s"].isna(), never, -(-_ints(own["finished_s"], 0) // HOUR))
    # One that is sent back has no place of hand-over; it waited where the village's parcels do that did not get there.
    place = own["handover_place"].fillna(own["township"]).map(places).to_numpy(np.int64)
    litres = own["volume_l"].to_numpy(float)
    begin, n = int(came.min()), len(places)
    hours = int(max(came.max(), gone.max())) - begin + 1
    both = np.concatenate([(came - begin) * n + place, (gone - begin) * n + place])
    sign = np.concatenate([np.ones(len(own)), -np.ones(len(own))])
    count = np.bincount(both, sign, hours * n).reshape(hours, n).cumsum(axis=0)
    volume = np.bincount(both, sign * np.tile(litres, 2), hours * n).reshape(hours, n).cumsum(axis=0)
    row, where = np.nonzero(count > 0.5)
    return (begin + row) * HOUR, where, count[row, where].round(), np.maximum(volume[row, where], 0)


def events(table: pd.DataFrame, places: dict[str, int]) -> Columns:
    """Return breakdowns and closed roads, by begin."""
    table = table[table["place"].notna()].sort_values("time_s", kind="stable")
    return {
        "event_time": _ints(table["time_s"]).astype(np.int32),
        "event_until": _ints(table["until_s"].fillna(table["time_s"])).astype(np.int32),
        "event_place": table["place"].map(places).to_numpy(np.uint16),
        "event_kind": (table["kind"] == "breakdown").to_numpy(np.uint8),
    }


def _ints(column: pd.Series[Any], null: int | None = None) -> npt.NDArray[np.int64]:
    return (column if null is None else column.fillna(null)).to_numpy(np.int64)


def _coded(column: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], list[str]]:
    known, codes = np.unique(column.to_numpy(str), return_inverse=True) if len(column) else (np.zeros(0, str), np.zeros(0, np.int64))
    return codes.astype(np.int64), [str(key) for key in known]
