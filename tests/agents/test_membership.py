"""Over random costs of every coalition nobody stays in a voluntary alliance that leaves it worse off beyond its patience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations, permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.alliances import Alliances, Calendar, settle_membership
from sim.ledger.expected import QUARTER_DAYS
from sim.sharing.bill import Bill
from sim.sharing.coalitions import Coalitions, Rows
from sim.sharing.terms import Terms
from sim.world.world import Floats

KEYS = ("a", "b", "c", "d")
FIRST, LAST, EVERY = -5, 364, 30
CLOSE = 1e-6
"""Yuan a day that may lie between two ways to work out the same number."""


class Told(Coalitions):
    """Coalitions whose bills are drawn, quarter by quarter, instead of planned."""

    def __init__(self, quarters: tuple[dict[Rows, Bill], ...], volume: tuple[float, ...]) -> None:
        self.quarters, self.volume = quarters, volume

    def of(self, day: int) -> dict[Rows, Bill]:
        """Return the bills in force on a day."""
        return self.quarters[self.quarter(day) // QUARTER_DAYS % len(self.quarters)]

    def parcels(self, day: int) -> Floats:
        """Return each operator's parcels."""
        return np.array(self.volume)

    def bills(self, day: int, wanted: Iterable[Rows]) -> dict[Rows, Bill]:
        """Return what was drawn."""
        return {rows if len(rows) > 1 else (): self.of(day)[rows if len(rows) > 1 else ()] for rows in wanted}


