"""The cold market's trucks: how often they drive on a day, and what that and the market's fee come to."""

from __future__ import annotations

import numpy as np

from sim.produce.dues import Dues, micro_fen
from sim.schema.raw import COLD_HAUL, COLD_HAUL_LABOUR, COLD_MARKET_FEE
from sim.units import HOUR
from sim.world.world import Fields, Ints, Places


def haul(fields: Fields, places: Places, town: Ints, grams: Ints, micro: Ints, place: Ints, dues: Dues) -> None:
    """Post the fee on sales (n,) of ``micro`` from farms at ``place``, and the trips that fetch their ``grams`` in ``town``.

    As many full trucks as it takes drive from the seat to a township and back.
    """
    cold = fields.cold_market
    assert cold is not None
    dues.add(COLD_MARKET_FEE, place, grams / 1000, np.rint(micro * cold.fee).astype(np.int64))
    rows, at = np.unique(town, return_inverse=True)
    load = np.zeros(len(rows), np.int64)
    np.add.at(load, at, grams)
    trips = -(-load // cold.load_g)
    km, hours = 2 * trips * places.metres[0, rows] / 1000, 2 * trips * places.travel_us[0, rows] / HOUR
    dues.add(COLD_HAUL, rows, km, micro_fen(km * cold.km_yuan))
    dues.add(COLD_HAUL_LABOUR, rows, hours, micro_fen(hours * cold.hour_yuan))
