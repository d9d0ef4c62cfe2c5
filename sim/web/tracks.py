"""Where vehicles are and what waits where, as columns that a page can draw: nothing is in them that no table holds.

Where a vehicle is says ``sim.tracks``, for the films as well. What waits at a place is known at the moments of ``wait_time`` and stands
until the next of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.tracks import tracks as ways_of
from sim.web.columns import pack

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import StoredRun

HOUR, DAY = 3600, 86_400
ALWAYS, NIGHT = 1 << 40, 2 * DAY
PART_DAYS = 92
"""Of a longer run the page draws one quarter of a year at a time."""
Columns = dict[str, npt.NDArray[Any]]
Numbers = npt.NDArray[np.int64]


def tracks(run: StoredRun, part: int = 0) -> bytes:
    """Return vehicles' ways (``trip_*``, ``knot_*``), what waits (``wait_*``) and events (``event_*``) of a run as one body of columns.

    Of a run of more than ``PART_DAYS`` days it is one part, so many days from day ``part * PART_DAYS`` on; the warm-up is in the first.
    """
    keys = run.table("places")["place"].tolist()
    places = {key: row for row, key in enumerate(keys)}
    parts = max(-(-int(run.manifest["days"]) // PART_DAYS), 1)
    part = min(part, parts - 1)
    least, most = (part * PART_DAYS * DAY if part else -ALWAYS), ((part + 1) * PART_DAYS * DAY if part < parts - 1 else ALWAYS)
    trips, stops, happened = (run.table(name) for name in ("trips", "stops", "events"))
    # A trip that is under way at the part's first midnight belongs to it, too.
    trips = trips[~(trips["load_s"] < least - NIGHT) & ~(trips["load_s"] >= most)].reset_index(drop=True)
    stops = stops[stops["trip"].isin(trips["trip"])].reset_index(drop=True)
    happened = happened[(happened["time_s"] < most) & (happened["until_s"].fillna(happened["time_s"]) >= least)]
    columns, vehicles = ways(trips, stops, happened, keys)
    columns |= waiting(run, places, least, most) | events(happened, places)
    return pack(columns, {"vehicles": vehicles, "hourly": whole(run), "part": part, "parts": parts, "part_days": PART_DAYS})


def ways(trips: pd.DataFrame, stops: pd.DataFrame, events: pd.DataFrame, places: list[str]) -> tuple[Columns, list[list[str]]]:
    """Return the tracks of ``sim.tracks`` by vehicle and time, and [vehicle, operator, type] of each vehicle.

    A trip's knots are ``trip_first[i]:trip_first[i + 1]``. ``knot_aboard`` are parcels from a knot on, ``knot_fill`` the larger share of
    capacity (kg or litres) in use; it is null from the loading to the first stop of a trip that also loads on its way: the tables do
    not hold it then. ``knot_stop`` is 1 at an arrival, ``knot_unloaded`` and ``knot_loaded`` are what got off and on there.
    """
    made = ways_of(trips, stops, events, places)
    own, count = trips.iloc[made.row], np.diff(made.first)
    by = np.lexsort((made.trip, made.time[made.first[:-1]], own["vehicle"].to_numpy(str)))
    first = np.concatenate([[0], np.cumsum(count[by])]).astype(np.int64)
    knot = np.repeat(made.first[:-1][by] - first[:-1], count[by]) + np.arange(first[-1])
    own, trip_of, arrives = own.iloc[by], np.repeat(np.arange(len(by)), count[by]), made.arrives[knot]
    vehicle, known = _coded(own["vehicle"])
    about = own.drop_duplicates("vehicle")
    whose = {v: [v, str(o), str(kind)] for v, o, kind in zip(about["vehicle"], about["operator"], about["vehicle_type"], strict=True)}
    columns: Columns = {
        "trip_id": made.trip[by].astype(np.int32),
        "trip_vehicle": vehicle.astype(np.uint16),
        "trip_first": first.astype(np.int32),
        "knot_time": made.time[knot].astype(np.int32),
        "knot_place": made.place[knot].astype(np.uint16),
        "knot_aboard": made.aboard[knot].astype(np.int32),
        "knot_fill": _fill(own, stops, trip_of, np.maximum(arrives, made.leaves[knot]), made.aboard[knot]).astype(np.float32),
        "knot_stop": (arrives >= 0).astype(np.uint8),
        "knot_unloaded": _at(stops["unloaded"], arrives),
        "knot_loaded": _at(stops["loaded"], arrives),
    }
    return columns, [whose[key] for key in known]


def _fill(trips: pd.DataFrame, stops: pd.DataFrame, trip_of: Numbers, stop: Numbers, aboard: Numbers) -> npt.NDArray[np.float64]:
    """Return the share of capacity in use from each knot on; ``stop`` is the knot's row of ``stops``, -1 where it has none."""
    kg, litres = (trips[name].to_numpy(float)[trip_of] for name in ("capacity_kg", "capacity_l"))
    most = np.maximum(trips["load_kg"].to_numpy(float)[trip_of] / kg, trips["load_l"].to_numpy(float)[trip_of] / litres)
    loads = np.bincount(trip_of, _at(stops["loaded"], stop), len(trips))[trip_of] > 0
    at_seat = np.where(aboard == 0, 0.0, np.where(loads, np.nan, most))
    if stops.empty:
        return at_seat
    left = np.maximum(stops["aboard_kg"].to_numpy(float)[stop] / kg, stops["aboard_l"].to_numpy(float)[stop] / litres)
    return np.where(stop >= 0, left, at_seat)


