"""Who bears what a plan is expected to cost: each operator for its own parcels, and a pool for its members'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.ledger.book import Key
from sim.ledger.capital import Capital
from sim.ledger.expected import Expected, expected_cost
from sim.plan.groups import make_groups
from sim.plan.plan import ROUND, Plan
from sim.rules import Rules
from sim.world.world import TOWNSHIP, Floats, Int16s, World


@dataclass(frozen=True)
class Bill:
    """Yuan on a mean day of the quarter. ``pool`` is the resource cost that the pool pays for its members, ``pool_fees`` the fees it pays
    less those it gets; ``own``, ``fees`` (k,) likewise for what each operator pays itself."""

    pool: float
    pool_fees: float
    own: tuple[float, ...]
    fees: tuple[float, ...]

    def cost(self, rows: tuple[int, ...]) -> float:
        """Return the resource cost of the pool and of some operators' own."""
        return self.pool + sum(self.own[row] for row in rows)


def bill(
    world: World, rules: Rules, plan: Plan, start: date, day: int, actor: str, rows: tuple[int, ...], capital: tuple[Capital, ...] = ()
) -> Bill:
    """Return the bill of a plan in which operators ``rows`` pool as ``actor`` (nobody where there are none).

    What brands of one township outlet use together (its floor, its clerks, its van's rounds) is divided among them by their parcels
    there, whoever runs it: that is how they stand alone.
    """
    expected = expected_cost(world, rules, plan, start, day=day, capital=capital)
    users = _Users(world, rules, plan, expected)
    k = world.operators.n
    own, fees, pool, pool_fees = np.zeros(k), np.zeros(k), 0.0, 0.0
    row_of = {name: o for o, name in enumerate(world.operators.key)}
    inside = np.zeros(k, np.bool_)
    inside[list(rows)] = True
    for key, yuan in zip(expected.keys, expected.yuan.tolist(), strict=True):
        if key.nature != "resource":
            for sign, name in ((1, key.payer), (-1, key.payee)):
                if name == actor:
                    pool_fees += sign * yuan
                elif name in row_of:
                    fees[row_of[name]] += sign * yuan
        elif key.payer == actor:
            shares = users.of(key, rows)
            pool += yuan * float(shares[inside].sum())
            own += yuan * np.where(inside, 0.0, shares)
        elif key.payer in row_of:
            own += yuan * users.of(key, (row_of[key.payer],))
    return Bill(pool, pool_fees, tuple(own.tolist()), tuple(fees.tolist()))


class _Users:
    """Answers which operators' parcels a posting serves, as shares (k,) that sum to 1."""

    def __init__(self, world: World, rules: Rules, plan: Plan, expected: Expected) -> None:
        self._k, self._groups = world.operators.n, make_groups(world, rules)
        self._handled = expected.forecast.handled
        self._township = {world.places.key[p]: t for t, p in enumerate(np.flatnonzero(world.places.tier == TOWNSHIP).tolist())}
        self._riding = {
            "vehicles": _riding(plan, expected, plan.vehicle_owner[plan.trips.vehicle]),
            "staff": _riding(plan, expected, plan.driver_owner[plan.trips.driver]),
        }
        self._known: dict[tuple[str, str, str, tuple[int, ...]], Floats] = {}

    def of(self, key: Key, payers: tuple[int, ...]) -> Floats:
        """Return the shares of the operators in what ``payers`` (rows: one operator, or the members of the pool) pay together."""
        name = (key.leg, key.place if key.leg == "township" else "", key.resource, payers)
        if name not in self._known:
            self._known[name] = self._shares(key, payers)
        return self._known[name]

    def _shares(self, key: Key, payers: tuple[int, ...]) -> Floats:
        weight = np.zeros(self._k)
        if key.activity == "delivery" and key.leg == "township" and key.place in self._township:
            t = self._township[key.place]
            leads: Int16s = (self._groups.clerk if key.resource == "staff" else self._groups.outlet)[:, t]
            weight = np.where(np.isin(leads, payers), self._handled[:, t], 0.0)
        elif key.activity == "delivery" and key.leg == "round":
            weight = self._riding["staff" if key.resource == "staff" else "vehicles"][list(payers)].sum(axis=0)
        if not weight.sum():
            weight = np.zeros(self._k)
            weight[list(payers)] = 1.0
        shares: Floats = weight / weight.sum()
        return shares


def _riding(plan: Plan, expected: Expected, owner: Int16s) -> Floats:
    """Return the time of rounds (any unit) that each trip owner (row) spends for each operator's parcels (column), (k, k)."""
    k = plan.operators
    parcels, week = expected.forecast, expected.week[expected.week["leg"] == ROUND]
    trip = week["trip"]
    time = np.zeros((k, len(plan.routes.leg)))
    np.add.at(time, (owner[trip], plan.trips.route[trip]), (week["free"] - week["load"]).astype(np.float64))
    route = np.zeros((len(plan.routes.leg), k))
    o, p = np.nonzero((plan.lookup.round_stop >= 0) & (parcels.round > 0))
    np.add.at(route, (plan.stops.route[plan.lookup.round_stop[o, p]], o), parcels.round[o, p])
    total = route.sum(axis=1, keepdims=True)
    riding: Floats = time @ np.divide(route, total, out=np.zeros_like(route), where=total > 0)
    return riding
