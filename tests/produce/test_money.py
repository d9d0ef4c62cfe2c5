"""The farms' books are kept a second time, from lots and parcels, with every price written out anew; both agree to the fen."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest

from sim.ledger.produce import ENTRIES
from sim.schema.raw import DUES
from sim.world.world import TOWNSHIP
from tests.produce.orchard import LEVERS, PEARS, STILL, WINTER, Lived, county_of, lived, orchard, without_vans

Keyed = dict[tuple[str, str, str, str], float]
"""Yuan by category, payer, payee and village."""
PRICES = {"strawberry": (12, 18, 36), "pear": (3, 4.5, 10), "dried-pepper": (80, 95, 150)}
"""Yuan/kg at the farm gate, at the market, online."""
LAST_DAY = {"strawberry": (4, 30), "pear": (10, 10), "dried-pepper": (8, 31)}
PARCEL_KG = {"strawberry": 1.5, "pear": 3, "dried-pepper": 0.5}


@pytest.fixture(scope="module", params=[PEARS, WINTER], ids=["pears", "strawberries"])
def case(request: pytest.FixtureRequest) -> Lived:
    chosen = orchard(start=request.param, produce={"learning": {"online_household": 0.2}}, **STILL)
    return lived(chosen, 2, world=without_vans(county_of(chosen)))


def price(crop: str, channel: int, day: int, start: date) -> float:
    """Return yuan/kg on a day: up to 30% more in the four months behind the season."""
    today = start + timedelta(days=int(day))
    over = (today - date(today.year, *LAST_DAY[crop])).days
    return PRICES[crop][channel] * (1 + 0.3 * max(0.0, min(1.0, over / (4 * 30.4))) * (over < 200))


def driven(case: Lived, village: str, kg: float, to_seat: bool) -> tuple[float, float]:
    """Return the yuan that driving ``kg`` with a three-wheeler and coming back costs, and the hours of it."""
    places = case.world.places
    row = places.key.index(village)
    to = 0 if to_seat else int(places.parent[row])
    trips = math.ceil(round(kg / 400, 9))
    km, hours = places.metres[row, to] / 1000, places.travel_us[row, to] / 3.6e9
    return 2 * km * trips * 0.8, trips * (2 * hours + (2 if to_seat else 0))


def rebuilt(case: Lived) -> Keyed:
    """Return what farms, middlemen, markets, operators and hosts owe each other for the lots and parcels of a run."""
    out: Keyed = defaultdict(float)
    start, lots = case.scenario.start, case.table("lots")
    counter = {int(key) for s in case.sent for key, here in zip(s.key, s.counter, strict=True) if here}
    hosts = {key for key, host in zip(case.world.places.key, case.world.stations.host, strict=True) if host}

    def work(farms: str, village: str, yuan: float, hours: float) -> None:
        out["farm driving", farms, "market", village] += yuan
        out["farm labour", farms, "workers", village] += hours * 12

    for lot in lots.itertuples():
        farms, day = f"farmers:{lot.village}", lot.offered_s // 86_400
        if lot.channel == "middleman":
            out["middleman sale", "middlemen", farms, lot.village] += lot.kg * lot.quality_at_sale * price(lot.crop, 0, day, start)
        elif lot.channel == "wholesale":
            sale = lot.kg * lot.quality_at_sale * price(lot.crop, 1, day, start)
            out["market sale", "produce market", farms, lot.village] += sale
            out["market fee", farms, "produce market", lot.village] += 0.03 * sale
            work(farms, lot.village, *driven(case, lot.village, lot.kg, to_seat=True))
    of = lots.set_index("lot")
    at_counter: dict[int, float] = defaultdict(float)
    for parcel in case.up().itertuples():
        lot, village, crop = of.loc[parcel.lot], parcel.village, of.loc[parcel.lot, "crop"]
        farms = f"farmers:{village}"
        if parcel.outcome == "shipped":
            listed = price(crop, 2, lot["offered_s"] // 86_400, start)
            sale = PARCEL_KG[crop] * parcel.quality * listed
            out["online sale", "buyers", farms, village] += sale
            out["platform fee", farms, "platform", village] += 0.05 * sale
        ice = lot["ice_kg"]
        weight = PARCEL_KG[crop] + 0.18 + (0.3 + ice if ice else 0.0)
        fee = (9 if lot["farm_kind"] == "household" else 4.81) + math.ceil(max(0.0, round(weight - 3, 9)))
        out["sending fee", farms, parcel.carrier, village] += fee
        out["network fee", parcel.carrier, f"network:{parcel.carrier}", village] += 0.6 * fee
        out["packing", farms, "market", village] += 2 + (3.5 + ice if ice else 0.0)
        work(farms, village, 0.0, 0.1)
        if parcel.parcel in counter:
            at_counter[parcel.lot] += PARCEL_KG[crop]
        elif village in hosts:
            out["sending commission", parcel.carrier, f"host:{village}", village] += 0.5
    for key, kg in at_counter.items():
        village = of.loc[key, "village"]
        work(f"farmers:{village}", village, *driven(case, village, kg, to_seat=False))
    return out


def posted(case: Lived) -> dict[tuple[str, str, str, str], int]:
    """Return what the money table says of produce, fen."""
    money = case.table("money")
    own = money[money["category"].isin(ENTRIES)]
    return {tuple(key): int(fen) for key, fen in own.groupby(["category", "payer", "payee", "place"])["amount_fen"].sum().items()}


def test_every_amount_of_produce_equals_what_its_lots_and_parcels_owe_to_the_fen(case: Lived) -> None:
    ours, theirs = rebuilt(case), posted(case)
    assert {key[0] for key in theirs} == {key[0] for key in ours}
    assert {key for key, yuan in ours.items() if yuan >= 0.02} <= theirs.keys()
    for key, fen in theirs.items():
        assert ours[key] * 100 - 1.01 <= fen <= ours[key] * 100 + 0.01, key


def test_farms_middlemen_markets_buyers_operators_and_hosts_all_take_part(case: Lived) -> None:
    assert {key[0] for key in posted(case)} == {
        "middleman sale", "market sale", "market fee", "online sale", "platform fee", "sending fee", "network fee", "sending commission",
        "packing", "farm driving", "farm labour",
    }  # fmt: skip
    assert any(shipments.counter.any() for shipments in case.sent)
    assert any((~shipments.counter).any() for shipments in case.sent)


@pytest.fixture(scope="module")
def made() -> Lived:
    """A run with every lever of produce, storing included."""
    return lived(orchard("all", start=PEARS, days=14, levers=LEVERS, produce={"learning": {"online_household": 0.4}}))


def test_every_due_under_all_levers_is_posted_once_to_the_fen(made: Lived) -> None:
    dues = np.concatenate([day.dues for day in made.days])
    money = made.table("money")
    own = money[money["category"].isin(ENTRIES)]
    assert {DUES[kind] for kind in np.unique(dues["kind"][dues["micro"] != 0]).tolist()} == set(own["category"])
    assert {"storage fee", "cold trunk fee", "precooling", "training"} <= set(own["category"])
    for name, rows in own.groupby("category"):
        owed = dues["micro"][dues["kind"] == DUES.index(name)].sum() / 1e6
        keys = len(rows[["payer", "payee", "place", "lever"]].drop_duplicates())
        # a key that owes less than a fen in all has no row
        assert owed - keys - 25 <= rows["amount_fen"].sum() <= owed, name
    assert own[["payer", "payee", "activity", "unit"]].notna().all().all()
    assert (own["payer"] != own["payee"]).all()
    farms = {actor for side in ("payer", "payee") for actor in own[side] if actor.startswith("farmers:")}
    villages = {f"farmers:{village}" for village in made.table("lots")["village"]}
    assert farms <= villages, "what farms pay is their village's, wherever they pay it"


def test_winners_by_place_add_up_where_farms_store_their_harvest(made: Lived) -> None:
    metrics = made.table("metrics")
    own = metrics[(metrics["metric"] == "net_benefit_nation_yuan") & (metrics["period"] == "all")]
    total = own[own["group"].fillna("") == ""]["value"].item()
    for group in ("carrier", "remoteness", "age"):
        assert round(100 * own[own["group"] == group]["value"].sum()) == round(100 * total), group


def test_every_amount_has_a_payer_and_another_payee(case: Lived) -> None:
    money = case.table("money")
    assert money[["payer", "payee", "category", "nature"]].notna().all().all()
    assert (money["payer"] != money["payee"]).all()
    assert (money["amount_fen"] > 0).all()
    own = money[money["category"].isin(ENTRIES)]
    assert own[["place", "activity", "unit"]].notna().all().all()
    carriers = set(case.world.operators.key)
    villages = [key for key, tier in zip(case.world.places.key, case.world.places.tier, strict=True) if tier > TOWNSHIP]
    known = {"middlemen", "produce market", "buyers", "platform", "market", "workers", *carriers, *(f"network:{o}" for o in carriers)}
    known |= {f"{who}:{key}" for key in villages for who in ("farmers", "host")}
    assert {*own["payer"], *own["payee"]} <= known


def test_farmers_income_is_what_they_receive_less_what_they_pay_on_the_days_that_count(case: Lived) -> None:
    money = case.table("money")
    inside = money[(money["day"] >= 0) & (money["day"] < case.scenario.days)]
    got, gave = (inside[inside[who].str.startswith("farmers:")]["amount_fen"].sum() for who in ("payee", "payer"))
    assert case.made.metric("farmer_income_yuan") == pytest.approx((got - gave) / 100)
    far = case.table("metrics").query("metric == 'farmer_income_yuan' and group == 'remoteness' and period == 'all'")
    assert far["value"].sum() == pytest.approx((got - gave) / 100)


def test_farmers_income_over_the_whole_run_follows_from_lots_and_parcels(case: Lived) -> None:
    def net(payer: str, payee: str) -> int:
        return payee.startswith("farmers:") - payer.startswith("farmers:")

    ours = sum(yuan * net(payer, payee) for (_, payer, payee, _), yuan in rebuilt(case).items())
    theirs = {key: fen * net(*key[1:3]) for key, fen in posted(case).items()}
    # the books carry less than a fen by key
    assert sum(theirs.values()) / 100 == pytest.approx(ours, abs=0.01 * len(theirs))


def test_what_buyers_paid_by_lot_is_what_its_sold_parcels_were_worth(case: Lived) -> None:
    lots, up = case.table("lots").set_index("lot"), case.up()
    sold = up[up["outcome"] == "shipped"]
    assert sold["lot"].nunique() > 3
    for key, own in sold.groupby("lot"):
        lot = lots.loc[key]
        assert lot["quality_at_sale"] == pytest.approx(own["quality"].mean())
        listed = price(lot["crop"], 2, lot["offered_s"] // 86_400, case.scenario.start)
        assert lot["price_fen_per_kg"] == pytest.approx(100 * listed * own["quality"].mean(), abs=0.01)


def test_a_cold_warehouse_costs_and_burns_what_a_cold_room_of_its_size_does_and_counts_as_room_in_the_cold() -> None:
    asked = {"kind": "origin_warehouse", "share": 1.0, "room_kg": 4_000}
    warm, cold = (lived(orchard(f"cold-{on}", days=6, levers=[asked | {"cold": on}])) for on in (False, True))
    assert warm.made.metric("cold_power_kwh") == warm.made.metric("cold_capacity_kg") == 0
    townships = int((cold.world.places.tier == TOWNSHIP).sum())
    money = cold.table("money")
    rooms = money[(money["category"] == "cold room") & (money["day"] >= 0) & (money["day"] < 6)]
    assert rooms["quantity"].sum() == pytest.approx(6 * townships * 4_000 / 200)
    annuity = 540 * 0.05 / (1 - 1.05**-15) / 365
    assert rooms["amount_fen"].sum() == pytest.approx(100 * annuity * rooms["quantity"].sum(), abs=6 * townships)
    assert cold.made.metric("cold_power_kwh") == pytest.approx(0.25 * rooms["quantity"].sum())
    assert cold.made.metric("co2_kg", group="leg")["cold"] == pytest.approx(0.5366 * cold.made.metric("cold_power_kwh"))
    assert cold.made.metric("cold_capacity_kg") == 4_000 * townships
    assert cold.made.metric("cold_stock_kg") > 0
