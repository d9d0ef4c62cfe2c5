"""The recorder of a run's metrics: bounded memory, one call a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.ledger import Capital, Ledger, Postings
from sim.metrics.cohort import Cohort
from sim.metrics.look import Look
from sim.metrics.period import Window
from sim.metrics.produce import Crops
from sim.metrics.purse import Purse
from sim.metrics.surplus import Surplus
from sim.metrics.traffic import Traffic
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.schema.programme import Programme
from sim.schema.raw import DayRecord
from sim.units import DAY
from sim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

AGENTS = ("shopper", "carrier", "host")
"""Kinds of agents that decide."""


class MetricsRecorder:
    """Counts cohort, traffic and money of the days ``window`` = [first, last); ``days`` is the run's length without the drain.

    ``seed`` is the run's (for complaints and fines); ``capital`` prices the levers' stations and lockers; ``transition`` posts
    leases, idle vehicles and severance after a change; ``programmes`` are the public budgets.
    """

    def __init__(
        self,
        world: World,
        rules: Rules,
        start: date,
        days: int,
        window: tuple[int, int],
        *,
        seed: int = 0,
        capital: tuple[Capital, ...] = (),
        transition: bool = False,
        programmes: Mapping[str, Programme] | None = None,
    ) -> None:
        self.world, self.rules, self.start, self.days, self.seed = world, rules, start, days, seed
        self.window = Window(start, *window)
        self.ledger = Ledger(world, rules, start, capital=capital, transition=transition, programmes=programmes, seed=seed)
        self.cohort = Cohort(world, self.window, max(days - window[1], 0) + rules.parameters.counting.drain_days)
        self.traffic = Traffic(world, start, self.window)
        self.crops = Crops(world, self.window) if world.fields is not None else None
        self.purse = Purse(self.window)
        self.surplus = Surplus(world, self.window)
        """What households gain; recorded by whoever knows what they remember."""
        self.postings: Postings | None = None
        """The postings of the day recorded last."""
        self.agents_changed = [dict.fromkeys((*AGENTS, *(["farmer"] if world.fields is not None else [])), 0) for _ in self.window.months]
        """How many agents of each kind are not as the levers left them, at the end of each month."""

    def in_force(self, world: World, rules: Rules) -> None:
        """Take a dated version of world and rules; call it before the plan that follows from it."""
        self.world, self.rules = world, rules
        self.ledger.in_force(world, rules)

    def plan(self, day: int, plan: Plan) -> None:
        """Note that ``plan`` is in force from ``day``'s plan time."""
        self.ledger.plan(day, plan)

    def record(self, record: DayRecord) -> None:
        """Take one day."""
        self.postings = self.ledger.day(record)
        self.purse.record(self.postings, len(self.ledger.book.keys))
        self.traffic.record(self.world, self.ledger, record)
        if self.crops is not None:
            self.crops.record(record)
        self.cohort.record(self.world, self.rules, record.parcels, record.day, (record.day + 1) * DAY, self.seed)

    def agents(self, day: int, changed: Callable[[], dict[str, int]]) -> None:
        """Note how many agents of each kind are not as the levers left them at the end of a day; asked on a month's last day."""
        month = self.window.month(day)
        if month >= 0 and self.window.month(day + 1) != month:
            self.agents_changed[month] = changed()

    def metrics(self) -> pd.DataFrame:
        """Return the metrics table: metric, unit, group, value_of_group, period, value, n, numerator, denominator."""
        from sim.metrics.measure import measure

        return measure(self)

    def look(self) -> Look:
        """Return the metrics table ready to be looked up by window and group."""
        first, last = (self.start + timedelta(days=d) for d in (self.window.first, self.window.last - 1))
        return Look(self.metrics(), first, last)
