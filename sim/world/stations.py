"""The pick-up points that a county has before any policy."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.schema.parameters import Station
from sim.units import DAY
from sim.world.hours import time_of_day
from sim.world.world import HOSTS, TOWN, VILLAGE, Int8s, Ints, Places, Stations

HOST_SHARES = (("shop", 0.5), ("committee", 0.2), ("post_station", 0.2), ("agri_point", 0.1))
"""Who hosts a village station (assumption; shops first, as the notice's list of hosts begins)."""
DOOR_ML = (9_000, 20_000, 45_000)
"""Volumes of small, middle and large locker doors (assumption); a county has no lockers before a lever brings them."""
TOWN_PEOPLE = 5_000
"""A town's shelf space is given for so many people."""


def make_stations(places: Places, station: Station, station_share: float) -> Stations:
    """Return the baseline: stations in ``station_share`` of the villages, drawn by key; every town place has its own."""
    n = places.n
    keys = luck.keys_of(places.key)
    village, town = places.tier == VILLAGE, places.tier == TOWN
    opened = village & (luck.uniform(0, "station", 0, keys) < station_share)
    host = np.where(opened, host_of(keys), 0).astype(np.int8)
    host[town] = HOSTS.index("town_station")
    shelf = np.where(opened, village_shelf_ml(places, station, station.shelf_l), 0).astype(np.int64)
    blocks = -(-places.population // TOWN_PEOPLE)
    shelf[town] = blocks[town] * round(station.town_shelf_l * 1000)
    there = opened | town
    extra = round(station.overflow_l * 1000) if station.on_no_space == "overflow" else 0
    return Stations(
        host=host,
        shelf_ml=shelf,
        overflow_ml=np.where(there, extra, 0).astype(np.int64),
        opens_us=np.where(there, time_of_day(station.opens, "station.opens"), 0).astype(np.int64),
        closes_us=np.where(there, time_of_day(station.closes, "station.closes"), DAY).astype(np.int64),
        doors=np.zeros((n, 3), dtype=np.int16),
        door_ml=np.array(DOOR_ML, dtype=np.int64),
        locker_first=np.zeros(n, dtype=np.bool_),
        opened_by=tuple("baseline" if t else "" for t in there),
        locker_by=("",) * n,
    )


def village_shelf_ml(places: Places, station: Station, least_l: float) -> Ints:
    """Return the shelf space that a village station at each place has or would have, (n,): it grows with the residents."""
    shelf: Ints = np.maximum(round(least_l * 1000), np.rint(places.population * (station.shelf_l_person * 1000)).astype(np.int64))
    return shelf


def host_of(keys: luck.Keys) -> Int8s:
    """Return the kind of host a village has or would have, by its key; codes of HOSTS."""
    edges = np.cumsum([share for _, share in HOST_SHARES])
    kind = np.minimum(np.searchsorted(edges, luck.uniform(0, "host", 0, keys)), len(HOST_SHARES) - 1)
    return np.array([HOSTS.index(name) for name, _ in HOST_SHARES], dtype=np.int8)[kind]
