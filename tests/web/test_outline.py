"""The county as it is drawn before anything has run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.scenario.files import counties
from sim.text import Lang
from sim.web.outline import outline
from sim.world.tables import read_county
from tests.web.conftest import Served
from tests.web.test_guard import ask


@pytest.mark.parametrize("name", [row.folder.name for row in counties()])
def test_the_outline_has_every_township_and_village_where_the_folder_has_it(name: str) -> None:
    county = read_county({row.folder.name: row.folder for row in counties()}[name])
    told = outline(name)
    assert [one["zh"] for one in told["townships"]] == list(county.townships.name_zh)
    assert len(told["villages"]) == county.villages.n
    assert told["villages"][-1] == pytest.approx([county.villages.lon[-1], county.villages.lat[-1]], abs=1e-5)
    assert told["synthetic"]


def test_a_county_that_is_none_is_not_found(served: Served) -> None:
    assert ask(served, "GET", "/api/county?county=../../etc")[0] == 404
    assert ask(served, "GET", "/api/county")[0] == 400
    status, _, body = ask(served, "GET", "/api/county?county=621225_xihe")
    assert status == 200
    assert json.loads(body)["seat"]["zh"] == "西和县"


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_before_a_run_both_maps_show_the_chosen_county(opened: Any, lang: Lang) -> None:
    page = opened(lang)
    shown = page.open()
    for name in ("621225_xihe", "540627_baingoin"):
        shown.locator("[data-county]").select_option(name)
        many = len(outline(name)["villages"])
        shown.locator("svg.outline").nth(1).wait_for(state="attached")
        shown.wait_for_function(
            """n => { const maps = [...document.querySelectorAll('svg.outline')];
                return maps.length === 2 && maps.every(x => x.querySelectorAll('.village').length === n); }""",
            arg=many,
        )
        assert shown.locator("svg.outline").count() == 2
        assert page.word("synthetic_all") in shown.locator(".unrun").first.inner_text()
