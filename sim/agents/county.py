"""The county as a Mesa model: agents over columns, woken by SimPy's clock, never by ``step()``."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import mesa
import numpy as np

from sim.agents.operators import Operator
from sim.agents.shoppers import Shoppers, daily_rates, habits, order
from sim.plan.orders import Orders
from sim.schema.parameters import Parameters
from sim.world.world import World

_kept: dict[str, dict[int, Orders]] = {}


def _orders_of(name: str) -> dict[int, Orders]:
    """Return the orders by day known under a name; those of any other name are forgotten."""
    if name not in _kept:
        _kept.clear()
        _kept[name] = {}
    return _kept[name]


class County(mesa.Model):
    """Shoppers of every place and the operators of one county, in order of their keys.

    ``daily_rate`` (households,) holds each household's orders on a mean day; agents read and, in later versions, change their rows.
    """

    def __init__(self, world: World, parameters: Parameters, seed: int, start: date, keep: bool = False) -> None:
        super().__init__()
        self.world = world
        self.parameters = parameters
        self.luck_seed = seed
        self.keep = keep
        self.start = start
        self.habits = habits(world, parameters)
        self._name: str | None = None
        self.daily_rate = daily_rates(world, parameters)
        first = world.households.first
        for place in np.flatnonzero(np.diff(first) > 0).tolist():
            Shoppers(self, place, slice(int(first[place]), int(first[place + 1])))
        for row in range(world.operators.n):
            Operator(self, row)

    def midnight(self, day: int) -> Orders:
        """Wake the agents at 00:00 of ``day``: shoppers place the day's orders (one column call over all their rows).

        Scenarios of one study meet the same orders as long as nothing answers to service: those of the last seed are kept.
        """
        self.steps = day
        if not self.keep:
            return self._order(day)
        known = _orders_of(self._luck_name())
        if day not in known:
            known[day] = self._order(day)
        return known[day]

    def _luck_name(self) -> str:
        if self._name is None:
            digest = blake2b(digest_size=16)
            for column in (self.world.households.key, self.daily_rate, self.habits.collect_village_h, self.habits.collect_township_h):
                digest.update(np.ascontiguousarray(column).tobytes())
            digest.update(self.world.operators.share.tobytes())
            digest.update((self.parameters.demand.model_dump_json() + self.parameters.station.model_dump_json()).encode())
            self._name = f"{digest.hexdigest()}|{self.luck_seed}|{self.start}"
        return self._name

    def _order(self, day: int) -> Orders:
        return order(self.world, self.parameters, self.habits, self.daily_rate, self.luck_seed, day, self.start)

    def close(self) -> None:
        """Let go of Mesa's record of this model, which would keep it alive for the life of the process."""
        mesa.Agent._ids.pop(self, None)
