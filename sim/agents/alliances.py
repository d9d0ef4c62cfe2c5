"""Members of voluntary alliances: who leaves and who joins, once a month, on what the alliance costs each and what going alone would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np

from sim.agents.review import Decision, review_day
from sim.agents.vans import MONTH_DAYS
from sim.rules import Alliance
from sim.sharing.allocation import Allocation, allocate
from sim.sharing.coalitions import Coalitions, Rows
from sim.sharing.split import whole_fen
from sim.sharing.terms import Terms
from sim.units import FEN_PER_YUAN
from sim.world.world import Floats

Members = tuple[tuple[str, Rows], ...]
"""The members of alliances that have changed since they began, by id; the others have all their candidates."""
TermsOf = Callable[[int], tuple[Terms, ...]]
"""The terms of the alliances in force on a day."""
CoalitionsOf = Callable[[str, int, Members], Coalitions]
"""The coalitions of one alliance on a day, the other alliances as they are."""


@dataclass(frozen=True)
class Wish:
    """What one operator wants: to leave or to join, and what it expects to gain by it, yuan a day."""

    row: int
    joins: bool
    gain: float


def review_membership(terms: Terms, coalitions: Coalitions, members: Rows, day: int, *, may_join: bool = True) -> tuple[Wish, ...]:
    """Return who wants to leave and who to join, each taking the others as they are.

    A member leaves when the pool, fees included, costs it more than going alone by more than its patience: its threshold and the
    switching cost spread over its horizon. An operator outside joins when the pool, with it inside, would cost it less by more than that.
    Nobody is left in an alliance of one.
    """
    if len(members) == 1:
        return (Wish(members[0], False, 0.0),)
    if not members:
        return ()
    inside = allocate(terms, coalitions, members, day)
    worse, alone = inside.worse.tolist(), inside.alone.tolist()
    wishes = [Wish(row, False, w) for row, w, a in zip(members, worse, alone, strict=True) if w > terms.patience(a)]
    for row in terms.candidates if may_join else ():
        if row not in members:
            with_it = tuple(sorted((*members, row)))
            at, then = with_it.index(row), allocate(terms, coalitions, with_it, day)
            if -float(then.worse[at]) > terms.patience(float(then.alone[at])):
                wishes.append(Wish(row, True, -float(then.worse[at])))
    return tuple(wishes)


def settle_membership(
    terms: Terms, coalitions: Coalitions, keys: tuple[str, ...], day: int, rounds: int
) -> tuple[Rows, tuple[Decision, ...], bool]:
    """Return the members before a settled run, their decisions, and whether the reviews came to rest by themselves.

    All candidates begin as members; everyone reviews at once, at no notice, until nobody changes. After ``rounds`` reviews nobody joins
    any more, so that nobody is left who would rather go.
    """
    members, made, turn = terms.candidates, list[Decision](), 0
    while wishes := review_membership(terms, coalitions, members, day, may_join=turn < rounds):
        turn += 1
        made += [decision(terms, keys, wish, day) for wish in wishes]
        members = changed(members, wishes)
    return members, tuple(made), turn < rounds or not review_membership(terms, coalitions, members, day)


def changed(members: Rows, wishes: tuple[Wish, ...]) -> Rows:
    """Return the members after some have left and others joined."""
    gone = {w.row for w in wishes if not w.joins}
    return tuple(sorted({*members, *(w.row for w in wishes if w.joins)} - gone))


def decision(terms: Terms, keys: tuple[str, ...], wish: Wish, day: int) -> Decision:
    """Return a wish as a row of the table of decisions."""
    outside, inside = "alone", f"alliance:{terms.id}"
    was, now = (outside, inside) if wish.joins else (inside, outside)
    fen = round(wish.gain * MONTH_DAYS * FEN_PER_YUAN)
    return Decision(day, keys[wish.row], "carrier", "join" if wish.joins else "leave", was, now, fen, f"shared by {terms.rule}")


@dataclass(frozen=True)
class Calendar:
    """The days of a run: ``first`` with the warm-up, ``days`` that may count from day 0 on, a review every ``every`` days."""

    start: date
    first: int
    days: int
    every: int

    def reviews(self, day: int) -> bool:
        """Say whether members decide on a day."""
        return review_day(day, self.first, self.days, self.every)

    def month(self, day: int) -> tuple[str, int]:
        """Return the month of a day, and how many of its days from this one on are in the run."""
        today = self.start + timedelta(days=day)
        end = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return today.strftime("%Y-%m"), min((end - today).days, self.days - day)


class Book(Protocol):
    """Takes decisions, and what members bear by month."""

    def decisions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take decisions."""

    def allocations(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take rows of the table of allocations."""


@dataclass
class Alliances:
    """The alliances of one run: members in force, notices that run, and what members have agreed to bear.

    ``members`` holds the alliances that differ from their beginning; ``notices`` (alliance, row) -> (day it takes effect, joins).
    """

    terms_of: TermsOf
    coalitions_of: CoalitionsOf
    keys: tuple[str, ...]
    calendar: Calendar
    members: dict[str, Rows] = field(default_factory=dict)
    reviews: bool = True
    notices: dict[tuple[str, int], tuple[int, bool]] = field(default_factory=dict)
    diary: Book | None = None
    _woken: int | None = None
    _month: str = ""
    _agreed: dict[tuple[int, str, Rows, int], tuple[Coalitions, Allocation]] = field(default_factory=dict)

    def morning(self, day: int) -> Members:
        """Let members decide where a review is due, write down a month that begins, and return the members of the day."""
        if day != self._woken:
            self._woken = day
            made = self.review(day) if self.calendar.reviews(day) else []
            inside = self.in_force(day)
            month, days = self.calendar.month(day)
            if self.diary is not None:
                self.diary.decisions(made)
                if 0 <= day < self.calendar.days and month != self._month:
                    self._month = month
                    self.diary.allocations(self.rows(day, month, days))
            return inside
        return self.in_force(day)

    def in_force(self, day: int) -> Members:
        """Return the members on a day; notices that are over take effect."""
        for (name, row), (due, joins) in sorted(self.notices.items()):
            if due <= day:
                terms = next((t for t in self.terms_of(day) if t.id == name), None)
                if terms is not None:
                    self.members[name] = changed(self._inside(terms), (Wish(row, joins, 0.0),))
                del self.notices[name, row]
        return tuple(sorted(self.members.items()))

    def _inside(self, terms: Terms) -> Rows:
        inside = self.members.get(terms.id, terms.candidates)
        return tuple(row for row in inside if row in terms.candidates)

    def review(self, day: int) -> list[Decision]:
        """Let everyone decide on a review day; who has given notice has decided."""
        made: list[Decision] = []
        for terms in self.terms_of(day) if self.reviews else ():
            if not terms.voluntary:
                continue
            given = {row: joins for (name, row), (_, joins) in self.notices.items() if name == terms.id}
            coming = changed(self._inside(terms), tuple(Wish(row, joins, 0.0) for row, joins in given.items()))
            coalitions = self.coalitions_of(terms.id, day, tuple(sorted(self.members.items())))
            for wish in review_membership(terms, coalitions, coming, day):
                if wish.row not in given:
                    self.notices[terms.id, wish.row] = day + terms.notice_days, wish.joins
                    made.append(decision(terms, self.keys, wish, day))
        return made

    def _allocation(self, terms: Terms, members: Rows, day: int) -> Allocation:
        coalitions = self.coalitions_of(terms.id, day, tuple(sorted(self.members.items())))
        name = (id(coalitions), terms.id, members, coalitions.quarter(day))
        if name not in self._agreed:
            self._agreed = {name: (coalitions, allocate(terms, coalitions, members, day))} | dict(list(self._agreed.items())[-8:])
        return self._agreed[name][1]

    def shares(self, alliance: Alliance, day: int) -> Floats | None:
        """Return what each member bears of the joint cost; None where it goes by the parcels of the day."""
        if alliance.share_costs_by == "volume":
            return None
        terms = next(t for t in self.terms_of(day) if t.id == alliance.id)
        return self._allocation(terms, alliance.members, day).joint

    def rows(self, day: int, month: str, days: int) -> list[tuple[Any, ...]]:
        """Return the rows of ``allocations`` for a month of which so many days count, on the members of a day."""
        out: list[tuple[Any, ...]] = []
        for terms in self.terms_of(day):
            inside = self._inside(terms)
            if len(inside) < 2:
                continue
            own = self._allocation(terms, inside, day)
            alone = np.rint(own.alone * days * FEN_PER_YUAN).astype(np.int64)
            allocated, fees = whole_fen(own.allocated * days), np.rint(own.more_fees * days * FEN_PER_YUAN).astype(np.int64)
            known, sampled = own.objection.known, bool(own.half_width.any())
            objection = round(own.objection.yuan * days * FEN_PER_YUAN) if known else None
            by = ", ".join(self.keys[inside[i]] for i in own.objection.by) or None
            in_core = own.objection.in_core if known else None
            for i, row in enumerate(inside):
                figures = (int(alone[i]), int(allocated[i]), int(alone[i] - allocated[i]), int(fees[i]))
                told = (terms.rule, objection, by, in_core, round(float(own.half_width[i]) * days * FEN_PER_YUAN) if sampled else None)
                out.append((month, terms.id, self.keys[row], float(own.volume[i] * days), *figures, *told))
        return out
