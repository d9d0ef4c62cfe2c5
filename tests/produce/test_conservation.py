"""Every gram that is picked ends somewhere, once; parcels weigh what their lots weigh; the tables say what the columns say."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from sim.produce.harvest import Harvest
from sim.produce.lots import ENDS, lot_keys
from sim.schema.raw import CHANNELS, STAGES
from tests.produce.orchard import LEVERS, PEARS, STRAWBERRIES, Lived, lived, orchard, with_cold

ENDED = {"shipped": "kg_sold", "refused": "kg_rejected", "spoiled": "kg_lost", "rejected": "kg_rejected", "in_transit": "kg_in_stock"}
"""Where the produce of a parcel ends, by the parcel's outcome."""
SCARCE: dict[str, dict[str, Any]] = {
    "channels": {"middleman_kg_day": 300, "market_hours": 24, "labour_hour": 100, "farm_vehicle_kg": 50},
    "farming": {"wait_days": 1},
    "learning": {"online_household": 0.5},
}
"""Nobody takes all that is picked, and half of the growers sell online."""


@pytest.fixture(scope="module", params=["pears", "strawberries", "scarce", "stored", "cut off", "all levers", "warm warehouses"])
def case(request: pytest.FixtureRequest) -> Lived:
    if request.param == "scarce":
        tight: Any = {"fleet": {"van_l": 500, "van_kg": 80}, "counting": {"drain_days": 2}}
        return lived(orchard("scarce", start=STRAWBERRIES, produce=SCARCE, **tight))
    if request.param == "stored":
        store = with_cold(store_g=20_000_000, room_c=1.0, built_by=("store",) * 25)
        return lived(orchard("stored", start=PEARS), edit=store)
    if request.param == "all levers":
        return lived(orchard("all", start=PEARS, days=14, levers=LEVERS, produce={"learning": {"online_household": 0.4}}))
    if request.param == "warm warehouses":
        warm: list[dict[str, Any]] = [{"kind": "origin_warehouse", "share": 1.0}]
        return lived(orchard("warm", start=STRAWBERRIES, levers=warm, produce={"learning": {"online_household": 0.5}}))
    if request.param == "cut off":
        far = {"sending": {"trunk_hours_near": 240, "trunk_hours_middle": 240, "trunk_hours_far": 400}}
        return lived(orchard("cut-off", start=PEARS, produce=far, counting={"drain_days": 1}))
    return lived(orchard(start=PEARS if request.param == "pears" else STRAWBERRIES))


def test_every_lot_is_sold_lost_rejected_unsold_or_in_stock_to_the_gram(case: Lived) -> None:
    lots = case.lots()
    assert len(lots) > 100
    assert (lots["grams"] == sum(lots[name] for name in ENDS)).all()
    assert all((lots[name] >= 0).all() for name in (*ENDS, "grams"))
    assert (lots["at_stage"].sum(axis=1) == lots["lost"] + lots["rejected"]).all()
    assert len(np.unique(lots["lot"])) == len(lots)


def test_no_two_lots_have_one_key_however_many_a_farm_has() -> None:
    farm = np.full(1_000, 7, np.uint64)
    keys = [lot_keys(farm, 3, channel, np.arange(1_000)) for channel in range(len(CHANNELS))]
    assert len(np.unique(np.concatenate(keys))) == 1_000 * len(CHANNELS)


def test_what_the_calendar_has_picked_is_what_the_lots_weigh_farm_by_farm(case: Lived) -> None:
    farming, scenario = case.farming, case.scenario
    calendar = Harvest(farming.farms, farming.crops, scenario.parameters.produce.farming, case.seed, scenario.start)
    picked, by_crop = np.zeros(farming.farms.n, np.int64), np.zeros(farming.crops.n, np.int64)
    for day in range(-scenario.warm_up_days, len(case.sent) - scenario.warm_up_days):
        rows, grams, _ = calendar.picks(day)
        np.add.at(picked, rows, grams)
    lots = case.lots()
    weighed = np.zeros(farming.farms.n, np.int64)
    np.add.at(weighed, lots["farm"], lots["grams"])
    np.testing.assert_array_equal(weighed, picked)
    np.add.at(by_crop, farming.farms.crop, picked)
    np.testing.assert_array_equal(sum(day.picked for day in case.days), by_crop)
    assert picked.sum() > 10**6


def test_parcels_of_a_lot_weigh_what_it_weighs_and_end_where_it_ends(case: Lived) -> None:
    lots, up = case.table("lots").set_index("lot"), case.up()
    online = lots[lots["channel"] == "online"]
    assert set(up["lot"]) == set(online.index)
    packing, packed = case.scenario.parameters.produce.channels.packing_kg, case.scenario.parameters.produce.packaging
    grams: dict[tuple[int, str], int] = defaultdict(int)
    many: dict[int, int] = defaultdict(int)
    for parcel in up.itertuples():
        ice = float(lots.loc[parcel.lot, "ice_kg"])
        box = round(1000 * (ice + packed.box_kg)) if ice else 0
        net = round(parcel.weight_kg * 1000) - round(packing * 1000) - box
        grams[parcel.lot, ENDED[parcel.outcome]] += net
        many[parcel.lot] += 1
    for lot in online.itertuples():
        assert many[lot.Index] == lot.parcels
        for name in set(ENDED.values()):
            assert grams[lot.Index, name] == round(getattr(lot, name) * 1000), name
        assert lot.kg_unsold == 0


