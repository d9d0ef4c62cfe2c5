"""Gather from a study's folder everything that its report says."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.report.input import Assumption, ReportInput, ScenarioText, Stamp
from sim.store import open_run
from sim.study.compare import catalogue_of
from sim.study.verdict import gathered
from sim.text import LANGUAGES, Words, number, t

if TYPE_CHECKING:
    from sim.study.result import Study

VILLAGES = {
    "share_in_village": "village_coverage",
    "served": "served_villages_share",
    "pickup_km": "pickup_km",
    "delivery_hours": "delivery_hours_mean",
}
SERVED = 0.5
"""A village counts as served on the map where it was in at least this share of months and replications."""


def report_input(study: Study) -> ReportInput:
    """Return what the report of a study needs; the places come from the baseline's first run."""
    record, metrics = study.record, study.metrics()
    about = record["background"]
    titles, catalogue = study.titles, catalogue_of(metrics)
    places = open_run(study.run_folder(study.baseline, study.seeds[0], study.windows[0])).table("places")
    texts = tuple(
        ScenarioText(name, title, tuple(Words(**line) for line in about["changes"].get(name, ()))) for name, title in titles.items()
    )
    return ReportInput(
        study=study.name,
        title=Words(**record["title"]),
        question=Words(**record["question"]),
        county=Words(**about["county"]),
        scenarios=texts,
        outcomes=study.outcomes,
        differences=study.differences(),
        metrics=metrics,
        places=places,
        services={name: village_service(metrics, places, name, study.windows[0]) for name in titles},
        operators={key: Words(**words) for key, words in about["operators"].items()},
        catalogue=catalogue,
        verdicts=tuple(gathered(study.verdicts, study.baseline, titles, catalogue, len(study.seeds))),
        assumptions=tuple(_assumption(entry) for entry in about["assumptions"]),
        parameters_in_all=about["parameters_in_all"],
        assumptions_in_all=len(about["assumptions"]),
        unknowns=tuple(Words(**words) for words in about["unknowns"]),
        attribution=(Words(about["attribution"], about["attribution"]),),
        stamp=_stamp(study),
        notes=(*study.caveats, *pairing_notes(study)),
    )


def village_service(metrics: pd.DataFrame, places: pd.DataFrame, scenario: str, window: str) -> pd.DataFrame:
    """Return one row for each village: share handed over inside it, whether it is served, km and hours; means over replications."""
    rows = metrics[
        (metrics["scenario"] == scenario) & (metrics["window"] == window) & (metrics["group"] == "village") & (metrics["period"] == "all")
    ]
    means = rows.groupby(["value_of_group", "metric"])["value"].mean().unstack("metric")
    villages = places.loc[places["tier"] == "village", "place"]
    means = means.reindex(index=villages, columns=list(VILLAGES.values())).astype(float)
    table = means.rename(columns={metric: name for name, metric in VILLAGES.items()}).rename_axis(None, axis=1)
    table["served"] = table["served"] >= SERVED
    return table.rename_axis("village").reset_index()


def pairing_notes(study: Study) -> tuple[Words, ...]:
    """Return by how much pairing cut the variance of the differences: over all outcomes shown, and for each the middle alternative."""
    catalogue = catalogue_of(study.metrics())
    table = study.pairing()
    if table.empty:
        return ()
    table = table[table["metric"].isin(study.outcomes)].dropna(subset=["gain"])
    shown = table["gain"].astype(float)
    if shown.empty:
        return ()
    ends = [number(float(value)) for value in (shown.median(), shown.min(), shown.max())]
    zh, en = (t("verdict.pairing", lang, median=ends[0], low=ends[1], high=ends[2], n=len(shown)) for lang in ("zh", "en"))
    gains = shown.groupby(table["metric"], sort=False).median()
    by_metric = []
    for lang in LANGUAGES:
        parts = [t("verdict.gain", lang, metric=catalogue[str(name)].title.text(lang), gain=number(gain)) for name, gain in gains.items()]
        by_metric.append(t("verdict.gains", lang, gains=t("verdict.joiner", lang).join(parts)))
    return (Words(zh, en), Words(*by_metric))


def _assumption(entry: dict[str, Any]) -> Assumption:
    basis = str(entry["source"]).partition(":")[2]
    return Assumption(Words(**entry["name"]), entry["value"], entry["unit"], entry["low"], entry["high"], basis)


def _stamp(study: Study) -> Stamp:
    record, about = study.record, study.record["background"]
    hashes = {name: str(entry["hash"]) for name, entry in record["scenarios"].items()}
    content = json.dumps([record["study"], record["seeds"], record["windows"], hashes], sort_keys=True)
    digest = blake2b(content.encode(), digest_size=16).hexdigest()
    return Stamp(
        str(record["program"]), digest, hashes, study.seeds, about["start"], about["days"], about["warm_up_days"], str(record["command"])
    )
