"""A browser on the page that remembers what was said and asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from sim.text import Lang, t
from tests.web.conftest import Served

sync_api = pytest.importorskip("playwright.sync_api")

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
LONG = 240_000
"""Milliseconds that a comparison may take on a busy machine."""
sync_api.expect.set_options(timeout=60_000)


class Page:
    """A page that remembers what it said and whom it asked."""

    def __init__(self, browser: Any, served: Served, lang: Lang, width: int = 1280, height: int = 720, **more: Any) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale=LOCALES[lang], **more)
        self.page = self.context.new_page()
        self.page.set_default_timeout(LONG)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.served, self.lang = served, lang

    def open(self, fragment: str = "") -> Any:
        self.page.goto(f"{self.served.address}/{fragment}")
        sync_api.expect(self.page.locator("[data-run]")).to_be_visible(timeout=LONG)
        return self.page

    def word(self, key: str, **values: object) -> str:
        return t(f"web.{key}", self.lang, **values)

    def close(self) -> None:
        self.context.close()
        assert self.said == []
        assert [url for url in self.asked if not url.startswith((self.served.address, "data:", "blob:"))] == []


def show_study(page: Page) -> Any:
    """Open the study in the results and return to its maps."""
    shown = page.open()
    shown.locator("#tab-results").click()
    shown.locator(".results button").filter(has_text=page.word("against").strip()).last.click()
    sync_api.expect(shown.locator(".compare h2")).to_be_visible(timeout=LONG)
    shown.locator("#tab-watch").click()
    canvas = shown.locator(".map canvas.moving")
    sync_api.expect(canvas).to_have_count(2, timeout=LONG)
    for side in (0, 1):  # it has a size once the map is laid out
        sync_api.expect(canvas.nth(side)).to_have_attribute("style", re.compile("width"), timeout=LONG)
    return shown


KEEP = """() => {
  const blobs = {}, make = URL.createObjectURL;
  URL.createObjectURL = (blob) => { const url = make.call(URL, blob); blobs[url] = blob; return url; };
  window.kept = [];
  HTMLAnchorElement.prototype.click = function () {
    blobs[this.href].arrayBuffer().then((all) => {
      document.documentElement.dataset.kept = window.kept.push([this.download, [...new Uint8Array(all)]]);
    });
  };
}"""


def keep_downloads(shown: Any) -> Callable[[Any], tuple[str, bytes]]:
    """Let a page keep what it would download, and return what clicks a button and gives the file's name and content.

    Chromium drops the eleventh download that a page begins within a second, without a word: who wants more has to keep them.
    """
    shown.evaluate(KEEP)
    numbers = count(1)

    def take(button: Any) -> tuple[str, bytes]:
        button.click()
        sync_api.expect(shown.locator("html")).to_have_attribute("data-kept", str(next(numbers)))
        name, content = shown.evaluate("kept.at(-1)")
        return name, bytes(content)

    return take


def seen_time(shown: Any, at: int) -> None:
    shown.evaluate("at => { guantong.set(at); }", at)
