"""Draw the afternoon collection (揽收班次): rounds and lines that bring the day's parcels going up to the evening trunk.

They load the waiting lists that rounds and lines of delivery load too: what they miss waits for those. Nobody gets off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.plan.clock import departure, round_up, time_of_day
from sim.plan.crews import Crews
from sim.plan.fleet import Run
from sim.plan.frame import Frame
from sim.plan.groups import Groups, make_groups, members
from sim.plan.lines import fits_a_van
from sim.plan.network import PICK_UP, Draft, Network
from sim.plan.plan import LINE, ROUND
from sim.plan.tours import Load, Vehicle, leg_us, plan_tours, trips_for, way_us
from sim.rules import Rules
from sim.schema.parameters import Parameters
from sim.units import DAY, MINUTE, hours_us, us
from sim.world.collection import Collection
from sim.world.world import TOWNSHIP, Ints, World

TRUCK, VAN = 0, 1
NEW = -1
"""The route of a trip whose route has no number yet."""
EVERY_DAY = 127
QUARTER_US = 15 * MINUTE
SPACING_US = 10 * MINUTE
"""Vehicles that leave together for one place follow each other in this time (assumption)."""

Stop = tuple[int, int]
Brought = dict[tuple[int, int], tuple[float, int]]
"""By (operator, township): parcels of a day, and when all of them are handled."""


def add_collection(f: Frame, net: Network, crews: Crews, known: Known) -> None:
    """Add the collection of every fleet from where enough is expected; trunk and sorters of its operators wait for it.

    ``known`` is what was added to the same network and crews before, for what was expected then.
    """
    up, c = f.world.collection, f.parameters.produce.collecting
    if up is None or c.rule == "never":
        return
    worth = _worth(f.world, f.parameters, f.groups, up)
    brought = _counters(f, crews, up, worth)
    for t in range(f.m):
        for van in sorted({int(f.groups.collect_van[o, t]) for o in range(f.k)}):
            rows = [o for o in range(f.k) if f.groups.collect_van[o, t] == van and (o, t) in worth]
            _add_rounds(f, net, crews, up, t, van, rows, brought, known)
    for lead in np.unique(f.groups.collect_line).tolist():
        own = {(o, t): x for (o, t), x in brought.items() if f.groups.collect_line[o] == lead}
        if own:
            _add_lines(f, net, crews, up, lead, own)


def _frame(f: Frame, up: Collection, hours: float) -> Frame:
    """Return the frame with parcels as heavy as those going up and tours as long as the collection's."""
    fleet = f.parameters.fleet.model_copy(update={"tour_hours_max": hours})
    parameters = f.parameters.model_copy(update={"fleet": fleet})
    return replace(f, parameters=parameters, expected=replace(f.expected, gram=up.gram, millilitre=up.millilitre))


def _worth(world: World, parameters: Parameters, groups: Groups, up: Collection) -> set[tuple[int, int]]:
    """Return the (operator, township) of which a line's operators send enough, and that a line can reach and come back from in its time."""
    c, township, seats = parameters.produce.collecting, world.places.township, np.flatnonzero(world.places.tier == TOWNSHIP).tolist()
    stop, longest = us(60 * parameters.fleet.stop_minutes), hours_us(c.line_hours_max)
    worth = set()
    for lead in np.unique(groups.collect_line).tolist():
        rows = members(groups.collect_line, lead)
        inside = np.bincount(township[township >= 0], up.place[rows][:, township >= 0].sum(axis=0), len(seats))
        parcels = up.counter[rows].sum(axis=0) + inside
        for t in np.flatnonzero((parcels > 0) & (parcels >= c.township_parcels)).tolist():
            if _reaches(world, stop, 0, seats[t], longest):
                worth |= {(o, t) for o in rows}
    return worth


