"""What operates on a day: queues, shelves, routes and trips, all as arrays the flow can execute.

Ids that never change while a world has k operators, m townships and n places
    queue  0..k-1 dock of the operator that leads the dock group; k..2k-1 sorting likewise;
           2k + t*k + g the township outlet of township t led by operator g.
    store  3*p + 0 shelf, 3*p + 1 locker, 3*p + 2 overflow of place p; 3*n + t*k + g the pick-up shelf of outlet (t, g).
Ids that belong to one plan
    route, stop (all routes' stops one after another), wait (waiting lists: 0..R-1 are the routes' origins, then stops').

All clock times are microseconds from midnight; a plan is in force from its plan time to the next plan's.
The exact rules of execution are docs/flow-rules.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.schema.parameters import Fleet
from sim.world.world import Bools, Bytes, Floats, Int8s, Int16s, Int32s, Ints

LEGS = ("trunk", "line", "round", "feeder", "transfer")
"""``trunk`` here is the evening truck out; the trucks in are waves, not planned trips."""
TRUNK_OUT, LINE, ROUND, FEEDER, TRANSFER = range(5)

VEHICLES = ("truck", "van", "trunk_truck")


def litres_km(fleet: Fleet) -> Floats:
    """Return the fuel that each of VEHICLES takes, l/km; trunk trucks drive outside the county and are not counted."""
    return np.array([fleet.truck_fuel_l_km, fleet.van_fuel_l_km, 0.0])


SHELF, LOCKER, OVERFLOW, DOOR = 1, 2, 3, 4
"""Cascade codes: kinds of hand-over tried in turn at a place; 0 ends the cascade."""


@dataclass(frozen=True)
class Queues:
    """q rows. Windows (q, 2, 2): up to two shifts as [open, close) times of day, close == open where unused."""

    stations: Int32s
    service_us: Ints
    windows: Ints
    overtime_us: Ints


@dataclass(frozen=True)
class Routes:
    """r rows. ``first[i]:first[i+1]`` are a route's stops. ``origin`` is the place a route starts and ends at;
    ``home_queue`` (-1: none) is the queue that takes what the vehicle brings back. ``owner`` runs and pays it;
    ``group`` lists nothing but says who may load: a parcel's own lookup decides."""

    leg: Int8s
    owner: Int16s
    origin: Int32s
    home_queue: Int32s
    first: Int32s
    tier: Int8s


@dataclass(frozen=True)
class Stops:
    """s rows, all routes one after another. ``place`` is where; ``queue`` >= 0: parcels getting off enter that
    queue, -1: they are handed over by the place's cascade, -2: nobody gets off (pick-up only).
    ``wait`` is the waiting list loaded here, -1: none."""

    place: Int32s
    queue: Int32s
    wait: Int32s
    route: Int32s


@dataclass(frozen=True)
class Trips:
    """t rows of the daily timetable, sorted by (departs_us, key). ``days`` bits: Monday = 1."""

    key: tuple[str, ...]
    route: Int32s
    vehicle: Int32s
    driver: Int32s
    departs_us: Ints
    days: Bytes


@dataclass(frozen=True)
class Lookup:
    """Where a parcel goes next, by (operator, place) (k, n) or (operator, township) (k, m); -1: nowhere.

    ``sort_queue`` (k,), ``dock_queue`` (k,), ``dock_wait``/``dock_stop`` (k,): waiting list and stop of the feeder from dock to
    sorting, -1: same site, by hand-over time. ``line_wait``/``line_stop`` (k, m): waiting list after sorting, and the stop where
    the parcel gets off. ``handle_queue`` (k, m). ``round_wait``/``round_stop`` (k, n). ``mode`` (k, n): world MODES code.
    ``back_line_wait`` (k, m): list in which a return waits for the line at the township. ``out_wait`` (k,): list of the evening
    trunk. ``outlet_store`` (k, m): pick-up shelf. ``surcharge_fen`` (k, n): second fee for a hand-over at the township.
    ``last_mile`` (k, n): operator row that hands over when the mode is TO_VILLAGE (a pool's lead, else itself). ``place_wait`` (k, n):
    list in which an operator's parcels going up (and returns) wait in a place; None: those of its rounds' own stops.
    """

    dock_queue: Int32s
    dock_wait: Int32s
    dock_stop: Int32s
    sort_queue: Int32s
    line_wait: Int32s
    line_stop: Int32s
    handle_queue: Int32s
    round_wait: Int32s
    round_stop: Int32s
    mode: Int8s
    back_line_wait: Int32s
    out_wait: Int32s
    outlet_store: Int32s
    surcharge_fen: Int32s
    last_mile: Int16s
    place_wait: Int32s | None = None


