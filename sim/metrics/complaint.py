"""Who complains: parcels that took more than 72 h or came back, by the parcel's own luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.metrics.kernel import upset_by
from sim.world.world import Bools


def complained(parcels: npt.NDArray[Any], end_us: int, seed: int, p: float) -> Bools:
    """Return which parcels (n,) led to a complaint; what is not ready by ``end_us`` took at least until then."""
    upset: Bools = upset_by(np.ascontiguousarray(parcels), end_us, luck.address(seed, "complaint"), p)
    return upset
