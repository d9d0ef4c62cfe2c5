"""Size docks and sorting: stations, shifts and the paid people behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.plan.clock import round_up
from sim.plan.frame import Frame
from sim.plan.plan import Queues
from sim.units import DAY, HOUR, MINUTE, hours_us, us

UNLOAD_TARGET_US = HOUR
"""A crew is so large that it unloads its largest planned wave in this time (assumption)."""
EARLY_US = 30 * MINUTE
"""Sorters begin so long before the first truck, unless shifts are planned on the joint timetable."""
CALL_US = 4 * HOUR
"""Shortest paid block of a crew that is called for a wave: half a day, as hourly workers are hired (assumption)."""
FEEDER_LAG_US = 3 * HOUR
"""Planned time from the yard to another sorting site: waiting for the last feeder, loading, unloading (assumption)."""
EVERY_DAY = 127

People = tuple[int, str, str, int, int, int, int, int]
Window = tuple[int, int]


@dataclass
class Crews:
    """Queues (q rows) and paid blocks while they are drawn."""

    stations: list[int]
    service_us: list[int]
    windows: list[list[Window]]
    overtime_us: list[int]
    people: list[People] = field(default_factory=list)

    def copy(self) -> Crews:
        """Return crews that can be drawn on."""
        own = (list(self.stations), list(self.service_us), [list(x) for x in self.windows], list(self.overtime_us), list(self.people))
        return Crews(*own)

    def queues(self) -> Queues:
        """Return the queues as columns."""
        windows = np.zeros((len(self.stations), 2, 2), dtype=np.int64)
        for q, own in enumerate(self.windows):
            for i, window in enumerate(own):
                windows[q, i] = window
        return Queues(
            np.array(self.stations, dtype=np.int32),
            np.array(self.service_us, dtype=np.int64),
            windows,
            np.array(self.overtime_us, dtype=np.int64),
        )


def make_crews(f: Frame) -> Crews:
    """Return the docks and sorting sites of a plan; a queue that nobody uses has no station."""
    count = 2 * f.k + f.m * f.k
    crews = Crews([0] * count, [1] * count, [[] for _ in range(count)], [0] * count)
    _docks(f, crews)
    _sorting(f, crews)
    return crews


def clear_us(arrivals: list[tuple[int, float]], parcel_us: float, stations: int) -> int:
    """Return when stations have worked off arrivals of (time, parcels)."""
    free = 0
    for time, parcels in sorted(arrivals):
        free = max(free, time) + round(parcels * parcel_us / max(stations, 1))
    return free


def _wave(f: Frame, rows: list[int], wave: int) -> list[tuple[int, float]]:
    centre = f.expected.centre
    return [(int(f.wave_us[o, wave]), float(centre[o] * f.wave_share[o, wave])) for o in rows if f.wave_us[o, wave] >= 0]


def _size(f: Frame, rows: list[int], parcel_us: float, target_us: int, waves: tuple[int, ...]) -> int:
    """Return the fewest stations that work every planned truck off in the target time after it came, at least one."""
    most = 1
    for wave in waves:
        arrivals = sorted(_wave(f, rows, wave))
        while not _in_time(arrivals, parcel_us, most, target_us):
            most += 1
    return most


def _in_time(arrivals: list[tuple[int, float]], parcel_us: float, stations: int, target_us: int) -> bool:
    return all(clear_us(arrivals[: i + 1], parcel_us, stations) <= time + target_us + 1 for i, (time, _) in enumerate(arrivals))


def _docks(f: Frame, crews: Crews) -> None:
    rate = f.parameters.centre.unload_rate
    parcel_us = HOUR / rate
    for q in range(f.k):
        crews.service_us[q] = us(3600 / rate)
        users = [o for o in range(f.k) if f.groups.dock[o] == q and f.expected.centre[o] > 0]
        if not users:
            continue
        crews.windows[q] = [(f.times.plan_us, f.times.plan_us + DAY)]
        for lead in sorted({int(f.groups.unloader[o]) for o in users}):
            rows = [o for o in users if f.groups.unloader[o] == lead]
            crew = _size(f, rows, parcel_us, UNLOAD_TARGET_US, (0, 1))
            crews.stations[q] += crew
            for window in _by_wave(f, rows, parcel_us, crew, 0, [0, 0]):
                crews.people.append((lead, f"yard:{f.key(q)}", "unloader", 0, crew, *window, EVERY_DAY))


def _by_wave(
    f: Frame, rows: list[int], parcel_us: float, stations: int, early_us: int, not_before: list[int], least_us: int = CALL_US
) -> list[Window]:
    """Return a shift for each wave: from (before) its first truck until its work is done, in half hours; joined where they meet.

    ``not_before``: when the last parcel of each wave comes.
    """
    out: list[Window] = []
    for wave in range(2):
        arrivals = _wave(f, rows, wave)
        if not arrivals:
            continue
        opens = max(min(t for t, _ in arrivals) - early_us, f.times.plan_us)
        done = max(clear_us(arrivals, parcel_us, stations), not_before[wave])
        closes = min(opens + max(round_up(done - opens), least_us), f.times.plan_us + DAY)
        if out and opens <= out[-1][1]:
            out[-1] = (out[-1][0], max(closes, out[-1][1]))
        else:
            out.append((opens, closes))
    return out


def sorted_us(f: Frame, crews: Crews, users: list[int], wave: int) -> int:
    """Return when a wave of some operators that share a sorting site is planned to be sorted, 0 where there is none."""
    arrivals = _wave(f, users, wave)
    parcel_us = HOUR / f.parameters.centre.sort_rate
    stations = crews.stations[f.sort_queue(users[0])]
    return max(clear_us(arrivals, parcel_us, stations), _all_come_us(f, crews, users, wave) + round(parcel_us)) if arrivals else 0


def _all_come_us(f: Frame, crews: Crews, users: list[int], wave: int) -> int:
    """Return when the last parcel of a wave is planned to come to its sorting site."""
    last, parcel_us = 0, HOUR / f.parameters.centre.unload_rate
    for q in sorted({int(f.groups.dock[o]) for o in users}):
        sharing = [o for o in range(f.k) if f.groups.dock[o] == q]
        last = max(last, clear_us(_wave(f, sharing, wave), parcel_us, crews.stations[q]))
    apart = any(f.groups.yard[o] != f.groups.sort[o] for o in users)
    return last + (FEEDER_LAG_US if apart else 0) + f.times.handover_us


def _sorting(f: Frame, crews: Crews) -> None:
    centre = f.parameters.centre
    target_us, parcel_us = hours_us(centre.sort_target_hours), HOUR / centre.sort_rate
    for site in range(f.k):
        q = f.k + site
        crews.service_us[q], crews.overtime_us[q] = us(3600 / centre.sort_rate), hours_us(centre.overtime_hours_max)
        users = [o for o in range(f.k) if f.groups.sort[o] == site and f.expected.centre[o] > 0]
        if not users:
            continue
        staff = {
            lead: _size(f, [o for o in users if f.groups.sorter[o] == lead], parcel_us, target_us, (0,))
            for lead in sorted({int(f.groups.sorter[o]) for o in users})
        }
        crews.stations[q] = sum(staff.values())
        crews.windows[q] = _shifts(f, crews, users, parcel_us, crews.stations[q])
        for lead, count in staff.items():
            for window in crews.windows[q]:
                crews.people.append((lead, f"sorting:{f.key(site)}", "sorter", 0, count, *window, EVERY_DAY))


def _shifts(f: Frame, crews: Crews, users: list[int], parcel_us: float, stations: int) -> list[Window]:
    """Return the shifts of a sorting site.

    A crew that rotates between sites works there only as long as the site's waves need. Shifts planned on the joint timetable
    last from the first truck until the planned work of both waves is done, or with one crew as long as each wave needs. Else everyone
    works the fixed shift.
    """
    groups = f.groups
    joint = len({int(groups.shift[o]) for o in users}) == 1 and int((groups.shift == groups.shift[users[0]]).sum()) > 1
    early = 0 if joint else EARLY_US
    not_before = [sorted_us(f, crews, users, wave) for wave in range(2)]
    sites = {int(groups.sort[o]) for o in range(f.k) if any(groups.sorter[o] == groups.sorter[u] for u in users)}
    one_crew = len({int(groups.sorter[o]) for o in users}) == 1 and int((groups.sorter == groups.sorter[users[0]]).sum()) > 1
    if len(sites) > 1 or (joint and one_crew):
        return _by_wave(f, users, parcel_us, stations, early, not_before)
    if joint:
        shifts = _by_wave(f, users, parcel_us, stations, early, not_before, least_us=0)
        return [(shifts[0][0], shifts[-1][1])]
    length = hours_us(f.parameters.centre.shift_hours)
    opens = [max(int(f.wave_us[o].clip(min=0)[0]) - EARLY_US, f.times.plan_us) for o in users]
    return [(min(opens), min(max(opens) + length, f.times.plan_us + DAY))]
