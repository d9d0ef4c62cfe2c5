"""What the cold chain costs every day: rooms, their power, reefers and boxes; whoever built them pays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.ledger.book import Key
from sim.ledger.capital import annuity_day
from sim.ledger.price import MILLI
from sim.ledger.standing import ALL_DAYS, Charge, vehicle_legs
from sim.plan.plan import LEGS, LINE, ROUND, VEHICLES, Plan
from sim.rules import Rules
from sim.world.cold import Cold
from sim.world.world import World

ACTIVITY = "cold"
"""Beside the five activities of the matrix: what keeps produce cold."""
LEG = "cold"


def cold_charges(world: World, rules: Rules, plan: Plan) -> Iterator[Charge]:
    """Yield the daily charges of cold rooms and of what makes vehicles cold."""
    if world.fields is None:
        return
    cold, house = world.fields.cold, world.fields.warehouses
    for place in np.flatnonzero(cold.room_g + cold.store_g > 0).tolist():
        yield from _room(world, rules, place, int(cold.room_g[place] + cold.store_g[place]), cold.built_by[place])
    for place in np.flatnonzero(house.cold_g()).tolist():
        yield from _room(world, rules, place, int(house.room_g[place]), house.by[place])
    yield from _vehicles(world, rules, plan, cold)


def _room(world: World, rules: Rules, place: int, grams: int, lever: str) -> Iterator[Charge]:
    """Yield what a cold room that holds so many grams costs a day, whether it is one by itself or a warehouse."""
    assert world.fields is not None
    p, rate = rules.parameters.produce.cold, rules.parameters.money.discount_rate
    m3, where = grams / 1000 / p.kg_m3, world.places.key[place]
    key = Key(world.fields.cold.owner, "market", "cold room", "resource", ACTIVITY, "sites", LEG, where, lever=lever, unit="m3-day")
    capital = annuity_day(p.capex_m3, 0.0, rate, p.life_years)
    yield Charge(key, ALL_DAYS, m3, round(m3 * capital * MILLI) * 1000)
    yield Charge(key._replace(category="cold room upkeep"), ALL_DAYS, m3, round(m3 * p.opex_m3_year / 365 * MILLI) * 1000)
    kwh = m3 * p.kwh_m3_day
    power = key._replace(category="cold power", unit="kWh")
    yield Charge(power, ALL_DAYS, kwh, round(kwh * p.power_price * MILLI) * 1000)


def _vehicles(world: World, rules: Rules, plan: Plan, cold: Cold) -> Iterator[Charge]:
    p, fleet, rate = rules.parameters.produce.cold, rules.parameters.fleet, rules.parameters.money.discount_rate
    price = {LINE: max(p.reefer_price - fleet.truck_price, 0.0), ROUND: p.box_price}
    celsius, levers = {LINE: cold.line_c, ROUND: cold.round_c}, {ROUND: cold.driven_by[0], LINE: cold.driven_by[1]}
    for legs, kind, owner in zip(vehicle_legs(plan), plan.vehicle_type.tolist(), plan.vehicle_owner.tolist(), strict=True):
        for (leg, _), share in legs.items():
            if leg not in celsius or np.isnan(celsius[leg][owner]):
                continue
            more = p.box_price if VEHICLES[kind] == "van" else price[leg]
            day = annuity_day(more, more * fleet.salvage_share, rate, fleet.vehicle_life_years)
            key = Key(cold.owner, "market", "reefer", "resource", ACTIVITY, "vehicles", LEGS[leg], lever=levers[leg], unit="vehicle-day")
            yield Charge(key, ALL_DAYS, share, round(share * day * MILLI) * 1000)
