"""Under a deal the carrier collects in every village and stays, senders pay its fee, and what was promised is paid for."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.levers import PlatformCarrierDeals
from sim.rules import separate
from sim.run import Run, run
from sim.schema.parameters import Parameters
from sim.world.build import build
from sim.world.world import TO_VILLAGE, VILLAGE
from tests.run.orchard import ORCHARD, orchard

DEAL = {"kind": "platform_carrier_deals", "fee": 4.0, "least_day": 5.0, "carrier": "express-3"}


@pytest.fixture(scope="module")
def made() -> Run:
    return run(orchard([DEAL], days=30))


def test_every_parcel_from_the_villages_goes_with_the_carrier_at_the_fee(made: Run) -> None:
    parcels = made.table("parcels")
    assert set(parcels[parcels["direction"] == "up"]["carrier"]) == {"express-3"}
    fees = made.table("money").query("category == 'sending fee'")
    more = 1.0 * 2  # pears: 3 kg and the packing begin a kg beyond the first 3
    assert set(fees["payee"]) == {"express-3"}
    assert (fees["amount_fen"] / fees["quantity"] / 100).between(4.0, 4.0 + more).all()


def test_the_carrier_stays_although_reviews_would_let_it_leave(made: Run) -> None:
    services = made.table("services")
    own = services[services["operator"] == "express-3"]
    modes = set(own[own["village"].str.contains("99990210.2")]["mode"])
    assert modes == {"village"}
    settled = made.table("decisions").query("kind == 'carrier' and agent == 'express-3'")
    assert not settled["decision"].str.startswith("service:").any()


def test_what_is_missing_from_the_promise_is_paid_to_the_carrier_by_those_who_promised(made: Run) -> None:
    short = made.table("money").query("category == 'contract shortfall'")
    assert len(short)
    assert set(short["payee"]) == {"express-3"}
    assert (short["amount_fen"] / short["quantity"] / 100).round(2).eq(4.0).all()
    assert short["quantity"].max() <= 10 * 5.0


def test_a_carrier_that_is_not_in_the_county_is_refused_by_name() -> None:
    world = build(ORCHARD, Parameters.model_validate({"produce": {"active": True}}))
    with pytest.raises(ScenarioError, match="there is no carrier nobody"):
        PlatformCarrierDeals(id="d", carrier="nobody").world(world, separate(Parameters(), world.operators.n), 1.0)


def test_a_smaller_share_is_part_of_a_larger_one() -> None:
    world = build(ORCHARD, Parameters.model_validate({"produce": {"active": True}}))
    rules = separate(Parameters(), world.operators.n)
    half, whole = (PlatformCarrierDeals(id="d", share=share).world(world, rules, 1.0) for share in (0.5, 1.0))
    assert half.fields is not None
    assert whole.fields is not None
    few, all_ = half.fields.outreach, whole.fields.outreach
    assert (few.contract <= all_.contract).all()
    assert 0 < few.contract.sum() < all_.contract.sum() == (world.places.tier == VILLAGE).sum()
    row = int(all_.collector.max())
    assert (whole.operators.mode[row, all_.contract] == TO_VILLAGE).all()
