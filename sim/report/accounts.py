"""The tables of public money, both accounts, alliances and what agents changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from sim.figures.select import TOTAL, differences_of, mean_over_seeds
from sim.ledger.payer import PENALTIES, TREASURY, treasury_actor
from sim.metrics.gains import COUNTED, OWN, PUBLIC
from sim.report.allocations import AllocationRow, allocation_grid, allocation_rows
from sim.report.input import ReportInput
from sim.report.pools import pools
from sim.report.table import Grid, difference_text
from sim.study.added import AGAINST, MOVED, OF_PAIRS
from sim.study.lasting import GROUP as OUTCOME
from sim.study.lasting import METRIC as LASTING
from sim.study.public import value_of
from sim.text import DASH, Lang, known, quantity, t, value_text

Titled = tuple[str, str, Grid]
"""Title, note ("" where there is none), table."""
SPENDING, BALANCE, COUNTY, NATION = "public_spending_yuan", "balance_yuan", "net_benefit_county_yuan", "net_benefit_nation_yuan"
HOUSEHOLDS, CHANGED = "consumer_surplus_yuan", "agents_changed"
VALUES = ("cost_per_new_village_yuan", "deadweight_share", "leverage", "households_better_off_share")
DIFFERENCES = ("served_villages_share", "left_out_people", "jobs_fte")
CLASSES = (*COUNTED, *(treasury_actor(source) for source in (*PUBLIC, "social")))
OUTSIDE = ("networks", "suppliers", "workers", "landlords", "shoppers", "buyers", "others")


class _Table:
    """A table that gives itself to ``allocation_rows``."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    def table(self, name: str) -> pd.DataFrame:
        """Return the table, whatever its name."""
        return self._table


def grids(report: ReportInput, lang: Lang) -> dict[str, list[Titled]]:
    """Return the tables of the page by section."""
    window = report.windows[0] if report.windows else "settled"
    public = [_spending(report, lang, window), _bought(report, lang, window), _lasts(report, lang)]
    who = [*_alliances(report, lang), _changed(report, lang, window)]
    winners = [_accounts(report, lang, window)]
    found = {"public": public, "who": who, "winners": winners}
    return {key: [grid for grid in several if grid is not None] for key, several in found.items()}


def _spending(report: ReportInput, lang: Lang, window: str) -> Titled | None:
    """Return what was spent in the mean of the replications, by source and by programme."""
    rows: list[list[str]] = []
    for group in ("source", "programme", TOTAL):
        means = mean_over_seeds(report.metrics, SPENDING, group, window, parts=True)["value"]
        if group == TOTAL and not (len(means) and means.abs().max() > 0):
            return None
        for value in sorted(set(means.index.get_level_values("value_of_group"))):
            amounts = [float(means.get((name, value), 0.0)) for name in report.titles]
            label = t("report.in_all", lang) if group == TOTAL else t(f"report.by_{group}", lang, name=value_text(group, value, lang))
            if any(amounts):
                rows.append([label, *(quantity(amount, "yuan", lang) for amount in amounts)])
    head = [t("report.spending", lang), *(words.text(lang) for words in report.titles.values())]
    return t("report.spending", lang), t("report.spending_note", lang), Grid(head, rows)


def _bought(report: ReportInput, lang: Lang, window: str) -> Titled | None:
    """Return what the money bought: values of pairs, and differences beside them."""
    rows = _bought_rows(report, lang, (*VALUES, *DIFFERENCES), differences_of(report.differences, None, TOTAL, window))
    beside = differences_of(report.differences, None, AGAINST, window)
    for name in dict.fromkeys(beside["value_of_group"]):
        label = t("report.against", lang, scenario=report.titles[name].text(lang))
        rows += _bought_rows(report, lang, (*MOVED, *OF_PAIRS), beside[beside["value_of_group"] == name], label)
    if not rows:
        return None
    head = [t("report.outcome", lang), *(words.text(lang) for words in report.alternatives.values())]
    return t("report.bought", lang), t("report.bought_note", lang), Grid(head, rows)


def _lasts(report: ReportInput, lang: Lang) -> Titled | None:
    """Return which part of each outcome's effect is left two years after a measure ended, where a study ran so long."""
    table = differences_of(report.differences, LASTING, OUTCOME, "transition")
    rows = []
    for metric in dict.fromkeys(table["value_of_group"]):
        own = {row["alternative"]: row for row in table[table["value_of_group"] == metric].to_dict("records")}
        cells = (value_of(own[name], "share", lang) if name in own else DASH for name in report.alternatives)
        rows.append([report.catalogue[metric].title.text(lang), *cells])
    if not rows:
        return None
    head = [t("report.outcome", lang), *(words.text(lang) for words in report.alternatives.values())]
    return t("report.lasts", lang), t("report.lasts_note", lang), Grid(head, rows)


