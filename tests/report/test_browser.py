"""Both pages open from the disk in a real browser, ask nobody for anything, and sort."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.text import LANGUAGES, Lang
from tests.conftest import CHROMIUM

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]


@pytest.mark.parametrize("width", [1366, 420])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_opens_from_the_disk_in_silence(browser: Any, pages: dict[Lang, Path], lang: Lang, width: int, tmp_path: Path) -> None:
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[lang].as_uri())
    assert page.evaluate("document.fonts.check('16px \"Guantong Report\"', '县')")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page itself never scrolls sideways"
    page.locator("details:has(table.sortable) > summary").click()
    heads = page.locator("table.sortable thead th")
    heads.nth(6).locator("button").click()
    sync_api.expect(heads.nth(6)).to_have_attribute("aria-sort", "ascending")
    keys = page.evaluate("[...document.querySelectorAll('table.sortable tbody tr')].map(row => Number(row.cells[6].dataset.sort))")
    assert keys == sorted(keys)
    page.screenshot(path=str(tmp_path / f"report.{lang}.{width}.png"), full_page=True)
    page.locator("a.switch").click()
    other: Lang = "en" if lang == "zh" else "zh"
    sync_api.expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if other == "zh" else "en")
    page.close()
    assert said == []
    assert all(url.startswith(("file:", "data:")) for url in asked)
