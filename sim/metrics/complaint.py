"""Who complains: parcels that took more than 72 h or came back, by the parcel's own luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.schema.raw import DOWN, NEVER, RETURNED
from sim.units import HOUR
from sim.world.world import Bools

LATE_US = 72 * HOUR


def complained(parcels: npt.NDArray[Any], end_us: int, seed: int, p: float) -> Bools:
    """Return which parcels (n,) led to a complaint; what is not ready by ``end_us`` took at least until then."""
    came = (parcels["direction"] == DOWN) & (parcels["county_in"] != NEVER)
    ready = np.where(parcels["ready"] == NEVER, np.where(parcels["finished"] == NEVER, end_us, parcels["finished"]), parcels["ready"])
    angry: Bools = came & ((ready - parcels["county_in"] > LATE_US) | (parcels["outcome"] == RETURNED))
    at = np.flatnonzero(angry)
    angry[at] = luck.uniform(seed, "complaint", 0, parcels["key"][at]) < p
    return angry
