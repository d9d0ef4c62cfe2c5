"""Who pays: an operator for itself, or the alliance in which it pools that cell of the matrix."""

from __future__ import annotations

from sim.errors import SimError
from sim.rules import Rules
from sim.world.world import World

TREASURY = "treasury:"
FARMERS = "farmers:"
PENALTIES = "penalties"
"""What operators' networks and the State take for upheld complaints."""
COUNTY = "county"
"""The county where it pays for what it owns, outside any programme."""


def alliance_actor(lever: str) -> str:
    """Return the actor of an alliance."""
    return f"alliance:{lever}"


def host_actor(place: str) -> str:
    """Return the actor of the host at a place."""
    return f"host:{place}"


def farmers_actor(place: str) -> str:
    """Return the actor of the farms of a village."""
    return f"{FARMERS}{place}"


def treasury_actor(source: str) -> str:
    """Return the actor of a source of public money."""
    return f"{TREASURY}{source}"


def network_actor(operator: str) -> str:
    """Return the actor of an operator's network outside the county."""
    return f"network:{operator}"


class Payers:
    """Answers, per (activity, resource, operator row), which actor pays and under which lever."""

    def __init__(self, world: World, rules: Rules) -> None:
        self._keys = world.operators.key
        self._rules = rules
        self._known: dict[tuple[str, str, int], tuple[str, str]] = {}
        self._pooled: dict[tuple[str, str, int], bool] = {}

    def of(self, activity: str, resource: str, row: int) -> tuple[str, str]:
        """Return (actor, lever id or "") for an operator row (a pool's lead or a member)."""
        cell = (activity, resource, row)
        if cell not in self._known:
            self._known[cell] = self._find(activity, resource, row)
        return self._known[cell]

    def pooled(self, activity: str, resource: str, row: int) -> bool:
        """Say whether an operator shares a cell with others."""
        cell = (activity, resource, row)
        if cell not in self._pooled:
            group = self._rules.group(activity, resource)
            self._pooled[cell] = int((group == group[row]).sum()) > 1
        return self._pooled[cell]

    def _find(self, activity: str, resource: str, row: int) -> tuple[str, str]:
        if not self.pooled(activity, resource, row):
            return self._keys[row], ""
        for alliance in reversed(self._rules.alliances):
            if row in alliance.members and (activity, resource) in alliance.cells:
                return alliance_actor(alliance.id), alliance.id
        raise SimError(f"{activity}.{resource} of {self._keys[row]} is pooled by no alliance")
