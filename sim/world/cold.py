"""What keeps produce cold: rooms at places, boxes and reefers on vehicles. Nothing of it stands before a lever builds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.units import DAY
from sim.world.world import Floats, Ints


@dataclass(frozen=True)
class Cold:
    """``room_g`` (n,): grams of produce on its way that a place's cold room holds; ``room_c`` (n,) its temperature; ``opens_us`` and
    ``closes_us`` (n,) from when to when on a day it takes in; ``precool_g_h`` (n,): grams an hour that its pre-cooler takes (0: none);
    ``store_g`` (n,): grams that farms can store there over the season.

    ``round_c``, ``line_c``, ``trunk_c`` (k,): temperature aboard an operator's vehicles on that leg, NaN where it is the air's.
    ``built_by`` (n,): id of the lever that built the room, "" where there is none; ``driven_by`` likewise, one for each of the three legs.
    ``owner`` pays for all of it and receives what farms pay for storing.
    """

    room_g: Ints
    room_c: Floats
    opens_us: Ints
    closes_us: Ints
    precool_g_h: Ints
    store_g: Ints
    round_c: Floats
    line_c: Floats
    trunk_c: Floats
    built_by: tuple[str, ...]
    driven_by: tuple[str, str, str] = ("", "", "")
    owner: str = "cold rooms"

    @property
    def rooms(self) -> Ints:
        """Return the places that have a cold room."""
        return np.flatnonzero(self.room_g > 0)


def no_cold(places: int, operators: int) -> Cold:
    """Return a county without a cold chain."""
    none, warm = np.zeros(places, np.int64), np.full(operators, np.nan)
    day = np.full(places, DAY, np.int64)
    return Cold(none, np.zeros(places), none.copy(), day, none.copy(), none.copy(), warm, warm.copy(), warm.copy(), ("",) * places)
