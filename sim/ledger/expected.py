"""What a plan is expected to cost: the ledger's own rules on a week of planned trips and the parcels expected in a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ledger.book import MICRO, Book, Key
from sim.ledger.capital import Capital
from sim.ledger.driving import DriverDays, post_trips
from sim.ledger.fines import CATEGORIES, FEE, LEFT, REFUSED, charged, fine_key
from sim.ledger.handing import Handing
from sim.ledger.kernel import CHARGED, DISPATCH, FEES, SORTED, TAKEN, TAKEN_POST, TO_POST, Tally
from sim.ledger.kernel import COUNTY as AT_COUNTY
from sim.ledger.kernel import TOWNSHIP as AT_TOWNSHIP
from sim.ledger.payer import Payers, alliance_actor
from sim.ledger.planned import WEEK, planned_week
from sim.ledger.price import prices
from sim.ledger.standing import alliance_charges, plan_charges, standing, station_charges
from sim.plan.forecast import Forecast, forecast
from sim.plan.plan import LEGS, Plan
from sim.rules import Rules
from sim.schema.parameters import Parameters
from sim.schema.raw import PARCEL
from sim.units import FEN_PER_YUAN
from sim.world.season import mean_season
from sim.world.world import REFUSED as MODE_REFUSED
from sim.world.world import TO_POST as MODE_POST
from sim.world.world import TO_TOWNSHIP, TO_VILLAGE, TOWN, VILLAGE, Floats, Ints, World

QUARTER_DAYS = 91
"""Parcels are those expected in so many days."""
MANY_DAYS = 10_000
"""Parcels are counted in whole ones over so many mean days, so that a place with one in a week is not lost."""
COST_LEGS = ("county", "township", "station", *LEGS)
"""Legs of a resource cost: where a site stands, or the kind of trip."""


@dataclass(frozen=True)
class Expected:
    """Yuan a day by posting key, for ``forecast``'s parcels and the trips of ``week``; ``members`` of each alliance by its actor."""

    keys: tuple[Key, ...]
    yuan: Floats
    operators: tuple[str, ...]
    forecast: Forecast
    week: npt.NDArray[Any]
    members: dict[str, tuple[int, ...]]

    @property
    def parcels(self) -> Floats:
        """Return the parcels expected a day by operator, (k,)."""
        total: Floats = self.forecast.ordered.sum(axis=1)
        return total

    @property
    def resource(self) -> float:
        """Return the resource cost of the whole county, yuan a day."""
        return float(sum(y for key, y in zip(self.keys, self.yuan.tolist(), strict=True) if key.nature == "resource"))

    @property
    def by_actor(self) -> dict[str, float]:
        """Return the resource cost by the actor that pays it, yuan a day."""
        total: dict[str, float] = {}
        for key, y in zip(self.keys, self.yuan.tolist(), strict=True):
            if key.nature == "resource":
                total[key.payer] = total.get(key.payer, 0.0) + y
        return total

    @property
    def by_operator(self) -> Floats:
        """Return the resource cost of each operator row by leg (``COST_LEGS``), yuan a day, (k, legs).

        What an alliance pays is divided among its members by their expected parcels. Hosts and the county pay for themselves.
        """
        out = np.zeros((len(self.operators), len(COST_LEGS)))
        rows = {name: ([o], np.ones(1)) for o, name in enumerate(self.operators)}
        for actor, members in self.members.items():
            weight = self.parcels[list(members)]
            rows[actor] = (list(members), weight / weight.sum() if weight.sum() else np.full(len(members), 1 / len(members)))
        for key, y in zip(self.keys, self.yuan.tolist(), strict=True):
            if key.nature == "resource" and key.payer in rows:
                who, share = rows[key.payer]
                out[who, COST_LEGS.index(key.leg or "county")] += y * share
        return out


def quarter_parcels(world: World, parameters: Parameters, start: date, day: int) -> Forecast:
    """Return the parcels of a mean day of the quarter that begins on a day."""
    return forecast(world, parameters, mean_season(day, QUARTER_DAYS, start, parameters.demand), 1.0)


