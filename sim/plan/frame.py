"""Everything the steps of planning read: the world, the rules, what is expected, and who shares what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.plan.clock import make_times, make_waves, round_up
from sim.plan.forecast import Forecast, forecast, wave_shares
from sim.plan.groups import Groups, make_groups
from sim.plan.plan import Times
from sim.rules import Rules
from sim.schema.parameters import Parameters
from sim.units import DAY, HOUR, MINUTE
from sim.world.world import TO_VILLAGE, TOWNSHIP, Bools, Floats, Ints, World

EARLIER_US, LATER_US = 2 * HOUR, HOUR
"""A joint departure lies at most so much before or after the timetable's (assumption)."""


@dataclass(frozen=True)
class Frame:
    """``wave_us``, ``wave_share`` (k, 2); ``row`` (m,) places of the townships; ``seat_township`` the ordinal of the seat's own;
    ``capacity_g``, ``capacity_ml`` by vehicle type; ``door`` (n,): parcels are handed over at doors."""

    world: World
    parameters: Parameters
    rules: Rules
    expected: Forecast
    groups: Groups
    times: Times
    wave_us: Ints
    wave_share: Floats
    row: Ints
    seat_township: int
    capacity_g: Ints
    capacity_ml: Ints
    door: Bools

    @property
    def k(self) -> int:
        return self.world.operators.n

    @property
    def m(self) -> int:
        return len(self.row)

    @cached_property
    def goes(self) -> list[list[bool]]:
        """Return whether an operator's parcels are brought to a place, by operator and place."""
        goes: list[list[bool]] = (self.world.operators.mode == TO_VILLAGE).tolist()
        return goes

    def sort_queue(self, operator: int) -> int:
        """Return the queue in which an operator's parcels are sorted."""
        return self.k + int(self.groups.sort[operator])

    def handle_queue(self, operator: int, township: int) -> int:
        """Return the queue in which an operator's parcels are handled in a township."""
        return 2 * self.k + township * self.k + int(self.groups.outlet[operator, township])

    def key(self, operator: int) -> str:
        """Return an operator's key."""
        return self.world.operators.key[operator]


def make_frame(world: World, rules: Rules, planned_season: float, planned_trend: float) -> Frame:
    """Return the frame of a plan."""
    parameters = rules.parameters
    groups, times, fleet = make_groups(world, rules), make_times(world, parameters), parameters.fleet
    waves = make_waves(world, groups.appointment, times.plan_us)
    row = np.flatnonzero(world.places.tier == TOWNSHIP)
    big = 2**40
    return Frame(
        world=world,
        parameters=parameters,
        rules=rules,
        expected=forecast(world, parameters, planned_season, planned_trend),
        groups=groups,
        times=times,
        wave_us=waves,
        wave_share=wave_shares(waves),
        row=row,
        seat_township=int(np.argmin(world.places.travel_us[0, row])) if len(row) else -1,
        capacity_g=np.array([round(1000 * fleet.truck_kg), round(1000 * fleet.van_kg), big], dtype=np.int64),
        capacity_ml=np.array([round(1000 * fleet.truck_l), round(1000 * fleet.van_l), big], dtype=np.int64),
        door=world.stations.at_door,
    )


def joint_departure(f: Frame, timetable_us: int, ready_us: int) -> int:
    """Return the departure of those who plan together: the quarter of an hour in which everything is ready to load, near the timetable."""
    wanted = round_up(ready_us + f.times.window_us, 15 * MINUTE)
    earliest = max(timetable_us - EARLIER_US, f.times.plan_us + f.times.window_us)
    return min(max(wanted, earliest), timetable_us + LATER_US, f.times.plan_us + DAY)
