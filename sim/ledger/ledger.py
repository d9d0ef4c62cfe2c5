"""The ledger: (world, rules, plan in force, what was over that day) -> the day's postings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from sim.ledger.assets import State, assets, stations_owned
from sim.ledger.book import Book, Postings
from sim.ledger.capital import Capital
from sim.ledger.cold import cold_charges
from sim.ledger.driving import DriverDays, post_trips
from sim.ledger.facilities import Facility, capital_charges, cold_vehicles, facilities, owned
from sim.ledger.fines import post_fines
from sim.ledger.grants import Grants
from sim.ledger.handing import Handing
from sim.ledger.kernel import VOLUME, Tally
from sim.ledger.outreach import outreach_charges
from sim.ledger.overtime import post_overtime
from sim.ledger.payer import Payers
from sim.ledger.price import Price, prices
from sim.ledger.produce import Produce
from sim.ledger.settlement import Shares, settle
from sim.ledger.standing import Charge, Standing, alliance_charges, plan_charges, standing, station_charges
from sim.ledger.stock import post_stock
from sim.ledger.subsidies import Subsidies
from sim.ledger.transition import Burden, burdens, switching
from sim.ledger.treasury import Treasury
from sim.ledger.upkeep import upkeep_charges
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.schema.programme import Programme
from sim.schema.raw import PARCEL, DayRecord
from sim.world.county_stock import CountyStock
from sim.world.world import World

KEEP_DAYS = 40
"""Plans and driver-days older than this are forgotten: no trip takes so long to be over."""


class Ledger:
    """Posts day by day. ``transition`` adds leases, idle vehicles and severance after a change of world or rules; ``seed`` is the run's."""

    def __init__(
        self,
        world: World,
        rules: Rules,
        start: date,
        *,
        capital: tuple[Capital, ...] = (),
        transition: bool = False,
        programmes: Mapping[str, Programme] | None = None,
        seed: int = 0,
    ) -> None:
        self.start, self.capital, self.transition, self.seed = start, capital, transition, seed
        self.book = Book()
        self.plans: list[tuple[int, Plan]] = []
        self._standing: Standing | None = None
        self._owned: State | None = None
        self._cold: list[Facility] | None = None
        self._drivers = DriverDays()
        self._burdens: list[Burden] = []
        self._changed = False
        self.books = Treasury(programmes or {}, start)
        """What public programmes still have."""
        self._subsidies = Subsidies(self.book, self.books)
        self._produce = Produce(self.book)
        self._stock: CountyStock | None = None
        """The county's stock, or the last one: its parcels are over days after they were picked."""
        self._morning = world
        """The world that farms met at 00:00, before the day's plan."""
        self.grants = Grants(self.books, spread=not transition)
        self.shares: Shares | None = None
        """What members of alliances have agreed to bear; by parcels where nothing is agreed."""
        self.tally = Tally(np.zeros(0, PARCEL), world.operators.n, world.places.n_townships, world.places.n)
        """What was counted of the parcels of the day recorded last."""
        self._set(world, rules)
        self._before = rules

    def _set(self, world: World, rules: Rules) -> None:
        self.world, self.rules = world, rules
        self.price: dict[str, Price] = prices(rules.parameters)
        self._payers = Payers(world, rules)
        self._handing = Handing(self.book, world, rules, self.price)
        self._stations: tuple[list[Charge], State] | None = None
        self._lasting: Standing | None = None
        """What stations and facilities cost a day."""

    def in_force(self, world: World, rules: Rules) -> None:
        """Take a dated version of world and rules; call it before the plan that follows from it."""
        self._set(world, rules)
        self._changed, self._standing, self._owned, self._cold = True, None, None, None

    def plan(self, day: int, plan: Plan) -> None:
        """Note that a plan is in force from a day on."""
        if self._changed and self.transition and self.plans:
            self._burdens += burdens(self.world, self.rules, self.price, self.plans[-1][1], plan, day)
            self._burdens += switching(self.world, self._before, self.rules, day)
        self._changed, self._before = False, self.rules
        self.plans.append((day, plan))
        self._standing = self._owned = self._cold = None

    def _unplanned(self, day: int) -> None:
        """Take a change that left the day's plan as it was: a later plan, of another season, owes nothing to it."""
        if self.transition:
            self._burdens += switching(self.world, self._before, self.rules, day)
        self._changed, self._before = False, self.rules

    def plan_of(self, day: int) -> Plan:
        """Return the plan in force on a day (the first plan is in force from the beginning)."""
        for since, plan in reversed(self.plans):
            if since <= day:
                return plan
        return self.plans[0][1]

    @property
    def owned(self) -> State:
        """Return what is owned under the world and rules in force and the last plan (``assets``)."""
        if self._owned is None:
            more = self._stationed()[1] | owned(self._cooled())
            self._owned = assets(self.world, self.rules, self.plans[-1][1], self._payers, more)
        return self._owned

    def _cooled(self) -> list[Facility]:
        """Return what makes the vehicles of the last plan cold."""
        if self._cold is None:
            self._cold = list(cold_vehicles(self.world, self.rules, self.plans[-1][1]))
        return self._cold

    def _stationed(self) -> tuple[list[Charge], State]:
        """Return what stations and facilities cost a day and are worth: another plan alone changes nothing of it."""
        if self._stations is None:
            charges = list(station_charges(self.world, self.rules, self.price, self.capital))
            stand = list(facilities(self.world, self.rules))
            charges += capital_charges(stand, self.rules.parameters.money.discount_rate)
            self._stations = charges, stations_owned(self.world, self.rules, self.capital) | owned(stand)
        return self._stations

    def _stand(self) -> Standing:
        """Return the daily charges under the world and rules in force and the last plan."""
        world, rules, rate = self.world, self.rules, self.rules.parameters.money.discount_rate
        own = standing(plan_charges(world, self.plans[-1][1], self.price, self._payers), self.book)
        if self._lasting is None:
            self._lasting = standing(self._stationed()[0], self.book)
        more = (
            *alliance_charges(rules, self.price),
            *capital_charges(self._cooled(), rate),
            *cold_charges(world, rules),
            *outreach_charges(world),
            *upkeep_charges(world),
        )
        return own.beside(self._lasting, standing(more, self.book))

    def day(self, record: DayRecord) -> Postings:
        """Return the postings of the day that has just ended."""
        if self._changed:
            self._unplanned(record.day)
        if self._standing is None:
            self._standing = self._stand()
        weekday = (self.start + timedelta(days=record.day)).weekday()
        self.book.add_rows(*self._standing.on(weekday))
        for burden in self._burdens:
            if burden.since <= record.day < burden.until:
                self.book.add(burden.key, burden.quantity, burden.micro)
        post_trips(self.book, self.world, self.rules, self.price, self._payers, record.trips)
        for day in np.unique(record.trips["day"]).tolist():
            own = record.trips[record.trips["day"] == day]
            self._drivers.post(self.book, self.price, self._payers, self.plan_of(day), day, own)
        self._overtime(record)
        self.tally = tally = Tally(record.parcels, self.world.operators.n, self.world.places.n_townships, self.world.places.n)
        self._handing.post(tally)
        post_fines(self.book, self.world, self.rules, self.price, self._payers, record.parcels, self.seed)
        self._stock = self.world.stock or self._stock
        post_stock(self.book, self._stock, record.parcels)
        if record.farms is not None:
            self._produce.post(self._morning, record.farms.dues)
        self._morning = self.world
        if self.rules.support:
            self._subsidies.post(self.world, self.rules, record.day, record.parcels)
        if self.grants.waiting or any(support.grants() for support in self.rules.support):
            self.grants.day(self.book, self.world, self.rules, self.owned, record.day)
        postings = self.book.close(record.day)
        if self.rules.alliances:
            postings = settle(self.book, self.world, self.rules, tally.by_operator[VOLUME], postings, self.shares)
        if record.day % 10 == 0:
            self._forget(record.day - KEEP_DAYS)
        return postings

    def _overtime(self, record: DayRecord) -> None:
        late = record.shifts[record.shifts["overtime"] > 0]
        for shift in zip(*(late[name].tolist() for name in ("day", "queue", "overtime", "stations")), strict=True):
            day, queue, overtime, stations = shift
            plan = self.plan_of(day)
            post_overtime(self.book, self.world, self.rules, self.price, self._payers, plan, queue, overtime, stations)

    def _forget(self, before: int) -> None:
        self._drivers.forget(before)
        while len(self.plans) > 1 and self.plans[1][0] <= before:
            self.plans.pop(0)
