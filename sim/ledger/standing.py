"""What a plan costs every day whoever uses it: staff, floors, vehicles, overheads, stations, alliances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from sim.errors import SimError
from sim.ledger.book import Book, Key
from sim.ledger.capital import Capital, annuity_day
from sim.ledger.payer import Payers, alliance_actor, host_actor
from sim.ledger.price import MILLI, Price
from sim.plan.plan import FEEDER, LEGS, LINE, ROUND, TRANSFER, TRUNK_OUT, VEHICLES, Plan
from sim.rules import ACTIVITIES, Rules
from sim.units import HOUR
from sim.world.world import TOWN, TOWNSHIP, VILLAGE, Bytes, Floats, Ints, World

ROLES = {
    "unloader": "warehousing",
    "storekeeper": "warehousing",
    "sorter": "sorting",
    "loader": "transport",
    "dispatcher": "transport",
    "clerk": "delivery",
    "courier": "delivery",
}
"""The activity each paid role belongs to; drivers are paid by their trips."""

LEG_ACTIVITY = {TRUNK_OUT: "transport", LINE: "transport", ROUND: "delivery", FEEDER: "transport", TRANSFER: "transport"}
COLLECTION = "collection"
"""The activity of afternoon collection, whose trips are rounds and lines, too."""
ALL_DAYS = 127
TRUCK_CODES = (VEHICLES.index("truck"), VEHICLES.index("van"))
"""Vehicle types inside the county's boundary; the trunk truck is outside it."""


class Charge(NamedTuple):
    """One charge on the weekdays of ``days`` (Monday = bit 1), micro-fen a day."""

    key: Key
    days: int
    quantity: float
    micro: int


@dataclass(frozen=True)
class Standing:
    """Daily charges as columns."""

    row: Ints
    days: Bytes
    quantity: Floats
    micro: Ints

    def on(self, weekday: int) -> tuple[Ints, Floats, Ints]:
        """Return (rows, quantities, micro-fen) due on a weekday (Monday = 0)."""
        due = (self.days >> weekday & 1).astype(bool)
        return self.row[due], self.quantity[due], self.micro[due]

    def beside(self, *others: Standing) -> Standing:
        """Return these charges and others."""
        columns = ([getattr(part, field.name) for part in (self, *others)] for field in fields(self))
        return Standing(*(np.concatenate(column) for column in columns))


def activity_of(role: str) -> str:
    """Return the activity of a paid role."""
    if role not in ROLES:
        raise SimError(f"no activity is known for the paid role {role!r}; known are {', '.join(ROLES)}")
    return ROLES[role]


def running(payers: Payers, leg: int, collects: bool, resource: str, owner: int) -> tuple[str, str, str]:
    """Return (activity, payer, lever) of what a trip of a leg uses; collection is paid as the leg is where it is not pooled itself."""
    activity = LEG_ACTIVITY[leg]
    if not collects:
        return (activity, *payers.of(activity, resource, owner))
    return (COLLECTION, *payers.of(COLLECTION if payers.pooled(COLLECTION, resource, owner) else activity, resource, owner))


def site_leg(world: World, place: int) -> str:
    """Return the leg that a site's cost belongs to: "county", "township" or "station"."""
    tier = int(world.places.tier[place])
    return "township" if tier == TOWNSHIP else "station" if tier in (VILLAGE, TOWN) else "county"


def plan_charges(world: World, plan: Plan, price: dict[str, Price], payers: Payers) -> Iterator[Charge]:
    """Yield the daily charges of a plan's staff, floors, overheads and vehicles."""
    yield from _people(world, plan, price, payers)
    yield from _floors(world, plan, price, payers)
    yield from _overheads(plan, price, payers)
    yield from _vehicles(plan, price, payers)


def standing(charges: Iterable[Charge], book: Book) -> Standing:
    """Return daily charges as columns, rows of ``book``, those of one key and weekdays added up."""
    total: dict[tuple[Key, int], list[float]] = {}
    for charge in charges:
        if charge.micro:
            entry = total.setdefault((charge.key, charge.days), [0.0, 0])
            entry[0] += charge.quantity
            entry[1] += charge.micro
    return Standing(
        np.array([book.row(key) for key, _ in total], np.int64),
        np.array([days for _, days in total], np.uint8),
        np.array([q for q, _ in total.values()], np.float64),
        np.array([m for _, m in total.values()], np.int64),
    )


