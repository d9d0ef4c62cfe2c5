"""Gains worked out by hand, and books of any kind: both accounts add up to the fen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import luck
from sim.ledger.book import MICRO, Book, Key
from sim.metrics.gains import class_of, county_fen, gains_of, place_groups, winners
from sim.metrics.period import Window
from sim.metrics.purse import Account
from sim.metrics.surplus import Surplus, worth
from sim.schema.parameters import Decisions
from tests.ledger.county import POST, START, V1, A, alone, county

WORLD = county()
OPERATORS = WORLD.operators.key
HOSTS = tuple(f"host:{key}" for key in WORLD.places.key)
ACTORS = (
    *OPERATORS,
    *HOSTS,
    "workers",
    "market",
    "fuel",
    "landlords",
    "shoppers",
    "county",
    "alliance:pool",
    *(f"network:{o}" for o in OPERATORS),
)
ACTORS = (*ACTORS, *(f"treasury:{source}" for source in ("central", "provincial", "county", "bank", "social")))


def books(*postings: tuple[str, str, int]) -> Account:
    """Return the books of (payer, payee, fen)."""
    book = Book()
    for payer, payee, fen in postings:
        book.add(Key(payer, payee, "test"), 1.0, fen * MICRO)
    posted = book.close(0)
    fen, quantity = np.zeros(len(book.keys), np.int64), np.zeros(len(book.keys))
    fen[posted.key] = posted.fen
    return Account(book, fen, quantity)


@given(
    st.lists(st.tuples(st.sampled_from(ACTORS), st.sampled_from(ACTORS), st.integers(1, 10**9)), max_size=40),
    st.integers(0, 2**31),
)
@settings(max_examples=60, deadline=None)
def test_each_division_of_the_nations_gain_adds_up_to_it_to_the_fen(postings: list[tuple[str, str, int]], seed: int) -> None:
    people = np.isin(np.arange(WORLD.places.n), [row for _, at in place_groups(WORLD) for row in np.flatnonzero(at)])
    with_people = [key for key, some in zip(HOSTS, people, strict=True) if some]
    postings = [(p, q, fen) for p, q, fen in postings if all(not a.startswith("host:") or a in with_people for a in (p, q))]
    households = np.where(people, (np.arange(WORLD.places.n) * 7919 + seed) % 10_007 - 5_000, 0).astype(np.int64)
    gains = gains_of(WORLD, books(*postings), households)
    sums: dict[str, int] = {}
    for group, _, fen in winners(WORLD, gains):
        sums[group] = sums.get(group, 0) + fen
    assert sums == dict.fromkeys(("carrier", "remoteness", "age"), gains.nation)
    assert sum(gains.by_actor.values()) == sum(gains.by_class.values()) == 0


def test_every_place_with_people_is_in_one_group_of_remoteness_and_in_one_of_age() -> None:
    for group in ("remoteness", "age"):
        together = sum(at.astype(int) for (name, _), at in place_groups(WORLD) if name == group)
        assert set(np.unique(together)) == {0, 1}
        assert (together > 0).sum() == (WORLD.households.first[1:] > WORLD.households.first[:-1]).sum()


def test_a_subsidy_cancels_against_its_receivers_gain_in_the_nation_and_is_income_in_the_county() -> None:
    nobody = np.zeros(WORLD.places.n, np.int64)
    central = gains_of(WORLD, books(("treasury:central", OPERATORS[A], 500)), nobody)
    assert (central.nation, central.public, county_fen(WORLD, alone(), central)) == (0, -500, 500)
    own = gains_of(WORLD, books(("treasury:county", OPERATORS[A], 500)), nobody)
    assert (own.nation, own.public, county_fen(WORLD, alone(), own)) == (0, -500, 0)
    loan = gains_of(WORLD, books(("treasury:bank", OPERATORS[A], 500)), nobody)
    assert (loan.nation, loan.public, county_fen(WORLD, alone(), loan)) == (0, -500, 0)
    private = gains_of(WORLD, books(("treasury:social", OPERATORS[A], 500)), nobody)
    assert (private.nation, private.public, private.social, county_fen(WORLD, alone(), private)) == (0, 0, -500, 500)


def test_profit_that_leaves_is_lost_to_the_county_only() -> None:
    gains = gains_of(WORLD, books(("network:x", OPERATORS[POST], 700)), np.zeros(WORLD.places.n, np.int64))
    assert (gains.nation, county_fen(WORLD, alone(), gains)) == (700, 0)


def test_what_buys_resources_is_a_cost_and_nobodys_gain() -> None:
    gains = gains_of(WORLD, books((OPERATORS[A], "workers", 300), (OPERATORS[A], "fuel", 50)), np.zeros(WORLD.places.n, np.int64))
    assert gains.nation == -350


def test_every_actor_of_the_ledger_has_a_class() -> None:
    assert "others" not in {class_of(actor, frozenset(OPERATORS)) for actor in ACTORS}
    assert class_of("somebody new", frozenset(OPERATORS)) == "others"


def area(cost: float, reference: float, d: Decisions) -> float:
    """Return the area under the demand function between two costs by adding up thin slices."""
    g = np.linspace(cost, reference, 200_001)
    demand = np.clip(np.exp(-d.sensitivity * (g - reference)), d.floor, d.cap)
    return float(np.trapezoid(demand, g))


@pytest.mark.parametrize("cost", [-30.0, 0.0, 3.0, 5.0, 9.0, 60.0])
def test_a_households_gain_is_the_area_under_its_own_demand_function(cost: float) -> None:
    d = Decisions(sensitivity=0.04, floor=0.5, cap=1.6)
    factor = float(np.clip(np.exp(-d.sensitivity * (cost - 5.0)), d.floor, d.cap))
    got = worth(cost, 5.0, factor, d.sensitivity, d.floor, d.cap)
    assert got == pytest.approx(area(cost, 5.0, d), abs=1e-4)


def test_without_any_sensitivity_a_yuan_saved_is_a_yuan_gained() -> None:
    assert worth(3.0, 5.0, 1.0, 0.0, 0.5, 1.6) == 2.0


def test_a_service_that_changes_nothing_is_worth_nothing() -> None:
    d = Decisions()
    assert [worth(cost, cost, 1.0, d.sensitivity, d.floor, d.cap) for cost in (0.5, 4.0)] == [0.0, 0.0]


def test_the_gain_of_a_place_is_that_of_its_households_on_days_that_count() -> None:
    surplus, n = Surplus(WORLD, Window(START, 0, 5)), WORLD.households.n
    reference, cost, d = np.full(n, 5.0), np.full(n, 4.0), Decisions(sensitivity=0.0)
    for day in (-1, 0, 4, 5):
        surplus.record(day, np.full(n, 0.25), 2.0, np.zeros(0, np.int64), cost, reference, np.ones(n), d)
    fen = surplus.fen(np.array([0]))
    assert fen is not None
    assert fen[V1] == 100 * int(np.diff(WORLD.households.first)[V1])
    assert surplus.by_household.tolist() == [1.0] * n


def test_a_household_gains_at_its_new_rate_from_the_day_on_which_something_touched_it() -> None:
    surplus, n, d = Surplus(WORLD, Window(START, 0, 30)), WORLD.households.n, Decisions()
    rate, reference = 0.5 * luck_of(1, n), np.full(n, 5.0)
    cost, whole, orders, by_place = 4.0 + 2.0 * luck_of(2, n), np.zeros(n), np.zeros(n), np.zeros(WORLD.places.n)
    for day in range(30):
        touched = np.flatnonzero(luck_of(3 + day, n) < 0.2)
        cost[touched] += luck_of(100 + day, n)[touched] - 0.5
        factor = np.clip(np.exp(d.sensitivity * (reference - cost)), d.floor, d.cap)
        season = 1.0 + day / 10.0
        surplus.record(day, rate, season, touched, cost, reference, factor, d)
        gain = [r * season * worth(c, 5.0, f, d.sensitivity, d.floor, d.cap) for r, c, f in zip(rate, cost, factor, strict=True)]
        whole, orders = whole + gain, orders + rate * season
        by_place += np.bincount(WORLD.households.place, gain, WORLD.places.n)
    assert surplus.by_household == pytest.approx(whole)
    assert surplus.orders == pytest.approx(orders)
    assert surplus.by_place.sum(axis=0) == pytest.approx(by_place)
    assert surplus.cost.tolist() == cost.tolist()


def luck_of(seed: int, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return uniforms, shape (n,)."""
    return luck.uniform(seed, "test", 0, np.arange(n, dtype=np.uint64))


def test_households_that_answer_to_nothing_have_no_gain_to_tell_of() -> None:
    assert Surplus(WORLD, Window(START, 0, 5)).fen(np.array([0])) is None


def test_networks_and_workers_move_no_account() -> None:
    rules = alone()
    gains = gains_of(WORLD, books(("network:x", "workers", 900)), np.zeros(WORLD.places.n, np.int64))
    assert (gains.nation, county_fen(WORLD, replace(rules), gains)) == (0, 0)
