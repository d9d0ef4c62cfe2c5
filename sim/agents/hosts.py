"""Hosts of village stations: what a station brings a month against the host's outside option; closing and reopening.

Stations of towns are businesses of their own size and stay; a host that a lever brought in is a host like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import mesa
import numpy as np
from scipy.special import ndtr, ndtri

from sim import luck
from sim.agents.review import Decision
from sim.agents.vans import MONTH_DAYS
from sim.ledger.capital import Capital
from sim.ledger.price import MILLI, prices
from sim.ledger.standing import capital_of
from sim.rules import Rules, Support
from sim.units import FEN_PER_YUAN, HOUR, us
from sim.world.world import TO_VILLAGE, VILLAGE, Bools, Floats, Ints, World

TINY = 1e-300

if TYPE_CHECKING:
    from sim.agents.county import County


class Host(mesa.Agent):
    """Whoever keeps, or could keep, the station of a village."""

    kind_name: ClassVar[str] = "host"

    def __init__(self, county: County, place: int) -> None:
        super().__init__(county)
        self.place = place

    def state(self) -> Iterator[tuple[Any, ...]]:
        """Yield (agent, village, open, income a month at the last review, outside option, days below it, days above it) of a station."""
        county = cast("County", self.model)
        if county.levers.stations.host[self.place]:
            key, p = county.found.places.key[self.place], self.place
            income = float(county.recorded.income[p])
            told = None if np.isnan(income) else income
            is_open = bool(county.now.stations.host[p])
            outside = float(county.outside[p])
            state = (told, outside if np.isfinite(outside) else None, int(county.hosts.loss[p]), int(county.hosts.gain[p]))
            yield (f"host:{key}", key, is_open, *state)


@dataclass(frozen=True)
class Hosts:
    """State by place (n,): days in a row below (``loss``) and, while closed, above (``gain``) the outside option."""

    loss: Ints
    gain: Ints


def new_hosts(world: World) -> Hosts:
    """Return hosts who have seen nothing yet."""
    none = np.zeros(world.places.n, np.int64)
    return Hosts(none, none.copy())


def started(hosts: Hosts, new: Bools) -> Hosts:
    """Return the state when the levers opened, closed or replaced the stations of some places (n,)."""
    return Hosts(np.where(new, 0, hosts.loss), np.where(new, 0, hosts.gain))


def handed_inside(world: World, volume: Floats) -> Floats:
    """Return the parcels a day handed over inside each place (n,) of ``volume`` (k, n) that come, by the modes."""
    return np.asarray(np.where(world.operators.last_mode == TO_VILLAGE, volume, 0.0).sum(axis=0))


def station_income(
    world: World, rules: Rules, parcels_month: Floats, support: tuple[Support, ...], capital: tuple[Capital, ...] = ()
) -> Floats:
    """Return what a station at each place leaves its host a month (n,), yuan.

    Commissions + other services + support - running cost - the host's own work at a worker's wage. The station's fit-out is spent.
    """
    d = rules.parameters.decisions
    price = {name: p.amount / MILLI for name, p in prices(rules.parameters).items()}
    work = us(rules.parameters.station.handling_seconds) / HOUR * price["worker_hour"]
    running = np.full(world.places.n, price["station_running_day"] * MONTH_DAYS)
    for place in np.flatnonzero((world.places.tier == VILLAGE) & (world.stations.host > 0)).tolist():
        own = capital_of("station", world.stations.opened_by[place], capital)
        if own:
            running[place] = own.running_month
    given = sum((s.station_month_yuan(world) for s in support), np.zeros(world.places.n))
    income: Floats = parcels_month * (price["commission"] - work) + d.other_services_month + given - running
    return income


def outside_option(found: World, rules: Rules, volume: Floats) -> Floats:
    """Return what each place's host would earn otherwise, (n,) yuan a month: lognormal by the place's key.

    Whoever keeps a station in the county as found is somebody for whom it pays there: the option is drawn from those below what the
    station leaves. Where it leaves nothing he has another reason, and no option draws him away (minus infinity).
    """
    d = rules.parameters.decisions
    luck_ = luck.uniform(0, "host's outside option", 0, luck.keys_of(found.places.key))
    leaves = station_income(found, rules, handed_inside(found, volume) * MONTH_DAYS, ())
    keeps = (found.stations.host > 0) & (found.places.tier == VILLAGE)
    below = np.where(keeps, share_below(leaves, d.outside_month, d.outside_spread), 1.0)
    option: Floats = d.outside_month * np.exp(d.outside_spread * ndtri(np.maximum(luck_ * below, TINY)))
    return np.where(keeps & (leaves <= 0), -np.inf, np.where(keeps, np.minimum(option, leaves), option))


def share_below(yuan: Floats, median: float, spread: float) -> Floats:
    """Return the share of hosts whose outside option is below some yuan a month."""
    if not median or not spread:
        return np.where(yuan >= median, 1.0, 0.0)
    share: Floats = np.where(yuan > 0, ndtr(np.log(np.maximum(yuan, 1e-9) / median) / spread), 0.0)
    return share


def review_hosts(
    world: World, rules: Rules, hosts: Hosts, closed: Bools, income: Floats, outside: Floats, days: int | Ints, day: int
) -> tuple[Hosts, Bools, tuple[Decision, ...]]:
    """Return the hosts' state, which stations are closed (n,) and what was decided after ``days`` (n,) more days at an income a month.

    ``world`` is the levers': where it has a station, a host closes after ``loss_months`` below its outside option in a row and opens
    again after ``reopen_months`` in which the station would have paid.
    """
    d = rules.parameters.decisions
    has = (world.stations.host > 0) & (world.places.tier == VILLAGE)
    pays = income >= outside
    loss = np.where(has & ~closed & ~pays, hosts.loss + days, 0)
    gain = np.where(has & closed & pays, hosts.gain + days, 0)
    shuts = loss >= d.loss_months * 30
    opens = gain >= d.reopen_months * 30
    decisions = []
    for place in np.flatnonzero(shuts | opens).tolist():
        was, now = ("open", "closed") if shuts[place] else ("closed", "open")
        short = outside[place] - income[place] if shuts[place] else income[place] - outside[place]
        why = "below_outside_option" if shuts[place] else "above_outside_option"
        fen = round(float(short) * FEN_PER_YUAN)
        decisions.append(Decision(day, f"host:{world.places.key[place]}", "host", "station", was, now, fen, why))
    after: Bools = (closed | shuts) & ~opens & has
    return Hosts(np.where(shuts, 0, loss), np.where(opens, 0, gain)), after, tuple(decisions)
