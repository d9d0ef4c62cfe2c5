"""From positions to road metres and travel time: great circle x detour, speed by road class (modelled)."""

from __future__ import annotations

import numpy as np

from sim.schema.parameters import Roads
from sim.units import HOUR
from sim.world.county import EARTH_KM
from sim.world.world import COUNTY, TOWNSHIP, Floats, Int8s, Int32s, Ints


def great_circle_km(lon: Floats, lat: Floats) -> Floats:
    """Return great-circle km between all pairs (haversine), shape (n, n), symmetric, zero diagonal."""
    x, y = np.radians(lon), np.radians(lat)
    across, along = np.sin((x[:, None] - x[None, :]) / 2.0), np.sin((y[:, None] - y[None, :]) / 2.0)
    cosine = np.cos(y)
    chord = along * along + (cosine[:, None] * cosine[None, :]) * (across * across)
    km: Floats = 2.0 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return km


def detour(roads: Roads, terrain: str) -> float:
    """Return road km over great-circle km."""
    by_terrain = {
        "plain": roads.detour_plain,
        "rolling": roads.detour_plain,
        "hill": roads.detour_hill,
        "mountain": roads.detour_mountain,
        "plateau": roads.detour_plateau,
    }
    return by_terrain[terrain]


def speeds_kmh(roads: Roads, terrain: str) -> tuple[float, float]:
    """Return the speeds on county roads and on village lanes; hills and plateau take the mean of plain and mountain."""
    county, lane = roads.county_road_kmh_plain, roads.lane_kmh_plain
    far_county, far_lane = roads.county_road_kmh_mountain, roads.lane_kmh_mountain
    if terrain in ("plain", "rolling"):
        return county, lane
    if terrain == "mountain":
        return far_county, far_lane
    return (county + far_county) / 2.0, (lane + far_lane) / 2.0


def road_metres(lon: Floats, lat: Floats, tier: Int8s, roads: Roads, terrain: str) -> Int32s:
    """Return whole road metres (n, n): great circle x detour; the seat and a township are at least the seat's gap apart."""
    metres = np.rint(great_circle_km(lon, lat) * (1000.0 * detour(roads, terrain))).astype(np.int32)
    gap = np.int32(round(roads.seat_gap_km * 1000.0))
    seat = tier == COUNTY
    linked = (seat[:, None] & (tier == TOWNSHIP)[None, :]) | ((tier == TOWNSHIP)[:, None] & seat[None, :])
    result: Int32s = np.where(linked, np.maximum(metres, gap), metres).astype(np.int32)
    return result


def travel_us(metres: Int32s, parent: Int32s, tier: Int8s, roads: Roads, terrain: str) -> Ints:
    """Return whole microseconds (n, n).

    Seat and townships are joined by county roads. A village, resident committee or quarter hangs on its township by a lane as long as
    the way to it: of the way between two places, what these lanes make up is driven at lane speed, the rest at county-road speed.
    Inside a township everything is lane.
    """
    n = len(parent)
    hangs = (tier != COUNTY) & (tier != TOWNSHIP)
    lane = np.where(hangs, metres[np.arange(n), np.maximum(parent, 0)], 0).astype(np.int64)
    way = metres.astype(np.int64)
    on_lane = np.minimum(way, lane[:, None] + lane[None, :])
    county_kmh, lane_kmh = speeds_kmh(roads, terrain)
    hours = on_lane / (1000.0 * lane_kmh) + (way - on_lane) / (1000.0 * county_kmh)
    result: Ints = np.rint(hours * HOUR).astype(np.int64)
    return result


def closed_days(roads: Roads, terrain: str) -> float:
    """Return the days a year on which a road of the county is closed by weather."""
    if terrain == "plateau":
        return roads.closed_days_plateau
    return roads.closed_days_mountain if terrain == "mountain" else roads.closed_days_plain
