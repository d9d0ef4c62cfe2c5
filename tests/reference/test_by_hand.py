"""Hold the reference itself (and the flow) to lives worked out by hand, minute by minute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.plan.orders import child_key
from sim.plan.plan import LOCKER, SHELF
from sim.schema.raw import AT_LOCKER, AT_STATION, BACK_AT_SENDER, COLLECTED, IN_TRANSIT, RETURNED, TRIP_BROKEN
from sim.units import MINUTE

from .case import Case
from .flowside import differences
from .model import County, Result
from .tiny import at, order, tiny_case, tiny_plan


def lived(case: Case) -> Result:
    """Return the reference's result, once the flow has given the same."""
    result = County(case).run()
    assert not (lines := differences(case, result)), "\n".join(lines)
    return result


def expect(result: Result, key: int, **stamps: int) -> None:
    """Compare named stamps of one parcel."""
    got = {name: result.parcels[key].at[name] for name in stamps}
    assert got == stamps, {name: (got[name] / MINUTE, stamps[name] / MINUTE) for name in stamps if got[name] != stamps[name]}


def test_one_honest_van_takes_a_parcel_home() -> None:
    result = lived(tiny_case([order(1, 2)]))
    # 06:00 dock to 06:01, hand-over to 06:02, sorting to 06:04; township 09:30, off 09:35, handled 09:38; visit after 5 hours
    expect(
        result, 1, created=at("1:00"), county_in=at("6:00"), sorted=at("6:04"), county_out=at("9:00"), township_in=at("9:30"),
        township_out=at("12:00"), village_in=at("12:20"), ready=at("12:20"), finished=at("17:20"),
    )  # fmt: skip
    assert result.parcels[1].outcome == COLLECTED
    # round: 09:00 + ... 12:00, village 2 12:20 (one off: 5 min), village 3 12:35 (4 min), home 12:54
    van = (0, 2, at("12:00"), at("11:40"), at("12:00"), at("12:54"), 0, 20_000, 1, 0, 0)
    assert van in result.trips
    assert (van, ((0, 2, at("12:20"), at("12:25"), 1, 0, 0, 0, 0), (1, 3, at("12:35"), at("12:39"), 0, 0, 0, 0, 0))) in result.ways


def test_a_full_shelf_sends_the_second_parcel_home_and_it_comes_again() -> None:
    plan = tiny_plan()
    plan = replace(plan, stores=replace(plan.stores, capacity_ml=np.where(np.arange(13) == 6, 1_500, plan.stores.capacity_ml)))
    result = lived(tiny_case([order(1, 2), order(2, 2)], plan))
    expect(result, 1, sorted=at("6:04"), ready=at("12:20"), finished=at("17:20"))
    expect(result, 2, sorted=at("6:06"), township_out=at("12:00", 1), village_in=at("12:20", 1), finished=at("17:20", 1))
    assert result.parcels[2].attempts == 1
    first = next(way for told, way in result.ways if told[:3] == (0, 2, at("12:00")))
    assert first[0] == (0, 2, at("12:20"), at("12:25"), 1, 0, 1, 500, 1_000)
    assert first[1][-2:] == (500, 1_000)
    # home 12:54 with one to unload: 5 minutes; vehicle 1, driver 1, at most both parcels aboard
    assert (0, 2, at("12:00"), 1, 1, at("12:59"), 1_000, 2_000) in result.duties


def test_a_full_van_leaves_the_second_parcel_for_the_next_day() -> None:
    plan = replace(tiny_plan(), capacity_ml=np.array([10**7, 1_500, 10**7], np.int64))
    result = lived(tiny_case([order(1, 2), order(2, 2)], plan))
    expect(result, 1, county_out=at("9:00"))
    expect(result, 2, county_out=at("9:00", 1), township_in=at("9:30", 1), ready=at("12:20", 1))


