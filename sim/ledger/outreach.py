"""What helps those who sell costs every day to run: services, which the county pays, and origin warehouses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.ledger.book import Key
from sim.ledger.facilities import cold_key
from sim.ledger.payer import COUNTY
from sim.ledger.price import MILLI
from sim.ledger.produce import FARM
from sim.ledger.standing import ALL_DAYS, Charge
from sim.world.world import World


def outreach_charges(world: World) -> Iterator[Charge]:
    """Yield the daily charges of services in villages and of running warehouses."""
    if world.fields is None:
        return
    reach = world.fields.outreach
    for place in np.flatnonzero(reach.service_month > 0).tolist():
        day = float(reach.service_month[place]) * 12 / 365
        where, lever = world.places.key[place], reach.by[place]
        key = Key(COUNTY, "workers", "sales services", "resource", FARM, "staff", "", where, lever=lever, unit="village-day")
        yield Charge(key, ALL_DAYS, 1.0, round(day * MILLI) * 1000)
    house = world.fields.warehouses
    for place in np.flatnonzero(house.stands).tolist():
        key = cold_key(world, "origin warehouse running", place, house.by[place], "day")
        yield Charge(key, ALL_DAYS, 1.0, round(float(house.day_yuan[place]) * MILLI) * 1000)
