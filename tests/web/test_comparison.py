"""What the comparison shows of a study is what the study says."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.web.comparison import comparison


def test_the_delivery_time_of_each_village_is_the_mean_of_the_replications(results: Path) -> None:
    study = sim.open(results / "small")
    told, metrics = comparison(study), study.metrics()
    own = metrics[(metrics["metric"] == "delivery_hours_mean") & (metrics["group"] == "village") & (metrics["period"] == "all")]
    for name in study.titles:
        means = own[own["scenario"] == name].groupby("value_of_group", observed=True)["value"].mean()
        shown = dict(zip(told["villages"][name]["village"], told["villages"][name]["delivery_hours"], strict=True))
        assert {key: hours for key, hours in shown.items() if hours is not None} == pytest.approx(means.dropna().to_dict())
        assert len(shown) == sum(tier == "village" for tier in told["places"]["tier"])
        assert len(means.dropna()) > 3
