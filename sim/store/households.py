"""What each household gained, as table rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sim.metrics.gains import place_groups
from sim.metrics.surplus import Surplus
from sim.schema.tables import HOUSEHOLDS
from sim.store.arrow import batch
from sim.world.world import Bools, World


def household_table(world: World, surplus: Surplus, sampled: Bools) -> pa.Table:
    """Return the households of the sample (households,); none where households answer to nothing."""
    rows = np.flatnonzero(sampled) if surplus.recorded else np.empty(0, np.int64)
    place = world.households.place[rows]
    columns = {
        "household": rows,
        "village": np.array(world.places.key, object)[place],
        "orders": surplus.orders[rows],
        "cost_yuan": surplus.cost[rows],
        "surplus_yuan": surplus.by_household[rows],
    }
    for group in ("remoteness", "age"):
        names = np.full(world.places.n, "", object)
        for (own, value), at in place_groups(world):
            if own == group:
                names[at] = value
        columns[group] = names[place]
    return batch(HOUSEHOLDS, columns)
