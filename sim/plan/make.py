"""Make the plan of a day: a pure function of the world, the rules and the day's replanning period."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from hashlib import blake2b
from typing import Any

import numpy as np

from sim.plan.assemble import Drawing, draw, plan_for
from sim.plan.collect import planned_on
from sim.plan.forecast import period_factors
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.world.world import World

KNOWN = 128
"""A planner remembers so many plans, worlds and rules."""
DRAWN = 8
"""A planner remembers so many drawings for parcels going down."""
LARGE = 4096
Columns = dict[int, tuple[Any, bytes]]
"""Columns that were read, by identity: nothing in a world changes."""


def make_plan(world: World, rules: Rules, day: int, start: date, recorded: None = None) -> Plan:
    """Return the plan of a day.

    The day enters only through its replanning period's season and trend, both rounded up to a coarse grid. ``recorded`` is what was
    measured before the plan time; nothing is decided on it yet.
    """
    return plan_for(world, rules, *period_factors(day, start, rules.parameters))


class Planner:
    """Makes the plans of a run; for equal rounded inputs it returns the same object."""

    def __init__(self, start: date) -> None:
        self.start = start
        self._plans: dict[str, Plan] = {}
        self._names: dict[int, tuple[Rules, str]] = {}
        self._columns: Columns = {}
        self._worlds: dict[tuple[int, int], tuple[World, Rules, str]] = {}
        self._rests: dict[tuple[int, ...], tuple[World, str]] = {}
        self._drawings: dict[str, Drawing] = {}
        self._factors: dict[tuple[int, str], tuple[float, float]] = {}

    def __call__(self, world: World, rules: Rules, day: int) -> Plan:
        """Return the plan of a day."""
        name, factors = self._planned(world, rules, day)
        if name not in self._plans:
            _make_room(self._plans, KNOWN)
            self._plans[name] = plan_for(world, rules, *factors, self._drawing(world, rules, factors))
        return self._plans[name]

    def begun(self, start: date) -> Planner:
        """Return a planner of a run that starts on another date, with what this one knows: plans are the same for equal factors."""
        other = Planner(start)
        other._plans, other._names, other._columns = self._plans, self._names, self._columns
        other._worlds, other._rests, other._drawings = self._worlds, self._rests, self._drawings
        return other

    def _drawing(self, world: World, rules: Rules, factors: tuple[float, float]) -> Drawing | None:
        """Return what a plan draws for parcels going down, where another expectation of those going up may follow."""
        if world.fields is None:
            return None
        name = f"{self._rest(world)}|{self._name(rules)}|{factors}"
        if name not in self._drawings:
            _make_room(self._drawings, DRAWN)
            self._drawings[name] = draw(world, rules, *factors)
        return self._drawings[name]

    def know(self, world: World, rules: Rules, day: int, plan: Plan) -> None:
        """Take the plan of a day that another planner made; it is the one that is returned from now on."""
        _make_room(self._plans, KNOWN)
        self._plans[self._planned(world, rules, day)[0]] = plan

    def _planned(self, world: World, rules: Rules, day: int) -> tuple[str, tuple[float, float]]:
        """Return the name of a day's plan, and the season and trend that it is made for."""
        who = self._name(rules)
        period = day // rules.parameters.timetable.replan_every_days
        if (period, who) not in self._factors:
            self._factors[period, who] = period_factors(day, self.start, rules.parameters)
        factors = self._factors[period, who]
        return f"{self._seen(world, rules)}|{who}|{factors}", factors

    def _seen(self, world: World, rules: Rules) -> str:
        """Return the hash of what plans look at in a world: what changes nothing of the collection makes no new plan."""
        if world.collection is None:
            return self._rest(world)
        pair = (id(world), id(rules))
        if pair not in self._worlds:
            _make_room(self._worlds, KNOWN)
            up = planned_on(world, rules).collection
            self._worlds[pair] = (world, rules, self._rest(world) if up is None else f"{self._rest(world)}|{content(up)}")
        return self._worlds[pair][2]

    def _rest(self, world: World) -> str:
        """Return the hash of a world but for what is expected to be sent up: agents change that alone every few days."""
        parts = tuple(id(getattr(world, field.name)) for field in fields(world) if field.name != "collection")
        if parts not in self._rests:
            _make_room(self._rests, KNOWN)
            self._rests[parts] = (world, content(replace(world, collection=None), columns=self._columns))
        return self._rests[parts][1]

    def _name(self, rules: Rules) -> str:
        """Return the hash of rules; each object is read once."""
        if id(rules) not in self._names:
            _make_room(self._names, KNOWN)
            self._names[id(rules)] = (rules, content(rules))
        return self._names[id(rules)][1]


def _make_room(known: dict[Any, Any], most: int) -> None:
    """Forget what came first where more is known than ``most`` leaves room for: agents change their world again and again."""
    while len(known) >= most:
        known.pop(next(iter(known)))


def content(*things: object, columns: Columns | None = None) -> str:
    """Return a hash of worlds, rules or plans; the rules' support is left out: no plan looks at it.

    Worlds that agents make of one another share most of their ``columns``: those of ``LARGE`` bytes and more are read once.
    """
    digest = blake2b(digest_size=16)
    for thing in things:
        feed(digest, replace(thing, support=()) if isinstance(thing, Rules) else thing, {} if columns is None else columns)
    return digest.hexdigest()


def feed(digest: blake2b, thing: object, columns: Columns) -> None:
    """Feed a hash with everything in a world, in rules or in a plan."""
    if isinstance(thing, np.ndarray):
        digest.update(_column(thing, columns))
    elif hasattr(thing, "__dataclass_fields__"):
        for field in fields(thing):  # type: ignore[arg-type]
            digest.update(field.name.encode())
            feed(digest, getattr(thing, field.name), columns)
    elif hasattr(thing, "model_dump_json"):
        digest.update(thing.model_dump_json().encode())
    else:
        digest.update(repr(thing).encode())


def _column(column: Any, columns: Columns) -> bytes:
    """Return type, shape and hash of a column."""
    if id(column) in columns:
        return columns[id(column)][1]
    whole = f"{column.dtype}{column.shape}".encode() + blake2b(np.ascontiguousarray(column).data, digest_size=16).digest()
    if column.nbytes >= LARGE:
        _make_room(columns, KNOWN)
        columns[id(column)] = (column, whole)
    return whole
