"""The county as a Mesa model: agents over columns, woken by SimPy's clock, never by ``step()``."""

from __future__ import annotations

from datetime import date

import mesa
import numpy as np

from sim.agents.operators import Operator
from sim.agents.shoppers import Shoppers, daily_rates, habits, order
from sim.plan.orders import Orders
from sim.schema.parameters import Parameters
from sim.world.world import World


class County(mesa.Model):
    """Shoppers of every place and the operators of one county, in order of their keys.

    ``daily_rate`` (households,) holds each household's orders on a mean day; agents read and, in later versions, change their rows.
    """

    def __init__(self, world: World, parameters: Parameters, seed: int, start: date) -> None:
        super().__init__()
        self.world = world
        self.parameters = parameters
        self.luck_seed = seed
        self.start = start
        self.habits = habits(world, parameters)
        self.daily_rate = daily_rates(world, parameters)
        first = world.households.first
        for place in np.flatnonzero(np.diff(first) > 0).tolist():
            Shoppers(self, place, slice(int(first[place]), int(first[place + 1])))
        for row in range(world.operators.n):
            Operator(self, row)

    def midnight(self, day: int) -> Orders:
        """Wake the agents at 00:00 of ``day``: shoppers place the day's orders (one column call over all their rows)."""
        self.steps = day
        return order(self.world, self.parameters, self.habits, self.daily_rate, self.luck_seed, day, self.start)

    def close(self) -> None:
        """Let go of Mesa's record of this model, which would keep it alive for the life of the process."""
        mesa.Agent._ids.pop(self, None)
