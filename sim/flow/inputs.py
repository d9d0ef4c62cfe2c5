"""What the flow needs to run: place matrices and, day by day, plans, orders, breakdowns and closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.plan.orders import Orders, Shipments, no_shipments
from sim.plan.plan import Plan
from sim.world.world import Int8s, Int32s, Ints


@dataclass(frozen=True)
class Inputs:
    """Everything docs/flow-rules.md lists under Inputs.

    ``metres`` (n, n), ``travel_us`` (n, n), ``tier`` (n,), ``township`` (n,): ordinal of each place's township, -1 for the seat.
    Days: orders and shipments are asked for ``first_day <= day < last_day``; the run ends at ``end_day`` midnight, or
    (``stop_when_empty``) at the first midnight from ``last_day`` on at which no parcel is on its way down, nor up inside the county.
    ``weekday0`` is the weekday of day 0 (Monday = 0).
    ``households`` is one more than the largest household row.
    """

    metres: Int32s
    travel_us: Ints
    tier: Int8s
    township: Int32s
    households: int
    first_day: int
    last_day: int
    end_day: int
    weekday0: int
    plan_of: Callable[[int], Plan]
    orders_of: Callable[[int], Orders]
    breaks: Callable[[str, int], float | None]
    closed: Callable[[int, int], bool]
    stop_when_empty: bool = False
    shipments_of: Callable[[int], Shipments] = lambda day: no_shipments()
