"""A day's offers are met in compiled passes: they find what the plain functions over columns find, to the last bit."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents import farming
from sim.agents.farm_fill import allocate
from sim.agents.farm_market import GATE_, MARKET_, Market
from sim.agents.farm_parcels import Packer
from sim.agents.parcel_kernel import hear
from sim.plan.orders import Shipments
from sim.schema.raw import ONLINE
from sim.world.world import Ints
from tests.produce.orchard import LEVERS, PEARS, STRAWBERRIES, lived, orchard
from tests.produce.plain_market import gate_and_market, loads, lots_of, offered, qualities, taken

PRODUCE: Any = {"learning": {"online_household": 0.5, "season_before": True}, "grading": {"active": True}}
POOLED: Any = [{"kind": "joint_distribution", "pool": {"collection": ["vehicles", "sites"]}}]


def agrees(market: Market) -> None:
    np.testing.assert_array_equal(market.load, loads(market)[0])
    np.testing.assert_array_equal(market.load_kg, loads(market)[1])
    np.testing.assert_array_equal(market.offered, offered(market))
    for mine, plain in zip((market.quality, market.quality_there), qualities(market), strict=True):
        np.testing.assert_array_equal(mine, plain)
    for mine, plain in zip((market.counter, market.drop, market.operator), taken(market), strict=True):
        np.testing.assert_array_equal(mine[market.asked], plain)
    for column, plain in zip((GATE_, MARKET_), gate_and_market(market), strict=True):
        np.testing.assert_array_equal(market.net[:, column], plain)
    every = np.arange(len(market.farm))
    lots = market.of.seller.new_lots(market, every, ONLINE, market.offers["grams"])
    np.testing.assert_array_equal(lots["lot"], lots_of(market, ONLINE))
    np.testing.assert_array_equal(lots["picked"], market.offers["picked"])
    np.testing.assert_array_equal(lots["place"], market.farms.place[market.farm])
    assert (lots["sold"] == 0).all()
    assert np.isnan(lots["quality"]).all()


@pytest.mark.parametrize("levers", [[], LEVERS, POOLED], ids=["as found", "with measures", "pooled"])
@pytest.mark.parametrize("start", [STRAWBERRIES, PEARS])
def test_what_a_day_s_offers_meet_is_what_the_plain_functions_find(start: str, levers: list[Any]) -> None:
    seen = stocked = 0

    def watch(market: Market) -> tuple[Ints, Ints]:
        nonlocal seen
        agrees(market)
        seen += len(market.asked)
        return allocate(market)

    def packed(packer: Packer, market: Market, grams: Ints) -> Shipments:
        nonlocal stocked
        if market.from_stock:
            agrees(market)
            stocked += len(market.asked)
        return send(packer, market, grams)

    send = Packer.send
    with mock.patch.object(farming, "allocate", watch), mock.patch.object(Packer, "send", packed):
        lived(orchard("meet", start=start, days=8, levers=levers, produce=PRODUCE))
    assert seen > 100
    assert (stocked > 0) == (levers is LEVERS)


def test_what_farms_hear_moves_each_of_them_once_by_the_mean_of_its_sales() -> None:
    known, sums = np.array([np.nan, 0.5, 0.25]), np.zeros((2, 3))
    hear(np.array([1, 0, 1]), np.array([3.0, 2.0, 0.0]), np.array([4.0, 8.0, 4.0]), 0.25, known, sums)
    assert known.tolist() == [0.25, 0.75 * 0.5 + 0.25 * 3 / 8, 0.25]
    assert not sums.any()
