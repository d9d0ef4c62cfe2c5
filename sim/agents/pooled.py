"""Where parcels going up are taken in: by whose van comes to a village and, where collection is pooled, for whom else and how near."""

from __future__ import annotations

import numpy as np

from sim.rules import Rules
from sim.world.world import TO_VILLAGE, VILLAGE, Bools, Int16s, Ints, World

Known = tuple[tuple[object, ...], Bools, tuple[Ints, Bools]]
"""What is reached and what is nearest, and what they were worked out for."""


class Pooled:
    """What operators share of collection: ``vehicles``, ``sites`` (k,) leads of the groups."""

    def __init__(self, operators: int) -> None:
        self.vehicles: Int16s = np.arange(operators, dtype=np.int16)
        self.sites: Int16s = self.vehicles
        self._known: Known | None = None

    def under(self, rules: Rules) -> None:
        """Take over what is pooled under the rules."""
        vehicles, sites = (rules.group("collection", resource) for resource in ("vehicles", "sites"))
        if not (np.array_equal(vehicles, self.vehicles) and np.array_equal(sites, self.sites)):
            self.vehicles, self.sites = vehicles, sites

    def reached(self, world: World) -> Bools:
        """Return who takes parcels up from which place (k, n): whose van comes there, and who shares vehicles of collection with one whose
        van does."""
        return self._now(world)[1]

    def nearest(self, world: World) -> tuple[Ints, Bools]:
        """Return, for places (n,) that no van comes to, the village with a station of the township where operators that share sites take
        parcels in, if it is nearer than the township itself, else -1; and who takes them in there (k, n)."""
        return self._now(world)[2]

    def _now(self, world: World) -> Known:
        known = self._known
        seen = (world.operators, world.stations, self.vehicles, self.sites)
        if known is None or any(was is not now for was, now in zip(known[0], seen, strict=True)):
            reached: Bools = self._reached(world)
            known = self._known = (seen, reached, self._nearest(world, reached))
        return known

    def _reached(self, world: World) -> Bools:
        own: Bools = world.operators.mode == TO_VILLAGE
        out: Bools = own.copy()
        for lead in np.unique(self.vehicles).tolist():
            rows = self.vehicles == lead
            out[rows] = own[rows].any(axis=0)
        return out

    def _nearest(self, world: World, reached: Bools) -> tuple[Ints, Bools]:
        places = world.places
        shares = np.bincount(self.sites, minlength=len(self.sites))[self.sites] > 1
        takes = reached & shares[:, None] & ((world.stations.host > 0) & (places.tier == VILLAGE))[None, :]
        out = np.full(places.n, -1, np.int64)
        site = np.flatnonzero(takes.any(axis=0))
        if len(site):
            for p in np.flatnonzero((places.tier == VILLAGE) & ~reached.any(axis=0)).tolist():
                near = site[places.parent[site] == places.parent[p]]
                if len(near):
                    best = near[np.argmin(places.travel_us[p, near])]
                    if places.travel_us[p, best] < places.travel_us[p, places.parent[p]]:
                        out[p] = best
        return out, takes
