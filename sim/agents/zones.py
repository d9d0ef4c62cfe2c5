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


def zone_of(u: Floats, s: Sending) -> Ints:
    """Return the zone (n,), row of ZONES, of buyers whose luck is u."""
    zone: Ints = np.where(u < s.zone_near, 0, np.where(u < 1 - s.zone_far, 1, 2))
    return zone


def hours_to(zone: Ints, s: Sending) -> Floats:
    """Return the mean time from the evening trunk to buyers in zones (n,)."""
    hours: Floats = np.array([getattr(s, f"trunk_hours_{name}") for name in ZONES])[zone]
    return hours


def paid_by_reach(paid: Floats, share: Floats) -> Floats:
    """Return the share of the price (n, z) expected of all buyers in the nearest one, two, ... zones, from that of each zone (n, z).

    Nothing better is expected of a zone than of a nearer one. ``share`` (z,) are the buyers that the nearest ones hold; zones without
    buyers change nothing.
    """
    if len(share) == 1:
        return paid
    each = np.minimum.accumulate(paid, axis=1) * np.diff(share, prepend=0.0)
    with np.errstate(invalid="ignore"):
        mean: Floats = np.where(share > 0, np.cumsum(each, axis=1) / np.maximum(share, 1e-300), paid[:, :1])
    return mean


def offered(net: Floats, other: Floats, share: Floats) -> tuple[Ints, Ints]:
    """Return how many zones beyond the nearest farms offer to, and the packaging (n,) that goes with it.

    ``net`` (n, z, packagings) is yuan/kg over the nearest zones, ``other`` (n,) what the best other channel leaves. What counts is the
    gain over that times the buyers reached; where nothing gains, the highest net price. Equal ones: the nearest, the least packaging.
    """
    n, zones, levels = net.shape
    flat = net.reshape(n, zones * levels)
    best = np.argmax(flat, axis=1)
    if len(share) > 1:
        gain = ((net - other[:, None, None]) * share[None, :, None]).reshape(n, zones * levels)
        best = np.where(gain.max(axis=1) > 0, np.argmax(gain, axis=1), best)
    farthest, packaging = np.divmod(best, levels)
    return farthest.astype(np.int64), packaging.astype(np.int64)
