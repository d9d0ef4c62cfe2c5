"""Sell what farms bring to a middleman, the market or a contract's buyer today: lots, money, and the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents.farm_market import COLD_, CONTRACT_, GATE_, MARKET_, Market
from sim.agents.haul import haul
from sim.agents.market_kernel import new_lots
from sim.produce.dues import micro_fen
from sim.schema.raw import (
    COLD_MARKET,
    COLD_MARKET_SALE,
    CONTRACT,
    CONTRACT_FEE,
    CONTRACT_HANDLING,
    CONTRACT_SALE,
    FARM_DRIVING,
    FARM_LABOUR,
    GATE_SALE,
    LOT,
    MARKET_FEE,
    MARKET_SALE,
    MIDDLEMAN,
    WHOLESALE,
)
from sim.world.world import Floats, Ints

if TYPE_CHECKING:
    from sim.agents.farming import Farming


class Seller:
    """Sells for the farms of a county where buyer and seller meet."""

    def __init__(self, farming: Farming) -> None:
        self.of = farming

    def new_lots(self, market: Market, rows: Ints, channel: int, grams: Ints, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        """Return lots of offers (rows of the market) that go into a channel, nothing of them accounted for yet: ``out``, which is zero, or
        new ones."""
        out, farms = np.zeros(len(rows), LOT) if out is None else out, self.of.farms
        new_lots(
            rows, grams, market.met, market.offers["picked"], farms.kind, farms.key, luck.address(0, "lot", market.day), channel, out,
        )  # fmt: skip
        return out

    def sell(self, market: Market, take: Ints) -> None:
        """Post and settle what is sold today: at the farm gate, at the market, to a contract's buyer."""
        c = self.of.p.channels
        reach, whole = self.of.fields.outreach, np.ones(len(market.crop))
        deals = take[:, CONTRACT_].any()
        for column, channel, due, price, quality, paid in (
            (GATE_, MIDDLEMAN, GATE_SALE, market.gate_price, market.quality, market.quality),
            (MARKET_, WHOLESALE, MARKET_SALE, market.market_price, market.quality_there, market.quality_there),
            (CONTRACT_, CONTRACT, CONTRACT_SALE, market.deal_price if deals else whole, market.quality, whole),
            (COLD_, COLD_MARKET, COLD_MARKET_SALE, market.cold_price, market.quality_cold, market.quality_cold),
        ):
            rows = np.flatnonzero(take[:, column])
            if not len(rows):
                continue
            grams, place = take[rows, column], market.place[rows]
            micro = micro_fen(grams / 1000 * price[rows] * paid[rows])
            lots = self.new_lots(market, rows, channel, grams, self.of.lots.settled(len(rows)))
            lots["sold"], lots["quality"], lots["micro"] = grams, quality[rows], micro
            self.of.dues.add(due, place, grams / 1000, micro)
            if channel == WHOLESALE:
                self.of.dues.add(MARKET_FEE, place, grams / 1000, np.rint(micro * c.market_fee).astype(np.int64))
                self.bring(market, rows, grams, market.seat_km, market.seat_h, c.market_hours)
            elif channel == CONTRACT:
                self.of.dues.add(CONTRACT_FEE, place, grams / 1000, np.rint(micro * reach.deal_fee).astype(np.int64))
                self.of.dues.add(CONTRACT_HANDLING, place, grams / 1000, micro_fen(grams / 1000 * reach.deal_handling))
                self.bring(market, rows, grams, market.town_km, market.town_h)
            elif channel == COLD_MARKET:
                self.bring(market, rows, grams, market.town_km, market.town_h)
                haul(self.of.fields, market.world.places, market.parent[rows], grams, micro, place, self.of.dues)

    def bring(self, market: Market, rows: Ints, grams: Ints, km: Floats, hours: Floats, selling: float = 0.0) -> None:
        """Post the ways of offers ``rows`` (``km`` and ``hours`` are those of all offers); the grades of a picking ride together."""
        one, load = market.together(rows, grams)
        self.drive(market.place[one], load, km[one], hours[one], selling)

    def drive(self, place: Ints, grams: Ints, km: Floats, hours: Floats, selling: float = 0.0) -> None:
        """Post what farms drive and work to bring ``grams`` somewhere and come back."""
        c = self.of.p.channels
        trips = np.maximum(np.ceil(grams / 1000 / c.farm_vehicle_kg), 1)
        self.of.dues.add(FARM_DRIVING, place, 2 * km * trips, micro_fen(2 * km * trips * c.farm_vehicle_km))
        time = trips * (2 * hours + selling)
        self.of.dues.add(FARM_LABOUR, place, time, micro_fen(time * c.labour_hour))
