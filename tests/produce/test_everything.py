"""Random counties with every lever of produce at once: what is picked ends somewhere once, money balances, no vehicle is too full."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents import farming
from sim.agents.farm_fill import allocate
from sim.agents.farm_market import COLD_, CONTRACT_, GATE_, ONLINE_, STORED_, Market
from sim.ledger.produce import ENTRIES
from sim.levers import KINDS
from sim.produce.harvest import Harvest
from sim.produce.lots import ENDS
from sim.schema.raw import CHANNELS, DUES
from sim.world.world import Ints
from tests.produce.orchard import PEARS, STRAWBERRIES, Lived, lived, orchard
from tests.produce.test_channels import nothing_brings_less
from tests.produce.test_conservation import ENDED
from tests.produce.test_space import drawn_county
from tests.reference.dice import Dice

SEEDS = range(12)
NEW_YEAR = "2021-12-27"
"""Strawberries are picked into the new year."""
KILOGRAMS = ("kg_sold", "kg_lost", "kg_rejected", "kg_unsold", "kg_in_stock")


def levers(dice: Dice) -> list[dict[str, Any]]:
    """Return every lever of produce with settings drawn at random, and a grant for what they build."""
    public = [dice.chance(50) for _ in range(5)]
    return [
        {
            "kind": "cold_chain", "share": dice.whole(5, 10) / 10, "county_m3": dice.whole(0, 10), "township_m3": dice.pick((0.1, 1, 20)),
            "village_m3": dice.pick((0, 0.05, 1)), "store_m3": dice.pick((0, 2, 60)), "precool_kg_h": dice.pick((0, 5, 200)),
            "boxes": dice.chance(50), "reefers": dice.chance(50), "cold_trunk": dice.chance(50),
            "owner": "county" if public[0] else "cold rooms",
        },
        {"kind": "wholesale_market", "trucks": dice.whole(1, 2), "truck_kg": dice.pick((100, 1_500)), "ratio": dice.pick((0.8, 1.2)),
         "payer": "county" if public[1] else "cold market"},
        {"kind": "traceability", "share": dice.pick((0.5, 1.0)), "inspected": dice.pick((0.1, 1.0)), "quality": dice.pick((0.85, 0.96))},
        {"kind": "origin_warehouse", "share": dice.pick((0.5, 1.0)), "room_kg": dice.pick((100, 20_000)), "hold_days": dice.whole(1, 4),
         "cold": dice.chance(50)},
        {"kind": "ecommerce_services", "share": dice.pick((0.5, 1.0)), "places": dice.whole(0, 9)},
        {"kind": "sunk_supply_chain", "share": 0.3, "payer": "county" if public[2] else "county stock"},
        {"kind": "produce_to_city", "capacity_share": dice.pick((0.05, 0.5)), "price_share": dice.pick((0.2, 0.8)), "quality": 0.9,
         "payer": "county" if public[3] else "organiser"},
        {"kind": "platform_carrier_deals", "share": dice.pick((0.3, 0.8)), "least_day": dice.pick((0, 5)),
         "payer": "county" if public[4] else "platform"},
        {
            "kind": "capital_grant", "assets": ["cold room", "cold box", "market truck"], "share": 0.3, "cap": 50_000,
            "programme": "building",
        },
    ]  # fmt: skip


def drawn(seed: int, folder: Path) -> Lived:
    """Return nine days of a random county with all of them, short of space and of buyers; every second one by the logit rule."""
    dice = Dice(1_000 + seed)
    produce: dict[str, dict[str, Any]] = {
        "channels": {
            "orders_day_household": dice.whole(2, 9), "middleman_kg_day": dice.pick((100, 8_000)), "market_hours": dice.pick((2, 24)),
            "labour_hour": dice.pick((12, 40)), "farm_vehicle_kg": dice.pick((50, 400)), "sale_zones": dice.chance(50),
            "rule": ("threshold", "logit")[seed % 2],
        },
        "farming": {"wait_days": dice.whole(0, 3), "pick_every_days": dice.whole(1, 3)},
        "grading": {"active": dice.chance(60)}, "packaging": {"ice_steps": dice.pick((0, 3))},
        "sending": {"trunk_hours_far": dice.pick((75, 400))},
        "learning": {"online_household": dice.whole(2, 9) / 10, "review_every_days": 4, "considers": 0.5},
    }  # fmt: skip
    fleet = {"van_kg": dice.whole(60, 300), "van_l": dice.whole(200, 2_000), "truck_kg": dice.whole(300, 1_500), "p_breakdown": 0.1}
    chosen = orchard(
        f"everything-{seed}", start=dice.pick((PEARS, STRAWBERRIES, NEW_YEAR)), days=9, warm_up=2, county=drawn_county(dice, folder),
        levers=[lever | {"id": lever["kind"]} for lever in levers(dice)], produce=produce, fleet=fleet, service={"village_share": 0.6},
        counting={"drain_days": dice.pick((1, 8))},
    )  # fmt: skip
    content = chosen.model_dump(by_alias=True) | {"programmes": {"building": {"budget": {"provincial": 20_000}, "per": "once"}}}
    return lived(type(chosen).model_validate(content).at(chosen._origin), seed)


Seen = tuple[Market, Ints, Ints, Ints]
"""A day's market, what was taken in it, and the grams that stores and warehouses could still hold before."""


