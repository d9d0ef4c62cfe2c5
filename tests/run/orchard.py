"""Run scenarios on the orchard county of the tests: strawberries until April, dried pepper in July and August, pears from late August."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.scenario.model import Origin, Scenario

ORCHARD = Path(__file__).parents[1] / "counties" / "orchard"
PEARS, STRAWBERRIES = "2021-08-25", "2021-03-10"


def orchard(
    levers: Sequence[dict[str, Any]] = (), *, start: str = PEARS, days: int = 20, warm_up: int = 5, produce: dict[str, Any] | None = None,
    **parameters: dict[str, Any],
) -> Scenario:  # fmt: skip
    """Return a scenario in which the orchard's farms sell, unsorted and without a season before; ``produce`` are sections of
    ``parameters.produce``."""
    own: dict[str, Any] = {"grading": {"active": False}} | (produce or {})
    own["learning"] = {"season_before": False} | own.get("learning", {})
    content = {
        "format": 1, "name": "orchard", "county": ORCHARD.name, "start": start, "days": days, "warm_up_days": warm_up,
        "levers": list(levers), "parameters": {"produce": {"active": True, **own}, **parameters},
    }  # fmt: skip
    return Scenario.model_validate(content).at(Origin(county_folder=ORCHARD))
