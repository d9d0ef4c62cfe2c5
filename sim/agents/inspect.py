"""Tracing of what is sold online: what it costs, which lots are inspected before they are sent, and which do not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents.farm_market import Market
from sim.produce.dues import micro_fen
from sim.schema.raw import FIELD, INSPECTION, TRACING
from sim.world.world import Bools, Ints

if TYPE_CHECKING:
    from sim.agents.farming import Farming


def inspect(of: Farming, market: Market, rows: Ints, lots: npt.NDArray[Any]) -> Bools:
    """Trace lots (n,) of offers (``rows`` of the market) and return which may be sent; settle the others as rejected.

    Which are inspected is their own luck, whatever the share: a larger share inspects more lots and none less. A farm remembers a rejected
    lot as one for which buyers in the nearest zone paid nothing: it expects no more of those farther away.
    """
    tracing = of.fields.tracing
    passed = np.ones(len(rows), np.bool_)
    if tracing is None:
        return passed
    place, kg = market.place[rows], lots["grams"] / 1000
    traced = tracing.here[place]
    seen = traced & (luck.uniform(of.seed, "inspection", 0, lots["lot"]) < tracing.share)
    lots["traced"], lots["inspected"] = traced, seen
    one = np.ones(len(rows))
    for due, which, yuan in ((TRACING, traced, tracing.lot_yuan), (INSPECTION, seen, tracing.inspection_yuan)):
        of.dues.add(due, place[which], one[which], micro_fen(yuan * one[which]))
    bad = seen & (market.quality[rows] < tracing.quality)
    if bad.any():
        gone = lots[bad]
        gone["parcels"], gone["rejected"] = 0, gone["grams"]
        gone["at_stage"][:, FIELD] = gone["grams"]
        of.lots.settle(gone)
        of.learn(
            market.offered[rows][bad],
            market.farm[rows][bad],
            market.ice[rows][bad],
            np.zeros(len(gone), np.int64),
            np.zeros(len(gone)),
            kg[bad] * market.listed[rows][bad],
        )
    return ~bad
