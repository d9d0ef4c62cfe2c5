"""Times of day of a plan: everything lies in the 24 hours from the plan time on."""

from __future__ import annotations

import numpy as np

from sim.errors import SimError
from sim.plan.plan import Times
from sim.schema.parameters import Parameters
from sim.units import DAY, FEN_PER_YUAN, HOUR, MINUTE, hours_us, us
from sim.world.distance import speeds_kmh
from sim.world.hours import time_of_day
from sim.world.world import Int16s, Ints, World

APPOINTMENT_US = 15 * MINUTE
"""Distance of two dock appointments (assumption)."""

__all__ = ["after_plan", "departure", "fee_fen", "make_times", "make_waves", "round_up", "time_of_day"]


def make_times(world: World, parameters: Parameters) -> Times:
    """Return the durations of the steps."""
    p = parameters
    county, lane = speeds_kmh(p.roads, world.terrain)
    return Times(
        plan_us=time_of_day(p.timetable.plan_time, "timetable.plan_time"),
        handover_us=us(60 * p.centre.handover_minutes),
        post_handover_us=us(60 * p.township.handover_minutes),
        recheck_us=us(60 * p.centre.recheck_minutes),
        load_fixed_us=us(60 * p.fleet.load_fixed_minutes),
        load_piece_us=us(p.fleet.load_seconds),
        window_us=us(60 * p.fleet.load_window_minutes),
        stop_fixed_us=us(60 * p.fleet.stop_minutes),
        stop_piece_us=us(p.fleet.stop_seconds),
        door_piece_us=us(p.fleet.door_seconds),
        rest_us=us(60 * p.fleet.rest_minutes),
        holding_us=hours_us(24 * p.station.holding_days),
        reminder_us=hours_us(24 * p.station.reminder_days),
        repair_us=us(60 * p.fleet.repair_minutes),
        seat_gap_m=round(1000 * p.roads.seat_gap_km),
        seat_gap_us=hours_us(p.roads.seat_gap_km / county),
        township_gap_m=round(1000 * p.roads.township_gap_km),
        township_gap_us=hours_us(p.roads.township_gap_km / lane),
        max_attempts=p.service.max_attempts,
    )


def after_plan(time_us: int, plan_us: int) -> int:
    """Return a time of day as a time of the plan day, later than the plan time."""
    return time_us if time_us > plan_us else time_us + DAY


def departure(time_us: int, times: Times, name: str) -> int:
    """Return a departure as a time of the plan day; raise where its loading would begin before the plan is in force."""
    departs = after_plan(time_us, times.plan_us)
    if departs - times.window_us >= times.plan_us:
        return departs
    raise SimError(
        f"{name}\n  this departure begins to load before the day's plan is in force (timetable.plan_time)\n"
        f"  allowed: at least fleet.load_window_minutes after timetable.plan_time\n  发车装货早于计划时刻：请推迟发车或提前计划时刻"
    )


def make_waves(world: World, appointment: Int16s, plan_us: int) -> Ints:
    """Return the arrivals of the trunk trucks (k, 2); operators that share dock appointments come every quarter of an hour."""
    waves = np.array([[after_plan(t, plan_us) for t in row] for row in world.operators.trunk_us.tolist()], dtype=np.int64)
    waves.sort(axis=1)
    waves[waves[:, 0] == waves[:, 1], 1] = -1
    for lead in np.unique(appointment):
        rows = np.flatnonzero(appointment == lead)
        if len(rows) > 1:
            for wave in range(2):
                coming = rows[waves[rows, wave] >= 0]
                if len(coming):
                    waves[coming, wave] = np.minimum(waves[coming, wave].min() + APPOINTMENT_US * np.arange(len(coming)), plan_us + DAY)
    return waves


def round_up(duration_us: int, step_us: int = HOUR // 2) -> int:
    """Return a duration rounded up to whole steps, half hours by default."""
    return -(-duration_us // step_us) * step_us


def fee_fen(yuan: float) -> int:
    """Return a fee in whole fen."""
    return round(yuan * FEN_PER_YUAN)
