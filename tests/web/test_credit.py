"""Those who made a county's data are named below its maps, once, in the language of the page, in the file without a server, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.files import counties
from sim.store import StoredRun
from sim.text import LANGUAGES, Lang, Words, t
from sim.web.export import write_html, write_study_html
from sim.web.outline import outline
from sim.world.tables import read_county
from tests.web.browse import LONG, show_study
from tests.web.conftest import CHROMIUM, SMALL

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]

OTHER: dict[Lang, Lang] = {"zh": "en", "en": "zh"}


def named(folder: Path) -> Words:
    """Return whom a county names."""
    return read_county(folder).card.attribution


@pytest.mark.parametrize("lang", LANGUAGES)
def test_before_a_run_the_chosen_county_is_credited_once(opened: Any, lang: Lang) -> None:
    shown = opened(lang).open()
    credit = shown.locator(".stage .credit")
    for row in counties()[:2]:
        shown.locator("[data-county]").select_option(row.folder.name)
        assert outline(row.folder.name)["credit"]["zh"] == named(row.folder).zh
        sync_api.expect(credit).to_have_text([named(row.folder).text(lang)])
        sync_api.expect(credit).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_maps_of_a_study_are_credited_once_and_the_controls_stay_where_they_can_be_seen(opened: Any, lang: Lang) -> None:
    page = opened(lang)
    shown = show_study(page)
    credit = shown.locator(".stage .credit")
    sync_api.expect(credit).to_have_text([named(SMALL).text(lang)])
    for seen in (credit, *shown.locator(".controls button").all()):
        sync_api.expect(seen).to_be_in_viewport(ratio=1)
    assert credit.bounding_box()["y"] >= shown.locator(".controls").bounding_box()["y"]
    before = len(page.asked)
    shown.locator(".lang").click()
    sync_api.expect(credit).to_have_text([named(SMALL).text(OTHER[lang])])
    assert page.asked[before:] == []
    shown.locator("#tab-compare").click()
    sync_api.expect(shown.locator(".compare .credit")).to_have_text([named(SMALL).text(OTHER[lang])], timeout=LONG)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("of", ["run", "study"])
def test_the_file_without_a_server_credits_them_once(
    browser: Any, whole_run: StoredRun, results: Path, lang: Lang, of: str, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((write_html(whole_run, path, lang) if of == "run" else write_study_html(sim.open(results / "small"), path, lang)).as_uri())
    credit = page.locator(".credit")
    sync_api.expect(credit).to_have_text([named(SMALL).text(lang)])
    sync_api.expect(credit).to_be_in_viewport(ratio=1)
    page.locator(".lang").click()
    sync_api.expect(credit).to_have_text([named(SMALL).text(OTHER[lang])])
    page.close()


def test_what_is_long_waits_to_be_opened_and_is_text(browser: Any, whole_run: StoredRun, tmp_path: Path) -> None:
    long = "<b>of</b> somebody, " * 100
    run = StoredRun(whole_run.folder, whole_run.manifest | {"attribution": {"zh": long, "en": long}})
    page = browser.new_page()
    page.goto(write_html(run, tmp_path / "run.html", "en").as_uri())
    credit = page.locator(".credit")
    sync_api.expect(credit.locator("p")).to_be_hidden()
    credit.get_by_text(t("web.credit", "en")).click()
    sync_api.expect(credit.locator("p")).to_be_visible()
    sync_api.expect(credit.locator("p")).to_have_text(long)
    page.close()


def test_a_run_of_an_older_version_says_where_the_credit_stands(browser: Any, whole_run: StoredRun, tmp_path: Path) -> None:
    run = StoredRun(whole_run.folder, {key: value for key, value in whole_run.manifest.items() if key != "attribution"})
    page = browser.new_page()
    page.goto(write_html(run, tmp_path / "run.html", "en").as_uri())
    sync_api.expect(page.locator(".credit")).to_have_text([t("report.county_gone", "en")])
    page.close()
