"""Tracing of produce that is sold online: labels, inspection before it is sent, and what buyers pay more for it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.world.world import Bools


@dataclass(frozen=True)
class Tracing:
    """Lots from places ``here`` (n,) are traced at ``lot_yuan`` each, which their farm pays.

    A ``share`` of them is inspected at ``inspection_yuan``, which ``payer`` pays; what is below ``quality`` then is rejected. Buyers pay
    ``premium`` (share) more. ``by`` is the lever's id."""

    here: Bools
    lot_yuan: float
    share: float
    inspection_yuan: float
    quality: float
    premium: float
    payer: str
    by: str
