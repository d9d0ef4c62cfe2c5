"""Who shares what with whom: the partition of the operators for each site, crew, fleet and timetable of the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.rules import Rules
from sim.world.world import Int16s, World


@dataclass(frozen=True)
class Groups:
    """Leads (smallest operator row of a group), (k,) or by township (k, m).

    ``dock`` shares a queue at the dock (one yard, or one crew for several); ``yard`` where trunk trucks unload; ``sort`` where parcels
    are sorted; ``dispatch`` where line trucks stand; ``line`` whose trucks; ``tour`` whose tours are planned together; ``outlet``
    where a township's parcels are handled; ``clerk`` whose clerks; ``van`` whose rounds; ``walk`` whose rounds are planned together;
    ``takes_up`` whose rounds take whose parcels up; ``collect_van``, ``collect_line`` whose vans and lines collect in the afternoon,
    ``collector`` whose drivers.
    """

    dock: Int16s
    yard: Int16s
    unloader: Int16s
    appointment: Int16s
    sort: Int16s
    sorter: Int16s
    shift: Int16s
    dispatch: Int16s
    line: Int16s
    line_driver: Int16s
    tour: Int16s
    outlet: Int16s
    clerk: Int16s
    van: Int16s
    van_driver: Int16s
    walk: Int16s
    takes_up: Int16s
    collect_van: Int16s
    collect_line: Int16s
    collector: Int16s


def joined(*partitions: Int16s) -> Int16s:
    """Return the finest partition that is coarser than all of them, as leads (k,)."""
    lead = list(range(len(partitions[0])))
    for partition in partitions:
        for o, other in enumerate(partition.tolist()):
            a, b = lead[o], lead[other]
            if a != b:
                low, high = min(a, b), max(a, b)
                lead = [low if x == high else x for x in lead]
    return np.array(lead, dtype=np.int16)


def make_groups(world: World, rules: Rules) -> Groups:
    """Return the groups under the rules; the brands of a multi-brand outlet share it and its van in any case."""
    cell = rules.group
    yard, unloader = cell("warehousing", "sites"), cell("warehousing", "staff")
    line, tour = cell("transport", "vehicles"), cell("transport", "operations")
    own = world.operators.outlet
    m = own.shape[1]

    def by_township(*partitions: Int16s) -> Int16s:
        alike = {own[:, t].tobytes(): own[:, t] for t in range(m)}
        known = {name: joined(column, *partitions) for name, column in alike.items()}
        columns = [known[own[:, t].tobytes()] for t in range(m)]
        return np.stack(columns, axis=1) if columns else own.copy()

    vehicles = cell("delivery", "vehicles")
    return Groups(
        dock=joined(yard, unloader),
        yard=yard,
        unloader=unloader,
        appointment=cell("warehousing", "operations"),
        sort=cell("sorting", "sites"),
        sorter=cell("sorting", "staff"),
        shift=cell("sorting", "operations"),
        dispatch=cell("transport", "sites"),
        line=line,
        line_driver=cell("transport", "staff"),
        tour=joined(line, tour),
        outlet=by_township(cell("delivery", "sites")),
        clerk=by_township(cell("delivery", "staff")),
        van=by_township(vehicles),
        van_driver=cell("delivery", "staff"),
        walk=by_township(vehicles, cell("delivery", "operations")),
        takes_up=cell("collection", "vehicles"),
        collect_van=by_township(vehicles, cell("collection", "vehicles")),
        collect_line=joined(line, cell("collection", "vehicles")),
        collector=cell("collection", "staff"),
    )


def members(leads: Int16s, lead: int) -> list[int]:
    """Return the rows of a group."""
    rows: list[int] = np.flatnonzero(leads == lead).tolist()
    return rows
