"""Judge roughly how long a run takes before any has been measured."""

from __future__ import annotations

from sim.scenario.model import Scenario

SECONDS_START = 0.6
SECONDS_DAY = 0.015
SECONDS_MILLION_PARCELS = 2.5
"""Roughly what one core of 2026 needs; the first finished runs correct what follows from them."""


def seconds_of(scenario: Scenario) -> float | None:
    """Return about how many seconds one run takes, from its days and its people; None where the county does not read."""
    from sim.errors import CountyError
    from sim.world.tables import read_county

    try:
        county = read_county(scenario.county_folder)
    except CountyError:
        return None
    demand = scenario.parameters.demand
    rural, urban = (county.card.figure(name).value for name in ("rural", "urban"))
    parcels_day = (rural * demand.village_orders_per_person_year + urban * demand.town_orders_per_person_year) / 365
    days = scenario.days + scenario.warm_up_days + scenario.parameters.counting.drain_days
    return SECONDS_START + days * (SECONDS_DAY + parcels_day * SECONDS_MILLION_PARCELS / 1e6)
