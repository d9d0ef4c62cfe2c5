"""Say where every vehicle is at a time, from the tables ``trips``, ``stops`` and ``events`` alone: for the films and for the page.

A trip leaves one track: knots of time and place in their order. It stands from one knot to the next at the same place and drives evenly
along the straight line between two places: ``paths`` holds lengths and times, no bends. Before its first and after its last known time a
vehicle is nowhere; a trip that never began, or that no vehicle of a fleet makes, has no track.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Columns(Protocol):
    """A table: anything that gives a column by name, such as a DataFrame."""

    def __getitem__(self, name: Any, /) -> Any:
        """Return a column."""


HOME = 1 << 40
"""Rank of the return among a trip's knots, behind every stop."""


@dataclass(frozen=True)
class Tracks:
    """The tracks of n trips, their m knots one after another.

    ``trip`` (n,) is the number of the trip, ``row`` (n,) its row of ``trips``; its knots are ``first[i]:first[i + 1]``. ``time`` (m,) is in
    seconds as in the tables, ``place`` (m,) a row of ``places``, ``aboard`` (m,) how many parcels are aboard from the knot on. ``arrives``
    and ``leaves`` (m,) are the rows of ``stops`` whose arrival and departure a knot is, -1 where it is none.
    """

    trip: Ints
    row: Ints
    first: Ints
    time: Floats
    place: Ints
    aboard: Ints
    arrives: Ints
    leaves: Ints


class Positions(NamedTuple):
    """Where n tracks are at one time: degrees, NaN where nowhere; whether they drive; parcels aboard, 0 where nowhere."""

    lon: Floats
    lat: Floats
    drives: Bools
    aboard: Ints


def tracks(trips: Columns, stops: Columns, events: Columns, places: Sequence[str]) -> Tracks:
    """Return the tracks of all trips that began; ``places`` are the keys in the order of the table ``places``.

    As the flow has it: what is aboard changes when loading begins, at the instant of coming to a stop, and on coming home. A vehicle that
    broke down leaves its stop when it is repaired (the event's end), not at the stop's own departure.
    """
    number, stop_trip = _ints(trips["trip"]), _ints(stops["trip"])
    row_of = {int(trip): row for row, trip in enumerate(number)}
    place_of = {key: row for row, key in enumerate(places)}
    known_trip = np.array([int(trip) in row_of for trip in stop_trip], np.bool_)
    called = np.flatnonzero(known_trip)
    owner = np.array([row_of[int(trip)] for trip in stop_trip[called]], np.int64)
    origin, stop_place = _rows(trips["from_place"], place_of), _rows(stops["place"], place_of)[called]
    order, everyone = _ints(stops["order"])[called], np.arange(len(number))
    loaded, unloaded = _ints(stops["loaded"])[called], _ints(stops["unloaded"])[called]
    at_start = _ints(trips["parcels"]) - np.bincount(owner, loaded, len(number)).astype(np.int64)
    at_end = at_start + np.bincount(owner, loaded - unloaded, len(number)).astype(np.int64)
    none, no_change, no_stop = np.zeros(len(number), np.int64), np.zeros(len(owner), np.int64), np.full(len(number), -1)
    left, nowhere = _left(stops, events, stop_trip)[called], np.full(len(called), -1)
    parts = [
        (everyone, none, _seconds(trips["load_s"]), origin, at_start, no_stop, no_stop),
        (everyone, none + 1, _seconds(trips["depart_s"]), origin, none, no_stop, no_stop),
        (owner, 2 + 2 * order, _seconds(stops["arrive_s"])[called], stop_place, loaded - unloaded, called, nowhere),
        (owner, 3 + 2 * order, left, stop_place, no_change, nowhere, called),
        (everyone, none + HOME, _seconds(trips["return_s"]), origin, -at_end, no_stop, no_stop),
        (everyone, none + HOME + 1, _seconds(trips["free_s"]), origin, none, no_stop, no_stop),
    ]
    trip, rank, time, place, change, arrives, leaves = (np.concatenate(column) for column in zip(*parts, strict=True))
    made = np.array([isinstance(key, str) and key != "" for key in trips["vehicle"]], np.bool_) & ~np.isnan(_seconds(trips["load_s"]))
    known = ~np.isnan(time) & made[trip]
    by = np.flatnonzero(known)[np.lexsort((rank[known], trip[known]))]
    row, first = np.unique(trip[by], return_index=True)
    first = np.append(first, len(by)).astype(np.int64)
    aboard = np.cumsum(change[by])
    before = np.concatenate([[0], aboard])[first[:-1]]
    aboard = aboard - np.repeat(before, np.diff(first))
    return Tracks(number[row], row, first, time[by], place[by], aboard, arrives[by], leaves[by])


def positions(track: Tracks, lon: Floats, lat: Floats, t: float) -> Positions:
    """Return where every track is at ``t`` seconds; ``lon`` and ``lat`` are those of the places.

    At a knot a vehicle is at the knot's place; between two knots it has gone as large a part of the way as of the time.
    """
    last = track.first[1:] - 1
    out = (track.time[track.first[:-1]] <= t) & (t <= track.time[last])
    knot = track.first[:-1].copy()
    for i in np.flatnonzero(out):
        a, b = track.first[i], track.first[i + 1]
        knot[i] = a + np.searchsorted(track.time[a:b], t, side="right") - 1
    after = np.minimum(knot + 1, last)
    wait = track.time[after] - track.time[knot]
    gone = np.where(out & (wait > 0), (t - track.time[knot]) / np.where(wait > 0, wait, 1.0), 0.0)
    here, there = track.place[knot], track.place[after]
    x, y = lon[here] + gone * (lon[there] - lon[here]), lat[here] + gone * (lat[there] - lat[here])
    return Positions(np.where(out, x, np.nan), np.where(out, y, np.nan), out & (here != there), np.where(out, track.aboard[knot], 0))


def _left(stops: Columns, events: Columns, stop_trip: Ints) -> Floats:
    """Return when a vehicle left each stop: the stop's departure, or the end of the breakdown that began with it."""
    left = _seconds(stops["depart_s"])
    broken = np.asarray(events["kind"]) == "breakdown"
    trip, begin, end = (_seconds(events[name])[broken] for name in ("trip", "time_s", "until_s"))
    for number, began, until in zip(trip, begin, end, strict=True):
        if not np.isnan(until):
            left[(stop_trip == number) & (left == began)] = until
    return left


def _seconds(column: Any) -> Floats:
    """Return a column as floats, NaN where it is null."""
    if hasattr(column, "to_numpy"):
        return np.array(column.to_numpy(dtype=np.float64, na_value=np.nan), np.float64)
    return np.array(column, np.float64)


def _ints(column: Any) -> Ints:
    return np.asarray(column, np.int64)


def _rows(column: Any, place_of: Mapping[str, int]) -> Ints:
    return np.array([place_of[key] for key in column], np.int64)
