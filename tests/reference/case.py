"""Hold one small case: everything docs/flow-rules.md lists under Inputs, without a world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.plan.orders import Orders, Shipments, no_shipments
from sim.plan.plan import Plan
from sim.world.world import Int8s, Int32s, Ints


@dataclass(frozen=True)
class Case:
    """One drawn or hand-written county: matrices, tiers, days, and the five questions a flow may ask.

    Orders and shipments exist for ``first_day <= day < last_day``; nothing happens from ``end_day`` * DAY on. ``weekday0``: Monday = 0.
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
    name: str = ""
    shipments_of: Callable[[int], Shipments] = lambda day: no_shipments()
