"""Stack levers in the order written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sim.levers.base import Lever
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import World


def apply(levers: Sequence[Lever], world: World, rules: Rules, day: date, *, start: date, settled: bool) -> tuple[World, Rules]:
    """Return world and rules on a day; the same objects where no lever changes anything.

    ``settled`` ignores dates: every lever is in force at full strength. ``start`` is the first day of a lever without a date.
    """
    for lever in levers:
        strength = 1.0 if settled else lever.active(day, start)
        if strength > 0:
            changed = lever.rules(rules, world, strength)
            world = lever.world(world, changed, strength)
            rules = changed
    return world, rules


def turns(levers: Sequence[Lever], first: date, last: date, *, start: date) -> tuple[date, ...]:
    """Return the days in ``first .. last`` on which any lever's strength changes, in order; before ``first`` none is in force."""
    return tuple(sorted({day for lever in levers for day in lever.turns(first, last, start)}))


def explained(levers: Sequence[Lever], world: World, rules: Rules) -> list[tuple[Lever, list[Words]]]:
    """Return what each lever changes against those before it, in words and numbers."""
    told = []
    for lever in levers:
        told.append((lever, lever.explain(world, rules)))
        changed = lever.rules(rules, world, 1.0)
        world = lever.world(world, changed, 1.0)
        rules = changed
    return told
