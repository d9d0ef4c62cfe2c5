"""The decisions a policy may change: parameters in force and who pools what with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.schema.matrix import ACTIVITIES, REFUSED_CELLS, RESOURCES
from sim.schema.parameters import Parameters
from sim.schema.support import Support
from sim.world.world import Int16s

__all__ = ["ACTIVITIES", "REFUSED_CELLS", "RESOURCES", "Alliance", "Rules", "Support", "separate"]


@dataclass(frozen=True)
class Alliance:
    """One joint-distribution lever in force: its id, members (operator rows) and pooled cells; the rule by which they share the
    joint cost; what it costs an operator to join or to leave, yuan."""

    id: str
    members: tuple[int, ...]
    cells: tuple[tuple[str, str], ...]
    share_costs_by: str = "volume"
    switching_yuan: float = 0.0


@dataclass(frozen=True)
class Rules:
    """What a policy may change. ``pool[a, r, o]`` is the lead (smallest operator row) of the group in which
    operator o pools resource r for activity a; o itself where it stands alone. Shape (5, 5, k). ``support`` is what public
    programmes pay, in the order written."""

    parameters: Parameters
    pool: Int16s
    alliances: tuple[Alliance, ...] = ()
    support: tuple[Support, ...] = ()

    def group(self, activity: str, resource: str) -> Int16s:
        """Return the leads (k,) for one cell of the matrix."""
        row: Int16s = self.pool[ACTIVITIES.index(activity), RESOURCES.index(resource)]
        return row


def separate(parameters: Parameters, operators: int) -> Rules:
    """Return the rules of a county in which every operator stands alone."""
    alone = np.broadcast_to(np.arange(operators, dtype=np.int16), (5, 5, operators)).copy()
    return Rules(parameters, alone)
