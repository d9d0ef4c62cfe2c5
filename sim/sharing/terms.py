"""The terms of an alliance: who may be in it, how its cost is shared, and what joining and leaving take."""

from __future__ import annotations

from dataclasses import dataclass

NEED_ALL = frozenset({"shapley"})
"""Rules that ask for the cost of every coalition."""


@dataclass(frozen=True)
class Terms:
    """One joint-distribution lever's terms. ``candidates`` are operator rows; ``threshold`` is a share of what a member would cost alone,
    ``core_tolerance`` of what all together cost; ``horizon_months`` spreads the switching cost."""

    id: str
    candidates: tuple[int, ...]
    rule: str = "volume"
    voluntary: bool = False
    notice_days: int = 0
    switching_yuan: float = 0.0
    horizon_months: float = 12.0
    threshold: float = 0.0
    core_tolerance: float = 0.0
    check_core: bool = False

    @property
    def all_coalitions(self) -> bool:
        """Return whether every coalition's cost is asked for."""
        return self.check_core or self.rule in NEED_ALL

    def patience(self, alone: float) -> float:
        """Return how much worse off, yuan a day, a member that would cost ``alone`` stays: its threshold and the switching cost a day."""
        return self.threshold * alone + self.switching_yuan / (self.horizon_months * 365 / 12)
