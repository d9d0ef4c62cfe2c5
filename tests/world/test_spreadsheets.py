"""What a spreadsheet does to a county's tables on the way is told once, as what it is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.errors import CountyError
from sim.world.find import county_names, find_county
from sim.world.read import read_sheets

TINY = Path(__file__).parents[1] / "counties" / "tiny"


def edited(tmp_path: Path, change: Callable[[str], str], file: str = "villages.csv", encoding: str = "utf-8") -> Path:
    folder = Path(shutil.copytree(TINY, tmp_path / "我的 县"))
    (folder / file).write_bytes(change((folder / file).read_text("utf-8")).encode(encoding))
    return folder


@pytest.mark.parametrize(
    ("change", "encoding", "what"),
    [
        (lambda text: text.replace(",", ";").replace("\n", "\r\n"), "gbk", "parted by semicolons"),
        (lambda text: text.replace(",", "\t"), "utf-8", "parted by tabs"),
        (lambda text: "PK\x03\x04\x14" + text, "utf-8", "a workbook, not CSV"),
    ],
)
def test_a_table_saved_as_something_else_is_one_fault(tmp_path: Path, change: Callable[[str], str], encoding: str, what: str) -> None:
    with pytest.raises(CountyError) as raised:
        read_sheets(edited(tmp_path, change, encoding=encoding))
    (fault,) = raised.value.faults
    assert what in fault.what
    assert "CSV" in fault.allowed
    assert "CSV" in fault.allowed_zh


def test_codes_that_a_spreadsheet_made_numbers_of_are_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(CountyError) as raised:
        read_sheets(edited(tmp_path, lambda text: re.sub(r"^\d{12}", "9.99903E+11", text, flags=re.M)))
    assert all("a spreadsheet made a number of it" in fault.allowed for fault in raised.value.faults)


def test_a_full_width_colon_in_the_card_is_named_on_its_line(tmp_path: Path) -> None:
    folder = edited(tmp_path, lambda text: text.replace("terrain: ", "terrain："), "county.yaml")
    lines = (folder / "county.yaml").read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "：" in text)
    with pytest.raises(CountyError) as raised:
        read_sheets(folder)
    fault = raised.value.faults[0]
    assert fault.where.endswith(f"county.yaml:{line}")
    assert "full-width ：" in fault.what


def test_one_mistake_in_a_whole_column_is_told_once_with_all_its_lines(tmp_path: Path) -> None:
    folder = edited(tmp_path, lambda text: re.sub(r",0\.\d+$", ",7%", text, flags=re.M))
    rows = len((folder / "villages.csv").read_text("utf-8").split()) - 1
    done = CliRunner().invoke(app, ["check", str(folder), "--lang", "en"])
    assert done.exit_code == 2
    assert done.stderr.count("share_65 is '7%'") == 2
    assert f"{rows - 2} more like it, on lines 4–{rows + 1}" in done.stderr


def test_an_autonomous_county_answers_to_the_name_before_its_peoples() -> None:
    assert find_county("酉阳").name == "500242_youyang"
    assert "酉阳" in county_names(find_county("youyang"))
