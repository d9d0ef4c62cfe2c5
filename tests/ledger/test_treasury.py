"""Programmes are never overspent by a fen, in no year and from no source, and what they pay is what is received."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ledger import Book, Capital, Key, Ledger, annuity_day
from sim.ledger.grants import Grants
from sim.ledger.treasury import Treasury
from sim.levers import CapitalGrant, PerParcelSubsidy, StationSupport, Where
from sim.levers.capital_grant import Asset
from sim.rules import Rules
from sim.schema.programme import SOURCES, Programme
from sim.schema.raw import AT_DOOR, AT_LOCKER, AT_TOWNSHIP, BACK, RETURNED
from sim.schema.support import Support
from sim.units import HOUR
from sim.world.world import VILLAGE, Floats, World
from tests.ledger.county import POST, START, V2, A, B, alone, built, county, day_record, parcel, plan

FIRMS = ("cold rooms", "cold market", "organiser")
"""Owners of what measures of produce build."""


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


def payments(ledger: Ledger, day: int, parcels: list[np.ndarray]) -> list[tuple[Key, int]]:
    """Return what programmes paid on a day, fen."""
    posted = ledger.day(day_record(day, parcels))
    found = [(ledger.book.keys[row], fen) for row, fen in zip(posted.key.tolist(), posted.fen.tolist(), strict=True)]
    public = [(key, fen) for key, fen in found if key.payer.startswith("treasury:")]
    for key, _ in public:
        assert key.nature == "transfer"
        assert key.payer == f"treasury:{key.source}"
        assert key.lever
    return public


def paid(ledger: Ledger, day: int, parcels: list[np.ndarray]) -> dict[tuple[str, str, str], int]:
    """Return the fen that programmes paid on a day by (programme, source, payee)."""
    out = dict[tuple[str, str, str], int]()
    for key, fen in payments(ledger, day, parcels):
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
            transition=True,
            programmes={"p": programme(bank=9_999)},
        )
        ledger.plan(0, plan())
        posted = ledger.day(day_record(0))
        made.append({ledger.book.keys[row]: fen for row, fen in zip(posted.key.tolist(), posted.fen.tolist(), strict=True)})
    before, after = made
    granted = {key: fen for key, fen in after.items() if key not in before}
    assert [(key.payer, key.payee, fen) for key, fen in granted.items()] == [("treasury:bank", "host:v1", 150_000)]
    assert {key: fen for key, fen in after.items() if key in before} == before


def test_a_settled_run_posts_a_grant_as_the_annuity_of_what_was_paid_while_the_asset_is_in_service() -> None:
    lever = CapitalGrant(id="grant", programme="p", share=0.5, cap=1_000_000)
    _, book, rules = grants(programme("once", central=100, county=10_000), lever)
    own = Grants(Treasury({"p": programme("once", central=100, county=10_000)}, START), spread=True)
    stood, posted = assets(1_000_000), dict[str, int]()
    for day in range(1825):
        own.day(book, county(), rules, {} if day < 3 else stood, day)
        closed = book.close(day)
        for row, fen in zip(closed.key.tolist(), closed.fen.tolist(), strict=True):
            posted[book.keys[row].source] = posted.get(book.keys[row].source, 0) + fen
        if day == 367:
            year = annuity_day(5_000.0, 0.0, rules.parameters.money.discount_rate, 5.0) * 36_500
            assert sum(posted.values()) == pytest.approx(year, abs=2)
    assert [(row.source, row.paid_fen, row.paid_day) for row in own.table()] == [("central", 10_000, 3), ("county", 490_000, 3)]
    assert own.treasury.paid("p", "once") == 500_000
    assert posted == {"central": 10_000, "county": 490_000}, "never a fen more than the programme was charged"


def test_nobody_is_paid_from_the_queue_after_the_lever_has_ended_or_for_what_is_gone() -> None:
    lever = CapitalGrant(id="grant", programme="p", share=1.0, cap=1_000)
    own, book, rules = grants(programme(county=100), lever)
    world, all_three = county(), assets(10_000, 10_000, 10_000)
    own.day(book, world, rules, all_three, 0)
    left = {asset: entry for asset, entry in all_three.items() if asset != "station:v2"}
    own.day(book, world, replace(rules, support=()), left, 1)
    assert [row.decision for row in own.table()] == ["paid", "no_budget", "no_budget"]
    own, book, rules = grants(programme(county=100), lever)
    own.day(book, world, rules, all_three, 0)
    own.day(book, world, rules, left, 1)
    assert [(row.asset, row.decision) for row in own.table()] == [
        ("station:v1", "paid"),
        ("station:v2", "not_eligible"),
        ("station:v3", "paid"),
    ]


kinds = st.sampled_from(["parcels", "stations", "grants"])
spending = st.tuples(kinds, st.sampled_from(["p", "q"]), st.integers(1, 40), st.integers(-2, 4), st.integers(0, 6))
"""What a lever pays for, out of which programme, how much, from which day on and for how many days."""
budgets = st.tuples(st.lists(st.integers(0, 300), min_size=5, max_size=5), st.booleans(), st.booleans())


def offer(i: int, kind: str, name: str, amount: int) -> Support:
    """Return what a lever pays: so many tenths of a fen a parcel, yuan a month, or per cent of a price."""
    if kind == "parcels":
        return Each(f"lever{i}", name, amount / 1000 + 0.0001 * i)
    if kind == "stations":
        given_ = StationSupport(id=f"lever{i}", programme=name, per_month=amount / 10).support(1.0)
    else:
        given_ = CapitalGrant(id=f"lever{i}", programme=name, share=amount / 100, cap=2, assets=get_args(Asset)).support(1.0)
    assert given_ is not None
    return given_


@settings(deadline=None, max_examples=60)
@given(
    st.lists(spending, min_size=1, max_size=4), budgets, budgets, st.lists(st.lists(st.integers(0, 2), max_size=5), min_size=7, max_size=7)
)
def test_whatever_levers_share_programmes_no_account_is_overspent_and_every_fen_is_received_by_whom_a_rule_names(
    levers: list[tuple[str, str, int, int, int]],
    one: tuple[list[int], bool, bool],
    two: tuple[list[int], bool, bool],
    handed: list[list[int]],
) -> None:
    limit, programmes = dict[tuple[str, str], int](), dict[str, Programme]()
    for name, (fen, once, carry) in (("p", one), ("q", two)):
        programmes[name] = programme(
            "once" if once else "year", carry and not once, **dict(zip(SOURCES, (x / 100 for x in fen), strict=True))
        )
        limit |= {(name, source): x for source, x in zip(SOURCES, fen, strict=True)}
    world = county()
    world = built(replace(world, stations=replace(world.stations, opened_by=("", "", "", "new", "", "new", "baseline"))))
    # The year ends on the second day that counts.
    ledger = Ledger(world, alone(), date(2020, 12, 30), transition=True, programmes=programmes)
    ledger.plan(-2, plan())
    spent: dict[tuple[str, str, str], int] = {}
    number = granted = 0
    for day, operators in enumerate(handed, -2):
        on = tuple(offer(i, kind, name, x) for i, (kind, name, x, since, n) in enumerate(levers) if since <= day <= since + n)
        ledger.in_force(world, replace(alone(), support=on))
        rows = [parcel(number := number + 1, operator=o, finished=(24 * day + 9 + i) * HOUR) for i, o in enumerate(operators)]
        for key, fen in payments(ledger, day, rows):
            assert key.lever in {support.lever for support in on}
            if key.category == "capital grant":
                assert key.payee.startswith("host:v") or key.payee in FIRMS
            else:
                assert key.payee in ("a", "b", "post") if key.category == "per-parcel subsidy" else key.payee.startswith("host:v")
            granted += fen if key.category == "capital grant" else 0
            at = key.programme, ledger.books.period(key.programme, day), key.source
            spent[at] = spent.get(at, 0) + fen
    for (name, period, source), fen in spent.items():
        more = limit[name, source] - spent.get((name, "2020", source), 0) if programmes[name].carry_over and period == "2021" else 0
        assert fen <= limit[name, source] + more
    for name, period in {(name, period) for name, period, _ in spent}:
        assert ledger.books.paid(name, period) == sum(fen for (n, p, _), fen in spent.items() if (n, p) == (name, period))
    table = ledger.grants.table()
    assert granted == sum(row.paid_fen for row in table)
    for asset in {row.asset for row in table}:
        price, paid = ledger.owned[asset][4], [row for row in table if row.asset == asset and row.decision == "paid"]
        assert len({row.lever for row in paid}) <= 1, "an asset is granted once"
        assert sum(row.paid_fen + row.private_fen for row in paid) in (0, price), "what is not granted the owner pays"


@pytest.mark.parametrize("fen", [-1, 101])
def test_a_treasury_refuses_to_draw_what_is_not_there(fen: int) -> None:
    with pytest.raises(ValueError, match="has 100 fen left"):
        Treasury({"p": programme(county=1)}, START).draw("p", 0, fen)


def test_a_years_money_is_meant_for_the_rest_of_the_year_and_money_that_comes_once_for_a_year() -> None:
    yearly, once = (Treasury({"p": programme(per, county=1)}, date(2021, 3, 1)) for per in ("year", "once"))
    assert (yearly.days_left("p", -20), yearly.days_left("p", 0), yearly.days_left("p", 305)) == (306, 306, 1)
    assert yearly.days_left("p", 306) == 365
    assert once.days_left("p", 40) == 365
