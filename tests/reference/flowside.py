"""Run the fast flow on a case and set its records beside the reference's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.flow.flow import simulate
from sim.flow.inputs import Inputs
from sim.plan.plan import TRANSFER, Plan
from sim.schema.raw import NEVER, OUTCOMES, STAMPS, UP, DayRecord
from sim.units import DAY

from .case import Case
from .model import Result, Way
from .things import Parcel

FIELDS = {
    "parent": "parent", "visit": "visit", "place": "place", "household": "household", "weight_g": "weight", "volume_ml": "volume",
    "surcharge_fen": "surcharge", "operator": "operator", "last_mile": "last_mile", "township": "township", "direction": "direction",
    "outcome": "outcome", "kind": "kind", "attempts": "attempts", "missorted": "missorted", "missort": "missort", "lost": "lost",
    "to_post": "to_post",
}  # fmt: skip
STOP_FIELDS = ("order", "place", "arrive", "depart", "unloaded", "loaded", "refused", "aboard_g", "aboard_ml")
DUTY_FIELDS = ("day", "leg", "planned", "vehicle", "driver", "free", "load_g", "load_ml")
TRIP_FIELDS = ("day", "leg", "planned", "load", "depart", "back", "status", "metres", "parcels", "cut_g", "cut_ml")


class Collector:
    """A recorder that keeps everything."""

    def __init__(self) -> None:
        self.days: list[DayRecord] = []

    def plan(self, day: int, plan: Plan) -> None:
        """Take note of nothing."""

    def record(self, record: DayRecord) -> None:
        """Keep one day, as a copy: the flow may use its arrays again."""
        p, t, s, w, e = (np.array(a) for a in (record.parcels, record.trips, record.stops, record.shifts, record.events))
        self.days.append(DayRecord(record.day, p, t, s, w, e, record.created, record.open, np.array(record.rising)))


def recorded(case: Case, stop_when_empty: bool = False) -> list[DayRecord]:
    """Return what the flow hands on, day by day."""
    collector = Collector()
    simulate(
        Inputs(
            metres=case.metres, travel_us=case.travel_us, tier=case.tier, township=case.township, households=case.households,
            first_day=case.first_day, last_day=case.last_day, end_day=case.end_day, weekday0=case.weekday0, plan_of=case.plan_of,
            orders_of=case.orders_of, breaks=case.breaks, closed=case.closed, stop_when_empty=stop_when_empty,
            shipments_of=case.shipments_of,
        ),
        collector,
    )  # fmt: skip
    return collector.days


def fast(days: list[DayRecord]) -> tuple[dict[int, dict[str, int]], list[tuple[int, ...]]]:
    """Return the flow's parcels by key and its sorted trips."""
    parcels: dict[int, dict[str, int]] = {}
    for day in days:
        for row in day.parcels:
            key = int(row["key"])
            assert key not in parcels, f"parcel {key} was recorded twice"
            parcels[key] = {name: int(row[name]) for name in (*FIELDS, *STAMPS)}
    trips = sorted(tuple(int(t[name]) for name in TRIP_FIELDS) for day in days for t in day.trips)
    return parcels, trips


def made_stops(days: list[DayRecord]) -> list[Way]:
    """Return the flow's stops, trip by trip, each trip's beside the trip where it was over, sorted."""
    told = {int(t["trip"]): tuple(int(t[name]) for name in TRIP_FIELDS) for day in days for t in day.trips}
    ways: dict[int, list[tuple[int, ...]]] = {}
    for day in days:
        for stop in day.stops:
            ways.setdefault(int(stop["trip"]), []).append(tuple(int(stop[name]) for name in STOP_FIELDS))
    return sorted((told.get(trip, ()), tuple(way)) for trip, way in ways.items())


def duties(days: list[DayRecord]) -> list[tuple[int, ...]]:
    """Return who drove each of the flow's trips, when it was free, and the most that was aboard; transfers have no vehicle."""
    return [tuple(int(t[name]) for name in DUTY_FIELDS) for day in days for t in day.trips if t["leg"] != TRANSFER]


