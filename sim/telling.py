"""Gather from a study's folder everything that its report says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.report.allocations import allocation_rows
from sim.report.input import Answer, Assumption, ReportInput, ScenarioText, Stamp
from sim.report.one_run import RunInput
from sim.store import attribution, credit, open_run
from sim.study.brief import briefs, equal_service
from sim.study.compare import catalogue_of
from sim.study.verdict import gathered
from sim.text import LANGUAGES, MetricText, Words, number, t

if TYPE_CHECKING:
    from sim.store import StoredRun
    from sim.study.result import Study
    from sim.world.county import County

VILLAGES = {
    "share_in_village": "village_coverage",
    "served": "served_villages_share",
    "pickup_km": "pickup_km",
    "delivery_hours": "delivery_hours_mean",
}
SERVED = 0.5
"""A village counts as served on the map where it was in at least this share of months and replications."""
MANY = 1_000.0
"""A larger gain of pairing says only that the measure hardly moves the outcome."""


def report_input(study: Study) -> ReportInput:
    """Return what the report of a study needs; the places come from the baseline's first run."""
    record, metrics = study.record, named(study.metrics())
    about = record["background"]
    titles, catalogue = study.titles, catalogue_of(metrics)
    places = open_run(study.run_folder(study.baseline, study.seeds[0], study.windows[0])).table("places")
    differences, whole = named(study.differences()), metrics[metrics["period"] == "all"]
    operators = {key: Words(**words) for key, words in about["operators"].items()}
    return ReportInput(
        study=study.name,
        title=Words(**record["title"]),
        question=Words(**record["question"]),
        county=Words(**about["county"]),
        scenarios=tuple(_scenario(study, name, title) for name, title in titles.items()),
        outcomes=study.outcomes,
        differences=differences,
        metrics=whole,
        places=places,
        services={name: village_service(metrics, places, name, study.windows[0]) for name in titles},
        operators=operators,
        catalogue=catalogue,
        verdicts=tuple(gathered(study.verdicts, study.baseline, titles, catalogue, len(study.seeds))),
        assumptions=tuple(_assumption(entry) for entry in about["assumptions"]),
        parameters_in_all=about["parameters_in_all"],
        assumptions_in_all=len(about["assumptions"]),
        unknowns=tuple(Words(**words) for words in about["unknowns"]),
        attribution=(_said(about["attribution"]),),
        stamp=_stamp(study),
        notes=(*study.caveats, *pairing_notes(study)),
        answers=tuple(answers(study, differences, catalogue, operators)),
        equal_service=equal_service(whole, titles, catalogue, study.baseline),
        assumed=tuple(Words(**words) for words in (study.assumptions or {}).get("said", ())),
        alliances=_alliances(study, titles),
        periods=over_time(metrics),
        crops={key: Words(**words) for key, words in about.get("crops", {}).items()},
    )


OVER_TIME = ("picked_kg", "cold_stock_kg", "cold_capacity_kg", "farms_online_share")


