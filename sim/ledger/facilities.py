"""What measures own beside stations and vehicles: cold rooms, pre-coolers, what makes vehicles cold, warehouses, halls, points.

One list says what stands in ``assets`` and what is charged for it every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.errors import SimError
from sim.ledger.book import Key
from sim.ledger.capital import annuity_day
from sim.ledger.price import MILLI
from sim.ledger.standing import ALL_DAYS, Charge
from sim.plan.plan import LEGS, LINE, ROUND, VEHICLES, Plan
from sim.rules import Rules
from sim.units import fen
from sim.world.world import World

COLD = "cold"
"""Activity and leg, beside those of the matrix, of what keeps produce cold."""


class Facility(NamedTuple):
    """One thing: its name and kind in ``assets``; what it cost and will bring in the end, yuan; ``key`` says who owns it, where and by
    which lever, and ``quantity`` how much of the key's unit it is on a day."""

    asset: str
    kind: str
    price: float
    life_years: float
    key: Key
    quantity: float = 1.0
    salvage: float = 0.0


def owned(facilities: Iterable[Facility]) -> dict[Any, Any]:
    """Return them as ``sim.ledger.assets`` does: {asset: (kind, owner, place, lever, price in fen, life in years, salvage in fen)}."""
    out: dict[Any, Any] = {}
    for f in facilities:
        if f.asset in out:
            raise SimError(f"two assets are named {f.asset!r}")
        out[f.asset] = (f.kind, f.key.payer, f.key.place, f.key.lever, fen(f.price), f.life_years, fen(f.salvage))
    return out


def capital_charges(facilities: Iterable[Facility], rate: float) -> Iterator[Charge]:
    """Yield what each costs a day: its annuity, in whole thousandths of a fen."""
    for f in facilities:
        yield Charge(f.key, ALL_DAYS, f.quantity, round(annuity_day(f.price, f.salvage, rate, f.life_years) * MILLI) * 1000)


def facilities(world: World, rules: Rules) -> Iterator[Facility]:
    """Yield what stands whatever is planned."""
    if world.fields is not None:
        cold, house = world.fields.cold, world.fields.warehouses
        for place in np.flatnonzero(cold.room_g + cold.store_g > 0).tolist():
            yield _room(world, rules, "cold-room", place, int(cold.room_g[place] + cold.store_g[place]), cold.built_by[place])
        for place in np.flatnonzero(cold.precool_g_h > 0).tolist():
            yield _cooler(world, rules, place)
        for place in np.flatnonzero(house.stands).tolist():
            yield _warehouse(world, rules, place)
        for place in np.flatnonzero(house.cold_g()).tolist():
            yield _room(world, rules, "warehouse-room", place, int(house.room_g[place]), house.by[place])
    for u in world.upkeep:
        if u.price:
            key = Key(u.payer, u.payee, u.category, "resource", u.activity, u.resource, u.leg, u.place, lever=u.lever, unit=u.unit)
            each = u.quantity / u.pieces
            kind = u.asset or u.category
            name = f"{kind.replace(' ', '-')}:{u.lever}:{u.place}"
            for i in range(u.pieces):
                yield Facility(f"{name}:{i}" if u.pieces > 1 else name, kind, each * u.price, u.life_years, key, each)


def room_m3(rules: Rules, grams: int) -> float:
    """Return the volume of a cold room that holds so many grams."""
    return grams / 1000 / rules.parameters.produce.cold.kg_m3


def cold_key(world: World, category: str, place: int, lever: str, unit: str) -> Key:
    """Return the key of what a cold room or warehouse costs its owner."""
    assert world.fields is not None
    return Key(
        world.fields.cold.owner, "market", category, "resource", COLD, "sites", COLD, world.places.key[place], lever=lever, unit=unit
    )


def _room(world: World, rules: Rules, name: str, place: int, grams: int, lever: str) -> Facility:
    p, m3 = rules.parameters.produce.cold, room_m3(rules, grams)
    key = cold_key(world, "cold room", place, lever, "m3-day")
    return Facility(f"{name}:{world.places.key[place]}", "cold room", m3 * p.capex_m3, p.life_years, key, m3)


def _cooler(world: World, rules: Rules, place: int) -> Facility:
    assert world.fields is not None
    p, cold = rules.parameters.produce.cold, world.fields.cold
    price = int(cold.precool_g_h[place]) / 1000 * p.precool_price
    key = cold_key(world, "pre-cooler", place, cold.built_by[place], "cooler-day")
    return Facility(f"pre-cooler:{world.places.key[place]}", "pre-cooler", price, p.life_years, key)


def _warehouse(world: World, rules: Rules, place: int) -> Facility:
    assert world.fields is not None
    house = world.fields.warehouses
    key = cold_key(world, "origin warehouse", place, house.by[place], "day")
    life = rules.parameters.money.centre_life_years
    return Facility(f"warehouse:{world.places.key[place]}", "origin warehouse", float(house.price[place]), life, key)


def cold_vehicles(world: World, rules: Rules, plan: Plan) -> Iterator[Facility]:
    """Yield what makes vehicles of a plan cold: what a reefer costs more than a truck, and cold boxes in other vehicles."""
    if world.fields is None:
        return
    cold, p, fleet = world.fields.cold, rules.parameters.produce.cold, rules.parameters.fleet
    celsius, levers = {LINE: cold.line_c, ROUND: cold.round_c}, {ROUND: cold.driven_by[0], LINE: cold.driven_by[1]}
    if all(np.isnan(c).all() for c in celsius.values()):
        return
    for legs, vehicle, kind, owner in zip(
        plan.vehicle_legs, plan.vehicle_key, plan.vehicle_type.tolist(), plan.vehicle_owner.tolist(), strict=True
    ):
        ways = [leg for leg in sorted({leg for leg, _ in legs}) if leg in celsius and not np.isnan(celsius[leg][owner])]
        if not ways:
            continue
        leg = ways[0]
        reefer = leg == LINE and VEHICLES[kind] == "truck"
        more = max(p.reefer_price - fleet.truck_price, 0.0) if reefer else p.box_price
        name, what = ("reefer", "reefer") if reefer else ("cold-box", "cold box")
        key = Key(cold.owner, "market", "reefer", "resource", COLD, "vehicles", LEGS[leg], lever=levers[leg], unit="vehicle-day")
        yield Facility(f"{name}:{vehicle}", what, more, fleet.vehicle_life_years, key, 1.0, more * fleet.salvage_share)
