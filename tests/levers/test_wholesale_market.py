"""Cold trucks take what they hold in each township, what they carry stays good, and every km is paid for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.levers import WholesaleMarket
from sim.rules import separate
from sim.run import Run, run
from sim.schema.parameters import Parameters
from sim.world.build import build
from sim.world.world import TOWNSHIP, World
from tests.run.orchard import ORCHARD, STRAWBERRIES, orchard

COLD = {"kind": "wholesale_market", "id": "cold", "truck_kg": 500.0}


def cold_lots(run: Run) -> pd.DataFrame:
    """Return what was sold to the cold market, with the day and the township."""
    lots: pd.DataFrame = run.table("lots")
    lots = lots[lots["channel"] == "cold_market"]
    parent = run.table("places").set_index("place")["parent"]
    return lots.assign(day=lots["offered_s"] // 86_400, town=lots["village"].map(parent))


@pytest.fixture(scope="module")
def made() -> Run:
    return run(orchard([COLD | {"trucks": 2}], start=STRAWBERRIES))


@pytest.fixture(scope="module")
def world() -> World:
    return build(ORCHARD, Parameters.model_validate({"produce": {"active": True}}))


def test_no_township_gives_more_in_a_day_than_its_trucks_hold(made: Run) -> None:
    kg = cold_lots(made).groupby(["day", "town"])["kg"].sum()
    assert kg.max() <= 1000 + 1e-6
    assert np.isclose(kg.max(), 1000)


def test_the_fee_and_every_km_and_hour_of_the_trucks_are_posted(made: Run, world: World) -> None:
    lots, money = cold_lots(made), made.table("money").query("lever == 'cold'").groupby("category")[["quantity", "amount_fen"]].sum()
    metres = dict(zip(world.places.key, world.places.metres[0] / 1000, strict=True))
    trips = np.ceil(lots.groupby(["day", "town"])["kg"].sum().round(6) / 500)
    km = sum(2 * metres[town] * n for (_, town), n in trips.items())
    assert np.isclose(money.loc["cold haul", "quantity"], km)
    assert np.isclose(money.loc["cold market fee", "amount_fen"], 0.06 * money.loc["cold market sale", "amount_fen"], rtol=1e-3)
    towns = (world.places.tier == TOWNSHIP).sum()
    days = made.table("money")["day"].nunique()
    assert np.isclose(money.loc["reefer", "quantity"], 2 * towns * days)
    assert {"cold haul labour", "market hall"} <= set(money.index)


def test_the_power_of_the_hall_is_in_energy_and_emissions_and_no_parcels(made: Run) -> None:
    """A hall of 1,000 m3 at 0.25 kWh a m3 and day, 0.8 yuan and 0.5366 kg a kWh; what sells produce is no emission of a parcel."""
    metrics = made.table("metrics").query("period == 'all'").set_index(["metric", "group", "value_of_group"])
    money = made.table("money").query("category == 'market hall power' and 0 <= day < 20")
    kwh = 1000 * 0.25 * 20
    assert np.isclose(money["quantity"].sum(), kwh)
    assert np.isclose(money["amount_fen"].sum(), 80 * kwh, atol=2)
    value = metrics["value"]
    assert np.isclose(value["cold_power_kwh", "", ""], kwh)
    assert np.isclose(value["energy_mj", "leg", "cold"], 3.6 * kwh)
    assert np.isclose(value["co2_kg", "leg", "cold"], 0.5366 * kwh)
    legs = value.sort_index().loc["co2_kg", "leg"].sum()
    assert np.isclose(value["co2_kg", "", ""], legs)
    assert np.isclose(metrics["numerator"]["co2_kg_per_parcel", "", ""], legs - 0.5366 * kwh)


def test_colder_trucks_bring_better_strawberries() -> None:
    quality = [
        np.average(lots["quality_at_sale"], weights=lots["kg"])
        for lots in (cold_lots(run(orchard([COLD | {"truck_c": c}], start="2021-04-20", days=5, warm_up=2))) for c in (0.0, 20.0))
    ]
    assert quality[0] > quality[1]


def test_nobody_sells_to_a_market_that_pays_too_little() -> None:
    poor = run(orchard([COLD | {"ratio": 0.5}], start=STRAWBERRIES, days=5, warm_up=2))
    assert cold_lots(poor).empty
    categories = set(poor.table("money").query("lever == 'cold'")["category"])
    assert categories == {"market hall", "market hall running", "market hall power", "reefer", "insurance"}


def test_a_second_cold_market_is_refused(world: World) -> None:
    rules = separate(Parameters(), world.operators.n)
    once = WholesaleMarket(id="a").world(world, rules, 1.0)
    with pytest.raises(ScenarioError, match="a cold market by a already"):
        WholesaleMarket(id="b").world(once, rules, 1.0)