def _at(column: pd.Series[Any], row: Numbers) -> npt.NDArray[np.int32]:
    """Return a column's values at rows, 0 where the row is -1."""
    return np.append(_ints(column), 0)[row].astype(np.int32)


def whole(run: StoredRun) -> bool:
    """Return whether a run holds every parcel, so that what waits is known at every hour and not only at midnight."""
    return float(run.manifest["sample"]) >= 1


def waiting(run: StoredRun, places: dict[str, int], least: int = -ALWAYS, most: int = ALWAYS) -> Columns:
    """Return the parcels that wait for their receivers, by time and place, and the share of the shelf that they fill (null: no shelf).

    ``wait_time`` are the moments, those from ``least`` to ``most`` seconds, ``wait_first`` and ``wait_rows`` each one's rows; a place
    without a row has nothing.
    """
    stock = run.table("stock")
    time, place, amount, volume = _hours(run.table("parcels"), places) if whole(run) else _midnights(stock, places)
    own = (time >= least) & (time <= most)
    time, place, amount, volume = (column[own] for column in (time, place, amount, volume))
    shelf = _shelf(stock, places, time, place)
    moments, begin, count = np.unique(time, return_index=True, return_counts=True)
    return {
        "wait_time": moments.astype(np.int32),
        "wait_first": begin.astype(np.int32),
        "wait_rows": count.astype(np.int32),
        "wait_place": place.astype(np.uint16),
        "wait_parcels": amount.astype(np.int32),
        "wait_fill": (volume / shelf).astype(np.float32),
    }


def _shelf(stock: pd.DataFrame, places: dict[str, int], time: Numbers, place: Numbers) -> npt.NDArray[np.float64]:
    """Return the litres of shelf at places and times, as the last midnight before has them; null where there is no shelf (any more)."""
    import pandas as pd

    litres = stock[(stock["unit"] == "l") & stock["capacity"].notna()]
    if litres.empty:
        return np.full(len(time), np.nan)
    midnights, row = np.unique(litres["time_s"].to_numpy(np.int64), return_inverse=True)
    known = np.full((len(midnights), len(places)), np.nan)
    known[row, litres["place"].map(places).to_numpy(np.int64)] = litres["capacity"].to_numpy(float)
    known = pd.DataFrame(known).ffill().bfill().to_numpy()
    found: npt.NDArray[np.float64] = known[np.maximum(np.searchsorted(midnights, time, side="right") - 1, 0), place]
    return np.where(found > 0, found, np.nan)


def _midnights(stock: pd.DataFrame, places: dict[str, int]) -> tuple[npt.NDArray[Any], ...]:
    stock = stock[stock["unit"].isin(["l", "parcel"])]
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
