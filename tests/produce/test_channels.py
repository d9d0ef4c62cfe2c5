"""Which channel a farm chooses: never one that it knows to bring less than one with room; by the logit rule, less of what brings less."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents import farming
from sim.agents.channels import logit_shares
from sim.agents.farm_fill import allocate
from sim.agents.farm_market import CHOICES, COLD_, CONTRACT_, GATE_, MARKET_, ONLINE_, STORED_, Market
from sim.agents.offer_kernel import ranked
from sim.world.world import Fields, Ints
from tests.produce.orchard import PEARS, Lived, lived, orchard, with_cold, with_help

TIGHT: dict[str, dict[str, Any]] = {
    "channels": {"middleman_kg_day": 50, "market_hours": 6, "orders_day_household": 3},
    "learning": {"online_household": 0.5},
}
"""A middleman with a small lorry, a market that costs a day, and many who sell online."""
DEALS: dict[str, Any] = {"deal_price": 6.0, "deal_g_day": 800_000, "deal_quality": 0.5, "deal_here": True}


def helped(fields: Fields) -> Fields:
    """Return fields with contracts for little of every crop and small stores in the cold."""
    store = with_cold(store_g=300_000, room_c=1.0, built_by=("store",) * 25)
    return store(with_help(**DEALS)(fields))


class Watched:
    """All markets of a run with what was taken in them and how much could still be stored before."""

    def __init__(self, rule: str, **more: Any) -> None:
        self.seen: list[tuple[Market, Ints, Ints]] = []

        def watch(market: Market) -> tuple[Ints, Ints]:
            left = market.of.store.left()
            take, untaken = allocate(market)
            assert (take.sum(axis=1) + untaken == market.offers["grams"]).all()
            self.seen.append((market, take, left))
            return take, untaken

        channels = TIGHT["channels"] | {"rule": rule} | more
        with mock.patch.object(farming, "allocate", watch):
            self.made: Lived = lived(orchard(start=PEARS, produce=TIGHT | {"channels": channels}), edit=helped)


def room_left(market: Market, take: Ints, stored: Ints) -> np.ndarray[Any, Any]:
    """Return the grams (n, choices) that each channel could still take of each offer, when all has been taken."""
    n = len(take)
    left = np.full((n, len(CHOICES)), 2**62, np.int64)
    gate = np.bincount(market.place, take[:, GATE_], minlength=market.world.places.n)
    left[:, GATE_] = (round(1000 * market.of.p.channels.middleman_kg_day) - gate)[market.place]
    deals = market.of.fields.outreach.deal_g_day
    left[:, CONTRACT_] = (deals - np.bincount(market.crop, take[:, CONTRACT_], minlength=len(deals)))[market.crop]
    left[:, STORED_] = (stored - np.bincount(market.room, take[:, STORED_], minlength=len(stored)))[market.room]
    orders = market.ordered_g - take[:, ONLINE_]
    left[:, ONLINE_] = np.where(orders >= market.parcel_g, orders, 0)
    return left


def nothing_brings_less(market: Market, take: Ints, left: Ints) -> None:
    """Assert that nothing goes where it is known to bring less than where there is room (n, choices) ``left``, or nothing."""
    for j in range(len(CHOICES)):
        goes = take[:, j] > 0
        better = (market.net > market.net[:, [j]]) & (left > 0)
        # what is less than a parcel cannot be sent
        better[:, ONLINE_] &= take[:, j] >= market.parcel_g
        assert not (better & goes[:, None]).any(), CHOICES[j]
        assert (market.net[goes, j] > 0).all()


@pytest.fixture(scope="module")
def threshold() -> Watched:
    return Watched("threshold")


@pytest.fixture(scope="module")
def logit() -> Watched:
    return Watched("logit")


def test_nothing_goes_where_it_is_known_to_bring_less_than_where_there_is_room(threshold: Watched) -> None:
    cut = np.zeros(len(CHOICES), np.int64)
    used, full = np.zeros(len(CHOICES), np.int64), 0
    for market, take, stored in threshold.seen:
        left = room_left(market, take, stored)
        nothing_brings_less(market, take, left)
        used += (take > 0).sum(axis=0)
        best = market.net.argmax(axis=1)
        full += int((left[:, GATE_] == 0).sum())
        cut += np.bincount(best[(take[np.arange(len(take)), best] < market.offers["grams"])], minlength=len(CHOICES))
    assert np.delete(used, COLD_).min() > 0, used
    assert not used[COLD_], "no cold market sends trucks here"
    assert cut[[ONLINE_, CONTRACT_, STORED_]].min() > 0, cut
    assert full > 0


@pytest.mark.parametrize("rule", ["threshold", "logit"])
def test_no_channel_takes_more_than_it_has_room_for_and_no_offer_gives_more_than_it_has(rule: str, request: pytest.FixtureRequest) -> None:
    for market, take, stored in request.getfixturevalue(rule).seen:
        assert (take >= 0).all()
        assert (take.sum(axis=1) <= market.offers["grams"]).all()
        assert (room_left(market, take, stored)[:, [GATE_, CONTRACT_, STORED_]] >= 0).all()
        assert (take[:, ONLINE_] <= market.ordered_g).all()
        assert not (take[:, ONLINE_] % market.parcel_g).any()
        assert not take[~np.isfinite(market.net)].any()


def test_what_waits_is_what_no_channel_with_room_would_pay_for(threshold: Watched) -> None:
    for market, take, stored in threshold.seen:
        rest = market.offers["grams"] - take.sum(axis=1)
        open_to = (market.net > 0) & (room_left(market, take, stored) > 0)
        open_to[:, ONLINE_] &= rest >= market.parcel_g
        assert not (open_to & (rest > 0)[:, None]).any()


def test_under_the_logit_rule_farms_split_what_they_have(logit: Watched, threshold: Watched) -> None:
    def split(watched: Watched) -> float:
        return float(np.mean([((take > 0).sum(axis=1) > 1).mean() for _, take, _ in watched.seen]))

    assert split(logit) > 1.5 * split(threshold)


def test_when_a_channels_price_falls_less_goes_there_whatever_room_the_others_have(logit: Watched) -> None:
    lost = np.zeros(len(CHOICES), np.int64)
    for market, take, stored in logit.seen:
        for j in np.flatnonzero(take.any(axis=0)).tolist():
            for fall in (0.2, 5.0):
                worse = copy(market)
                worse.net = market.net.copy()
                worse.net[:, j] -= fall
                with mock.patch.object(market.of.store, "left", lambda stored=stored: stored.copy()):
                    now, _ = allocate(worse)
                    was, _ = allocate(market)
                assert now[:, j].sum() <= was[:, j].sum(), (CHOICES[j], fall)
                lost[j] += was[:, j].sum() - now[:, j].sum()
    assert (lost[[GATE_, MARKET_, ONLINE_, CONTRACT_]] > 0).all(), lost


NET = st.lists(st.floats(-20, 40), min_size=5, max_size=5)


@settings(max_examples=200, deadline=None)
@given(net=NET, channel=st.integers(0, 4), fall=st.floats(0.01, 10), scale=st.floats(0.05, 5), shut=st.sets(st.integers(0, 4), max_size=3))
def test_a_channels_share_falls_when_its_own_price_falls_and_the_others_rise(
    net: list[float], channel: int, fall: float, scale: float, shut: set[int]
) -> None:
    before = np.array([net])
    before[0, [j for j in shut if j != channel]] = -np.inf
    after = before.copy()
    after[0, channel] -= fall
    was, now = (logit_shares(x, scale)[0] for x in (before, after))
    assert was.sum() == pytest.approx(1)
    assert now.sum() == pytest.approx(1)
    others = np.arange(5) != channel
    assert now[channel] <= was[channel]
    assert (now[others] >= was[others] - 1e-15).all()
    assert not was[~np.isfinite(before[0])].any()
    if 1e-9 < was[channel] < 1 - 1e-9:
        assert now[channel] < was[channel]


@settings(max_examples=100, deadline=None)
@given(net=NET)
def test_channels_are_filled_from_the_best_down(net: list[float]) -> None:
    order = ranked(np.array([net], np.float64))[0]
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert (np.diff(np.array(net)[order]) <= 0).all()


def test_a_logit_share_follows_the_scale() -> None:
    share = logit_shares(np.array([[3.0, 3.3, -np.inf]]), 0.3)[0]
    assert share[1] / share[0] == pytest.approx(np.e)
    assert share[2] == 0


COLUMNS = {"middleman": ("farm_yuan_kg", 0.9), "wholesale": ("wholesale_yuan_kg", 0.9), "online": ("online_yuan_kg", 0.6)}
"""What falls to which part; online, orders bind before prices do, unless they fall far."""


SPLIT: Any = {"channels": {"rule": "logit", "logit_scale": 2.0}, "learning": {"online_household": 0.5, "considers": 0}}


@pytest.fixture(scope="module")
def uncut() -> Lived:
    return lived(orchard(start=PEARS, days=6, produce=SPLIT))


@pytest.mark.parametrize("channel", COLUMNS)
def test_a_cheaper_channel_is_sold_less_in_a_run(channel: str, uncut: Lived) -> None:
    name, part = COLUMNS[channel]

    def cut(fields: Fields) -> Fields:
        cheaper: dict[str, Any] = {name: part * getattr(fields.crops, name)}
        return replace(fields, crops=replace(fields.crops, **cheaper))

    kg = [made.table("lots").query(f"channel == '{channel}'")["kg"].sum() for made in (uncut, lived(uncut.scenario, edit=cut))]
    assert 0 < kg[1] < 0.99 * kg[0]
