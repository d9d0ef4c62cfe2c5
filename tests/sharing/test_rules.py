"""Sharing rules on games whose answers are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.sharing.core import IN_CORE, NOT_IN_CORE, UNDECIDED, largest_objection
from sim.sharing.game import Game, cover, positions
from sim.sharing.shapley import sampled, shapley
from sim.sharing.split import RULES, whole_fen

RUNWAYS = np.array([10.0, 10.0, 30.0, 70.0])
"""The airport game: a runway for a coalition costs what its largest aeroplane needs."""


def game(cost: Callable[[list[int]], float], n: int, *, own: float = 0.0) -> Game:
    """Return a game from a function of members; the r-th member has 10 r parcels."""
    return Game({mask: cost(positions(mask)) for mask in range(1, 1 << n)}, np.arange(10.0, 10.0 * n + 1, 10.0), np.full(n, own))


def airport() -> Game:
    """Return the airport game."""
    return game(lambda members: float(RUNWAYS[members].max()), 4)


@st.composite
def any_game(draw: st.DrawFn) -> Game:
    """Draw a game of up to five members."""
    n = draw(st.integers(1, 5))
    cost = draw(st.lists(st.floats(0, 1e5), min_size=(1 << n) - 1, max_size=(1 << n) - 1))
    own = draw(st.lists(st.floats(0, 1e4), min_size=n, max_size=n))
    return Game(dict(enumerate(cost, start=1)), np.arange(1.0, n + 1), np.array(own))


def test_in_the_airport_game_each_piece_of_runway_is_shared_by_those_who_need_it() -> None:
    assert shapley(airport()) == pytest.approx([2.5, 2.5, 2.5 + 10, 2.5 + 10 + 40])
    assert largest_objection(airport(), shapley(airport()), 0.0).yuan == 0


@given(any_game(), any_game())
@settings(max_examples=40, deadline=None)
def test_the_shapley_value_of_two_games_together_is_the_sum_of_both(a: Game, b: Game) -> None:
    n = min(a.n, b.n)
    both = [Game({m: x.cost[m] for m in range(1, 1 << n)}, x.volume[:n], x.own[:n]) for x in (a, b)]
    together = Game({m: both[0].cost[m] + both[1].cost[m] for m in both[0].cost}, both[0].volume, both[0].own)
    assert shapley(together) == pytest.approx(shapley(both[0]) + shapley(both[1]), abs=1e-6)


def test_a_member_who_adds_nothing_to_any_coalition_pays_nothing() -> None:
    null = game(lambda members: float(RUNWAYS[[i for i in members if i != 1]].max(initial=0.0)), 4)
    assert shapley(null)[1] == pytest.approx(0)


def test_members_who_add_the_same_to_every_coalition_pay_the_same() -> None:
    value = shapley(airport())
    assert value[0] == pytest.approx(value[1])


@pytest.mark.parametrize("name", list(RULES))
@given(any_game())
@settings(max_examples=30, deadline=None)
def test_shares_of_every_rule_sum_to_the_cost_to_the_fen(name: str, any: Game) -> None:
    allocated = RULES[name](any)
    assert allocated.sum() == pytest.approx(any.total, abs=1e-6)
    assert abs(int(whole_fen(allocated).sum()) - any.total * 100) <= 0.5 + 1e-3


@pytest.mark.parametrize("name", list(RULES))
def test_a_member_alone_pays_what_it_costs(name: str) -> None:
    assert RULES[name](game(lambda _: 42.0, 1, own=10.0)).tolist() == pytest.approx([42.0])


@given(any_game())
@settings(max_examples=40, deadline=None)
def test_no_coalition_costs_more_than_any_way_to_split_it(any: Game) -> None:
    best = cover(any.cost)
    for mask in best:
        for part in best:
            if part & mask == part and part != mask:
                assert best[mask] <= best[part] + best[mask ^ part] + 1e-6
        assert best[mask] <= any.cost[mask]


def test_sampled_orders_come_near_the_exact_value_and_say_how_near() -> None:
    value, half = sampled(4, lambda mask: airport().cost[mask], 200)
    assert (np.abs(value - shapley(airport())) <= 2 * half + 1e-9).all()
    assert value.sum() == pytest.approx(airport().total)
    assert half.max() < 4


def test_the_largest_objection_is_told_with_those_who_raise_it() -> None:
    three = game(lambda members: {1: 10.0, 2: 12.0, 3: 24.0}[len(members)], 3)
    told = largest_objection(three, RULES["equal"](three), 0.1)
    assert told.yuan == pytest.approx(4.0)
    assert (len(told.by), told.in_core) == (2, NOT_IN_CORE)
    cheap = game(lambda members: {1: 10.0, 2: 15.0, 3: 18.0}[len(members)], 3)
    assert largest_objection(cheap, RULES["equal"](cheap), 0.1).in_core == IN_CORE
    assert largest_objection(cheap, RULES["equal"](cheap), 5.0).in_core == UNDECIDED


def test_without_every_coalition_nothing_is_in_the_core_for_sure() -> None:
    cheap = game(lambda members: {1: 10.0, 2: 15.0, 3: 18.0}[len(members)], 3)
    few = Game({mask: cheap.cost[mask] for mask in (1, 2, 4, 7)}, cheap.volume, cheap.own)
    assert largest_objection(few, RULES["equal"](few), 0.1).in_core == UNDECIDED


def test_costs_too_small_for_a_share_are_shared_equally() -> None:
    game = Game(cost={1: 0.0, 2: 5e-324, 3: 0.0}, volume=np.array([1.0, 2.0]), own=np.array([1.5, 0.0]))
    assert RULES["standalone"](game).tolist() == [0.75, -0.75]
