"""Figures of produce worked out anew from the written tables alone: cost by direction, the way home, income, energy, spending, cold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.produce.orchard import PEARS, STRAWBERRIES, Lived, lived, orchard

DAYS = 12
LEVERS: list[dict[str, Any]] = [
    {"kind": "cold_chain", "township_m3": 5, "village_m3": 1, "boxes": True, "reefers": True, "owner": "county",
     "where": {"operators": ["post", "express-1", "express-2"]}},
    {"kind": "origin_warehouse", "share": 0.5, "cold": True},
    {"kind": "traceability", "inspected": 0.5, "quality": 0.95},
    {"kind": "ecommerce_services"},
    {"kind": "wholesale_market", "ratio": 1.0},
]  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Lived:
    produce = {"learning": {"online_household": 0.5}, "channels": {"orders_day_household": 4}, "grading": {"active": True}}
    levers = [lever | {"id": lever["kind"]} for lever in LEVERS]
    return lived(orchard("figures", start=STRAWBERRIES, days=DAYS, levers=levers, produce=produce, fleet={"van_kg": 120}), 3)


def inside_of(times: pd.Series, days: int) -> pd.Series:
    return (times >= 0) & (times < days * 86_400)


def inside(times: pd.Series) -> pd.Series:
    return inside_of(times, DAYS)


def text(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Return a table whose columns of words hold words, "" where there is none."""
    return frame.assign(**{name: frame[name].astype(object).where(frame[name].notna(), "").astype(str) for name in names})


def money(made: Lived) -> pd.DataFrame:
    rows = text(made.table("money"), "payer", "payee", "nature", "activity", "leg", "unit", "programme", "category")
    return rows[(rows["day"] >= 0) & (rows["day"] < DAYS)]


def resource(made: Lived) -> pd.DataFrame:
    rows = money(made)
    return rows[(rows["nature"] == "resource") & ~rows["activity"].isin(["farm", "trade"])]


