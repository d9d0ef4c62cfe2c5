"""Let any member's round take all members' parcels up, where vehicles of collection are pooled."""

from __future__ import annotations

import numpy as np

from sim.plan.frame import Frame
from sim.plan.network import Network


def share_rounds(f: Frame, net: Network) -> None:
    """Give the members' stops in a place one list, in which also waits what members send from there whose own rounds do not come.

    The list is that of the first stop; returns of the members wait in it too. Who comes home hands over at its own outlet.
    """
    takes = f.groups.takes_up
    for lead in np.unique(takes).tolist():
        rows = np.flatnonzero(takes == lead).tolist()
        if len(rows) < 2:
            continue
        for p in range(f.world.places.n):
            stops = sorted({net.gets_off["round", o, p] for o in rows if ("round", o, p) in net.gets_off})
            if not stops:
                continue
            for route, stop in stops[1:]:
                place, queue, _ = net.drafts[route].stops[stop]
                net.drafts[route].stops[stop] = (place, queue, stops[0])
            for o in rows:
                net.shared[o, p] = stops[0]
