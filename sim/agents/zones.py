"""Destination zones: how far buyers are, how many of them farms reach, and to which zones a farm offers what it sells online.

Zones are nearest first: the own province, neighbouring ones, the rest of the country. A farm offers to the nearest ones, to as many as it
expects to leave it most: what is far arrives later and worse.
"""

from __future__ import annotations

import numpy as np

from sim.schema.produce import Channels, Sending
from sim.schema.raw import ZONES
from sim.world.world import Floats, Ints


def reached(s: Sending, c: Channels) -> Floats:
    """Return the share of buyers that the nearest one, two, ... zones hold (z,); one cell where farms offer to all in any case."""
    near = min(s.zone_near, 1.0)
    cumulated: Floats = np.array([near, max(1.0 - s.zone_far, near), 1.0] if c.sale_zones else [1.0])
    return cumulated


def borders(s: Sending) -> tuple[float, float]:
    """Return where buyers' luck passes from one zone into the next: below the first it is the nearest, row of ZONES."""
    return float(s.zone_near), max(float(s.zone_near), 1 - s.zone_far)


def hours_to(zone: Ints, s: Sending) -> Floats:
    """Return the mean time from the evening trunk to buyers in zones (n,)."""
    hours: Floats = np.array([getattr(s, f"trunk_hours_{name}") for name in ZONES])[zone]
    return hours
