"""What counties grow and how warm they are: read in any order, both tables or neither, each number with a source or as an assumption."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.errors import CountyError
from sim.scenario.load import load
from sim.world.basis import ASSUMPTION, REST, parts, sourced
from sim.world.build import build
from sim.world.crops import Climate, Crops
from sim.world.data import scenarios_dir
from sim.world.find import find_county, list_counties
from sim.world.page import DEGREES, FIGURES, page
from sim.world.tables import read_county

from .same import assert_equal

ROOT = Path(__file__).parents[2]
ORCHARD = ROOT / "tests" / "counties" / "orchard"
SMALL = ROOT / "tests" / "counties" / "small"
SHIPPED = [f for f in list_counties() if f.parent == scenarios_dir() / "counties"]
PERISHABLE = 90.0
"""Days at 0 C below which a crop counts as perishable here."""

shipped = pytest.mark.parametrize("folder", SHIPPED, ids=lambda f: f.name)


def produce(folder: Path) -> tuple[Crops, Climate]:
    county = read_county(folder)
    assert county.crops is not None
    assert county.climate is not None
    return county.crops, county.climate


def test_a_table_becomes_columns_sorted_by_crop_and_days_of_the_year() -> None:
    crops, climate = produce(ORCHARD)
    assert crops.key == ("dried-pepper", "pear", "strawberry")
    assert crops.name_zh == ("干花椒", "梨", "草莓")
    np.testing.assert_array_equal(crops.area_mu, [800.0, 600.0, 200.0])
    np.testing.assert_array_equal(crops.shelf_days_0c, [700.0, 75.0, 7.0])
    np.testing.assert_array_equal(crops.harvest_from, [191, 232, 349])
    np.testing.assert_array_equal(crops.harvest_until, [243, 283, 120])
    assert crops.area_mu.dtype == crops.online_yuan_kg.dtype == climate.mean_c.dtype == np.float64
    assert (climate.mean_c[0], climate.mean_c[6], climate.range_c[11]) == (-1.5, 24.0, 11.0)


def test_the_order_of_rows_and_the_encoding_change_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    for name in ("crops.csv", "climate.csv"):
        header, *rows = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_bytes("\r\n".join([header, *reversed(rows), ""]).encode("gbk"))
    assert_equal(read_county(folder), read_county(ORCHARD))


def test_a_county_without_the_tables_grows_nothing() -> None:
    county = read_county(SMALL)
    assert county.crops is None
    assert county.climate is None


def test_crops_and_climate_leave_the_places_and_households_as_they_were() -> None:
    with_crops, without = build(ORCHARD), build(SMALL)
    assert_equal(with_crops.households, without.households)
    assert_equal(with_crops.places, without.places, but=("name_zh", "name_en"))
    assert_equal(with_crops.stations, without.stations)


def test_another_price_is_another_county_to_the_store(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text("format: 1\nname: one\nextends: baseline.yaml\ncounty: orchard\n", encoding="utf-8")
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    before = load(file).hash
    table = folder / "crops.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",3,4.5,10,", ",3,4.6,10,"), encoding="utf-8")
    assert load(file).hash != before


@pytest.mark.parametrize(
    ("old", "new", "what", "allowed"),
    [
        (",0.3,1200,", ",1.3,1200,", "growers_share is '1.3'", "0.0001 .. 1 of the rural households"),
        (",0.3,1200,", ",0.3,-1200,", "yield_kg_mu is '-1200'", "0.001 .. 50,000 kg/mu"),
        (",75,2.4,3,", ",nan,2.4,3,", "shelf_days_0c is 'nan'", "1 .. 3,650 days"),
        (",75,2.4,3,", ",75,0,3,", "litres_per_kg is '0'", "0.5 .. 50 l/kg"),
        (",75,2.4,3,", ",75,2.4,,", "parcel_kg is empty", "0.05 .. 50 kg"),
        (",3,4.5,10,", ",3,4.5,free,", "online_yuan_kg is 'free'", "yuan/kg"),
        (",10,0.08,", ",10,1.08,", "online_share is '1.08'", "0 .. 1 of the harvest"),
        (",3,4.5,10,", ",5,4.5,10,", "wholesale_yuan_kg 4.5 is below farm_yuan_kg 5", "the farm-gate price or more"),
        ("08-20,10-10", "20 Aug,10-10", "harvest_from is '20 Aug'", "MM-DD"),
        ("08-20,10-10", "08-20,02-29", "harvest_until is '02-29'", "without 02-29"),
        ("pear,梨", "pear-2,梨", "crop is 'pear-2'", "lower-case letters and hyphens"),
        ("pear,梨", "strawberry,梨", "crop 'strawberry' stands twice", "line 2"),
    ],
)
def test_a_wrong_crop_is_refused_with_value_and_what_is_allowed(tmp_path: Path, old: str, new: str, what: str, allowed: str) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    table = folder / "crops.csv"
    text = table.read_text(encoding="utf-8")
    assert text.count(old) == 1
    table.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CountyError) as raised:
        read_county(folder)
    (fault,) = raised.value.faults
    assert fault.where == f"{table}:3"
    assert what in fault.what
    assert allowed in fault.allowed
    assert fault.what_zh
    assert fault.allowed_zh


def test_a_harvest_of_one_day_and_one_on_the_last_day_of_the_year_are_read(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    table = folder / "crops.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("08-20,10-10", "12-31,12-31").replace("12-15,04-30", "03-01,01-01"), "utf-8")
    crops, _ = produce(folder)
    np.testing.assert_array_equal(crops.harvest_from, [191, 365, 60])
    np.testing.assert_array_equal(crops.harvest_until, [243, 365, 1])


@shipped
def test_each_shipped_county_sells_three_to_six_crops(folder: Path) -> None:
    crops, climate = produce(folder)
    assert 3 <= crops.n <= 6
    assert len(climate.mean_c) == 12
    assert (crops.farm_yuan_kg <= crops.wholesale_yuan_kg).all()
    assert (crops.wholesale_yuan_kg < crops.online_yuan_kg).all()


@shipped
def test_growers_work_land_that_a_household_can_work(folder: Path) -> None:
    county = read_county(folder)
    assert county.crops is not None
    rural = sum(int(h) for h, kind in zip(county.villages.households, county.villages.type, strict=True) if kind == "village")
    growers = county.crops.growers_share * rural
    assert (growers >= 50).all()
    income = county.crops.area_mu * county.crops.yield_kg_mu * county.crops.farm_yuan_kg / growers
    assert (income > 1_000).all()
    assert (income < 80_000).all()
    if county.card.terrain != "plateau":
        assert (county.crops.area_mu / growers < 10).all()


@shipped
def test_every_number_names_its_source_or_is_an_assumption(folder: Path) -> None:
    crops, climate = produce(folder)
    for bases, columns in ((crops.basis, FIGURES), (climate.basis, DEGREES)):
        for basis in bases:
            said = [name for names, _ in parts(basis) for name in names]
            assert set(said) <= {*columns, REST}, basis
            assert len(set(said)) == len(said), basis
            assert REST in said or set(said) == set(columns), basis
            assert all(source for _, source in parts(basis)), basis


def test_five_perishable_crops_and_more_are_grown_and_the_plateau_needs_no_cold_room() -> None:
    perishable = {folder.name[7:]: set(perishables(folder)) for folder in SHIPPED}
    assert len(set().union(*perishable.values())) >= 5
    assert perishable["baingoin"] == {"mutton"}
    crops, climate = produce(find_county("baingoin"))
    i = crops.key.index("mutton")
    months = [9, 10, 11]
    assert crops.harvest_from[i] > 273
    assert crops.harvest_until[i] > crops.harvest_from[i]
    assert climate.mean_c[months].max() < 1.0


def perishables(folder: Path) -> list[str]:
    crops, _ = produce(folder)
    return [key for key, days in zip(crops.key, crops.shelf_days_0c, strict=True) if days < PERISHABLE]


@shipped
def test_summers_are_warmer_than_winters_and_days_than_nights(folder: Path) -> None:
    _, climate = produce(folder)
    assert climate.mean_c.argmax() in (6, 7)
    assert climate.mean_c.argmin() == 0
    assert (np.abs(np.diff(climate.mean_c)) < 9).all()
    assert (climate.range_c > 3).all()


def test_the_page_of_crops_is_what_the_tables_say() -> None:
    written = ROOT / "docs" / "produce-data.md"
    assert written.read_text(encoding="utf-8") == page(), "run: python -m sim.world.page > docs/produce-data.md"


def test_what_has_a_source_is_told_from_what_is_assumed() -> None:
    basis = "area_mu, yield_kg_mu: a yearbook, 2020, 3 t; shelf_days_0c: assumption, as for plums; rest: assumption"
    assert sourced(basis, ("area_mu", "yield_kg_mu", "shelf_days_0c", "parcel_kg")) == ("area_mu", "yield_kg_mu")
    assert sourced(ASSUMPTION, ("area_mu",)) == ()
    assert sourced("invented for tests", ("area_mu",)) == ("area_mu",)
