"""What moves on the page moves as the tables say, and on both maps at the same moment."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.store import open_run
from tests.web.browse import LONG, Page, seen_time, show_study
from tests.web.conftest import CHROMIUM, Served
from tests.whereabouts import whereabouts

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]

SAMPLE = """seconds => new Promise((done) => {
  const begin = performance.now(), seen = [];
  const look = (now) => {
    seen.push([guantong.clock().t, ...guantong.moments()]);
    if (now - begin < 1000 * seconds) requestAnimationFrame(look); else done(seen);
  };
  requestAnimationFrame(look);
})"""
"""What the clock and the two maps show at every frame."""


def show_run(page: Page, number: int) -> Any:
    """Open the single run of a seed from the list of results."""
    shown = page.open()
    shown.locator("#tab-results").click()
    shown.locator(".results li").filter(has_text=f"run/baseline/{number}").locator("button").click()
    sync_api.expect(shown.locator(".map canvas.moving")).to_have_count(1, timeout=LONG)
    return shown


def changed(folder: Path) -> tuple[Path, str, tuple[int, int]]:
    """Copy a run and let one vehicle take half the time to one stop; return the copy, the vehicle, and two times on its way there."""
    run = open_run(folder)
    trips, stops = run.table("trips").set_index("trip"), run.table("stops")
    first = stops[(stops["order"] == 0) & (stops["arrive_s"] > 0)]
    way = first["arrive_s"] - trips.loc[first["trip"], "depart_s"].to_numpy()
    row = int(way.idxmax())
    trip, half = int(stops.at[row, "trip"]), int(way[row]) // 2
    copy = folder.with_name("9")
    shutil.copytree(folder, copy)
    table = pq.read_table(copy / "stops.parquet")
    at = table.column_names.index("arrive_s")
    times = table.column("arrive_s").to_pylist()
    times[row] -= half
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(times, table.schema.field(at).type)), copy / "stops.parquet")
    return copy, str(trips.at[trip, "vehicle"]), (times[row] - half // 2, times[row])


def test_another_time_of_one_stop_in_the_table_moves_its_dot_and_no_other(opened: Any, served: Served) -> None:
    folder = served.root / "run" / "baseline" / "3"
    copy, vehicle, times = changed(folder)
    try:
        seen = {}
        for number, source in ((3, folder), (9, copy)):
            shown = show_run(opened("en", reduced_motion="reduce"), number)
            for at in times:
                seen_time(shown, at)
                seen[number, at] = {entry[0]: entry[1:] for entry in shown.evaluate("guantong.drawn(0)")}
                told = whereabouts(open_run(source), at)
                drawn = {key: tuple(spot[:3]) for key, spot in seen[number, at].items()}
                assert drawn == {key: (pytest.approx(x, abs=2e-6), pytest.approx(y, abs=2e-6), n) for key, (x, y, n) in told.items()}
        for at in times:
            before, after = seen[3, at], seen[9, at]
            pixels = [spot[vehicle][3:5] for spot in (before, after)]
            assert max(abs(a - b) for a, b in zip(*pixels, strict=True)) > 2
            assert before.keys() == after.keys()
            assert {key for key in before if before[key] != after[key]} == {vehicle}
    finally:
        shutil.rmtree(copy)


def test_the_two_maps_show_one_moment_while_playing_scrubbing_and_changing_speed(opened: Any) -> None:
    shown = show_study(opened("en", reduced_motion="reduce"))
    seen_time(shown, 30_000)
    speed = shown.locator(".controls select").first
    shown.locator(".play").click()
    frames = shown.evaluate(SAMPLE, 1)
    for value in ("300", "10800", "3600"):
        speed.select_option(value)
        frames += shown.evaluate(SAMPLE, 0.5)
    scrub = shown.locator(".scrub")
    for at in (90_000, 20_040, 120_000):
        scrub.fill(str(at))
        scrubbed = shown.evaluate(SAMPLE, 0.3)
        assert all(abs(t - at) < 3 * 3600 for t, *_ in scrubbed)
        frames += scrubbed
    shown.locator(".play").click()
    for label in ("One hour on", "One hour back"):
        shown.get_by_label(label).click()
        frames += shown.evaluate(SAMPLE, 0.1)
    assert len(frames) > 20
    assert len({t for t, *_ in frames}) > 10
    assert all(left == right == t for t, left, right in frames)
