"""Let single parcels come to one sorting centre at any instants: one operator for each two arrivals of a day, all sharing its queue.

A truck of an operator comes at a time of day of the plan, so a day's plan is made of that day's arrivals. Dock and hand-over
take a microsecond each; then the parcel is in the sorting queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from sim import luck
from sim.flow.flow import simulate
from sim.flow.inputs import Inputs
from sim.plan.orders import Orders, no_orders
from sim.plan.plan import LINE, TRUNK_OUT, Lookup, Plan, Queues, Routes, Stops, Stores, Trips
from sim.schema.raw import Recorder
from sim.units import DAY, HOUR
from sim.world.world import COUNTY, TO_TOWNSHIP, TOWNSHIP, VILLAGE, Floats, Ints
from tests.reference.tiny import TIMES
from tests.run.small import Kept

BEFORE_US = 2
"""From the truck's arrival to the sorting queue: a microsecond at the dock, one to hand over."""


def poisson_days(seed: int, per_day: float, days: int) -> list[Ints]:
    """Return for each day the instants (microseconds from its midnight) of a Poisson process."""
    n = int(per_day * days * 1.2) + 100
    gaps = -np.log(luck.uniform(seed, "gap", 0, np.arange(n, dtype=np.uint64))) * DAY / per_day
    times = np.cumsum(gaps).astype(np.int64)
    assert times[-1] > days * DAY
    return [times[(times >= d * DAY) & (times < (d + 1) * DAY)] - d * DAY + 2 for d in range(days)]


def uniform_days(seed: int, per_day: int, days: int) -> list[Ints]:
    """Return for each day ``per_day`` instants spread evenly at random over it."""
    at = luck.uniform(seed, "instant", 0, np.arange(per_day * days, dtype=np.uint64)).reshape(days, per_day)
    return [np.sort((row * (DAY - 4)).astype(np.int64)) + 2 for row in at]


def plan_of_day(instants: Ints, k: int, stations: int, service_us: int, headway_us: int) -> Plan:
    """Return the plan under which parcels come at ``instants``; with a headway, lines leave once in it."""
    i4, i8, i2, i1 = np.int32, np.int64, np.int16, np.int8
    waves = np.full((2, k), -1, i8)
    waves.reshape(-1)[: len(instants)] = instants
    n = 3
    queues = 3 * k
    count, service = np.ones(queues, i4), np.ones(queues, i8)
    count[k + 1 : 2 * k], count[2 * k + 1 :] = 0, 0
    count[k], service[k], count[2 * k] = stations, service_us, 1
    windows = np.zeros((queues, 2, 2), i8)
    windows[:, 0, 1] = DAY
    departs = np.arange(headway_us, DAY + 1, headway_us, dtype=i8) if headway_us else np.zeros(0, i8)
    lines = len(departs)
    vans = tuple(f"v{i:04d}" for i in range(lines))
    whole, each = np.zeros((k, n), i4), np.zeros((k, 1), i4)
    stores = 3 * n + k
    return Plan(
        operators=k, townships=1, places=n, post=-1, wave_us=np.ascontiguousarray(waves.T),
        queues=Queues(count, service, windows, np.zeros(queues, i8)),
        routes=Routes(np.array([TRUNK_OUT, LINE], i1), np.zeros(2, i2), np.zeros(2, i4), np.array([-1, k], i4), np.array([0, 0, 1], i4),
                      np.zeros(2, i1)),
        stops=Stops(np.array([1], i4), np.array([2 * k], i4), np.array([-1], i4), np.array([1], i4)),
        trips=Trips(vans, np.ones(lines, i4), np.arange(lines, dtype=i4), np.arange(lines, dtype=i4), departs,
                    np.full(lines, 127, np.uint8)),
        vehicle_key=vans, vehicle_type=np.zeros(lines, i1), vehicle_owner=np.zeros(lines, i2), driver_key=vans,
        driver_owner=np.zeros(lines, i2), capacity_g=np.full(3, 10**12, i8), capacity_ml=np.full(3, 10**12, i8),
        lookup=Lookup(
            dock_queue=np.arange(k, dtype=i4), dock_wait=np.full(k, -1, i4), dock_stop=np.full(k, -1, i4),
            sort_queue=np.full(k, k, i4), line_wait=each + 1, line_stop=each, handle_queue=each + 2 * k, round_wait=whole - 1,
            round_stop=whole - 1, mode=np.full((k, n), TO_TOWNSHIP, i1), back_line_wait=each - 1, out_wait=np.zeros(k, i4),
            outlet_store=each + 3 * n, surcharge_fen=whole, last_mile=np.repeat(np.arange(k, dtype=i2)[:, None], n, axis=1),
        ),
        stores=Stores(np.full(stores, -1, i8), np.zeros((stores, 3), i2), np.array([1, 2, 3], i8), np.zeros(stores, i8),
                      np.full(stores, DAY, i8)),
        cascade=np.zeros((n, 4), i1),
        times=replace(TIMES, plan_us=0, handover_us=1, load_fixed_us=1, load_piece_us=0, window_us=1, holding_us=30 * DAY,
                      reminder_us=29 * DAY),
    )  # fmt: skip


def orders_of_day(day: int, instants: Ints, k: int, lost: bool) -> Orders:
    """Return one order for each arrival of a day; ``lost`` ones end when they are sorted."""
    n = len(instants)
    turn = np.arange(n)
    operator = (turn % k).astype(np.int16)
    gate = np.where(turn < k, 1, instants[turn % k] + 1) + day * DAY
    key = (np.arange(n, dtype=np.uint64) + np.uint64(1)) + np.uint64((day + 1) * 10**6)
    i4, i8 = np.int32, np.int64
    small = np.full(n, 10, i4)
    hour = np.full(n, HOUR, i8)
    return Orders(
        key, operator, np.full(n, 2, i4), np.zeros(n, i4), np.full(n, day * DAY, i8), gate.astype(i8), small, small, np.zeros(n, np.bool_),
        np.full(n, lost, np.bool_), hour, hour, hour, hour,
    )  # fmt: skip


def stream(
    arrivals: Sequence[Ints],
    *,
    stations: int = 1,
    service_us: int = 1,
    headway_us: int = 0,
    live: Callable[[Inputs, Recorder], None] = simulate,
) -> Kept:
    """Run the flow over days of arrivals. Without a headway parcels end when they are sorted."""
    k = max(max((len(day) + 1) // 2 for day in arrivals), 1)
    days = len(arrivals)
    plans = [plan_of_day(day, k, stations, service_us, headway_us) for day in arrivals]
    ways = np.full((3, 3), HOUR, np.int64)
    kept = Kept()
    live(
        Inputs(
            metres=np.full((3, 3), 1_000, np.int32), travel_us=ways, tier=np.array([COUNTY, TOWNSHIP, VILLAGE], np.int8),
            township=np.array([-1, 0, 0], np.int32), households=1, first_day=0, last_day=days, end_day=days + 4, weekday0=0,
            plan_of=lambda day: plans[min(day, days - 1)],
            orders_of=lambda day: orders_of_day(day, arrivals[day], k, not headway_us) if day < days else no_orders(),
            breaks=lambda key, day: None, closed=lambda place, day: False, stop_when_empty=True,
        ),
        kept,
    )  # fmt: skip
    return kept


def interval(batches: Floats) -> tuple[float, float]:
    """Return the 95% interval of the mean of independent batches."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(batches) - 1) * batches.std(ddof=1) / np.sqrt(len(batches)))
    return float(batches.mean()) - half, float(batches.mean()) + half