def over_time(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by month and week of the metrics that figures show over time."""
    return metrics[metrics["metric"].isin(OVER_TIME) & (metrics["period"] != "all")]


def _alliances(study: Study, titles: Mapping[str, Words]) -> dict[str, pd.DataFrame]:
    """Return the allocations of each scenario's first run, where it has an alliance; expected parcels hold no luck."""
    found = {name: open_run(study.run_folder(name, study.seeds[0], study.windows[0])).table("allocations") for name in titles}
    return {name: table for name, table in found.items() if len(table)}


NAMED = ("scenario", "alternative", "metric", "unit", "group", "window", "period", "better")


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns of few names are categories: a report asks for one name after another."""
    return table.astype({name: "category" for name in NAMED if name in table.columns})


def village_service(metrics: pd.DataFrame, places: pd.DataFrame, scenario: str, window: str) -> pd.DataFrame:
    """Return one row for each village: share handed over inside it, whether it is served, km and hours; means over replications."""
    rows = metrics[
        (metrics["scenario"] == scenario) & (metrics["window"] == window) & (metrics["group"] == "village") & (metrics["period"] == "all")
    ]
    means = rows.groupby(["value_of_group", "metric"], observed=True)["value"].mean().unstack("metric")
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
    ends = [_times(float(value)) for value in (shown.median(), shown.min(), shown.max())]
    zh, en = (t("verdict.pairing", lang, median=ends[0], low=ends[1], high=ends[2], n=len(shown)) for lang in ("zh", "en"))
    gains = shown.groupby(table["metric"], sort=False).median()
    by_metric = []
    for lang in LANGUAGES:
        parts = [t("verdict.gain", lang, metric=catalogue[str(name)].title.text(lang), gain=_times(gain)) for name, gain in gains.items()]
        by_metric.append(t("verdict.gains", lang, gains=t("verdict.joiner", lang).join(parts)))
    return (Words(zh, en), Words(*by_metric))


def _times(gain: float) -> str:
    """Return a gain in words: what a measure hardly moves has any number of them."""
    return number(gain) if gain < MANY else f">{number(MANY)}"


def answers(
    study: Study, differences: pd.DataFrame, catalogue: Mapping[str, MetricText], operators: Mapping[str, Words]
) -> Iterator[Answer]:
    """Yield what each alternative does, the window said where it is not the settled one."""
    for brief in briefs(differences, study.outcomes, study.titles, catalogue, operators, len(study.seeds)):
        zh, en = (
            brief.title.text(lang) if brief.window == "settled" else t("verdict.in_transition", lang, sentence=brief.title.text(lang))
            for lang in LANGUAGES
        )
        yield Answer(Words(zh, en), brief.lines)


def _scenario(study: Study, name: str, title: Words) -> ScenarioText:
    """Return a scenario as the report tells it; what it asks is no change."""
    asked = study.record["scenarios"][name]["resolved"].get("question")
    asks = Words(**asked) if isinstance(asked, dict) else Words(asked, asked) if isinstance(asked, str) else None
    lines = tuple(Words(**line) for line in study.record["background"]["changes"].get(name, ()))
    return ScenarioText(name, title, tuple(line for line in lines if line != asks), asks)


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


def run_input(run: StoredRun) -> RunInput:
    """Return what the report of a single run needs."""
    import yaml

    scenario = yaml.safe_load((run.folder / "scenario.yaml").read_text(encoding="utf-8"))
    name, title = str(run.manifest["scenario"]), scenario.get("title")
    metrics = run.table("metrics").assign(scenario=name, seed=run.manifest["seed"], window="settled")
    metrics[["group", "value_of_group"]] = metrics[["group", "value_of_group"]].fillna("")
    whole, places = metrics[metrics["period"] == "all"], run.table("places")
    return RunInput(
        name=name,
        title=Words(**title) if isinstance(title, dict) else Words(title or name, title or name),
        seed=int(run.manifest["seed"]),
        start=str(run.manifest["start"]),
        days=int(scenario["days"]),
        warm_up_days=int(scenario["warm_up_days"]),
        program=str(run.manifest["program"]),
        scenario_hash=str(run.manifest["scenario_hash"]),
        metrics=whole,
        places=places,
        service=village_service(whole, places, name, "settled"),
        catalogue=catalogue_of(whole),
        attribution=_attribution(run),
        periods=over_time(metrics),
        crops=_crops(run),
        allocations=tuple(allocation_rows(run)),
        operators=_operators(scenario.get("operators") or ()),
    )


def _operators(changes: Sequence[Mapping[str, Any]]) -> dict[str, Words]:
    """Return the operators' names by key: the default ones and what a scenario changes."""
    from sim.world.operators import default_operators

    names = {o.key: Words(o.name.zh, o.name.en) for o in default_operators() if o.name is not None}
    return names | {change["key"]: Words(**change["name"]) for change in changes if change.get("name")}


def _counties(run: StoredRun) -> list[County]:
    """Return the counties whose folders the run was made of, as far as they are still there."""
    from sim.world.tables import read_county

    cards = [Path(path) for path in run.manifest["inputs"] if Path(path).name == "county.yaml"]
    return [read_county(card.parent) for card in cards if card.is_file()]


def _said(text: str | Mapping[str, str]) -> Words:
    """Return what a study recorded: older records have one text for both languages."""
    return Words(text, text) if isinstance(text, str) else Words(**text)


def _attribution(run: StoredRun) -> tuple[Words, ...]:
    """Return the county's attribution as the run has kept it, else from the folder that it was made of, where that is still there."""
    kept = attribution(run.manifest)
    return (kept,) if kept else tuple(county.card.attribution for county in _counties(run)) or (credit(run.manifest),)


def _crops(run: StoredRun) -> dict[str, Words]:
    grown = [county.crops for county in _counties(run) if county.crops is not None]
    return {key: Words(zh, en) for crops in grown for key, zh, en in zip(crops.key, crops.name_zh, crops.name_en, strict=True)}
