"""What farms have stored in cold rooms until prices are better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.agents.farm_market import OFFER, Market
from sim.produce import season
from sim.produce.dues import micro_fen
from sim.schema.raw import STORAGE_FEE
from sim.units import DAY
from sim.world.world import Ints

if TYPE_CHECKING:
    from sim.agents.farming import Farming

KEPT = np.dtype([*OFFER.descr, ("until", "i4"), ("room", "i4"), ("celsius", "f8")])
"""What a farm has stored until a day in the room of a place, at the temperature that it had then."""


class Store:
    """Rows of KEPT of all farms of a county."""

    def __init__(self, farming: Farming) -> None:
        self.of = farming
        self.rows: npt.NDArray[Any] = np.empty(0, KEPT)

    def released(self, day: int) -> npt.NDArray[Any]:
        """Return what leaves storage on a day, or because its room has closed; its quality went at the room's temperature."""
        leave = (self.rows["until"] <= day) | (self.of.fields.cold.store_g[self.rows["room"]] == 0)
        if not leave.any():
            return np.empty(0, OFFER)
        gone, self.rows = self.rows[leave], self.rows[~leave]
        out = np.zeros(len(gone), OFFER)
        for name in OFFER.names or ():
            out[name] = gone[name]
        out["tries"] = 1
        for c in np.unique(gone["celsius"]).tolist():
            own = gone["celsius"] == c
            since = gone["since"][own].astype(np.int64)
            spent = self.of.climb.path(c).between(since, np.full(len(since), day * DAY))
            out["quality"][own] *= np.exp(-self.of.rate0[gone["farm"][own]] * spent)
        out["since"] = day * DAY
        return out

    def left(self) -> Ints:
        """Return the grams (n,) that can still be stored at each place."""
        left = self.of.fields.cold.store_g.copy()
        np.subtract.at(left, self.rows["room"], self.rows["grams"])
        return left

    def bring(self, market: Market, grams: Ints) -> None:
        """Take what farms store today, and the fee for the time they mean to keep it."""
        rows = np.flatnonzero(grams)
        if not len(rows):
            return
        out = np.zeros(len(rows), KEPT)
        for name in OFFER.names or ():
            out[name] = market.offers[name][rows]
        out["grams"], out["quality"], out["since"] = grams[rows], market.quality[rows], market.offered[rows]
        out["until"], out["room"] = market.day + market.hold[rows], market.room[rows]
        out["celsius"] = self.of.fields.cold.room_c[out["room"]]
        self.rows = np.concatenate([self.rows, out])
        kg = grams[rows] / 1000
        fee = kg * market.hold[rows] / season.MONTH_DAYS * self.of.p.cold.store_fee_month
        self.of.dues.add(STORAGE_FEE, market.place[rows], kg, micro_fen(fee))
