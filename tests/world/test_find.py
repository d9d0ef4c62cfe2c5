"""A county is found by path, folder, code or name; otherwise the nearest is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import CountyError
from sim.world.data import scenarios_dir
from sim.world.find import find_county, list_counties

XIHE = scenarios_dir() / "counties" / "621225_xihe"
TINY = Path(__file__).parents[1] / "counties" / "tiny"


@pytest.mark.parametrize("name", ["621225_xihe", "counties/621225_xihe", "621225", "xihe", "Xihe", "西和县", "西和", str(XIHE)])
def test_a_shipped_county_answers_to_its_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_county(name, tmp_path).resolve() == XIHE


def test_a_county_beside_the_scenario_comes_first(tmp_path: Path) -> None:
    own = shutil.copytree(TINY, tmp_path / "counties" / "621225_xihe")
    assert find_county("counties/621225_xihe", tmp_path) == own
    assert find_county("621225_xihe", tmp_path) == own
    assert own in list_counties(tmp_path)
    assert XIHE not in list_counties(tmp_path)


def test_an_unknown_county_names_the_nearest() -> None:
    with pytest.raises(CountyError) as raised:
        find_county("xihee")
    assert "did you mean 'xihe'" in raised.value.faults[0].allowed
    assert "621225_xihe" in raised.value.faults[0].allowed_zh
