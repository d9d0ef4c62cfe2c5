"""Write one tiny county down by hand: a seat, a township, two villages, one operator, three vehicles.

Dock 1 min, hand-over 1 min, sorting 2 min, handling 3 min a parcel, one station each, open all day. Line 09:00 (30 min to the township),
round 12:00 (20 min to village 2, 10 on to village 3, 15 home), evening trunk 20:00. The truck comes at 06:00.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from sim.plan.orders import Orders, Shipments, no_orders, no_shipments
from sim.plan.plan import LINE, ROUND, SHELF, TRUNK_OUT, Lookup, Plan, Queues, Routes, Stops, Stores, Times, Trips
from sim.units import DAY, HOUR, MINUTE
from sim.world.world import COUNTY, TOWNSHIP, VILLAGE

from .case import Case

TIMES = Times(
    plan_us=3 * HOUR, handover_us=MINUTE, post_handover_us=MINUTE, recheck_us=15 * MINUTE, load_fixed_us=5 * MINUTE, load_piece_us=MINUTE,
    window_us=20 * MINUTE, stop_fixed_us=4 * MINUTE, stop_piece_us=MINUTE, door_piece_us=2 * MINUTE, rest_us=10 * MINUTE,
    holding_us=24 * HOUR, reminder_us=10 * HOUR, repair_us=30 * MINUTE, seat_gap_m=900, seat_gap_us=3 * MINUTE, township_gap_m=300,
    township_gap_us=2 * MINUTE, max_attempts=3,
)  # fmt: skip
METRES = ((0, 20_000, 0, 0), (20_000, 0, 9_000, 7_000), (0, 9_000, 0, 4_000), (0, 7_000, 4_000, 0))
MINUTES = ((0, 30, 0, 0), (30, 0, 20, 15), (0, 20, 0, 10), (0, 15, 10, 0))


def at(clock: str, day: int = 0) -> int:
    """Return microseconds of a clock time on a day."""
    hours, minutes = clock.split(":")
    return day * DAY + int(hours) * HOUR + int(minutes) * MINUTE


def tiny_plan() -> Plan:
    """Return the plan of the tiny county; tests replace parts of it."""
    i4, i8, i2, i1 = np.int32, np.int64, np.int16, np.int8
    one = np.zeros((1, 1), i4)
    hours = np.zeros(13, i8)
    return Plan(
        operators=1, townships=1, places=4, post=-1, wave_us=np.array([[6 * HOUR, -1]], i8),
        queues=Queues(
            np.array([1, 1, 1], i4), np.array([MINUTE, 2 * MINUTE, 3 * MINUTE], i8),
            np.array([[[3 * HOUR, 27 * HOUR], [0, 0]]] * 3, i8), np.zeros(3, i8),
        ),
        routes=Routes(
            np.array([TRUNK_OUT, LINE, ROUND], i1), np.zeros(3, i2), np.array([0, 0, 1], i4), np.array([-1, 1, 2], i4),
            np.array([0, 0, 1, 3], i4), np.array([0, 0, 1], i1),
        ),
        stops=Stops(np.array([1, 2, 3], i4), np.array([2, -1, -1], i4), np.array([3, 4, 5], i4), np.array([1, 2, 2], i4)),
        trips=Trips(
            ("line", "round", "trunk"), np.array([1, 2, 0], i4), np.array([0, 1, 2], i4), np.array([0, 1, 2], i4),
            np.array([9 * HOUR, 12 * HOUR, 20 * HOUR], i8), np.array([127, 127, 127], np.uint8),
        ),
        vehicle_key=("v0", "v1", "v2"), vehicle_type=np.array([1, 1, 2], i1), vehicle_owner=np.zeros(3, i2),
        driver_key=("d0", "d1", "d2"), driver_owner=np.zeros(3, i2), capacity_g=np.array([10**6] * 3, i8),
        capacity_ml=np.array([10**7] * 3, i8),
        lookup=Lookup(
            dock_queue=np.array([0], i4), dock_wait=np.array([-1], i4), dock_stop=np.array([-1], i4), sort_queue=np.array([1], i4),
            line_wait=one + 1, line_stop=one, handle_queue=one + 2, round_wait=np.full((1, 4), 2, i4),
            round_stop=np.array([[-1, -1, 1, 2]], i4), mode=np.zeros((1, 4), i1), back_line_wait=one + 3, out_wait=np.array([0], i4),
            outlet_store=one + 12, surcharge_fen=np.zeros((1, 4), i4), last_mile=np.zeros((1, 4), i2),
        ),
        stores=Stores(hours - 1, np.zeros((13, 3), i2), np.array([4_000, 9_000, 16_000], i8), hours, hours + DAY),
        cascade=np.array([[SHELF, 0, 0, 0]] * 4, i1), times=TIMES,
    )  # fmt: skip


def order(key: int, place: int, *, household: int = 0, volume: int = 1_000, collect_h: int = 5, remind_h: int = 48) -> tuple[int, ...]:
    """Return one order of day 0: created 01:00, at the gate 02:00; 10 hours from the evening trunk to its sender."""
    return (
        key, 0, place, household or key, HOUR, 2 * HOUR, 500, volume, 0, 0, collect_h * HOUR, collect_h * HOUR, remind_h * HOUR, 10 * HOUR,
    )  # fmt: skip


def parcel_up(key: int, place: int, ready: str, *, counter: int = 0, grams: int = 500, volume: int = 1_000) -> tuple[int, ...]:
    """Return one shipment of day 0: dropped 01:00, ready at a clock time; lot 70 + key; 30 hours from the evening trunk to its receiver."""
    return (key, 0, place, 70 + key, HOUR, at(ready), counter, grams, volume, 30 * HOUR)


def tiny_case(
    orders: Sequence[tuple[int, ...]],
    plan: Plan | None = None,
    breaks: Callable[[str, int], float | None] = lambda key, day: None,
    closed: Callable[[int, int], bool] = lambda place, day: False,
    end_day: int = 6,
    up: Sequence[tuple[int, ...]] = (),
    later: Plan | None = None,
) -> Case:
    """Return a case of day-0 orders and shipments in the tiny county; ``later`` is the plan from day 1 on, if another."""
    the_plan = plan or tiny_plan()
    i4, i8 = np.int32, np.int64
    types = (np.uint64, np.int16, i4, i4, i8, i8, i4, i4, np.bool_, np.bool_, i8, i8, i8, i8)
    day0 = no_orders()
    if orders:
        day0 = Orders(*(np.array(c, t) for c, t in zip(zip(*sorted(orders), strict=True), types, strict=True)))
    sent = no_shipments()
    if up:
        types = (np.uint64, np.int16, i4, i4, i8, i8, np.bool_, i4, i4, i8)
        sent = Shipments(*(np.array(c, t) for c, t in zip(zip(*sorted(up), strict=True), types, strict=True)))
    return Case(
        metres=np.array(METRES, i4), travel_us=np.array(MINUTES, i8) * MINUTE, tier=np.array([COUNTY, TOWNSHIP, VILLAGE, VILLAGE], np.int8),
        township=np.array([-1, 0, 0, 0], i4), households=100, first_day=0, last_day=1, end_day=end_day, weekday0=0,
        plan_of=lambda day: later if later and day > 0 else the_plan, orders_of=lambda day: day0 if day == 0 else no_orders(),
        breaks=breaks, closed=closed, name="tiny", shipments_of=lambda day: sent if day == 0 else no_shipments(),
    )  # fmt: skip


__all__ = ["METRES", "TIMES", "at", "order", "parcel_up", "replace", "tiny_case", "tiny_plan"]
