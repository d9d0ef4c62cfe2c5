"""The parcels a period is planned for: a mean day's, times the period's season rounded up to a coarse grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, log

import numpy as np

from sim.schema.parameters import Demand, Parameters
from sim.units import DAY
from sim.world.season import mean_season, rates, trend
from sim.world.world import REFUSED, TO_POST, TO_VILLAGE, Floats, Ints, World

GRID = 1.25
"""Neighbouring steps of the planned season; a plan for the same step is the same plan."""
FIRST_STEP = 1.05
"""A step of the grid, so that some weeks of growth after the start plan like the start."""


@dataclass(frozen=True)
class Forecast:
    """Expected parcels of a day.

    ``ordered`` (k, n) all; ``carried`` (k, n) without refused ones, ``brought`` (k, m) the same by township; ``round`` (k, n) those that
    an operator takes to the villages itself (the post: with what others hand over); ``handled`` (k, m) at the outlets; ``handed`` (k, m)
    what goes on to the post from there; ``floor`` (k,) at the centre on the planned peak day; ``gram``, ``millilitre`` of a parcel.
    """

    ordered: Floats
    carried: Floats
    brought: Floats
    round: Floats
    handled: Floats
    handed: Floats
    floor: Floats
    gram: float
    millilitre: float

    @property
    def centre(self) -> Floats:
        """Return the parcels a day at the county centre, (k,)."""
        total: Floats = self.carried.sum(axis=1)
        return total


def step_up(factor: float) -> float:
    """Return the smallest step of the grid that is not below a factor."""
    return round(FIRST_STEP * GRID ** ceil(log(factor / FIRST_STEP) / log(GRID) - 1e-9), 6)


def period_factors(day: int, start: date, parameters: Parameters) -> tuple[float, float]:
    """Return (planned season, planned trend) of the replanning period of a day, both on the grid."""
    length = parameters.timetable.replan_every_days
    first = day // length * length
    return factors_of(first, length, start, parameters.demand)


def factors_of(first: int, length: int, start: date, demand: Demand) -> tuple[float, float]:
    """Return (planned season, planned trend) of ``length`` days from ``first`` on, both on the grid."""
    return step_up(max(mean_season(first, length, start, demand), 0.01)), step_up(trend(first, demand))


def forecast(world: World, parameters: Parameters, planned_season: float, planned_trend: float) -> Forecast:
    """Return the forecast of a period: what households of the county as found would order, times what is known of their answer."""
    share = world.operators.share / world.operators.share.sum()
    ordered = ordered_as_found(world, parameters.demand)
    if world.answer is not None:
        ordered = ordered * world.answer
    mean_day = np.round(share[:, None] * ordered[None, :], 6)
    return forecast_of(world, parameters, mean_day, planned_season, planned_trend)


def ordered_as_found(world: World, demand: Demand) -> Floats:
    """Return the parcels ordered on a mean day of the start year in the county as found, by place, (n,)."""
    weight = np.bincount(world.households.place, world.households.weight, world.places.n)
    ordered: Floats = weight * rates(world, demand)
    return ordered


def forecast_of(world: World, parameters: Parameters, mean_day: Floats, planned_season: float, planned_trend: float) -> Forecast:
    """Return the forecast of a period in which ``mean_day`` (k, n) parcels are ordered on a mean day."""
    places, operators, demand = world.places, world.operators, parameters.demand
    ordered = mean_day * planned_season
    carried = np.where(operators.mode == REFUSED, 0.0, ordered)
    rounds = np.where(operators.mode == TO_VILLAGE, ordered, 0.0)
    handed = np.where(operators.mode == TO_POST, ordered, 0.0)
    k, m = operators.n, places.n_townships
    inside = places.township >= 0

    def by_township(parcels: Floats) -> Floats:
        return np.stack([np.bincount(places.township[inside], parcels[o, inside], m).astype(np.float64) for o in range(k)])

    brought, to_post = by_township(carried), by_township(handed)
    handled = brought.copy()
    if operators.post >= 0:
        handled[operators.post] += to_post.sum(axis=0)
        rounds[operators.post] += np.where(operators.mode[operators.post] == TO_VILLAGE, handed.sum(axis=0), 0.0)
    peak = parameters.centre.peak_over_mean * planned_trend
    floor = np.where(operators.mode == REFUSED, 0.0, mean_day).sum(axis=1) * peak
    return Forecast(ordered, carried, brought, rounds, handled, to_post, floor, 1000 * demand.weight_kg_mean, 1000 * demand.volume_l_mean)


def wave_shares(wave_us: Ints) -> Floats:
    """Return the share of a day's parcels that each trunk truck brings, (k, 2): what came to the gate since the last one."""
    share = np.zeros(wave_us.shape)
    for o, (first, second) in enumerate(wave_us.tolist()):
        if second < 0:
            share[o] = (1.0, 0.0)
        else:
            gap = (second - first) % DAY / DAY
            share[o] = (1.0 - gap, gap)
    return share
