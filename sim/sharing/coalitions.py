"""What coalitions cost: the plan of their own pool with everyone else alone, remembered by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import blake2b

import numpy as np

from sim.ledger.capital import Capital
from sim.ledger.expected import QUARTER_DAYS, quarter_parcels
from sim.ledger.payer import alliance_actor
from sim.plan.assemble import plan_for
from sim.plan.forecast import factors_of
from sim.plan.make import content
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.sharing import shelf
from sim.sharing.bill import Bill, bill
from sim.sharing.game import Game, cover
from sim.world.world import Floats, World

Rows = tuple[int, ...]
Version = Callable[[Rows], tuple[World, Rules]]
"""World and rules with some operators pooling in one alliance and everything else as it is; () for nobody."""

_known: dict[str, dict[Rows, Bill]] = {}
"""Tables of values by their content, shared by all runs of the process."""


class Coalitions:
    """The coalitions of one alliance under one version of the county, quarter by quarter."""

    def __init__(self, alliance: str, version: Version, start: date, capital: tuple[Capital, ...] = ()) -> None:
        self._actor, self._version, self._start, self._capital = alliance_actor(alliance), version, start, capital
        self._world, self._rules = version(())
        self._plans: dict[tuple[Rows, tuple[float, float]], tuple[World, Rules, Plan]] = {}
        self._names: dict[int, str] = {}
        self._content = content(self._world, self._rules, *version(tuple(range(self._world.operators.n))))

    def quarter(self, day: int) -> int:
        """Return the first day of the quarter of a day; the warm-up belongs to the first."""
        return max(day, 0) // QUARTER_DAYS * QUARTER_DAYS

    def parcels(self, day: int) -> Floats:
        """Return each operator's expected parcels on a mean day of a day's quarter, (k,)."""
        parcels: Floats = quarter_parcels(self._world, self._rules.parameters, self._start, self.quarter(day)).ordered.sum(axis=1)
        return parcels

    def bills(self, day: int, wanted: Iterable[Rows]) -> dict[Rows, Bill]:
        """Return the bills of coalitions in a day's quarter; () is that of everyone alone."""
        first = self.quarter(day)
        name = self._name(first)
        if name not in _known:
            _known[name] = shelf.read(name)
        known = _known[name]
        missing = [rows for rows in dict.fromkeys(rows if len(rows) > 1 else () for rows in wanted) if rows not in known]
        for rows in missing:
            world, rules, plan = self._plan(rows, first)
            known[rows] = bill(world, rules, plan, self._start, first, self._actor, rows, self._capital)
        if missing:
            shelf.write(name, known)
        return known

    def game(self, day: int, members: Rows, *, whole: bool) -> Game:
        """Return the cost game of some members: every coalition, or only each alone and all together."""
        n = len(members)
        masks = range(1, 1 << n) if whole else sorted({*(1 << i for i in range(n)), (1 << n) - 1})
        rows_of = {mask: tuple(row for i, row in enumerate(members) if mask >> i & 1) for mask in masks}
        bills = self.bills(day, rows_of.values())
        cost = {mask: _cost(bills, rows) for mask, rows in rows_of.items()}
        together = bills[members if n > 1 else ()]
        return Game(cover(cost), self.parcels(day)[list(members)], np.array([together.own[o] for o in members]), _cost(bills, members))

    def cost(self, day: int, rows: Rows) -> float:
        """Return what a coalition's pool costs, or its members alone where that is less."""
        bills = self.bills(day, [(), rows])
        return min(_cost(bills, rows), sum(bills[()].own[row] for row in rows))

    def _plan(self, rows: Rows, first: int) -> tuple[World, Rules, Plan]:
        factors = factors_of(first, QUARTER_DAYS, self._start, self._rules.parameters.demand)
        if (rows, factors) not in self._plans:
            self._plans = {known: plan for known, plan in self._plans.items() if known[1] == factors}
            world, rules = self._version(rows)
            self._plans[rows, factors] = world, rules, plan_for(world, rules, *factors)
        return self._plans[rows, factors]

    def _name(self, first: int) -> str:
        if first not in self._names:
            digest = blake2b(f"{shelf.code()}|{self._content}|{self._start}|{first}|{self._actor}|{self._capital}".encode(), digest_size=16)
            self._names[first] = digest.hexdigest()
        return self._names[first]


def _cost(bills: dict[Rows, Bill], rows: Rows) -> float:
    return bills[rows].cost(rows) if len(rows) > 1 else bills[()].own[rows[0]]