def _people(world: World, plan: Plan, price: dict[str, Price], payers: Payers) -> Iterator[Charge]:
    wage = price["worker_hour"].amount
    for row, _site, role, place, count, opens, closes, days in plan.resources.people:
        if role == "driver":
            continue
        activity = activity_of(role)
        payer, lever = payers.of(activity, "staff", row)
        leg, where = site_leg(world, place), world.places.key[place]
        key = Key(payer, "workers", "wages", "resource", activity, "staff", leg, where, lever=lever, unit="h")
        time = count * (closes - opens)
        yield Charge(key, days, time / HOUR, time * wage * 1000 // HOUR)


def _floors(world: World, plan: Plan, price: dict[str, Price], payers: Payers) -> Iterator[Charge]:
    outlets: set[tuple[int, str]] = set()
    for row, site, activity, place, m2 in plan.resources.floors:
        payer, lever = payers.of(activity, "sites", row)
        leg, where = site_leg(world, place), world.places.key[place]
        rent = price["rent_county_m2_day" if leg == "county" else "rent_township_m2_day"].amount
        key = Key(payer, "landlords", "rent", "resource", activity, "sites", leg, where, lever=lever, unit="m2-day")
        yield Charge(key, ALL_DAYS, m2, round(m2 * rent * 1000))
        if leg == "county" and activity == "sorting":
            fitout = key._replace(payee="market", category="fit-out")
            yield Charge(fitout, ALL_DAYS, m2, round(m2 * price["depot_fitout_m2_day"].amount * 1000))
        elif leg == "township" and (place, site) not in outlets:
            outlets.add((place, site))
            fitout = key._replace(payee="market", category="fit-out", unit="outlet-day")
            yield Charge(fitout, ALL_DAYS, 1.0, price["outlet_fitout_day"].amount * 1000)


def _overheads(plan: Plan, price: dict[str, Price], payers: Payers) -> Iterator[Charge]:
    for row, activity, share in plan.resources.overheads:
        payer, lever = payers.of(activity, "management", row)
        key = Key(payer, "workers", "overhead", "resource", activity, "management", "county", lever=lever, unit="operator-day")
        yield Charge(key, ALL_DAYS, share, round(share * price["overhead_day"].amount * 1000))


def _vehicles(plan: Plan, price: dict[str, Price], payers: Payers) -> Iterator[Charge]:
    known: dict[tuple[int, int, tuple[int, bool]], tuple[tuple[Key, int], ...]] = {}
    for legs, kind, owner in zip(plan.vehicle_legs, plan.vehicle_type.tolist(), plan.vehicle_owner.tolist(), strict=True):
        if kind not in TRUCK_CODES:
            continue
        for leg, share in legs.items():
            if (kind, owner, leg) not in known:
                activity, payer, lever = running(payers, *leg, "vehicles", owner)
                key = Key(payer, "market", "depreciation", "resource", activity, "vehicles", LEGS[leg[0]], lever=lever, unit="vehicle-day")
                day, insured = (price[f"{VEHICLES[kind]}_{name}"].amount for name in ("day", "insurance_day"))
                known[kind, owner, leg] = ((key, day), (key._replace(category="insurance"), insured))
            for key, amount in known[kind, owner, leg]:
                yield Charge(key, ALL_DAYS, share, round(share * amount * 1000))


def station_count(world: World, rules: Rules, place: int) -> int:
    """Return how many stations a place has: one in a village, one per ``town_shelf_l`` of shelf in a town."""
    if not world.stations.host[place]:
        return 0
    if world.places.tier[place] == VILLAGE:
        return 1
    return max(1, -(-int(world.stations.shelf_ml[place]) // round(rules.parameters.station.town_shelf_l * 1000)))


def capital_of(kind: str, lever: str, capital: tuple[Capital, ...]) -> Capital | None:
    """Return the prices of a lever's stations or lockers, or nothing."""
    return next((c for c in capital if c.kind == kind and c.lever == lever), None)


def station_charges(world: World, rules: Rules, price: dict[str, Price], capital: tuple[Capital, ...]) -> Iterator[Charge]:
    """Yield the daily charges of stations and lockers: the same whatever is planned."""
    stations, rate = world.stations, rules.parameters.money.discount_rate
    for place in np.flatnonzero((stations.host > 0) | (stations.doors.sum(1) > 0)).tolist():
        where, count = world.places.key[place], station_count(world, rules, place)
        opened, locker = stations.opened_by[place], stations.locker_by[place]
        key = Key(host_actor(where), "market", "fit-out", "resource", "delivery", "sites", "station", where, unit="station-day")
        if count:
            own = capital_of("station", opened, capital)
            lever = "" if opened == "baseline" else opened
            fitout, running, payer = price["station_fitout_day"].amount, price["station_running_day"].amount, key.payer
            if own:
                fitout = round(annuity_day(own.price, own.price * own.salvage_share, rate, own.life_years) * MILLI)
                running, payer = round(own.running_month * 12 / 365 * MILLI), own.payer or key.payer
            yield Charge(key._replace(payer=payer, lever=lever), ALL_DAYS, count, count * fitout * 1000)
            yield Charge(key._replace(category="running", lever=lever), ALL_DAYS, count, count * running * 1000)
        doors = int(stations.doors[place].sum())
        if doors:
            own = capital_of("locker", locker, capital)
            if own is None:
                raise SimError(f"the lockers of {locker or 'the baseline'!r} at {where} have no price")
            cost = own.price + own.price_door * doors
            day = round(annuity_day(cost, cost * own.salvage_share, rate, own.life_years) * MILLI)
            key = key._replace(payer=own.payer or key.payer, category="locker", lever=locker, unit="locker-day")
            yield Charge(key, ALL_DAYS, 1.0, day * 1000)
            yield Charge(key._replace(category="locker running"), ALL_DAYS, 1.0, round(own.running_month * 12 / 365 * MILLI) * 1000)


def pooled_activities(cells: tuple[tuple[str, str], ...]) -> list[str]:
    """Return the activities in which an alliance pools anything, in their order."""
    pooled = {activity for activity, _ in cells}
    return [activity for activity in ACTIVITIES if activity in pooled]


def alliance_charges(rules: Rules, price: dict[str, Price]) -> Iterator[Charge]:
    """Yield the daily charges of coordinating and setting up alliances."""
    for alliance in rules.alliances:
        activities = pooled_activities(alliance.cells)
        if len(alliance.members) < 2 or not activities:
            continue
        actor, further = alliance_actor(alliance.id), len(alliance.members) - 1
        for activity in activities:
            key = Key(actor, "workers", "coordination", "resource", activity, "management", "county", lever=alliance.id, unit="member-day")
            share = 1 / len(activities)
            member_day = price["coordination_member_day"].amount
            yield Charge(key, ALL_DAYS, further * share, round(further * share * member_day * 1000))
            setup = key._replace(payee="market", category="set-up", unit="alliance-day")
            yield Charge(setup, ALL_DAYS, share, round(share * price["alliance_setup_day"].amount * 1000))
