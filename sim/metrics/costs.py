"""Metrics of money, work and driving."""

from __future__ import annotations

import numpy as np

from sim.ledger import Key
from sim.ledger.payer import COUNTY, PENALTIES, TREASURY
from sim.ledger.produce import FARM
from sim.metrics.cohort import Cohort
from sim.metrics.purse import Account
from sim.metrics.rows import Rows
from sim.metrics.traffic import Traffic
from sim.plan.plan import LEGS, LINE, ROUND, litres_km
from sim.rules import Rules
from sim.schema.raw import UP
from sim.world.upkeep import TRADE
from sim.world.world import REMOTENESS, TOWNSHIP, VILLAGE, Ints, World

HOURS = ("wages", "overtime", "driver wages", "host labour")
MJ_KWH = 3.6
HOSTS = "hosts"
"""All hosts together, as one value of the group ``actor``."""
SPLITS = {"leg": "leg", "actor": "payer", "resource": "resource", "activity": "activity"}


def is_resource(key: Key) -> bool:
    """Return whether a posting is resource cost of the county's logistics; what farms spend is theirs (``farm_cost_yuan``), and what
    selling their produce takes is no cost of a parcel."""
    return key.nature == "resource" and key.activity not in (FARM, TRADE)


def is_power(key: Key) -> bool:
    """Return whether a posting's quantity is electricity."""
    return key.unit == "kWh"


def _is_power_of_parcels(key: Key) -> bool:
    return is_power(key) and is_resource(key)


def is_work(key: Key) -> bool:
    """Return whether a posting's quantity is paid hours."""
    return key.category in HOURS


def actors(split: dict[str, float]) -> dict[str, float]:
    """Return a split with all hosts added up."""
    out: dict[str, float] = {}
    for value, amount in split.items():
        name = HOSTS if value.startswith("host:") else value
        out[name] = out.get(name, 0.0) + amount
    return out


def measure_costs(
    rows: Rows,
    world: World,
    rules: Rules,
    cohort: Cohort,
    account: Account,
    traffic: Traffic,
    up: Ints,
    period: str,
    months: Ints,
    days: int,
) -> None:
    """Add cost, profit and work of a period (rows of months, so many days); ``up`` (k,) parcels that left the county for farms."""
    down = cohort.count("done")[months].sum(axis=(0, 2, 3))
    by_operator = down + up
    parcels = int(by_operator.sum())
    total = account.yuan(is_resource)
    rows.total("resource_cost_yuan", ("", ""), period, total, parcels)
    rows.ratio("cost_per_parcel_yuan", ("", ""), period, total, parcels, parcels)
    for group, column in SPLITS.items():
        for value, yuan in actors(account.split(column, is_resource)).items():
            rows.total("resource_cost_yuan", (group, value), period, yuan, parcels)
            rows.ratio("cost_per_parcel_yuan", (group, value), period, yuan, parcels, parcels)
    profit, index = 0.0, account.index
    settled = index.by("category", "settlement")
    for o, name in enumerate(world.operators.key):
        borne = account.yuan(index.by("payer", name) & (index.where(is_resource) | settled))
        borne -= account.yuan(settled & index.by("payee", name))
        own = int(by_operator[o])
        rows.total("resource_cost_yuan", ("carrier", name), period, borne, own)
        rows.ratio("cost_per_parcel_yuan", ("carrier", name), period, borne, own, own)
        gain = account.net(name)
        profit += gain
        rows.total("carrier_profit_yuan", ("carrier", name), period, gain, own)
    rows.total("carrier_profit_yuan", ("", ""), period, profit, parcels)
    if world.fields is not None:
        _directions(rows, account, traffic, int(down.sum()), int(up.sum()), period, months)
    hours = account.hours(is_work)
    rows.total("staff_hours", ("", ""), period, hours, parcels)
    for group, column in (("actor", "payer"), ("activity", "activity"), ("leg", "leg")):
        for value, amount in actors(account.split(column, is_work, quantity=True)).items():
            rows.total("staff_hours", (group, value), period, amount, parcels)
    rows.ratio("jobs_fte", ("", ""), period, hours, rules.parameters.money.hours_month * 12 / 365 * days, parcels)
    _fines(rows, world, account, period)
    _public(rows, account, period)
    _surcharges(rows, world, account, period)
    _hosts(rows, world, account, period)


def _directions(rows: Rows, account: Account, traffic: Traffic, down: int, up: int, period: str, months: Ints) -> None:
    """Divide the cost between parcels down (with their returns) and up.

    Lines and rounds by the litres that ended their way and had ridden them; other sites and trips by pieces; hosts' hand-overs go down,
    the cold chain up.
    """
    pieces, litres = traffic.pieces[months].sum(axis=0), traffic.litres[months].sum(axis=0)
    total = account.yuan(is_resource)
    cost = 0.0
    for leg, yuan in account.split("leg", is_resource).items():
        on = litres[LEGS.index(leg)] if leg in ("line", "round") else pieces
        share = 1.0 if leg == "cold" else 0.0 if leg == "station" else float(on[UP]) / max(int(on.sum()), 1)
        cost += share * yuan
    for name, yuan, parcels in (("down", total - cost, down), ("up", cost, up)):
        rows.total("resource_cost_yuan", ("direction", name), period, yuan, parcels)
        rows.ratio("cost_per_parcel_yuan", ("direction", name), period, yuan, parcels, parcels)


def is_public(key: Key) -> bool:
    """Return whether public money pays: a programme's or the county's own."""
    return key.payer.startswith(TREASURY) or key.payer == COUNTY


