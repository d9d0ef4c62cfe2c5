"""How a household answers to the service it has met: generalised cost of a parcel, memory, and the demand function."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.kernel import experience
from sim.metrics.cohort import pickup_metres
from sim.rules import Rules
from sim.schema.parameters import Decisions
from sim.world.world import Floats, Int32s, Ints, World

Rows = npt.NDArray[Any]


def demand_factor(cost: Floats, reference: Floats, decisions: Decisions) -> Floats:
    """Return orders over those at the reference cost: exp(-sensitivity x (g - g0)) within [floor, cap]; costs in yuan per parcel."""
    worth = np.clip(decisions.sensitivity * (reference - cost), -50.0, 50.0)
    factor: Floats = np.clip(np.exp(worth), decisions.floor, decisions.cap)
    return factor


def parcel_cost(days: Floats, surcharge_yuan: Floats, km: Floats, decisions: Decisions) -> Floats:
    """Return the generalised cost of a parcel, yuan: days waited, second fee, way to the pick-up point."""
    return decisions.wait_day_yuan * days + surcharge_yuan + decisions.km_yuan * km


class Memory:
    """What households remember: ``cost`` (households,), yuan per parcel."""

    def __init__(self, world: World, cost: Floats) -> None:
        self.cost = cost
        self._head: Int32s = np.full(world.households.n, -1, np.int32)

    def meet(self, world: World, rules: Rules, parcels: Rows) -> Ints:
        """Move the memories towards what the parcels that ended on a day were like, one after the other; return the households touched.

        What came is judged by its days from the county's gate to being ready, its second fee and its way; what never came by its days and
        the trouble of it. Returns on their way back are nobody's experience.
        """
        d = rules.parameters.decisions
        inside, township = pickup_metres(world, rules)
        yuan = (d.wait_day_yuan, d.km_yuan, d.failure_yuan)
        touched: Ints = experience(np.ascontiguousarray(parcels), inside, township, yuan, d.memory, self.cost, self._head)
        return touched
