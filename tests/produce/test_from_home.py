"""A warehouse is an offer: who gains nothing by it, or finds it full, sends from home as if there were none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.produce.orchard import PEARS, Lived, lived, orchard
from tests.run.small import digests

SELLS = {"learning": {"online_household": 0.5}, "grading": {"active": True}}
HOUSE: dict[str, Any] = {"kind": "origin_warehouse", "share": 1.0}


def made(name: str, *levers: dict[str, Any]) -> Lived:
    return lived(orchard(name, start=PEARS, days=10, levers=levers, produce=SELLS), 2)


@pytest.fixture(scope="module")
def without() -> Lived:
    return made("without")


@pytest.mark.parametrize("useless", [{"room_kg": 0}, {"room_kg": 0.4}, {"fee": 50}], ids=["no room", "less than a parcel", "too dear"])
def test_a_warehouse_of_no_use_costs_money_and_changes_nothing_else(without: Lived, useless: dict[str, Any]) -> None:
    other = made("without", HOUSE | useless)
    ours, theirs = digests(other.made), digests(without.made)
    same = {"lots", "lot_stages", "parcels", "legs", "trips", "stops", "shifts", "stock", "agents_farmer", "decisions"}
    assert {name for name in same if ours[name] != theirs[name]} == set()
    money, before = other.table("money"), without.table("money")
    more = money[money["activity"] == "cold"]
    assert set(more["category"]) == {"origin warehouse", "origin warehouse running"}
    assert money[money["activity"] != "cold"].reset_index(drop=True).equals(before)


def test_a_warehouse_that_is_full_leaves_the_others_to_send_from_home() -> None:
    share = {}
    for kg in (20_000, 8):
        lots = made(f"room-{kg}", HOUSE | {"room_kg": kg}).table("lots").query("channel == 'online'")
        # the warehouse hands over at 14:00, farms in the morning
        share[kg] = (lots["offered_s"] % 86_400 == 14 * 3600).mean()
    assert 0 < share[8] < share[20_000] / 2


def test_who_has_stock_in_a_warehouse_sends_it_from_there_and_nothing_from_home() -> None:
    lots = made("stock", HOUSE | {"room_kg": 300, "cover_days": 10, "hold_days": 9}).table("lots").query("channel == 'online'")
    batch = lots["offered_s"] % 86_400 == 14 * 3600
    both = lots.assign(day=lots["offered_s"] // 86_400, batch=batch).groupby(["farm", "day"])["batch"].nunique()
    assert batch.any()
    assert both.max() == 1, "no farm sends both ways on a day"
