"""What a plan keeps ready besides people: floors of sites and management."""

from __future__ import annotations

from sim.plan.frame import Frame
from sim.rules import ACTIVITIES

SHARES = {"warehousing": 0.5, "sorting": 0.25, "transport": 0.25}
"""Shares of a county site's floor: half storage, half sorting and dispatch."""
OVERHEAD_SHARE = 0.25
"""Share of an operator's overhead that each of the four activities of parcels going down takes."""

Floor = tuple[int, str, str, int, float]
Overhead = tuple[int, str, float]


def make_floors(f: Frame) -> tuple[Floor, ...]:
    """Return the floors: storage, sorting and dispatch in the seat on the planned peak day, outlets in the townships."""
    centre, groups = f.parameters.centre, f.groups
    floors: list[Floor] = []
    for activity, sites in (("warehousing", groups.yard), ("sorting", groups.sort), ("transport", groups.dispatch)):
        for site in range(f.k):
            parcels = float(f.expected.floor[sites == site].sum())
            if parcels > 0:
                m2 = max(centre.floor_m2_min, SHARES[activity] * centre.floor_m2_per_1000 * parcels / 1000)
                floors.append((site, f"{activity}:{f.key(site)}", activity, 0, round(m2, 3)))
    for t in range(f.m):
        for g in range(f.k):
            if f.expected.handled[groups.outlet[:, t] == g, t].sum() > 0:
                floors.append((g, f"outlet:{f.key(g)}", "delivery", int(f.row[t]), f.parameters.township.floor_m2))
    return tuple(floors)


def make_overheads(f: Frame) -> tuple[Overhead, ...]:
    """Return one block of overhead for each group that manages an activity together."""
    blocks: list[Overhead] = []
    for activity in ACTIVITIES:
        if activity != "collection":
            leads = sorted(set(f.rules.group(activity, "management").tolist()))
            blocks += [(lead, activity, OVERHEAD_SHARE) for lead in leads]
    return tuple(blocks)
