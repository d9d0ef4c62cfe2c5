"""Let operators, hosts and households answer to one another before a run until nobody changes: a scenario's settled state, no luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sim.agents.answered import answer_to
from sim.agents.books import Books, lasting
from sim.agents.decided import Decided, laid_over, nothing_decided, revised
from sim.agents.hosts import Hosts, handed_inside, new_hosts, outside_option, review_hosts, station_income
from sim.agents.review import Decision, review
from sim.agents.vans import MONTH_DAYS
from sim.agents.waiting import expected_cost
from sim.ledger.capital import Capital
from sim.plan.forecast import forecast
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.world.world import TO_VILLAGE, Bools, Floats, World

Plans = Callable[[World, Rules, int], Plan]
"""The planner: the plan of a day."""


@dataclass(frozen=True)
class Settled:
    """What a run begins with.

    ``decided`` over ``levers``, the levers' world; ``world`` with it. ``reference`` and ``cost`` (n,): expected generalised cost of a
    parcel in the county as found and in ``world``; ``outside`` (n,): the hosts' outside options. ``rounds`` of reviews were made;
    ``calm`` says that the last changed nothing.
    """

    levers: World
    world: World
    decided: Decided
    barred: Bools
    hosts: Hosts
    outside: Floats
    reference: Floats
    cost: Floats
    decisions: tuple[Decision, ...]
    rounds: int
    calm: bool


def settle(
    found: World,
    found_rules: Rules,
    world: World,
    rules: Rules,
    plans: Plans,
    day: int,
    capital: tuple[Capital, ...] = (),
    books: Books | None = None,
) -> Settled:
    """Return the state in which a run of ``world`` and ``rules`` begins; ``found`` is the county before any lever.

    Operators and hosts review on the mean day's forecast and the plan of ``day`` until nobody changes, with the support of every
    programme for the part of the year that its money by ``books`` would last at what each round claims. A village taken up and given up
    again is not tried a third time, a station that closed stays closed. When they stand still, households answer to what the plan then
    promises; where they order otherwise than was expected, it is planned and reviewed again for what they order.
    """
    d = rules.parameters.decisions
    option = outside_option(found, found_rules, forecast(found, found_rules.parameters, 1.0, 1.0).ordered)
    decided, barred = nothing_decided(world), np.zeros(world.operators.mode.shape, np.bool_)
    decisions: list[Decision] = []
    reference = cost = np.zeros(found.places.n)
    if d.shoppers:
        reference = expected_cost(found, found_rules, plans(found, found_rules, day))
    rounds, calm = 0, not (d.operators or d.hosts or d.shoppers)
    while not calm and rounds < d.settle_rounds:
        rounds += 1
        new, made = decided, []
        now = laid_over(world, rules, decided)
        volume = forecast(now, rules.parameters, 1.0, 1.0).ordered
        support = lasting(rules.support, books, day, now, volume)
        if d.operators:
            seen = review(now, rules, plans(now, rules, day), volume, support, day, barred)
            tried = (decided.mode == TO_VILLAGE) & (seen.mode != TO_VILLAGE)
            barred |= tried
            new = revised(decided, now, seen.mode, seen.days)
            made += list(seen.decisions)
        if d.hosts:
            income = station_income(world, rules, handed_inside(now, volume) * MONTH_DAYS, support, capital)
            _, closed, shut = review_hosts(world, rules, new_hosts(world), new.closed, income, option, d.loss_months * 30, day)
            made += [one for one in shut if one.now == "closed"]
            new = replace(new, closed=closed | new.closed)
        decisions += made
        if d.shoppers and (not made or rounds == d.settle_rounds):
            after = laid_over(world, rules, new)
            cost = expected_cost(after, rules, plans(after, rules, day))
            new = replace(new, answer=answer_to(new.answer, cost, reference, d))
        calm = not made and bool((new.answer == decided.answer).all())
        decided = new
    after = laid_over(world, rules, decided)
    if d.shoppers and not calm:
        cost = expected_cost(after, rules, plans(after, rules, day))
    return Settled(world, after, decided, barred, new_hosts(world), option, reference, cost, tuple(decisions), rounds, calm)