def planned_on(world: World, rules: Rules) -> World:
    """Return the world with no more of what is expected to be sent up than a plan looks at: nothing from where nobody collects."""
    up = world.collection
    if up is None:
        return world
    worth = set() if rules.parameters.produce.collecting.rule == "never" else _worth(world, rules.parameters, make_groups(world, rules), up)
    if not worth:
        return replace(world, collection=None)
    counter, place = np.zeros_like(up.counter), np.zeros_like(up.place)
    for o, t in worth:
        counter[o, t] = up.counter[o, t]
        here = world.places.township == t
        place[o, here] = up.place[o, here]
    return replace(world, collection=replace(up, place=place, counter=counter))


def _reaches(world: World, stop_us: int, origin: int, place: int, longest_us: int) -> bool:
    way = world.places.travel_us
    return int(way[origin, place] + way[place, origin]) + stop_us <= longest_us


def _counters(f: Frame, crews: Crews, up: Collection, worth: set[tuple[int, int]]) -> Brought:
    """Return what is handed in at the counters until they have handled the last of it."""
    last = time_of_day(f.parameters.produce.sending.drop_until, "produce.sending.drop_until")
    return {
        (o, t): (float(up.counter[o, t]), last + _handling_us(crews, f.handle_queue(o, t), 1.0))
        for o, t in sorted(worth)
        if up.counter[o, t] > 0
    }


def _handling_us(crews: Crews, queue: int, parcels: float) -> int:
    return round(parcels * crews.service_us[queue] / max(crews.stations[queue], 1)) + crews.service_us[queue]


# ---- rounds


@dataclass(frozen=True)
class Rounds:
    """The rounds of one fleet of vans in one township: routes with their trips, what they bring of each operator in the order of the stops,
    who has parcels in places that are worth a stop, and when all is handled."""

    drafts: tuple[tuple[Draft, tuple[Run, ...]], ...]
    brings: tuple[tuple[int, float], ...]
    late: frozenset[int]
    handled: int


Known = dict[tuple[object, ...], Rounds | None]
"""Rounds of earlier plans that differ in nothing but what is expected to be sent up, by what they were drawn for."""


def _add_rounds(
    f: Frame, net: Network, crews: Crews, up: Collection, t: int, van: int, rows: list[int], brought: Brought, known: Known
) -> None:
    """Add the rounds of one fleet of vans through the places whose lists its operators' rounds load; note when all is handled."""
    here = np.flatnonzero(f.world.places.township == t)
    name = (t, van, tuple(rows), up.place[rows][:, here].tobytes(), up.gram, up.millilitre)
    if name not in known:
        known[name] = _rounds(f, net, crews, up, t, van, rows, here)
    rounds = known[name]
    if rounds is None:
        return
    for draft, runs in rounds.drafts:
        route = net.add(draft)
        net.runs += [replace(run, route=route) for run in runs]
    for o, many in rounds.brings:
        before = brought.get((o, t), (0.0, 0))
        brought[o, t] = (before[0] + many, before[1])
    for o in rounds.late:
        brought[o, t] = (brought[o, t][0], max(brought[o, t][1], rounds.handled))


