"""The county as a Mesa model: agents over columns, woken by SimPy's clock, never by ``step()``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

import mesa
import numpy as np

from sim.agents.answered import Counted, corrected
from sim.agents.books import Books, lasting, paying
from sim.agents.decided import laid_over, nothing_decided, other_stations, remaining, revised, same
from sim.agents.farm_memory import Memory as FarmMemory
from sim.agents.farmers import Farmers
from sim.agents.farming import Farming
from sim.agents.hosts import Host, new_hosts, review_hosts, started, station_income
from sim.agents.log import Diary, Kept
from sim.agents.operators import Operator
from sim.agents.response import Memory, demand_factor
from sim.agents.review import Decision, review, review_day
from sim.agents.settle import Plans, Settled
from sim.agents.shoppers import Shoppers, daily_rates, habits, order, thin
from sim.agents.tally import Recorded
from sim.agents.vans import MONTH_DAYS
from sim.ledger.capital import Capital
from sim.plan.orders import Orders, Shipments, no_shipments
from sim.rules import Rules
from sim.schema.parameters import Parameters
from sim.schema.raw import DOWN, FROM_STOCK, DayRecord
from sim.units import DAY
from sim.world.county_stock import CountyStock
from sim.world.season import season
from sim.world.world import TO_VILLAGE, VILLAGE, Floats, Ints, World

_kept: dict[str, dict[int, Orders]] = {}
REASONS = {True: "villages_order_otherwise", False: "town_orders_otherwise"}
"""Why operators correct what they expect of a township's villages, or of its town."""
CHANGED = 0.01
"""Households whose orders moved by more than this share count as changed."""


def _orders_of(name: str) -> dict[int, Orders]:
    """Return the orders by day known under a name; those of any other name are forgotten."""
    if name not in _kept:
        _kept.clear()
        _kept[name] = {}
    return _kept[name]


