"""A finished study as the page shows it: differences, verdicts, who pays whom, villages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError
from sim.metrics.gains import class_of
from sim.scenario import shipped
from sim.store import open_run
from sim.telling import report_input
from sim.text import LANGUAGES, Words, value_text
from sim.web.draft import Draft, read
from sim.web.numbers import rows

if TYPE_CHECKING:
    import pandas as pd

    from sim.api import Study
    from sim.report.input import ReportInput

FIGURES = {
    "operators": ("carrier", "carrier_profit_yuan"),
    "cost": ("leg", "cost_per_parcel_yuan"),
    "remoteness": ("remoteness", "consumer_surplus_yuan"),
    "age": ("age", "consumer_surplus_yuan"),
    "coverage": ("remoteness", "village_coverage"),
    "hours": ("remoteness", "delivery_hours_mean"),
}
"""The figures by group: which group of which metric each shows."""
PRODUCE = (
    "produce_kg", "produce_up_kg", "produce_loss_share", "farm_price_yuan_kg", "farm_net_price_yuan_kg", "farmer_income_yuan",
    "online_share", "farms_online_share", "cold_chain_share",
)  # fmt: skip
"""What the figure of produce shows, where a study has any."""


def comparison(study: Study, beside: Path | None = None) -> dict[str, Any]:
    """Return everything that the comparison shows of a study, as plain data; numbers are those of ``study.differences()``."""
    return _comparison(study.folder, (study.folder / "study.json").stat().st_mtime_ns, beside)


@lru_cache(maxsize=4)
def _comparison(folder: Any, _changed: int, beside: Path | None) -> dict[str, Any]:
    from sim.api import Study
    from sim.study.result import read

    found = read(folder)
    study = Study(found.folder, found.record)
    told = report_input(study)
    window = told.windows[0]
    table = told.differences.astype({"metric": str, "group": str, "alternative": str, "unit": str, "window": str, "better": str})
    table = table[table["window"] == window]
    totals = _ordered(table[table["group"] == ""], told.outcomes)
    return {
        "study": study.name,
        "title": _both(told.title),
        "question": _both(told.question),
        "county": _both(told.county),
        "credit": [_both(words) for words in told.attribution],
        "baseline": study.baseline,
        "window": window,
        "start": told.stamp.start,
        "days": told.stamp.days,
        "warm_up_days": told.stamp.warm_up_days,
        "titles": {name: _both(words) for name, words in told.titles.items()},
        "changes": {scenario.id: [_both(line) for line in scenario.lines] for scenario in told.scenarios},
        "seeds": list(study.seeds),
        "command": told.stamp.command,
        "drafts": _drafts(study, beside),
        "totals": rows(totals, told.catalogue),
        "figures": {name: _figure(table, group, metric, told) for name, (group, metric) in FIGURES.items()},
        "produce": rows(_ordered(table[(table["group"] == "") & (table["baseline"].fillna(0) != 0)], PRODUCE), told.catalogue),
        "answers": [{"title": _both(a.title), "lines": [_both(line) for line in a.lines]} for a in told.answers],
        "verdicts": [_both(words) for words in told.verdicts],
        "caveats": [_both(words) for words in (*told.notes, *told.equal_service, *told.assumed)],
        "flows": {name: _flows(study, name, window, told) for name in told.titles},
        "villages": {name: _plain(service[["village", "share_in_village", "delivery_hours"]]) for name, service in told.services.items()},
        "places": _places(told.places),
        "runs": {name: [_run(study, name, seed, window) for seed in study.seeds[:1]] for name in told.titles},
    }


def _ordered(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the rows of some metrics, in the order of their names."""
    own = table[table["metric"].isin(names)]
    order = {name: row for row, name in enumerate(names)}
    return own.iloc[own["metric"].map(order).argsort(kind="stable")]


def _figure(table: pd.DataFrame, group: str, metric: str, told: ReportInput) -> list[dict[str, Any]]:
    own = table[(table["group"] == group) & (table["metric"] == metric)]
    made = rows(own, told.catalogue)
    for row in made:
        row["name"] = {lang: value_text(group, row["value_of_group"], lang, told.operators) for lang in LANGUAGES}
    return made


def role(actor: str) -> str:
    """Return the class of an actor of the books (hosts, farmers, networks, suppliers are one each); operators stay who they are."""
    found = class_of(actor, frozenset())
    return actor if found == "others" else found


def _flows(study: Study, scenario: str, window: str, told: ReportInput) -> list[dict[str, Any]]:
    """Return who pays whom how much over the days that count, in the first replication; fen of the table, summed."""
    run = open_run(study.run_folder(scenario, study.seeds[0], window))
    days, money = run.manifest["window"], run.table("money")
    money = money[money["day"].between(days["first_day"], days["last_day"])]
    actors = money.groupby(["payer", "payee"], as_index=False)["amount_fen"].sum()
    ends = actors.assign(payer=actors["payer"].map(role), payee=actors["payee"].map(role))
    sums = ends.groupby(["payer", "payee"], as_index=False)["amount_fen"].sum()
    return [
        {"payer": payer, "payee": payee, "fen": int(fen), "names": [_actor(payer, told), _actor(payee, told)]}
        for payer, payee, fen in zip(sums["payer"], sums["payee"], sums["amount_fen"], strict=True)
    ]


def _actor(name: str, told: ReportInput) -> dict[str, str]:
    return {lang: value_text("account", name, lang, told.operators) for lang in LANGUAGES}


def _drafts(study: Study, beside: Path | None) -> list[Draft] | None:
    """Return the drafts of the baseline and the first alternative, None where the page did not make the study."""
    files = [study.folder / f"{name}{shipped.SUFFIX}" for name in (study.baseline, study.alternatives[0])]
    if not all(file.is_file() for file in files):
        return None
    with TemporaryDirectory(prefix="guantong-") as folder:
        try:
            return [read(file.read_text(encoding="utf-8"), Path(folder), beside) for file in files]
        except ScenarioError:
            return None


def _plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {name: table[name].astype(object).where(table[name].notna(), None).tolist() for name in table.columns}


def _places(places: pd.DataFrame) -> dict[str, list[Any]]:
    own = places[places["tier"].isin(["village", "township", "county"])]
    return {
        name: own[column].tolist()
        for name, column in (("key", "place"), ("zh", "name_zh"), ("en", "name_en"), ("lon", "lon"), ("lat", "lat"), ("tier", "tier"))
    }


def _run(study: Study, scenario: str, seed: int, window: str) -> dict[str, Any]:
    folder = study.run_folder(scenario, seed, window)
    return {"seed": seed, "folder": folder.relative_to(study.folder).as_posix()}


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
