"""Plan day after day: the same object as long as nothing that was rounded has changed."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from hashlib import blake2b

import numpy as np

from sim.plan.forecast import period_factors
from sim.plan.make import plan_for
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.world.world import World


class Planner:
    """Makes plans and keeps them by the hash of their rounded inputs; call it like ``make_plan``."""

    def __init__(self) -> None:
        self._plans: dict[str, Plan] = {}
        self._names: dict[int, tuple[object, str]] = {}
        self._factors: dict[tuple[int, date, str], tuple[float, float]] = {}

    def __call__(self, world: World, rules: Rules, day: int, start: date, recorded: None = None) -> Plan:
        """Return the plan of a day, the same object for equal inputs."""
        who = self._name(rules)
        period = day // rules.parameters.timetable.replan_every_days
        if (period, start, who) not in self._factors:
            self._factors[period, start, who] = period_factors(day, start, rules.parameters)
        factors = self._factors[period, start, who]
        name = f"{self._name(world)}|{who}|{factors}"
        if name not in self._plans:
            self._plans[name] = plan_for(world, rules, *factors)
        return self._plans[name]

    def _name(self, thing: World | Rules) -> str:
        """Return the hash of a world or of rules; each object is read once."""
        if id(thing) not in self._names:
            digest = blake2b(digest_size=16)
            _feed(digest, thing)
            self._names[id(thing)] = (thing, digest.hexdigest())
        return self._names[id(thing)][1]


def _feed(digest: blake2b, thing: object) -> None:
    if isinstance(thing, np.ndarray):
        digest.update(f"{thing.dtype}{thing.shape}".encode() + np.ascontiguousarray(thing).tobytes())
    elif hasattr(thing, "__dataclass_fields__"):
        for field in fields(thing):  # type: ignore[arg-type]
            digest.update(field.name.encode())
            _feed(digest, getattr(thing, field.name))
    elif hasattr(thing, "model_dump_json"):
        digest.update(thing.model_dump_json().encode())
    else:
        digest.update(repr(thing).encode())
