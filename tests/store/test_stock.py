"""The stock at midnight, counted once more parcel by parcel."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from sim.errors import SimError
from sim.run import run
from sim.store.stock import BLOCK, WAITS, Stock
from sim.units import DAY
from tests.ledger.county import V1, county, parcel
from tests.produce.orchard import LEVERS, STRAWBERRIES, lived, orchard
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


def test_what_stands_in_cold_rooms_at_midnight_is_what_the_stages_of_lots_and_their_parcels_weigh() -> None:
    rooms = {"kind": "cold_chain", "county_m3": 1, "township_m3": 1, "village_m3": 1}
    made = lived(orchard("rooms", start=STRAWBERRIES, days=9, levers=[rooms], produce={"learning": {"online_household": 0.6}}))
    stock, stages, up = made.table("stock"), made.table("lot_stages"), made.up()
    gross = up.groupby("lot")["weight_kg"].mean() / made.table("lots").set_index("lot").query("parcels > 0").eval("kg / parcels")
    inside = stages[stages["place"].notna() & stages["cold_s"].notna()]
    kg = inside["kg"] * inside["lot"].map(gross)
    cold = stock[stock["kind"] == "cold"]
    assert set(cold["unit"]) == {"kg"}
    last = 9 * SECONDS
    for at, own in cold[cold["time_s"] <= last].groupby("time_s"):
        there = (inside["cold_s"] <= at) & (inside["out_s"] > at)
        wanted = kg[there].groupby(inside.loc[there, "place"].astype(str)).sum()
        said = own.set_index("place")["amount"]
        assert said[said > 0].to_dict() == pytest.approx(wanted.to_dict()), at
    assert (cold["amount"] <= cold["capacity"]).all()
    assert cold["amount"].max() > 0.9 * cold["capacity"].max(), "some room was meant to be full"


def test_cold_stock_and_room_by_week_are_those_of_the_table() -> None:
    made = lived(orchard("cold", start=STRAWBERRIES, days=16, levers=LEVERS, produce={"learning": {"online_household": 0.6}}))
    cold = made.table("stock").query("kind == 'cold' and time_s > 0 and time_s <= 16 * 86400")
    day = pd.Timestamp(made.scenario.start) + pd.to_timedelta(cold["time_s"] // SECONDS - 1, unit="D")
    metrics = made.made.metrics.set_index(["metric", "group", "period"])["value"]
    for week, own in cold.groupby(day.dt.strftime("%G-W%V")):
        for metric, column in (("cold_stock_kg", "amount"), ("cold_capacity_kg", "capacity")):
            assert metrics[metric, "", week] == pytest.approx(own[column].sum() / own["time_s"].nunique()), (metric, week)