def plain(p: Parcel) -> dict[str, int]:
    """Return a reference parcel in the flow's columns; the household of a parcel going up is its lot."""
    columns = {name: int(getattr(p, own)) for name, own in FIELDS.items()} | {name: p.at[name] for name in STAMPS}
    return columns | ({"household": p.lot} if p.direction == UP else {})


def differences(case: Case, result: Result) -> list[str]:
    """Return what differs, the earliest first: one line per parcel or trip, then the first parcel's two lives."""
    days = recorded(case)
    parcels, trips = fast(days)
    wrong: list[tuple[int, str, Parcel | None]] = []
    for key, p in result.parcels.items():
        if key not in parcels:
            wrong.append((p.created, f"parcel {key} is missing in the flow", p))
            continue
        ours, theirs = plain(p), parcels[key]
        off = [name for name in ours if ours[name] != theirs[name]]
        if off:
            times = [abs(t) for name in off if name in STAMPS for t in (ours[name], theirs[name]) if abs(t) < 2**60]
            wrong.append((min(times, default=2**60), f"parcel {key}: {[(n, ours[n], theirs[n]) for n in off]}", p))
    wrong += [(d["created"], f"parcel {key} is only in the flow", None) for key, d in parcels.items() if key not in result.parcels]
    lines = [f"{len(wrong)} parcels of {len(result.parcels)} differ (name, reference, flow)"] if wrong else []
    for _, text, who in sorted(wrong, key=lambda w: w[0])[:3]:
        lines.append(text)
        if who is not None:
            lines += life(who, parcels.get(who.key))
    lines += unlike(f"trips {TRIP_FIELDS}", result.trips, trips)
    lines += unlike(f"duties {DUTY_FIELDS}", result.duties, duties(days))
    lines += unlike(f"stops of a trip {STOP_FIELDS}", result.ways, made_stops(days))
    return lines + [line for day in days for line in still_rising(day, result)]


def still_rising(record: DayRecord, result: Result) -> list[str]:
    """Return what is wrong with the parcels that the flow calls on their way up inside the county at a day's end.

    They are those that have been taken in and not rejected, and that no evening trunk has begun to load; with all stamps until then.
    """
    midnight = (record.day + 1) * DAY
    ours = {key: p for key, p in result.parcels.items() if p.direction == UP and p.sent < midnight <= p.boards}
    theirs = {int(row["key"]): row for row in record.rising}
    lines = [f"day {record.day}: {key} is on its way up only in one of them" for key in sorted(ours.keys() ^ theirs.keys())]
    for key in sorted(ours.keys() & theirs.keys()):
        pairs = [(name, ours[key].at[name], int(theirs[key][name])) for name in STAMPS]
        off = [(name, a, b) for name, a, b in pairs if (a if a < midnight else NEVER) != (b if b < midnight else NEVER)]
        lines += [f"day {record.day}: {key} on its way up {off}"] if off else []
    return lines[:3]


def unlike(what: str, ours: Sequence[object], theirs: Sequence[object]) -> list[str]:
    """Return what only one of two lists holds, with repeats counted; nothing where they hold the same."""
    a, b = Counter(ours), Counter(theirs)
    lines = [f"  only in the reference: {row}" for row in list((a - b).elements())[:5]]
    lines += [f"  only in the flow:      {row}" for row in list((b - a).elements())[:5]]
    return [what, *lines] if lines else []


def life(p: Parcel, other: dict[str, Any] | None) -> list[str]:
    """Return both lives of a parcel, stamp by stamp, and the reference's diary."""
    lines = [f"  operator {p.operator} place {p.place} township {p.township} {p.weight} g {p.volume} ml, {OUTCOMES[p.outcome]}"]
    for name in STAMPS:
        theirs = other[name] if other else "-"
        lines.append(f"    {name:12} {p.at[name]:>22} {theirs:>22}{'' if p.at[name] == theirs else '  <--'}")
    return lines + [f"    {entry}" for entry in p.diary]
