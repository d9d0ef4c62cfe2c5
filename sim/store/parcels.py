"""Parcels, their legs and the visits, as table rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.metrics.cohort import pickup_metres
from sim.rules import Rules
from sim.schema.raw import (
    AT_DOOR,
    AT_TOWNSHIP,
    COLLECTED,
    DIRECTIONS,
    DOWN,
    FROM_FARM,
    HANDOVER_KINDS,
    NEVER,
    ORIGINS,
    OUTCOMES,
    STAMPS,
    UP,
    ZONES,
)
from sim.schema.tables import LEGS, PARCELS, VISITS
from sim.store.arrow import batch, coded, seconds
from sim.store.kernel import stamp_seconds
from sim.units import MINUTE
from sim.world.world import TOWNSHIP, Bools, Ints, World

Rows = npt.NDArray[Any]


def township_rows(world: World) -> Ints:
    """Return the place rows (m,) of the townships."""
    return np.flatnonzero(world.places.tier == TOWNSHIP)


def handover_rows(world: World, rows: Rows) -> Ints:
    """Return the place row (n,) where each parcel was handed over, -1 where it was not."""
    kind = rows["kind"]
    place = np.where(kind == AT_TOWNSHIP, township_rows(world)[rows["township"]], rows["place"].astype(np.int64))
    return np.where(kind == 0, -1, place)


def parcel_table(world: World, rows: Rows, complaint: Bools, fine_fen: Ints) -> pa.Table:
    """Return parcels as the table's columns."""
    keys, operators, up = world.places.key, world.operators.key, rows["direction"] == UP
    columns: dict[str, Any] = {
        "parcel": rows["key"],
        "parent": pa.array(rows["parent"], mask=rows["parent"] == 0),
        "direction": coded(rows["direction"], DIRECTIONS),
        "carrier": coded(rows["operator"], operators),
        "last_mile_operator": coded(rows["last_mile"], operators),
        "township": coded(township_rows(world)[rows["township"]], keys),
        "village": coded(rows["place"], keys),
        "household": pa.array(rows["household"].astype(np.int64), mask=up),
        "origin": coded(np.where(up, FROM_FARM, rows["origin"]).astype(np.int8), ORIGINS),
        "lot": pa.array(rows["lot"], mask=rows["lot"] == 0),
        "quality": pa.array(rows["quality"], mask=np.isnan(rows["quality"])),
        "destination_zone": coded(rows["zone"], ("", *ZONES)),
        "weight_kg": rows["weight_g"] / 1000,
        "volume_l": rows["volume_ml"] / 1000,
        "complaint": complaint,
        "handover_place": coded(handover_rows(world, rows), keys),
        "handover_kind": coded(rows["kind"], HANDOVER_KINDS),
        "visit": pa.array(rows["visit"], mask=rows["visit"] == 0),
        "attempts": rows["attempts"].astype(np.int64),
        "missorted": rows["missorted"] > 0,
        "outcome": coded(rows["outcome"], OUTCOMES),
        "surcharge_fen": rows["surcharge_fen"].astype(np.int64),
        "fine_fen": fine_fen,
    }
    times, empty = stamp_seconds(np.ascontiguousarray(rows))
    columns |= {f"{stamp}_s": pa.array(times[i], mask=empty[i]) for i, stamp in enumerate(STAMPS)}
    return batch(PARCELS, columns)


def leg_table(world: World, rows: Rows) -> pa.Table:
    """Return the line and round legs that parcels rode last, in the order of their way: down line, round; back round, line."""
    seat = np.zeros(len(rows), np.int64)
    township, village = township_rows(world)[rows["township"]], rows["place"].astype(np.int64)
    down = rows["direction"] == DOWN
    line = (np.where(down, seat, township), np.where(down, township, seat))
    stop = (np.where(down, township, village), np.where(down, village, township))
    at_line = np.where(down, rows["county_out"], rows["township_out"]), np.where(down, rows["township_in"], rows["county_in"])
    at_stop = np.where(down, rows["township_out"], rows["village_out"]), np.where(down, rows["village_in"], rows["township_in"])
    rode_line, rode_stop = rows["line_trip"] >= 0, rows["round_trip"] >= 0
    parts = [
        (rode_line, np.where(down, 0, rode_stop), rows["line_trip"], line, at_line),
        (rode_stop, np.where(down, rode_line, 0), rows["round_trip"], stop, at_stop),
    ]
    cut = [(rows["key"][m], o[m], t[m], way[0][m], way[1][m], at[0][m], at[1][m]) for m, o, t, way, at in parts]
    parcel, order, trip, origin, end, load, unload = (np.concatenate(column) for column in zip(*cut, strict=True))
    by = np.lexsort((order, np.concatenate([np.flatnonzero(rode_line), np.flatnonzero(rode_stop)])))
    keys = world.places.key
    columns = {
        "parcel": parcel[by],
        "order": order[by].astype(np.int64),
        "trip": trip[by].astype(np.int64),
        "from_place": coded(origin[by], keys),
        "to_place": coded(end[by], keys),
        "load_s": seconds(load[by]),
        "unload_s": seconds(unload[by]),
    }
    return batch(LEGS, columns)


def visit_table(world: World, rules: Rules, rows: Rows) -> pa.Table:
    """Return the visits in which parcels were collected; all parcels of a visit end at one instant."""
    taken = rows[(rows["outcome"] == COLLECTED) & (rows["visit"] != 0) & (rows["kind"] != AT_DOOR) & (rows["finished"] != NEVER)]
    visit, first, count = np.unique(taken["visit"], return_index=True, return_counts=True)
    one = taken[first]
    by = np.lexsort((visit, one["finished"]))
    visit, one, count = visit[by], one[by], count[by]
    inside, township = pickup_metres(world, rules)
    at_township = one["kind"] == AT_TOWNSHIP
    metres = np.where(at_township, township[one["place"]], inside[one["place"]])
    speed = lane_metres_per_minute(world, rules)
    parent = np.maximum(world.places.parent[one["place"]], 0)
    minutes = np.where(at_township, world.places.travel_us[one["place"], parent] / MINUTE, metres / speed)
    columns = {
        "visit": visit,
        "household": one["household"].astype(np.int64),
        "place": coded(handover_rows(world, one), world.places.key),
        "time_s": seconds(one["finished"]),
        "parcels": count.astype(np.int64),
        "km": 2 * metres / 1000,
        "minutes": 2 * minutes,
    }
    return batch(VISITS, columns)


def lane_metres_per_minute(world: World, rules: Rules) -> float:
    """Return the speed on village lanes by the county's terrain: hills and plateau take the mean of plain and mountain."""
    roads = rules.parameters.roads
    kmh = {"plain": roads.lane_kmh_plain, "rolling": roads.lane_kmh_plain, "mountain": roads.lane_kmh_mountain}
    return kmh.get(world.terrain, (roads.lane_kmh_plain + roads.lane_kmh_mountain) / 2) * 1000 / 60
