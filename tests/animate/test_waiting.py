"""What waits on the map is what the tables say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.animate.daylight import darkness
from sim.animate.scene import Scene, scene
from sim.animate.waiting import DAY_S, at_any_time, at_midnight
from sim.store import StoredRun, open_run
from tests.run.small import scenario

PLACES = {"town": 0, "village": 1}


def test_just_before_midnight_there_waits_what_the_table_of_stock_holds(run: StoredRun, shown: Scene) -> None:
    rows = {key: row for row, key in enumerate(run.table("places")["place"])}
    stock = at_midnight(run.table("stock"), rows)
    assert shown.exact
    seen = 0
    for day in range(-2, 5):
        assert shown.waiting(day * DAY_S - 1).tolist() == stock(day * DAY_S).tolist()
        seen += int(stock(day * DAY_S).sum())
    assert seen > 100


def test_a_parcel_waits_from_ready_to_ended_where_it_got_to() -> None:
    parcels = pd.DataFrame(
        {
            "direction": ["down", "down", "back", "down"],
            "village": ["village"] * 4,
            "township": ["town"] * 4,
            "village_in_s": pd.array([100, None, 100, None], "Int64"),
            "ready_s": pd.array([100, 200, 100, None], "Int64"),
            "finished_s": pd.array([300, None, 300, None], "Int64"),
        }
    )
    count = at_any_time(parcels, PLACES)
    assert [count(t).tolist() for t in (99, 100, 250, 300)] == [[0, 0], [0, 1], [1, 1], [1, 0]]


def test_a_run_with_a_sample_of_its_parcels_shows_what_waited_at_the_last_midnight(tmp_path: Path) -> None:
    sim.run(scenario(days=3, warm_up=3), seed=1, out=tmp_path / "run", sample=0.1)
    part = open_run(tmp_path / "run")
    shown = scene(part)
    held = part.table("stock")
    at_noon = held[(held["time_s"] == DAY_S) & (held["unit"] == "parcel")]["amount"].sum()
    assert not shown.exact
    assert shown.waiting(1.5 * DAY_S).sum() == at_noon > 0


@pytest.mark.parametrize(("day", "hour", "dark"), [(date(2021, 6, 21), 12, 0.0), (date(2021, 6, 21), 0, 1.0), (date(2021, 12, 21), 18.5, 1.0), (date(2021, 6, 21), 18.5, 0.0)])  # fmt: skip  # noqa: E501
def test_it_is_dark_at_night_and_earlier_in_winter(day: date, hour: float, dark: float) -> None:
    assert darkness(day, hour, 120.0, 34.0) == dark


def test_dusk_comes_later_in_the_west_of_the_one_time_zone() -> None:
    assert darkness(date(2021, 3, 20), 18.2, 120.0, 34.0) > darkness(date(2021, 3, 20), 18.2, 90.0, 34.0)


def test_events_last_from_their_begin_to_their_end(run: StoredRun, shown: Scene) -> None:
    events = run.table("events")
    broken = events[events["kind"] == "breakdown"]
    assert len(broken) > 3
    keys = run.table("places")["place"].to_numpy()
    for event in broken.head(10).itertuples():
        assert event.place in keys[shown.breakdowns.at(event.time_s)]
        assert int(np.sum((shown.breakdowns.begin == event.time_s) & (shown.breakdowns.end == event.until_s))) >= 1
    alone = broken.iloc[0]
    assert alone["place"] not in keys[shown.breakdowns.at(float(broken["until_s"].max()) + 1)]
