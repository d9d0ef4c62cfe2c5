"""A county small enough to do its books by hand: two townships, three villages, a town quarter, three operators."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

import numpy as np

from sim.plan.plan import LINE, ROUND, TRUNK_OUT, Lookup, Plan, Queues, Resources, Routes, Stops, Stores, Times, Trips
from sim.rules import ACTIVITIES, RESOURCES, Alliance, Rules, separate
from sim.schema.parameters import Parameters
from sim.schema.raw import AT_STATION, COLLECTED, DOWN, EVENT, NEVER, PARCEL, SHIFT, STAMPS, STOP, TRIP, DayRecord
from sim.text import Words
from sim.units import DAY, HOUR, MINUTE
from sim.world.cold import no_cold
from sim.world.outreach import no_outreach
from sim.world.upkeep import Upkeep
from sim.world.warehouses import no_warehouses
from sim.world.world import COUNTY, TOWN, TOWNSHIP, VILLAGE, Fields, Households, Operators, Places, Stations, World

START = date(2021, 3, 1)
"""A Monday."""
A, B, POST = range(3)
SEAT, T1, T2, V1, V2, V3, Q1 = range(7)


def county() -> World:
    """Return the world."""
    n, k, m = 7, 3, 2
    tier = np.array([COUNTY, TOWNSHIP, TOWNSHIP, VILLAGE, VILLAGE, VILLAGE, TOWN], np.int8)
    metres = np.full((n, n), 8000, np.int32)
    np.fill_diagonal(metres, 0)
    metres[T1, V2] = metres[V2, T1] = 12000
    places = Places(
        ("seat", "t1", "t2", "v1", "v2", "v3", "q1"), tier, np.array([-1, 0, 0, 1, 1, 2, 1], np.int32), np.array([-1, 0, 1, 0, 0, 1, 0], np.int32),
        ("县城", "一镇", "二镇", "一村", "二村", "三村", "一区"), ("Seat", "T1", "T2", "V1", "V2", "V3", "Q1"), np.linspace(105, 106, n), np.linspace(33, 34, n),
        tier >= VILLAGE, np.array([0, 0, 0, 100, 200, 300, 400]), np.array([0, 0, 0, 3, 3, 3, 3]), np.full(n, 0.2),
        np.array([-1, -1, -1, 0, 1, 2, -1], np.int8), metres, metres.astype(np.int64) * 120_000, np.zeros(n),
    )  # fmt: skip
    households = Households(
        np.repeat([V1, V2, V3, Q1], 3).astype(np.int32),
        np.array([0, 0, 0, 0, 3, 6, 9, 12]),
        np.arange(12, dtype=np.uint64) + 900,
        np.ones(12),
    )
    outlet = np.array([[A, A], [A, B], [POST, POST]], np.int16)
    operators = Operators(
        ("a", "b", "post"), ("甲", "乙", "邮政"), ("A", "B", "Post"), ("express", "express", "post"), np.array([0.5, 0.3, 0.2]),
        np.zeros((k, 2), np.int64), np.zeros(k, np.int64), outlet, np.zeros((k, n), np.int8), np.full(k, 127, np.uint8), np.zeros((k, m), np.bool_),
    )  # fmt: skip
    host = np.array([0, 0, 0, 1, 0, 2, 5], np.int8)
    shelf = np.array([0, 0, 0, 600_000, 0, 600_000, 20_000_000])
    doors = np.zeros((n, 3), np.int16)
    stations = Stations(
        host, shelf, np.zeros(n, np.int64), np.zeros(n, np.int64), np.full(n, DAY), doors, np.array([5000, 15000, 40000]), np.zeros(n, np.bool_),
        ("", "", "", "baseline", "", "baseline", "baseline"), ("",) * n,
    )  # fmt: skip
    return World(
        "621225", "西和", "Xihe", "甘肃", "mountain", "west", places, households, operators, stations, Words("手工编写", "made by hand")
    )


def built(world: World, payer: str = "") -> World:
    """Return a world with everything that measures of produce own: a room at the seat, one with a pre-cooler in t1, a's rounds with boxes,
    reefers on b's line, a cold warehouse in t2, a market hall with two trucks, a collection point in t1. ``payer`` pays for all of it,
    else the firms do. Nothing grows here: the books ask only for what stands."""
    n, k = world.places.n, world.operators.n
    cold, house, none = no_cold(n, k), no_warehouses(n), cast(Any, None)
    warm = np.full(k, np.nan)
    cold = replace(
        cold,
        room_g=np.array([20, 8, 0, 0, 0, 0, 0]) * 1_000_000,
        store_g=np.array([0, 4, 0, 0, 0, 0, 0]) * 1_000_000,
        precool_g_h=np.array([0, 500, 0, 0, 0, 0, 0]) * 1000,
        round_c=np.where(np.arange(k) == A, 6.0, warm),
        line_c=np.where(np.arange(k) == B, 6.0, warm),
        built_by=("cold", "cold", "", "", "", "", ""),
        driven_by=("cold", "cold", ""),
        owner=payer or "cold rooms",
    )
    at = np.arange(n) == T2
    house = replace(
        house, stands=at, room_g=at * 2_000_000, celsius=np.where(at, 4.0, np.nan), day_yuan=at * 220.0, price=at * 80_000.0,
        by=("", "", "warehouse", "", "", "", ""),
    )  # fmt: skip
    own = Upkeep("market", payer or "cold market", "market", "market hall", 100.0, "m3-day", 540.0, 15.0, 151.0, place="seat")
    trucks = replace(
        own, category="reefer", quantity=2, unit="vehicle-day", price=200_000.0, life_years=8.0, year=4_000.0, pieces=2, asset="market truck",
        running="insurance",
    )  # fmt: skip
    point = Upkeep("city", payer or "organiser", "market", "collection point", 1.0, "point-day", 40_000.0, 10.0, 6_000.0, place="t1")
    office = Upkeep("city", payer or "organiser", "workers", "contract office", 1.0, "office-day", year=120_000.0)
    return replace(world, fields=Fields(none, none, none, cold, no_outreach(n, 0), house), upkeep=(own, trucks, point, office))


def alone() -> Rules:
    """Return rules without any pooling."""
    return separate(Parameters(), 3)


def pooled(*cells: tuple[str, str]) -> Rules:
    """Return rules under which operators a and b pool some cells."""
    rules = alone()
    for activity, resource in cells:
        rules.pool[ACTIVITIES.index(activity), RESOURCES.index(resource), B] = A
    return Rules(rules.parameters, rules.pool, (Alliance("joint", (A, B), cells),))


def resources() -> Resources:
    """Return what the plan keeps ready."""
    nine = 8 * HOUR, 17 * HOUR
    return Resources(
        people=((A, "depot:a", "sorter", SEAT, 4, *nine, 127), (A, "outlet:t1:a", "clerk", T1, 2, *nine, 0b0011111), (B, "depot:b", "unloader", SEAT, 1, *nine, 127)),
        floors=((A, "depot:a", "sorting", SEAT, 200.0), (A, "depot:a", "warehousing", SEAT, 150.0), (A, "outlet:t1:a", "delivery", T1, 60.0), (B, "depot:b", "sorting", SEAT, 100.0)),
        overheads=((A, "sorting", 0.25), (A, "transport", 0.25), (B, "sorting", 0.25)),
    )  # fmt: skip


def plan(kept: Resources | None = None, owners: tuple[int, ...] = (A, A, B, A)) -> Plan:
    """Return a plan: a's line to t1 (truck), a's round to v1 and v2 (van), b's line (truck), an evening trunk."""
    k, m, n = 3, 2, 7
    q = 2 * k + m * k
    i4 = np.int32
    routes = Routes(
        np.array([LINE, ROUND, LINE, TRUNK_OUT], np.int8),
        np.array([A, A, B, A], np.int16),
        np.array([0, T1, 0, 0], i4),
        np.full(4, -1, i4),
        np.array([0, 1, 3, 4, 4], i4),
        np.zeros(4, np.int8),
    )
    stops = Stops(np.array([T1, V1, V2, T2], i4), np.array([6, -1, -1, 10], i4), np.full(4, -1, i4), np.array([0, 1, 1, 2], i4))
    trips = Trips(
        ("l", "r", "m", "z"),
        np.arange(4, dtype=i4),
        np.arange(4, dtype=i4),
        np.arange(4, dtype=i4),
        np.array([10, 13, 10, 18]) * HOUR,
        np.array([127, 0b0001111, 127, 127], np.uint8),
    )
    kn, km = np.zeros((k, n), i4), np.zeros((k, m), i4)
    mode = np.zeros((k, n), np.int8)
    mode[B, V3] = 1
    lookup = Lookup(*(np.zeros(k, i4),) * 4, km, km, km, kn, kn, mode, km, np.zeros(k, i4), km, kn, kn.astype(np.int16))
    stores = Stores(
        np.zeros(3 * n + m * k, np.int64),
        np.zeros((3 * n + m * k, 3), np.int16),
        np.zeros(3, np.int64),
        np.zeros(3 * n + m * k, np.int64),
        np.zeros(3 * n + m * k, np.int64),
    )
    times = Times(3 * HOUR, *(0,) * 10, 7 * DAY, 3 * DAY, *(0,) * 6)
    queues = Queues(np.ones(q, i4), np.ones(q, np.int64), np.zeros((q, 2, 2), np.int64), np.zeros(q, np.int64))
    return Plan(
        k, m, n, POST, np.zeros((k, 2), np.int64), queues, routes, stops, trips, ("truck-a", "van-a", "truck-b", "trunk-a"), np.array([0, 1, 0, 2], np.int8),
        np.array(owners, np.int16), ("d1", "d2", "d3", "d4"), np.array(owners, np.int16), np.array([1_500_000, 480_000, 9_000_000]), np.array([15_000_000, 2_600_000, 60_000_000]),
        lookup, stores, np.zeros((n, 4), np.int8), times, kept or resources(),
    )  # fmt: skip


