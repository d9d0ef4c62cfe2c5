"""Operators review their villages: each rule can be flipped by what it weighs, and the parcels then go another way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from sim.agents.decided import laid_over, nothing_decided
from sim.agents.profit import parcel_profit
from sim.agents.review import late_share, review
from sim.agents.vans import Vans
from sim.ledger.expected import expected_cost
from sim.plan.forecast import forecast
from sim.plan.plan import LEGS, ROUND, Plan
from sim.rules import Rules, Support
from sim.run import Run, Versions, run
from sim.scenario.model import Scenario
from sim.world.build import build
from sim.world.operators import days_mask
from sim.world.world import TO_POST, TO_TOWNSHIP, TO_VILLAGE, VILLAGE, Floats, World
from tests.run.small import POOL_ALL, scenario

FROZEN = {"shoppers": False, "hosts": False}
CHEAP_VANS: dict[str, dict[str, Any]] = {
    "money": {"driver_month": 500, "post_handover_fee": 3},
    "fleet": {"van_price": 5000, "van_insurance_year": 0},
}
"""Prices at which rounds to some villages pay."""


@dataclass(frozen=True)
class PerParcel(Support):
    """So many yuan for each parcel handed over in a village, for everybody."""

    yuan: float = 0.0

    def per_parcel_yuan(self, world: World) -> Floats:
        """Return the yuan everywhere."""
        return np.full((world.operators.n, world.places.n), self.yuan)


def stage(chosen: Scenario) -> tuple[World, Rules, Versions, Floats]:
    """Return world, rules and forecast before anybody decides."""
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)
    world, rules = versions.of(0)
    return world, rules, versions, forecast(world, rules.parameters, 1.0, 1.0).ordered


def calm(chosen: Scenario) -> World:
    """Return the world in which nobody wants to change any more."""
    return Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True).settled_state().world


def village_modes(world: World) -> np.ndarray:
    """Return the express operators' modes in villages."""
    express = [o for o in range(world.operators.n) if o != world.operators.post]
    return world.operators.mode[np.ix_(express, np.flatnonzero(world.places.tier == VILLAGE))]


def shares(made: Run) -> dict[str, float]:
    """Return how the express operators' village parcels ended: inside by whom, at the township, refused."""
    parcels = made.table("parcels")
    place = made.table("places").set_index("place").tier
    own = parcels[(parcels.direction == "down") & (parcels.carrier != "post") & (parcels.village.map(place) == "village")]
    inside = own.handover_kind.isin(["door", "station"])
    by_post = own.last_mile_operator == "post"
    many = max(len(own), 1)
    return {
        "village": float((inside & ~by_post).sum()) / many, "post": float((inside & by_post).sum()) / many,
        "township": float((own.handover_kind == "township").sum()) / many, "refused": float((own.outcome == "refused").sum()) / many,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("way", "prices"),
    [
        ("township", {"money": {"post_handover_fee": 3}}),
        ("post", {"money": {"post_handover_fee": 0}, "decisions": {"fine": 2000}}),
        ("refused", {"money": {"dispatch_fee": 0, "post_handover_fee": 3, "township_agent_fee": 3}, "decisions": {"fine": 0}}),
    ],
)
def test_prices_send_the_parcels_the_way_that_pays(way: str, prices: dict[str, Any]) -> None:
    decisions = {"switch_yuan_month": 0, **FROZEN, **prices.pop("decisions", {})}
    fees = {"township": {"secondary_fee_share": 0}}
    made = run(scenario(days=14, warm_up=5, **prices, **fees, decisions=decisions))
    still = run(scenario(days=14, warm_up=5, **prices, **fees, decisions={**decisions, "operators": False}))
    assert shares(made)[way] > shares(still)[way] + (0.1 if way == "township" else 0.4)
    table = made.table("decisions")
    assert (table.to == way).any()
    assert (table.expected_gain_fen > 0).all()


