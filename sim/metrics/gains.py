"""The two accounts: who gains and who loses in the county and in the nation, to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.ledger.payer import COUNTY, PENALTIES, TREASURY, farmers_actor, treasury_actor
from sim.metrics.cohort import Cohort
from sim.metrics.purse import Account
from sim.metrics.rows import Rows
from sim.metrics.surplus import Surplus
from sim.metrics.traffic import Traffic
from sim.metrics.villages import served
from sim.rules import Rules
from sim.schema.raw import AT_DOOR, AT_TOWNSHIP
from sim.units import FEN_PER_YUAN
from sim.world.world import REMOTENESS, TOWN, TOWNSHIP, VILLAGE, Bools, Ints, World

PUBLIC = ("central", "provincial", "county", "bank")
"""Sources whose money is public; what a bank lends to a programme the county pays back."""
OWN = ("county", "bank")
"""Public sources that the county itself bears."""
AGES = ("younger", "older")
"""Places whose share of people of 65 and older is at most, or above, the county's."""
FIRMS = ("organiser", "cold market", "county stock")
"""Firms that measures bring to the county; one class of the accounts."""
COUNTED = ("operators", "hosts", "alliances", "farmers", "cold rooms", "firms", PENALTIES)
"""Classes whose net receipts are gains; workers, landlords, suppliers and networks get what they give up, shoppers' money is inside their
surplus. Fines leave the county and stay in the nation."""


def class_of(actor: str, operators: frozenset[str]) -> str:
    """Return the class of an actor of the ledger."""
    if actor in operators:
        return "operators"
    if actor == COUNTY:
        return treasury_actor("county")
    kind, _, name = actor.partition(":")
    if kind == "treasury":
        return treasury_actor(name)
    several = {"host": "hosts", "alliance": "alliances", "network": "networks", "market": "suppliers", "fuel": "suppliers"}
    several |= {"farmers": "farmers", "cold rooms": "cold rooms"}
    several |= dict.fromkeys(("middlemen", "produce market", "buyers", "platform", "merchants"), "buyers")
    several |= dict.fromkeys(FIRMS, "firms")
    return several.get(kind, kind if kind in ("workers", "landlords", "shoppers", PENALTIES) else "others")


def place_groups(world: World) -> Iterator[tuple[tuple[str, str], Bools]]:
    """Yield (group, places (n,)) by remoteness (towns a value of their own) and by age; each of the two divides all places with people."""
    places = world.places
    people = (places.tier == VILLAGE) | (places.tier == TOWN)
    for row, name in enumerate(REMOTENESS):
        yield ("remoteness", name), (places.tier == VILLAGE) & (places.remoteness == row)
    yield ("remoteness", "town"), places.tier == TOWN
    weight = np.where(people, places.population, 0)
    county = float((places.share_65 * weight).sum()) / max(int(weight.sum()), 1)
    older = places.share_65 > county * (1 + 1e-9)
    yield ("age", "younger"), people & ~older
    yield ("age", "older"), people & older


@dataclass(frozen=True)
class Gains:
    """Net receipts in whole fen: by actor, by class, of the hosts and of the farmers by place (n,);
    ``households`` (n,) is the surplus by place."""

    by_actor: dict[str, int]
    by_class: dict[str, int]
    hosts: Ints
    households: Ints | None
    farmers: Ints

    @property
    def public(self) -> int:
        """Return the net receipts of public money (spending is negative)."""
        return sum(fen for name, fen in self.by_class.items() if name in {treasury_actor(source) for source in PUBLIC})

    @property
    def social(self) -> int:
        """Return the net receipts of private money that programmes brought in."""
        return sum(fen for name, fen in self.by_class.items() if name.startswith(TREASURY)) - self.public

    @property
    def nation(self) -> int:
        """Return the nation's gain, public money at its face value; households' part left out where it is not known."""
        counted = sum(self.by_class.get(name, 0) for name in COUNTED)
        return counted + self.public + self.social + (int(self.households.sum()) if self.households is not None else 0)