@dataclass(frozen=True)
class Case:
    """An alliance's terms and what its coalitions cost."""

    terms: Terms
    told: Told

    def cost(self, rows: Rows, day: int) -> float:
        """Return what a coalition costs at best: pooled, or in parts."""
        bills = self.told.of(day)

        @cache
        def best(rows: Rows) -> float:
            if len(rows) == 1:
                return bills[()].own[rows[0]]
            parts = [(part, tuple(r for r in rows if r not in part)) for n in range(1, len(rows)) for part in combinations(rows, n)]
            return min([bills[rows].cost(rows), *(best(a) + best(b) for a, b in parts)])

        return best(rows)

    def shares(self, members: Rows, day: int) -> list[float]:
        """Return what each member bears of the cost of all together, its own part with it, by the words of docs/alliances.md."""
        bill, alone = self.told.of(day)[members], self.told.of(day)[()].own
        if self.terms.rule == "shapley":
            orders, total = list(permutations(members)), dict.fromkeys(members, 0.0)
            for order in orders:
                for i, row in enumerate(order):
                    with_it, before = tuple(sorted(order[: i + 1])), tuple(sorted(order[:i]))
                    whole = bill.cost(members) if with_it == members else self.cost(with_it, day)
                    total[row] += (whole - (self.cost(before, day) if before else 0.0)) / len(orders)
            return [total[row] for row in members]
        weight = {
            "equal": [1.0 for _ in members],
            "volume": [self.told.volume[row] for row in members],
            "standalone": [max(alone[row] - bill.own[row], 0.0) for row in members],
        }[self.terms.rule]
        weight = weight if sum(weight) > 0 else [1.0 for _ in members]
        return [bill.own[row] + bill.pool * w / sum(weight) for row, w in zip(members, weight, strict=True)]

    def worse(self, members: Rows, day: int) -> dict[int, float]:
        """Return how much more each member pays in the pool, fees included, than it would alone."""
        bill, apart, out = self.told.of(day)[members], self.told.of(day)[()], {}
        for row, allocated in zip(members, self.shares(members, day), strict=True):
            fees = bill.fees[row] + bill.pool_fees * (allocated - bill.own[row]) / bill.pool - apart.fees[row]
            out[row] = allocated - apart.own[row] + fees
        return out

    def patience(self, row: int, day: int) -> float:
        """Return how much worse off, or better, leaves a member where it is."""
        return self.terms.threshold * self.told.of(day)[()].own[row] + self.terms.switching_yuan / (365 / 12 * 12)

    def wishes(self, members: Rows, day: int) -> dict[int, float]:
        """Return by how much each operator's gain from a change, to leave or to join, exceeds its patience; below 0 it stays as it is."""
        if len(members) < 2:
            return dict.fromkeys(members, 1.0)
        out = {row: worse - self.patience(row, day) for row, worse in self.worse(members, day).items()}
        for row in set(self.terms.candidates) - set(members):
            out[row] = -self.worse(tuple(sorted((*members, row))), day)[row] - self.patience(row, day)
        return out


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw up to four operators, one to three quarters of bills, and terms."""
    n = draw(st.integers(2, 4))
    yuan = st.integers(1, 2_000).map(lambda x: x / 4)
    of_all = st.lists(yuan, min_size=n, max_size=n).map(tuple)
    few = st.lists(st.integers(-40, 40).map(float), min_size=n, max_size=n).map(tuple)
    coalitions = [(), *(rows for size in range(2, n + 1) for rows in combinations(range(n), size))]
    quarters = []
    for _ in range(draw(st.integers(1, 3))):
        bills = {}
        for rows in coalitions:
            own = draw(of_all)
            pool = draw(yuan) if rows else 0.0
            own = own if not rows else tuple(x / 4 for x in own)
            bills[rows] = Bill(pool, float(draw(st.integers(-40, 40))) if rows else 0.0, own, draw(few))
        quarters.append(bills)
    terms = Terms(
        "pool", tuple(range(n)), draw(st.sampled_from(["volume", "standalone", "equal", "shapley"])), True, draw(st.integers(0, 70)),
        draw(st.sampled_from([0.0, 5_000.0, 50_000.0])), 12.0, draw(st.sampled_from([0.0, 0.05, 0.3])),
    )  # fmt: skip
    return Case(terms, Told(tuple(quarters), draw(st.lists(st.integers(1, 90).map(float), min_size=n, max_size=n).map(tuple))))


@given(cases(), st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_nobody_is_in_a_settled_alliance_that_leaves_it_worse_off_beyond_its_patience(case: Case, rounds: int) -> None:
    inside, decisions, rest = settle_membership(case.terms, case.told, KEYS, 0, rounds)
    wishes = case.wishes(inside, 0)
    assert all(wishes[row] <= CLOSE for row in inside)
    outside = set(case.terms.candidates) - set(inside)
    assert {KEYS[row] for row in outside} <= {d.agent for d in decisions if d.decision == "leave"}
    if rest:
        assert all(wishes.get(row, 0.0) <= CLOSE for row in outside)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_whoever_a_review_finds_worse_off_beyond_its_patience_is_out_after_its_notice_and_nobody_else(case: Case) -> None:
    calendar = Calendar(date(2021, 1, 1), FIRST, LAST, EVERY)
    alliances = Alliances(lambda day: (case.terms,), lambda name, day, members: case.told, KEYS, calendar)
    inside, notices = set(case.terms.candidates), dict[int, tuple[int, bool]]()
    for day in range(FIRST, LAST):
        if calendar.reviews(day):
            joining, leaving = ({row for row, (_, joins) in notices.items() if joins == way} for way in (True, False))
            wishes = case.wishes(tuple(sorted((inside | joining) - leaving)), day)
            made = {KEYS.index(d.agent): d.decision == "join" for d in alliances.review(day)}
            for row, more in wishes.items():
                if row not in notices and abs(more) > CLOSE:
                    assert made.get(row) == ((row not in inside) if more > 0 else None)
            assert not made.keys() & notices.keys(), "who has given notice has decided"
            notices |= {row: (day + case.terms.notice_days, joins) for row, joins in made.items()}
        for row, (due, joins) in list(notices.items()):
            if due <= day:
                (inside.add if joins else inside.discard)(row)
                del notices[row]
        assert dict(alliances.in_force(day)).get("pool", case.terms.candidates) == tuple(sorted(inside))
