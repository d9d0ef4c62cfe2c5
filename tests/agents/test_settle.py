"""The settled state of a scenario has no luck in it, is the same for all its seeds, and lies over what the levers say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.agents.books import claimed, lasting
from sim.agents.decided import laid_over, nothing_decided, remaining
from sim.agents.settle import Settled
from sim.flow.flow import simulate
from sim.plan.forecast import forecast
from sim.run import Versions, run
from sim.scenario.model import Scenario
from sim.world.build import build
from sim.world.world import REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE, VILLAGE, World
from tests.run.small import POOL_ALL, STILL, Kept, digests, given, same_bytes_in_one_process_and_two, scenario, watched

EAGER: dict[str, dict[str, Any]] = {
    "decisions": {"review_every_days": 7, "switch_yuan_month": 10},
    "service": {"village_share": 0.5, "to_post_share": 0.2, "refused_share": 0.1},
}


def settled(chosen: Scenario, *, in_force: bool = True) -> Settled:
    """Return the settled state of a scenario."""
    return Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=in_force).settled_state()


def test_the_settled_state_is_computed_once_and_by_everybody_alike() -> None:
    chosen = scenario(**EAGER)
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters), settled=True)
    assert versions.settled_state() is versions.settled_state()
    one, other = versions.settled_state(), settled(chosen)
    assert one.decisions == other.decisions
    assert one.calm
    assert len(one.decisions) > 10
    for name in ("reference", "cost", "outside"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_a_settled_run_begins_with_what_was_settled_and_says_how_many_changed() -> None:
    chosen = scenario(days=7, service=EAGER["service"])
    state = settled(chosen)
    made = run(chosen)
    table = made.table("decisions")
    assert (table.day == -5).sum() == len(state.decisions)
    assert made.manifest["agents"]["settled"] == {"rounds": state.rounds, "calm": True, "decisions": len(state.decisions)}
    services = made.table("services")
    modes = services[services.from_day == -5].set_index(["operator", "village"])["mode"]
    cells = [(o, p) for o in range(6) for p in np.flatnonzero(state.world.places.tier == VILLAGE).tolist()]
    names = ("village", "township", "post", "refused")
    world = state.world
    assert all(modes[world.operators.key[o], world.places.key[p]] == names[world.operators.mode[o, p]] for o, p in cells)
    changed = made.metric("agents_changed", None, ("agent_kind", "carrier"))
    assert changed == (world.operators.mode != state.levers.operators.mode).sum()
    assert made.metric("agents_changed") == changed + made.metric("agents_changed", None, ("agent_kind", "host"))


@pytest.mark.parametrize("lever", [{"kind": "per_parcel_subsidy", "rate": 3}, {"kind": "station_support", "per_month": 500}])
def test_a_programme_without_money_moves_nobody(lever: dict[str, Any]) -> None:
    asked = {"days": 40, "warm_up": 8}
    empty = scenario(levers=[{**lever, "id": "lever", "programme": "p"}], programmes={"p": {"budget": {"county": 0}}}, **asked)
    assert digests(run(empty)) == digests(run(scenario(**asked)))


SUBSIDY = {"kind": "per_parcel_subsidy", "id": "lever", "rate": 10, "programme": "p"}


def supported(yuan: float, **more: Any) -> Scenario:
    return scenario(levers=[SUBSIDY], programmes={"p": {"budget": {"county": yuan}}}, **(EAGER | more))


def test_money_for_a_few_days_settles_as_none_does_and_money_for_the_year_as_any_amount_does() -> None:
    none, little, year, much = (settled(supported(yuan)).world.operators.mode for yuan in (0, 20, 1_000_000, 1_000_000_000))
    assert (little == none).all()
    assert (year == much).all()
    assert ((year == TO_VILLAGE) & (none != TO_VILLAGE)).any()


def test_support_counts_for_the_part_of_the_year_that_its_money_lasts() -> None:
    chosen = supported(10_000)
    state = settled(chosen)
    _, rules = Versions(chosen, state.world, settled=True).of(0)
    volume = forecast(state.world, rules.parameters, 1.0, 1.0).ordered
    (whole,) = rules.support
    fen = claimed(whole, state.world, volume) * 100
    assert fen > 0

    class Half:
        def left(self, programme: str, day: int) -> float:
            return fen * 50

        def days_left(self, programme: str, day: int) -> int:
            return 100

    (half,) = lasting(rules.support, Half(), 0, state.world, volume)
    assert half.per_parcel_yuan(state.world) == pytest.approx(0.5 * whole.per_parcel_yuan(state.world))
    both = lasting((whole, whole), Half(), 0, state.world, volume)
    assert both[0].per_parcel_yuan(state.world) == pytest.approx(0.25 * whole.per_parcel_yuan(state.world))
    assert lasting(rules.support, None, 0, state.world, volume) == rules.support
    (same,) = lasting(rules.support, Half(), 0, state.world, volume / 4)
    assert same is whole


def test_what_is_claimed_a_day_is_what_the_ledger_pays_for_a_days_parcels() -> None:
    chosen = supported(1_000_000, days=60)
    made = run(chosen)
    paid = made.table("money").query("category == 'per-parcel subsidy' and day >= 0").amount_fen.sum() / 100 / 60
    state = settled(chosen)
    _, rules = Versions(chosen, state.world, settled=True).of(0)
    asked = claimed(rules.support[0], state.world, forecast(state.world, rules.parameters, 1.0, 1.0).ordered)
    assert asked == pytest.approx(paid, rel=0.3)


def test_where_nobody_changes_the_world_is_the_same_object() -> None:
    chosen = scenario(days=30, levers=[POOL_ALL], decisions={"review_every_days": 7, "hosts": False, "shoppers": False})
    state = settled(chosen)
    assert state.world is state.levers
    (_, kept), (_, alone) = (
        watched(scenario(days=30, levers=[POOL_ALL], **more)) for more in ({"decisions": {"hosts": False, "shoppers": False}}, STILL)
    )
    assert [day for day, _ in kept.plans] == [day for day, _ in alone.plans]


def test_switched_off_nobody_decides_and_the_run_is_that_of_a_county_without_agents_rules() -> None:
    chosen = scenario(days=10, **STILL)
    made, kept = watched(chosen)
    assert len(made.table("decisions")) == 0
    state = made.table("agents_shopper")
    assert (state.factor == 1.0).all()
    bare = Kept()
    simulate(given(chosen), bare)
    for what in ("parcels", "trips", "stops", "shifts", "events"):
        assert kept.all(what).tobytes() == bare.all(what).tobytes(), what


@pytest.mark.parametrize("kind", ["shoppers", "operators", "hosts"])
def test_each_kind_can_be_switched_off_alone(kind: str) -> None:
    made = run(scenario(days=20, service={"station_share": 1.0, "village_share": 0.5}, decisions={kind: False, "outside_month": 300}))
    changed = {name: made.metric("agents_changed", None, ("agent_kind", name)) for name in ("shopper", "carrier", "host")}
    name = {"shoppers": "shopper", "operators": "carrier", "hosts": "host"}[kind]
    assert changed[name] == 0
    assert sum(n > 0 for n in changed.values()) >= 1


def test_operators_keep_up_a_service_that_they_are_ordered_to_give() -> None:
    order = {"kind": "service_order", "id": "order", "share": 0.5, "days_per_week": 3, "where": {"operators": ["express-1", "express-2"]}}
    chosen = scenario(levers=[order], days=40, decisions={"review_every_days": 7, "days_min": 1})
    state = settled(chosen)
    held, found = state.levers.held, settled(scenario(decisions={"operators": False})).levers
    assert held is not None
    assert held.sum() == 2 * round(0.5 * (found.places.tier == VILLAGE).sum())
    assert (state.world.operators.mode[held] == TO_VILLAGE).all()
    assert (state.levers.operators.mode[~held] == found.operators.mode[~held]).all()
    assert [int(d).bit_count() for d in state.world.operators.days[:2]] == [3, 3]
    services = run(chosen).table("services")
    cells = {(state.world.operators.key[o], state.world.places.key[p]) for o, p in np.argwhere(held).tolist()}
    own = services[[cell in cells for cell in zip(services.operator, services.village, strict=True)]]
    assert set(own["mode"]) == {"village"}
    assert set(own["days_per_week"]) <= {3, 4}, "a brand aboard another's van comes on that van's days too"
    assert ((state.decided.mode >= 0) & held).sum() == 0 < ((state.decided.mode >= 0) & ~held).sum()


def test_an_order_from_a_date_on_takes_back_what_was_given_up_before() -> None:
    order = {"kind": "service_order", "id": "order", "from": "2021-03-20"}
    services = run(scenario(levers=[order], days=28, **EAGER), settled=False).table("services")
    before = services[(services.from_day <= 0) & (services.to_day >= 0)]
    after = services[services.to_day == services.to_day.max()]
    assert (before["mode"] != "village").any()
    assert set(after["mode"]) == {"village"}


def test_separate_operators_under_order_and_the_pool_bring_as_much() -> None:
    order = {"kind": "service_order", "id": "order", "days_per_week": 5}
    many = {"demand": {"village_orders_per_person_year": 30}}
    base, apart, pooled = (run(scenario(levers=levers, days=40, **many)) for levers in ([], [order], [POOL_ALL]))
    parcels = [made.metric("parcels_down", group="tier")["village"] for made in (base, apart, pooled)]
    assert parcels[1] > 1.02 * parcels[0]
    assert parcels[1] == pytest.approx(parcels[2], rel=0.02)
    assert apart.metric("village_coverage") == pytest.approx(pooled.metric("village_coverage"), abs=0.01)


def test_a_decided_cell_stays_until_the_levers_own_value_of_it_changes() -> None:
    state = settled(scenario(**EAGER))
    world = state.levers
    cells = np.argwhere(state.decided.mode >= 0)
    (o, p), (other, q) = cells[0].tolist(), cells[1].tolist()
    mode = world.operators.mode.copy()
    new = next(m for m in (TO_TOWNSHIP, TO_POST, REFUSED) if m not in (mode[o, p], state.decided.mode[o, p]))
    mode[o, p] = new
    turned = replace(world, operators=replace(world.operators, mode=mode))
    left = remaining(state.decided, world, turned)
    assert left.mode[o, p] == -1
    assert left.mode[other, q] == state.decided.mode[other, q]
    _, rules = Versions(scenario(**EAGER), world, settled=True).of(0)
    assert laid_over(turned, rules, left).operators.mode[o, p] == new
    assert laid_over(world, rules, nothing_decided(world)) is world


def test_what_was_decided_holds_again_when_the_levers_give_the_cell_back_as_it_was() -> None:
    state = settled(scenario(**EAGER))
    world = state.levers
    o, p = np.argwhere(state.decided.mode >= 0)[0].tolist()
    turned = _with_mode(world, o, p, 1)
    again = _with_mode(world, o, p, 2)
    left = remaining(remaining(remaining(state.decided, world, turned), turned, again), again, world)
    assert (left.mode == state.decided.mode).all()
    assert (left.days == state.decided.days).all()
    decided_since = replace(remaining(state.decided, world, turned), mode=np.where(state.decided.mode >= 0, TO_POST, -1).astype(np.int8))
    assert remaining(decided_since, turned, world).mode[o, p] == state.decided.mode[o, p]
    assert remaining(left, world, turned).mode[o, p] == -1


def test_what_was_decided_over_a_levers_value_holds_again_when_another_lever_laid_over_it_ends() -> None:
    state = settled(scenario(**EAGER))
    world = state.levers
    o, p = np.argwhere(state.decided.mode >= 0)[0].tolist()
    first, second = _with_mode(world, o, p, 1), _with_mode(world, o, p, 2)
    chosen = next(m for m in (TO_TOWNSHIP, TO_POST, REFUSED) if m not in (first.operators.mode[o, p], state.decided.mode[o, p]))
    over_first = replace(decided := remaining(state.decided, world, first), mode=decided.mode.copy())
    over_first.mode[o, p] = chosen
    left = remaining(remaining(over_first, first, second), second, first)
    assert left.mode[o, p] == chosen
    assert remaining(left, first, world).mode[o, p] == state.decided.mode[o, p]


def _with_mode(world: World, o: int, p: int, step: int) -> World:
    """Return the world with another mode of an operator at a place."""
    mode = world.operators.mode.copy()
    mode[o, p] = (mode[o, p] + step) % 4
    return replace(world, operators=replace(world.operators, mode=mode))


def test_service_days_that_were_decided_hold_again_too() -> None:
    world = settled(scenario(**EAGER)).levers
    decided = replace(nothing_decided(world), days=np.full(world.operators.n, 0b10101, np.uint8))
    other = replace(world, operators=replace(world.operators, days=np.full(world.operators.n, 0b1111111, np.uint8)))
    assert (remaining(decided, world, other).days == 0).all()
    assert (remaining(remaining(decided, world, other), other, world).days == 0b10101).all()


OWN = {"kind": "village_stations", "id": "own", "carried_by": "existing"}
OTHER = {**OWN, "id": "other", "from": "2021-05-01", "until": "2021-05-03"}
"""Written before the first, it opens its stations where those stand, for three days."""
POOR = {"operators": False, "shoppers": False, "other_services_month": 0, "outside_month": 500, "loss_months": 1}


def test_a_station_that_its_host_had_closed_stays_closed_when_a_lever_that_opened_another_there_ends() -> None:
    made = run(scenario(days=70, levers=[OTHER, OWN], decisions=POOR, service={"station_share": 0.0}), settled=False)
    villages = set(made.table("places").query("tier == 'village'").place)
    sites = made.table("sites").query("kind == 'station'")
    stood = sites[sites.place.isin(villages)]
    assert set(stood.place) == villages
    assert set(zip(stood.lever, stood.open_day, stood.close_day, strict=True)) == {("own", 0, 55), ("other", 61, 64)}


def test_what_a_host_decides_about_a_levers_station_says_nothing_about_the_one_that_stood_there_before() -> None:
    chosen = scenario(days=70, levers=[OTHER, OWN], decisions=POOR, service={"station_share": 0.0})
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters), settled=False)
    (before, _), (during, _), (after, _) = (versions.of(day) for day in (0, 61, 64))
    village = before.places.tier == VILLAGE
    half = village & (np.arange(len(village)) % 2 == 0)
    left = remaining(replace(nothing_decided(before), closed=half), before, during)
    assert not left.closed.any()
    assert (remaining(replace(left, closed=village), during, after).closed == half).all()


def test_when_a_pool_ends_operators_do_what_they_had_decided_before_it() -> None:
    lever = {**POOL_ALL, "from": "2021-03-10", "until": "2021-03-12"}
    services = run(scenario(days=14, levers=[lever], **EAGER), settled=False).table("services")
    on = {
        day: services[(services.from_day <= day) & (services.to_day >= day)].set_index(["operator", "place"])["mode"].sort_index()
        for day in (8, 10, 12)
    }
    assert (on[10] == "village").all()
    assert (on[8] != "village").any()
    assert on[12].equals(on[8])


def test_a_transition_begins_where_the_county_without_levers_settles() -> None:
    lever = {**POOL_ALL, "from": "2021-03-15"}
    chosen = scenario(days=28, levers=[lever], **EAGER)
    state, base = settled(chosen, in_force=False), settled(scenario(days=28, **EAGER))
    assert (state.world.operators.mode == base.world.operators.mode).all()
    services = run(chosen, settled=False).table("services")
    before = services[(services.from_day <= 0) & (services.to_day >= 0)]
    after = services[services.to_day == services.to_day.max()]
    assert (before["mode"] != "village").any()
    assert set(after["mode"]) == {"village"}


def test_serial_and_parallel_runs_with_reviews_write_the_same_bytes(tmp_path: Path) -> None:
    asked = [scenario(days=20, warm_up=3, **EAGER), scenario("pooled", levers=[POOL_ALL], days=20, warm_up=3, **EAGER)]
    same_bytes_in_one_process_and_two(asked, tmp_path)
    assert len(run(asked[0], 1).table("decisions").query("day > 0")) > 0


def test_names_and_the_order_of_operators_move_no_decision() -> None:
    renamed = [{"key": f"express-{i}", "name": {"zh": f"新名{i}", "en": f"New {6 - i}"}} for i in range(1, 6)]
    runs = [run(scenario(days=20, operators=o, **EAGER)) for o in ([], renamed, renamed[::-1])]
    assert digests(runs[0]) == digests(runs[1]) == digests(runs[2])
    assert len(runs[0].table("decisions"))


def test_a_hand_over_to_the_post_goes_to_a_post_that_comes_to_the_village() -> None:
    for levers in ([], [POOL_ALL], [{"members": ["express-1", "express-2", "post"], **POOL_ALL}]):
        state = settled(scenario(levers=levers, decisions={"switch_yuan_month": 0, "fine": 1000}))
        mode, post = state.world.operators.mode, state.world.operators.post
        handed = (mode == TO_POST).any(axis=0) & (state.world.places.tier == VILLAGE)
        # a pool of all brings its members' parcels itself
        assert handed.any() == (levers != [POOL_ALL])
        assert (mode[post, handed] == TO_VILLAGE).all()