def gains_of(world: World, account: Account, households: Ints | None) -> Gains:
    """Return who gained what in the books of a period."""
    by_actor = account.nets()
    operators, by_class = frozenset(world.operators.key), dict[str, int]()
    for actor, fen in by_actor.items():
        name = class_of(actor, operators)
        by_class[name] = by_class.get(name, 0) + fen
    hosts = np.array([by_actor.get(f"host:{key}", 0) for key in world.places.key], np.int64)
    farmers = np.array([by_actor.get(farmers_actor(key), 0) for key in world.places.key], np.int64)
    return Gains(by_actor, dict(sorted(by_class.items())), hosts, households, farmers)


def county_fen(world: World, rules: Rules, gains: Gains) -> int:
    """Return the county's gain: profit as far as it stays, the county's own money; what central and provincial budgets give is income."""
    accounts, total = rules.parameters.accounts, 0.0
    for key, kind in zip(world.operators.key, world.operators.kind, strict=True):
        total += gains.by_actor.get(key, 0) * (accounts.post_profit_stays if kind == "post" else accounts.express_profit_stays)
    total += sum(
        gains.by_class.get(name, 0)
        for name in ("hosts", "alliances", "farmers", "cold rooms", "firms", *(treasury_actor(source) for source in OWN))
    )
    return round(total) + (int(gains.households.sum()) if gains.households is not None else 0)


def measure_gains(
    rows: Rows, world: World, rules: Rules, account: Account, surplus: Surplus, cohort: Cohort, traffic: Traffic, period: str, months: Ints
) -> None:
    """Add accounts, surplus, public spending and left-out people of a period (rows of months)."""
    gains = gains_of(world, account, surplus.fen(months))
    for name, fen in gains.by_class.items():
        rows.total("balance_yuan", ("account", name), period, fen / FEN_PER_YUAN, len(gains.by_actor))
    _support(rows, world, rules, account, cohort, traffic, period, months)
    _surplus(rows, world, gains, period)
    _net(rows, world, rules, gains, period)
    _left_out(rows, world, rules, cohort, traffic, period, months)


def _surplus(rows: Rows, world: World, gains: Gains, period: str) -> None:
    own, places = gains.households, world.places
    groups = [(("", ""), np.ones(places.n, np.bool_)), *place_groups(world)]
    for row in np.flatnonzero(places.tier == TOWNSHIP).tolist():
        groups.append((("township", places.key[row]), (places.township == places.township[row]) & (np.arange(places.n) != row)))
    for group, at in groups:
        n = int(places.households[at].sum())
        if own is None:
            rows.index("consumer_surplus_yuan", group, period, None, 0)
        else:
            rows.total("consumer_surplus_yuan", group, period, int(own[at].sum()) / FEN_PER_YUAN, n)


def _net(rows: Rows, world: World, rules: Rules, gains: Gains, period: str) -> None:
    """Add both accounts; the nation's by operator, remoteness and age, each adding up to its total to the fen."""
    metric, n = "net_benefit_nation_yuan", len(gains.by_actor)
    if gains.households is None:
        for name in ("net_benefit_county_yuan", metric):
            rows.index(name, ("", ""), period, None, 0)
        return
    cost = rules.parameters.accounts.funds_cost
    rows.total("net_benefit_county_yuan", ("", ""), period, county_fen(world, rules, gains) / FEN_PER_YUAN, n)
    rows.total(metric, ("", ""), period, gains.nation / FEN_PER_YUAN, n)
    for share in dict.fromkeys((0.0, cost)):
        rows.total(metric, ("funds_cost", f"{share:g}"), period, (gains.nation + share * gains.public) / FEN_PER_YUAN, n)
    for group, value, fen in winners(world, gains):
        rows.total(metric, (group, value), period, fen / FEN_PER_YUAN, n)


