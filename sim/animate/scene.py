"""Gather from a run's own tables what its animation shows; nothing is in it that no table holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.animate.waiting import Count, waiting, whole
from sim.livery import Livery, liveries
from sim.store import credit
from sim.text import Words
from sim.tracks import Floats, Ints, Tracks, tracks

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import StoredRun

Names = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Event:
    """Breakdowns or closed places: begin and end in seconds (k,), rows of ``places`` (k,)."""

    begin: Floats
    end: Floats
    place: Ints

    def at(self, t: float) -> Ints:
        """Return the places where one lasts at a time."""
        return self.place[(self.begin <= t) & (t < self.end)]


@dataclass(frozen=True)
class Scene:
    """A county with n places and k tracks, ready to be drawn at any time.

    ``operator`` and ``kind`` (k,) are those of the tracks' trips; ``roads`` (m, 2) are pairs of places that a path joins, without bends.
    ``exact`` says whether what waits is known at every instant, not only at midnight.
    """

    title: Words
    county: Words
    credit: Words
    start: date
    first_day: int
    last_day: int
    tier: Names
    name_zh: Names
    name_en: Names
    lon: Floats
    lat: Floats
    synthetic: npt.NDArray[np.bool_]
    roads: Ints
    track: Tracks
    operator: Names
    kind: Names
    operators: Mapping[str, Livery]
    waiting: Count
    exact: bool
    breakdowns: Event
    closures: Event

    def names(self, lang: str) -> list[str]:
        """Return the places' names; where no English one is known, the Chinese one."""
        return [en if lang == "en" and en else zh for zh, en in zip(self.name_zh.tolist(), self.name_en.tolist(), strict=True)]


def scene(run: StoredRun) -> Scene:
    """Return the scene of a run."""
    import yaml

    written = yaml.safe_load((run.folder / "scenario.yaml").read_text(encoding="utf-8"))
    places, trips, events = run.table("places"), run.table("trips"), run.table("events")
    keys = places["place"].tolist()
    rows = {key: row for row, key in enumerate(keys)}
    track = tracks(trips, run.table("stops"), events, keys)
    own = trips.iloc[track.row]
    used = sorted(set(own["operator"]))
    painted = liveries(written.get("operators") or (), used)
    title, name = written.get("title"), str(run.manifest["scenario"])
    seat = places[places["tier"] == "county"].iloc[0]
    paths = run.table("paths")
    return Scene(
        title=Words(**title) if isinstance(title, dict) else Words(title or name, title or name),
        county=Words(str(seat["name_zh"]), str(seat["name_en"] or seat["name_zh"])),
        credit=credit(run.manifest),
        start=date.fromisoformat(run.manifest["start"]),
        first_day=int(run.manifest["window"]["first_day"]),
        last_day=int(run.manifest["window"]["last_day"]),
        tier=_texts(places["tier"]),
        name_zh=_texts(places["name_zh"]),
        name_en=_texts(places["name_en"]),
        lon=places["lon"].to_numpy(np.float64),
        lat=places["lat"].to_numpy(np.float64),
        synthetic=places["synthetic"].to_numpy(np.bool_),
        roads=np.unique(np.sort(_pairs(paths, rows), axis=1), axis=0),
        track=track,
        operator=_texts(own["operator"]),
        kind=_texts(own["vehicle_type"]),
        operators={key: painted[key] for key in used},
        waiting=waiting(run, rows),
        exact=whole(run),
        breakdowns=_events(events, "breakdown", rows),
        closures=_events(events, "closure", rows),
    )


def _pairs(paths: pd.DataFrame, rows: Mapping[str, int]) -> Ints:
    return np.stack([paths[end].map(rows).to_numpy(np.int64) for end in ("from", "to")], axis=1)


def _texts(column: pd.Series[Any]) -> Names:
    return np.array(column.astype(object).fillna("").tolist(), dtype=np.str_)


def _events(events: pd.DataFrame, kind: str, rows: Mapping[str, int]) -> Event:
    own = events[(events["kind"] == kind) & events["place"].notna()]
    begin, end = (own[name].to_numpy(np.float64, na_value=np.inf) for name in ("time_s", "until_s"))
    return Event(begin, end, np.asarray(own["place"].map(rows), np.int64))
