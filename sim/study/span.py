"""The runs over a study's assumptions, from points to what is written of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.model import Study as Design
from sim.study.assumed import (
    Response,
    Turning,
    grows_with_days,
    of_county,
    point_differences,
    points_metrics,
    strongest,
    turnings,
    with_ranges,
)
from sim.study.hinge import hinge
from sim.study.hypercube import DEFAULT, ends_of
from sim.study.task import Task
from sim.study.uncertain import Uncertain
from sim.study.verdict import kind_of
from sim.text import LANGUAGES, MetricText, Words, t, whole_share

PER_VILLAGE, LEAST = "cost_per_new_village_yuan", 0.5
"""Below half a village more or less, the cost of one more is undefined at a point."""


class Span:
    """Everything that follows from the points: which assumptions to run alone, ranges, turning values, sentences."""

    def __init__(
        self, design: Design, found: Sequence[Uncertain], points: Mapping[str, Mapping[str, float]], tasks: Sequence[Task], seed: int
    ) -> None:
        assert design.assumptions is not None
        self.design, self.asked, self.found, self.points, self.seed = design, design.assumptions, found, points, seed
        self.base, self.others = design.scenarios[0].name, [scenario.name for scenario in design.scenarios[1:]]
        self.days = design.scenarios[0].days / self.asked.days
        self._metrics = points_metrics(tasks)
        self.totals = grows_with_days(self._metrics)
        self.differences = {name: point_differences(self._metrics, self.base, name) for name in self.others}
        self.metric = self._first()
        """The outcome whose verdict is told: the first of the study that these runs have."""
        self.responses = {name: strongest(d, self.metric, found, points, seed) for name, d in self.differences.items()}
        self.turnings: list[Turning] = []

    def _first(self) -> str:
        known = set(self._metrics["metric"])
        return next((name for name in self.design.outcomes if name in known), "")

    def chosen(self) -> list[Uncertain]:
        """Return the assumptions to run alone: those that any alternative's first outcome responds to most."""
        ranked = [(place, -abs(r.rho), r.path) for found in self.responses.values() for place, r in enumerate(found)]
        paths = list(dict.fromkeys(path for *_, path in sorted(ranked)))[: self.asked.ends]
        return [u for u in self.found if u.path in paths]

    def ends(self) -> dict[str, dict[str, float]]:
        """Return the points at which these stand alone at their ends."""
        return ends_of(self.chosen())

    def with_ends(self, tasks: Sequence[Task]) -> Span:
        """Take the runs at the ends."""
        if tasks:
            alone, chosen = points_metrics(tasks), self.chosen()
            for name, d in self.differences.items():
                both = pd.concat([d[[DEFAULT]], point_differences(alone, self.base, name)], axis=1)
                self.turnings += turnings(both, name, self.design.outcomes, chosen, self.totals, self.days)
        return self

    def fill(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the study's differences with the ranges over the assumptions."""
        filled = with_ranges(table, self.differences, self.totals, self.days)
        for name, d in self.differences.items():
            low, high = self._village(d)
            own = (filled["metric"] == PER_VILLAGE) & (filled["alternative"] == name) & (filled["window"] == "settled")
            filled.loc[own, ["parameter_low", "parameter_high"]] = low, high
        return filled

    def _village(self, d: pd.DataFrame) -> tuple[float, float]:
        """Return the range over the points of the public cost of a newly served village; none where it is undefined at any of them."""
        served = self._metrics[(self._metrics["metric"] == "served_villages_share") & (self._metrics["group"] == "")]
        keys = [(name, "", "") for name in ("public_spending_yuan", "served_villages_share")]
        if not len(served) or any(key not in d.index for key in keys):
            return np.nan, np.nan
        spent, share = (np.asarray(of_county(d, name), np.float64) for name, *_ in keys)
        villages = share * int(served["n"].iloc[0])
        if not (np.all(villages >= LEAST) or np.all(villages <= -LEAST)):
            return np.nan, np.nan
        cost = spent * self.days / villages
        return float(cost.min()), float(cost.max())

    def record(self, table: pd.DataFrame, titles: Mapping[str, Words], catalogue: Mapping[str, MetricText]) -> dict[str, Any]:
        """Return what the study's record says of it, as plain data."""
        said = self._how(), *self._said(table, titles, catalogue)
        return {
            **self.asked.model_dump(),
            "metric": self.metric,
            "varied": [{**asdict(u), "name": {"zh": u.name.zh, "en": u.name.en}} for u in self.found],
            "responses": {name: [asdict(r) for r in found] for name, found in self.responses.items()},
            "turnings": [asdict(turn) for turn in self.turnings],
            "said": [{"zh": words.zh, "en": words.en} for words in said],
        }

    def _how(self) -> Words:
        stated, asked = sum(u.stated for u in self.found), self.asked
        told = {"n": len(self.found), "stated": stated, "spread": whole_share(asked.spread)}
        told |= {"samples": asked.samples, "seeds": asked.seeds, "days": asked.days}
        return Words(*(t("assumed.how", lang, **told) for lang in LANGUAGES))

    def _said(self, table: pd.DataFrame, titles: Mapping[str, Words], catalogue: Mapping[str, MetricText]) -> list[Words]:
        own = table[(table["metric"] == self.metric) & (table["group"] == "") & (table["window"] == "settled")]
        rows = {row["alternative"]: row for row in own.to_dict("records")}
        names = [name for name in self.points if name != DEFAULT]
        assumptions, factor = {u.path: u for u in self.found}, self.days if self.metric in self.totals else 1.0
        lines: list[Words] = []
        for name in self.others:
            if name not in rows:
                continue
            d = np.asarray(of_county(self.differences[name], self.metric)[names].dropna(), np.float64) * factor
            turned = [turn for turn in self.turnings if turn.alternative == name and turn.metric == self.metric]
            responses: list[Response] = self.responses[name]
            lines += hinge(titles[name], catalogue[self.metric], kind_of(rows[name]), turned, responses, d, assumptions)
        return lines
