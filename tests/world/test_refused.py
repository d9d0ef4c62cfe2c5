"""Every broken county is refused with file, line, value and what is allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import CountyError
from sim.world.tables import read_county

TESTS = Path(__file__).parents[1]
BROKEN = TESTS / "broken" / "counties"

EXPECTED = {
    "missing-column": ("villages.csv:1", "column 'share_65' is missing", "columns: code"),
    "misspelt-column": ("villages.csv:1", "unknown column 'housholds'", "did you mean 'households'?"),
    "extra-column": ("townships.csv:1", "unknown column 'elevation'", "columns: code"),
    "duplicate-code": ("villages.csv:5", "code '999903101201' stands twice", "villages.csv:4"),
    "unknown-township": ("villages.csv:5", "unknown township '999903110'", "did you mean '99990310"),
    "swapped-coordinates": ("villages.csv:5", "lon 34.01000 and lat 106.23000 are swapped", "lon 73 .. 135.5"),
    "outside-china": ("townships.csv:3", "lon is '16.24000'", "73 .. 135.5 degrees"),
    "negative-population": ("villages.csv:3", "population is '-150'", "whole numbers 1 .."),
    "fractional-population": ("villages.csv:3", "population is '150.5'", "whole numbers 1 .."),
    "wrong-encoding": ("villages.csv", "encoding", "UTF-8, UTF-8 with BOM, GBK"),
    "empty-file": ("villages.csv", "the file is empty", "a county folder holds"),
    "missing-file": ("townships.csv", "the file is missing", "a county folder holds"),
    "unknown-terrain": ("county.yaml:7", "terrain is 'hills'", "did you mean 'hill'?"),
    "missing-key": ("county.yaml:1", "key 'region' is missing", "keys: format"),
    "no-townships": ("townships.csv:1", "the table has no rows", "at least one row"),
    "village-without-households": ("villages.csv:4", "households is '0'", "whole numbers 1 .."),
    "far-from-seat": ("villages.csv:4", "km from the seat", "up to 500 km"),
    "short-row": ("villages.csv:5", "10 cells in a row of 11 columns", "columns: code"),
    "yaml-anchor": ("county.yaml:20", "anchors, aliases and tags are refused", "plain mappings"),
    "crops-without-climate": ("climate.csv", "the file is missing", "crops.csv and climate.csv go together"),
    "climate-without-crops": ("crops.csv", "the file is missing", "crops.csv and climate.csv go together"),
    "crop-twice": ("crops.csv:5", "crop 'pear' stands twice", "line 3"),
    "crop-misspelt-column": ("crops.csv:1", "unknown column 'shelf_days'", "did you mean 'shelf_days_0c'?"),
    "crop-name-with-space": ("crops.csv:2", "crop is 'Straw berry'", "lower-case letters and hyphens"),
    "harvest-on-no-day": ("crops.csv:3", "harvest_from is '02-30'", "MM-DD"),
    "wholesale-below-farm": ("crops.csv:2", "wholesale_yuan_kg 12 is below farm_yuan_kg 18", "the farm-gate price or more"),
    "empty-climate": ("climate.csv", "the file is empty", "crops.csv with climate.csv"),
    "month-missing": ("climate.csv", "missing months: 7", "every month from 1 to 12"),
    "month-twice": ("climate.csv:14", "month 7 stands twice", "line 8"),
    "too-cold": ("climate.csv:13", "mean_c is '-55'", "-40 .. 45 degrees"),
    "produce-faults": ("climate.csv:12", "month is '13'", "1 .. 12"),
    "many-faults": ("county.yaml:7", "terrain is 'hills'", "did you mean 'hill'?"),
}


def test_every_broken_folder_has_its_expectation() -> None:
    assert sorted(EXPECTED) == sorted(p.name for p in BROKEN.iterdir() if p.is_dir())


@pytest.mark.parametrize("mistake", sorted(EXPECTED))
def test_a_mistake_is_named_with_place_value_and_what_is_allowed(mistake: str) -> None:
    where, what, allowed = EXPECTED[mistake]
    with pytest.raises(CountyError) as raised:
        read_county(BROKEN / mistake)
    fault = next(f for f in raised.value.faults if what in f.what)
    assert fault.where.endswith(where)
    assert allowed in fault.allowed
    assert fault.what_zh
    if mistake not in ("many-faults", "produce-faults"):
        assert len(raised.value.faults) <= 2


def test_all_faults_of_a_folder_come_at_once() -> None:
    with pytest.raises(CountyError) as raised:
        read_county(BROKEN / "many-faults")
    wheres = [f.where.rsplit("/", 1)[-1] for f in raised.value.faults]
    assert wheres == ["county.yaml:7", "townships.csv:3", "villages.csv:3", "villages.csv:5"]


def test_all_faults_of_both_produce_tables_come_at_once() -> None:
    with pytest.raises(CountyError) as raised:
        read_county(BROKEN / "produce-faults")
    wheres = [f.where.rsplit("/", 1)[-1] for f in raised.value.faults]
    assert wheres == ["crops.csv:2", "crops.csv:2", "crops.csv:3", "crops.csv:4", *["climate.csv:12"] * 3]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CountyError, match="no such county folder"):
        read_county(tmp_path / "nowhere")


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TESTS / "counties" / "tiny", tmp_path / "tiny"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("format: 1", "format: 2", "format is 2"),
        ("lon: 106.2, lat: 34.1", "lon: 34.1, lat: 106.2", "are swapped"),
        ('township: "999901100"', 'township: "999901109"', "seat.township is '999901109'"),
        ("value: 1100", "value: -1100", "value is -1100"),
        ("value: 1100", "value: .nan", "value is .nan"),
        ("terrain: hill", "terrain: hill\nterrain: plain", "key 'terrain' stands twice"),
        ("terrain: hill", "terrain: hill\nclimate: wet", "unknown key 'climate'"),
        ("terrain: hill", "terrain: !!python/name:os.system", "tags are refused"),
        ("terrain: hill", "terrain: [hill", "this is not YAML"),
        ("name: {zh: 小试县, en: Tiny}", "name: {zh: 小试县}", "key 'en' is missing"),
        ("attribution: Invented for the tests of Guantong", "attribution: {zh: 为测试而编}", "key 'en' is missing in attribution"),
    ],
)
def test_a_wrong_card_is_refused_with_its_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    folder = _copy(tmp_path)
    card = folder / "county.yaml"
    text = card.read_text(encoding="utf-8")
    assert old in text
    card.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CountyError) as raised:
        read_county(folder)
    assert any(what in f.what for f in raised.value.faults)


@pytest.mark.parametrize("encoding", ["big5", "latin-1", "utf-16-le", "shift-jis"])
def test_encodings_that_are_neither_utf8_nor_gbk_are_refused(tmp_path: Path, encoding: str) -> None:
    folder = _copy(tmp_path)
    path = folder / "townships.csv"
    name = "Chéng" if encoding == "latin-1" else "城東鎮"
    path.write_bytes(
        path.read_text(encoding="utf-8")
        .replace("城关镇", name)
        .replace("石桥镇", "東村")
        .replace("柳沟乡", "西村")
        .encode(encoding, "replace")
    )
    with pytest.raises(CountyError, match="encoding"):
        read_county(folder)


def test_a_county_without_any_village_is_refused(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    path = folder / "villages.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if ",village," not in line) + "\n", encoding="utf-8")
    with pytest.raises(CountyError, match="no village"):
        read_county(folder)
