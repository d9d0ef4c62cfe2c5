"""City buyers take so much a day of what is good enough, at one price a season, from the villages they reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.levers import ProduceToCity
from sim.rules import separate
from sim.run import Run, run
from sim.schema.parameters import Parameters
from sim.world.build import build
from tests.run.orchard import ORCHARD, orchard

CITY = {"kind": "produce_to_city", "crops": ["pear"], "capacity_share": 0.1, "quality": 0.95}
PEAR_G_DAY = 0.1 * 600 * 1200 * 1000 / 52
"""A tenth of the orchard's pears over the 52 days of their season."""


@pytest.fixture(scope="module")
def made() -> Run:
    return run(orchard([CITY | {"where": {"remoteness": "far"}}]))


def contract(run: Run) -> pd.DataFrame:
    lots: pd.DataFrame = run.table("lots")
    return lots[lots["channel"] == "contract"]


def test_only_the_crop_and_the_villages_of_the_contract_deliver_what_is_good_enough(made: Run) -> None:
    lots, places = contract(made), made.table("places").set_index("place")
    assert set(lots["crop"]) == {"pear"}
    assert set(places.loc[lots["village"].unique(), "remoteness"]) == {"far"}
    assert lots["quality_at_sale"].min() >= 0.95


def test_a_day_takes_no_more_than_the_contract_and_is_full_when_farms_offer_enough(made: Run) -> None:
    lots = contract(made)
    day = lots.groupby(lots["offered_s"] // 86_400)["kg"].sum() * 1000
    assert day.max() <= PEAR_G_DAY + 1
    assert np.isclose(day.max(), PEAR_G_DAY, atol=1)


def test_a_season_has_one_price_that_another_seed_moves(made: Run) -> None:
    prices = contract(made)["price_fen_per_kg"].to_numpy(float)
    assert np.allclose(prices, prices[0], rtol=1e-3)
    again, other = (contract(run(orchard([CITY], days=3), seed=seed))["price_fen_per_kg"].median() for seed in (1, 2))
    assert np.isclose(again, prices[0], rtol=1e-3)
    assert abs(other - again) > 1
    agreed = contract(run(orchard([CITY | {"price_spread": 0}], days=3)))["price_fen_per_kg"]
    assert np.allclose(agreed, 100 * (3 + 0.4 * (10 - 3)), rtol=1e-3)


def test_nobody_delivers_at_a_price_below_the_market_and_organising_costs_the_same(made: Run) -> None:
    poor = run(orchard([CITY | {"price_share": 0, "price_spread": 0, "where": {"remoteness": "far"}}]))
    assert contract(poor).empty
    rich, idle = (m.table("money").groupby("category")["amount_fen"].sum() for m in (made, poor))
    for category in ("collection point", "contract office"):
        assert rich[category] == idle[category] > 0


def test_the_organiser_gets_its_share_of_every_sale_and_pays_for_every_kg(made: Run) -> None:
    money = made.table("money")
    fen = {name: own["amount_fen"].sum() for name, own in money.groupby("category")}
    assert np.isclose(fen["contract fee"], 0.05 * fen["contract sale"], rtol=1e-3)
    kg = money.query("category == 'contract handling'")["quantity"].sum()
    assert np.isclose(fen["contract handling"], 100 * 0.12 * kg, rtol=1e-3)
    assert set(money.query("category == 'contract handling'")["payer"]) == {"organiser"}


def test_a_crop_that_the_county_does_not_grow_and_a_second_contract_are_refused() -> None:
    world = build(ORCHARD, Parameters.model_validate({"produce": {"active": True}}))
    rules = separate(Parameters(), world.operators.n)
    with pytest.raises(ScenarioError, match="the county grows no mango"):
        ProduceToCity(id="c", crops=("mango",)).world(world, rules, 1.0)
    once = ProduceToCity(id="c").world(world, rules, 1.0)
    with pytest.raises(ScenarioError, match="contracts by c already"):
        ProduceToCity(id="d").world(once, rules, 1.0)
