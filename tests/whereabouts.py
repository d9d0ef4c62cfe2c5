"""Where vehicles are, said plainly: one trip after the other, one interval after the other, from the tables and docs/flow-rules.md."""

from __future__ import annotations

from typing import Any

from sim.store import StoredRun

Spot = tuple[float, float, int]
"""Longitude, latitude, parcels aboard."""


def whereabouts(run: StoredRun, t: int) -> dict[str, Spot]:
    """Return {vehicle: spot} at ``t`` seconds, what is nowhere left out."""
    places = run.table("places").set_index("place")
    spots = {key: (float(row["lon"]), float(row["lat"])) for key, row in places.iterrows()}
    repaired = {
        (int(event["trip"]), int(event["time_s"])): int(event["until_s"])
        for event in run.table("events").to_dict("records")
        if event["kind"] == "breakdown"
    }
    stops: dict[int, list[Any]] = {}
    for stop in run.table("stops").sort_values("order").to_dict("records"):
        stops.setdefault(int(stop["trip"]), []).append(stop)
    found = {}
    for trip in run.table("trips").dropna(subset=["vehicle", "load_s"]).sort_values("load_s").to_dict("records"):
        if trip["load_s"] <= t <= trip["free_s"]:
            found[str(trip["vehicle"])] = _spot(trip, stops.get(int(trip["trip"]), []), repaired, spots, t)
    return found


def _spot(trip: Any, stops: list[Any], repaired: dict[tuple[int, int], int], spots: dict[str, tuple[float, float]], t: int) -> Spot:
    aboard = int(trip["parcels"]) - sum(int(stop["loaded"]) for stop in stops)
    here, leaves = spots[trip["from_place"]], int(trip["depart_s"])
    for stop in stops:
        there, arrives = spots[stop["place"]], int(stop["arrive_s"])
        if t < leaves:
            return (*here, aboard)
        if t < arrives:
            return (*_between(here, there, (t - leaves) / (arrives - leaves)), aboard)
        aboard += int(stop["loaded"]) - int(stop["unloaded"])
        here, leaves = there, int(stop["depart_s"])
        # "then stands for repair_us after leaving stop k, drives home from there"
        leaves = repaired.get((int(trip["trip"]), leaves), leaves)
    home, back = spots[trip["from_place"]], int(trip["return_s"])
    if t >= back:
        return (*home, 0)
    return (*here, aboard) if t < leaves else (*_between(here, home, (t - leaves) / (back - leaves)), aboard)


def _between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def repairs(run: StoredRun) -> list[int]:
    """Return times at which a vehicle that broke down stands until it is repaired."""
    events = run.table("events")
    own = events[events["kind"] == "breakdown"]
    return [(int(begin) + int(end)) // 2 for begin, end in zip(own["time_s"], own["until_s"], strict=True)]
