"""The decisions a policy may change: parameters in force and who pools what with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.schema.parameters import Parameters
from sim.world.world import Int16s

ACTIVITIES = ("warehousing", "collection", "sorting", "transport", "delivery")
RESOURCES = ("sites", "vehicles", "staff", "operations", "management")

REFUSED_CELLS: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "goods in store move on no vehicle of their own: pool vehicles under transport or delivery",
    ("sorting", "vehicles"): "sorting moves nothing on roads: pool vehicles under transport or delivery",
    **{("collection", r): "nothing goes up from the villages yet: collection can be pooled once produce does" for r in RESOURCES},
}
"""Cells of the 5 x 5 matrix that have no mechanism, each with its reason."""


@dataclass(frozen=True)
class Alliance:
    """One joint-distribution lever in force: its id, members (operator rows) and pooled cells."""

    id: str
    members: tuple[int, ...]
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rules:
    """What a policy may change. ``pool[a, r, o]`` is the lead (smallest operator row) of the group in which
    operator o pools resource r for activity a; o itself where it stands alone. Shape (5, 5, k)."""

    parameters: Parameters
    pool: Int16s
    alliances: tuple[Alliance, ...] = ()

    def group(self, activity: str, resource: str) -> Int16s:
        """Return the leads (k,) for one cell of the matrix."""
        row: Int16s = self.pool[ACTIVITIES.index(activity), RESOURCES.index(resource)]
        return row


def separate(parameters: Parameters, operators: int) -> Rules:
    """Return the rules of a county in which every operator stands alone."""
    alone = np.broadcast_to(np.arange(operators, dtype=np.int16), (5, 5, operators)).copy()
    return Rules(parameters, alone)
