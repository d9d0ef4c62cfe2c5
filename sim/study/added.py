"""What public money adds to a scenario that has all the other levers already: the subsidy beside pooling alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.scenario.model import Scenario
from sim.study.pairs import pair_rows
from sim.study.statistics import differences
from sim.study.task import Task

if TYPE_CHECKING:
    from sim.text import MetricText

AGAINST = "against"
"""Group of these rows; its value is the scenario that an alternative is compared with instead of the baseline."""
MOVED = ("public_spending_yuan", "served_villages_share")
OF_PAIRS = ("cost_per_new_village_yuan", "deadweight_share", "leverage")
NAMES = ("name", "title", "question")


def within(scenarios: Sequence[Scenario]) -> list[tuple[str, str]]:
    """Return the pairs (smaller, larger) of alternatives that differ by levers alone that spend public money; the baseline is the first.

    The larger one has all levers of the smaller one as they are, and further ones, each of which draws on a programme.
    """
    content = {scenario.name: scenario.resolved() for scenario in scenarios[1:]}
    return [
        (small, large) for small, less in content.items() for large, more in content.items() if small != large and _only_money(less, more)
    ]


def _only_money(less: Mapping[str, Any], more: Mapping[str, Any]) -> bool:
    own, all_of = ({lever["id"]: lever for lever in content["levers"]} for content in (less, more))
    further = [lever for name, lever in all_of.items() if name not in own]
    if not own or not further or any(all_of.get(name) != lever for name, lever in own.items()):
        return False
    programmes = less.get("programmes", {})
    if any(more.get("programmes", {}).get(name) != budget for name, budget in programmes.items()):
        return False
    rest = [{key: value for key, value in c.items() if key not in (*NAMES, "levers", "programmes")} for c in (less, more)]
    return rest[0] == rest[1] and all("programme" in lever for lever in further)


def added_rows(
    metrics: pd.DataFrame, tasks: Sequence[Task], scenarios: Sequence[Scenario], catalogue: Mapping[str, MetricText]
) -> pd.DataFrame:
    """Return rows like those of ``differences`` with the smaller scenario in the baseline's place, its name as value of ``against``.

    ``metrics`` are those of whole periods.
    """
    frames = []
    totals = metrics[(metrics["group"] == "") & metrics["metric"].isin(MOVED)]
    better = {name: catalogue[name].better for name in MOVED if name in catalogue}
    for small, large in within(scenarios):
        pairs = pair_rows(metrics, [task for task in tasks if task.scenario.name in (small, large)], small, [large])
        pairs = pairs[(pairs["group"] == "") & pairs["metric"].isin(OF_PAIRS)]
        for rows in (differences(totals, small, [large], better), pairs):
            frames.append(rows.assign(group=AGAINST, value_of_group=small))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
