"""Ways that trips drive are kept as long as their plan is in force or a trip is on them, and what is under way goes on."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import pytest

from sim.flow.flow import Flow
from sim.flow.state import State
from tests.reference.case import Case
from tests.reference.draw import draw_case
from tests.reference.flowside import differences, recorded
from tests.reference.model import County

EARLY, LATE = 8, 40


def another_plan_every_day(seed: int, days: int) -> Case:
    """Return a drawn case that adopts another of its plans on every day (one of a case with a single plan anew)."""
    case = draw_case(seed, 40, days)
    own = list({id(plan): plan for plan in map(case.plan_of, range(case.first_day, case.end_day))}.values())
    plans = [replace(plan) for plan in (own[:1] + own)[-3:]]
    return replace(case, plan_of=lambda day: plans[day % len(plans)])


@pytest.mark.parametrize("seed", range(30))
def test_stamps_are_those_of_the_reference_where_every_day_has_another_plan(seed: int) -> None:
    case = another_plan_every_day(seed, 4)
    assert not differences(case, County(case).run())


def test_trips_are_under_way_at_some_of_these_changes() -> None:
    moved: list[int] = []
    keep = State.keep_ways

    def watched(self: State, slots: dict[int, object]) -> None:
        moved.append(len(slots))
        keep(self, slots)

    with mock.patch.object(State, "keep_ways", watched):
        for seed in range(30):
            recorded(another_plan_every_day(seed, 4))
    assert sum(n > 0 for n in moved) >= 3


def test_the_ways_that_are_kept_do_not_grow_with_the_number_of_plans() -> None:
    held: dict[int, tuple[int, int]] = {}
    midnight = Flow._midnight

    def watched(self: Flow, day: int) -> None:
        held[day] = self.state.ways, len(self.state.G)
        midnight(self, day)

    with mock.patch.object(Flow, "_midnight", watched):
        recorded(another_plan_every_day(4, LATE + 2))
    assert held[EARLY][0] > 0
    assert max(ways for day, (ways, _) in held.items() if day >= LATE) <= 2 * max(ways for day, (ways, _) in held.items() if day <= EARLY)
    assert held[LATE][1] == held[EARLY][1]
