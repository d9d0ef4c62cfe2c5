"""Hosts keep a station while it beats their outside option; a closed one hands its parcels over at the door."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from sim.agents.hosts import Hosts, handed_inside, new_hosts, outside_option, review_hosts, station_income
from sim.agents.vans import MONTH_DAYS
from sim.plan.forecast import forecast
from sim.rules import Rules, Support, separate
from sim.run import run
from sim.schema.parameters import Parameters
from sim.world.build import build
from sim.world.world import VILLAGE, Floats, World
from tests.run.small import SMALL, scenario

ONLY_HOSTS = {"shoppers": False, "operators": False}
XIHE = Path(__file__).parents[2] / "scenarios" / "counties" / "621225_xihe"


@dataclass(frozen=True)
class Monthly(Support):
    """So many yuan a month for every host."""

    yuan: float = 0.0

    def station_month_yuan(self, world: World) -> Floats:
        """Return the yuan everywhere."""
        return np.full(world.places.n, self.yuan)


@pytest.fixture(scope="module")
def world() -> World:
    """Return the small county."""
    return build(SMALL)


@pytest.fixture(scope="module")
def rules(world: World) -> Rules:
    """Return the rules of separate operators."""
    return separate(Parameters(), world.operators.n)


def volume(world: World) -> Floats:
    """Return the forecast of a mean day."""
    return forecast(world, Parameters(), 1.0, 1.0).ordered


def test_a_station_leaves_commissions_other_services_and_support_less_running_cost_and_own_work(world: World, rules: Rules) -> None:
    parcels = np.full(world.places.n, 300.0)
    hour = 4432 * 1.1 / 208
    income = station_income(world, rules, parcels, (Monthly("s", "p", 40.0),))
    assert income == pytest.approx(300 * (0.5 - hour / 60) + 150 + 40 - 100, abs=0.01)


def test_who_keeps_a_station_in_the_county_as_found_is_somebody_for_whom_it_pays() -> None:
    world = build(XIHE)
    rules = separate(Parameters(), world.operators.n)
    option = outside_option(world, rules, volume(world))
    leaves = station_income(world, rules, handed_inside(world, volume(world)) * MONTH_DAYS, ())
    village = world.places.tier == VILLAGE
    keeps = village & (world.stations.host > 0)
    assert (option[keeps] <= leaves[keeps]).all()
    others = option[village & ~keeps]
    assert np.median(others) == pytest.approx(100, rel=0.15)
    assert np.std(np.log(others)) == pytest.approx(0.6, rel=0.15)
    assert np.median(option[keeps]) < 0.7 * np.median(others)
    _, closed, _ = review_hosts(world, rules, new_hosts(world), np.zeros(world.places.n, np.bool_), leaves, option, 10_000, 0)
    assert not closed.any()


def test_a_host_closes_after_months_of_loss_in_a_row_and_opens_again_after_months_that_would_pay(world: World, rules: Rules) -> None:
    place = int(np.flatnonzero((world.places.tier == VILLAGE) & (world.stations.host > 0))[0])
    outside = np.full(world.places.n, 100.0)
    hosts, closed = new_hosts(world), np.zeros(world.places.n, np.bool_)
    months = [50] * 5 + [150] + [50] * 6 + [150] * 2 + [50] + [150] * 4
    was_open = []
    for month, leaves in enumerate(months):
        income = np.full(world.places.n, float(leaves))
        hosts, closed, made = review_hosts(world, rules, hosts, closed, income, outside, 30, month)
        was_open.append(not closed[place])
        assert {d.agent for d in made} <= {f"host:{key}" for key in world.places.key}
    assert was_open == [True] * 11 + [False] * 6 + [True] * 2
    no_station = (world.stations.host == 0) | (world.places.tier != VILLAGE)
    assert not closed[no_station].any()


def test_support_keeps_a_station_open(world: World, rules: Rules) -> None:
    none = np.zeros(world.places.n)
    outside = np.full(world.places.n, 100.0)
    hosts = Hosts(np.full(world.places.n, 170), np.zeros(world.places.n, np.int64))
    closed = []
    for yuan in (0.0, 60.0):
        income = station_income(world, rules, none, (Monthly("s", "p", yuan),))
        closed.append(int(review_hosts(world, rules, hosts, none.astype(np.bool_), income, outside, 30, 0)[1].sum()))
    assert closed[0] > 0 == closed[1]


def test_a_closed_station_hands_over_at_the_door_and_pays_no_more_commission() -> None:
    lever = {"kind": "village_stations", "id": "new", "carried_by": "existing"}
    poor = {**ONLY_HOSTS, "other_services_month": 0, "outside_month": 500}
    none = {"station_share": 0.0}
    made, still = (run(scenario(days=10, levers=[lever], decisions={**poor, "hosts": h}, service=none)) for h in (True, False))
    village = set(made.table("places").query("tier == 'village'").place)
    for one, kind in ((made, "door"), (still, "station")):
        parcels = one.table("parcels")
        inside = parcels[(parcels.direction == "down") & parcels.village.isin(village) & (parcels.handover_kind != "township")]
        assert set(inside.handover_kind.dropna()) == {kind}
    for what, column in (("sites", "place"), ("money", "place")):
        table = made.table(what)
        gone = table[(table.kind == "station") if what == "sites" else (table.category == "commission")]
        assert not gone[column].isin(village).any()
    assert made.metric("stations_share") == 0
    assert still.metric("stations_share") == 1


def test_a_station_that_loses_closes_during_the_run_and_the_log_says_so() -> None:
    lever = {"kind": "village_stations", "id": "new", "from": "2021-03-06", "carried_by": "existing"}
    decisions = {**ONLY_HOSTS, "other_services_month": 50, "loss_months": 2, "review_every_days": 10}
    made = run(scenario(days=90, levers=[lever], decisions=decisions, service={"station_share": 0.3}), settled=False)
    closings = made.table("decisions").query("kind == 'host' and day > 0")
    assert len(closings)
    assert (closings.day >= 65).all()
    sites = made.table("sites").query("kind == 'station' and lever == 'new'").set_index("place")
    for agent, day in zip(closings.agent, closings.day, strict=True):
        place = agent.removeprefix("host:")
        if place in sites.index:
            assert sites.loc[place].close_day == day
    state = made.table("agents_host")
    assert (state[state.loss_days > 0].income_yuan < state[state.loss_days > 0].outside_yuan).all()


def test_a_host_that_a_lever_brought_is_a_host_like_any_other(world: World, rules: Rules) -> None:
    everywhere = replace(world.stations, host=np.where(world.places.tier == VILLAGE, 1, world.stations.host).astype(np.int8))
    after = replace(world, stations=everywhere)
    option = outside_option(world, rules, volume(world))
    income = np.full(world.places.n, 20.0)
    _, closed, _ = review_hosts(after, rules, new_hosts(after), np.zeros(world.places.n, np.bool_), income, option, 1000, 0)
    brought = (world.places.tier == VILLAGE) & (world.stations.host == 0)
    assert (closed[brought] == (option[brought] > 20)).all()
    assert closed[brought].any()