def winners(world: World, gains: Gains) -> Iterator[tuple[str, str, int]]:
    """Yield (group, value, fen): the nation's gain divided by operator, by remoteness and by age; each division is of the whole of it."""
    households = gains.households if gains.households is not None else np.zeros(world.places.n, np.int64)
    common = {"public": gains.public, "social": gains.social, "alliances": gains.by_class.get("alliances", 0)}
    if world.fields is not None:
        common["cold rooms"] = gains.by_class.get("cold rooms", 0)
        yield "carrier", "farmers", int(gains.farmers.sum())
    for name in ("firms", PENALTIES):
        if name in gains.by_class:
            common[name] = gains.by_class[name]
    for key in world.operators.key:
        yield "carrier", key, gains.by_actor.get(key, 0)
    yield "carrier", "households", int(households.sum())
    yield "carrier", "hosts", int(gains.hosts.sum())
    by_place = households + gains.hosts + gains.farmers
    for (group, value), at in place_groups(world):
        yield group, value, int(by_place[at].sum())
    for group in ("carrier", "remoteness", "age"):
        if group != "carrier":
            yield group, "operators", gains.by_class.get("operators", 0)
        for name, fen in common.items():
            yield group, name, fen


def _left_out(rows: Rows, world: World, rules: Rules, cohort: Cohort, traffic: Traffic, period: str, months: Ints) -> None:
    places, villages = world.places, np.flatnonzero(world.places.tier == VILLAGE)
    without = np.zeros(places.n)
    without[villages] = (~served(rules, world, cohort, traffic, months)).mean(axis=0) * places.population[villages]
    groups = [(("", ""), places.tier == VILLAGE)]
    groups += [(group, at & (places.tier == VILLAGE)) for group, at in place_groups(world) if group[1] != "town"]
    for row in np.flatnonzero(places.tier == TOWNSHIP).tolist():
        groups.append((("township", places.key[row]), (places.tier == VILLAGE) & (places.township == places.township[row])))
    for group, at in groups:
        rows.index("left_out_people", group, period, float(without[at].sum()), int(at.sum()))


def _support(rows: Rows, world: World, rules: Rules, account: Account, cohort: Cohort, traffic: Traffic, period: str, months: Ints) -> None:
    """Add what was paid for parcels and for stations, and what stands beside it: parcels handed over inside, stations kept.

    A parcel subsidy is posted by operator: it is divided among places by what their parcels were due at the lever's rates.
    """
    done = cohort.count("done")[months].sum(axis=0)[..., AT_DOOR:AT_TOWNSHIP].sum(axis=2)
    inside, n = done.sum(axis=0), world.places.n
    stations, days = traffic.stations[months].sum(axis=0), int(traffic.window.days_in[months].sum())
    parcels, support = np.zeros(n), account.by_place("station support", world.places.key)
    for rule in rules.support:
        due = (rule.per_parcel_yuan(world) * done).sum(axis=0)
        paid = account.yuan(account.index.by("category", "per-parcel subsidy") & account.index.by("lever", rule.lever))
        parcels += paid * due / due.sum() if due.sum() else 0.0
    for group, at in [(("", ""), np.ones(n, np.bool_)), *((g, at) for g, at in place_groups(world) if g[0] == "remoteness")]:
        rows.total("parcels_inside", group, period, int(inside[at].sum()), int(done.sum()))
        rows.total("parcel_subsidy_yuan", group, period, float(parcels[at].sum()), int(inside[at].sum()))
        rows.total("station_support_yuan", group, period, float(support[at].sum()), int((support[at] > 0).sum()))
    if period == "all":
        for v in np.flatnonzero(world.places.tier == VILLAGE).tolist():
            group = ("village", world.places.key[v])
            rows.total("parcels_inside", group, period, int(inside[v]), int(inside[v]))
            rows.ratio("stations_share", group, period, int(stations[v]), days, days)
            for metric, paid_at in (("parcel_subsidy_yuan", parcels), ("station_support_yuan", support)):
                if paid_at[v]:
                    rows.total(metric, group, period, float(paid_at[v]), 1)
