"""Members of voluntary alliances go when it does not pay, on the notice they owe, and stay when it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.agents.alliances import Alliances, Calendar, Wish, changed, review_membership, settle_membership
from sim.api import load
from sim.run import Versions, run
from sim.scenario.model import Scenario
from sim.sharing.allocation import allocate
from sim.world.build import build
from tests.run.small import POOLED, scenario

NOTICE = 10
SHIPPED = Path(__file__).parents[2] / "scenarios"
BRITTLE: dict[str, Any] = {
    "kind": "joint_distribution", "id": "pool", "pool": {"sorting": POOLED["sorting"]}, "membership": "voluntary",
    "share_costs_by": "equal", "threshold": 0, "switching_cost": 0, "notice_days": NOTICE,
}  # fmt: skip
"""Sorting pooled in equal parts: the large operator saves at the cost of the small ones."""
RULES = ("volume", "standalone", "equal", "shapley")


def versions(**terms: Any) -> Versions:
    """Return the versions of the small county with the brittle alliance on other terms."""
    chosen = scenario(levers=[BRITTLE | terms], service={"village_share": 0.5})
    return Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("activity", ["sorting", "delivery", "transport"])
@pytest.mark.parametrize("threshold", [0, 0.02])
def test_no_operator_stays_in_a_voluntary_pool_that_leaves_it_worse_off_beyond_its_threshold(
    rule: str, activity: str, threshold: float
) -> None:
    known = versions(share_costs_by=rule, pool={activity: POOLED[activity]}, threshold=threshold)
    (terms,), inside = known.terms(0), dict(known.membership()[0])["pool"]
    coalitions = known.coalitions("pool", 0, ())
    if inside:
        told = allocate(terms, coalitions, inside, 0)
        assert len(inside) > 1
        assert all(worse <= terms.patience(alone) for worse, alone in zip(told.worse, told.alone, strict=True))
    else:
        # it fell apart: somebody had reason to leave the pool of all
        told = allocate(terms, coalitions, (0, 1, 2, 3, 4, 5), 0)
        assert any(worse > terms.patience(alone) for worse, alone in zip(told.worse, told.alone, strict=True))


def test_an_alliance_that_burdens_its_small_members_falls_apart_and_one_that_shares_what_each_adds_holds() -> None:
    assert dict(versions().membership()[0])["pool"] == ()
    assert dict(versions(share_costs_by="shapley").membership()[0])["pool"] == (0, 1, 2, 3, 4, 5)


def test_the_shipped_alliance_that_falls_apart_saves_money_and_loses_everybody_but_not_where_shares_follow_costs_alone() -> None:
    chosen = load(SHIPPED / "alliance-falls-apart.yaml")
    assert isinstance(chosen, Scenario)
    known = Versions(chosen, build(chosen.county_folder, chosen.parameters, chosen.operators), settled=True)
    (terms,), keys = known.terms(0), known.world.operators.key
    together = allocate(terms, known.coalitions(terms.id, 0, ()), terms.candidates, 0)
    assert together.allocated.sum() < 0.95 * together.alone.sum()
    members, decisions = known.membership()
    assert dict(members)[terms.id] == ()
    assert [d.agent for d in decisions] == [keys[row] for row in (1, 4, 2, 3, 0, 5)]
    assert {d.decision for d in decisions} == {"leave"}
    fair = replace(terms, rule="standalone")
    assert settle_membership(fair, known.coalitions(terms.id, 0, ()), keys, 0, 6)[0] == terms.candidates


def test_a_higher_threshold_or_switching_cost_keeps_members_that_would_go() -> None:
    assert len(dict(versions(threshold=0.1).membership()[0])["pool"]) == 6
    assert len(dict(versions(switching_cost=100000).membership()[0])["pool"]) == 6


def test_operators_outside_join_when_it_pays_and_not_when_it_does_not() -> None:
    for rule, joins in (("shapley", True), ("equal", False)):
        known = versions(share_costs_by=rule)
        wishes = review_membership(known.terms(0)[0], known.coalitions("pool", 0, ()), (0, 1, 2, 3), 0)
        assert any(wish.joins for wish in wishes) == joins


def test_members_after_leaving_and_joining() -> None:
    assert changed((0, 2), (Wish(2, False, 1.0), Wish(1, True, 1.0))) == (0, 1)


def test_a_settled_run_of_an_alliance_that_falls_apart_moves_and_costs_what_the_county_without_it_does() -> None:
    apart, found = run(scenario(days=7, levers=[BRITTLE])), run(scenario(days=7))
    for name in ("parcels", "trips", "shifts", "money"):
        assert apart.table(name).equals(found.table(name)), name
    decisions = apart.table("decisions")
    assert set(decisions[decisions.kind == "carrier"].decision) >= {"leave"}
    assert len(apart.table("allocations")) == 0


def test_members_leave_a_running_alliance_after_their_notice_and_the_day_is_sorted_and_paid_otherwise() -> None:
    ran = run(scenario(days=60, levers=[BRITTLE | {"switching_cost": 100}], decisions={"hosts": False}), settled=False)
    decisions = ran.table("decisions")
    left = decisions[decisions.decision == "leave"]
    day = int(left.day.min())
    assert day == 25
    assert left[left.day == day]["from"].eq("alliance:pool").all()
    sites = ran.table("shifts")
    sorting = sites[sites.site.str.startswith("sorting")].groupby("day").operator.nunique()
    assert sorting[day + NOTICE - 1] == 1
    assert sorting[day + NOTICE] > 1
    money = ran.table("money")
    switching = money[money.category == "switching"]
    assert set(switching.day) >= {day + NOTICE}
    assert (switching.amount_fen == 10_000).all()
    leavers = set(left[left.day == day].agent)
    assert leavers <= set(switching[switching.day == day + NOTICE].payer)
    later = money[(money.category == "settlement") & (money.day > day + NOTICE)]
    assert not set(later.payer) & leavers


def test_a_notice_binds_and_is_given_once() -> None:
    known = versions()
    days = Calendar(known.scenario.start, -5, 60, 30)
    alliances = Alliances(known.terms, known.coalitions, known.world.operators.key, days)
    first = alliances.review(25)
    assert first
    assert [made.agent for made in alliances.review(25)] == ["express-1"], "who would be left alone"
    assert alliances.review(25) == []
    assert alliances.in_force(25 + NOTICE - 1) == ()
    (_, inside), *_ = alliances.in_force(25 + NOTICE)
    assert inside == ()
    assert len(first) == 5


def test_without_decisions_of_operators_a_voluntary_alliance_keeps_its_members() -> None:
    ran = run(scenario(days=40, levers=[BRITTLE], decisions={"operators": False}))
    assert len(ran.table("allocations")) == 12
    assert not ran.table("decisions").decision.isin(["join", "leave"]).any()
