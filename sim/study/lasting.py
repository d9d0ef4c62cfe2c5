"""What lasts after a measure ends: its effect 24 months later, as a share of its effect in its last months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from sim.scenario.model import Scenario
from sim.study.pairs import ratio as ratio_of
from sim.study.pairs import row_of_pairs
from sim.study.statistics import COLUMNS

METRIC, GROUP = "lasting_share", "outcome"
AFTER, MONTHS = 24, 3
"""Months from the last ones with the measure to those that are set against them, and how many months these are."""
OUTCOMES = ("served_villages_share", "village_coverage", "stations_share", "parcels_down", "cost_per_parcel_yuan")


def ends_on(scenario: Scenario) -> tuple[date, date] | None:
    """Return the first day since which the levers that end are all in force, and the day on which the last of them ends.

    None where no lever ends inside the run.
    """
    ending = [lever for lever in scenario.levers if lever.until is not None and lever.until <= scenario.end]
    if not ending:
        return None
    since = max((lever.since or scenario.start) + timedelta(days=lever.phase_in_days) for lever in ending)
    return max(since, scenario.start), max(lever.until for lever in ending if lever.until is not None)


def months_of(scenario: Scenario) -> tuple[list[str], list[str]] | None:
    """Return the last three whole months with the measure and the same months of the second year after, as YYYY-MM.

    None where the measure was not whole for so long, or the run ends before.
    """
    found = ends_on(scenario)
    if found is None:
        return None
    since, until = found
    month = (until + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    last = [pd.Period(month, "M") - back for back in range(MONTHS - 1, -1, -1)]
    after = [each + AFTER for each in last]
    if last[0].start_time.date() < since or after[-1].end_time.date() > scenario.end:
        return None
    return [str(each) for each in last], [str(each) for each in after]


def lasting_rows(metrics: pd.DataFrame, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """Return rows like those of ``differences``, one for each outcome of each alternative whose measure ends in a transition run.

    The mean difference to the baseline over the later months, divided by that over the last months with the measure: the same months of the
    year. Undefined where the latter cannot be told from 0. The row without a group is that of the served villages.
    """
    base, window = scenarios[0].name, "transition"
    own = metrics[(metrics["window"] == window) & (metrics["group"] == "") & metrics["metric"].isin(OUTCOMES)]
    rows = []
    for scenario in scenarios[1:]:
        months = months_of(scenario)
        if months is None:
            continue
        for metric in OUTCOMES:
            of_metric = own[own["metric"] == metric]
            wide = of_metric.pivot_table(index=["scenario", "period"], columns="seed", values="value", observed=True)
            keys = [(name, month) for name in (base, scenario.name) for part in months for month in part]
            if any(key not in wide.index for key in keys):
                continue
            last, after = (
                wide.loc[[(scenario.name, month) for month in part]].mean() - wide.loc[[(base, month) for month in part]].mean()
                for part in months
            )
            found = ratio_of(after.to_numpy(float), last.to_numpy(float))
            groups = [(GROUP, metric)] if metric != OUTCOMES[0] else [("", ""), (GROUP, metric)]
            rows += [row_of_pairs(scenario.name, METRIC, window, group, found) for group in groups]
    return pd.DataFrame(rows, columns=COLUMNS)
