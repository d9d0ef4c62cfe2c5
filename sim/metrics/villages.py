"""Metrics of villages: served, stations, service days, modes, inequality of distance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.metrics.cohort import Cohort
from sim.metrics.rows import Rows
from sim.metrics.traffic import Traffic
from sim.rules import Rules
from sim.schema.raw import AT_LOCKER, AT_STATION
from sim.units import HOUR
from sim.world.world import MODES, REMOTENESS, TOWNSHIP, VILLAGE, Bools, Floats, Ints, World


def served(rules: Rules, world: World, cohort: Cohort, traffic: Traffic, months: Ints) -> Bools:
    """Return whether each village is served in each of some months, shape (months, villages)."""
    villages = np.flatnonzero(world.places.tier == VILLAGE)
    inside = cohort.count("inside")[months].sum(axis=(1, 3))[:, villages]
    came = cohort.count("created")[months].sum(axis=(1, 3))[:, villages]
    weeks = np.maximum(traffic.window.days_in[months], 1)[:, None] / 7
    counting = rules.parameters.counting
    offered: Floats = traffic.offered[months][:, villages] / weeks
    good: Bools = (inside >= counting.served_share * came) & (offered >= counting.served_days_week - 1e-9)
    return good


def village_groups(world: World) -> Iterator[tuple[tuple[str, str], Ints]]:
    """Yield (group, rows of villages) for the county, remoteness and townships."""
    places = world.places
    village = places.tier == VILLAGE
    yield ("", ""), np.flatnonzero(village)
    for row, name in enumerate(REMOTENESS):
        yield ("remoteness", name), np.flatnonzero(village & (places.remoteness == row))
    for row in np.flatnonzero(places.tier == TOWNSHIP).tolist():
        yield ("township", places.key[row]), np.flatnonzero(village & (places.township == places.township[row]))


def gini(value: Floats, weight: Floats) -> float:
    """Return the weighted Gini index of values (n,) >= 0."""
    order = np.argsort(value, kind="stable")
    people, total = np.cumsum(weight[order]), np.cumsum((value * weight)[order])
    if not total[-1]:
        return 0.0
    x, y = np.concatenate([[0.0], people / people[-1]]), np.concatenate([[0.0], total / total[-1]])
    return float(1 - ((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum())


def measure_villages(rows: Rows, rules: Rules, world: World, cohort: Cohort, traffic: Traffic, period: str, months: Ints) -> None:
    """Add the village metrics of a period (rows of months)."""
    villages = np.flatnonzero(world.places.tier == VILLAGE)
    good = np.zeros(world.places.n, np.int64)
    good[villages] = served(rules, world, cohort, traffic, months).sum(axis=0)
    offered, stations = traffic.offered[months].sum(axis=0), traffic.stations[months].sum(axis=0)
    days = int(traffic.window.days_in[months].sum())
    at_station = cohort.count("done")[months][..., [AT_STATION, AT_LOCKER]].sum(axis=(0, 1, 3))
    for group, own in village_groups(world):
        n = len(own)
        rows.ratio("served_villages_share", group, period, int(good[own].sum()), n * len(months), n)
        rows.ratio("stations_share", group, period, int(stations[own].sum()), n * days, n)
        rows.ratio(
            "station_parcels_per_day", group, period, int(at_station[own].sum()), int(stations[own].sum()), int(at_station[own].sum())
        )
        rows.ratio("village_service_days_per_week", group, period, int(offered[own].sum()), n * days, n, 7.0)
    if period == "all":
        _each(rows, world, cohort, villages, good, offered, months, days)
    modes = traffic.modes[months].sum(axis=(0, 1))
    for code, name in enumerate(MODES):
        rows.ratio("service_mode_share", ("service_mode", name), period, int(modes[code]), int(modes.sum()), len(villages))
    collected = cohort.count("collected")[months].sum(axis=(0, 1, 3))
    metres = cohort.count("pickup_m")[months].sum(axis=(0, 1, 3))
    known = villages[collected[villages] > 0]
    index = gini(metres[known] / collected[known] / 1000, world.places.population[known].astype(np.float64)) if len(known) else None
    rows.index("gini_pickup_km", ("", ""), period, index, len(known))


def _each(rows: Rows, world: World, cohort: Cohort, villages: Ints, good: Ints, offered: Ints, months: Ints, days: int) -> None:
    inside = cohort.count("inside").sum(axis=(0, 1, 3))
    came = cohort.count("created").sum(axis=(0, 1, 3))
    hours_us, hours_n = (cohort.count(name).sum(axis=(0, 1, 3)) for name in ("hours_us", "hours_n"))
    for v in villages.tolist():
        group = ("village", world.places.key[v])
        rows.ratio("village_coverage", group, "all", int(inside[v]), int(came[v]), int(came[v]))
        rows.ratio("delivery_hours_mean", group, "all", int(hours_us[v]) / HOUR, int(hours_n[v]), int(hours_n[v]))
        rows.ratio("served_villages_share", group, "all", int(good[v]), len(months), len(months))
        rows.ratio("village_service_days_per_week", group, "all", int(offered[v]), days, days, 7.0)
