"""The plan of each day and the orders of each day, as agents decide them, are given to both models: every stamp is the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

from sim.flow.flow import simulate
from sim.flow.inputs import Inputs
from sim.plan.orders import Orders, no_orders
from sim.plan.plan import Plan
from sim.run import run
from tests.run.small import scenario

from .case import Case
from .flowside import differences
from .model import County

EAGER: dict[str, dict[str, Any]] = {
    "decisions": {"review_every_days": 7, "switch_yuan_month": 10, "sensitivity": 0.2},
    "service": {"village_share": 0.5, "to_post_share": 0.2, "refused_share": 0.1},
}
"""Parameters under which somebody changes at every review."""


def decided(days: int) -> tuple[Case, int, int]:
    """Return the case of a run in which agents decided, how many plans it had, and how many decisions were made during it."""
    plans: dict[int, Plan] = {}
    orders: dict[int, Orders] = {}
    seen: list[Inputs] = []

    def kept(asked: Callable[[int], Any], into: dict[int, Any]) -> Callable[[int], Any]:
        def answer(day: int) -> Any:
            into[day] = asked(day)
            return into[day]

        return answer

    def watch(given: Inputs, recorder: Any) -> None:
        seen.append(given)
        simulate(replace(given, plan_of=kept(given.plan_of, plans), orders_of=kept(given.orders_of, orders)), recorder)

    with mock.patch.object(sys.modules["sim.run"], "simulate", watch):
        made = run(scenario(days=days, warm_up=3, **EAGER))
    given = seen[0]
    last = max(plans)
    case = Case(
        metres=given.metres, travel_us=given.travel_us, tier=given.tier, township=given.township, households=given.households,
        first_day=given.first_day, last_day=given.last_day, end_day=last + 1, weekday0=given.weekday0, plan_of=plans.__getitem__,
        orders_of=lambda day: orders.get(day, no_orders()), breaks=given.breaks, closed=given.closed, name="decisions",
    )  # fmt: skip
    table = made.table("decisions")
    return case, len({id(plan) for plan in plans.values()}), int((table["day"] > given.first_day).sum())


def test_both_models_agree_while_agents_change_the_plans() -> None:
    case, plans, decisions = decided(21)
    assert plans > 2
    assert decisions > 2
    result = County(case).run()
    assert len(result.parcels) > 300
    lines = differences(case, result)
    assert not lines, "\n".join(lines)
