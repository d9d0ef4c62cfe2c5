"""What a page must know of a run besides what moves: places, roads, operators, stations, dates."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import yaml

from sim.livery import liveries
from sim.store import credit
from sim.text.catalogue import LOADER

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import StoredRun


def scene(run: StoredRun) -> dict[str, Any]:
    """Return the scene of a run as plain data; a place, an end of a road and a station are rows of ``places``."""
    written = yaml.load((run.folder / "scenario.yaml").read_text(encoding="utf-8"), Loader=LOADER)
    places = run.table("places")
    rows = {key: row for row, key in enumerate(places["place"])}
    name = str(run.manifest["scenario"])
    title = written.get("title") or {"zh": name, "en": name}
    return {
        "scenario": name,
        "title": title if isinstance(title, dict) else {"zh": title, "en": title},
        "credit": asdict(credit(run.manifest)),
        "seed": run.manifest["seed"],
        "start": str(run.manifest["start"]),
        "days": int(written["days"]),
        "warm_up_days": int(written["warm_up_days"]),
        "places": _places(places, rows),
        "operators": _operators(written.get("operators") or (), set(run.table("trips", ["operator"])["operator"])),
        "roads": _roads(run.table("paths"), rows),
        "stations": _stations(run.table("sites"), rows),
    }


def _places(places: pd.DataFrame, rows: dict[str, int]) -> dict[str, list[Any]]:
    remoteness = places["remoteness"].fillna("")
    return {
        "key": places["place"].tolist(),
        "tier": places["tier"].tolist(),
        "zh": places["name_zh"].tolist(),
        "en": places["name_en"].tolist(),
        "lon": [round(x, 6) for x in places["lon"].tolist()],
        "lat": [round(x, 6) for x in places["lat"].tolist()],
        "parent": [rows.get(key, -1) for key in places["parent"].fillna("").tolist()],
        "population": places["population"].tolist(),
        "remoteness": remoteness.tolist(),
        "synthetic": [int(x) for x in places["synthetic"].tolist()],
    }


def _operators(changes: Any, used: set[str]) -> dict[str, dict[str, str]]:
    """Return names and colours of operators by key."""
    painted = liveries(changes, sorted(used))
    return {key: {"zh": one.name.zh, "en": one.name.en, "colour": one.colour} for key, one in painted.items()}


def _roads(paths: pd.DataFrame, rows: dict[str, int]) -> list[list[int]]:
    pairs = {tuple(sorted((rows[a], rows[b]))) for a, b in zip(paths["from"], paths["to"], strict=True)}
    return [list(pair) for pair in sorted(pairs)]


def _stations(sites: pd.DataFrame, rows: dict[str, int]) -> list[list[Any]]:
    """Return [place, kind, first day, first day closed or null, opened by a lever] of stations and lockers."""
    own = sites[sites["kind"].isin(["station", "locker"])]
    closes = own["close_day"].astype(object).where(own["close_day"].notna(), None)
    levers = own["lever"].notna() & (own["lever"] != "")
    return [
        [rows[place], kind, int(begin), None if end is None else int(end), int(lever)]
        for place, kind, begin, end, lever in zip(own["place"], own["kind"], own["open_day"], closes, levers, strict=True)
    ]


MOST = 400
"""Stops of one place that are told."""


def history(run: StoredRun, place: str, day: int) -> dict[str, Any]:
    """Return what the tables say of one place: its stops on a day, what waited at midnights, who serves it how; {} where it is none."""
    places = run.table("places")
    if place not in set(places["place"]):
        return {}
    trips, stops, stock, services = (run.table(name) for name in ("trips", "stops", "stock", "services"))
    here = stops[(stops["place"] == place) & (stops["arrive_s"] // 86_400 == day)]
    here = here.merge(trips[["trip", "operator", "vehicle", "leg"]], on="trip")
    here = here.sort_values("arrive_s").head(MOST)
    waits = stock[(stock["place"] == place) & (stock["unit"] == "parcel")].groupby("time_s")["amount"].sum()
    served = services[(services["village"] == place) & (services["from_day"] <= day) & (services["to_day"] >= day)]
    columns = ["arrive_s", "depart_s", "operator", "vehicle", "leg", "unloaded", "loaded", "refused_no_space"]
    return {
        "stops": [{name: _plain(row[name]) for name in columns} for row in here[columns].to_dict("records")],
        "stock": [[int(time), int(n)] for time, n in zip(waits.index.to_numpy(), waits.to_numpy(), strict=True)],
        "services": [
            {"operator": row["operator"], "mode": row["mode"], "days": int(row["days_per_week"])} for row in served.to_dict("records")
        ],
    }


def _plain(value: Any) -> Any:
    return int(value) if hasattr(value, "item") else value
