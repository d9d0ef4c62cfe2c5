"""Give every planned departure a vehicle and a driver: bins filled in order of departure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sim.plan.plan import Times
from sim.units import DAY, HOUR, MINUTE
from sim.world.world import Ints

DRIVER_DAY_US = 8 * HOUR
"""Planned work of a driver who takes more than one trip a day."""
WEEKDAYS = tuple(tuple(d for d in range(7) if days >> d & 1) for days in range(128))
"""The weekdays of some days as bits."""
DELAY_MAX_US = 2 * HOUR
"""The only trip of a route may leave so much later than its time, so that a driver takes it after another one (assumption)."""


@dataclass(frozen=True)
class Run:
    """One departure of a route. ``load_us`` and ``tour_us`` are its planned loading and way; ``fleet`` and ``crew`` name
    the bins its vehicle and driver come from, ``owner`` and ``employer`` their operator rows; ``patient``: may leave later."""

    key: str
    route: int
    departs_us: int
    days: int
    load_us: int
    tour_us: int
    kind: int
    base: int
    fleet: str
    owner: int
    crew: str
    employer: int
    patient: bool = False

    def begin(self, times: Times) -> int:
        """Return when its loading can begin."""
        return self.departs_us - times.window_us

    def end(self, times: Times) -> int:
        """Return when it is planned to be over."""
        return max(self.departs_us, self.begin(times) + self.load_us) + self.tour_us


@dataclass(eq=False)
class Bin:
    """A vehicle or a driver and its busy times: (begin, end, days, base)."""

    name: str
    owner: int
    kind: int
    busy: list[tuple[int, int, int, int]] = field(default_factory=list)
    work: list[int] = field(default_factory=lambda: [0] * 7)
    bases: set[int] = field(default_factory=set)
    most_us: int = 0
    """Planned work on its busiest day."""

    def take(self, begin: int, end: int, days: int, base: int) -> None:
        """Be busy from ``begin`` to ``end`` on some weekdays."""
        self.busy.append((begin, end, days, base))
        self.bases.add(base)
        for d in WEEKDAYS[days]:
            self.work[d] += end - begin
        self.most_us = max(self.work)

    def wait(self, begin: int, end: int, days: int, base: int, rest_us: int, travel_us: Ints) -> int:
        """Return how much later than ``begin`` it is free for good, 0 where it is free for the whole time."""
        late = 0
        for b, e, other, at in self.busy:
            if other & days:
                way = rest_us + int(travel_us[at, base])
                if begin < e + way and b < end + way:
                    late = max(late, e + way - begin)
        return late

    def hours(self, days: int) -> int:
        """Return its planned work on the busiest day of ``days``, microseconds."""
        return self.most_us if days == 127 else max([self.work[d] for d in WEEKDAYS[days]])


@dataclass(frozen=True)
class Fleet:
    """The departures with their vehicle and driver numbers, and the vehicles and drivers themselves."""

    runs: tuple[Run, ...]
    vehicle: tuple[int, ...]
    driver: tuple[int, ...]
    vehicles: tuple[Bin, ...]
    drivers: tuple[Bin, ...]


Trips = tuple[Run, ...]
Crewed = tuple[tuple[tuple[Run, int], ...], list[Bin]]
"""Trips with the number of the driver or vehicle of each, and these."""
Known = dict[str, tuple[Trips, Crewed]]
"""By name: the trips of a crew or fleet, and who takes them."""


@dataclass
class Manned:
    """The crews and fleets of the plan made last, by name: who has the same trips gets the same of them."""

    crews: Known = field(default_factory=dict)
    fleets: Known = field(default_factory=dict)


def man(runs: list[Run], times: Times, travel_us: Ints, last: Manned | None = None) -> Fleet:
    """Return the fleet: drivers first (a patient trip may be put off for them), then vehicles.

    ``last`` are those of a plan with the same times and ways; those of this one take their place.
    """
    last = last or Manned()
    last.crews = _anew(last.crews, _grouped(runs, "crew"), lambda trips: _crew(trips, times, travel_us))
    final = [run for _, (trips, _) in last.crews.values() for run, _ in trips]
    last.fleets = _anew(last.fleets, _grouped(final, "fleet"), lambda trips: _fleet(trips, times, travel_us))
    (driver, drivers), (vehicle, vehicles) = _numbered(last.crews), _numbered(last.fleets)
    final.sort(key=lambda r: (r.departs_us, r.key))
    return Fleet(tuple(final), tuple(vehicle[r.key] for r in final), tuple(driver[r.key] for r in final), vehicles, drivers)


def _grouped(runs: list[Run], name: str) -> dict[str, Trips]:
    """Return trips by crew or fleet, in order of departure."""
    groups: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda r: (r.departs_us, r.key)):
        groups.setdefault(getattr(run, name), []).append(run)
    return {own: tuple(groups[own]) for own in sorted(groups)}


def _anew(known: Known, groups: dict[str, Trips], make: Callable[[Trips], Crewed]) -> Known:
    """Return the crews or fleets of groups of trips, made where they are not those ``known`` for the same trips."""
    return {name: known[name] if name in known and known[name][0] == trips else (trips, make(trips)) for name, trips in groups.items()}


def _numbered(groups: Known) -> tuple[dict[str, int], tuple[Bin, ...]]:
    """Return the number of each trip's driver or vehicle among all of them, and these."""
    number: dict[str, int] = {}
    every: list[Bin] = []
    for _, (trips, bins) in groups.values():
        number |= {run.key: len(every) + i for run, i in trips}
        every += bins
    return number, tuple(every)


