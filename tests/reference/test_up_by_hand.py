"""Hold the reference (and the flow) to ways up worked out by hand, minute by minute, in the tiny county of ``tiny.py``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.plan.plan import Plan
from sim.schema.raw import COLLECTED, IN_TRANSIT, NEVER, REJECTED, SHIPPED, TRIP_DONE, UP
from sim.units import DAY, HOUR, MINUTE

from .flowside import fast, plain, recorded
from .model import LINE, ROUND
from .test_by_hand import expect, lived
from .tiny import at, order, parcel_up, tiny_case, tiny_plan


def nobody_loads_in_village_2() -> Plan:
    """Return the tiny plan with a round that hands over in village 2 and loads nothing there."""
    plan = tiny_plan()
    wait = plan.stops.wait.copy()
    wait[1] = -1
    return replace(plan, stops=replace(plan.stops, wait=wait))


def with_van(millilitres: int = 10**7, grams: int = 10**6) -> Plan:
    """Return the tiny plan with other vans; the truck is as large as ever."""
    return replace(
        tiny_plan(), capacity_ml=np.array([10**7, millilitres, 10**7], np.int64), capacity_g=np.array([10**6, grams, 10**6], np.int64)
    )


def test_a_parcel_from_a_village_rides_the_round_home_and_the_trunk_out() -> None:
    result = lived(tiny_case([], up=[parcel_up(1, 2, "8:00")]))
    # round 12:20 at village 2 (one loaded: 5 min), village 3 12:35 (4 min), home 12:54, off 12:59, handled 13:02;
    # the line is there at 9:30 next day, leaves 9:35, home 10:05, off 10:10, sorted 10:12; 30 hours on from 20:00
    expect(
        result, 1, created=at("1:00"), ready=at("8:00"), village_out=at("12:20"), township_in=at("12:54"), township_out=at("9:30", 1),
        county_in=at("10:05", 1), sorted=at("10:12", 1), trunk_out=at("20:00", 1), finished=at("2:00", 3), village_in=NEVER, reminded=NEVER,
    )  # fmt: skip
    p = result.parcels[1]
    assert (p.direction, p.outcome, p.kind, p.visit, p.attempts, p.surcharge) == (UP, SHIPPED, 0, 0, 0, 0)


def test_a_lot_stays_with_its_parcel_as_the_household_of_its_row() -> None:
    case = tiny_case([], up=[parcel_up(1, 2, "8:00"), parcel_up(2, 3, "8:00")])
    parcels, _ = fast(recorded(case))
    assert {key: row["household"] for key, row in parcels.items()} == {1: 71, 2: 72}
    assert plain(lived(case).parcels[2])["household"] == 72


def test_who_is_ready_when_the_van_stops_is_loaded_and_who_is_not_waits_a_day() -> None:
    plan = tiny_plan()
    late = (*parcel_up(2, 2, "12:20")[:5], at("12:20") + 1, *parcel_up(2, 2, "12:20")[6:])
    result = lived(tiny_case([], plan, up=[parcel_up(1, 2, "12:20"), late]))
    expect(result, 1, village_out=at("12:20"))
    expect(result, 2, village_out=at("12:20", 1), township_in=at("12:54", 1))


def test_a_parcel_handed_in_at_the_counter_catches_the_line_of_the_same_day() -> None:
    result = lived(tiny_case([], up=[parcel_up(1, 2, "9:00", counter=1)]))
    # handled 9:03, loaded 9:30 (5 min), home 10:05, off 10:10, sorted 10:12
    expect(
        result, 1, ready=at("9:00"), township_in=at("9:00"), village_out=NEVER, township_out=at("9:30"), county_in=at("10:05"),
        sorted=at("10:12"), trunk_out=at("20:00"), finished=at("2:00", 2),
    )  # fmt: skip


def test_where_nobody_loads_a_parcel_is_taken_in_at_the_township() -> None:
    result = lived(tiny_case([], nobody_loads_in_village_2(), up=[parcel_up(1, 2, "9:00"), parcel_up(2, 3, "9:00")]))
    expect(result, 1, township_in=at("9:00"), village_out=NEVER, township_out=at("9:30"))
    # village 3 is loaded as ever: 12:20 + 4 min, 10 min on
    expect(result, 2, village_out=at("12:34"), township_out=at("9:30", 1))


def test_what_misses_the_evening_trunk_waits_for_the_next_one() -> None:
    plan = tiny_plan()
    departs = np.array([9 * HOUR, 12 * HOUR, 10 * HOUR + 30 * MINUTE], np.int64)
    plan = replace(plan, trips=replace(plan.trips, departs_us=departs))
    # the trunk is loaded at 10:10, the parcel is sorted at 10:12
    result = lived(tiny_case([], plan, up=[parcel_up(1, 2, "9:00", counter=1)]))
    expect(result, 1, sorted=at("10:12"), trunk_out=at("10:30", 1))
    assert result.bound["up missed the trunk"] == {1}


@pytest.mark.parametrize("by", ["volume", "weight"])
def test_space_of_a_van_is_shared_with_what_it_brings_down(by: str) -> None:
    plan = with_van(millilitres=1_500) if by == "volume" else with_van(grams=900)
    result = lived(tiny_case([order(1, 3)], plan, up=[parcel_up(2, 2, "8:00"), parcel_up(3, 3, "8:00")]))
    # the parcel for village 3 is still aboard in village 2, so nothing fits there; in village 3 (12:20 + 4 min + 10 min) it has got off
    expect(result, 1, village_in=at("12:34"))
    expect(result, 2, village_out=at("12:20", 1))
    expect(result, 3, village_out=at("12:34"))
    cut = (1, 0) if by == "weight" else (0, 1)
    assert (0, ROUND, at("12:00"), at("11:40"), at("12:00"), at("12:55"), TRIP_DONE, 20_000, 2, *cut) in result.trips
    assert result.parcels[1].outcome == COLLECTED
    assert result.bound[f"up cut by {by}"] == {2}


def test_what_is_ready_first_is_loaded_first_and_nobody_overtakes() -> None:
    plan = with_van(millilitres=2_500)
    result = lived(tiny_case([], plan, up=[
        parcel_up(1, 2, "9:00", volume=600), parcel_up(2, 2, "8:00", volume=1_500), parcel_up(3, 2, "8:30", volume=1_100),
    ]))  # fmt: skip
    # 2 is aboard, 3 does not fit any more, 1 would fit but stands behind it
    assert {key: p.at["village_out"] for key, p in result.parcels.items()} == {2: at("12:20"), 3: at("12:20", 1), 1: at("12:20", 1)}


def test_a_parcel_that_fits_neither_truck_nor_van_is_rejected_when_it_is_dropped() -> None:
    case = tiny_case([], up=[parcel_up(1, 2, "8:00", grams=10**6 + 1), parcel_up(2, 2, "8:00", volume=10**7 + 1, counter=1)])
    result = lived(case)
    for key in (1, 2):
        expect(result, key, created=at("1:00"), finished=at("1:00"), ready=NEVER, township_in=NEVER)
        assert result.parcels[key].outcome == REJECTED


def test_a_sender_carries_down_what_waits_where_the_round_loads_no_longer() -> None:
    late = (*parcel_up(2, 2, "8:00")[:5], at("9:00", 1), *parcel_up(2, 2, "8:00")[6:])
    result = lived(tiny_case([], up=[parcel_up(1, 2, "13:00"), late], later=nobody_loads_in_village_2()))
    # plan instant 3:00, 20 min of road, handled 3:23; the other is ready at 9:00 of that day, handled 9:23
    expect(result, 1, ready=at("13:00"), village_out=NEVER, township_in=at("3:20", 1), township_out=at("9:30", 1))
    expect(result, 2, ready=at("9:00", 1), township_in=at("9:20", 1), township_out=at("9:30", 1))
    assert result.bound["carried down"] == {1, 2}


def test_a_closed_village_keeps_its_parcels_another_day() -> None:
    result = lived(tiny_case([], up=[parcel_up(1, 2, "8:00")], closed=lambda place, day: (place, day) == (2, 0)))
    expect(result, 1, village_out=at("12:20", 1))


def test_a_broken_van_brings_what_it_has_loaded_home_late() -> None:
    up = [parcel_up(1, 2, "8:00"), parcel_up(2, 3, "8:00")]
    result = lived(tiny_case([], up=up, breaks=lambda key, day: 0.5 if (key, day) == ("v1", 0) else None))
    # leaves village 2 at 12:25, stands 30 min, 20 min home
    expect(result, 1, village_out=at("12:20"), township_in=at("13:15"))
    expect(result, 2, village_out=at("12:34", 1))


def test_both_directions_and_a_return_share_one_line_home() -> None:
    # nobody collects parcel 1; its return and two parcels going up ride together
    result = lived(tiny_case([order(1, 2, collect_h=100)], up=[parcel_up(2, 2, "13:00"), parcel_up(3, 3, "13:00")]))
    line = (2, LINE, at("9:00", 2), at("8:40", 2), at("9:00", 2), at("10:07", 2), TRIP_DONE, 40_000, 3, 0, 0)
    assert line in result.trips, [t for t in result.trips if t[:2] == (2, LINE)]
    assert result.bound["up and back in one van"] >= {2, 3}


def test_at_the_end_nothing_later_is_known_of_a_parcel_going_up() -> None:
    early = tiny_case([], up=[parcel_up(1, 2, "8:00"), (*parcel_up(2, 2, "8:00")[:5], 2 * DAY, *parcel_up(2, 2, "8:00")[6:])], end_day=2)
    result = lived(early)
    expect(result, 1, sorted=at("10:12", 1), trunk_out=at("20:00", 1), finished=NEVER)
    expect(result, 2, created=at("1:00"), ready=NEVER, village_out=NEVER)
    assert {p.outcome for p in result.parcels.values()} == {IN_TRANSIT}


def test_what_is_sent_after_the_end_has_not_happened() -> None:
    tomorrow = (1, 0, 2, 71, DAY + HOUR, DAY + HOUR, 0, 10**6 + 1, 1_000, HOUR)
    result = lived(tiny_case([], up=[tomorrow, (2, 0, 2, 72, DAY, DAY, 0, 500, 1_000, HOUR)], end_day=1))
    for p in result.parcels.values():
        assert p.outcome == IN_TRANSIT
        assert set(p.at.values()) == {NEVER}


def test_a_run_stops_before_its_end_only_when_nothing_is_on_its_way_up() -> None:
    late = (1, 0, 2, 71, HOUR, 3 * DAY, 0, 500, 1_000, HOUR)
    days = recorded(tiny_case([order(2, 3)], up=[late], end_day=20), stop_when_empty=True)
    parcels, _ = fast(days)
    # ready on day 3, loaded 12:20 that day, evening trunk on day 4
    assert parcels[1]["trunk_out"] == at("20:00", 4)
    assert [len(day.rising) for day in days] == [1, 1, 1, 1, 0]
