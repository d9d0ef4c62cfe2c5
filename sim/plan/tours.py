"""Plan tours over places: loads into a routing instance, large or far places onto routes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np

from sim.plan.frame import Frame
from sim.plan.routes import Instance, solve
from sim.units import HOUR, SECOND
from sim.world.world import Floats, Ints


@dataclass(frozen=True)
class Load:
    """What one departure brings to a place: parcels; fixed time there; loading and unloading time of a parcel."""

    place: int
    parcels: float
    fixed_us: int
    piece_us: int


@dataclass(frozen=True)
class Vehicle:
    """Where tours start, the VEHICLES code, what is fixed about a tour (loading, pick-ups), the share of a vehicle from which a
    place gets its own route."""

    depot: int
    kind: int
    fixed_us: int
    own_share: float


@dataclass(frozen=True)
class Tour:
    """Places in the order of the stops; ``own``: a single place that may need several trips a day."""

    places: tuple[int, ...]
    own: bool = False


def tour_us(f: Frame) -> int:
    """Return the longest planned tour, loading included."""
    return round(f.parameters.fleet.tour_hours_max * HOUR)


def trip_parcels(f: Frame, vehicle: Vehicle, load: Load) -> float:
    """Return how many parcels one trip to a place is planned to carry: by weight, by volume and by time.

    At least half of a tour's time is for loading and unloading, however far the place is.
    """
    return float(_trip_parcels(f, vehicle, *(np.array([x]) for x in (load.place, load.fixed_us, load.piece_us)))[0])


def _trip_parcels(f: Frame, vehicle: Vehicle, places: Ints, fixed_us: Ints, piece_us: Ints) -> Floats:
    """Return the same for several places."""
    travel, longest = f.world.places.travel_us, tour_us(f)
    way = travel[vehicle.depot, places].astype(np.int64) + travel[places, vehicle.depot] + fixed_us + vehicle.fixed_us
    by_time = np.maximum(longest - way, longest // 2) / np.maximum(piece_us, 1)
    by_room = min(f.capacity_g[vehicle.kind] / f.expected.gram, f.capacity_ml[vehicle.kind] / f.expected.millilitre)
    parcels: Floats = np.maximum(np.minimum(by_time, by_room) / f.parameters.timetable.demand_margin, 1.0)
    return parcels


def trips_for(f: Frame, vehicle: Vehicle, load: Load, parcels: float) -> int:
    """Return how many trips some parcels for a place need, at least one."""
    return max(1, ceil(parcels / trip_parcels(f, vehicle, load) - 1e-9))


def plan_tours(f: Frame, vehicle: Vehicle, loads: list[Load]) -> list[Tour]:
    """Return the tours that bring the loads: own routes first, then what the solver joins."""
    columns = np.array([(x.place, x.fixed_us, x.piece_us) for x in loads], np.int64).reshape(-1, 3)
    places, fixed, piece = columns[:, 0], columns[:, 1], columns[:, 2]
    rows = np.append(np.int64(vehicle.depot), places)
    seconds = -(-f.world.places.travel_us[rows[:, None], rows] // SECOND)
    expected = np.array([load.parcels for load in loads], np.float64)
    parcels = expected * f.parameters.timetable.demand_margin
    service = np.ceil((fixed + parcels * piece) / SECOND).astype(np.int64)
    max_s = (tour_us(f) - vehicle.fixed_us) // SECOND
    too_full = expected / _trip_parcels(f, vehicle, places, fixed, piece) > vehicle.own_share
    alone = too_full | (seconds[0, 1:] + seconds[1:, 0] + service > max_s)
    own = [Tour((load.place,), True) for load, is_own in zip(loads, alone.tolist(), strict=True) if is_own]
    rest = (np.flatnonzero(~alone) + 1).tolist()
    at = np.array([0, *rest], dtype=np.int64)
    inside = at[1:] - 1
    instance = Instance(
        metres=f.world.places.metres[rows[at][:, None], rows[at]].astype(np.int64),
        seconds=seconds[at[:, None], at],
        grams=np.ceil(parcels[inside] * f.expected.gram).astype(np.int64),
        millilitres=np.ceil(parcels[inside] * f.expected.millilitre).astype(np.int64),
        service_s=service[inside],
        capacity_g=int(f.capacity_g[vehicle.kind]),
        capacity_ml=int(f.capacity_ml[vehicle.kind]),
        max_s=max_s,
        iterations=f.parameters.timetable.route_iterations,
    )
    tours = [sooner(instance, parcels[inside], tour) for tour in solve(instance)]
    return own + [Tour(tuple(loads[rest[i] - 1].place for i in tour)) for tour in tours]


def sooner(instance: Instance, parcels: Floats, tour: tuple[int, ...]) -> tuple[int, ...]:
    """Return a tour in the direction that brings parcels sooner, where both are equally long: the solver's own one is chance."""
    ways = (tour, tour[::-1])
    if len({(_length(instance.metres, way), _length(instance.seconds, way)) for way in ways}) > 1:
        return tour
    return min(ways, key=lambda way: (_parcel_seconds(instance, parcels, way), way))


def _length(matrix: Ints, tour: tuple[int, ...]) -> int:
    return sum(int(matrix[a, b]) for a, b in pairwise([0, *(i + 1 for i in tour), 0]))


def _parcel_seconds(instance: Instance, parcels: Floats, tour: tuple[int, ...]) -> float:
    """Return the seconds from departure to the end of unloading, summed over all parcels."""
    clock, here, total = 0, 0, 0.0
    for i in tour:
        clock += int(instance.seconds[here, i + 1]) + int(instance.service_s[i])
        here, total = i + 1, total + clock * float(parcels[i])
    return total


def leg_us(f: Frame, a: int, b: int) -> int:
    """Return the driving time between two stops; between two sites of one place it is the gap."""
    if a != b:
        return int(f.world.places.travel_us[a, b])
    return f.times.seat_gap_us if a == 0 else f.times.township_gap_us


def way_us(f: Frame, origin: int, places: list[int]) -> int:
    """Return the planned driving time of a trip over stops and home."""
    return sum(leg_us(f, a, b) for a, b in pairwise([origin, *places, origin]))
