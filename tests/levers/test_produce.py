"""Levers of produce in whole runs of the orchard county: nothing at zero strength, the right direction at full strength."""

from __future__ import annotations

import pytest

from sim.run import run
from tests.levers.proof import HIGHER, LOWER, Proof, Way, wrong_ways
from tests.run.orchard import PEARS, STRAWBERRIES, orchard
from tests.run.small import digests

PROOFS: dict[str, Proof] = {
    "platform_carrier_deals": Proof(
        season=PEARS,
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}, {"where": {"operators": []}}),
        full={"share": 1.0},
        moves=(
            Way("parcels_up", HIGHER, "at 4 yuan instead of 9 selling pears online leaves more to a household"),
            Way("farms_online_share", HIGHER, "so more farms begin"),
            Way("farmer_income_yuan", HIGHER, "they earn more than at the farm gate"),
            Way("village_coverage", HIGHER, "the van that collects brings what goes down"),
            Way("vehicle_km", HIGHER, "it drives to villages it left out"),
        ),
    ),
    "produce_to_city": Proof(
        season=PEARS,
        zero=({"capacity_share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"capacity_share": 0.2},
        moves=(
            Way("farmer_income_yuan", HIGHER, "city buyers pay more than the wholesale market"),
            Way("farm_net_price_yuan_kg", HIGHER, "and the township is nearer than the seat"),
            Way("farm_cost_yuan", LOWER, "so farms drive less"),
            Way("online_share", LOWER, "some of what was packed and sent goes to the contract instead"),
        ),
    ),
    "wholesale_market": Proof(
        season=STRAWBERRIES,
        zero=({"share": 0}, {"trucks": 0}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0},
        moves=(
            Way("farmer_income_yuan", HIGHER, "the cold market pays a tenth more, and nobody drives to the seat"),
            Way("farm_price_yuan_kg", HIGHER, "strawberries arrive cold, in better quality"),
            Way("farm_cost_yuan", LOWER, "the truck comes to the township"),
            Way("produce_loss_share", LOWER, "less is packed and sent that would arrive too late"),
        ),
    ),
    "traceability": Proof(
        season=PEARS,
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0, "premium": 0.15},
        moves=(
            Way("parcels_up", HIGHER, "buyers pay more for traced pears, so more of them go online"),
            Way("online_share", HIGHER, "instead of to the market"),
            Way("farmer_income_yuan", HIGHER, "the premium is more than what tracing costs"),
            Way("public_spending_yuan", HIGHER, "the county inspects"),
        ),
    ),
}


@pytest.mark.parametrize("kind", PROOFS)
def test_a_lever_of_produce_is_the_baseline_at_no_strength_and_moves_what_it_names_at_full(kind: str) -> None:
    proof = PROOFS[kind]
    baseline = run(orchard(proof.beside, start=proof.season))
    for settings in proof.zero:
        none = run(orchard([*proof.beside, {"kind": kind, "id": "lever", **settings}], start=proof.season))
        assert digests(none) == digests(baseline), settings
    made = run(orchard([*proof.beside, {"kind": kind, "id": "lever", **proof.full}], start=proof.season))
    assert not wrong_ways(kind, proof, baseline, made)
