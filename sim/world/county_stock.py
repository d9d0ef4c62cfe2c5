"""Stock of fast-moving goods in the county: a share of what is ordered is picked there instead of coming from outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import luck
from sim.world.world import Bools, Floats, Int16s, Int32s, Keys


@dataclass(frozen=True)
class CountyStock:
    """``share`` (n,) of the orders of a place come from stock, if their operator is in ``operators`` (k,); they are at the county's gate
    ``pick_us`` after they were ordered. Picking one costs ``pick_yuan``, merchants pay ``fee_yuan`` for it; ``payer`` is the actor that
    holds the stock, ``by`` the lever's id."""

    share: Floats
    operators: Bools
    pick_us: int
    pick_yuan: float
    fee_yuan: float
    payer: str
    by: str

    def holds(self, key: Keys, place: Int32s, operator: Int16s) -> Bools:
        """Return which orders (n,) are met from stock, by their own luck: a larger share meets more of them and none less."""
        u = luck.unit(luck.mix(key ^ luck.key_of("county stock")))
        held: Bools = (u < self.share[place]) & self.operators[operator]
        return held

    @property
    def empty(self) -> bool:
        """Whether nothing at all is met from it."""
        return not (np.any(self.share > 0) and np.any(self.operators))
