"""Counties are read in the encodings that spreadsheets write, in any order of rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.world.tables import read_county

from .same import assert_equal

TINY = Path(__file__).parents[1] / "counties" / "tiny"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_county_saved_by_a_spreadsheet_reads_the_same(tmp_path: Path, encoding: str, newline: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    for path in folder.iterdir():
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", newline).encode(encoding))
    assert_equal(read_county(folder), read_county(TINY))


def test_rows_are_sorted_by_code_and_codes_stay_text() -> None:
    county = read_county(TINY)
    assert list(county.villages.code) == sorted(county.villages.code)
    assert county.townships.code[0] == "999901100"
    assert county.card.figure("people").value == county.villages.population.sum()
