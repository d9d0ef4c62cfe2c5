"""Judge roughly how long runs take before any has been measured."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sim.scenario.model import Scenario
from sim.study.task import Task

SECONDS_START = 0.1
SECONDS_DAY = 0.0045
SECONDS_MILLION_PARCELS = 1.0
"""Roughly what one core of 2026 needs beside another; the days in which the last parcels end are in the first."""
WITH_PRODUCE = 1.5
"""A run with produce over the same without."""
SECONDS_SCENARIO = 0.5
"""What a scenario's runs have in common, before the first of them; with produce a season is run, which takes as long as a run."""
ASKED = 0.15
"""Asking a settled state what it brings, over a run."""


def rough_seconds(tasks: Sequence[Task], processes: int) -> float | None:
    """Return about how many seconds tasks take together; None where a county does not read."""
    total, begun = 0.0, set[tuple[str, bool]]()
    for task in tasks:
        own = seconds_of(task.scenario)
        if own is None:
            return None
        key = task.scenario.hash, task.settled
        if not task.planned and key not in begun:
            begun.add(key)
            total += own if task.scenario.parameters.produce.active else SECONDS_SCENARIO
        total += ASKED * own if task.planned else own
    return total / processes


def seconds_of(scenario: Scenario) -> float | None:
    """Return about how many seconds one run takes, from its days and its people; None where the county does not read."""
    parcels = parcels_a_day(scenario)
    if parcels is None:
        return None
    days = scenario.days + scenario.warm_up_days
    seconds = SECONDS_START + days * (SECONDS_DAY + parcels * SECONDS_MILLION_PARCELS / 1e6)
    return seconds * (WITH_PRODUCE if scenario.parameters.produce.active else 1.0)


def parcels_a_day(scenario: Scenario) -> float | None:
    """Return the parcels that a county's people order on a mean day; None where the county does not read."""
    people = _people(scenario.county_folder)
    if people is None:
        return None
    demand = scenario.parameters.demand
    return (people[0] * demand.village_orders_per_person_year + people[1] * demand.town_orders_per_person_year) / 365


@lru_cache(maxsize=8)
def _people(folder: Path) -> tuple[float, float] | None:
    """Return the people of a county's villages and towns."""
    from sim.errors import CountyError
    from sim.world.tables import read_county

    try:
        villages = read_county(folder).villages
    except CountyError:
        return None
    rural = sum(int(n) for n, kind in zip(villages.population, villages.type, strict=True) if kind == "village")
    return rural, int(villages.population.sum()) - rural
