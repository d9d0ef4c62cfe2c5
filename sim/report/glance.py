"""The answer at a glance: a line for each policy, a column for each of the outcomes that a planner asks for first."""

from __future__ import annotations

from typing import NamedTuple

from sim.figures.select import TOTAL
from sim.report.input import ReportInput
from sim.report.table import Cell, split_rows
from sim.text import DASH, Lang

COLUMNS = (
    "cost_per_parcel_yuan",
    "village_coverage",
    "delivery_hours_mean",
    "produce_loss_share",
    "online_share",
    "farmer_income_per_farm_yuan",
    "carrier_profit_yuan",
    "host_income_yuan",
    "public_spending_yuan",
    "net_benefit_county_yuan",
)
"""Those of them that a study has."""
BESIDE = ("net_benefit_county_yuan",)
"""Their level says nothing, only the difference does."""


class Glance(NamedTuple):
    """Heads of the columns, the baseline's values, and each alternative's title and cells."""

    head: list[str]
    baseline: list[str]
    alternatives: list[tuple[str, list[Cell | None]]]


def glance(report: ReportInput, lang: Lang) -> Glance:
    """Return the table of the first window; without columns where the study has none of them."""
    wanted = [(metric, TOTAL, "") for metric in COLUMNS if metric in report.catalogue]
    rows = split_rows(report, wanted, report.windows[0], lang) if report.windows else []
    titles = [words.text(lang) for words in report.alternatives.values()]
    return Glance(
        [row.title for row in rows],
        [DASH if row.metric in BESIDE else row.baseline for row in rows],
        [(title, [row.cells[at] for row in rows]) for at, title in enumerate(titles)],
    )
