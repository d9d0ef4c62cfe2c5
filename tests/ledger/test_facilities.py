"""What measures of produce own: a row in ``assets`` for each thing, its annuity in the books, and grants for it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import SimError
from sim.ledger import Ledger, annuity_day
from sim.ledger.facilities import Facility, cold_vehicles, facilities, owned
from sim.levers import CapitalGrant, Where
from sim.levers.capital_grant import Asset
from sim.schema.programme import SOURCES, Programme
from sim.world.upkeep import Upkeep
from sim.world.world import World
from tests.ledger.county import START, alone, built, county, day_record, plan

PRODUCE = ("cold room", "pre-cooler", "cold box", "reefer", "origin warehouse", "market hall", "market truck", "collection point")
CATEGORIES = ("cold room", "pre-cooler", "reefer", "origin warehouse", "market hall", "collection point")
Posted = dict[tuple[str, str, str, str], int]
"""Micro-fen or fen by category, payer, place and lever."""


def stood(world: World) -> Ledger:
    """Return a ledger of a county whose plan is in force."""
    ledger = Ledger(world, alone(), START, transition=True)
    ledger.plan(0, plan())
    return ledger


def test_everything_that_a_measure_of_produce_owns_has_a_row_with_owner_place_lever_price_and_life() -> None:
    own = {asset: entry for asset, entry in stood(built(county())).owned.items() if entry[0] in PRODUCE}
    assert own == {
        "cold-room:seat": ("cold room", "cold rooms", "seat", "cold", 5_400_000, 15.0, 0),
        "cold-room:t1": ("cold room", "cold rooms", "t1", "cold", 3_240_000, 15.0, 0),
        "pre-cooler:t1": ("pre-cooler", "cold rooms", "t1", "cold", 0, 15.0, 0),
        "cold-box:van-a": ("cold box", "cold rooms", "", "cold", 600_000, 8.0, 60_000),
        "reefer:truck-b": ("reefer", "cold rooms", "", "cold", 9_000_000, 8.0, 900_000),
        "warehouse:t2": ("origin warehouse", "cold rooms", "t2", "warehouse", 8_000_000, 15.0, 0),
        "warehouse-room:t2": ("cold room", "cold rooms", "t2", "warehouse", 540_000, 15.0, 0),
        "market-hall:market:seat": ("market hall", "cold market", "seat", "market", 5_400_000, 15.0, 0),
        "market-truck:market:seat:0": ("market truck", "cold market", "seat", "market", 20_000_000, 8.0, 0),
        "market-truck:market:seat:1": ("market truck", "cold market", "seat", "market", 20_000_000, 8.0, 0),
        "collection-point:city:t1": ("collection point", "organiser", "t1", "city", 4_000_000, 10.0, 0),
    }
    assert {entry[0] for entry in own.values()} == set(PRODUCE)
    assert set(PRODUCE) <= set(get_args(Asset)), "grants can be given for all of it"


def test_a_pre_cooler_costs_by_what_it_takes_an_hour_where_it_has_a_price_of_its_own() -> None:
    rules = alone()
    cold = rules.parameters.produce.cold.model_copy(update={"precool_price": 60.0})
    parameters = rules.parameters.model_copy(update={"produce": rules.parameters.produce.model_copy(update={"cold": cold})})
    cooler = owned(facilities(built(county()), replace(rules, parameters=parameters)))["pre-cooler:t1"]
    assert cooler[4:] == (3_000_000, 15.0, 0)


def test_each_asset_is_charged_its_own_annuity_every_day_and_running_cost_stands_apart() -> None:
    ledger = stood(built(county()))
    days, posted = 50, Posted()
    for day in range(days):
        closed = ledger.day(day_record(day))
        for row, fen in zip(closed.key.tolist(), closed.fen.tolist(), strict=True):
            key = ledger.book.keys[row]
            at = key.category, key.payer, key.place, key.lever
            posted[at] = posted.get(at, 0) + fen
    due = dict[tuple[str, str, str, str], float]()
    for kind, owner, place, lever, price, life, salvage in ledger.owned.values():
        if kind in PRODUCE and price:
            at = {"cold box": "reefer", "market truck": "reefer"}.get(kind, kind), owner, place, lever
            due[at] = due.get(at, 0.0) + days * round(annuity_day(price / 100, salvage / 100, 0.05, life) * 100_000) / 1000
    assert {at for at in posted if at[0] in CATEGORIES} == set(due)
    for at, fen in due.items():
        assert fen - 1 < posted[at] <= fen, at
    running = {
        ("cold room upkeep", "cold rooms", "seat", "cold"): 100 * 60 / 365,
        ("cold power", "cold rooms", "seat", "cold"): 100 * 0.25 * 0.8,
        ("origin warehouse running", "cold rooms", "t2", "warehouse"): 220,
        ("market hall running", "cold market", "seat", "market"): 100 * 151 / 365,
        ("insurance", "cold market", "seat", "market"): 2 * 4_000 / 365,
        ("collection point running", "organiser", "t1", "city"): 6_000 / 365,
        ("contract office", "organiser", "", "city"): 120_000 / 365,
    }
    for at, yuan in running.items():
        assert posted[at] == pytest.approx(100 * days * yuan, abs=2), at


def test_a_vehicle_is_made_cold_once_whatever_legs_it_drives_and_only_where_its_leg_is_cold() -> None:
    world = built(county())
    assert world.fields is not None
    everywhere = np.full(world.operators.n, 6.0)
    cold = replace(world.fields.cold, line_c=everywhere, round_c=everywhere)
    names = {f.asset for f in cold_vehicles(replace(world, fields=replace(world.fields, cold=cold)), alone(), plan())}
    assert names == {"reefer:truck-a", "cold-box:van-a", "reefer:truck-b"}
    own = plan()
    one = replace(own, trips=replace(own.trips, vehicle=np.array([0, 0, 2, 3], np.int32)))
    made = list(cold_vehicles(replace(world, fields=replace(world.fields, cold=cold)), alone(), one))
    assert sorted(f.asset for f in made) == ["cold-box:van-a", "reefer:truck-a", "reefer:truck-b"]
    assert all(f.quantity == 1 for f in made), "a truck that drives a line and a round is one reefer"
    assert not list(cold_vehicles(county(), alone(), plan()))


def test_two_assets_of_one_name_are_refused() -> None:
    one = next(facilities(built(county()), alone()))
    with pytest.raises(SimError, match="two assets are named 'cold-room:seat'"):
        owned([one, one])
    point = Upkeep("city", "organiser", "market", "point", 1.0, "day", 1.0, 1.0)
    assert [f.asset for f in facilities(replace(county(), upkeep=(point,)), alone())] == ["point:city:"]
    assert isinstance(one, Facility)


grant_levers = st.lists(
    st.tuples(
        st.lists(st.sampled_from(get_args(Asset)), min_size=1, max_size=5, unique=True),
        st.integers(1, 100),
        st.integers(1, 30_000),
        st.sampled_from([(), ("t1",), ("t2",), ("seat", "v1")]),
        st.integers(-1, 3),
    ),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, max_examples=60)
@given(grant_levers, st.lists(st.integers(0, 4_000_000), min_size=5, max_size=5), st.booleans(), st.booleans(), st.booleans())
def test_whatever_is_granted_no_programme_is_overspent_and_each_yuan_belongs_to_one_asset_of_the_kind_and_place_asked(
    levers: list[tuple[list[Asset], int, int, tuple[str, ...], int]], budget: list[int], once: bool, settled: bool, county_owns: bool
) -> None:
    programme = Programme.model_validate(
        {"budget": dict(zip(SOURCES, (fen / 100 for fen in budget), strict=True)), "per": "once" if once else "year"}
    )
    world = built(county(), "county" if county_owns else "")
    grants = [
        (CapitalGrant(id=f"g{i}", programme="p", share=share / 100, cap=cap, assets=tuple(kinds), where=Where(places=at or None)), since)
        for i, (kinds, share, cap, at, since) in enumerate(levers)
    ]
    # The year ends on the second day that counts.
    ledger = Ledger(world, alone(), START.replace(month=12, day=30), transition=not settled, programmes={"p": programme})
    ledger.plan(-1, plan())
    received = dict[tuple[str, str], int]()
    for day in range(-1, 4):
        support = tuple(s for lever, since in grants if since <= day and (s := lever.support(1.0)) is not None)
        ledger.in_force(world, replace(alone(), support=support))
        closed = ledger.day(day_record(day))
        for row, fen in zip(closed.key.tolist(), closed.fen.tolist(), strict=True):
            key = ledger.book.keys[row]
            if key.category == "capital grant":
                received[key.payee, key.source] = received.get((key.payee, key.source), 0) + fen
    table = ledger.grants.table()
    paid, spent = [row for row in table if row.decision == "paid"], dict[tuple[str, str], int]()
    for row in paid:
        assert row.paid_day is not None
        at = ledger.books.period("p", row.paid_day), row.source
        spent[at] = spent.get(at, 0) + row.paid_fen
        lever = next(lever for lever, _ in grants if lever.id == row.lever)
        kind, owner, place, brought, price, *_ = ledger.owned[row.asset]
        assert kind in lever.assets
        assert owner == row.applicant
        assert brought, "what the county had before gets nothing"
        wanted = lever.where.places
        assert (
            wanted is None
            or place in ("", *wanted)
            or world.places.parent[world.places.key.index(place)] in map(world.places.key.index, wanted)
        )
        whole = sum(other.paid_fen for other in paid if other.asset == row.asset)
        assert whole == min(round(price * lever.share), round(100 * lever.cap), price)
        own = sum(other.private_fen for other in paid if other.asset == row.asset)
        assert own == (0 if owner == "county" else price - whole)
    assert len({(row.asset, row.lever) for row in paid}) == len({row.asset for row in paid})
    for (_, source), fen in spent.items():
        assert fen <= budget[SOURCES.index(source)]
    cash = dict[tuple[str, str], int]()
    for row in paid:
        cash[row.applicant, row.source] = cash.get((row.applicant, row.source), 0) + row.paid_fen
    if settled:
        assert all(fen <= cash[at] for at, fen in received.items()), "never more than was charged"
    else:
        assert received == {at: fen for at, fen in cash.items() if fen}
