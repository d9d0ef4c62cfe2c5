"""Judge roughly how long a run takes before any has been measured."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.scenario.model import Scenario

SECONDS_START = 1.0
SECONDS_DAY = 0.01
SECONDS_MILLION_PARCELS = 1.3
SECONDS_SCENARIO = 2.5
"""Roughly what one core of 2026 needs beside another; the days in which the last parcels end are in the first. A scenario's
settled state and tours are looked for before its first run. The first finished runs correct what follows from them."""


def seconds_of(scenario: Scenario) -> float | None:
    """Return about how many seconds one run takes, from its days and its people; None where the county does not read."""
    parcels = parcels_a_day(scenario)
    if parcels is None:
        return None
    days = scenario.days + scenario.warm_up_days
    return SECONDS_START + days * (SECONDS_DAY + parcels * SECONDS_MILLION_PARCELS / 1e6)


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
