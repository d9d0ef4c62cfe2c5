"""Measure the page in a real browser: frames a second, first paint, slider to the first new animation.

    python -m tests.benchmarks.page_speed

needs Debian's ``chromium`` (or CHROMIUM) and Playwright; everything is drawn by the processor. Nothing here is asserted.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from sim.run import run
from sim.web.app import make_app
from sim.web.export import write_html
from tests.benchmarks import county
from tests.web.conftest import FLAGS

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "")
TOWNSHIPS, VILLAGES = 46, 1_100
SECONDS = 6
FRAMES = """seconds => new Promise((done) => {
  const begin = performance.now(), times = [];
  const frame = (now) => {
    times.push(now);
    if (now - begin < 1000 * seconds) requestAnimationFrame(frame);
    else done((1000 * (times.length - 1)) / (times.at(-1) - times[0]));
  };
  requestAnimationFrame(frame);
})"""
BUSIEST = """() => {
  let best = [0, 0];
  for (let t = 0; t < 86400; t += 300) { const n = guantong.positions(0, t).length; if (n > best[0]) best = [n, t]; }
  return best;
}"""


def main() -> None:
    """Print what was measured."""
    print(f"load at the start {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        frames(page, Path(name))
        page.close()
        with served(Path(name) / "results") as address:
            page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-GB")
            paint(page, address)
            slider(page, address)
        browser.close()


def frames(page: Page, folder: Path) -> None:
    """Two maps side by side of a county of the asked size, at the hour with most vehicles under way."""
    county.TOWNSHIPS, county.VILLAGES = TOWNSHIPS, VILLAGES
    county.write_county(folder / "county")
    made = run(county.scenario(folder / "county", 20_000, 2, False), 1, out=folder / "run", sample=0.01)
    page.goto(write_html([made.stored, made.stored], folder / "two.html", "en").as_uri())
    expect(page.locator("canvas.moving")).to_have_count(2)
    vehicles, busiest = page.evaluate(BUSIEST)
    places = page.evaluate("JSON.parse(document.getElementById('kept').textContent).scenes[0].places.key.length")
    page.locator(".controls select").first.select_option("300")
    page.evaluate("at => guantong.set(at)", busiest)
    before = processor_seconds()
    played = page.evaluate(FRAMES, SECONDS)
    spent = 1000 * (processor_seconds() - before) / (played * SECONDS)
    page.get_by_label("Zoom in").focus()
    click = "times.push(now); if (times.length % 20 === 0) document.activeElement.click();"
    zoomed = page.evaluate(FRAMES.replace("times.push(now);", click), SECONDS)
    drawn = f"{played:.0f} frames/s while playing, {zoomed:.0f} while zooming as well, {spent:.1f} ms of all processors a frame"
    print(f"two maps, {places} places, {vehicles} vehicles under way on each: {drawn}")
    print(f"one file of both: {(folder / 'two.html').stat().st_size / 1e6:.1f} MB")


def processor_seconds() -> float:
    """Return what this process's children and theirs have had of the processors, in seconds."""
    children: dict[int, list[tuple[int, float]]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            said = file.read_text().rpartition(")")[2].split()
            ticks = (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
            children.setdefault(int(said[1]), []).append((int(file.parent.name), ticks))
    total, waiting = 0.0, [os.getpid()]
    while waiting:
        for child, seconds in children.get(waiting.pop(), ()):
            total += seconds
            waiting.append(child)
    return total


@contextmanager
def served(results: Path) -> Iterator[str]:
    """Serve the page as ``guantong serve`` does and give its address once the workers are warm."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = make_app(results, os.cpu_count() or 1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def paint(page: Page, address: str) -> None:
    """First paint, second visit (the first one reads the program from the disk)."""
    for _ in range(2):
        page.goto(address)
        expect(page.locator("[data-run]")).to_be_visible()
    first: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"first paint {first:.0f} ms")


def slider(page: Page, address: str) -> None:
    """Xihe, 30 days: the first comparison, then one more per step of the subsidy's slider."""
    page.get_by_label("Replications, exactly", exact=True).fill("10")
    began = time.monotonic()
    page.locator("[data-run]").click()
    state = page.locator(".progress")
    expect(state).to_have_attribute("data-state", "study", timeout=900_000)
    print(f"10 replications of both sides, 30 days, from nothing: {time.monotonic() - began:.0f} s")
    for _ in range(3):
        page.evaluate("for (const key of Object.keys(document.body.dataset)) delete document.body.dataset[key]")
        began = time.monotonic()
        page.locator('input[type=range][data-field="rate"]').press("ArrowRight")
        told: dict[str, Any] = {}
        while "picture1Whole" not in told:
            time.sleep(0.1)
            told = page.evaluate("({...document.body.dataset})")
        expect(state).to_have_attribute("data-state", "study", timeout=900_000)
        first, whole = (int(told.get(f"picture1{name}", 0)) / 1000 for name in ("First", "Whole"))
        rest = f"10 replications after {time.monotonic() - began:.0f} s; load {os.getloadavg()[0]:.1f}"
        print(f"slider: first days drawn after {first:.1f} s, all 30 days after {whole:.1f} s, {rest}")


if __name__ == "__main__":
    main()
