"""What the tables of a run say about why: reasons of services, keys of shifts, emissions of what keeps produce cold."""

from __future__ import annotations

import pytest

from sim.run import run
from sim.world.build import build
from sim.world.world import MODES
from tests.produce.orchard import LEVERS, orchard
from tests.run.small import POOL_ALL, scenario


def test_a_service_says_whether_it_was_found_so_or_who_decided_it() -> None:
    chosen = scenario(days=40, warm_up=5)
    made, world = run(chosen), build(chosen.county_folder, chosen.parameters)
    services, decisions = made.table("services"), made.table("decisions")
    mode = {(o, v): MODES[world.operators.mode[i, j]] for i, o in enumerate(world.operators.key) for j, v in enumerate(world.places.key)}
    decided = decisions[decisions.decision.str.startswith("service:")]
    last = {}
    for d in decided.itertuples():
        last[d.agent, d.decision.removeprefix("service:")] = d
    for s in services[services.to_day == services.to_day.max()].itertuples():
        if (s.operator, s.village) in last:
            assert (s.mode, s.reason) == (last[s.operator, s.village].to, last[s.operator, s.village].reason)
        else:
            assert (s.mode, s.reason) == (mode[s.operator, s.village], "found")
    assert {"found", "round_does_not_pay"} <= set(services.reason)
    assert "lever" not in set(services.reason)


def test_a_service_that_a_lever_made_says_so() -> None:
    still = {"decisions": {"operators": False, "hosts": False, "shoppers": False}}
    services = run(scenario(levers=[POOL_ALL], **still)).table("services")
    assert set(services.reason) == {"found", "lever"}
    found = run(scenario(**still)).table("services").set_index(["operator", "village"])["mode"]
    here = services.set_index(["operator", "village"])
    assert ((here["mode"] != found.reindex(here.index)) == (here.reason == "lever")).all()


def test_no_two_shifts_share_a_key() -> None:
    shifts = run(scenario(days=10)).table("shifts")
    assert len(shifts) > 20
    assert not shifts["shift"].duplicated().any()


def test_the_electricity_of_cold_rooms_is_in_energy_and_emissions() -> None:
    made = run(orchard(start="2021-03-01", days=31, levers=LEVERS))
    trips = made.table("trips")
    trips = trips[trips.day.between(0, 30)]
    kwh = made.metric("cold_power_kwh")
    assert kwh > 0
    by_leg = made.metric("co2_kg", group="leg")
    assert by_leg["cold"] == pytest.approx(kwh * 0.5366)
    assert made.metric("co2_kg") == pytest.approx(by_leg.sum())
    assert made.metric("energy_mj", group="leg")["cold"] == pytest.approx(kwh * 3.6)
    assert trips.co2_kg.sum() == pytest.approx(by_leg.drop("cold").sum(), rel=0.02)
    rode = trips[trips.leg.isin(["line", "round"])]
    litres = rode.vehicle_type.map({"truck": 0.135, "van": 0.08}).astype(float) * rode.km
    litres *= rode.leg.map({"line": 1.0, "round": 1.35}).astype(float)
    assert rode.energy_mj.to_numpy() == pytest.approx((litres * 35.8).to_numpy()), "boxes make rounds cold, no reefer drives a line"
    assert by_leg["round"] == pytest.approx(litres[rode.leg == "round"].sum() * 2.68, rel=0.02)
    warm = run(orchard(start="2021-03-01", days=31))
    assert "cold" not in warm.metric("co2_kg", group="leg").index