def test_overtime_serves_who_waited_at_the_close_and_nobody_else() -> None:
    plan = tiny_plan()
    windows = plan.queues.windows.copy()
    windows[1, 0] = at("6:00"), at("6:03")
    plan = replace(plan, queues=replace(plan.queues, windows=windows, overtime_us=np.array([0, 10 * MINUTE, 0], np.int64)))
    result = lived(tiny_case([order(1, 2), order(2, 2), order(3, 2)], plan))
    # entries 06:02, 06:03, 06:04; at 06:03 one waits: 2 min of overtime, to 06:05; the second starts 06:04, the third waits for tomorrow
    expect(result, 1, sorted=at("6:04"))
    expect(result, 2, sorted=at("6:06"))
    expect(result, 3, sorted=at("6:02", 1))


def test_a_parcel_nobody_collects_rides_all_the_way_back() -> None:
    result = lived(tiny_case([order(1, 2, collect_h=100)]))
    expect(result, 1, ready=at("12:20"), reminded=at("22:20"), finished=at("12:20", 1))
    assert result.parcels[1].outcome == RETURNED
    # born at 12:20, the instant at which the round stops there, and expiries come before stops
    expect(
        result, child_key(1), created=at("12:20", 1), village_out=at("12:20", 1), township_in=at("12:54", 1), township_out=at("9:30", 2),
        county_in=at("10:05", 2), sorted=at("10:12", 2), trunk_out=at("20:00", 2), finished=at("6:00", 3),
    )  # fmt: skip
    assert result.parcels[child_key(1)].outcome == BACK_AT_SENDER


def test_a_broken_van_brings_the_rest_home_after_its_repair() -> None:
    case = tiny_case([order(1, 2), order(2, 3)], breaks=lambda key, day: 0.5 if (key, day) == ("v1", 0) else None)
    result = lived(case)
    expect(result, 1, ready=at("12:20"))
    # leaves village 2 at 12:25, stands 30 min, home 13:15, off 13:20, handled 13:23; next day village 2 takes 4 min
    expect(result, 2, township_out=at("12:00", 1), ready=at("12:34", 1))
    assert (0, 2, at("12:00"), at("11:40"), at("12:00"), at("13:15"), TRIP_BROKEN, 18_000, 2, 0, 0) in result.trips


def test_a_closed_village_is_left_out_of_the_way() -> None:
    result = lived(tiny_case([order(1, 2), order(2, 3)], closed=lambda place, day: (place, day) == (2, 0)))
    # straight to village 3 in 15 min, home 15 min later
    expect(result, 2, ready=at("12:15"))
    expect(result, 1, ready=at("12:20", 1))
    assert (0, 2, at("12:00"), at("11:40"), at("12:00"), at("12:35"), 0, 14_000, 2, 0, 0) in result.trips


def test_a_household_takes_everything_in_one_visit_and_a_reminder_brings_it_forward() -> None:
    result = lived(tiny_case([order(1, 2, household=7, collect_h=20, remind_h=2), order(2, 2, household=7, collect_h=1)]))
    # the first parcel sets the visit (20 h); reminded 22:20, two hours later both are collected
    for key in (1, 2):
        expect(result, key, ready=at("12:20"), reminded=at("22:20"), finished=at("0:20", 1))
        assert result.parcels[key].visit == 1


def test_a_locker_takes_what_fits_and_a_larger_parcel_does_not_block_it() -> None:
    plan = tiny_plan()
    doors = plan.stores.doors.copy()
    doors[7] = 1, 1, 0
    cascade = plan.cascade.copy()
    cascade[2] = LOCKER, SHELF, 0, 0
    plan = replace(plan, cascade=cascade, stores=replace(plan.stores, doors=doors))
    orders = [order(1, 2, volume=12_000), order(2, 2, volume=1_000), order(3, 2, volume=1_000), order(4, 2, volume=8_000)]
    kinds = {key: p.kind for key, p in lived(tiny_case(orders, plan)).parcels.items()}
    # 1 is larger than every door: shelf; 2 takes the small door, 3 the next size, 4 finds none
    assert kinds == {1: AT_STATION, 2: AT_LOCKER, 3: AT_LOCKER, 4: AT_STATION}


def test_what_is_open_at_the_end_has_no_later_stamps() -> None:
    result = lived(tiny_case([order(1, 2, collect_h=12)], end_day=1))
    expect(result, 1, ready=at("12:20"), finished=-(2**62))
    assert result.parcels[1].outcome == IN_TRANSIT