def ended(made: Lived) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parcels that were over in the window, going up when they left the county, and those of them that are counted."""
    parcels = text(made.table("parcels"), "direction", "outcome")
    over = parcels[inside(parcels["trunk_out_s"].where(parcels["direction"] == "up", parcels["finished_s"]))]
    return over, over[(over["direction"] == "up") | ((over["direction"] == "down") & (over["outcome"] == "collected"))]


def test_cost_per_parcel_counts_both_ways(made: Lived) -> None:
    _, counted = ended(made)
    total = resource(made)["amount_fen"].sum() / 100
    assert made.made.metric("parcels_up") == (counted["direction"] == "up").sum() > 100
    assert made.made.metric("cost_per_parcel_yuan") == pytest.approx(total / len(counted))


def test_cost_is_divided_by_litres_on_lines_and_rounds_by_pieces_elsewhere(made: Lived) -> None:
    over, counted = ended(made)
    trips = text(made.table("trips"), "leg")[["trip", "leg"]]
    rode = made.table("legs").merge(over[["parcel", "direction", "volume_l"]], on="parcel").merge(trips, on="trip")
    litres = rode.groupby(["leg", "direction"])["volume_l"].sum()
    pieces = over.groupby("direction").size()
    up = 0.0
    for leg, fen in resource(made).groupby("leg")["amount_fen"].sum().items():
        share = pieces["up"] / pieces.sum()
        if leg in ("line", "round"):
            share = litres[leg, "up"] / litres[leg].sum()
        up += {"cold": 1.0, "station": 0.0}.get(str(leg), share) * fen / 100
    cost, each = (made.made.metric(name, group="direction") for name in ("resource_cost_yuan", "cost_per_parcel_yuan"))
    assert cost["up"] == pytest.approx(up, rel=1e-4)
    assert cost.sum() == pytest.approx(resource(made)["amount_fen"].sum() / 100)
    for way in ("up", "down"):
        assert each[way] == pytest.approx(cost[way] / (counted["direction"] == way).sum())


def driven(made: Lived) -> pd.DataFrame:
    """Return the trips inside the county that were over in the window."""
    trips = text(made.table("trips"), "leg", "status")
    return trips[(trips["leg"] != "trunk") & (trips["status"] != "cancelled") & inside(trips["return_s"])]


def test_the_load_on_the_way_home_is_what_is_aboard_behind_the_last_stop(made: Lived) -> None:
    run = driven(made).set_index("trip")
    run = run[run["leg"].isin(["line", "round"])]
    last = made.table("stops").sort_values(["trip", "order"]).groupby("trip").tail(1).set_index("trip")
    home = run.join(last[["aboard_kg", "aboard_l"]]).fillna({"aboard_kg": 0.0, "aboard_l": 0.0})
    share = np.maximum(home["aboard_kg"] / home["capacity_kg"], home["aboard_l"] / home["capacity_l"])
    assert made.made.metric("backhaul_load_factor") == pytest.approx(share.mean(), rel=1e-5)
    legs = made.made.metric("backhaul_load_factor", group="leg")
    for leg in ("line", "round"):
        assert legs[leg] == pytest.approx(share[home["leg"] == leg].mean(), rel=1e-5)
        assert legs[leg] > 0


def test_what_ended_loading_is_counted_by_trip(made: Lived) -> None:
    run = driven(made)
    for unit in ("weight", "volume"):
        ended_by = (run[f"cut_by_{unit}"] > 0).mean()
        assert made.made.metric(f"ended_by_{unit}_share") == pytest.approx(ended_by)
    assert (run["cut_by_weight"] > 0).any()


def test_energy_and_emissions_are_those_of_the_trips_and_of_the_power_of_the_cold(made: Lived) -> None:
    rows, p, run = money(made), made.scenario.parameters, driven(made)
    kwh = rows[rows["unit"] == "kWh"]["quantity"].sum()
    assert kwh > 0
    assert made.made.metric("cold_power_kwh") == pytest.approx(kwh)
    co2 = run["co2_kg"].sum() + kwh * p.produce.cold.power_co2
    assert made.made.metric("energy_mj") == pytest.approx(run["energy_mj"].sum() + 3.6 * kwh, rel=1e-4)
    assert made.made.metric("co2_kg") == pytest.approx(co2, rel=1e-4)
    hall = rows[rows["category"] == "market hall power"]["quantity"].sum() * p.produce.cold.power_co2
    assert made.made.metric("co2_kg_per_parcel") == pytest.approx((co2 - hall) / len(ended(made)[1]), rel=1e-4)


def test_income_by_farm_and_by_kg_are_net_receipts_of_farmers(made: Lived) -> None:
    rows, lots = money(made), made.table("lots")
    net = sum(way * rows[rows[side].str.startswith("farmers:")]["amount_fen"].sum() / 100 for side, way in (("payee", 1), ("payer", -1)))
    farms = made.table("agents_farmer")
    many = farms[farms["day"] == farms["day"].max()]["farms"].sum()
    sold = lots[inside(lots["offered_s"])]["kg_sold"].sum()
    assert made.made.metric("farmer_income_yuan") == pytest.approx(net)
    assert made.made.metric("farmer_income_per_farm_yuan") == pytest.approx(net / many)
    assert made.made.metric("farm_net_price_yuan_kg") == pytest.approx(net / sold)


def test_what_is_stored_is_not_sold_yet_and_told_by_channel() -> None:
    store = {"kind": "cold_chain", "store_m3": 20}
    made = lived(orchard("stored", start=PEARS, days=8, levers=[store]))
    lots = text(made.table("lots"), "channel", "crop")
    own = lots[inside_of(lots["offered_s"], 8)]
    assert made.made.metric("produce_stock_kg") == pytest.approx(own["kg_in_stock"].sum())
    channels = made.made.metric("produce_stock_kg", group="channel")
    assert channels["stored"] == pytest.approx(own[own["channel"] == "stored"]["kg"].sum())
    assert channels["stored"] > 1_000


def test_what_selling_costs_farms_is_what_they_pay_and_not_what_the_county_pays_for_them(made: Lived) -> None:
    rows = money(made)
    spent = rows[rows["payer"].str.startswith("farmers:") & (rows["nature"] == "resource")]
    assert set(spent["category"]) == {"packing", "farm driving", "farm labour", "tracing"}
    assert made.made.metric("farm_cost_yuan") == pytest.approx(spent["amount_fen"].sum() / 100)
    assert "sales services" in set(rows[rows["payer"] == "county"]["category"])


def test_what_is_sent_up_is_what_passed_inspection(made: Lived) -> None:
    lots = text(made.table("lots"), "channel", "grade")
    online = lots[inside(lots["offered_s"]) & (lots["channel"] == "online")]
    sent = online[online["parcels"] > 0]
    assert 0 < sent["kg"].sum() < online["kg"].sum()
    assert made.made.metric("produce_up_kg") == pytest.approx(sent["kg"].sum())
    shares = made.made.metric("online_grade_share", group="grade")
    for grade, own in sent.groupby("grade"):
        assert shares[grade] == pytest.approx(own["kg"].sum() / sent["kg"].sum())


def test_carried_cold_is_what_was_cold_aboard_everything_it_rode(made: Lived) -> None:
    lots, stages = made.table("lots"), text(made.table("lot_stages"), "stage")
    sent = lots[inside(lots["offered_s"]) & (lots["channel"] == "online") & (lots["parcels"] > 0)]
    # one operator carries all parcels of a lot, so a lot rides cold or warm as a whole
    rode = stages[stages["lot"].isin(sent["lot"]) & stages["stage"].isin(["round", "line", "trunk"])]
    cold = rode["cold_s"].notna().groupby(rode["lot"]).all()
    left = rode[rode["stage"] == "trunk"].groupby("lot")["kg"].sum()
    carried = left[cold.reindex(left.index)].sum()
    assert made.made.metric("cold_chain_share") == pytest.approx(carried / sent["kg"].sum())
    assert 0 < carried < sent["kg"].sum()


def test_public_spending_is_what_the_county_and_programmes_pay(made: Lived) -> None:
    rows = money(made)
    paid = rows[rows["payer"] == "county"]
    assert made.made.metric("public_spending_yuan") == pytest.approx(paid["amount_fen"].sum() / 100)
    assert {"cold room", "precooling", "inspection", "tracing system", "origin warehouse running"} <= set(paid["category"])


def test_the_countys_net_benefit_counts_farmers_cold_rooms_and_firms_of_measures(made: Lived) -> None:
    rows, kept = money(made), made.scenario.parameters.accounts
    net = pd.concat([rows.groupby("payee")["amount_fen"].sum(), -rows.groupby("payer")["amount_fen"].sum()]).groupby(level=0).sum() / 100
    profit = made.made.metric("carrier_profit_yuan", group="carrier")
    total = sum(yuan * (kept.post_profit_stays if key == "post" else kept.express_profit_stays) for key, yuan in profit.items())
    own = [a for a in net.index if a.startswith(("host:", "farmers:")) or a in ("county", "cold rooms", "cold market", "organiser")]
    assert "cold market" in own
    assert made.made.metric("net_benefit_county_yuan") == pytest.approx(
        total + net[own].sum() + made.made.metric("consumer_surplus_yuan"), abs=0.02
    )
