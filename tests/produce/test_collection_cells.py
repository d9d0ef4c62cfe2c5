"""Pooled collection: parcels go up with any member's van, are handed in at any member's station, and one pool of drivers drives."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.world.world import TO_TOWNSHIP, TO_VILLAGE, VILLAGE, World
from tests.produce.orchard import STILL, WINTER, Lived, county_of, lived, orchard
from tests.run.small import digests

SENDING: Any = {
    "learning": {"online_household": 0.5},
    "collecting": {"village_parcels": 1.0, "township_parcels": 2.0},
    "packaging": {"ice_steps": 0},
}


def thin(world: World) -> World:
    """Return the county in which the post alone goes to every other village, and nobody to the rest."""
    mode = world.operators.mode.copy()
    villages = np.flatnonzero(world.places.tier == VILLAGE)
    mode[:, villages] = TO_TOWNSHIP
    mode[world.operators.post, villages[::2]] = TO_VILLAGE
    stations = replace(
        world.stations, host=np.where(world.places.tier == VILLAGE, 1, world.stations.host).astype(world.stations.host.dtype)
    )
    return replace(world, operators=replace(world.operators, mode=mode), stations=stations)


@cache
def case(*resources: str, activity: str = "collection", members: Any = "all") -> Lived:
    levers = [{"kind": "joint_distribution", "id": "joint", "pool": {activity: list(resources)}, "members": members}] if resources else []
    scenario = orchard(f"pool-{activity}-{'-'.join(resources)}", start=WINTER, days=8, levers=levers, produce=SENDING, **STILL)
    return lived(scenario, world=thin(county_of(scenario)))


def test_a_pool_of_one_is_the_baseline_byte_for_byte() -> None:
    alone = lived(orchard("alone", start=WINTER, days=4, produce=SENDING, **STILL))
    one = {"kind": "joint_distribution", "pool": {"collection": []}}
    assert digests(lived(orchard("none", start=WINTER, days=4, produce=SENDING, levers=[one], **STILL)).made) == digests(alone.made)


def test_with_pooled_vehicles_all_members_parcels_leave_villages_to_which_only_one_goes() -> None:
    alone, pooled = case().up(), case("vehicles").up()
    assert set(alone[alone["village_out_s"].notna()]["carrier"]) == {"post"}
    assert len(set(pooled[pooled["village_out_s"].notna()]["carrier"])) > 3
    # nobody's van comes to the others, pooled or not
    assert set(pooled[pooled["village_out_s"].notna()]["village"]) <= set(alone[alone["village_out_s"].notna()]["village"])


def test_pooled_vehicles_of_collection_leave_the_way_down_as_it_is() -> None:
    down = [
        made.table("parcels").query("direction == 'down'")[["parcel", "village_in_s", "handover_kind"]]
        for made in (case(), case("vehicles"))
    ]
    same = down[0].merge(down[1], on="parcel", suffixes=("", "_pooled"))
    assert len(same) > 1_000
    assert same["village_in_s"].notna().equals(same["village_in_s_pooled"].notna())


def test_with_pooled_sites_what_no_van_fetches_is_handed_in_at_a_nearer_station_instead_of_the_township() -> None:
    alone, pooled = case(), case("sites")
    counters = [sum(int(s.counter.sum()) for s in made.sent) for made in (alone, pooled)]
    assert counters[1] < counters[0]
    places = pooled.world.places
    lots = pooled.table("lots").set_index("lot")
    moved = pooled.up().join(lots[["village"]], on="lot", suffixes=("", "_of_farm")).query("village != village_of_farm")
    assert len(moved) > 5
    row = {key: i for i, key in enumerate(places.key)}
    for farm, drop in {(a, b) for a, b in zip(moved["village_of_farm"], moved["village"], strict=True)}:
        a, b = row[farm], row[drop]
        assert places.parent[a] == places.parent[b]
        assert places.travel_us[a, b] < places.travel_us[a, places.parent[a]]


def test_pooled_staff_drives_the_same_trips_with_no_more_drivers() -> None:
    alone, pooled = (made.table("trips") for made in (case(), case("staff")))
    assert pooled["km"].sum() == pytest.approx(alone["km"].sum(), rel=0.02)
    own = [trips[trips["driver"].fillna("").str.endswith("collection:0")] for trips in (alone, pooled)]
    assert len(own[0]) == 0 < len(own[1])


def test_what_collection_costs_is_its_own_activity_and_the_alliance_pays_where_it_is_pooled() -> None:
    for made, payers in ((case(), {"post"}), (case("vehicles"), {"alliance:joint"})):
        money = made.table("money").query("activity == 'collection' and resource == 'vehicles' and category == 'energy'")
        assert len(money) > 0
        assert payers & set(money["payer"])
        assert ("alliance:joint" in set(money["payer"])) == ("alliance:joint" in payers)


def test_only_members_take_part() -> None:
    made = case("vehicles", members=("express-1", "post"))
    up = made.up()
    assert set(up[up["village_out_s"].notna()]["carrier"]) <= {"express-1", "post"}
    assert len(set(up[up["village_out_s"].notna()]["carrier"])) == 2