def _bought_rows(report: ReportInput, lang: Lang, metrics: Sequence[str], table: pd.DataFrame, beside: str = "") -> list[list[str]]:
    """Return a row for each metric that ``table`` holds; ``beside`` says what it compares with, the baseline by default."""
    rows = []
    for metric in metrics:
        own = table[table["metric"] == metric].set_index("alternative")
        if metric not in report.catalogue or own.empty:
            continue
        cells, unit = [], report.catalogue[metric].unit
        for name in report.alternatives:
            row = own.loc[name].to_dict() if name in own.index else None
            if row is None:
                cells.append(DASH)
            else:
                cells.append(value_of(row, unit, lang) if metric in VALUES else difference_text(row, unit, lang))
        title = report.catalogue[metric].title.text(lang)
        rows.append([title + t("report.of_value", lang, name=beside) if beside else title, *cells])
    return rows


def _accounts(report: ReportInput, lang: Lang, window: str) -> Titled | None:
    """Return both accounts: every class of actors with its difference to the baseline and where it counts, then the two sums."""
    classes = differences_of(report.differences, BALANCE, "account", window)
    if classes.empty or BALANCE not in report.catalogue:
        return None
    rows = [[t("report.households_gain", lang), t("report.both_accounts", lang), *_moved(report, HOUSEHOLDS, TOTAL, "", lang, window)]]
    present = set(classes["value_of_group"])
    for name in (*CLASSES, *OUTSIDE):
        if name in present:
            cells = _moved(report, BALANCE, "account", name, lang, window)
            rows.append([value_text("account", name, lang), _counted(name, lang), *cells])
    rows.append(
        [report.catalogue[COUNTY].title.text(lang), t("report.county_account", lang), *_moved(report, COUNTY, TOTAL, "", lang, window)]
    )
    costs = differences_of(report.differences, NATION, "funds_cost", window)
    for cost in dict.fromkeys(costs["value_of_group"]):
        label = report.catalogue[NATION].title.text(lang) + t("report.at_funds_cost", lang, cost=cost)
        rows.append([label, t("report.nation_account", lang), *_moved(report, NATION, "funds_cost", str(cost), lang, window)])
    head = [t("report.account_of", lang), t("report.counted_in", lang), *(words.text(lang) for words in report.alternatives.values())]
    return t("report.accounts", lang), t("report.accounts_note", lang), Grid(head, rows)


def _counted(name: str, lang: Lang) -> str:
    """Return in which account a class counts."""
    if name == "operators":
        return t("report.both_in_part", lang)
    if name == PENALTIES:
        return t("report.nation_account", lang)
    if name in COUNTED or name.removeprefix(TREASURY) in OWN:
        return t("report.both_accounts", lang)
    return t("report.nation_account", lang) if name.startswith(TREASURY) else t("report.no_account", lang)


def _moved(report: ReportInput, metric: str, group: str, value: str, lang: Lang, window: str, unit: str = "yuan") -> Iterator[str]:
    rows = differences_of(report.differences, metric, group, window)
    own = rows[rows["value_of_group"] == value].set_index("alternative")
    for name in report.alternatives:
        if name not in own.index or not known(float(own.loc[name, "mean"])):  # type: ignore[arg-type]
            yield DASH
            continue
        yield difference_text(own.loc[name].to_dict(), unit, lang)


def _changed(report: ReportInput, lang: Lang, window: str) -> Titled | None:
    """Return how many agents are not as the levers left them, mean of the replications, and how many more or fewer than in the baseline."""
    means = mean_over_seeds(report.metrics, CHANGED, "agent_kind", window)["value"]
    if means.empty:
        return None
    kinds = list(dict.fromkeys(means.index.get_level_values("value_of_group")))
    rows = []
    for kind in kinds:
        rows.append([value_text("agent_kind", kind, lang), *(f"{float(means.get((name, kind), 0.0)):,.0f}" for name in report.titles)])
        rows.append([t("report.to_baseline", lang), DASH, *_moved(report, CHANGED, "agent_kind", kind, lang, window, "")])
    head = [t("report.agents", lang), *(words.text(lang) for words in report.titles.values())]
    return t("report.decided", lang), t("report.decided_note", lang), Grid(head, rows)


def _alliances(report: ReportInput, lang: Lang) -> Iterator[Titled]:
    """Return a table for each scenario with alliances, one for those whose members bear the same."""
    alike: dict[tuple[AllocationRow, ...], list[str]] = {}
    for name, table in report.alliances.items():
        rows = tuple(allocation_rows(_Table(table)))
        if rows:
            alike.setdefault(rows, []).append(report.titles[name].text(lang))
    for rows, titles in alike.items():
        of = t("report.of_scenario", lang, scenario=t("verdict.joiner", lang).join(titles))
        grid = allocation_grid(list(rows), {**pools(), **report.operators}, lang)
        yield t("report.allocations", lang) + of, t("report.allocations_note", lang), grid