def expected_cost(world: World, rules: Rules, plan: Plan, start: date, *, day: int = 0, capital: tuple[Capital, ...] = ()) -> Expected:
    """Return what a plan is expected to cost a mean day of the quarter that begins on ``day``.

    Standing charges, planned trips and paid driving time by weekday, and the work, fees and fines of every expected parcel. Left
    out: overtime, missorted, lost and returned parcels, trips that are late, broken or find a road closed, full shelves, late fines.
    """
    parcels = quarter_parcels(world, rules.parameters, start, day)
    price, payers = prices(rules.parameters), Payers(world, rules)
    week = Book()
    stations = station_charges(world, rules, price, capital)
    charges = standing((*plan_charges(world, plan, price, payers), *stations, *alliance_charges(rules, price)), week)
    for weekday in range(WEEK):
        week.add_rows(*charges.on(weekday))
    trips = planned_week(world, plan, parcels)
    post_trips(week, world, rules, price, payers, trips)
    drivers = DriverDays()
    for weekday in range(WEEK):
        drivers.post(week, price, payers, plan, weekday, trips[trips["day"] == weekday])
    many = Book()
    Handing(many, world, rules, price).post(_tally(world, plan, parcels))
    _fines(many, world, rules, plan, parcels, price["fine"].amount * 1000)
    amounts = [(key, micro / WEEK) for key, micro in zip(week.keys, week.carried.tolist(), strict=True)]
    amounts += [(key, micro / MANY_DAYS) for key, micro in zip(many.keys, many.carried.tolist(), strict=True)]
    return Expected(
        tuple(key for key, _ in amounts),
        np.array([micro for _, micro in amounts]) / (MICRO * FEN_PER_YUAN),
        world.operators.key,
        parcels,
        trips,
        {alliance_actor(a.id): a.members for a in rules.alliances},
    )


def _tally(world: World, plan: Plan, parcels: Forecast) -> Tally:
    """Return the parcels of many days where the plan hands them over: each in the village, at the township, or by the post."""
    places, mode, post = world.places, world.operators.mode, world.operators.post
    k, m, n = world.operators.n, places.n_townships, places.n
    count: Ints = np.rint(parcels.carried * MANY_DAYS).astype(np.int64)
    last = world.operators.last_mode
    village = (last == TO_VILLAGE) | (places.tier == TOWN)
    township, handed = (last == TO_TOWNSHIP) & ~village, mode == MODE_POST
    inside = places.township >= 0
    tally = Tally(np.zeros(0, PARCEL), k, m, n)

    def by_township(amount: Ints) -> Ints:
        return np.array([np.bincount(places.township[inside], row[inside], m).astype(np.int64) for row in amount]).reshape(k, m)

    tally.by_operator[[DISPATCH, SORTED, AT_COUNTY]] = count.sum(axis=1)
    tally.by_operator[AT_TOWNSHIP] = count[:, inside].sum(axis=1)
    tally.by_operator[TO_POST] = np.where(handed & village, count, 0).sum(axis=1)
    fee = world.operators.at_last(plan.lookup.surcharge_fen).astype(np.int64)
    tally.by_township[TAKEN] = by_township(np.where(township, count, 0))
    tally.by_township[TAKEN_POST] = by_township(np.where(township & handed, count, 0))
    tally.by_township[CHARGED] = by_township(np.where(township & (fee > 0), count, 0))
    tally.by_township[FEES] = by_township(np.where(township, count * fee, 0))
    at_station = np.where(village & (world.stations.host > 0), count, 0)
    tally.at_station[:] = np.where(handed, 0, at_station)
    if post >= 0:
        tally.at_station[post] += np.where(handed, at_station, 0).sum(axis=0)
    return tally


def _fines(book: Book, world: World, rules: Rules, plan: Plan, parcels: Forecast, micro: int) -> None:
    """Add the fines of many days for parcels that the plan leaves outside their village, refuses, or charges a second fee for."""
    places, mode, d = world.places, world.operators.mode, rules.parameters.decisions
    left = (world.operators.last_mode == TO_TOWNSHIP) & (places.tier == VILLAGE)
    fee = (world.operators.last_mode == TO_TOWNSHIP) & (places.tier != TOWN) & (world.operators.at_last(plan.lookup.surcharge_fen) > 0)
    payers, last = Payers(world, rules), np.where(mode == MODE_POST, world.operators.post, np.arange(world.operators.n)[:, None])
    for bit, found, where in (
        (LEFT, d.p_left_out_found, left),
        (REFUSED, d.p_left_out_found, mode == MODE_REFUSED),
        (FEE, d.p_fee_found, fee),
    ):
        expected = np.where(where, (parcels.ordered if bit == REFUSED else parcels.carried) * MANY_DAYS * found, 0.0)
        for o, p in np.argwhere(expected > 0).tolist():
            payer, lever = charged(world, payers, bit, o, int(last[o, p]), int(places.township[p]))
            book.add(fine_key(CATEGORIES[bit], payer, lever), float(expected[o, p]), round(expected[o, p] * micro))
