"""Overtime: who pays for the people that stay when a queue's window is extended."""

from __future__ import annotations

import numpy as np

from sim.ledger.book import Book, Key
from sim.ledger.payer import Payers
from sim.ledger.price import Price
from sim.ledger.standing import site_leg
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.units import HOUR
from sim.world.world import TOWNSHIP, World

KINDS = (("warehousing", "unloader"), ("sorting", "sorter"), ("delivery", "clerk"))


def post_overtime(
    book: Book, world: World, rules: Rules, price: dict[str, Price], payers: Payers, plan: Plan, queue: int, overtime: int, stations: int
) -> None:
    """Add the overtime (microseconds of each station) of one window, divided among the crews that work the queue by their size."""
    k = world.operators.n
    kind = min(queue // k, 2)
    activity, _ = KINDS[kind]
    place = 0 if kind < 2 else int(np.flatnonzero(world.places.tier == TOWNSHIP)[(queue - 2 * k) // k])
    crews = _crews(rules, plan, kind, queue, place) or {queue % k: 1}
    time, total = overtime * stations, sum(crews.values())
    for row, people in crews.items():
        payer, lever = payers.of(activity, "staff", row)
        leg, where = site_leg(world, place), world.places.key[place]
        key = Key(payer, "workers", "overtime", "resource", activity, "staff", leg, where, lever=lever, unit="h")
        own = time * people / total
        book.add(key, own / HOUR, int(time * people * price["overtime_hour"].amount * 1000 // (HOUR * total)))


def _crews(rules: Rules, plan: Plan, kind: int, queue: int, place: int) -> dict[int, int]:
    """Return {operator row: people} of the plan's paid blocks whose crews serve the users of a queue."""
    activity, role = KINDS[kind]
    queues = (plan.lookup.dock_queue, plan.lookup.sort_queue, plan.lookup.handle_queue)[kind]
    users = np.any((queues == queue).reshape(len(queues), -1), axis=1)
    leads = set(rules.group(activity, "staff")[users].tolist())
    crews: dict[int, int] = {}
    for row, _site, own_role, own_place, count, *_ in plan.resources.people:
        if own_role == role and own_place == place and row in leads:
            crews[row] = max(crews.get(row, 0), count)
    return crews
