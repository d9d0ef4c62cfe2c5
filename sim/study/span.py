"""The runs over a study's assumptions, from points to what is written of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.model import Study as Design
from sim.study.assumed import (
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
from sim.study.screen import keeping, missed, screen, signed
from sim.study.statistics import Floats
from sim.study.task import Task
from sim.study.uncertain import Uncertain
from sim.study.verdict import OF_PAIRS, kind_of
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
        self.planned = self.asked.by == "plans"
        self.days = 1.0 if self.planned else design.scenarios[0].days / self.asked.days
        self._metrics = points_metrics(tasks)
        self.totals = grows_with_days(self._metrics)
        self.differences = {name: point_differences(self._metrics, self.base, name) for name in self.others}
        self.metric = self._first()
        """The outcome whose verdict is told: the first of the study that these runs have."""
        told = [name for name in design.outcomes if name in set(self._metrics["metric"]) and name not in OF_PAIRS]
        self.screened = {
            name: {metric: strongest(d, metric, found, points, seed) for metric in told} for name, d in self.differences.items()
        }
        """What each outcome of each alternative goes with."""
        self.responses = {name: of.get(self.metric, []) for name, of in self.screened.items()}
        self.turnings: list[Turning] = []

    def _first(self) -> str:
        known = set(self._metrics["metric"])
        return next((name for name in self.design.outcomes if name in known), "")

    def chosen(self) -> list[Uncertain]:
        """Return the assumptions to run alone: those that any alternative's first outcome responds to most, then those of the others."""
        ranked = [
            (metric != self.metric, place, -abs(r.rho), r.path)
            for of in self.screened.values()
            for metric, found in of.items()
            for place, r in enumerate(found)
            if metric == self.metric or r.clear
        ]
        paths = list(dict.fromkeys(path for *_, path in sorted(ranked)))[: self.asked.ends]
        return [u for u in self.found if u.path in paths]

    def ends(self) -> dict[str, dict[str, float]]:
        """Return the points at which these stand alone at their ends."""
        return ends_of(self.chosen())

    def with_ends(self, tasks: Sequence[Task]) -> None:
        """Take the runs at the ends."""
        if tasks:
            alone, chosen = points_metrics(tasks), self.chosen()
            for name, d in self.differences.items():
                both = pd.concat([d[[DEFAULT]], point_differences(alone, self.base, name)], axis=1)
                self.turnings += turnings(both, name, self.design.outcomes, chosen, self.totals, self.days)

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
            "screened": {name: {m: [asdict(r) for r in found] for m, found in of.items()} for name, of in self.screened.items()},
            "alone": [u.path for u in self.chosen()],
            "turnings": [asdict(turn) for turn in self.turnings],
            "said": [{"zh": words.zh, "en": words.en} for words in said],
        }

    def _how(self) -> Words:
        stated, asked = sum(u.stated for u in self.found), self.asked
        told = {"n": len(self.found), "stated": stated, "spread": whole_share(asked.spread)}
        told |= {"samples": asked.samples, "seeds": asked.seeds, "days": asked.days}
        return Words(*(t("assumed.how_planned" if self.planned else "assumed.how", lang, **told) for lang in LANGUAGES))

    def _said(self, table: pd.DataFrame, titles: Mapping[str, Words], catalogue: Mapping[str, MetricText]) -> list[Words]:
        own = table[table["metric"].isin(self.design.outcomes) & (table["group"] == "") & (table["window"] == "settled")]
        rows: dict[str, dict[str, Mapping[Any, Any]]] = {name: {} for name in self.others}
        for row in own.to_dict("records"):
            rows[row["alternative"]][row["metric"]] = row
        assumptions, alone = {u.path: u for u in self.found}, {u.path for u in self.chosen()}
        lines: list[Words] = []
        for name in self.others:
            first = rows[name].get(self.metric)
            if first is None:
                continue
            over = {metric: self._over_points(name, metric) for metric in self.screened[name]}
            turned = [turn for turn in self.turnings if turn.alternative == name]
            found = self.responses[name]
            of_first = [turn for turn in turned if turn.metric == self.metric]
            lines += hinge(
                titles[name], catalogue[self.metric], kind_of(first), of_first, found, over[self.metric], assumptions, len(alone)
            )
            signs = signed({metric: row for metric, row in rows[name].items() if metric in over and metric != self.metric})
            lines += screen(titles[name], keeping(signs, over), self.screened[name], turned, signs, catalogue, assumptions)
        off = missed(rows, titles, catalogue, None if self.planned else self.asked.days)
        return [*lines, off] if off is not None else lines

    def _over_points(self, name: str, metric: str) -> Floats:
        """Return an alternative's differences in a metric over the points of the hypercube, scaled to the study's days."""
        if (metric, "", "") not in self.differences[name].index:
            return np.zeros(0)
        names = [point for point in self.points if point != DEFAULT]
        d = np.asarray(of_county(self.differences[name], metric)[names].dropna(), np.float64)
        return d * (self.days if metric in self.totals else 1.0)