class County(mesa.Model):
    """Shoppers and hosts of every place and the operators of one county, in order of their keys.

    ``daily_rate`` (households,) holds each household's orders on a mean day, ``memory.cost`` what it remembers of a parcel's generalised
    cost and ``factor`` its orders over those at ``reference``. Without ``begin`` (what was settled before the run) nobody answers to
    anything. Farms begin with what they have ``remembered``.
    Orders are asked for on days before ``last_day``; the first plan is that of ``first_day``.
    """

    def __init__(
        self,
        world: World,
        parameters: Parameters,
        seed: int,
        start: date,
        keep: bool = False,
        *,
        begin: Settled | None = None,
        remembered: FarmMemory | None = None,
        plans: Plans | None = None,
        first_day: int = 0,
        last_day: int = 2**31,
        sample: float = 1.0,
        capital: tuple[Capital, ...] = (),
        diary: Diary | None = None,
    ) -> None:
        super().__init__()
        self.found = world
        self.parameters = parameters
        self.luck_seed = seed
        self.keep = keep
        self.start = start
        self.first_day, self.last_day = first_day, last_day
        self.habits = habits(world, parameters)
        self._name: str | None = None
        self.daily_rate = daily_rates(world, parameters)
        self.begin, self.plans, self.capital = begin, plans, capital
        self.diary: Diary = diary if diary is not None else Kept()
        self.books: Books | None = None
        d = parameters.decisions
        self.answers = begin is not None and d.shoppers
        self.reviews = begin is not None and plans is not None and (d.operators or d.hosts)
        self.levers = begin.levers if begin else world
        self.now = begin.world if begin else world
        self.rules_now: Rules | None = None
        self.decided = begin.decided if begin else nothing_decided(world)
        self.hosts = begin.hosts if begin else new_hosts(world)
        self.opened = np.full(world.places.n, first_day, np.int64)
        self.outside: Floats = begin.outside if begin else np.zeros(world.places.n)
        barred = begin.barred if begin else np.zeros((world.operators.n, world.places.n), np.bool_)
        self.barred_until = np.where(barred, first_day + self._days(d.retry_months), first_day)
        place = world.households.place
        self.memory = Memory(world, begin.cost[place] if begin else np.zeros(world.households.n))
        self.reference: Floats = begin.reference[place] if begin else np.zeros(world.households.n)
        self.factor: Floats = demand_factor(self.memory.cost, self.reference, d) if self.answers else np.ones(world.households.n)
        self.touched: Ints = np.zeros(0, np.int64)
        """The households that met something on the day that has just ended."""
        self.recorded = Recorded(world, first_day)
        self.counted = Counted(world, parameters.demand)
        self._woken: int | None = None
        self._stocks: list[tuple[int, CountyStock | None]] = []
        """The county's stock and the day since which it is so, the newest first: what it met is marked when it is over."""
        self.farming = Farming(world, parameters, seed, start, first_day, last_day, sample) if world.fields is not None else None
        if self.farming is not None and remembered is not None:
            self.farming.memory = remembered.anew()
        first = world.households.first
        for row in np.flatnonzero(np.diff(first) > 0).tolist():
            Shoppers(self, row, slice(int(first[row]), int(first[row + 1])))
        for row in range(world.operators.n):
            Operator(self, row)
        for row in np.flatnonzero(world.places.tier == VILLAGE).tolist():
            Host(self, row)
        if world.fields is not None:
            of = world.fields.farms.first
            for row in np.flatnonzero(np.diff(of) > 0).tolist():
                Farmers(self, row, slice(int(of[row]), int(of[row + 1])))

    # ---- shoppers

    def midnight(self, day: int) -> Orders:
        """Wake the shoppers at 00:00 of ``day``: they place the day's orders (one column call over all their rows).

        Scenarios of one study meet the same orders: those of the last seed are kept, drawn at the highest rate a household can reach, and
        each scenario keeps the first so many of every household that its own rate gives.
        """
        self.steps = day
        orders = self._ordered(day)
        if self.answers:
            self.counted.add(orders.place, season(day, self.start, self.parameters.demand))
        return self._stocked(day, orders)

    def _ordered(self, day: int) -> Orders:
        if not self.keep:
            return self._order(day, self.factor if self.answers else 1.0)
        known = _orders_of(self._luck_name())
        if day not in known:
            known[day] = self._order(day, self.parameters.decisions.cap if self.answers else 1.0)
        if not self.answers:
            return known[day]
        return thin(known[day], self.found, self.parameters, self.daily_rate, self.luck_seed, day, self.start, self.factor)

    def _stocked(self, day: int, orders: Orders) -> Orders:
        """Return the orders with those that are met from the county's stock at the gate after picking, not after the trunk's time."""
        stock = self.now.stock
        if not self._stocks or self._stocks[0][1] is not stock:
            self._stocks.insert(0, (day, stock))
        if stock is None:
            return orders
        held = stock.holds(orders.key, orders.place, orders.operator)
        picked = np.minimum(orders.gate_us, orders.created_us + stock.pick_us)
        return replace(orders, gate_us=np.where(held, picked, orders.gate_us))

    def sends(self, day: int) -> Shipments:
        """Wake the farms at 00:00 of ``day``: they review, pick and sell; return the parcels they send up."""
        if self.farming is None:
            return no_shipments()
        every = self.parameters.produce.learning.review_every_days
        if review_day(day, self.first_day, self.last_day, every):
            self.diary.decisions(self.farming.review(day, self.now))
        return self.farming.midnight(day, self.now)

    def evening(self, record: DayRecord) -> DayRecord:
        """Return the day that has just ended with what farms did on it, and the origin of parcels that came from the county's stock."""
        self._mark(record)
        return record if self.farming is None else self.farming.evening(record, self.now)

    def _mark(self, record: DayRecord) -> None:
        if not any(stock is not None for _, stock in self._stocks):
            return
        rows, day = record.parcels, record.parcels["created"] // DAY
        for created in np.unique(day).tolist():
            stock = next((stock for since, stock in self._stocks if since <= created), None)
            if stock is not None:
                own = np.flatnonzero((day == created) & (rows["direction"] == DOWN))
                held = stock.holds(rows["key"][own], rows["place"][own], rows["operator"][own])
                rows["origin"][own[held]] = FROM_STOCK

    def _luck_name(self) -> str:
        if self._name is None:
            digest = blake2b(digest_size=16)
            for column in (self.found.households.key, self.daily_rate, self.habits.collect_village_h, self.habits.collect_township_h):
                digest.update(np.ascontiguousarray(column).tobytes())
            digest.update(self.found.operators.share.tobytes())
            digest.update((self.parameters.demand.model_dump_json() + self.parameters.station.model_dump_json()).encode())
            highest = self.parameters.decisions.cap if self.answers else 1.0
            self._name = f"{digest.hexdigest()}|{self.luck_seed}|{self.start}|{highest}"
        return self._name

    def _order(self, day: int, factor: Floats | float) -> Orders:
        return order(self.found, self.parameters, self.habits, self.daily_rate, self.luck_seed, day, self.start, factor)

    # ---- what happened

    def observe(self, record: DayRecord, books: Books | None = None) -> None:
        """Take the day that has just ended: shoppers remember what they met, operators and hosts count."""
        self.books = books if books is not None else self.books
        rules = self.rules_now
        if self.answers and rules is not None:
            rows = self.touched = self.memory.meet(self.now, rules, record.parcels)
            self.factor[rows] = demand_factor(self.memory.cost[rows], self.reference[rows], self.parameters.decisions)
        if self.reviews:
            self.recorded.add(record)

    # ---- what is decided

    def world(self, world: World, rules: Rules, day: int) -> World:
        """Return the world of a day's plan: the levers' with what operators and hosts have decided; the same object until a change.

        On review days they decide here, on what was recorded before 00:00.
        """
        if self.begin is None:
            return world
        turned, first = world is not self.levers, self.rules_now is None
        if turned:
            self.decided = remaining(self.decided, self.levers, world)
            new = other_stations(self.levers, world)
            self.hosts = started(self.hosts, new)
            self.opened[new] = day
            self.levers = world
        if turned or (rules is not self.rules_now and not first):
            self._lay(rules, turned)
        self.rules_now = rules
        if day != self._woken:
            self._wake(rules, day)
            self._woken = day
        self._expect(rules, day)
        return self.now

    def _expect(self, rules: Rules, day: int) -> None:
        """Let operators know what is expected to be sent up; keep the object where they know it."""
        if self.farming is not None:
            self.farming.pooled.under(rules)
        if self.farming is not None and day > self.first_day:
            expected = self.farming.sent_up.expected(day)
            if expected is not self.now.collection:
                self.now = replace(self.now, collection=expected)

    def _lay(self, rules: Rules, turned: bool) -> None:
        """Lay the decisions over the levers' world; keep the object where nothing is decided otherwise."""
        new, now = laid_over(self.levers, rules, self.decided), self.now
        decided = (new.operators.mode != now.operators.mode).any() or (new.operators.days != now.operators.days).any()
        if turned or decided or (new.stations.host != now.stations.host).any() or not same(new.answer, now.answer):
            self.now = new

    def _wake(self, rules: Rules, day: int) -> None:
        assert self.begin is not None
        if day == self.first_day:
            self.diary.decisions(list(self.begin.decisions))
            self._states(day)
        if not review_day(day, self.first_day, self.last_day, rules.parameters.decisions.review_every_days):
            return
        if self.answers:
            self._correct(rules, day)
        if self.reviews:
            self._review(rules, day)
        self._states(day)
        self.recorded.begin(day)

    def _correct(self, rules: Rules, day: int) -> None:
        """Let operators expect what was ordered since the last review, where it was other than they expected."""
        answer, made = corrected(self.now, self.decided.answer, self.counted, rules.parameters.timetable.correct_above)
        self.counted.begin()
        if not made:
            return
        key = self.found.places.key
        rows = [(f"forecast:{key[c.township]}", c) for c in made]
        self.diary.decisions(
            [Decision(day, "all", "carrier", what, f"{c.was:.2f}", f"{c.now:.2f}", 0, REASONS[c.village]) for what, c in rows]
        )
        self.decided = replace(self.decided, answer=answer)
        self._lay(rules, False)

    def _review(self, rules: Rules, day: int) -> None:
        d, made, days = rules.parameters.decisions, list[Decision](), self.recorded.days(day)
        if not days:
            return
        assert self.plans is not None
        new = self.decided
        if d.operators:
            came = self.recorded.came / days
            expected = lasting(rules.support, self.books, day, self.now, came)
            seen = review(self.now, rules, self.plans(self.now, rules, day), came, expected, day, day < self.barred_until)
            given_up = (self.decided.mode == TO_VILLAGE) & (seen.mode != self.now.operators.mode)
            self.barred_until = np.where(given_up, day + self._days(d.retry_months), self.barred_until)
            new = revised(new, self.now, seen.mode, seen.days)
            made += seen.decisions
        if d.hosts:
            handed = np.where(new.closed, self.recorded.at_door, self.recorded.at_station)
            counted = np.clip(day - self.opened, 1, days)
            paid = paying(rules.support, self.books, day)
            income = station_income(self.levers, rules, handed / counted * MONTH_DAYS, paid, self.capital)
            passed = np.minimum(day - self.opened, d.review_every_days)
            self.hosts, closed, shut = review_hosts(self.levers, rules, self.hosts, new.closed, income, self.outside, passed, day)
            self.recorded.income = income
            made += shut
            new = replace(new, closed=closed)
        self.diary.decisions(made)
        self.decided = new
        if made:
            self._lay(rules, False)

    @staticmethod
    def _days(months: int) -> int:
        return round(months * MONTH_DAYS)

    # ---- what is told

    def _states(self, day: int) -> None:
        """Write down the state of every agent."""
        month = (self.start + timedelta(days=day)).strftime("%Y-%m")
        kinds: tuple[type[Shoppers | Operator | Host | Farmers], ...] = (Shoppers, Operator, Host, *([Farmers] if self.farming else []))
        for kind in kinds:
            rows = [row for agent in self.agents_by_type[kind] for row in agent.state()]  # type: ignore[attr-defined]
            self.diary.agents(kind.kind_name, [(month, day, *row) for row in rows])

    def changed(self) -> dict[str, int]:
        """Return how many agents are not as the levers left them: households that order otherwise, services, stations."""
        cells = (self.now.operators.mode != self.levers.operators.mode) & (self.levers.places.tier == VILLAGE)[None, :]
        closed = (self.now.stations.host != self.levers.stations.host).sum()
        return {"shopper": int((np.abs(self.factor - 1.0) > CHANGED).sum()), "carrier": int(cells.sum()), "host": int(closed)} | (
            {"farmer": self.farming.changed} if self.farming else {}
        )

    def told(self) -> dict[str, Any]:
        """Return what the manifest says about the agents."""
        if self.begin is None:
            return {}
        settled = {"rounds": self.begin.rounds, "calm": self.begin.calm, "decisions": len(self.begin.decisions)}
        weight = self.counted.mean_day
        expected = round(float((weight * self.begin.decided.answer).sum() / weight.sum()), 6) if weight.sum() else 1.0
        return {"agents": {"settled": settled, "expected_orders": expected, "changed": self.changed()}}

    def close(self) -> None:
        """Let go of Mesa's record of this model, which would keep it alive for the life of the process (Mesa before 3.5 has one)."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