def _crew(trips: Trips, times: Times, travel_us: Ints) -> Crewed:
    """Give the trips of one crew their drivers."""
    drivers: list[Bin] = []
    taken = [_driver(run, drivers, times, travel_us) for run in trips]
    return tuple((run, drivers.index(driver)) for run, driver in taken), drivers


def _fleet(trips: Trips, times: Times, travel_us: Ints) -> Crewed:
    """Give the trips of one fleet their vehicles."""
    vehicles: list[Bin] = []
    taken = [_vehicle(run, vehicles, times, travel_us) for run in trips]
    return tuple((run, vehicles.index(vehicle)) for run, vehicle in zip(trips, taken, strict=True)), vehicles


def _driver(run: Run, crew: list[Bin], times: Times, travel_us: Ints) -> tuple[Run, Bin]:
    """Return the trip and its driver: one of its own base, later if it is patient, before one from elsewhere, before a new one."""
    begin, end = run.begin(times), run.end(times)
    room, own = DRIVER_DAY_US - (end - begin), {run.base}
    idle = [driver for driver in crew if driver.hours(run.days) <= room]
    for at_home in (True, False):
        drivers = [driver for driver in idle if (driver.bases == own) == at_home]
        waits = [driver.wait(begin, end, run.days, run.base, times.rest_us, travel_us) for driver in drivers]
        for most in (0, DELAY_MAX_US) if run.patient else (0,):
            for driver, late in zip(drivers, waits, strict=True):
                late = -(-late // (5 * MINUTE)) * 5 * MINUTE
                if late <= most and (late == 0 or _free_later(driver, run, late, times, travel_us)):
                    driver.take(begin + late, end + late, run.days, run.base)
                    return replace(run, departs_us=run.departs_us + late), driver
    driver = Bin(f"{run.crew}:{len(crew)}", run.employer, run.kind)
    driver.take(begin, end, run.days, run.base)
    crew.append(driver)
    return run, driver


def _free_later(driver: Bin, run: Run, late: int, times: Times, travel_us: Ints) -> bool:
    begin, end = run.begin(times) + late, run.end(times) + late
    in_day = run.departs_us + late <= times.plan_us + DAY
    return in_day and driver.wait(begin, end, run.days, run.base, times.rest_us, travel_us) == 0


def _vehicle(run: Run, fleet: list[Bin], times: Times, travel_us: Ints) -> Bin:
    begin, end = run.begin(times), run.end(times)
    for vehicle in fleet:
        if vehicle.wait(begin, end, run.days, run.base, 0, travel_us) == 0:
            break
    else:
        vehicle = Bin(f"{run.fleet}:{len(fleet)}", run.owner, run.kind)
        fleet.append(vehicle)
    vehicle.take(begin, end, run.days, run.base)
    return vehicle


__all__ = ["Bin", "Fleet", "Run", "man"]
