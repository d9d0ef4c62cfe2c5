"""Who complains: parcels that took more than 72 h or came back, by the parcel's own luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.metrics.kernel import late_rows
from sim.world.world import Bools


def complained(parcels: npt.NDArray[Any], end_us: int, seed: int, p: float) -> Bools:
    """Return which parcels (n,) led to a complaint; what is not ready by ``end_us`` took at least until then."""
    upset = np.zeros(len(parcels), np.bool_)
    late = late_rows(np.ascontiguousarray(parcels), end_us)
    upset[late] = luck.uniform(seed, "complaint", 0, parcels["key"][late]) < p
    return upset
