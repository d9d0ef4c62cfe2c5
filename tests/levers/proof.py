"""What shows that a kind of lever works in a whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.levers import Lever
from sim.run import Run

LOWER, HIGHER = -1, 1


@dataclass(frozen=True)
class Way:
    """Which way a metric goes under a lever, and why, for a county planner."""

    metric: str
    way: int
    why: str
    group: tuple[str, str] | None = None
    """(group, value) of the metric; the county's total unless given."""


@dataclass(frozen=True)
class Proof:
    """What shows that a kind of lever works: settings of no strength, settings of full strength and what these must move."""

    zero: tuple[dict[str, Any], ...]
    full: dict[str, Any]
    moves: tuple[Way, ...]
    beside: tuple[dict[str, Any], ...] = ()
    """Levers that stand before it, in the run it is compared with too."""
    season: str = ""
    """Start of the run on the orchard county; the small county's own unless given."""


def kind_of(lever: type[Lever]) -> str:
    """Return the word by which scenarios call a kind."""
    return str(lever.model_fields["kind"].default)


def wrong_ways(kind: str, proof: Proof, baseline: Run, made: Run) -> list[str]:
    """Return the metrics that did not go the way they should."""
    wrong = []
    for move in proof.moves:
        before, after = (run.metric(move.metric, group=move.group) for run in (baseline, made))
        print(f"{kind}: {move.metric} {before:.4g} -> {after:.4g} ({'higher' if move.way > 0 else 'lower'}: {move.why})")
        if not (after - before) * move.way > 0:
            wrong.append(f"{move.metric} {before:.4g} -> {after:.4g}, although {move.why}")
    return wrong
