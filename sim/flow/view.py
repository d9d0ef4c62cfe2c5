"""A plan as the flow reads it: lookups stacked for the kernels, routes and timetable as plain lists."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.flow import kernels as K
from sim.plan.plan import Plan
from sim.world.world import Int32s, Ints


class PlanView:
    """One plan, prepared once. Waiting list w of the plan is list ``base + w`` of the kernels."""

    def __init__(self, plan: Plan, township: Int32s) -> None:
        self.plan = plan
        self.township = township
        k, n, m = plan.operators, plan.places, plan.townships
        self.queues = 2 * k + m * k
        self.stores = 3 * n + m * k
        self.base = self.queues + 2 * self.stores
        look = plan.lookup
        self.leg = plan.routes.leg.tolist()
        self.owner = plan.routes.owner.tolist()
        self.origin = plan.routes.origin.tolist()
        self.home_queue = plan.routes.home_queue.tolist()
        self.collects = plan.collects.tolist()
        self.first = plan.routes.first.tolist()
        self.stop_place = plan.stops.place.tolist()
        self.stop_queue = plan.stops.queue.tolist()
        self.stop_wait = [w if w < 0 else w + self.base for w in plan.stops.wait.tolist()]
        self.waits = (
            int(max([len(self.leg) - 1, int(plan.stops.wait.max(initial=-1)), *(int(a.max(initial=-1)) for a in self._wait_tables())])) + 2
        )
        self.T = self._lookups(township)
        self.cascade = np.ascontiguousarray(plan.cascade, dtype=np.int8)
        post = plan.post
        self.post = post
        self.post_queues = np.full(max(m, 1), -1, np.int64)
        if post >= 0:
            self.post_queues[:m] = look.handle_queue[post, :m]
        self.post_queue_of = [*self.post_queues[:m].tolist(), -1]
        self.places_of = [tuple(self.stop_place[a:b]) for a, b in pairwise(self.first)]
        self.ways: dict[tuple[int, ...], tuple[int, int]] = {}
        """Where the state keeps the way of a route without some of its stops."""
        self.drawn: Ints | None = None
        """The ways over all stops of all routes, once one of them is needed."""
        kind = plan.vehicle_type[plan.trips.vehicle]
        self.departs = plan.trips.departs_us.tolist()
        self.trips = list(
            zip(
                plan.trips.route.tolist(), plan.trips.vehicle.tolist(), plan.trips.driver.tolist(), kind.tolist(),
                plan.capacity_g[kind].tolist(), plan.capacity_ml[kind].tolist(), strict=True,
            )
        )  # fmt: skip
        """Each trip's route, vehicle, driver, kind of vehicle and capacities."""
        self.max_g = int(min(plan.capacity_g[0], plan.capacity_g[1]))
        self.max_ml = int(min(plan.capacity_ml[0], plan.capacity_ml[1]))

    def _wait_tables(self) -> tuple[Int32s, ...]:
        look = self.plan.lookup
        return (look.line_wait, look.round_wait, look.back_line_wait, look.out_wait, look.dock_wait, self.plan.place_waits())

    def _lookups(self, township: Int32s) -> Int32s:
        plan, look = self.plan, self.plan.lookup
        k, n = plan.operators, plan.places
        u = np.where(township < 0, 0, township)
        T = np.full((K.T_SIZE, k, n), -1, np.int32)
        nowhere = self.waits - 1

        def lists(wait: Int32s) -> Int32s:
            """Return where the kernels keep waiting lists; what has none waits where nobody loads."""
            return np.where(wait >= 0, wait, nowhere).astype(np.int32) + self.base

        T[K.T_MODE] = look.mode
        T[K.T_ROUND_WAIT] = lists(look.round_wait)
        T[K.T_ROUND_STOP] = look.round_stop
        T[K.T_SURCHARGE] = look.surcharge_fen
        T[K.T_LINE_WAIT] = lists(look.line_wait[:, u])
        T[K.T_LINE_STOP] = look.line_stop[:, u]
        T[K.T_HANDLE] = look.handle_queue[:, u]
        T[K.T_BACK_LINE] = lists(look.back_line_wait[:, u])
        T[K.T_OUTLET] = look.outlet_store[:, u]
        T[K.T_DOCK] = look.dock_queue[:, None]
        T[K.T_DOCK_WAIT] = np.where(look.dock_wait >= 0, look.dock_wait + self.base, -1)[:, None]
        T[K.T_DOCK_STOP] = look.dock_stop[:, None]
        T[K.T_SORT] = look.sort_queue[:, None]
        T[K.T_OUT_WAIT] = lists(look.out_wait[:, None])
        T[K.T_BACK_PLACE] = lists(plan.place_waits())
        return T
