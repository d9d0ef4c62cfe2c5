"""What driving costs: fuel, upkeep and tolls by trip metres; drivers by hours on duty."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ledger.book import Book, Key
from sim.ledger.payer import Payers
from sim.ledger.price import Price
from sim.ledger.standing import TRUCK_CODES, running
from sim.plan.plan import LEGS, LINE, ROUND, VEHICLES, Plan, litres_km
from sim.rules import Rules
from sim.schema.raw import TRIP_CANCELLED
from sim.schema.rows import picked
from sim.units import HOUR
from sim.world.world import Bools, World

_IS_TRUCK = np.isin(np.arange(len(VEHICLES)), TRUCK_CODES)
DRIVER_CALL_US = 4 * HOUR
"""A driver who drove is paid at least half a day, as a crew that is called (assumption)."""


def inside(trips: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the trips that ran inside the county's boundary."""
    return picked(trips, (trips["status"] != TRIP_CANCELLED) & _IS_TRUCK[trips["type"]])


def post_trips(book: Book, world: World, rules: Rules, price: dict[str, Price], payers: Payers, trips: npt.NDArray[Any]) -> None:
    """Add fuel, upkeep and tolls of the trips inside the county."""
    run = inside(trips)
    if not len(run):
        return
    fields = [run[name].astype(np.int64) for name in ("leg", "type", "owner", "from_place", "collects")]
    code = np.ravel_multi_index(fields, [int(column.max()) + 1 for column in fields])
    _, one, of = np.unique(code, return_index=True, return_inverse=True)
    groups = zip(*(column[one].tolist() for column in fields), strict=True)
    metres = np.bincount(of, run["metres"]).astype(np.int64)
    fuel = litres_km(rules.parameters.fleet).tolist()
    for (leg, kind, owner, origin, collects), driven in zip(groups, metres.tolist(), strict=True):
        vehicle = VEHICLES[kind]
        activity, payer, lever = running(payers, leg, bool(collects), "vehicles", owner)
        key = Key(payer, "fuel", "energy", "resource", activity, "vehicles", LEGS[leg], world.places.key[origin], lever=lever, unit="l")
        book.add(key, driven / 1000 * fuel[kind], driven * price[f"{vehicle}_fuel_km"].amount)
        upkeep = key._replace(payee="market", category="upkeep", unit="km")
        book.add(upkeep, driven / 1000, driven * price[f"{vehicle}_upkeep_km"].amount)
        if colder(world, leg, owner):
            amount = (price[f"{vehicle}_fuel_km"].amount + price[f"{vehicle}_upkeep_km"].amount) * rules.parameters.produce.cold.reefer_km
            cold = upkeep._replace(payer=_cold_owner(world), category="reefer running", activity="cold")
            book.add(cold, driven / 1000, round(driven * amount))
        if price["toll_km"].amount:
            book.add(upkeep._replace(category="toll"), driven / 1000, driven * price["toll_km"].amount)


def colder(world: World, leg: int, owner: int) -> bool:
    """Say whether an operator's vehicles on a leg are refrigerated."""
    if world.fields is None or leg not in (LINE, ROUND):
        return False
    cold = world.fields.cold
    return not np.isnan((cold.line_c if leg == LINE else cold.round_c)[owner])


def chilled(world: World, trips: npt.NDArray[Any]) -> Bools:
    """Return which trips (n,) refrigerated vehicles drove."""
    if world.fields is None:
        return np.zeros(len(trips), np.bool_)
    known = np.array([[colder(world, leg, owner) for owner in range(world.operators.n)] for leg in range(len(LEGS))])
    return np.asarray(known[trips["leg"], trips["owner"]], np.bool_)


def _cold_owner(world: World) -> str:
    assert world.fields is not None
    return world.fields.cold.owner


class DriverDays:
    """Remembers what each (day, driver) was paid for, so that a trip over midnight is paid once."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, tuple[int, int, int]]] = {}
        """By day and driver: first and last on duty, and what was paid for."""

    def post(self, book: Book, price: dict[str, Price], payers: Payers, plan: Plan, day: int, trips: npt.NDArray[Any]) -> None:
        """Add the pay of the drivers of trips of one plan day: half a day, or the hours on duty if longer.

        Duty runs from the first loading to the last unloading. The pay is divided among the trips by their length.
        """
        run = inside(trips)
        run = run[run["driver"] >= 0]
        trips_of: dict[int, list[tuple[tuple[int, int], int, int]]] = {}
        for driver, leg, collects, *own in zip(
            *(run[name].tolist() for name in ("driver", "leg", "collects", "load", "free")), strict=True
        ):
            trips_of.setdefault(driver, []).append(((leg, collects), own[0], own[1]))
        total: dict[tuple[tuple[int, int], int], int] = {}
        known, owners = self._known.setdefault(day, {}), plan.driver_owner.tolist()
        for driver, own_trips in sorted(trips_of.items()):
            share, owner = _due(known, plan.driver_key[driver], own_trips), owners[driver]
            length = [max(free - load, 1) for _, load, free in own_trips]
            done = paid = 0
            for (leg, _, _), part in zip(own_trips, length, strict=True):
                done += part
                now, paid = share * done // sum(length) - paid, share * done // sum(length)
                total[leg, owner] = total.get((leg, owner), 0) + now
        for (leg, owner), time in total.items():
            if time:
                self._pay(book, price, payers, leg, owner, time)

    def _pay(self, book: Book, price: dict[str, Price], payers: Payers, kind: tuple[int, int], owner: int, time: int) -> None:
        leg, collects = kind
        activity, payer, lever = running(payers, leg, bool(collects), "staff", owner)
        key = Key(payer, "workers", "driver wages", "resource", activity, "staff", LEGS[leg], lever=lever, unit="h")
        book.add(key, time / HOUR, time * price["driver_hour"].amount * 1000 // HOUR)

    def forget(self, before: int) -> None:
        """Drop the days before a day."""
        self._known = {day: entries for day, entries in self._known.items() if day >= before}


def _due(known: dict[str, tuple[int, int, int]], driver: str, trips: list[tuple[tuple[int, int], int, int]]) -> int:
    """Return the further microseconds to be paid for a driver's day, of which ``known`` tells, whose trips (leg, load, free) are over."""
    first, last = min(load for _, load, _ in trips), max(free for _, _, free in trips)
    known_first, known_last, paid = known.get(driver, (first, last, 0))
    first, last = min(first, known_first), max(last, known_last)
    due = max(DRIVER_CALL_US, last - first)
    known[driver] = (first, last, due)
    return due - paid
