"""What drove and what was offered: trips by month, leg and operator; service days, modes and stations by village."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ledger.driving import chilled, inside
from sim.ledger.ledger import Ledger
from sim.metrics.period import Window
from sim.plan.plan import LEGS, VEHICLES, Plan
from sim.schema.raw import DIRECTIONS, DayRecord
from sim.world.world import MODES, VILLAGE, Bytes, Ints, World


def route_days(plan: Plan) -> Bytes:
    """Return the weekdays (bits, Monday = 1) on which each route (r,) has a trip."""
    days = np.zeros(len(plan.routes.leg), np.uint8)
    np.bitwise_or.at(days, plan.trips.route, plan.trips.days)
    return days


def offered_days(plan: Plan) -> Bytes:
    """Return the weekdays (bits, Monday = 1) on which a planned trip hands over at each place (n,)."""
    offered = np.zeros(plan.places, np.uint8)
    hands = plan.stops.queue == -1
    np.bitwise_or.at(offered, plan.stops.place[hands], route_days(plan)[plan.stops.route[hands]])
    return offered


class Traffic:
    """Counters of the window's days."""

    def __init__(self, world: World, start: date, window: Window) -> None:
        self.window, self._start = window, start
        months, k, n = len(window.months), world.operators.n, world.places.n
        self.metres = np.zeros((months, len(LEGS), k, len(VEHICLES)), np.int64)
        self.chilled = np.zeros_like(self.metres)
        """Those that refrigerated vehicles drove."""
        self.trips = np.zeros((months, len(LEGS), k), np.int64)
        self.load = np.zeros((months, len(LEGS), k))
        self.home = np.zeros((months, len(LEGS)))
        self.ended = np.zeros((months, len(LEGS), 2), np.int64)
        """Trips whose loading was ended by weight, by volume."""
        self.pieces = np.zeros((months, len(DIRECTIONS)), np.int64)
        self.litres = np.zeros((months, len(LEGS), len(DIRECTIONS)), np.int64)
        """What was handled at sites and carried on each leg, by direction: of parcels that ended, in pieces and millilitres."""
        self.offered = np.zeros((months, n), np.int64)
        self.stations = np.zeros((months, n), np.int64)
        self.modes = np.zeros((months, k, len(MODES)), np.int64)
        self._plan: Plan | None = None
        self._bits = np.zeros(n, np.uint8)
        self._mode = np.zeros((k, len(MODES)), np.int64)

    def _take(self, world: World, plan: Plan) -> None:
        self._plan, self._bits = plan, offered_days(plan)
        villages = plan.lookup.mode[:, world.places.tier == VILLAGE]
        self._mode = np.stack([(villages == code).sum(1) for code in range(len(MODES))], axis=1)

    def record(self, world: World, ledger: Ledger, record: DayRecord) -> None:
        """Count a day."""
        month = self.window.month(record.day)
        if month < 0:
            return
        plan = ledger.plan_of(record.day)
        if plan is not self._plan:
            self._take(world, plan)
        weekday = (self._start + timedelta(days=record.day)).weekday()
        self.offered[month] += self._bits >> weekday & 1
        self.stations[month] += world.stations.host > 0
        self.modes[month] += self._mode
        run = inside(record.trips)
        np.add.at(self.metres[month], (run["leg"], run["owner"], run["type"]), run["metres"])
        cold = run[chilled(world, run)]
        np.add.at(self.chilled[month], (cold["leg"], cold["owner"], cold["type"]), cold["metres"])
        share = np.maximum(run["load_g"] / plan.capacity_g[run["type"]], run["load_ml"] / plan.capacity_ml[run["type"]])
        np.add.at(self.trips[month], (run["leg"], run["owner"]), 1)
        np.add.at(self.load[month], (run["leg"], run["owner"]), share)
        for i, name in enumerate(("cut_g", "cut_ml")):
            self.ended[month, :, i] += np.bincount(run["leg"][run[name] > 0], minlength=len(LEGS))
        self._home(plan, record, run, month)
        self.pieces[month] += ledger.tally.pieces
        self.litres[month] += ledger.tally.ml

    def _home(self, plan: Plan, record: DayRecord, run: npt.NDArray[Any], month: int) -> None:
        """Count how full trips (those with stops) go home: aboard on leaving the last stop."""
        stops = record.stops
        last = stops[_last_rows(stops["trip"])]
        order = np.argsort(run["trip"], kind="stable")
        at = np.searchsorted(run["trip"], last["trip"], sorter=order)
        found = at < len(run)
        own, last = order[at[found]], last[found]
        same = run["trip"][own] == last["trip"]
        own, last = own[same], last[same]
        kind = run["type"][own]
        share = np.maximum(last["aboard_g"] / plan.capacity_g[kind], last["aboard_ml"] / plan.capacity_ml[kind])
        np.add.at(self.home[month], run["leg"][own], share)


def _last_rows(trip: npt.NDArray[Any]) -> Ints:
    """Return the last row of each trip."""
    _, first = np.unique(trip[::-1], return_index=True)
    return np.asarray(len(trip) - 1 - first, np.int64)
