"""The shipped font draws every name that a county can have."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from sim.fonts import FONT, LICENCE, characters, missing, woff

COUNTIES = Path(__file__).parents[2] / "scenarios" / "counties"
TABLES = sorted(path for kind in ("*.csv", "*.yaml") for path in COUNTIES.glob(f"*/{kind}"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_character_of_every_county_file_is_in_the_font(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8-sig")) == set()


def test_seven_counties_were_looked_up() -> None:
    assert len({path.parent for path in TABLES}) >= 7
    rows = [
        row for path in TABLES if path.name == "villages.csv" for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    ]
    assert len(rows) > 2_000


@pytest.mark.parametrize(
    "letters", ["旸嶅堽垞甪浉", "县乡村快递物流共同配送", "\u25b2\u25bc\u25cf\u25a0\u2212\u2014\u00b2", "Yóuyáng 0123456789"]
)
def test_rare_place_names_and_signs_are_in_the_font(letters: str) -> None:
    assert missing(letters) == set()


def test_all_of_gb2312_is_in_the_font() -> None:
    codes = []
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                codes.append(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    assert len(codes) == 6763
    assert set(codes) <= characters()


def test_the_font_comes_with_its_licence_and_stays_small() -> None:
    assert "SIL OPEN FONT LICENSE" in LICENCE.read_text(encoding="utf-8").upper()
    assert FONT.stat().st_size < 3_000_000


def test_a_page_gets_only_the_letters_it_uses_and_always_the_same_bytes() -> None:
    once = woff("县乡村 abc")
    assert once == woff("cba 村乡县")
    assert len(once) < 20_000
    with TTFont(io.BytesIO(once)) as font:
        assert set(font.getBestCmap()) == {ord(letter) for letter in "县乡村 abc"}
