"""Farms begin with what the same days a year earlier taught them: one season for all seeds, with weather and luck of its own."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.run import Versions, run, season_before
from sim.scenario.model import Scenario
from tests.produce.orchard import STRAWBERRIES, county_of, orchard
from tests.run.small import digests


def warm(name: str, remember: bool, levers: Any = ()) -> Scenario:
    learning = {"season_before": remember, "online_household": 0.5}
    return orchard(name, start=STRAWBERRIES, days=12, levers=levers, produce={"learning": learning, "packaging": {"ice_steps": 0}})


@pytest.fixture(autouse=True)
def anew() -> Any:
    with mock.patch.object(sys.modules["sim.run"], "_settings", {}):
        yield


def versions(scenario: Scenario) -> Versions:
    return Versions(scenario, county_of(scenario), True)


def test_the_season_before_is_the_same_whoever_asks_and_knows_the_ways_that_spoil() -> None:
    scenario = warm("warm", True)
    first, second = (season_before(scenario, versions(scenario)) for _ in range(2))
    np.testing.assert_array_equal(first.paid, second.paid)
    np.testing.assert_array_equal(first.village, second.village)
    assert np.isfinite(first.paid).sum() > 10
    assert np.nanmean(first.paid) < 0.5


def test_a_run_begins_with_it_and_not_with_its_reviews() -> None:
    scenario = warm("warm", True)
    known = versions(scenario)
    memory = known.remembered()
    assert memory is not None
    assert memory is known.remembered()
    copy = replace(memory, below=memory.below + 3).anew()
    assert (copy.below == 0).all()
    np.testing.assert_array_equal(copy.paid, memory.paid)
    assert copy.paid is not memory.paid


def test_farms_that_remember_send_less_of_what_spoils_than_those_that_do_not() -> None:
    kg = {}
    for remember in (False, True):
        lots = run(warm(f"remember-{remember}", remember), 1).table("lots")
        kg[remember] = lots.query("channel == 'online' and crop == 'strawberry'")["kg"].sum()
    assert kg[True] < 0.6 * kg[False]


def test_policies_have_been_in_force_in_the_season_before_of_a_settled_run() -> None:
    cold = {
        "kind": "cold_chain", "county_m3": 50, "township_m3": 20, "village_m3": 5, "boxes": True, "reefers": True, "cold_trunk": True,
    }  # fmt: skip
    plain, chilled = (season_before(s, versions(s)) for s in (warm("plain", True), warm("cold", True, levers=[cold])))
    assert np.nanmean(chilled.paid) > np.nanmean(plain.paid) + 0.1


def test_without_produce_or_memory_nothing_is_run_before() -> None:
    for scenario in (warm("none", False), orchard("inactive", active=False, produce={"learning": {"season_before": True}})):
        assert versions(scenario).remembered() is None
    one, other = (orchard(f"inactive-{r}", active=False, days=4, produce={"learning": {"season_before": r}}) for r in (True, False))
    assert digests(run(one, 2)) == digests(run(other, 2))