def watched(seed: int, folder: Path) -> tuple[Lived, list[Seen]]:
    """Return such a run and its markets."""
    seen: list[Seen] = []

    def watch(market: Market) -> tuple[Ints, Ints]:
        store, house = market.of.store.left(), market.of.stock.room_left()
        take, untaken = allocate(market)
        seen.append((market, take, store, house))
        return take, untaken

    with mock.patch.object(farming, "allocate", watch):
        return drawn(seed, folder), seen


@pytest.fixture(scope="module")
def markets(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Lived, list[Seen]]]:
    return {seed: watched(seed, tmp_path_factory.mktemp("everything")) for seed in SEEDS}


@pytest.fixture(scope="module")
def counties(markets: dict[int, tuple[Lived, list[Seen]]]) -> dict[int, Lived]:
    return {seed: lived_there for seed, (lived_there, _) in markets.items()}


@pytest.fixture(params=SEEDS)
def made(request: pytest.FixtureRequest, counties: dict[int, Lived]) -> Lived:
    return counties[request.param]


def test_all_levers_of_produce_are_here() -> None:
    given = {lever["kind"] for lever in levers(Dice(1))}
    assert {str(kind.model_fields["kind"].default) for kind in KINDS if kind.of_produce} < given


def test_every_gram_that_is_picked_ends_in_exactly_one_way(made: Lived) -> None:
    lots, table = made.lots(), made.table("lots")
    assert len(np.unique(lots["lot"])) == len(lots) > 300
    assert all((lots[name] >= 0).all() for name in ENDS)
    assert (lots["grams"] == sum(lots[name] for name in ENDS)).all()
    assert (lots["at_stage"].sum(axis=1) == lots["lost"] + lots["rejected"]).all()
    farming = made.farming
    calendar = Harvest(farming.farms, farming.crops, made.scenario.parameters.produce.farming, made.seed, made.scenario.start)
    picked = np.zeros(farming.farms.n, np.int64)
    for day in range(-2, 9):
        rows, grams, _ = calendar.picks(day)
        np.add.at(picked, rows, grams)
    np.testing.assert_array_equal(np.bincount(lots["farm"], lots["grams"], farming.farms.n).astype(np.int64), picked)
    assert round(1000 * table["kg"].sum()) == picked.sum() == round(1000 * table[list(KILOGRAMS)].sum().sum())


def test_parcels_carry_what_their_lots_hold_and_end_where_they_do(made: Lived) -> None:
    online, up = made.table("lots").query("channel == 'online'").set_index("lot"), made.up()
    sent = online[online["parcels"] > 0]
    assert set(up["lot"]) == set(sent.index)
    if up.empty:
        return
    packed = made.scenario.parameters.produce
    ice = up["lot"].map(sent["ice_kg"])
    up = up.assign(net=up["weight_kg"] - packed.channels.packing_kg - np.where(ice > 0, ice + packed.packaging.box_kg, 0.0))
    ends = up.assign(end=up["outcome"].map(ENDED)).groupby(["lot", "end"], observed=True)["net"].sum().unstack(fill_value=0.0)
    for name in set(ENDED.values()):
        got = ends[name] if name in ends else 0.0 * ends.iloc[:, 0]
        np.testing.assert_allclose(got.reindex(sent.index).to_numpy(), sent[name].to_numpy(), atol=1e-6, err_msg=name)
    inspected = online[online["parcels"] == 0]
    assert (inspected["kg_rejected"] == inspected["kg"]).all()
    assert inspected["inspected"].all()


def test_what_is_due_is_posted_once_and_every_posting_has_two_sides(made: Lived) -> None:
    money, dues = made.table("money"), np.concatenate([day.dues for day in made.days])
    assert (money["amount_fen"] > 0).all()
    assert (money["payer"] != money["payee"]).all()
    own = money[money["category"].isin(ENTRIES)]
    assert not {"inspectors", "farmers", "operator", "network", "host"} & {*own["payer"], *own["payee"]}
    for kind, name in enumerate(DUES):
        owed = dues["micro"][dues["kind"] == kind].sum() / 1e6
        rows = own[own["category"] == name]
        keys = len(rows[["payer", "payee", "place", "lever"]].drop_duplicates())
        assert owed - keys - 25 <= rows["amount_fen"].sum() <= owed, name
    inside = money[(money["day"] >= 0) & (money["day"] < 9)]
    balance = made.made.metric("balance_yuan", group="account")
    assert balance.sum() == pytest.approx(0, abs=0.01)
    got, gave = (inside[inside[side].str.startswith("farmers:")]["amount_fen"].sum() for side in ("payee", "payer"))
    assert made.made.metric("farmer_income_yuan") == pytest.approx((got - gave) / 100)