def test_rounds_that_pay_are_kept_and_others_given_up_and_the_vans_follow() -> None:
    wide = {"village_share": 0.9}
    poor = scenario(days=14, service=wide, decisions=FROZEN)
    rich = scenario(days=14, service=wide, decisions={**FROZEN, "fine": 2000}, **CHEAP_VANS)
    assert (village_modes(calm(poor)) != TO_VILLAGE).all()
    assert (village_modes(calm(rich)) == TO_VILLAGE).any()
    trips = {}
    for name, chosen in (("poor", poor), ("rich", rich)):
        made = run(chosen)
        table, stops = made.table("trips"), made.table("stops")
        village = set(made.table("places").query("tier == 'village'").place)
        calls = set(stops[stops.place.isin(village)].trip)
        trips[name] = int((table.trip.isin(calls) & (table.operator != "post")).sum())
    assert trips["poor"] == 0 < trips["rich"]


def test_support_for_parcels_brings_operators_to_villages_and_more_support_to_no_fewer() -> None:
    world, rules, versions, volume = stage(scenario(service={"village_share": 0.0}))
    plan = versions.planner(world, rules, 0)
    served = [
        int((review(world, rules, plan, volume, (PerParcel("s", "p", yuan),), 0).mode == TO_VILLAGE).sum()) for yuan in (0, 2, 4, 8, 16)
    ]
    assert served == sorted(served)
    assert served[0] == int((world.operators.mode == TO_VILLAGE).sum()) < served[-1]


def test_nobody_switches_for_less_than_the_threshold() -> None:
    world, rules, versions, volume = stage(scenario())
    plan = versions.planner(world, rules, 0)
    gains = {}
    for threshold in (0.0, 5.0, 20.0, 1000.0):
        own = rules.parameters.model_copy(
            update={"decisions": rules.parameters.decisions.model_copy(update={"switch_yuan_month": threshold})}
        )
        gains[threshold] = [d.gain_fen for d in review(world, replace(rules, parameters=own), plan, volume, (), 0).decisions]
        assert all(gain > 100 * threshold for gain in gains[threshold])
    assert len(gains[0.0]) > len(gains[5.0]) > len(gains[20.0]) >= len(gains[1000.0]) == 0


def test_the_post_never_drops_a_village_and_hands_over_what_others_leave_it() -> None:
    for fine in (0, 5000):
        chosen = scenario(decisions={"fine": fine, "shoppers": False}, money={"post_handover_fee": 0, "dispatch_fee": 0.1})
        world = calm(chosen)
        village = world.places.tier == VILLAGE
        assert (world.operators.mode[world.operators.post, village] == TO_VILLAGE).all()
        assert (village_modes(world) == TO_POST).any()
        assert shares(run(chosen))["post"] > 0.1


def test_a_pool_with_the_post_goes_everywhere_and_a_pool_without_it_decides_as_one() -> None:
    whole = calm(scenario(levers=[POOL_ALL]))
    assert (whole.operators.mode[:, whole.places.tier == VILLAGE] == TO_VILLAGE).all()
    express = {"members": [f"express-{i}" for i in range(1, 6)], **POOL_ALL}
    for prices in ({}, CHEAP_VANS):
        world = calm(scenario(levers=[express], service={"village_share": 0.4}, **prices))
        goes = village_modes(world) == TO_VILLAGE
        assert (goes.all(axis=0) == goes.any(axis=0)).all()


def round_cost(world: World, rules: Rules, plan: Plan, chosen: Scenario) -> float:
    """Return what the books expect rounds to cost a month."""
    expected = expected_cost(world, rules, plan, chosen.start)
    leg = LEGS[ROUND]
    return 365 / 12 * sum(y for key, y in zip(expected.keys, expected.yuan, strict=True) if key.leg == leg and key.nature == "resource")


def test_the_saving_of_a_round_is_what_the_books_expect_to_lose_without_it() -> None:
    chosen = scenario(service={"village_share": 0.5})
    world, rules, versions, volume = stage(chosen)
    plan = versions.planner(world, rules, 0)
    vans = Vans(world, rules, plan, volume)
    post = world.operators.post
    lead, t = next(at for at in sorted(vans.rounds) if at[0] != post)
    mode = world.operators.mode.copy()
    own = np.flatnonzero(vans.van[:, t] == lead)
    there = np.flatnonzero((world.places.township == t) & (world.places.tier == VILLAGE))
    block = mode[np.ix_(own, there)]
    block[block == TO_VILLAGE] = TO_TOWNSHIP
    mode[np.ix_(own, there)] = block
    left = laid_over(world, rules, replace(nothing_decided(world), mode=mode))
    saved = round_cost(world, rules, plan, chosen) - round_cost(left, rules, versions.planner(left, rules, 0), chosen)
    assert vans.rounds_cost(vans.rounds[lead, t]) == pytest.approx(saved, rel=0.03)


