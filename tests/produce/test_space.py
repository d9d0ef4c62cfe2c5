"""No vehicle carries more than it can, whatever goes down, comes back and goes up, on counties drawn at random."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.produce.orchard import ORCHARD, PEARS, STRAWBERRIES, Lived, lived, orchard
from tests.reference.dice import Dice

SEEDS = range(8)


def drawn_county(dice: Dice, folder: Path) -> Path:
    """Return a copy of the orchard with other people, other land, other boxes."""
    county = Path(shutil.copytree(ORCHARD, folder / "county"))
    for name, change in (
        ("crops.csv", {"area_mu": (1, 6), "litres_per_kg": (1, 3), "parcel_kg": (1, 3), "online_share": (2, 9), "shelf_days_0c": (1, 2)}),
        ("villages.csv", {"households": (0.4, 1)}),
    ):
        with (county / name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        for row in rows:
            for column, (low, high) in change.items():
                i = header.index(column)
                if name == "villages.csv" and not int(row[i]):
                    continue
                value = float(row[i]) * dice.whole(round(10 * low), round(10 * high)) / 10
                row[i] = (
                    str(max(1, round(value))) if name == "villages.csv" else f"{min(value, 1.0) if column == 'online_share' else value:.3f}"
                )
        with (county / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return county


def drawn(seed: int, folder: Path) -> Lived:
    """Return a week of such a county, short of space in its vans and trucks: of weight or of volume."""
    dice = Dice(seed)
    heavy = dice.chance(50)
    produce = {
        "channels": {
            "orders_day_household": dice.whole(2, 20), "orders_day_family_farm": dice.whole(10, 80), "packing_kg": dice.pick((0.1, 2.0)),
        },
        "learning": {"online_household": dice.whole(2, 9) / 10, "online_family_farm": 1.0},
    }  # fmt: skip
    fleet = {
        "van_kg": dice.whole(50, 80) if heavy else 1_000, "van_l": 8_000 if heavy else dice.whole(150, 500),
        "truck_kg": dice.whole(300, 1_500), "truck_l": dice.whole(1_000, 4_000), "p_breakdown": dice.whole(0, 20) / 100,
    }  # fmt: skip
    start, county = dice.pick((PEARS, STRAWBERRIES)), drawn_county(dice, folder)
    chosen = orchard(
        f"drawn-{seed}", start=start, days=5, warm_up=2, county=county, produce=produce, fleet=fleet,
        service={"village_share": 0.6}, roads={"closed_days_mountain": 30},
    )  # fmt: skip
    return lived(chosen, seed)


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Lived]:
    return {seed: drawn(seed, tmp_path_factory.mktemp("drawn")) for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_vehicle_is_ever_fuller_than_full(counties: dict[int, Lived], seed: int) -> None:
    made = counties[seed]
    trips, stops = made.table("trips"), made.table("stops")
    went = trips[trips["status"] != "cancelled"]
    assert (went["load_kg"] <= went["capacity_kg"]).all()
    assert (went["load_l"] <= went["capacity_l"]).all()
    aboard = stops.merge(went[["trip", "capacity_kg", "capacity_l", "load_kg", "load_l"]], on="trip", validate="many_to_one")
    assert len(aboard) == len(stops) > 0
    for unit in ("kg", "l"):
        assert (aboard[f"aboard_{unit}"] <= aboard[f"capacity_{unit}"]).all()
        assert (aboard[f"aboard_{unit}"] <= aboard[f"load_{unit}"]).all()
        assert (aboard[f"aboard_{unit}"] >= 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_aboard_is_what_the_parcels_on_the_trip_weigh(counties: dict[int, Lived], seed: int) -> None:
    made = counties[seed]
    legs = made.table("legs").merge(made.table("parcels")[["parcel", "direction", "weight_kg"]], on="parcel", validate="many_to_one")
    home = legs[(legs["direction"] == "up") & legs["unload_s"].notna()]
    carried = home.groupby("trip", as_index=False)["weight_kg"].sum().merge(made.table("trips"), on="trip")
    assert set(carried["leg"]) == {"line", "round"}
    # all that goes up on a trip rides home together, so it is aboard at once
    assert (carried["weight_kg"] <= carried["load_kg"] + 1e-6).all()


def test_vehicles_carry_both_ways_and_weight_and_volume_both_bind(counties: dict[int, Lived]) -> None:
    binds = []
    for made in counties.values():
        up, legs = set(made.up()["parcel"]), made.table("legs")
        assert len(up) > 50
        going_up = legs["parcel"].isin(up)
        assert set(legs[going_up]["trip"]) & set(legs[~going_up]["trip"])
        trips = np.concatenate([record.trips for record in made.flow])
        binds.append((int(trips["cut_g"].sum()), int(trips["cut_ml"].sum())))
    assert all(sum(both) > 0 for both in binds), binds
    assert min(sum(grams > 0 for grams, _ in binds), sum(volume > 0 for _, volume in binds)) > 1, binds
