"""Where parcels can be put: shelves, lockers, extra room, outlets; and the order in which a courier tries them."""

from __future__ import annotations

import numpy as np

from sim.plan.clock import time_of_day
from sim.plan.frame import Frame
from sim.plan.plan import DOOR, LOCKER, OVERFLOW, SHELF, Stores
from sim.units import DAY
from sim.world.world import TOWN, VILLAGE, Int8s


def make_stores(f: Frame) -> Stores:
    """Return all stores: three rows for each place, then the outlets' shelves, which have no limit."""
    stations, n = f.world.stations, f.world.places.n
    outlets = f.m * f.k
    capacity = np.full(3 * n + outlets, -1, dtype=np.int64)
    opens = np.zeros(3 * n + outlets, dtype=np.int64)
    closes = np.full(3 * n + outlets, DAY, dtype=np.int64)
    doors = np.zeros((3 * n + outlets, 3), dtype=np.int16)
    there = stations.host > 0
    capacity[0 : 3 * n : 3] = np.where(there, stations.shelf_ml, 0)
    capacity[2 : 3 * n : 3] = np.where(there, stations.overflow_ml, 0)
    doors[1 : 3 * n : 3] = stations.doors
    for kind in (0, 2):
        opens[kind : 3 * n : 3] = np.where(there, stations.opens_us, 0)
        closes[kind : 3 * n : 3] = np.where(there, stations.closes_us, DAY)
    opens[3 * n :] = time_of_day(f.parameters.township.opens, "township.opens")
    closes[3 * n :] = time_of_day(f.parameters.township.closes, "township.closes")
    return Stores(capacity, doors, stations.door_ml.astype(np.int64), opens, closes)


def make_cascade(f: Frame) -> Int8s:
    """Return the kinds of hand-over tried in turn at each place, (n, 4); 0 ends."""
    stations, places = f.world.stations, f.world.places
    overflow = f.parameters.station.on_no_space == "overflow"
    cascade = np.zeros((places.n, 4), dtype=np.int8)
    for p in np.flatnonzero((places.tier == VILLAGE) | (places.tier == TOWN)).tolist():
        codes = [SHELF] if stations.host[p] else []
        if stations.doors[p].any():
            codes = [LOCKER, *codes] if stations.locker_first[p] else [*codes, LOCKER]
        if stations.host[p] and overflow:
            codes.append(OVERFLOW)
        if not stations.host[p]:
            codes.append(DOOR)
        cascade[p, : len(codes)] = codes
    return cascade
