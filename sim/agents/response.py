"""How a household answers to the service it has met: generalised cost of a parcel, memory, and the demand function."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.metrics.cohort import pickup_metres
from sim.rules import Rules
from sim.schema.parameters import Decisions
from sim.schema.raw import AT_DOOR, AT_TOWNSHIP, COLLECTED, DOWN, NEVER, RETURNED
from sim.units import DAY, FEN_PER_YUAN
from sim.world.world import Floats, Ints, World

Rows = npt.NDArray[Any]


def demand_factor(cost: Floats, reference: Floats, decisions: Decisions) -> Floats:
    """Return orders over those at the reference cost: exp(-sensitivity x (g - g0)) within [floor, cap]; costs in yuan per parcel."""
    factor: Floats = np.clip(np.exp(-decisions.sensitivity * (cost - reference)), decisions.floor, decisions.cap)
    return factor


def parcel_cost(days: Floats, surcharge_yuan: Floats, km: Floats, decisions: Decisions) -> Floats:
    """Return the generalised cost of a parcel, yuan: days waited, second fee, way to the pick-up point."""
    return decisions.wait_day_yuan * days + surcharge_yuan + decisions.km_yuan * km


def met(world: World, rules: Rules, parcels: Rows) -> tuple[Ints, Floats]:
    """Return (households, costs in yuan) of the parcels that ended on a day, in the order in which they ended.

    What came is judged by its days from the county's gate to being ready, its second fee and its way; what never came by its days and the
    trouble of it. Returns on their way back are nobody's experience.
    """
    decisions = rules.parameters.decisions
    own = parcels[(parcels["direction"] == DOWN) & (parcels["county_in"] != NEVER) & (parcels["finished"] != NEVER)]
    own = own[np.lexsort((own["key"], own["finished"]))]
    came = (own["outcome"] == COLLECTED) | (own["outcome"] == RETURNED)
    ready = np.where(own["ready"] != NEVER, own["ready"], own["finished"])
    days = (ready - own["county_in"]) / DAY
    inside, township = pickup_metres(world, rules)
    place = own["place"]
    metres = np.where(own["kind"] == AT_TOWNSHIP, township[place], np.where(own["kind"] == AT_DOOR, 0, inside[place]))
    km = np.where(own["outcome"] == COLLECTED, metres, 0) / 1000.0
    cost = parcel_cost(days, own["surcharge_fen"] / FEN_PER_YUAN, km, decisions)
    return own["household"].astype(np.int64), np.where(came, cost, cost + decisions.failure_yuan)


def remember(memory: Floats, household: Ints, cost: Floats, weight: float) -> Ints:
    """Move each household's remembered cost (in place) towards what it met, parcel by parcel; return the rows touched.

    In rounds: the first parcel of each household, then the second, and so on; bit-equal to a loop over the parcels.
    """
    touched = np.unique(household)
    slot = np.empty(len(memory), np.int64)
    while len(household):
        number = np.arange(len(household))
        slot[household[::-1]] = number[::-1]
        first = slot[household] == number
        rows = household[first]
        memory[rows] += weight * (cost[first] - memory[rows])
        household, cost = household[~first], cost[~first]
    return touched