def _rounds(f: Frame, net: Network, crews: Crews, up: Collection, t: int, lead: int, rows: list[int], here: Ints) -> Rounds | None:
    """Return the rounds of one fleet through the places ``here`` of a township, None where none is worth it."""
    c, times, outlet = f.parameters.produce.collecting, f.times, int(f.row[t])
    lists: dict[int, dict[Stop, list[int]]] = {}
    for p in here.tolist():
        for o in rows:
            waits = net.shared.get((o, p)) or net.gets_off.get(("round", o, p))
            if waits is not None and up.place[o, p] > 0:
                lists.setdefault(p, {}).setdefault(waits, []).append(o)
    parcels = {p: {o: float(up.place[o, p]) for own in at.values() for o in own} for p, at in lists.items()}
    longest, queue = hours_us(c.round_hours_max), f.handle_queue(lead, t)
    enough = [p for p in parcels if sum(parcels[p].values()) >= c.village_parcels]
    worth = [p for p in enough if _reaches(f.world, times.stop_fixed_us, outlet, p, longest)]
    if not worth:
        return None
    own, vehicle = _frame(f, up, c.round_hours_max), Vehicle(outlet, VAN, 0, 1.0)
    loads = {p: Load(p, sum(parcels[p].values()), len(lists[p]) * times.stop_fixed_us, times.stop_piece_us) for p in worth}
    first = departure(time_of_day(c.round_departs, "round_departs"), times, "produce.collecting.round_departs")
    town, employer = f.world.places.key[outlet], int(f.groups.van_driver[lead])
    pooled = bool((f.groups.van_driver == employer).sum() > 1)
    employer, crew = _crew(f, lead, employer, f"driver:{f.key(employer)}:rounds" if pooled else f"driver:{f.key(lead)}:{town}")
    drafts, brings, handled = list[tuple[Draft, tuple[Run, ...]]](), list[tuple[int, float]](), 0
    for tour in plan_tours(own, vehicle, list(loads.values())):
        draft = Draft(f"collect/{f.key(lead)}/{f.world.places.key[min(tour.places)]}", ROUND, lead, outlet, queue, 1)
        for p in tour.places:
            for waits in sorted(lists[p]):
                draft.stop(p, PICK_UP, waits)
        n = sum(loads[p].parcels for p in tour.places)
        trips = trips_for(own, vehicle, loads[tour.places[0]], n) if tour.own else 1
        way_and_work = _tour_us(f, draft, n / trips)
        runs = tuple(
            Run(
                f"{draft.key}/{i:02d}", NEW, min(first + i * SPACING_US, times.plan_us + DAY), EVERY_DAY, 0, way_and_work, VAN, outlet,
                f"van:{f.key(lead)}:{town}", lead, crew, employer,
            )
            for i in range(trips)
        )  # fmt: skip
        drafts.append((draft, runs))
        home = first + (trips - 1) * SPACING_US + way_and_work + times.stop_fixed_us + round(n / trips * times.stop_piece_us)
        handled = max(handled, home) + _handling_us(crews, queue, n)
        brings += [(o, many) for p in tour.places for o, many in parcels[p].items()]
    return Rounds(tuple(drafts), tuple(brings), frozenset(o for p in worth for o in parcels[p]), handled)


def _crew(f: Frame, lead: int, employer: int, crew: str) -> tuple[int, str]:
    """Return who drives: one pool of drivers for all collection where its staff is pooled, else those who drive rounds or lines."""
    staff = f.groups.collector
    if int((staff == staff[lead]).sum()) < 2:
        return employer, crew
    return int(staff[lead]), f"driver:{f.key(int(staff[lead]))}:collection"


def _tour_us(f: Frame, draft: Draft, parcels: float) -> int:
    """Return the planned time of a trip over its stops and home."""
    way = way_us(f, draft.origin, [place for place, _, _ in draft.stops])
    return way + len(draft.stops) * f.times.stop_fixed_us + round(parcels * f.times.stop_piece_us)


# ---- lines