def parcel(key: int, **fields: Any) -> np.ndarray[Any, Any]:
    """Return one collected down parcel of operator a for v1, created on day 0 and handed over at the station; fields replace."""
    row = np.zeros(1, PARCEL)
    for stamp in STAMPS:
        row[stamp] = NEVER
    values: dict[str, Any] = {
        "key": key, "visit": key, "created": 1 * HOUR, "county_in": 8 * HOUR, "sorted": 9 * HOUR, "county_out": 10 * HOUR, "township_in": 11 * HOUR,
        "township_out": 13 * HOUR, "village_in": 14 * HOUR, "ready": 14 * HOUR, "finished": 20 * HOUR, "line_trip": 1, "round_trip": 2,
        "place": V1, "township": 0, "household": 0, "weight_g": 1500, "volume_ml": 8000, "operator": A, "last_mile": A, "direction": DOWN,
        "outcome": COLLECTED, "kind": AT_STATION,
    }  # fmt: skip
    values["last_mile"] = fields.get("operator", A)
    for name, value in (values | fields).items():
        row[name] = value
    return row


def trip(number: int, day: int = 0, **fields: Any) -> np.ndarray[Any, Any]:
    """Return one trip: a's line with 20 km, loaded at 9:30 and free at 12:30; fields replace."""
    row = np.zeros(1, TRIP)
    at = day * DAY
    values: dict[str, Any] = {
        "trip": number, "day": day, "leg": LINE, "owner": A, "vehicle": 0, "driver": 0, "type": 0, "from_place": SEAT, "to_place": T1,
        "planned": at + 10 * HOUR, "load": at + 9 * HOUR + 30 * MINUTE, "depart": at + 10 * HOUR, "back": at + 12 * HOUR, "free": at + 12 * HOUR + 30 * MINUTE,
        "metres": 20_000, "stops": 1, "parcels": 10, "load_g": 15_000, "load_ml": 7_500_000,
    }  # fmt: skip
    for name, value in (values | fields).items():
        row[name] = value
    return row


def day_record(
    day: int, parcels: list[Any] | None = None, trips: list[Any] | None = None, shifts: list[tuple[int, ...]] | None = None, **rest: Any
) -> DayRecord:
    """Return what was over on a day."""
    stack = lambda rows, kind: np.concatenate(rows) if rows else np.empty(0, kind)  # noqa: E731
    stops, events = rest.get("stops", np.empty(0, STOP)), rest.get("events", np.empty(0, EVENT))
    return DayRecord(day, stack(parcels, PARCEL), stack(trips, TRIP), stops, np.array(shifts or [], SHIFT), events, 0, rest.get("open", 0))
