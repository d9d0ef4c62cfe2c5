"""Write down the cases that the dice hardly ever draw; ``mutations`` runs them after the drawn ones.

- Two vans come to one village in the same instant, and one parcel waits there for both: the vehicle with the smaller index has it.
- A parcel expires in the very instant at which a van that only collects is there: the van takes its return.
- The outlet where the post's parcels wait for their round moves, that of the networks who gave them to it stays; and the other way round.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.plan.plan import ROUND, Lookup, Plan
from sim.units import DAY, HOUR, MINUTE
from sim.world.world import TO_POST, TO_VILLAGE

from .case import Case
from .tiny import order, parcel_up, tiny_case, tiny_plan

EXPRESS, POST = range(2)
GAP = 5 * HOUR
"""Between the outlets of the township, so long that what is carried over at 03:00 misses the round of 08:00, which loads from 07:40 on."""


def collecting_plan(collector: int) -> Plan:
    """Return the plan with a van ``collector`` (0 or 3) that only collects in village 2, where the round, vehicle 1, is at 12:20, too."""
    plan = tiny_plan()
    i1, i2, i4, i8 = np.int8, np.int16, np.int32, np.int64
    return replace(
        plan,
        routes=replace(
            plan.routes, leg=np.append(plan.routes.leg, i1(ROUND)), owner=np.zeros(4, i2), origin=np.append(plan.routes.origin, i4(1)),
            home_queue=np.append(plan.routes.home_queue, i4(2)), first=np.append(plan.routes.first, i4(4)),
            tier=np.append(plan.routes.tier, i1(1)),
        ),
        stops=replace(
            plan.stops, place=np.array([1, 2, 3, 2], i4), queue=np.array([2, -1, -1, -2], i4), wait=np.array([4, 5, 6, 5], i4),
            route=np.array([1, 2, 2, 3], i4),
        ),
        trips=replace(
            plan.trips, key=("line", "round", "collection", "trunk"), route=np.array([1, 2, 3, 0], i4),
            vehicle=np.array([4, 1, collector, 2], i4), driver=np.array([0, 1, 3, 2], i4),
            departs_us=np.array([9 * HOUR, 12 * HOUR, 12 * HOUR, 20 * HOUR], i8), days=np.full(4, 127, np.uint8),
        ),
        vehicle_key=("v0", "v1", "v2", "v3", "v4"), vehicle_type=np.array([1, 1, 2, 1, 1], i1), vehicle_owner=np.zeros(5, i2),
        driver_key=("d0", "d1", "d2", "d3"), driver_owner=np.zeros(4, i2),
        lookup=replace(plan.lookup, back_line_wait=plan.lookup.back_line_wait + 1),
    )  # fmt: skip


def two_vans(collector: int) -> Case:
    """Return a case in which one parcel waits in village 2 to go up when both vans come."""
    return replace(tiny_case([], collecting_plan(collector), up=[parcel_up(1, 2, "08:00")]), name="two vans at once")


def expired_at_once() -> Case:
    """Return a case in which a parcel that nobody collects expires at 12:20 of the next day."""
    return replace(tiny_case([order(1, 2, collect_h=100)], collecting_plan(0)), name="expired at once")


def post_plan(outlet: tuple[int, int]) -> Plan:
    """Return the tiny county's plan for an express network, which gives village 2 to the post, and the post, which goes to it at 08:00.

    They share dock, sorting, line and truck; ``outlet`` says whose outlet each uses (queues 4 and 5). The van's home is the post's.
    """
    plan = tiny_plan()
    i1, i2, i4, i8 = np.int8, np.int16, np.int32, np.int64
    both = np.zeros(2, i4)
    handle = 4 + np.array(outlet, i4)[:, None]
    queues = plan.queues
    mode = np.zeros((2, 4), i1)
    mode[EXPRESS], mode[POST] = TO_POST, TO_VILLAGE
    minutes = np.array([1, 1, 2, 2, 3, 3], i8) * MINUTE
    # routes: trunk, line (stops 0 and 1: the two outlets), round (stops 2 and 3: the villages); lists 3 to 6 are those of the stops
    stop = np.array([[0], [1]], i4)[np.array(outlet)]
    return replace(
        plan, operators=2, post=POST, wave_us=np.array([[6 * HOUR, -1], [6 * HOUR, -1]], i8),
        queues=replace(
            queues, stations=np.array([1, 0, 1, 0, 1, 1], i4), service_us=minutes, windows=np.repeat(queues.windows[:1], 6, 0),
            overtime_us=np.zeros(6, i8),
        ),
        routes=replace(
            plan.routes, first=np.array([0, 0, 2, 4], i4), home_queue=np.array([-1, 2, 4 + outlet[POST]], i4),
        ),
        stops=replace(
            plan.stops, place=np.array([1, 1, 2, 3], i4), queue=np.array([4, 5, -1, -1], i4), wait=np.array([3, 4, 5, 6], i4),
            route=np.array([1, 1, 2, 2], i4),
        ),
        trips=replace(plan.trips, departs_us=np.array([9 * HOUR, 8 * HOUR, 20 * HOUR], i8)),
        lookup=Lookup(
            dock_queue=both, dock_wait=both - 1, dock_stop=both - 1, sort_queue=both + 2, line_wait=both[:, None] + 1, line_stop=stop,
            handle_queue=handle, round_wait=np.full((2, 4), 2, i4), round_stop=np.array([[-1, -1, 2, 3]] * 2, i4), mode=mode,
            back_line_wait=stop + 3, out_wait=both, outlet_store=12 + np.array(outlet, i4)[:, None],
            surcharge_fen=np.zeros((2, 4), i4), last_mile=np.array([[0] * 4, [1] * 4], i2),
        ),
        stores=replace(
            plan.stores, capacity_ml=np.full(14, -1, i8), doors=np.zeros((14, 3), i2), opens_us=np.zeros(14, i8),
            closes_us=np.full(14, DAY, i8),
        ),
        times=replace(plan.times, township_gap_us=GAP),
    )  # fmt: skip


def outlet_moves(who: int) -> Case:
    """Return a case in which an express parcel waits for the post's round while the outlet of ``who`` moves to the other's, at 03:00."""
    before, after = post_plan((EXPRESS, POST)), post_plan((POST, POST) if who == EXPRESS else (EXPRESS, EXPRESS))
    return replace(tiny_case([order(1, 2)], before, later=after), name="an outlet moves")


def rare_cases() -> list[Case]:
    """Return all of them."""
    return [two_vans(0), two_vans(3), expired_at_once(), outlet_moves(POST), outlet_moves(EXPRESS)]
