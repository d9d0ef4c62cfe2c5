"""The ledger's postings, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import SimError
from sim.ledger import Capital, Ledger, Postings, annuity_day
from sim.plan.plan import ROUND, TRUNK_OUT, Resources
from sim.rules import ACTIVITIES, RESOURCES, Rules
from sim.schema.raw import AT_DOOR, AT_TOWNSHIP, BACK, RETURNED, TRIP_CANCELLED, DayRecord
from sim.schema.support import Support
from sim.units import HOUR
from tests.ledger.county import POST, START, T1, V1, V2, V3, A, B, alone, county, day_record, parcel, plan, pooled, resources, trip

NOTHING = Resources()


def ledger(rules: Rules | None = None, kept: Resources | None = NOTHING, **more: object) -> Ledger:
    """Return a ledger with a plan in force that keeps nothing ready unless told."""
    book = Ledger(county(), rules or alone(), START, **more)  # type: ignore[arg-type]
    book.plan(0, plan(kept))
    return book


def paid(book: Ledger, day: Postings, **wanted: str) -> tuple[float, int]:
    """Return (quantity, fen) of the postings whose key says what is wanted."""
    at = [i for i, r in enumerate(day.key.tolist()) if all(getattr(book.book.keys[r], k) == v for k, v in wanted.items())]
    return float(day.quantity[at].sum()), int(day.fen[at].sum())


def test_a_trip_burns_its_litres_and_wears_its_vehicle() -> None:
    book = ledger()
    day = book.day(day_record(0, trips=[trip(1), trip(2, leg=ROUND, vehicle=1, driver=1, type=1, from_place=T1, metres=50_000)]))
    # 20 km x 0.135 l x 7.8 yuan = 21.06 yuan; 50 km x 0.08 l x 7.8 yuan = 31.20 yuan
    assert paid(book, day, payer="a", payee="fuel", leg="line", place="seat") == (pytest.approx(2.7), 2106)
    assert paid(book, day, payer="a", payee="fuel", leg="round", place="t1", activity="delivery") == (pytest.approx(4.0), 3120)
    assert paid(book, day, category="upkeep", leg="line") == (20.0, 700)
    assert paid(book, day, category="upkeep", leg="round") == (50.0, 1000)


def test_the_trunk_truck_and_a_cancelled_trip_cost_nothing() -> None:
    book = ledger()
    day = book.day(day_record(0, trips=[trip(1, leg=TRUNK_OUT, vehicle=3, driver=3, type=2), trip(2, status=TRIP_CANCELLED)]))
    assert paid(book, day, category="energy") == (0, 0)
    assert paid(book, day, category="driver wages") == (0, 0)


def test_a_driver_who_drove_three_hours_is_paid_half_a_day_and_one_who_was_out_ten_hours_is_paid_ten() -> None:
    book = ledger()
    long = trip(2, vehicle=2, driver=2, owner=B, load=9 * HOUR, free=19 * HOUR)
    day = book.day(day_record(0, trips=[trip(1), long]))
    hour = 4500 * 1.1 / 208
    assert paid(book, day, category="driver wages", payer="a") == (4.0, int(4 * hour * 100))
    assert paid(book, day, category="driver wages", payer="b") == (10.0, int(10 * hour * 100))


def test_a_second_trip_that_is_over_after_midnight_is_paid_only_for_the_longer_duty() -> None:
    book = ledger()
    first = book.day(day_record(0, trips=[trip(1)]))
    second = book.day(day_record(1, trips=[trip(2, day=0, load=20 * HOUR, free=25 * HOUR + HOUR // 2)]))
    assert paid(book, first, category="driver wages")[0] == pytest.approx(4.0)
    assert paid(book, second, category="driver wages")[0] == pytest.approx(16.0 - 4.0)


def test_a_drivers_pay_is_divided_among_his_trips_by_their_length() -> None:
    book = ledger()
    line, tour = trip(1), trip(2, leg=ROUND, vehicle=1, type=1, load=13 * HOUR, free=14 * HOUR)
    day = book.day(day_record(0, trips=[line, tour]))
    assert paid(book, day, category="driver wages", leg="line")[0] == pytest.approx(4.5 * 3 / 4)
    assert paid(book, day, category="driver wages", leg="round")[0] == pytest.approx(4.5 / 4)


def test_staff_floor_overhead_and_vehicles_are_paid_whoever_uses_them() -> None:
    book = ledger(kept=resources())
    monday, tuesday = book.day(day_record(0)), book.day(day_record(1))
    hour = 4432 * 1.1 / 208
    assert paid(book, monday, category="wages", activity="sorting", payer="a") == (36.0, int(36 * hour * 100))
    assert paid(book, monday, category="wages", activity="delivery", leg="township", place="t1")[0] == 18.0
    assert paid(book, monday, category="wages", activity="warehousing", payer="b")[0] == 9.0
    assert paid(book, monday, category="rent", payer="a", activity="sorting") == (200.0, int(200 * 39.452))
    assert paid(book, monday, category="rent", leg="township") == (60.0, int(60 * 26.301))
    assert paid(book, monday, category="overhead", payer="a") == (0.5, 12500)
    truck = annuity_day(110_000, 11_000, 0.05, 8)
    both = paid(book, monday, category="depreciation", leg="line")[1] + paid(book, tuesday, category="depreciation", leg="line")[1]
    assert both == pytest.approx(4 * truck * 100, abs=2)
    assert paid(book, monday, category="insurance", leg="round")[1] == int(4000 / 365 * 100)
    assert paid(book, monday, category="fit-out", leg="township")[0] == 1.0
    assert paid(book, monday, category="fit-out", leg="county")[0] == 300.0


def test_staff_is_paid_on_its_weekdays_only() -> None:
    book = ledger(kept=resources())
    saturday = book.day(day_record(5))
    assert paid(book, saturday, category="wages", activity="delivery") == (0, 0)
    assert paid(book, saturday, category="wages", activity="sorting", payer="a")[0] == 36.0


def test_overtime_is_paid_at_its_factor_by_the_queues_operator() -> None:
    book = ledger()
    sorting, outlet = 3 + B, 6 + A
    day = book.day(day_record(0, shifts=[(0, sorting, 0, HOUR, HOUR, 3), (0, outlet, 0, HOUR, HOUR // 2, 2), (0, 0, 0, HOUR, 0, 5)]))
    hour = 4432 * 1.1 / 208 * 1.5
    assert paid(book, day, category="overtime", payer="b", activity="sorting") == (3.0, int(3 * hour * 100))
    assert paid(book, day, category="overtime", payer="a", leg="township", place="t1") == (1.0, int(hour * 100))


def test_overtime_at_a_shared_site_is_divided_among_the_crews_that_work_there() -> None:
    from dataclasses import replace

    kept = Resources(people=((A, "s", "sorter", 0, 3, 0, HOUR, 127), (B, "s", "sorter", 0, 1, 0, HOUR, 127)))
    book = ledger(pooled(("sorting", "sites")))
    shared = plan(kept)
    book.plan(0, replace(shared, lookup=replace(shared.lookup, sort_queue=np.array([3, 3, 5], np.int32))))
    day = book.day(day_record(0, shifts=[(0, 3, 0, HOUR, HOUR, 4)]))
    assert paid(book, day, category="overtime", payer="a")[0] == pytest.approx(3.0)
    assert paid(book, day, category="overtime", payer="b")[0] == pytest.approx(1.0)


def test_fees_move_for_the_parcels_that_were_handed_over() -> None:
    book = ledger()
    rows = [
        parcel(1),
        parcel(2, operator=B, kind=AT_TOWNSHIP, surcharge_fen=200),
        parcel(3, operator=B, to_post=1, last_mile=POST),
        parcel(4, operator=A, kind=AT_TOWNSHIP),
        parcel(5, kind=AT_DOOR),
        parcel(6, outcome=RETURNED, kind=0),
        parcel(7, direction=BACK),
    ]
    day = book.day(day_record(0, rows))
    assert paid(book, day, category="dispatch fee", payer="network:a", payee="a") == (3.0, 360)
    assert paid(book, day, category="dispatch fee", payee="b") == (2.0, 240)
    assert paid(book, day, category="township agent fee", payer="b", payee="a", place="t1") == (1.0, 65)
    assert paid(book, day, category="township agent fee", payer="a") == (0, 0)
    assert paid(book, day, category="post hand-over fee", payer="b", payee="post") == (1.0, 60)
    assert paid(book, day, category="commission", payer="a", payee="host:v1") == (1.0, 50)
    assert paid(book, day, category="commission", payer="post", payee="host:v1") == (1.0, 50)
    assert paid(book, day, category="second fee", payer="shoppers", payee="a") == (1.0, 200)
    labour = 2 * 4432 * 1.1 / 208 / 60
    assert paid(book, day, category="host labour", payer="host:v1", payee="workers") == (pytest.approx(2 / 60), int(labour * 100))


def test_stations_cost_their_hosts_and_lockers_what_their_lever_says() -> None:
    world = county()
    world.stations.doors[V1] = (2, 1, 1)
    by = tuple("box" if p == V1 else "" for p in range(world.places.n))
    from dataclasses import replace

    world = replace(world, stations=replace(world.stations, locker_by=by, opened_by=("", "", "", "lever-x", "", "baseline", "baseline")))
    price = Capital("locker", "box", 5000.0, 10, price_door=100.0, running_month=365 / 12, payer="a")
    book = Ledger(world, alone(), START, capital=(price,))
    book.plan(0, plan(NOTHING))
    day = book.day(day_record(0))
    assert paid(book, day, category="locker", payer="a", lever="box", place="v1") == (1.0, int(annuity_day(5400, 0, 0.05, 10) * 100))
    assert paid(book, day, category="locker running", lever="box") == (1.0, 100)
    assert paid(book, day, category="fit-out", place="v1", lever="lever-x")[0] == 1.0
    assert paid(book, day, category="running", place="v3") == (1.0, int(1200 / 365 * 100))


def test_a_locker_without_a_price_is_an_error() -> None:
    world = county()
    world.stations.doors[V1] = (2, 1, 1)
    book = Ledger(world, alone(), START)
    book.plan(0, plan(NOTHING))
    with pytest.raises(SimError, match="have no price"):
        book.day(day_record(0))


def test_an_unknown_role_is_an_error() -> None:
    book = ledger(kept=Resources(people=((A, "x", "juggler", 0, 1, 0, HOUR, 127),)))
    with pytest.raises(SimError, match="juggler"):
        book.day(day_record(0))


CELLS = (("sorting", "sites"), ("sorting", "staff"), ("sorting", "management"))


def test_a_pool_pays_through_its_alliance_and_its_members_settle_to_the_fen() -> None:
    kept = Resources(
        people=((A, "centre", "sorter", 0, 5, 8 * HOUR, 17 * HOUR, 127),),
        floors=((A, "centre", "sorting", 0, 250.0),),
        overheads=((A, "sorting", 0.25),),
    )
    book = ledger(pooled(*CELLS), kept)
    rows = [parcel(i) for i in range(1, 4)] + [parcel(9, operator=B)]
    for number, record in enumerate((day_record(0, rows), day_record(1))):
        day = book.day(record)
        out, back = paid(book, day, payer="alliance:joint")[1], paid(book, day, payee="alliance:joint")[1]
        assert out == back > 0
        ratio = 0.75 if number == 0 else 0.5 / 0.8
        assert paid(book, day, payer="a", category="settlement")[1] == pytest.approx(out * ratio, abs=1)
        assert paid(book, day, payer="alliance:joint", category="wages", lever="joint")[0] == 45.0
        assert paid(book, day, category="coordination", unit="member-day") == (1.0, 2000)


def test_a_shared_sorting_site_without_pooled_operations_pays_for_relabelling_and_one_with_does_not() -> None:
    rows = [parcel(1), parcel(2, operator=B), parcel(3, operator=POST)]
    book = ledger(pooled(("sorting", "sites")))
    assert paid(book, book.day(day_record(0, rows)), category="re-labelling", payer="alliance:joint") == (2.0, 6)
    book = ledger(pooled(("sorting", "sites"), ("sorting", "operations")))
    assert paid(book, book.day(day_record(0, rows)), category="re-labelling") == (0, 0)


def test_coordination_is_paid_once_a_parcel_whatever_is_pooled() -> None:
    rows = [parcel(i) for i in range(1, 5)]
    one = ledger(pooled(("sorting", "management")))
    two = ledger(pooled(("sorting", "management"), ("transport", "management")))
    for book in (one, two):
        assert paid(book, book.day(day_record(0, rows)), category="coordination", unit="parcel") == (4.0, 12)


def test_settled_runs_pay_for_no_change_and_transition_runs_until_lease_and_resale_are_over() -> None:
    kept = resources()
    joint = Resources(people=kept.people[:2], floors=kept.floors[:3], overheads=kept.overheads[:2])
    for transition in (False, True):
        book = ledger(alone(), kept, transition=transition)
        book.day(day_record(0))
        book.in_force(county(), pooled(*CELLS))
        book.plan(1, plan(joint, owners=(A, A, A, A)))
        days = [book.day(day_record(d)) for d in range(1, 185)]
        lease = [paid(book, d, category="lease", payer="b")[0] for d in days]
        leaving = [paid(book, d, category="severance", payer="b")[0] for d in days]
        if not transition:
            assert sum(lease) == sum(leaving) == 0
            continue
        assert sum(lease) == pytest.approx(180 * 100.0)
        assert lease[179] > 0
        assert lease[180] == 0
        assert leaving[0] == pytest.approx(9 * 7 / 48)
        assert sum(leaving) == leaving[0]


def test_a_plan_that_changes_without_a_lever_leaves_nothing_behind() -> None:
    book = ledger(alone(), resources(), transition=True)
    book.plan(1, plan(NOTHING))
    day = book.day(day_record(1))
    assert paid(book, day, category="lease") == paid(book, day, category="severance") == (0, 0)


def test_a_change_that_left_its_day_s_plan_as_it_was_is_not_charged_for_a_later_season_s_plan() -> None:
    from dataclasses import replace

    book = ledger(alone(), resources(), transition=True)
    book.in_force(county(), replace(alone(), support=(Support("subsidy", "p"),)))
    book.day(day_record(0))
    book.plan(1, plan(NOTHING))
    day = book.day(day_record(1))
    assert paid(book, day, category="lease") == paid(book, day, category="severance") == (0, 0)


def test_idle_vehicles_cost_their_old_owner_until_they_are_sold() -> None:
    from dataclasses import replace

    book = ledger(alone(), NOTHING, transition=True)
    old = plan(NOTHING)
    fewer = replace(old, vehicle_key=old.vehicle_key[:2] + old.vehicle_key[3:], vehicle_type=old.vehicle_type[[0, 1, 3]], vehicle_owner=old.vehicle_owner[[0, 1, 3]], trips=replace(old.trips, vehicle=np.array([0, 1, 0, 2], np.int32)))  # fmt: skip  # noqa: E501
    book.in_force(county(), alone())
    book.plan(0, fewer)
    idle = [paid(book, book.day(day_record(d)), category="idle vehicles", payer="b")[0] for d in range(100)]
    assert sum(idle) == 90.0
    assert idle[90] == 0


def test_the_books_can_be_rebuilt_from_the_physical_records() -> None:
    """Fuel from trips, wages from shifts, commissions and fees from parcels, by a plain loop in yuan."""
    rng = np.random.Generator(np.random.PCG64(7))
    book, records = ledger(), []
    for day in range(20):
        rows = []
        for i in range(int(rng.integers(1, 40))):
            operator, kind, place = int(rng.integers(0, 3)), int(rng.integers(1, 5)), int(rng.choice([V1, V2, V3]))
            post = int(rng.random() < 0.2 and operator != POST)
            fields = {"operator": operator, "kind": kind, "place": place, "township": int(place == V3), "to_post": post}
            rows.append(
                parcel(day * 100 + i, surcharge_fen=200 * int(rng.random() < 0.1), **fields)
                if not post
                else parcel(1, **fields | {"last_mile": POST})
            )
        trips = [
            trip(day * 9 + i, day, metres=int(rng.integers(1, 90_000)), type=int(rng.integers(0, 2)), owner=int(rng.integers(0, 3)))
            for i in range(3)
        ]
        records.append(day_record(day, rows, trips, [(day, 3, 0, HOUR, int(rng.integers(0, 3 * HOUR)), 2)]))
    days = [book.day(r) for r in records]
    want = _by_hand(records)
    for wanted, yuan in want.items():
        got = sum(paid(book, d, **dict(wanted))[1] for d in days)
        keys = sum(1 for k in book.book.keys if all(getattr(k, c) == v for c, v in wanted))
        assert yuan * 100 - keys - 1e-3 <= got <= yuan * 100 + 1e-3, wanted


def _by_hand(records: list[DayRecord]) -> dict[tuple[tuple[str, str], ...], float]:
    out: dict[tuple[tuple[str, str], ...], float] = {}

    def add(yuan: float, **key: str) -> None:
        at = tuple(sorted(key.items()))
        out[at] = out.get(at, 0.0) + yuan

    names, outlets = ("a", "b", "post"), ((A, A), (A, B), (POST, POST))
    for record in records:
        for t in record.trips:
            litres = (0.135, 0.08)[t["type"]] * float(t["metres"]) / 1000
            add(litres * 7.8, payer=names[t["owner"]], payee="fuel")
        for s in record.shifts:
            add(float(s["overtime"]) / HOUR * 2 * 4432 * 1.1 / 208 * 1.5, category="overtime")
        for p in record.parcels:
            own, place = names[p["operator"]], ("v1", "v2", "v3")[p["place"] - V1]
            add(1.2, category="dispatch fee", payee=own)
            if p["kind"] == 2:
                add(0.5, category="commission", payer="post" if p["to_post"] else own, payee=f"host:{place}")
                add(4432 * 1.1 / 208 / 60, category="host labour", payer=f"host:{place}")
            if p["to_post"] and p["kind"] != AT_TOWNSHIP:
                add(0.6, category="post hand-over fee", payer=own)
            outlet = outlets[p["operator"]][p["township"]]
            if p["kind"] == AT_TOWNSHIP:
                add(float(p["surcharge_fen"]) / 100, category="second fee", payee=names[outlet])
                if outlet != p["operator"] and not p["to_post"]:
                    add(0.65, category="township agent fee", payer=own, payee=names[outlet])
    return out


def test_every_posting_says_who_what_and_by_which_nature() -> None:
    book = ledger(pooled(*CELLS), resources())
    day = book.day(day_record(0, [parcel(1)], [trip(1)]))
    keys = [book.book.keys[r] for r in day.key.tolist()]
    assert {"wages", "rent", "energy", "driver wages", "dispatch fee", "commission", "coordination", "settlement"} <= {
        k.category for k in keys
    }
    for key in keys:
        assert key.payer
        assert key.payee
        assert key.payer != key.payee
        # what somebody gives up for money is resource cost, what operators, hosts and networks hand one another is not
        own = {"a", "b", "post", "alliance:joint", "network:a", "host:v1", "penalties", "shoppers"}
        assert key.nature == ("transfer" if {key.payer, key.payee} <= own else "resource"), key
        assert key.category == "settlement" or (key.activity in ACTIVITIES and key.resource in RESOURCES), key
