"""Size township outlets: clerks for what the lines bring, and the hours they are there."""

from __future__ import annotations

from math import ceil

from sim.plan.clock import round_up, time_of_day
from sim.plan.crews import EVERY_DAY, Crews, Window
from sim.plan.frame import Frame
from sim.plan.network import Arrival
from sim.units import DAY, SECOND, hours_us, us


def handling_seconds(f: Frame, t: int) -> float:
    """Return the handling time of a parcel in township t: in the seat's own one it is a scan onto a courier's route."""
    town = f.parameters.township
    return town.town_handling_seconds if t == f.seat_township else town.handling_seconds


def clerks(f: Frame, arrivals: list[Arrival], t: int) -> int:
    """Return the fewest clerks of township t that handle every arrival in the target time after it is unloaded, at least one.

    What is unloaded after closing is there when the outlet opens.
    """
    opens, closes = outlet_hours(f)
    target, parcel_us = hours_us(f.parameters.township.clerk_target_hours), handling_seconds(f, t) * 1e6
    inside = [(a, max(b, a), n) if a < closes else (opens, opens, n) for a, b, n in arrivals]
    inside.sort(key=lambda arrival: arrival[1])
    most = 1
    while not _in_time(inside, parcel_us / most, target):
        most += 1
    return most


def _in_time(arrivals: list[Arrival], parcel_us: float, target_us: int) -> bool:
    free = 0
    for begin, end, parcels in arrivals:
        free = max(free, begin) + round(parcels * parcel_us)
        if free > end + target_us + 1:
            return False
    return True


def _coming(f: Frame, arrivals: dict[tuple[int, int], list[Arrival]], rows: list[int], t: int) -> list[Arrival]:
    """Return what comes to some operators' outlets in a township; to the post also what others hand over, a little later."""
    coming = [arrival for o in rows for arrival in arrivals.get((o, t), [])]
    post = f.world.operators.post
    if post in rows:
        for o in range(f.k):
            own = float(f.expected.brought[o, t])
            handed = f.expected.handed[o, t] / own if own > 0 else 0.0
            later = f.times.post_handover_us
            coming += [(a + later, b + later, n * handed) for a, b, n in arrivals.get((o, t), []) if handed > 0]
    return coming


def add_outlets(f: Frame, crews: Crews, arrivals: dict[tuple[int, int], list[Arrival]]) -> None:
    """Add the outlets' queues and clerks, sized on what lines bring to each (operator, township).

    A crew that serves several outlets of a township walks between them: handling takes longer there in proportion.
    """
    town = f.parameters.township
    opens, closes = outlet_hours(f)
    handled, groups = f.expected.handled, f.groups
    for t in range(f.m):
        seconds = handling_seconds(f, t)
        users = [o for o in range(f.k) if handled[o, t] > 0]
        part: dict[tuple[int, int], int] = {}
        crew: dict[int, int] = {}
        for lead in sorted({int(groups.clerk[o, t]) for o in users}):
            rows = [o for o in users if groups.clerk[o, t] == lead]
            crew[lead] = clerks(f, _coming(f, arrivals, rows, t), t)
            for outlet in sorted({int(groups.outlet[o, t]) for o in rows}):
                here = [o for o in rows if groups.outlet[o, t] == outlet]
                part[lead, outlet] = clerks(f, _coming(f, arrivals, here, t), t)
            work_us = sum(n for _, _, n in _coming(f, arrivals, rows, t)) * seconds * SECOND
            until = opens + paid_us(f, closes - opens, work_us / crew[lead])
            crews.people.append((lead, f"outlet:{f.key(lead)}", "clerk", int(f.row[t]), crew[lead], opens, until, EVERY_DAY))
        for g in range(f.k):
            q = 2 * f.k + t * f.k + g
            crews.service_us[q] = us(seconds)
            here_parts = {lead: n for (lead, outlet), n in part.items() if outlet == g}
            if not here_parts:
                continue
            at_work = sum(n * crew[lead] / sum(m for (other, _), m in part.items() if other == lead) for lead, n in here_parts.items())
            stations = sum(crew[lead] if _alone(part, lead) else n for lead, n in here_parts.items())
            crews.stations[q] = stations
            crews.service_us[q] = us(seconds * max(1.0, round(stations / at_work, 6)))
            crews.windows[q] = [(opens, closes)]
            crews.overtime_us[q] = hours_us(town.overtime_hours_max)


def paid_us(f: Frame, open_us: int, work_us: float) -> int:
    """Return the paid time of a clerk: the planned work, at least the attendance, at most the opening hours, in half hours."""
    attendance = f.parameters.township.attendance_share * open_us
    return min(open_us, round_up(ceil(max(attendance, work_us))))


def _alone(part: dict[tuple[int, int], int], lead: int) -> bool:
    """Return whether a crew works at one outlet only."""
    return sum(1 for other, _ in part if other == lead) == 1


def outlet_hours(f: Frame) -> Window:
    """Return when outlets are open, inside the plan day."""
    town = f.parameters.township
    opens, closes = time_of_day(town.opens, "township.opens"), time_of_day(town.closes, "township.closes")
    return max(opens, f.times.plan_us), min(max(closes, f.times.plan_us), f.times.plan_us + DAY)
