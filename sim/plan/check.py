"""Check a plan before it is used: what the flow relies on, in one place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.errors import SimError
from sim.plan.plan import Plan
from sim.units import DAY
from sim.world.world import TO_VILLAGE, Bools, Floats, Int32s


class PlanError(SimError):
    """A plan that the flow could not execute as its rules say."""


def check(plan: Plan, carried: Floats, township: Int32s) -> None:
    """Raise where a plan leaves parcels (k, n) without a way, or where its times do not fit its day."""
    begin, end = plan.times.plan_us, plan.times.plan_us + DAY
    departs, windows = plan.trips.departs_us, plan.queues.windows
    _hold("a trip loads before the plan is in force", (departs - plan.times.window_us >= begin) & (departs <= end))
    _hold("a shift lies outside the plan day", (windows[..., 0] == windows[..., 1]) | ((windows >= begin) & (windows <= end)).all(axis=-1))
    _hold("a wave is not later than the plan time", (plan.wave_us < 0) | ((plan.wave_us > begin) & (plan.wave_us <= end)))
    look = plan.lookup
    wanted = carried > 0
    _hold("a village is served without a stop", (look.round_stop >= 0) | ~wanted | (look.mode != TO_VILLAGE))
    u = np.where(township < 0, 0, township)
    if plan.townships:
        _hold("parcels for a township have no line", (look.line_stop[:, u] >= 0) | ~wanted)
        _hold("an outlet has no clerk", (plan.queues.stations[look.handle_queue[:, u]] > 0) | ~wanted)
    busy = wanted.any(axis=1)
    for queue in (look.dock_queue, look.sort_queue):
        _hold("a queue at the centre has no station", (plan.queues.stations[queue] > 0) | ~busy)
    order = list(zip(departs.tolist(), plan.trips.key, strict=True))
    _hold("the timetable is not in order", np.array([a < b for a, b in pairwise(order)], dtype=bool))


def _hold(what: str, holds: Bools) -> None:
    if not holds.all():
        raise PlanError(f"plan: {what}, at {[tuple(x) for x in np.argwhere(~holds)[:3].tolist()]}")
