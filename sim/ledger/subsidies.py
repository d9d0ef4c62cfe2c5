"""What public programmes pay for a day: parcels in order of hand-over, stations by the day, until the money is gone."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ledger.book import MICRO, Book, Key
from sim.ledger.payer import host_actor, treasury_actor
from sim.ledger.treasury import Treasury
from sim.rules import Rules, Support
from sim.schema.raw import AT_DOOR, AT_TOWNSHIP, COLLECTED, DOWN
from sim.units import FEN_PER_YUAN
from sim.world.world import Floats, Ints, World

PARTS = 1000
"""Thousandths of a fen in a fen: rates are whole thousandths, remainders are carried over."""


def thousandths(yuan: Floats) -> Ints:
    """Return yuan as whole thousandths of a fen."""
    amount: Ints = np.rint(yuan * (FEN_PER_YUAN * PARTS)).astype(np.int64)
    return amount


def capped(due: Ints, carry: int, left: int) -> tuple[Ints, int]:
    """Return what is paid for each of ``due`` (n,) thousandths in turn, whole fen, and what is carried over, thousandths.

    Never more than ``left`` fen in all; what finds no money lapses.
    """
    owed = (carry + np.cumsum(due)) // PARTS
    total = int(owed[-1]) if len(owed) else 0
    rest = (carry + int(due.sum())) % PARTS if total <= left else 0
    paid: Ints = np.diff(np.minimum(owed, left), prepend=0)
    return paid, rest


class Subsidies:
    """Pays by the rules' support out of the treasury and posts it; remembers remainders by lever, and by station."""

    def __init__(self, book: Book, treasury: Treasury) -> None:
        self.book, self.treasury = book, treasury
        self._carry: dict[tuple[str, str], int] = {}
        self._rates: tuple[object, dict[str, tuple[Ints, Ints]]] = (None, {})

    def post(self, world: World, rules: Rules, day: int, parcels: npt.NDArray[Any]) -> None:
        """Pay for the parcels handed over on a day and for the stations kept on it, lever by lever in the order written."""
        for support in rules.support:
            each, station = self._rate(world, rules, support)
            if each.any():
                self._parcels(support, world, each, day, parcels)
            if station.any():
                self._stations(support, world, station, day)

    def _rate(self, world: World, rules: Rules, support: Support) -> tuple[Ints, Ints]:
        if self._rates[0] is not rules:
            self._rates = (rules, {})
        known = self._rates[1]
        if support.lever not in known:
            known[support.lever] = thousandths(support.per_parcel_yuan(world)), thousandths(support.station_month_yuan(world) * 12 / 365)
        return known[support.lever]

    def _parcels(self, support: Support, world: World, each: Ints, day: int, parcels: npt.NDArray[Any]) -> None:
        kind = parcels["kind"]
        collected = (parcels["direction"] == DOWN) & (parcels["outcome"] == COLLECTED)
        inside = np.flatnonzero(collected & (kind >= AT_DOOR) & (kind < AT_TOWNSHIP))
        last_mile = parcels["last_mile"][inside]
        rate = each[last_mile, parcels["place"][inside]]
        paying = np.flatnonzero(rate > 0)
        handed = inside[paying]
        order = paying[np.lexsort((parcels["key"][handed], parcels["finished"][handed]))]
        last_mile, rate = last_mile[order], rate[order]
        name = (support.lever, "")
        paid, self._carry[name] = capped(rate, self._carry.get(name, 0), self.treasury.left(support.programme, day))
        if not paid.any():
            return
        counted = np.arange(len(paid)) <= np.flatnonzero(paid)[-1]
        k = world.operators.n
        fen = np.bincount(last_mile, paid, k).astype(np.int64)
        many = np.bincount(last_mile, counted, k).astype(np.int64)
        key = Key("", "", "per-parcel subsidy", "transfer", "delivery", "operations", unit="parcel")
        for o in np.flatnonzero(fen).tolist():
            self._pay(support, day, key._replace(payee=world.operators.key[o]), int(many[o]), int(fen[o]))

    def _stations(self, support: Support, world: World, station: Ints, day: int) -> None:
        for place in np.flatnonzero((station > 0) & (world.stations.host > 0)).tolist():
            where = world.places.key[place]
            due = station[place : place + 1]
            name = (support.lever, where)
            paid, self._carry[name] = capped(due, self._carry.get(name, 0), self.treasury.left(support.programme, day))
            if paid[0]:
                key = Key("", host_actor(where), "station support", "transfer", "delivery", "sites", "station", where, unit="station-day")
                self._pay(support, day, key, 1, int(paid[0]))

    def _pay(self, support: Support, day: int, key: Key, quantity: int, fen: int) -> None:
        for source, part in self.treasury.draw(support.programme, day, fen):
            own = key._replace(payer=treasury_actor(source), programme=support.programme, source=source, lever=support.lever)
            self.book.add(own, float(quantity), part * MICRO)
            quantity = 0
