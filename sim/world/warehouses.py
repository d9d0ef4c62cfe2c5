"""Origin warehouses: where farms that sell online keep stock picked in advance, and what happens there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.world.world import Bools, Floats, Ints


@dataclass(frozen=True)
class Warehouses:
    """By place (n,): ``stands``; ``room_g`` grams it holds; ``celsius`` it is kept at, NaN for the air's. Farms bring stock for
    ``cover_days`` of the orders they expect and take back what is left after ``hold_days``; packing takes ``packing_minutes`` and
    ``packing`` yuan a parcel there; parcels leave at ``batch_us`` at the fee ``fee``. ``price`` (n,) is what fitting it out cost,
    ``day_yuan`` (n,) what running it costs a day."""

    stands: Bools
    room_g: Ints
    celsius: Floats
    day_yuan: Floats
    price: Floats
    by: tuple[str, ...]
    cover_days: float = 0.0
    hold_days: int = 0
    packing_minutes: float = 0.0
    packing: float = 0.0
    fee: float = 0.0
    store_kg_day: float = 0.0
    batch_us: int = 0

    def cold_g(self) -> Ints:
        """Return the grams (n,) that the cold ones hold."""
        held: Ints = np.where(self.stands & ~np.isnan(self.celsius), self.room_g, 0)
        return held


def no_warehouses(places: int) -> Warehouses:
    """Return a county without origin warehouses."""
    return Warehouses(
        np.zeros(places, np.bool_), np.zeros(places, np.int64), np.full(places, np.nan), np.zeros(places), np.zeros(places), ("",) * places
    )