def test_no_programme_pays_more_than_it_has(made: Lived) -> None:
    money = made.table("money")
    assert money[money["payer"] == "treasury:provincial"]["amount_fen"].sum() <= 2_000_000
    grants = made.table("grants")
    assert grants[grants["decision"] == "paid"]["paid_fen"].sum() <= 2_000_000


def test_no_vehicle_is_fuller_than_full_and_what_goes_up_is_aboard(made: Lived) -> None:
    trips, stops, parcels = made.table("trips"), made.table("stops"), made.table("parcels")
    went = trips[trips["status"] != "cancelled"]
    assert (went["load_kg"] <= went["capacity_kg"]).all()
    assert (went["load_l"] <= went["capacity_l"]).all()
    aboard = stops.merge(went[["trip", "capacity_kg", "capacity_l"]], on="trip", validate="many_to_one")
    assert len(aboard) == len(stops) > 0
    for unit in ("kg", "l"):
        assert (aboard[f"aboard_{unit}"] <= aboard[f"capacity_{unit}"]).all()
    legs = made.table("legs").merge(parcels[["parcel", "direction", "weight_kg", "volume_l"]], on="parcel", validate="many_to_one")
    home = legs[(legs["direction"] == "up") & legs["unload_s"].notna()].groupby("trip")[["weight_kg", "volume_l"]].sum()
    home = home.join(went.set_index("trip")[["load_kg", "load_l", "leg"]], how="inner")
    home = home[home["leg"].isin(["line", "round"])]
    assert len(home) > 0 or made.up().empty
    assert (home["weight_kg"] <= home["load_kg"] + 1e-6).all()
    assert (home["volume_l"] <= home["load_l"] + 1e-6).all()


def test_cold_rooms_and_warehouses_never_hold_more_than_they_can(made: Lived) -> None:
    stock = made.table("stock")
    held = stock[stock["capacity"].notna() & stock["kind"].isin(["cold", "warehouse"])]
    assert len(held) > 0
    assert (held["amount"] <= held["capacity"] + 1e-6).all()


def room_left(market: Market, take: Ints, store: Ints, house: Ints) -> Any:
    """Return the grams (n, choices) that each channel could still take of each offer, when all has been taken."""
    left = np.full(take.shape, 2**62, np.int64)

    def rest(room: Ints, group: Ints, taken: Ints) -> Any:
        return (room - np.bincount(group, taken, len(room)).astype(np.int64))[group]

    n, of = market.world.places.n, market.of
    left[:, GATE_] = rest(np.full(n, round(1000 * of.p.channels.middleman_kg_day)), market.place, take[:, GATE_])
    left[:, CONTRACT_] = rest(of.fields.outreach.deal_g_day, market.crop, take[:, CONTRACT_])
    left[:, STORED_] = rest(store, market.room, take[:, STORED_])
    assert of.fields.cold_market is not None
    left[:, COLD_] = rest(of.fields.cold_market.truck_g, market.parent, take[:, COLD_])
    into = rest(house, market.parent, np.where(market.stocked, take[:, ONLINE_], 0))
    left[:, ONLINE_] = np.minimum(market.ordered_g - take[:, ONLINE_], np.where(market.stocked, into, 2**62))
    assert (left >= 0).all(), "no channel takes more than it has room for"
    left[:, ONLINE_] -= left[:, ONLINE_] % market.parcel_g
    return left


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed % 2 == 0])
def test_by_the_threshold_rule_nothing_goes_where_it_is_known_to_bring_less(
    markets: dict[int, tuple[Lived, list[Seen]]], seed: int
) -> None:
    made, seen = markets[seed]
    assert made.scenario.parameters.produce.channels.rule == "threshold"
    for market, take, store, house in seen:
        nothing_brings_less(market, take, room_left(market, take, store, house))


def test_by_the_logit_rule_too_no_channel_takes_more_than_it_has_room_for(markets: dict[int, tuple[Lived, list[Seen]]]) -> None:
    for seed in SEEDS:
        if seed % 2:
            for market, take, store, house in markets[seed][1]:
                room_left(market, take, store, house)
                assert (take >= 0).all()
                assert (take.sum(axis=1) <= market.offers["grams"]).all()


def test_together_they_reach_every_channel_and_every_end(counties: dict[int, Lived]) -> None:
    lots = np.concatenate([run.lots() for run in counties.values()])
    seen = {CHANNELS[channel] for channel in np.unique(lots["channel"])}
    assert seen == set(CHANNELS)
    assert sum(len(run.up()) > 100 for run in counties.values()) > len(SEEDS) / 2
    assert min(int(lots[name].sum()) for name in ENDS) > 0, {name: int(lots[name].sum()) for name in ENDS}