def _add_lines(f: Frame, net: Network, crews: Crews, up: Collection, lead: int, brought: Brought) -> None:
    """Add the lines of one fleet, each leaving so that what its townships bring is handled when it comes; have trunks wait for them."""
    c, times = f.parameters.produce.collecting, f.times
    own, vehicle = _frame(f, up, c.line_hours_max), Vehicle(0, TRUCK, 0, 1.0)
    lists: dict[int, dict[Stop, list[int]]] = {}
    for o, t in sorted(brought):
        lists.setdefault(int(f.row[t]), {}).setdefault(net.waits["back", o, t], []).append(o)
    ordinal = f.world.places.township
    loads = [
        Load(p, sum(brought[o, int(ordinal[p])][0] for x in at.values() for o in x), len(at) * times.stop_fixed_us, times.stop_piece_us)
        for p, at in lists.items()
    ]
    of = {x.place: x for x in loads}
    queue = f.sort_queue(lead)
    latest = {o: _trunk_latest(f, net, o) for o, _ in brought}
    last_home = 0
    for tour in plan_tours(own, vehicle, loads):
        n = sum(of[p].parcels for p in tour.places)
        trips = trips_for(own, vehicle, of[tour.places[0]], n) if tour.own else 1
        draft = Draft(f"collect/{f.key(lead)}/{f.world.places.key[min(tour.places)]}", LINE, lead, 0, queue, 0)
        route = net.add(draft)
        for p in tour.places:
            for waits in sorted(lists[p]):
                draft.stop(p, PICK_UP, waits)
        way_and_work = _tour_us(f, draft, n / trips)
        clear = times.stop_fixed_us + round(n / trips * times.stop_piece_us) + _handling_us(crews, queue, n)
        riders = {o for p in tour.places for x in lists[p].values() for o in x}
        deadline = min(latest[o] for o in riders) - times.window_us - clear - way_and_work
        begin = round_up(_wanted(f, draft, brought, lists), QUARTER_US)
        begin = max(min(begin, deadline // QUARTER_US * QUARTER_US), times.plan_us + times.window_us)
        kind = VAN if fits_a_van(own, n / trips * f.parameters.timetable.demand_margin) else TRUCK
        county, own_driver = f.world.places.key[0], int(f.groups.line_driver[lead])
        driver, crew = _crew(f, lead, own_driver, f"driver:{f.key(own_driver)}:{county}")
        for i in range(trips):
            net.runs.append(
                Run(
                    f"{draft.key}/{i:02d}", route, min(begin + i * SPACING_US, times.plan_us + DAY), EVERY_DAY, 0, way_and_work, kind, 0,
                    f"{('truck', 'van')[kind]}:{f.key(lead)}:{county}", lead, crew, driver,
                )
            )  # fmt: skip
        last_home = max(last_home, begin + (trips - 1) * SPACING_US + way_and_work + clear)
    _stay(f, crews, queue, last_home)
    for o in sorted(latest):
        _hold_trunk(f, net, o, min(round_up(last_home + times.window_us, QUARTER_US), latest[o]))


def _wanted(f: Frame, draft: Draft, brought: Brought, lists: dict[int, dict[Stop, list[int]]]) -> int:
    """Return the departure from which a line comes to every township when all is handled there."""
    wanted, clock, here = 0, 0, 0
    ordinal = f.world.places.township
    for place, _, waits in draft.stops:
        assert not isinstance(waits, bool)
        clock += leg_us(f, here, place)
        riders = lists[place][waits]
        wanted = max(wanted, max(brought[o, int(ordinal[place])][1] for o in riders) - clock)
        clock += f.times.stop_fixed_us + round(sum(brought[o, int(ordinal[place])][0] for o in riders) * f.times.stop_piece_us)
        here = place
    return wanted


def _trunk_latest(f: Frame, net: Network, operator: int) -> int:
    later = hours_us(f.parameters.produce.collecting.trunk_later_hours)
    return min(_trunk(f, net, operator)[1].departs_us + later, f.times.plan_us + DAY)


def _trunk(f: Frame, net: Network, operator: int) -> tuple[int, Run]:
    key = f"trunk/{f.key(operator)}/00"
    return next((i, run) for i, run in enumerate(net.runs) if run.key == key)


def _hold_trunk(f: Frame, net: Network, operator: int, until: int) -> None:
    """Let an operator's evening trunk leave not before ``until``."""
    i, run = _trunk(f, net, operator)
    net.runs[i] = replace(run, departs_us=max(run.departs_us, until))


def _stay(f: Frame, crews: Crews, queue: int, until: int) -> None:
    """Have the sorters of a queue stay, and be paid, until the collection is sorted."""
    until = min(round_up(until), f.times.plan_us + DAY)
    windows = crews.windows[queue]
    if not windows or windows[-1][1] >= until:
        return
    opens, closes = windows[-1]
    windows[-1] = (opens, until)
    site = f"sorting:{f.key(queue - f.k)}"
    crews.people[:] = [
        (lead, where, role, place, n, a, until if (where, a, b) == (site, opens, closes) else b, days)
        for lead, where, role, place, n, a, b, days in crews.people
    ]
