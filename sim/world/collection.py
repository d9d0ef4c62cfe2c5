"""What is expected to be sent up: the volume that operators plan their afternoon collection on."""

from __future__ import annotations

from dataclasses import dataclass

from sim.world.world import Floats


@dataclass(frozen=True)
class Collection:
    """Parcels a day: ``place`` (k, n) wait in a village or town for a van, ``counter`` (k, m) are handed in at the townships' counters.

    ``gram`` and ``millilitre`` are those of a mean parcel. Nothing of it is known before parcels have been sent.
    """

    place: Floats
    counter: Floats
    gram: float
    millilitre: float
