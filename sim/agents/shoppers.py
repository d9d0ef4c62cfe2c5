"""Shoppers: the households of one place, a slice of the county's columns, and the rule by which they order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, cast

import mesa
import numpy as np
from scipy.special import ndtri, pdtrik

from sim import luck
from sim.agents.kernel import choose, count_poisson, draw, draw_first, may_order, slots
from sim.plan.orders import Orders
from sim.schema.parameters import Parameters
from sim.units import HOUR, SECOND
from sim.world.season import rates, season
from sim.world.world import Floats, Ints, Keys, World

if TYPE_CHECKING:
    from sim.agents.county import County

DAY_BEGINS_H, DAY_ENDS_H = 7.0, 24.0
"""Orders are spread evenly over these hours of the day (assumption)."""


SUMMED = 50
"""Up to this rate a number of orders is found by summing probabilities; no household orders so much, farms may get more."""
TRUNK_STAGES = 4
"""The trunk's time over its shortest is Erlang with so many stages: 16% take more than 72 h at the mean of 54.24 h, as measured
(evidence: on_time_72h 0.8375)."""


class Shoppers(mesa.Agent):
    """The households of one place. ``rows`` is their slice of the county's household columns."""

    kind_name: ClassVar[str] = "shopper"

    def __init__(self, county: County, place: int, rows: slice) -> None:
        super().__init__(county)
        self.place = place
        self.rows = rows

    @property
    def county(self) -> County:
        """The model they live in."""
        return cast("County", self.model)

    @property
    def orders_per_day(self) -> float:
        """Expected orders of the place on a mean day of the start year."""
        return float(self.county.daily_rate[self.rows].sum())

    def state(self) -> Iterator[tuple[Any, ...]]:
        """Yield (agent, village, households, mean factor of the orders, mean remembered cost, mean reference cost)."""
        county, rows = self.county, self.rows
        weight = county.daily_rate[rows]
        if not weight.sum():
            weight = np.ones(rows.stop - rows.start)
        whole = weight.sum()
        columns = (county.factor, county.memory.cost, county.reference)
        factor, cost, reference = (float((c[rows] * weight).sum() / whole) for c in columns)
        key = county.found.places.key[self.place]
        yield f"shoppers:{key}", key, rows.stop - rows.start, factor, cost, reference


@dataclass(frozen=True)
class Habits:
    """Mean collecting delays by place, hours, shape (n,), and the operators' cumulated shares; fixed for a run."""

    collect_village_h: Floats
    collect_township_h: Floats
    cumulated_share: Floats


def habits(world: World, parameters: Parameters) -> Habits:
    """Return the habits of a county's households."""
    station, places = parameters.station, world.places
    inside = np.full(places.n, station.inside_village_km)
    to_township = places.metres[np.arange(places.n), np.where(places.parent < 0, 0, places.parent)] / 1000.0
    mean = station.collect_hours_mean
    return Habits(
        mean + station.collect_hours_per_km * inside,
        mean + station.collect_hours_per_km * to_township,
        np.cumsum(world.operators.share) / world.operators.share.sum(),
    )


def daily_rates(world: World, parameters: Parameters) -> Floats:
    """Return each household's expected orders on a mean day of the start year, shape (households,)."""
    by_place = rates(world, parameters.demand)
    rate: Floats = world.households.weight * by_place[world.households.place]
    return rate


def count_orders(rate: Floats, u: Floats) -> Ints:
    """Return the inverse Poisson CDF of one uniform per household: a lower rate removes the last orders only."""
    counts: Ints = count_poisson(rate, u, SUMMED * 4)
    many = np.flatnonzero(rate > SUMMED)
    if len(many):
        counts[many] = np.ceil(pdtrik(u[many], rate[many])).astype(np.int64)
    return counts


def _attribute(slot: Keys, seed: int, *names: str) -> Floats:
    """Return the product of one uniform for each name, shape of ``slot``."""
    u: Floats = draw(slot, np.array([luck.address(seed, name) for name in names], np.uint64))
    return u