def test_no_parcel_is_sent_twice_and_each_one_sent_is_in_the_table(case: Lived) -> None:
    sent = np.concatenate([shipments.key for shipments in case.sent])
    assert len(np.unique(sent)) == len(sent) > 0
    np.testing.assert_array_equal(np.sort(case.up()["parcel"].to_numpy().astype(np.uint64)), np.sort(sent))


def test_the_table_of_lots_says_in_kg_what_the_lots_say_in_grams(case: Lived) -> None:
    lots, table = case.lots(), case.table("lots")
    assert len(lots) == len(table)
    for column, name in (("kg", "grams"), ("kg_in_stock", "stock"), *((f"kg_{n}", n) for n in ("sold", "lost", "rejected", "unsold"))):
        assert round(table[column].sum() * 1000) == lots[name].sum(), name


def test_the_metrics_of_lots_are_those_of_the_table(case: Lived) -> None:
    lots = case.table("lots")
    inside = lots[(lots["offered_s"] >= 0) & (lots["offered_s"] < case.scenario.days * 86_400)]
    metric = case.made.metric
    lost = inside[["kg_lost", "kg_rejected", "kg_unsold"]].sum().sum()
    assert metric("produce_kg") == pytest.approx(inside["kg"].sum())
    assert metric("produce_loss_share") == pytest.approx(lost / (inside["kg"] - inside["kg_in_stock"]).sum())
    online = inside[inside["channel"] == "online"]
    assert metric("produce_up_kg") == pytest.approx(online["kg"].sum())
    assert metric("online_share") == pytest.approx(online["kg_sold"].sum() / inside["kg_sold"].sum())
    for crop, own in inside.groupby("crop"):
        assert metric("produce_kg", group=("crop", crop)) == pytest.approx(own["kg"].sum())
        rejected = own[["kg_lost", "kg_rejected", "kg_unsold"]].sum().sum()
        assert metric("produce_loss_share", group=("crop", crop)) == pytest.approx(rejected / (own["kg"] - own["kg_in_stock"]).sum())


def test_losses_by_stage_add_up_to_the_loss(case: Lived) -> None:
    metrics = case.made.metrics
    own = metrics[(metrics["metric"] == "produce_loss_share") & (metrics["period"] == "all")]
    stages = own[own["group"] == "stage"]
    assert set(stages["value_of_group"]) > {"field", "trunk", "buyer", "unsold"}
    assert stages["value"].sum() == pytest.approx(case.made.metric("produce_loss_share"))
    for crop, parts in own[own["group"] == "crop|stage"].groupby(own["value_of_group"].str.split("|").str[0]):
        assert len(parts) == len(STAGES) + 1, f"{crop} has a row for each stage and for what nobody took, so that means add up"
        assert parts["value"].sum() == pytest.approx(case.made.metric("produce_loss_share", group=("crop", crop))), crop


def test_where_nothing_is_cold_nothing_is_carried_cold_whether_it_has_left_or_not() -> None:
    full: Any = {"fleet": {"van_l": 100, "van_kg": 50}, "counting": {"drain_days": 1}}
    made = lived(orchard("warm", days=8, produce={"learning": {"online_household": 1.0}}, **full))
    assert {"shipped", "in_transit"} <= set(made.up()["outcome"])
    assert made.made.metric("cold_chain_share") == 0


def lost_by_stages(case: Lived) -> dict[str, float]:
    """Return the kg sent in the window that fell below what buyers take, by the stage behind which their quality lies below it."""
    lots, stages = case.table("lots").set_index("lot"), case.table("lot_stages")
    offered = stages["lot"].map(lots["offered_s"])
    stages = stages[(offered >= 0) & (offered < case.scenario.days * 86_400)].copy()
    stages["below"] = stages["kg"].where(stages["quality_out"] < case.scenario.parameters.produce.sending.threshold, 0.0)
    behind = stages.groupby(["lot", "order"]).agg(kg=("below", "sum"), stage=("stage", "first")).reset_index()
    behind["new"] = behind["kg"] - behind.groupby("lot")["kg"].shift(fill_value=0.0)
    lost: dict[str, float] = behind.groupby("stage", observed=True)["new"].sum().to_dict()
    return lost


def test_produce_is_lost_at_the_stage_behind_which_the_table_says_it_is_bad() -> None:
    slow: list[dict[str, Any]] = [{"kind": "cold_chain", "township_m3": 5, "village_m3": 1, "precool_kg_h": 2}, LEVERS[1]]
    made = lived(orchard("slow", start=STRAWBERRIES, days=8, levers=slow, produce={"learning": {"online_household": 1.0}}))
    metrics, ours = made.made.metrics, lost_by_stages(made)
    own = metrics[(metrics["metric"] == "produce_loss_share") & (metrics["group"] == "channel|stage") & (metrics["period"] == "all")]
    theirs = own.set_index("value_of_group")["numerator"]
    for stage in ("station", "round", "township", "line", "county", "trunk"):
        assert theirs[f"online|{stage}"] == pytest.approx(ours.get(stage, 0.0)), stage
    assert ours["township"] > 0


def test_scarce_room_to_sell_reaches_every_end_of_a_gram() -> None:
    late = lived(orchard("late", start=STRAWBERRIES, produce=SCARCE, counting={"drain_days": 1}), 2)
    sums = {name: int(late.lots()[name].sum()) for name in ENDS}
    assert min(sums.values()) > 0, sums
