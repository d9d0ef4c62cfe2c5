"""What coalitions cost on the small county: planned, never multiplied; and what sharing leaves as it is."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ledger.expected import expected_cost
from sim.plan.assemble import plan_for
from sim.run import Versions, run
from sim.sharing import coalitions as values
from sim.sharing.coalitions import Coalitions
from sim.world.build import build
from tests.run.small import POOL_ALL, POOLED, digests, scenario

ALL = (0, 1, 2, 3, 4, 5)
EVERY_RULE = ("volume", "standalone", "equal", "shapley")


def versions(**terms: Any) -> Versions:
    """Return the versions of the small county with everything pooled on some terms."""
    chosen = scenario(levers=[POOL_ALL | terms])
    return Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)


def coalitions() -> Coalitions:
    """Return the coalitions of the small county with everything pooled."""
    return versions().coalitions("pool", 0, ())


def test_operators_alone_cost_together_what_the_county_without_the_alliance_is_expected_to_cost() -> None:
    known = versions()
    world, rules = known.of(0, (("pool", ()),))
    expected = expected_cost(world, rules, known.planner(world, rules, 0), known.scenario.start)
    alone = known.coalitions("pool", 0, ()).game(0, ALL, whole=False).alone
    assert alone.sum() == pytest.approx(float(expected.by_operator.sum()))


def test_the_pool_of_all_costs_what_its_plan_is_expected_to_cost() -> None:
    known = versions()
    world, rules = known.of(0)
    expected = expected_cost(world, rules, plan_for(world, rules, 1.05, 1.05), known.scenario.start)
    assert known.coalitions("pool", 0, ()).game(0, ALL, whole=False).total == pytest.approx(float(expected.by_operator.sum()))


def test_no_coalition_costs_more_than_its_parts_and_none_is_a_share_of_the_whole() -> None:
    game = coalitions().game(0, ALL, whole=True)
    assert game.whole
    for a, b in combinations(range(1, 64), 2):
        if not a & b:
            assert game.cost[a | b] <= game.cost[a] + game.cost[b] + 1e-6
    pair = game.cost[0b11]
    assert abs(pair - game.total * game.volume[:2].sum() / game.volume.sum()) > 0.1 * pair


def test_values_on_disk_are_those_that_were_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANTONG_CACHE", str(tmp_path))
    monkeypatch.setattr(values, "_known", {})
    planned = coalitions().game(0, (0, 1, 2), whole=True)
    assert len(list(tmp_path.glob("coalitions-*.json"))) == 1
    monkeypatch.setattr(values, "_known", {})

    def never(*_: object) -> None:
        raise AssertionError("planned again")

    monkeypatch.setattr(values, "plan_for", never)
    read = coalitions().game(0, (0, 1, 2), whole=True)
    assert read.cost == planned.cost
    assert (read.own == planned.own).all()


def test_with_one_operator_pooling_changes_nothing_and_there_is_nobody_to_coordinate_with() -> None:
    one = [{"key": f"express-{i}", "share": 0} for i in range(2, 6)] + [{"key": "post", "share": 0}]
    apart, pooled = (run(scenario(days=7, operators=one, levers=levers)) for levers in ([], [POOL_ALL]))
    assert digests(apart) == digests(pooled)


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_rule_moves_money_between_members_and_nothing_else(rule: str) -> None:
    ran = run(scenario(days=7, levers=[POOL_ALL | {"share_costs_by": rule}]))
    by_volume = run(scenario(days=7, levers=[POOL_ALL]))
    same = ("parcels", "trips", "shifts", "stops", "services")
    assert {name: digests(ran)[name] for name in same} == {name: digests(by_volume)[name] for name in same}
    a, b = ran.table("money"), by_volume.table("money")
    resource = [m[m.nature == "resource"].groupby(["day", "payer", "category"]).amount_fen.sum() for m in (a, b)]
    assert resource[0].equals(resource[1])
    settled = [m[m.category == "settlement"] for m in (a, b)]
    assert settled[0].groupby("day").amount_fen.sum().equals(settled[1].groupby("day").amount_fen.sum())
    each = [m.groupby("payer").amount_fen.sum() for m in settled]
    assert each[0].equals(each[1]) == (rule == "volume")


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_allocations_sum_to_the_cost_of_the_pool_to_the_fen_under_every_rule(rule: str) -> None:
    rows = run(scenario(days=20, levers=[POOL_ALL | {"share_costs_by": rule}])).table("allocations")
    total = versions().coalitions("pool", 0, ()).game(0, ALL, whole=False).total
    assert list(rows.member) == ["express-1", "express-2", "express-3", "express-4", "express-5", "post"]
    assert int(rows.allocated_fen.sum()) == round(total * 20 * 100)
    assert (rows.gain_fen == rows.standalone_fen - rows.allocated_fen).all()
    assert rows.in_core.notna().all() == (rule == "shapley")
    assert rows.half_width_fen.isna().all()


def test_what_the_ledger_settles_follows_what_was_agreed() -> None:
    ran = run(scenario(days=30, levers=[POOL_ALL | {"share_costs_by": "shapley"}]))
    money, rows = ran.table("money"), ran.table("allocations").set_index("member")
    paid = money[(money.category == "settlement") & money.day.between(0, 29)].groupby("payer").amount_fen.sum()
    share, agreed = paid / paid.sum(), rows.allocated_fen / rows.allocated_fen.sum()
    assert np.allclose(share[agreed.index].astype(float), agreed.astype(float), atol=1e-4)


def test_more_than_eight_members_share_by_sampled_orders_that_tell_their_interval() -> None:
    from sim.sharing.allocation import allocate

    more = [{"key": f"small-{i}", "name": {"zh": f"小{i}", "en": f"Small {i}"}, "kind": "express", "share": 0.02} for i in range(3)]
    lever = {"kind": "joint_distribution", "id": "pool", "pool": {"sorting": POOLED["sorting"]}, "share_costs_by": "shapley"}
    chosen = scenario(levers=[lever], operators=more)
    known = Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)
    (terms,) = known.terms(0)
    told = allocate(terms, known.coalitions("pool", 0, ()), terms.candidates, 0)
    assert len(told.members) == 9
    assert (told.half_width >= 0).all()
    assert told.half_width.max() > 0
    assert told.objection.in_core != "yes"
    rows = run(chosen.model_copy(update={"days": 20})).table("allocations")
    assert rows.half_width_fen.tolist() == [round(float(half) * 20 * 100) for half in told.half_width]
