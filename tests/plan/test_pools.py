"""Each cell of the matrix has a mechanism, and pooling saves what it should."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from sim.plan.assemble import plan_for
from sim.plan.make import make_plan
from sim.plan.plan import FEEDER, LINE, ROUND, Plan
from sim.rules import separate
from sim.schema.parameters import Parameters
from sim.units import HOUR
from sim.world.build import build
from sim.world.world import VILLAGE

from .counties import CELLS, START, alliance, county, digest, pooled
from .test_collect import sending


def plan_of(*cells: tuple[str, str]) -> Plan:
    return make_plan(county(), pooled(cells), 0, START)


def hours(plan: Plan, role: str) -> float:
    return sum(count * (closes - opens) / HOUR for _, _, r, _, count, opens, closes, _ in plan.resources.people if r == role)


def floor(plan: Plan, activity: str) -> float:
    return sum(m2 for _, _, a, _, m2 in plan.resources.floors if a == activity)


def vehicles(plan: Plan, leg: int) -> int:
    return len({v for v, r in zip(plan.trips.vehicle.tolist(), plan.trips.route.tolist(), strict=True) if plan.routes.leg[r] == leg})


def legs(plan: Plan) -> list[int]:
    return np.bincount(plan.routes.leg, minlength=4).tolist()


def test_any_two_cells_give_different_plans() -> None:
    """But for the sites of collection: where parcels are dropped is for those who send them."""
    world = sending(county())
    cells = [cell for cell in CELLS if cell != ("collection", "sites")]
    plans = {cell: digest(make_plan(world, pooled((cell,)), 0, START)) for cell in cells} | {"separate": digest(plan_of())}
    for a, b in combinations(plans, 2):
        assert plans[a] != plans[b], (a, b)


def test_collection_is_pooled_without_delivery_and_delivery_without_the_collection_cell() -> None:
    world = sending(county())
    alone, joint, delivery = (
        make_plan(world, pooled(c), 0, START) for c in ((), (("collection", "vehicles"),), (("delivery", "vehicles"),))
    )

    def trips(plan: Plan, collects: bool) -> list[str]:
        on = plan.collects[plan.trips.route] == collects
        return [key for key, own in zip(plan.trips.key, on.tolist(), strict=True) if own]

    assert len(trips(joint, True)) < len(trips(alone, True))
    assert set(trips(joint, False)) == set(trips(alone, False))
    assert set(trips(delivery, False)) != set(trips(alone, False))
    assert alone.lookup.place_wait is None
    waits, village = joint.place_waits(), world.places.tier == VILLAGE
    assert (waits[:, village] == waits[:1, village]).all()
    assert ((waits >= 0) == (joint.lookup.round_stop >= 0).any(axis=0)[None, :]).all()
    assert (joint.lookup.round_stop == alone.lookup.round_stop).all()


def test_pooled_drivers_of_collection_are_fewer() -> None:
    world = sending(county())
    alone, joint = (make_plan(world, pooled(cells), 0, START) for cells in ((), (("collection", "staff"),)))
    drivers = [
        {plan.driver_key[d] for d, r in zip(plan.trips.driver, plan.trips.route, strict=True) if plan.collects[r]}
        for plan in (alone, joint)
    ]
    assert len(drivers[1]) < len(drivers[0])


@pytest.mark.parametrize("activity", ["warehousing", "sorting", "transport", "delivery"])
def test_pooled_management_is_one_block_of_overhead(activity: str) -> None:
    blocks = [b for b in plan_of((activity, "management")).resources.overheads if b[1] == activity]
    assert blocks == [(0, activity, 0.25)]
    assert len([b for b in plan_of().resources.overheads if b[1] == activity]) == 6


@pytest.mark.parametrize("activity", ["warehousing", "sorting", "transport", "delivery"])
def test_pooled_sites_need_less_floor(activity: str) -> None:
    assert floor(plan_of((activity, "sites")), activity) < floor(plan_of(), activity)


@pytest.mark.parametrize(("activity", "role"), [("warehousing", "unloader"), ("sorting", "sorter"), ("delivery", "clerk")])
def test_pooled_staff_is_paid_for_fewer_hours(activity: str, role: str) -> None:
    assert hours(plan_of((activity, "staff")), role) < hours(plan_of(), role)


@pytest.mark.parametrize(("activity", "leg"), [("transport", LINE), ("delivery", ROUND)])
def test_pooled_vehicles_are_fewer(activity: str, leg: int) -> None:
    assert vehicles(plan_of((activity, "vehicles")), leg) < vehicles(plan_of(), leg)


def test_pooled_drivers_of_rounds_are_fewer() -> None:
    assert len(plan_of(("delivery", "staff")).driver_key) < len(plan_of().driver_key)


def test_pooled_drivers_of_lines_are_fewer_where_short_lines_of_several_operators_follow_each_other() -> None:
    world = build(Path(__file__).parents[2] / "scenarios" / "counties" / "540627_baingoin", Parameters())
    alone = plan_for(world, separate(Parameters(), world.operators.n), 1.05, 1.05)
    joint = plan_for(world, pooled((("transport", "staff"),)), 1.05, 1.05)
    assert len(joint.driver_key) < len(alone.driver_key)


@pytest.mark.parametrize("activity", ["transport", "delivery"])
def test_a_joint_timetable_moves_departures_but_no_operator_drives_for_another(activity: str) -> None:
    plan, alone = plan_of((activity, "operations")), plan_of()
    assert sorted(set(plan.vehicle_owner.tolist())) == sorted(set(alone.vehicle_owner.tolist()))
    assert sorted(plan.trips.departs_us.tolist()) != sorted(alone.trips.departs_us.tolist())


def test_dock_appointments_come_every_quarter_of_an_hour() -> None:
    waves = plan_of(("warehousing", "operations")).wave_us
    assert np.unique(np.diff(waves, axis=0)).tolist() == [HOUR // 4]
    assert waves.min() == plan_of().wave_us.min()


def test_shifts_on_the_joint_timetable_end_when_the_work_is_done() -> None:
    assert hours(plan_of(("sorting", "operations")), "sorter") < hours(plan_of(), "sorter")


def test_feeders_run_only_between_yards_and_sorting_at_other_sites() -> None:
    assert legs(plan_of())[FEEDER] == 0
    assert legs(plan_of(("warehousing", "sites")))[FEEDER] == 5
    assert legs(plan_of(("sorting", "sites")))[FEEDER] == 5
    assert legs(plan_of(("sorting", "sites"), ("warehousing", "sites")))[FEEDER] == 0
    assert legs(plan_of(("sorting", "sites"), ("transport", "vehicles")))[FEEDER] == 5
    assert legs(plan_of(("warehousing", "sites"), ("transport", "vehicles")))[FEEDER] < 5


def test_a_joint_line_calls_at_the_other_sorting_sites() -> None:
    plan = plan_of(("transport", "vehicles"))
    first = plan.routes.first[:-1][plan.routes.leg == LINE]
    for route_first in first.tolist():
        assert plan.stops.place[route_first : route_first + 5].tolist() == [0] * 5
        assert plan.stops.queue[route_first : route_first + 5].tolist() == [-2] * 5
    both = plan_of(("transport", "vehicles"), ("sorting", "sites"))
    assert (both.stops.queue[np.isin(both.stops.route, np.flatnonzero(both.routes.leg == LINE))] >= 0).all()


def test_lines_of_a_joint_dispatch_yard_pick_up_at_their_own_sorting() -> None:
    plan = plan_of(("transport", "sites"))
    pick_up = plan.stops.queue == -2
    assert sorted(set(plan.routes.owner[plan.stops.route[pick_up]].tolist())) == [1, 2, 3, 4, 5]


def test_pooling_everything_leaves_one_of_each() -> None:
    world, rules = alliance(CELLS, county())
    plan = make_plan(world, rules, 0, START)
    assert (plan.queues.stations[:12] > 0).tolist() == [i in (0, 6) for i in range(12)]
    assert (plan.queues.stations[12:] > 0).reshape(-1, 6).sum(axis=1).tolist() == [1] * world.places.n_townships
    assert set(plan.routes.owner[plan.routes.leg != 0].tolist()) == {0}
    separate = plan_of()
    assert sum(plan.vehicle_type < 2) < sum(separate.vehicle_type < 2)
    assert len(plan.driver_key) < len(separate.driver_key)
