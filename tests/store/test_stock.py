"""The stock at midnight, counted once more parcel by parcel."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sim.errors import SimError
from sim.run import run
from sim.store.stock import BLOCK, WAITS, Stock
from sim.units import DAY
from tests.ledger.county import V1, county, parcel
from tests.run.small import STRAINED, scenario

SECONDS = 86_400


def test_every_midnight_holds_the_parcels_that_were_ready_and_had_not_ended() -> None:
    days, warm_up = WAITS + BLOCK + 25, 5
    made = run(scenario(days=days, warm_up=warm_up, **STRAINED))
    parcels, stock = made.table("parcels"), made.table("stock")
    townships = dict(zip(parcels["village"], parcels["township"], strict=True))
    pieces, litres = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    down = parcels[(parcels["direction"] == "down") & parcels["ready_s"].notna()]
    inside = down["village_in_s"].notna().tolist()
    ended = down["finished_s"].fillna((days + 20) * SECONDS).tolist()
    for p, there, end in zip(down.itertuples(), inside, ended, strict=True):
        for day in range(int(p.ready_s // SECONDS) + 1, int(end // SECONDS) + 1):
            place = p.village if there else townships[p.village]
            pieces[day * SECONDS, place] += 1
            litres[day * SECONDS, place] += p.volume_l
    last = stock["time_s"].max()
    for unit, wanted in (("parcel", pieces), ("l", litres)):
        said = stock[stock["unit"] == unit].set_index(["time_s", "place"])["amount"]
        assert said.index.is_unique
        assert said.to_dict() == pytest.approx({at: n for at, n in wanted.items() if at[0] <= last})
    assert stock["time_s"].min() < (5 - warm_up) * SECONDS < (days - 5) * SECONDS < last


def test_a_parcel_that_waited_longer_than_stock_is_held_is_refused_not_miscounted() -> None:
    held = Stock(county())
    held.in_force(0, county())
    for day in range(WAITS + BLOCK + 5):
        held.record(np.zeros(0, parcel(1).dtype), day)
        held.settled(county())
    with pytest.raises(SimError, match="had waited"):
        held.record(parcel(1, ready=0, finished=(WAITS + BLOCK + 5) * DAY, place=V1), WAITS + BLOCK + 5)