def test_a_detour_costs_its_metres_and_the_minutes_beyond_the_half_day_a_driver_is_paid_for() -> None:
    world, rules, versions, volume = stage(scenario(service={"village_share": 0.5}, station={"on_no_space": "back_to_township"}))
    plan = versions.planner(world, rules, 0)
    vans = Vans(world, rules, plan, volume)
    lead, t = next(at for at in sorted(vans.rounds) if at[0] != world.operators.post and len(vans.rounds[at][0].places) > 1)
    r = vans.rounds[lead, t][0]
    place = r.places[0]
    week = 7 * float(volume[np.flatnonzero(vans.van[:, t] == lead), place].sum())
    change = vans.stop_less(lead, t, place, week, False)
    m = world.places.metres
    metres = int(m[r.origin, place] + m[place, r.places[1]] - m[r.origin, r.places[1]])
    price_km = (0.08 * 7.8 + 0.2) * metres / 1000
    assert change.yuan == pytest.approx(-365 / 12 / 7 * r.runs * price_km, rel=1e-3), "the half day is paid anyway"
    assert vans.stop_less(lead, t, place, week, True).yuan == 0.0
    vans.take(lead, t, place, -week, r.days, change)
    assert place not in vans.rounds[lead, t][0].places
    back = vans.stop_more(lead, t, place, week, r.days)
    assert 0 <= back.yuan <= -change.yuan + 1e-9


def test_a_stop_that_does_not_fit_needs_a_round_of_its_own() -> None:
    world, rules, versions, volume = stage(scenario(service={"village_share": 0.5}))
    vans = Vans(world, rules, versions.planner(world, rules, 0), volume)
    lead, t = next(at for at in sorted(vans.rounds) if at[0] != world.operators.post)
    r = vans.rounds[lead, t][0]
    outside = r.places.pop()
    small, large = (vans.stop_more(lead, t, outside, week, r.days) for week in (1.0, 50_000.0))
    assert small.round is r
    assert large.round is None
    assert large.yuan > vans.van_month + 10 * small.yuan


def test_fewer_service_days_are_chosen_where_they_pay_and_the_trips_follow() -> None:
    often = {"village_share": 0.9, "express_days_per_week": 7}
    chosen = scenario(days=21, service=often, decisions={**FROZEN, "fine": 2000}, **CHEAP_VANS)
    made = run(chosen)
    table = made.table("decisions")
    assert set(table[table.decision == "days"].to) == {"3 days/week"}
    served = made.table("services").query("mode == 'village' and operator != 'post'")
    assert len(served)
    assert set(served.days_per_week) == {3}
    dear_complaints = calm(
        scenario(service=often, counting={"p_complaint_when_late": 0.05}, decisions={**FROZEN, "fine": 2000}, **CHEAP_VANS)
    )
    assert 7 in {int(d).bit_count() for d in dear_complaints.operators.days}


def test_late_parcels_are_those_that_wait_three_days() -> None:
    assert late_share(days_mask(7)) == 0
    assert late_share(days_mask(2)) == pytest.approx(1 / 7)
    assert late_share(days_mask(1)) == pytest.approx(4 / 7)


def test_a_parcel_brings_what_the_ledger_would_post() -> None:
    world, rules, _, _ = stage(scenario())
    yuan = parcel_profit(world, rules, (PerParcel("s", "p", 0.158),))
    village = np.flatnonzero((world.places.tier == VILLAGE) & (world.stations.host > 0))[0]
    door = np.flatnonzero((world.places.tier == VILLAGE) & (world.stations.host == 0))[0]
    assert yuan[TO_VILLAGE, 0, village] == pytest.approx(1.2 - 0.5 + 0.158)
    assert yuan[TO_VILLAGE, 0, door] == pytest.approx(1.2 + 0.158)
    assert yuan[TO_POST, 0, village] == pytest.approx(1.2 - 0.6)
    for o in range(5):
        t = int(world.places.township[village])
        outlet = int(world.operators.outlet[o, t])
        fee = 2.0 - 0.2 if world.operators.surcharge[outlet, t] else 0.0
        assert yuan[TO_TOWNSHIP, o, village] == pytest.approx(1.2 - 0.2 + (fee if outlet == o else -0.65))
