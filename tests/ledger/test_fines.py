"""Fines by hand, and what operators weigh in their reviews against what they pay in a run."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest

from sim import luck
from sim.agents.profit import parcel_profit
from sim.draw import uniform
from sim.ledger import Ledger
from sim.ledger.expected import expected_cost
from sim.ledger.fines import CATEGORIES
from sim.metrics.gains import county_fen, gains_of
from sim.metrics.purse import Account
from sim.rules import Rules
from sim.run import Run, Versions, run
from sim.scenario.model import Scenario
from sim.schema.raw import AT_DOOR, AT_TOWNSHIP, BACK, IN_TRANSIT, NEVER, REFUSED_OUT, RETURNED
from sim.units import HOUR
from sim.world.build import build
from sim.world.world import REFUSED, TO_TOWNSHIP, VILLAGE
from tests.ledger.county import POST, Q1, START, V1, V3, B, alone, county, day_record, parcel, plan, pooled
from tests.run.small import STILL, scenario

SURE: dict[str, dict[str, Any]] = {
    "decisions": {"p_left_out_found": 1, "p_fee_found": 1, "fine": 80},
    "counting": {"p_complaint_when_late": 1},
}
"""Every cause leads to a fine of 80 yuan."""


def rules_of(rules: Rules, found: dict[str, dict[str, Any]]) -> Rules:
    """Return rules under other parameters."""
    sections = {name: getattr(rules.parameters, name).model_copy(update=values) for name, values in found.items()}
    return replace(rules, parameters=rules.parameters.model_copy(update=sections))


def charged(rules: Rules, *parcels: Any) -> dict[tuple[str, str], int]:
    """Return the yuan of fines by payer and category of a day with some parcels."""
    book = Ledger(county(), rules, START, seed=5)
    book.plan(0, plan())
    day = book.day(day_record(0, list(parcels)))
    keys = [(book.book.keys[row], fen) for row, fen in zip(day.key.tolist(), day.fen.tolist(), strict=True)]
    out: dict[tuple[str, str], int] = {}
    for key, fen in keys:
        if key.payee == "penalties":
            assert (key.nature, fen % 8000, key.category in CATEGORIES.values()) == ("transfer", 0, True)
            out[key.payer, key.category.removeprefix("fine for ")] = fen // 100
    return out


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, {}),
        ({"kind": AT_DOOR}, {}),
        ({"kind": AT_TOWNSHIP, "village_in": NEVER}, {("a", "leaving outside"): 80}),
        ({"kind": AT_TOWNSHIP, "village_in": NEVER, "place": Q1}, {}),
        ({"kind": AT_TOWNSHIP, "village_in": NEVER, "last_mile": POST, "to_post": 1}, {("post", "leaving outside"): 80}),
        ({"outcome": RETURNED, "kind": 0, "village_in": NEVER}, {("a", "leaving outside"): 80}),
        ({"outcome": RETURNED, "kind": 0}, {}),
        ({"outcome": REFUSED_OUT, "kind": 0, "ready": NEVER, "village_in": NEVER}, {("a", "refusing"): 80}),
        ({"ready": 80 * HOUR, "finished": 90 * HOUR}, {}),
        ({"ready": 81 * HOUR, "finished": 90 * HOUR}, {("a", "lateness"): 80}),
        ({"ready": 81 * HOUR, "finished": 90 * HOUR, "last_mile": POST, "to_post": 1}, {("post", "lateness"): 80}),
        ({"outcome": IN_TRANSIT, "kind": 0, "ready": NEVER, "finished": NEVER}, {}),
        ({"direction": BACK, "ready": 99 * HOUR, "outcome": RETURNED, "village_in": NEVER}, {}),
    ],
)
def test_each_cause_is_charged_to_whoever_had_to_bring_the_parcel_home(fields: dict[str, Any], wanted: dict[tuple[str, str], int]) -> None:
    assert charged(rules_of(alone(), SURE), parcel(1, **fields)) == wanted


def test_who_takes_a_second_fee_pays_for_it_and_the_brand_for_the_place() -> None:
    left = {"kind": AT_TOWNSHIP, "village_in": NEVER, "surcharge_fen": 200, "township": 1, "place": V3}
    rules = rules_of(alone(), SURE)
    # a's parcels of t1 lie in its own outlet; b takes in t2 what is its own
    assert charged(rules, parcel(1, operator=B, **left)) == {("b", "leaving outside"): 80, ("b", "a second fee"): 80}
    in_other = left | {"township": 0, "place": V1}
    assert charged(rules, parcel(1, operator=B, **in_other)) == {("b", "leaving outside"): 80, ("a", "a second fee"): 80}
    together = rules_of(pooled(("delivery", "sites")), SURE)
    assert charged(together, parcel(1, operator=B, **in_other))["b", "leaving outside"] == 80
    assert charged(together, parcel(1, operator=B, **in_other))["alliance:joint", "a second fee"] == 80


def test_a_parcel_s_complaint_is_upheld_by_its_own_luck_whoever_else_is_there() -> None:
    rules = rules_of(alone(), {"decisions": {"p_left_out_found": 0.3, "fine": 80}})
    one = lambda key: parcel(key, kind=AT_TOWNSHIP, village_in=NEVER)  # noqa: E731
    singly = sum(sum(charged(rules, one(key)).values()) for key in range(1, 301))
    assert charged(rules, *(one(key) for key in range(300, 0, -1))) == {("a", "leaving outside"): singly}
    assert abs(singly / 80 - 90) < 4 * sqrt(300 * 0.3 * 0.7)


def test_complaints_are_drawn_as_all_luck_is() -> None:
    keys = np.random.Generator(np.random.PCG64(3)).integers(0, 2**64, 500, dtype=np.uint64)
    drawn = [uniform(key, luck.address(7, "complaint")) for key in keys]
    assert drawn == luck.uniform(7, "complaint", 0, keys).tolist()


def test_a_fine_leaves_the_county_and_stays_in_the_nation() -> None:
    world, rules = county(), rules_of(alone(), SURE)
    book = Ledger(world, rules, START)
    book.plan(0, plan())
    day = book.day(day_record(0, [parcel(1, outcome=REFUSED_OUT, kind=0, ready=NEVER)]))
    fen, quantity = np.zeros(len(book.book.keys), np.int64), np.zeros(len(book.book.keys))
    fen[day.key] = np.where([book.book.keys[row].payee == "penalties" for row in day.key.tolist()], day.fen, 0)
    gains = gains_of(world, Account(book.book, fen, quantity), np.zeros(world.places.n, np.int64))
    assert (gains.by_class["operators"], gains.by_class["penalties"]) == (-8000, 8000)
    assert (gains.nation, county_fen(world, rules, gains)) == (0, -8000)


FOUND: dict[str, dict[str, Any]] = {
    "decisions": STILL["decisions"] | {"p_left_out_found": 0.3, "p_fee_found": 0.2, "fine": 100},
    "counting": {"p_complaint_when_late": 0.0},
    "service": {"village_share": 0.2, "to_post_share": 0.2, "refused_share": 0.2},
    "township": {"secondary_fee_share": 0.5},
}


@pytest.fixture(scope="module")
def found() -> tuple[Scenario, Run]:
    chosen = scenario(days=60, **FOUND)
    return chosen, run(chosen)


def test_what_an_operator_weighs_in_its_review_it_pays_in_a_run_up_to_the_luck_of_complaints(found: tuple[Scenario, Run]) -> None:
    chosen, made = found
    world = build(chosen.county_folder, chosen.parameters)
    rules = Versions(chosen, world, settled=True).of(0)[1]
    free = rules_of(rules, {"decisions": {"fine": 0.0}})
    weighed = parcel_profit(world, free, ()) - parcel_profit(world, rules, ())
    parcels, rows = made.table("parcels"), {key: p for p, key in enumerate(world.places.key)}
    own = parcels[(parcels.direction == "down") & parcels.finished_s.notna() & (parcels.last_mile_operator == parcels.carrier)]
    for o, name in enumerate(world.operators.key):
        if o == world.operators.post:
            continue
        for mode in (TO_TOWNSHIP, REFUSED):
            here = (world.operators.mode[o] == mode) & (world.places.tier == VILLAGE)
            at = own[(own.carrier == name) & own.village.map(rows).map(lambda p, here=here: bool(here[p]))]
            # in another's outlet the runner pays for the fee it takes
            other = world.operators.outlet[o, world.places.township[at.village.map(rows)]] != o
            yuan = at.fine_fen / 100
            if mode == TO_TOWNSHIP:
                at, yuan = at[~other & (at.outcome == "collected")], yuan[~other & (at.outcome == "collected")]
            expected = weighed[mode, o, at.village.map(rows)].sum()
            spread = 100 * sqrt(max(len(at), 1) * (0.3 * 0.7 + 0.2 * 0.8))
            assert abs(yuan.sum() - expected) < 4 * spread, (name, mode)
            assert (expected > 0) == (len(at) > 0)
    assert len(own[own.fine_fen > 0]) > 100


def test_a_plan_is_expected_to_be_fined_as_a_run_of_it_is(found: tuple[Scenario, Run]) -> None:
    chosen, made = found
    versions = Versions(chosen, build(chosen.county_folder, chosen.parameters), settled=True)
    world, rules = versions.of(0)
    expected = expected_cost(world, rules, versions.planner(world, rules, 0), chosen.start)
    told: dict[str, float] = {}
    for key, yuan in zip(expected.keys, expected.yuan.tolist(), strict=True):
        if key.payee == "penalties":
            told[key.category] = told.get(key.category, 0.0) + yuan
    money = made.table("money")
    money = money[money.day.between(0, chosen.days - 1) & (money.payee == "penalties")]
    ran = (money.groupby("category").amount_fen.sum() / 100 / chosen.days).to_dict()
    assert set(told) == set(ran) == {"fine for leaving outside", "fine for refusing", "fine for a second fee"}
    for category, yuan in ran.items():
        assert yuan == pytest.approx(told[category], rel=4 / sqrt(told[category] * chosen.days / 100) + 0.02), category
