"""Selling online is weighed in one compiled pass: it finds what the plain functions over columns find, to the last bit."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents import farming
from sim.agents.farm_fill import allocate
from sim.agents.farm_market import CONTRACT_, GATE_, MARKET_, ONLINE_, Market
from sim.world.world import Ints
from tests.produce.orchard import LEVERS, STRAWBERRIES, lived, orchard
from tests.produce.plain_online import leaves, offered

PRODUCE: Any = {"learning": {"online_household": 0.5, "season_before": True}, "grading": {"active": True}}


@pytest.mark.parametrize("levers", [[], LEVERS], ids=["as found", "with measures"])
@pytest.mark.parametrize("zones", [True, False], ids=["by zone", "to all"])
def test_what_online_leaves_and_the_zones_and_ice_chosen_are_those_of_the_plain_functions(zones: bool, levers: list[Any]) -> None:
    asked, chosen = 0, set()

    def watch(market: Market) -> tuple[Ints, Ints]:
        nonlocal asked
        rows = market.asked
        plain = leaves(market, rows)
        others = [market.net[rows, column] for column in (GATE_, MARKET_, CONTRACT_)]
        farthest, ice = offered(plain, np.maximum(np.maximum.reduce(others), 0.0), market.of.reached)
        np.testing.assert_array_equal(market.zones[rows], farthest)
        np.testing.assert_array_equal(market.ice[rows], ice)
        mine, ordered = market.net[rows, ONLINE_], market.ordered_g[rows] > 0
        np.testing.assert_array_equal(mine[ordered], plain[np.arange(len(rows)), farthest, ice][ordered])
        assert (mine[~ordered] == -np.inf).all()
        asked += int(ordered.sum())
        chosen.update(zip(farthest.tolist(), ice.tolist(), strict=True))
        return allocate(market)

    with mock.patch.object(farming, "allocate", watch):
        lived(orchard("kernel", start=STRAWBERRIES, days=10, levers=levers, produce=PRODUCE | {"channels": {"sale_zones": zones}}))
    assert asked > 200
    assert len(chosen) > 1
