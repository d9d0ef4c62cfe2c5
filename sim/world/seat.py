"""Which township is the county seat's own."""

from __future__ import annotations

import numpy as np

from sim.world.distance import great_circle_km
from sim.world.world import TOWNSHIP, Places


def seat_township(places: Places) -> int:
    """Return the ordinal of the township nearest to the seat in a straight line (ties by key)."""
    rows = np.concatenate(([0], np.flatnonzero(places.tier == TOWNSHIP)))
    return int(np.argmin(great_circle_km(places.lon[rows], places.lat[rows])[0, 1:]))
