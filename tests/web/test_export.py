"""The file that needs no server opens from the disk, runs, and stays small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.store import StoredRun, open_run
from sim.text import LANGUAGES, Lang
from sim.web.export import write_html, write_study_html
from tests.web.conftest import CHROMIUM
from tests.whereabouts import repairs, whereabouts

sync_api = pytest.importorskip("playwright.sync_api")
MOST = 8_000_000


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_run_opens_from_the_disk_and_moves(browser: Any, whole_run: StoredRun, lang: Lang, tmp_path: Path) -> None:
    path = write_html(whole_run, tmp_path / "run.html", lang)
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    sync_api.expect(page.locator("canvas.moving")).to_have_count(1)
    sync_api.expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if lang == "zh" else "en")
    broken = repairs(whole_run)[:3]
    assert broken
    for at in (30_000, 50_000, 100_000, *broken):
        told = whereabouts(whole_run, at)
        drawn = {key: (lon, lat, aboard) for key, lon, lat, aboard in page.evaluate("at => guantong.positions(0, at)", at)}
        assert drawn == {key: (pytest.approx(x, abs=2e-6), pytest.approx(y, abs=2e-6), n) for key, (x, y, n) in told.items()}
    before = page.evaluate("guantong.clock().t")
    sync_api.expect(page.locator("[data-clock]")).not_to_be_empty()
    page.locator(".play").click()
    assert page.evaluate("guantong.clock().t") >= before
    page.locator(".lang").click()
    sync_api.expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "zh" else "zh-CN")
    page.close()
    assert said == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
def test_a_study_animates_and_compares_in_one_file(browser: Any, results: Path, tmp_path: Path) -> None:
    study = sim.open(results / "small")
    path = write_study_html(study, tmp_path / "study.html", "en")
    page = browser.new_page()
    page.goto(path.as_uri())
    sync_api.expect(page.locator("canvas.moving")).to_have_count(2)
    sync_api.expect(page.locator('[data-figure="forest"] svg')).to_be_visible()
    page.close()


@pytest.mark.slow
def test_a_day_of_twenty_thousand_parcels_stays_below_eight_megabytes(tmp_path: Path) -> None:
    scenario = sim.load("baseline", ("warm_up_days=3",), 1)
    sim.run(scenario, seed=1, out=tmp_path / "run")
    run = open_run(tmp_path / "run")
    parcels = run.table("parcels")
    a_day = (parcels["created_s"] // 86_400 == 0).sum()
    assert a_day > 10_000, "a day of the shipped county is of that size"
    assert write_html(run, tmp_path / "run.html", "zh").stat().st_size * 20_000 / min(a_day, 20_000) <= MOST


def test_text_of_a_county_cannot_end_its_element(whole_run: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.web.export as export

    real = export.scene
    monkeypatch.setattr(export, "scene", lambda run: real(run) | {"title": {"zh": "</script><b>", "en": "<!--<script>"}})
    text = write_html(whole_run, tmp_path / "run.html", "en").read_text(encoding="utf-8")
    assert "</script><b>" not in text
    assert "<!--<script>" not in text


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
def test_names_are_drawn_with_the_file_s_own_letters_on_both_maps(browser: Any, whole_run: StoredRun, tmp_path: Path) -> None:
    path = write_html([whole_run, whole_run], tmp_path / "two.html", "zh")
    page = browser.new_page()
    page.goto(path.as_uri())
    sync_api.expect(page.locator("canvas.moving")).to_have_count(2)
    page.evaluate("document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))))")
    left, right = (page.evaluate("side => guantong.named(side)", side) for side in (0, 1))
    page.close()
    assert left == right