@dataclass(frozen=True)
class Stores:
    """All stores, 3*n + m*k rows. ``capacity_ml`` (-1: no limit); ``doors`` (x, 3) for lockers, ``door_ml`` (3,);
    ``opens_us``/``closes_us``: hours in which a visit can happen (0 and DAY: always)."""

    capacity_ml: Ints
    doors: Int16s
    door_ml: Ints
    opens_us: Ints
    closes_us: Ints


@dataclass(frozen=True)
class Times:
    """Durations of the flow's steps, microseconds."""

    plan_us: int
    handover_us: int
    post_handover_us: int
    recheck_us: int
    load_fixed_us: int
    load_piece_us: int
    window_us: int
    stop_fixed_us: int
    stop_piece_us: int
    door_piece_us: int
    rest_us: int
    holding_us: int
    reminder_us: int
    repair_us: int
    seat_gap_m: int
    seat_gap_us: int
    township_gap_m: int
    township_gap_us: int
    max_attempts: int


@dataclass(frozen=True)
class Resources:
    """What a plan keeps ready and must be paid for, whoever uses it: rows for the ledger.

    ``people``: (operator row, site, role, place, count, opens_us, closes_us, days) paid blocks per day;
    ``floors``: (operator row, site, activity, place, m2); ``overheads``: (operator row, activity, share of a day's overhead);
    ``vehicles``: (vehicle row, operator row, vehicle type) owned. Operator rows are leads of the pool where pooled.
    """

    people: tuple[tuple[int, str, str, int, int, int, int, int], ...] = ()
    floors: tuple[tuple[int, str, str, int, float], ...] = ()
    overheads: tuple[tuple[int, str, float], ...] = ()


@dataclass(frozen=True)
class Plan:
    """One day's plan; equal inputs give an equal plan.

    ``post`` is the operator row of the post (-1: none). ``wave_us`` (k, 2) are the arrivals of the trunk trucks, negative
    where there is no second. ``capacity_g``/``capacity_ml`` are indexed by VEHICLES; ``cascade`` (n, 4) by place.
    """

    operators: int
    townships: int
    places: int
    post: int
    wave_us: Ints
    queues: Queues
    routes: Routes
    stops: Stops
    trips: Trips
    vehicle_key: tuple[str, ...]
    vehicle_type: Int8s
    vehicle_owner: Int16s
    driver_key: tuple[str, ...]
    driver_owner: Int16s
    capacity_g: Ints
    capacity_ml: Ints
    lookup: Lookup
    stores: Stores
    cascade: Int8s
    times: Times
    resources: Resources = field(default_factory=Resources)

    def place_waits(self) -> Int32s:
        """Return the list in which what an operator takes up waits in a place (k, n), -1: none is loaded there."""
        if self.lookup.place_wait is not None:
            return self.lookup.place_wait
        stop, waits = self.lookup.round_stop, np.append(self.stops.wait, -1)
        lists: Int32s = waits[np.where(stop >= 0, stop, len(waits) - 1)].astype(np.int32)
        return lists

    @cached_property
    def collects(self) -> Bools:
        """Return on which routes parcels are only picked up for home, (r,): those of the afternoon collection."""
        picks = np.bincount(self.stops.route, self.stops.queue == -2, len(self.routes.leg))
        only: Bools = (picks == np.diff(self.routes.first)) & (picks > 0)
        return only

    @cached_property
    def vehicle_legs(self) -> list[dict[tuple[int, bool], float]]:
        """Return, for each vehicle, the share of its weekly trips by leg and whether they collect; an idle one counts as a line's."""
        counts: list[dict[tuple[int, bool], float]] = [{} for _ in self.vehicle_key]
        legs = list(zip(self.routes.leg.tolist(), self.collects.tolist(), strict=True))
        for route, vehicle, days in zip(self.trips.route.tolist(), self.trips.vehicle.tolist(), self.trips.days.tolist(), strict=True):
            if vehicle >= 0:
                own, leg = counts[vehicle], legs[route]
                own[leg] = own.get(leg, 0.0) + int(days).bit_count()
        whole = [sum(own.values()) for own in counts]
        return [
            {leg: n / every for leg, n in own.items()} if every else {(LINE, False): 1.0} for own, every in zip(counts, whole, strict=True)
        ]

    def handle_queue(self, township: int, lead: int) -> int:
        """Return the queue id of an outlet."""
        return 2 * self.operators + township * self.operators + lead

    def outlet_store(self, township: int, lead: int) -> int:
        """Return the store id of an outlet's pick-up shelf."""
        return 3 * self.places + township * self.operators + lead


__all__ = ["Bools", "Plan", "Queues", "Routes", "Stops", "Trips", "Lookup", "Stores", "Times", "Resources", "np"]
