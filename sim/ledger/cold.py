"""What running the cold chain's rooms costs every day, upkeep and power; whoever built them pays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.ledger.facilities import cold_key, room_m3
from sim.ledger.price import MILLI
from sim.ledger.standing import ALL_DAYS, Charge
from sim.rules import Rules
from sim.world.world import World


def cold_charges(world: World, rules: Rules) -> Iterator[Charge]:
    """Yield the daily charges of running cold rooms, also those of cold warehouses."""
    if world.fields is None:
        return
    cold, house = world.fields.cold, world.fields.warehouses
    for place in np.flatnonzero(cold.room_g + cold.store_g > 0).tolist():
        yield from _room(world, rules, place, int(cold.room_g[place] + cold.store_g[place]), cold.built_by[place])
    for place in np.flatnonzero(house.cold_g()).tolist():
        yield from _room(world, rules, place, int(house.room_g[place]), house.by[place])


def _room(world: World, rules: Rules, place: int, grams: int, lever: str) -> Iterator[Charge]:
    p, m3 = rules.parameters.produce.cold, room_m3(rules, grams)
    key = cold_key(world, "cold room upkeep", place, lever, "m3-day")
    yield Charge(key, ALL_DAYS, m3, round(m3 * p.opex_m3_year / 365 * MILLI) * 1000)
    kwh = m3 * p.kwh_m3_day
    yield Charge(key._replace(category="cold power", unit="kWh"), ALL_DAYS, kwh, round(kwh * p.power_price * MILLI) * 1000)