def order(
    world: World, parameters: Parameters, habit: Habits, rate: Floats, seed: int, day: int, start: date, factor: Floats | float = 1.0
) -> Orders:
    """Return the orders of one day at ``factor`` times the season's rate; everything random about an order is keyed (household, day, k)."""
    demand = parameters.demand
    hh = world.households
    today = rate * season(day, start, demand) * factor
    who, u = may_order(hh.key, today, luck.address(seed, "orders", day))
    at, slot = slots(hh.key[who], luck.address(seed, "order", day), count_orders(today[who], u))
    household = who[at].astype(np.int32)
    place = hh.place[household]

    def exponential_us(over_mean: Floats, mean_h: float | Floats) -> Ints:
        us: Ints = np.maximum(SECOND, over_mean * mean_h * HOUR).astype(np.int64)
        return us

    def erlang_us(name: str, mean_h: float) -> Ints:
        product = _attribute(slot, seed, *(f"{name} {stage}" for stage in range(TRUNK_STAGES)))
        us: Ints = np.maximum(SECOND, -np.log(product) * (mean_h / TRUNK_STAGES * HOUR)).astype(np.int64)
        return us

    shortest = demand.trunk_hours_min
    created = day * 24 * HOUR + ((DAY_BEGINS_H + (DAY_ENDS_H - DAY_BEGINS_H) * _attribute(slot, seed, "hour")) * HOUR).astype(np.int64)
    trunk = int(shortest * HOUR) + erlang_us("trunk", max(0.0, demand.trunk_hours_mean - shortest))
    heavy = ndtri(_attribute(slot, seed, "weight"))
    r = demand.weight_volume_correlation
    bulky = r * heavy + np.sqrt(1 - r * r) * ndtri(_attribute(slot, seed, "volume"))
    ws, vs = demand.weight_log_sd, demand.volume_log_sd
    weight = np.clip(np.rint(1000 * demand.weight_kg_mean * np.exp(ws * heavy - ws * ws / 2)), 10, 2**30)
    volume = np.clip(np.rint(1000 * demand.volume_l_mean * np.exp(vs * bulky - vs * vs / 2)), 50, 2**30)
    collect, remind = -np.log(_attribute(slot, seed, "collect")), -np.log(_attribute(slot, seed, "reminder"))
    return Orders(
        key=slot,
        operator=choose(habit.cumulated_share, _attribute(slot, seed, "carrier")),
        place=place,
        household=household,
        created_us=created,
        gate_us=created + trunk,
        weight_g=weight.astype(np.int32),
        volume_ml=volume.astype(np.int32),
        missort=_attribute(slot, seed, "missort") < demand.p_missort,
        lost=_attribute(slot, seed, "lost") < demand.p_lost,
        collect_village_us=exponential_us(collect, habit.collect_village_h[place]),
        collect_township_us=exponential_us(collect, habit.collect_township_h[place]),
        reminder_us=exponential_us(remind, parameters.station.reminder_hours_mean),
        out_us=int(shortest * HOUR) + erlang_us("out", max(0.0, demand.trunk_hours_mean - shortest)),
    )


def thin(orders: Orders, world: World, parameters: Parameters, rate: Floats, seed: int, day: int, start: date, factor: Floats) -> Orders:
    """Return what is left of the orders drawn at a higher rate when households order at ``factor`` (households,) times the season's.

    Exact: each household's number is the inverse CDF of the same uniform at its own rate, and a lower rate removes its last orders.
    """
    whose = orders.household
    if not len(whose):
        return orders
    first = np.flatnonzero(np.concatenate([[True], whose[1:] != whose[:-1]]))
    many = np.diff(np.append(first, len(whose)))
    who = whose[first]
    today = rate[who] * season(day, start, parameters.demand) * factor[who]
    left = count_orders(today, draw_first(world.households.key[who], luck.address(seed, "orders", day)))
    stay = np.flatnonzero(np.arange(len(whose)) < np.repeat(first + left, many))
    if len(stay) == len(whose):
        return orders
    return Orders(**{name: getattr(orders, name).take(stay) for name in Orders.__dataclass_fields__})
