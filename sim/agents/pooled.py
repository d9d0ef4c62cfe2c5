"""Where parcels going up are taken in: by whose van comes to a village and, where collection is pooled, for whom else and how near."""

from __future__ import annotations

import numpy as np

from sim.rules import Rules
from sim.world.world import TO_VILLAGE, VILLAGE, Bools, Int16s, Ints, World


class Pooled:
    """What operators share of collection: ``vehicles``, ``sites`` (k,) leads of the groups."""

    def __init__(self, operators: int) -> None:
        self.vehicles: Int16s = np.arange(operators, dtype=np.int16)
        self.sites: Int16s = self.vehicles
        self._known: tuple[World | None, Int16s, Int16s, Bools, tuple[Ints, Bools]] | None = None

    def under(self, rules: Rules) -> None:
        """Take over what is pooled under the rules."""
        self.vehicles, self.sites = (rules.group("collection", resource) for resource in ("vehicles", "sites"))

    def reached(self, world: World) -> Bools:
        """Return who takes parcels up from which place (k, n): whose van comes there, and who shares vehicles of collection with one whose
        van does."""
        return self._now(world)[3]

    def nearest(self, world: World) -> tuple[Ints, Bools]:
        """Return, for places (n,) that no van comes to, the village with a station of the township where operators that share sites take
        parcels in, if it is nearer than the township itself, else -1; and who takes them in there (k, n)."""
        return self._now(world)[4]

    def _now(self, world: World) -> tuple[World | None, Int16s, Int16s, Bools, tuple[Ints, Bools]]:
        known = self._known
        if known is None or known[0] is not world or known[1] is not self.vehicles or known[2] is not self.sites:
            reached: Bools = self._reached(world)
            known = self._known = (world, self.vehicles, self.sites, reached, self._nearest(world, reached))
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
