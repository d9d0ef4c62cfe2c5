"""Legs and stages name the trips that parcels rode, at the times at which these trips were there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.produce.orchard import STRAWBERRIES, WINTER, Lived, lived, orchard, with_cold

BACK_TOO: Any = {"station": {"holding_days": 2, "reminder_days": 1, "collect_hours_mean": 60}}
"""Many parcels are not collected in time and go back."""


@pytest.fixture(scope="module")
def case() -> Lived:
    return lived(
        orchard(start=WINTER, **BACK_TOO), edit=with_cold(room_g=30_000, room_c=2.0, line_c=4.0, trunk_c=1.0, built_by=("r",) * 25)
    )


@pytest.mark.parametrize("direction", ["down", "back", "up"])
def test_each_leg_was_ridden_on_a_trip_of_its_kind_while_it_was_under_way(case: Lived, direction: str) -> None:
    parcels, trips = case.table("parcels"), case.table("trips")
    legs = case.table("legs").merge(parcels[["parcel", "direction"]], on="parcel").merge(trips, on="trip")
    own = legs[legs["direction"] == direction]
    assert len(own) > 20
    whole = own.dropna(subset=["load_s_x", "unload_s"])
    assert (whole["load_s_x"] >= whole["depart_s"]).all()
    assert (whole["unload_s"] <= whole["return_s"]).all()
    village = own["from_place_x"].str.len().eq(12) | own["to_place_x"].str.len().eq(12)
    assert set(own[village]["leg"]) == {"round"}
    assert set(own[~village]["leg"]) == {"line"}


def test_stages_follow_each_other_and_name_the_trip_they_were_aboard(case: Lived) -> None:
    stages = case.table("lot_stages").merge(case.table("trips")[["trip", "leg", "depart_s"]], on="trip", how="left")
    aboard = stages[stages["trip"].notna()]
    assert (aboard["stage"] == aboard["leg"]).all()
    assert set(aboard["stage"]) == {"round", "line", "trunk"}
    assert (aboard["in_s"] >= aboard["depart_s"]).all()
    assert aboard["place"].isna().all()
    assert stages[stages["trip"].isna()]["place"].notna().all()
    assert (stages["in_s"] <= stages["out_s"]).all()


def test_what_enters_a_stage_has_left_the_one_before(case: Lived) -> None:
    stages, lots = case.table("lot_stages"), case.table("lots").set_index("lot")
    inward = stages.groupby(["lot", "stage"])["kg"].sum()
    outside = stages[stages["stage"] == "trunk"].groupby("lot")["kg"].sum()
    known = lots.loc[outside.index]
    under_way = known["kg_in_stock"]
    np.testing.assert_allclose(outside + under_way, known["kg"], atol=1e-6)
    for stage in ("county", "trunk"):
        np.testing.assert_allclose(inward.xs(stage, level="stage").loc[outside.index], outside, atol=1e-6)


def test_cold_begins_inside_the_stage_and_quality_only_falls(case: Lived) -> None:
    stages = case.table("lot_stages")
    cold = stages[stages["cold_s"].notna()]
    assert set(cold["stage"]) == {"station", "township", "line", "county", "trunk"}
    assert ((cold["cold_s"] >= cold["in_s"]) & (cold["cold_s"] <= cold["out_s"])).all()
    assert cold["temperature_c"].notna().all()
    assert stages[stages["cold_s"].isna()]["temperature_c"].isna().all()
    assert set(cold[cold["stage"] == "line"]["temperature_c"]) == {4.0}
    assert stages["quality_out"].between(0, 1).all()
    best = stages.groupby(["lot", "stage"])["quality_out"].max().unstack()
    for before, after in (("station", "round"), ("township", "line"), ("line", "county"), ("county", "trunk")):
        assert (best[after] <= best[before] + 1e-12)[best[[before, after]].notna().all(axis=1)].all()


def test_a_parcels_quality_on_arrival_is_that_with_which_its_lot_left_the_trunk(case: Lived) -> None:
    last = case.table("lot_stages").query("stage == 'trunk'")[["lot", "out_s", "quality_out"]]
    up = case.up().merge(last, left_on=["lot", "finished_s"], right_on=["lot", "out_s"])
    assert len(up) > 50
    worst = (up["quality"] - up["quality_out"]).abs().groupby(up["parcel"]).min()
    assert worst.max() < 1e-9


def test_parcels_of_a_lot_that_once_fared_differently_stand_apart_to_the_end() -> None:
    small: Any = {"fleet": {"van_kg": 50, "van_l": 150}, "produce": {"learning": {"online_household": 1.0, "online_family_farm": 1.0}}}
    rooms: list[dict[str, Any]] = [{"kind": "cold_chain", "village_m3": 1, "township_m3": 0, "county_m3": 0, "room_c": 0}]
    made = lived(orchard("apart", start=STRAWBERRIES, days=9, levers=rooms, **small))
    lots, stages = made.table("lots"), made.table("lot_stages")
    whole = stages[stages["lot"].isin(lots.loc[lots["kg_in_stock"] == 0, "lot"])]
    ways = whole.groupby(["lot", "order"])["quality_out"].nunique().unstack()
    assert (ways[1] > 1).any(), "some left a full room warmer than others and rode on together"
    assert (ways.diff(axis=1).min(axis=1) >= 0).all()
