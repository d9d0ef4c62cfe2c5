"""The World hangs on keys and parameters: never on the order of rows, on names or on a seed."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.schema.operators import OperatorSpec
from sim.schema.parameters import Demand, Parameters, Roads, Service, Township
from sim.world.build import build
from sim.world.data import scenarios_dir
from sim.world.households import propensity
from sim.world.name import place_name
from sim.world.operators import days_mask, default_operators
from sim.world.world import HOSTS, TO_VILLAGE, TOWN, VILLAGE

from .same import assert_equal

COUNTIES = Path(__file__).parents[1] / "counties"
TINY, SMALL = COUNTIES / "tiny", COUNTIES / "small"


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def test_reordering_the_rows_changes_nothing(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    for name in ("townships.csv", "villages.csv"):
        header, *rows = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8")
    assert_equal(build(folder), build(SMALL))


def test_renaming_places_changes_only_names(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("石", "金").replace("Shiqiao", "Jinqiao"), encoding="utf-8")
    renamed = build(folder)
    assert "Jinqiao" in renamed.places.name_en
    assert_equal(renamed, build(SMALL), but=("name_zh", "name_en"))


def test_renaming_an_operator_changes_only_its_name() -> None:
    spec = (OperatorSpec.model_validate({"key": "express-2", "name": {"zh": "山货速递", "en": "Hill Parcel"}}),)
    renamed = build(SMALL, Parameters(), spec)
    assert renamed.operators.name_en[1] == "Hill Parcel"
    assert_equal(renamed, build(SMALL), but=("name_zh", "name_en"))


def test_splitting_a_village_moves_no_other_households(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    path = folder / "villages.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[-1].split(",")
    people, households = int(cells[8]), int(cells[9])
    one = [*cells[:8], str(people // 2), str(households // 2), cells[10]]
    two = [cells[0] + "-2", *cells[1:8], str(people - people // 2), str(households - households // 2), cells[10]]
    path.write_text("\n".join([*lines[:-1], ",".join(one), ",".join(two)]) + "\n", encoding="utf-8")
    whole, parted = build(SMALL), build(folder)
    assert parted.households.n == whole.households.n
    for key in whole.places.key[:-1]:
        if key == cells[0]:
            continue
        a, b = whole.places.key.index(key), parted.places.key.index(key)
        np.testing.assert_array_equal(
            whole.households.weight[whole.households.first[a] : whole.households.first[a + 1]],
            parted.households.weight[parted.households.first[b] : parted.households.first[b + 1]],
        )
    first, second = (parted.places.key.index(k) for k in (cells[0], cells[0] + "-2"))
    assert parted.places.metres[first, second] == 0


def test_six_operators_share_all_parcels() -> None:
    operators = build(SMALL).operators
    assert operators.key == ("express-1", "express-2", "express-3", "express-4", "express-5", "post")
    assert operators.share.sum() == pytest.approx(1)
    assert operators.share[0] / operators.share[1] == pytest.approx(0.195 / 0.15)
    assert operators.post == 5
    hours = operators.trunk_us / 3_600_000_000
    np.testing.assert_allclose(hours[:, 0], 6 + np.arange(6) / 3)
    np.testing.assert_allclose(hours[:, 1], 14 + np.arange(6) / 3)


def test_a_larger_village_share_only_adds_villages() -> None:
    before = None
    for share in (0.0, 0.15, 0.4, 0.8, 1.0):
        mode = build(SMALL, Parameters(service=Service(village_share=share))).operators.mode
        served = mode == TO_VILLAGE
        if before is not None:
            assert (served | ~before).all()
        before = served
    assert before is not None
    assert before.all()


def test_the_post_and_the_towns_are_always_served() -> None:
    world = build(SMALL, Parameters(service=Service(village_share=0, to_post_share=0.5, refused_share=0.5)))
    mode, tier = world.operators.mode, world.places.tier
    assert (mode[world.operators.post] == TO_VILLAGE).all()
    assert (mode[:, tier == TOWN] == TO_VILLAGE).all()
    assert (mode[:5][:, tier == VILLAGE] != TO_VILLAGE).all()


def test_brands_share_outlets_and_the_post_has_its_own() -> None:
    for brands in (1, 2, 3, 5):
        operators = build(SMALL, Parameters(township=Township(brands_per_outlet=brands))).operators
        for t in range(operators.outlet.shape[1]):
            lead, size = np.unique(operators.outlet[:, t], return_counts=True)
            assert size.max() <= brands
            assert len(lead) == -(-5 // brands) + 1
            assert (operators.outlet[lead, t] == lead).all()
        assert (operators.outlet[5] == 5).all()
        assert not operators.surcharge[5].any()


def test_all_brands_of_an_outlet_charge_the_second_fee_or_none() -> None:
    operators = build(SMALL, Parameters(township=Township(secondary_fee_share=0.5))).operators
    townships = np.arange(operators.outlet.shape[1])
    np.testing.assert_array_equal(operators.surcharge, operators.surcharge[operators.outlet, townships])
    assert operators.surcharge.any()
    assert not operators.surcharge.all()


@pytest.mark.parametrize("days", range(1, 8))
def test_service_days_are_as_many_as_asked(days: int) -> None:
    assert days_mask(days).bit_count() == days
    assert days_mask(days) < 128


def test_overrides_change_add_and_remove_operators() -> None:
    spec = tuple(
        OperatorSpec.model_validate(o)
        for o in (
            {"key": "express-1", "share": 0.4, "first_trunk": "05:10", "days_per_week": 7, "village_share": 1.0},
            {"key": "express-3", "share": 0},
            {"key": "bus", "share": 0.1, "name": {"zh": "客运", "en": "Bus"}},
        )
    )
    operators = build(SMALL, Parameters(), spec).operators
    assert operators.key == ("bus", "express-1", "express-2", "express-4", "express-5", "post")
    assert operators.trunk_us[1, 0] == (5 * 60 + 10) * 60_000_000
    assert operators.days[1] == 127
    assert (operators.mode[1] == TO_VILLAGE).all()
    assert operators.share.sum() == pytest.approx(1)
    standard = build(SMALL).operators
    np.testing.assert_array_equal(operators.mode[2], standard.mode[1])
    np.testing.assert_array_equal(operators.trunk_us[2], standard.trunk_us[1])


def test_a_county_may_have_one_operator_only() -> None:
    spec = tuple(OperatorSpec(key=k, share=0) for k in ("express-2", "express-3", "express-4", "express-5", "post"))
    operators = build(TINY, Parameters(), spec).operators
    assert operators.key == ("express-1",)
    assert operators.share.tolist() == [1.0]
    assert operators.post == -1


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ([{"key": "post", "share": 0.1}, {"key": "post", "share": 0.2}], "stands twice"),
        ([{"key": "bus"}], "has no share"),
        ([{"key": "express-1", "kind": "post"}], "2 posts"),
        ([{"key": "post", "first_trunk": "25:00"}], "first_trunk is '25:00'"),
        ([{"key": o.key, "share": 0} for o in default_operators()], "no operator is left"),
    ],
)
def test_operators_that_make_no_set_are_refused(spec: list[dict[str, object]], what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        build(TINY, Parameters(), tuple(OperatorSpec.model_validate(o) for o in spec))


def test_more_station_share_only_adds_stations() -> None:
    before = None
    for share in (0.0, 0.3, 0.7, 1.0):
        world = build(SMALL, Parameters(service=Service(station_share=share)))
        there = world.stations.host > 0
        if before is not None:
            assert (there | ~before).all()
        before = there
        village = world.places.tier == VILLAGE
        assert share not in (0.0, 1.0) or (there[village] == bool(share)).all()
        assert ((world.stations.shelf_ml > 0) == there).all()
        assert [bool(o) for o in world.stations.opened_by] == there.tolist()


def test_town_places_have_a_shelf_for_their_people() -> None:
    world = build(scenarios_dir() / "counties" / "621225_xihe")
    town = world.places.tier == TOWN
    assert (world.stations.host[town] == HOSTS.index("town_station")).all()
    np.testing.assert_array_equal(world.stations.shelf_ml[town], -(-world.places.population[town] // 5000) * 20_000_000)


def test_the_spread_of_households_is_as_declared_with_mean_one() -> None:
    keys = np.arange(200_000, dtype=np.uint64)
    factor = propensity(keys, 0.6)
    assert factor.mean() == pytest.approx(1, abs=5 * 0.66 / 447)
    assert np.log(factor).std() == pytest.approx(0.6, abs=0.01)
    world = build(TINY, Parameters(demand=Demand(household_spread=0)))
    p = world.places
    expected = p.population[world.households.place] / p.households[world.households.place]
    np.testing.assert_allclose(world.households.weight, expected, atol=1e-6)


def test_a_village_is_driven_to_at_lane_speed_and_a_township_on_the_county_road() -> None:
    roads = Roads(county_road_kmh_mountain=30, lane_kmh_mountain=20)
    places = build(SMALL, Parameters(roads=roads)).places
    hours = places.travel_us / 3_600_000_000
    np.testing.assert_allclose(hours[0, 1:5], places.metres[0, 1:5] / 30_000, atol=1e-9)
    village = np.flatnonzero(places.tier == VILLAGE)
    lane = places.metres[village, places.parent[village]]
    np.testing.assert_allclose(hours[village, places.parent[village]], lane / 20_000, atol=1e-9)
    assert (hours[0, village] >= places.metres[0, village] / 30_000 - 1e-9).all()
    assert (hours[0, village] <= places.metres[0, village] / 20_000 + 1e-9).all()


def test_the_seat_is_at_least_its_gap_away_from_its_own_township() -> None:
    for gap in (0.0, 2.0, 3.5):
        places = build(SMALL, Parameters(roads=Roads(seat_gap_km=gap))).places
        assert places.metres[0, 1] == gap * 1000


def test_roads_of_the_town_itself_are_never_closed() -> None:
    places = build(SMALL).places
    assert places.closed_days_year[0] == places.closed_days_year[1] == 0
    assert (places.closed_days_year[places.tier == VILLAGE] == 4.0).all()


@pytest.mark.parametrize(
    ("committee", "place"),
    [
        ("大杨庄村村民委员会", "大杨庄村"),
        ("河口村委会", "河口村"),
        ("喜集村民委员会", "喜集村"),
        ("东阁社区居民委员会", "东阁社区"),
        ("南关社区居委会", "南关社区"),
        ("汉源镇1片区", "汉源镇1片区"),
    ],
)
def test_a_place_is_called_without_its_committee(committee: str, place: str) -> None:
    assert place_name(committee) == place
