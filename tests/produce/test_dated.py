"""Measures of produce that begin or end in the middle of a run: what they hold comes out, what they owe is posted."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents.farm_parcels import Packer
from sim.agents.farm_stock import Stock
from sim.agents.farm_store import Store
from sim.produce.decay import rate
from sim.run import Run, run
from sim.units import DAY
from tests.produce.orchard import PEARS, STRAWBERRIES, orchard

END = "2021-08-30"
LAST = (date.fromisoformat(END) - date.fromisoformat(PEARS)).days
"""The last day in force; farms act at midnight, before the day's plan, so they see the end on the day after the next."""
HALF: dict[str, dict[str, Any]] = {"learning": {"online_household": 0.5}}


def dated(name: str, *levers: dict[str, Any], start: str = PEARS, days: int = 14, produce: dict[str, dict[str, Any]] | None = None) -> Run:
    """Return a run in which levers are in force from and until their dates."""
    return run(orchard(name, start=start, days=days, levers=levers, produce=produce or HALF), settled=False)


def test_what_is_stored_comes_out_when_its_room_closes_as_good_as_the_room_kept_it() -> None:
    seen: list[tuple[int, Any, Any]] = []
    released = Store.released

    def watch(store: Store, day: int) -> Any:
        before = store.rows.copy()
        out = released(store, day)
        seen.append((day, before, out))
        return out

    chain = {"kind": "cold_chain", "store_m3": 60, "room_c": 6, "until": END}
    with mock.patch.object(Store, "released", watch):
        made = dated("store", chain)
    left = {day: int(before["grams"].sum()) - int(out["grams"].sum()) for day, before, out in seen}
    assert left[LAST + 1] > 10**6
    assert not any(grams for day, grams in left.items() if day > LAST + 1)
    day, before, out = next((day, before, out) for day, before, out in seen if len(out))
    # August: the air is warmer than the room all the time
    spent = rate(np.array([6.0]), made_perishing())[0] * (day * DAY - before["since"]) / DAY
    # peppers keep 700 days at 0 degrees
    np.testing.assert_allclose(out["quality"], before["quality"] * np.exp(np.log(0.7) / 700 * spent), rtol=1e-9)
    lots = made.table("lots")
    assert lots[lots["channel"] == "stored"]["kg_in_stock"].sum() == 0


def made_perishing() -> Any:
    """Return the parameters of decay."""
    return orchard("p").parameters.produce.perishing


def test_a_warehouse_that_has_closed_sends_nothing_and_what_comes_back_is_as_good_as_it_kept_it() -> None:
    shut: list[bool] = []
    back: list[tuple[int, Any, Any]] = []
    send, goes = Packer.send, Stock.back

    def sends(packer: Packer, market: Any, grams: Any) -> Any:
        if market.from_stock:
            shut.append(not packer.of.fields.warehouses.stands[market.parent[np.flatnonzero(grams)]].all())
        return send(packer, market, grams)

    def comes(stock: Stock, day: int) -> Any:
        before = stock.rows.copy()
        out = goes(stock, day)
        back.append((day, before, out))
        return out

    house = {"kind": "origin_warehouse", "share": 1.0, "cold": True, "celsius": 4, "hold_days": 30, "cover_days": 20, "until": "2021-04-15"}
    with mock.patch.object(Packer, "send", sends), mock.patch.object(Stock, "back", comes):
        dated("house", house, start=STRAWBERRIES)
    assert len(shut) > 3
    assert not any(shut)
    day, before, out = next((day, before, out) for day, before, out in back if day == 7)
    assert len(out) == len(before) > 20
    spent = rate(np.array([4.0]), made_perishing())[0] * (day * DAY - before["since"]) / DAY
    np.testing.assert_allclose(out["quality"], before["quality"] * np.exp(np.log(0.7) / 7 * spent), rtol=1e-9)


def test_what_stands_in_a_room_when_it_closes_is_as_cold_as_it_was() -> None:
    room = {"kind": "cold_chain", "township_m3": 20, "room_c": 6, "cold_trunk": False, "until": END}
    stages = dated("rooms", room, produce=HALF | {"collecting": {"rule": "never"}}).table("lot_stages")
    assert set(stages["temperature_c"].dropna()) == {6.0}
    later = stages[stages["cold_s"].notna() & (stages["out_s"] > (LAST + 2) * 86_400)]
    assert len(later) > 0, "something stands there overnight"


def test_a_village_owes_only_for_the_days_of_its_contract() -> None:
    deal = {"kind": "platform_carrier_deals", "least_day": 50.0, "from": "2021-08-29"}
    made = dated("deals", deal)
    money, parcels = made.table("money"), made.table("parcels")
    owed = money[money["category"] == "contract shortfall"]
    assert set(owed["day"]) == {7}
    # a contract from day 4 is known to farms from the 5th on: two mornings before the review of the 7th
    sent = parcels[(parcels["direction"] == "up") & (parcels["created_s"] < 7 * 86_400)].groupby("village").size()
    assert sent.sum() > 0
    assert len(owed) > 5
    for row in owed.itertuples():
        assert row.quantity == 2 * 50 - sent.get(row.place, 0)


def test_parcels_from_stock_that_come_after_its_end_are_paid_for_like_those_before() -> None:
    made = dated("stock", {"kind": "sunk_supply_chain", "share": 0.5, "until": END}, days=10)
    parcels, money = made.table("parcels"), made.table("money")
    picked = parcels[(parcels["origin"] == "county_stock") & parcels["finished_s"].notna() & (parcels["direction"] == "down")]
    assert (picked["finished_s"] > (LAST + 2) * 86_400).sum() > 20
    for category in ("stock picking", "stock fee"):
        assert money[money["category"] == category]["quantity"].sum() == len(picked)


@pytest.mark.parametrize(
    ("lever", "categories"),
    [
        ({"kind": "traceability", "inspected": 1.0}, {"tracing", "inspection"}),
        ({"kind": "wholesale_market", "payer": "county", "ratio": 3.0}, {"cold haul", "cold haul labour", "cold market fee"}),
        ({"kind": "produce_to_city", "payer": "county", "price_share": 1.0, "capacity_share": 1.0}, {"contract handling", "contract fee"}),
        ({"kind": "cold_chain", "owner": "county", "village_m3": 1, "cold_trunk": False}, {"precooling"}),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_what_farms_owe_on_the_last_day_is_owed_to_who_stood_there_that_morning(lever: dict[str, Any], categories: set[str]) -> None:
    money = dated("last", lever | {"id": "lever", "until": END}).table("money")
    own = money[money["category"].isin(categories)]
    assert set(own["category"]) == categories
    assert own["day"].max() == LAST + 1
    known = {"county", "market", "workers"}
    others = {actor for side in ("payer", "payee") for actor in own[side]} - known
    assert all(actor.startswith("farmers:") for actor in others), others
    assert set(own["lever"]) == {"lever"}