def _public(rows: Rows, account: Account, period: str) -> None:
    """Add public spending. What a programme gives the county itself (for lockers that it owns) is spent once, not twice."""
    index = account.index
    given = account.yuan(index.by("payee", COUNTY) & index.by("payer", lambda actor: actor.startswith(TREASURY)))
    by_programme, by_source = account.split("programme", is_public), account.split("source", is_public)
    own = by_source.pop("none", 0.0)
    if own or given:
        by_programme["none"] = by_programme.get("none", 0.0) - given
        by_source["county"] = by_source.get("county", 0.0) + own - given
    rows.total("public_spending_yuan", ("", ""), period, sum(by_programme.values()), len(by_programme))
    for value, yuan in by_programme.items():
        rows.total("public_spending_yuan", ("programme", value), period, yuan, 1)
    for value, yuan in by_source.items():
        rows.total("public_spending_yuan", ("source", value), period, yuan, 1)
    for value, yuan in actors(account.split("payee", index.where(is_public) & ~index.by("payee", COUNTY))).items():
        rows.total("public_spending_yuan", ("actor", value), period, yuan, 1)


def _fines(rows: Rows, world: World, account: Account, period: str) -> None:
    fines = dict.fromkeys(world.operators.key, 0.0) | account.split("payer", account.index.by("payee", PENALTIES))
    rows.total("fines_yuan", ("", ""), period, sum(fines.values()), len(fines))
    for value, yuan in fines.items():
        rows.total("fines_yuan", ("actor", value), period, yuan, 1)


def _surcharges(rows: Rows, world: World, account: Account, period: str) -> None:
    fees = account.split("place", account.index.by("category", "second fee"))
    rows.total("surcharge_yuan", ("", ""), period, sum(fees.values()), len(fees))
    for row in np.flatnonzero(world.places.tier == TOWNSHIP).tolist():
        name = world.places.key[row]
        rows.total("surcharge_yuan", ("township", name), period, fees.get(name, 0.0), int(name in fees))


def _hosts(rows: Rows, world: World, account: Account, period: str) -> None:
    index = account.index
    pays, gets = (index.by(column, lambda actor: actor.startswith("host:")) for column in ("payer", "payee"))
    received, paid = account.split("payee", gets), account.split("payer", pays & ~index.by("category", "host labour"))
    income = np.array([received.get(f"host:{key}", 0.0) - paid.get(f"host:{key}", 0.0) for key in world.places.key])
    hosts = world.stations.host > 0
    rows.total("host_income_yuan", ("", ""), period, income.sum(), int(hosts.sum()))
    village, places = world.places.tier == VILLAGE, world.places
    for row, name in enumerate(REMOTENESS):
        own = village & (places.remoteness == row)
        rows.total("host_income_yuan", ("remoteness", name), period, income[own].sum(), int((hosts & own).sum()))
    for row in np.flatnonzero(places.tier == TOWNSHIP).tolist():
        own = places.township == places.township[row]
        rows.total("host_income_yuan", ("township", places.key[row]), period, income[own].sum(), int((hosts & own).sum()))


def measure_traffic(
    rows: Rows, world: World, rules: Rules, account: Account, traffic: Traffic, period: str, months: Ints, parcels: int
) -> None:
    """Add kilometres, loads, energy and emissions of a period; those of all that keeps produce cold are the leg ``cold``."""
    metres, trips, load = traffic.metres[months].sum(axis=0), traffic.trips[months].sum(axis=0), traffic.load[months].sum(axis=0)
    fleet = rules.parameters.fleet
    litres = metres / 1000 * litres_km(fleet)
    litres += traffic.chilled[months].sum(axis=0) / 1000 * litres_km(fleet) * rules.parameters.produce.cold.reefer_km
    power, power_co2 = account.hours(is_power), rules.parameters.produce.cold.power_co2
    every: list[tuple[tuple[str, str], Ints, Ints]] = [(("", ""), np.arange(len(LEGS)), np.arange(world.operators.n))]
    every += [(("leg", leg), np.array([i]), np.arange(world.operators.n)) for i, leg in enumerate(LEGS) if trips[i].any()]
    every += [(("carrier", key), np.arange(len(LEGS)), np.array([o])) for o, key in enumerate(world.operators.key)]
    for group, legs, operators in every:
        at = np.ix_(legs, operators)
        n, burnt = int(trips[at].sum()), float(litres[at].sum())
        if world.fields is not None and group[0] in ("", "leg"):
            ways = [i for i in legs.tolist() if i in (LINE, ROUND)]
            home, ended = float(traffic.home[months][:, ways].sum()), traffic.ended[months][:, legs].sum(axis=(0, 1))
            runs = int(trips[np.ix_(ways, operators)].sum())
            rows.ratio("backhaul_load_factor", group, period, home, runs, runs)
            for name, many in zip(("ended_by_weight_share", "ended_by_volume_share"), ended.tolist(), strict=True):
                rows.ratio(name, group, period, many, n, n)
        rows.total("vehicle_km", group, period, metres[at].sum() / 1000, n)
        rows.ratio("load_factor", group, period, float(load[at].sum()), n, n)
        kwh = power if group[0] == "" else 0.0
        rows.total("energy_mj", group, period, burnt * fleet.fuel_mj_l + kwh * MJ_KWH, n)
        rows.total("co2_kg", group, period, burnt * fleet.fuel_co2_l + kwh * power_co2, n)
    if power:
        rows.total("energy_mj", ("leg", "cold"), period, power * MJ_KWH, 1)
        rows.total("co2_kg", ("leg", "cold"), period, power * power_co2, 1)
    total = float(litres.sum()) * fleet.fuel_co2_l + account.hours(_is_power_of_parcels) * power_co2
    rows.ratio("co2_kg_per_parcel", ("", ""), period, total, parcels, parcels)
