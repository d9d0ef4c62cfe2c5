"""Programmes are never overspent by a fen, in no year and from no source, and what they pay is what is received."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ledger import Book, Capital, Ledger
from sim.ledger.grants import Grants
from sim.ledger.treasury import Treasury
from sim.levers import CapitalGrant, PerParcelSubsidy, StationSupport, Where
from sim.rules import Rules
from sim.schema.programme import SOURCES, Programme
from sim.schema.raw import AT_DOOR, AT_LOCKER, AT_TOWNSHIP, BACK, RETURNED
from sim.schema.support import Support
from sim.units import HOUR
from sim.world.world import VILLAGE, Floats, World
from tests.ledger.county import POST, START, V2, A, B, alone, county, day_record, parcel, plan


def programme(per: str = "year", carry_over: bool = False, **budget: float) -> Programme:
    """Return a programme with so many yuan by source."""
    return Programme.model_validate({"budget": budget, "per": per, "carry_over": carry_over})


@dataclass(frozen=True)
class Each(Support):
    """So many yuan for every parcel, wherever it is handed over inside a place."""

    yuan: float = 0.0

    def per_parcel_yuan(self, world: World) -> Floats:
        """Return the yuan everywhere."""
        return np.full((world.operators.n, world.places.n), self.yuan)


def books(support: tuple[Support, ...], start: date = START, **programmes: Programme) -> Ledger:
    """Return a ledger with programmes and what levers pay out of them."""
    rules: Rules = replace(alone(), support=support)
    ledger = Ledger(county(), rules, start, programmes=programmes)
    ledger.plan(-5, plan())
    return ledger


def paid(ledger: Ledger, day: int, parcels: list[np.ndarray]) -> dict[tuple[str, str, str], int]:
    """Return the fen that programmes paid on a day by (programme, source, payee)."""
    posted, out = ledger.day(day_record(day, parcels)), dict[tuple[str, str, str], int]()
    for row, fen in zip(posted.key.tolist(), posted.fen.tolist(), strict=True):
        key = ledger.book.keys[row]
        if key.payer.startswith("treasury:"):
            assert key.nature == "transfer"
            assert key.payer == f"treasury:{key.source}"
            assert key.lever
            at = key.programme, key.source, key.payee
            out[at] = out.get(at, 0) + fen
    return out


fens = st.integers(0, 400)
days = st.lists(st.lists(st.integers(0, 2), max_size=6), min_size=1, max_size=8)


@settings(deadline=None)
@given(
    days, st.tuples(fens, fens, fens), st.tuples(st.integers(0, 999), st.integers(0, 999)), st.booleans(), st.booleans(), st.integers(-3, 3)
)
def test_no_year_and_no_source_pays_a_fen_more_than_its_budget_and_payments_are_receipts(
    handed: list[list[int]], budget: tuple[int, int, int], rates: tuple[int, int], carry_over: bool, once: bool, first: int
) -> None:
    yuan = dict(zip(("central", "county", "social"), (fen / 100 for fen in budget), strict=True))
    own = programme("once" if once else "year", carry_over, **yuan)
    support = tuple(Each(f"lever{i}", "p", rate / 1000) for i, rate in enumerate(rates))
    # The year ends on the second day that counts.
    ledger = books(support, date(2020, 12, 30), p=own)
    spent: dict[tuple[str, str], int] = {}
    number = 0
    owed: dict[str, int] = {}
    for day, operators in enumerate(handed, first):
        rows = [parcel(number := number + 1, operator=o, finished=(24 * day + 9 + i) * HOUR) for i, o in enumerate(operators)]
        period = "before" if day < 0 else "once" if once else "2020" if day < 2 else "2021"
        owed[period] = owed.get(period, 0) + len(operators) * sum(rates) * 100
        for (_, source, _), fen in paid(ledger, day, rows).items():
            spent[period, source] = spent.get((period, source), 0) + fen
    limit = dict(zip(("central", "county", "social"), budget, strict=True))
    for (period, source), fen in spent.items():
        more = limit[source] - spent.get(("2020", source), 0) if carry_over and period == "2021" else 0
        assert fen <= limit[source] + more
    for period in {p for p, _ in spent}:
        total = sum(fen for (p, _), fen in spent.items() if p == period)
        assert ledger.books.paid("p", period) == total
        assert total <= (owed[period] + 2 * 999) / 1000


def test_a_thousand_parcels_at_15_8_fen_are_paid_158_yuan_to_the_fen() -> None:
    ledger = books((Each("subsidy", "p", 0.158),), p=programme(central=1000))
    got = 0
    for day in range(10):
        rows = [parcel(1 + 100 * day + i, operator=i % 3, finished=(24 * day + 9) * HOUR + i) for i in range(100)]
        got += sum(paid(ledger, day, rows).values())
    assert got == 15_800
    assert ledger.books.left("p", 9) == 100_000 - 15_800


def test_money_goes_by_the_time_of_hand_over_the_last_one_gets_what_is_left_and_sources_are_drawn_in_order() -> None:
    ledger = books((Each("subsidy", "p", 1.0),), p=programme(central=1.5, county=1.0))
    rows = [
        parcel(7, operator=B, finished=12 * HOUR),
        parcel(3, operator=POST, finished=12 * HOUR + 1),
        parcel(9, operator=A, finished=11 * HOUR),
        parcel(1, operator=A, finished=13 * HOUR),
    ]
    got = paid(ledger, 0, rows)
    by_payee = {name: sum(fen for (_, _, payee), fen in got.items() if payee == name) for name in ("a", "b", "post")}
    assert by_payee == {"a": 100, "b": 100, "post": 50}
    by_source = {name: sum(fen for (_, source, _), fen in got.items() if source == name) for name in SOURCES}
    assert by_source == dict.fromkeys(SOURCES, 0) | {"central": 150, "county": 100}
    assert not paid(ledger, 1, [parcel(11, finished=30 * HOUR)])


def test_equal_times_are_paid_by_key() -> None:
    ledger = books((Each("subsidy", "p", 1.0),), p=programme(central=1))
    assert paid(ledger, 0, [parcel(5, operator=A), parcel(4, operator=B)]) == {("p", "central", "b"): 100}


def test_only_what_is_handed_over_inside_the_place_is_paid_to_whoever_hands_it_over() -> None:
    lever = PerParcelSubsidy(id="subsidy", rate=1, programme="p", where=Where(tier="village", places=("v1",)))
    given_ = lever.support(1.0)
    assert given_ is not None
    ledger = books((given_,), p=programme(county=100))
    rows = [
        parcel(1),
        parcel(2, kind=AT_DOOR),
        parcel(3, kind=AT_LOCKER),
        parcel(4, kind=AT_TOWNSHIP),
        parcel(5, outcome=RETURNED, kind=0),
        parcel(6, direction=BACK),
        parcel(7, place=V2),
        parcel(8, operator=B, to_post=1, last_mile=POST),
    ]
    assert paid(ledger, 0, rows) == {("p", "county", "a"): 300, ("p", "county", "post"): 100}


def test_the_warm_up_eats_nothing_of_the_year_and_a_new_year_has_its_own_budget() -> None:
    ledger = books((Each("subsidy", "p", 1.0),), date(2020, 12, 31), p=programme(central=2), q=programme("once", central=2))
    of_day = {day: sum(paid(ledger, day, [parcel(10 * (day + 5) + i) for i in range(3)]).values()) for day in (-1, 0, 1)}
    assert of_day == {-1: 200, 0: 200, 1: 200}


def test_hosts_are_paid_for_every_day_on_which_they_keep_a_station_and_a_year_makes_twelve_months() -> None:
    given_ = StationSupport(id="support", per_month=100, programme="p").support(1.0)
    assert given_ is not None
    ledger = books((given_,), date(2021, 1, 1), p=programme(county=10_000))
    got: dict[tuple[str, str, str], int] = {}
    for day in range(365):
        for key, fen in paid(ledger, day, []).items():
            got[key] = got.get(key, 0) + fen
    assert set(got) == {("p", "county", "host:v1"), ("p", "county", "host:v3")}
    assert all(abs(fen - 120_000) <= 1 for fen in got.values())


def assets(*prices: int, lever: str = "new", kind: str = "station") -> dict[str, tuple[str, str, str, str, int, float, int]]:
    """Return stations of a lever at v1, v2 and v3 with prices in fen."""
    return {f"{kind}:v{i}": (kind, f"host:v{i}", f"v{i}", lever, price, 5.0, 0) for i, price in enumerate(prices, 1)}


def grants(own: Programme, *levers: CapitalGrant) -> tuple[Grants, Book, Rules]:
    """Return grants out of a programme, a book and the rules of levers."""
    support = tuple(s for lever in levers if (s := lever.support(1.0)) is not None)
    return Grants(Treasury({"p": own}, date(2020, 12, 31))), Book(), replace(alone(), support=support)


def test_an_asset_is_granted_once_and_what_a_year_cannot_pay_waits_for_the_next() -> None:
    lever = CapitalGrant(id="grant", programme="p", share=0.5, cap=40)
    own, book, rules = grants(programme(central=30, county=20), lever, CapitalGrant(id="again", programme="p", share=0.1))
    world = county()
    own.day(book, world, rules, assets(10_000, 6_000), -1)
    assert not own.table()
    own.day(book, world, rules, assets(10_000, 6_000), 0)
    told = [(row.lever, row.asset, row.decision, row.source, row.paid_fen, row.private_fen) for row in own.table()]
    assert told == [
        ("grant", "station:v1", "paid", "central", 3_000, 6_000),
        ("grant", "station:v1", "paid", "county", 1_000, 0),
        ("again", "station:v1", "overlap", "", 0, 10_000),
        ("grant", "station:v2", "queued", "", 0, 6_000),
        ("again", "station:v2", "queued", "", 0, 6_000),
    ]
    own.day(book, world, rules, assets(10_000, 6_000), 1)
    assert [(row.lever, row.decision, row.paid_day) for row in own.table()[3:]] == [("grant", "paid", 1), ("again", "overlap", None)]
    posted = book.close(1)
    assert posted.fen.sum() == sum(row.paid_fen for row in own.table()) == 7_000
    assert {book.keys[row].category for row in posted.key.tolist()} == {"capital grant"}


def test_what_no_measure_brought_is_not_eligible_and_a_single_budget_that_is_gone_refuses() -> None:
    lever = CapitalGrant(id="grant", programme="p", share=0.5)
    own, book, rules = grants(programme("once", county=60), lever)
    own.day(book, county(), rules, {**assets(10_000, 10_000), **assets(10_000, lever="", kind="outlet")}, 0)
    assert [(row.asset, row.decision) for row in own.table()] == [
        ("outlet:v1", "not_eligible"),
        ("station:v1", "paid"),
        ("station:v2", "no_budget"),
    ]


def test_agents_ask_the_levers_for_exactly_what_the_ledger_pays() -> None:
    world = county()
    lever = PerParcelSubsidy(id="subsidy", rate=0.4, programme="p", where=Where(tier="village", operators=("b",)))
    given_ = lever.support(0.5)
    assert given_ is not None
    pay = given_.per_parcel_yuan(world)
    assert pay[B].tolist() == [0.2 if tier == VILLAGE else 0.0 for tier in world.places.tier.tolist()]
    assert not pay[[A, POST]].any()


def test_an_asset_keeps_its_resource_cost_whoever_is_granted_what() -> None:
    lever = CapitalGrant(id="grant", programme="p", assets=("station",), share=0.5)
    given_ = lever.support(1.0)
    assert given_ is not None
    world = county()
    stations = replace(world.stations, opened_by=("", "", "", "new", "", "baseline", "baseline"))
    world = replace(world, stations=stations)
    made = []
    for support in ((), (given_,)):
        ledger = Ledger(
            world,
            replace(alone(), support=support),
            START,
            capital=(Capital("station", "new", 3_000, 5),),
            programmes={"p": programme(bank=9_999)},
        )
        ledger.plan(0, plan())
        posted = ledger.day(day_record(0))
        made.append({ledger.book.keys[row]: fen for row, fen in zip(posted.key.tolist(), posted.fen.tolist(), strict=True)})
    before, after = made
    granted = {key: fen for key, fen in after.items() if key not in before}
    assert [(key.payer, key.payee, fen) for key, fen in granted.items()] == [("treasury:bank", "host:v1", 150_000)]
    assert {key: fen for key, fen in after.items() if key in before} == before


@pytest.mark.parametrize("fen", [-1, 101])
def test_a_treasury_refuses_to_draw_what_is_not_there(fen: int) -> None:
    with pytest.raises(ValueError, match="has 100 fen left"):
        Treasury({"p": programme(county=1)}, START).draw("p", 0, fen)
