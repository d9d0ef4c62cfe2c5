"""What the pools of alliances are called."""

from __future__ import annotations

from sim.levers.joint_distribution import JointDistribution
from sim.text import Words


def pools() -> dict[str, Words]:
    """Return the name of the pool that a scenario makes without naming it."""
    return {JointDistribution.model_fields["kind"].default: JointDistribution.title}
