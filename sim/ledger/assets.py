"""What is owned under a plan: vehicles, fit-outs, outlets, stations, lockers and facilities."""

from __future__ import annotations

from typing import Any

from sim.ledger.capital import Capital
from sim.ledger.payer import Payers, host_actor
from sim.ledger.standing import TRUCK_CODES, capital_of, running, site_leg, station_count
from sim.plan.plan import VEHICLES, Plan
from sim.rules import Rules
from sim.units import fen
from sim.world.world import World

State = dict[Any, Any]


def assets(world: World, rules: Rules, plan: Plan, payers: Payers, more: State) -> State:
    """Return {asset: (kind, owner, place, lever, price in fen, life in years, salvage in fen)}; ``more`` is
    owned besides: stations, lockers, facilities."""
    out: State = {}
    p = rules.parameters
    price = {"truck": p.fleet.truck_price, "van": p.fleet.van_price}
    known: dict[tuple[int, int, tuple[int, bool]], tuple[Any, ...]] = {}
    for key, kind, owner, legs in zip(
        plan.vehicle_key, plan.vehicle_type.tolist(), plan.vehicle_owner.tolist(), plan.vehicle_legs, strict=True
    ):
        if kind in TRUCK_CODES:
            alike = (kind, owner, min(legs))
            if alike not in known:
                name, (_, actor, lever) = VEHICLES[kind], running(payers, *alike[2], "vehicles", owner)
                worth, left = fen(price[name]), fen(price[name] * p.fleet.salvage_share)
                known[alike] = (name, actor, "", lever, worth, p.fleet.vehicle_life_years, left)
            out[f"vehicle:{key}"] = known[alike]
    for row, site, activity, place, m2 in plan.resources.floors:
        actor, lever = payers.of(activity, "sites", row)
        where = world.places.key[place]
        if site_leg(world, place) == "county" and activity == "sorting":
            out[f"fit-out:{site}"] = ("depot fit-out", actor, where, lever, fen(p.money.depot_fitout_m2 * m2), p.money.centre_life_years, 0)
        elif site_leg(world, place) == "township":
            out.setdefault(
                f"outlet:{where}:{site}", ("outlet", actor, where, lever, fen(p.money.outlet_fitout), p.money.station_life_years, 0)
            )
    return out | more


def stations_owned(world: World, rules: Rules, capital: tuple[Capital, ...]) -> State:
    """Return the stations and lockers among the assets: the same whatever is planned."""
    out: State = {}
    stations, money = world.stations, rules.parameters.money
    for place, where in enumerate(world.places.key):
        opened, locker, doors = stations.opened_by[place], stations.locker_by[place], int(stations.doors[place].sum())
        for i in range(station_count(world, rules, place)):
            own = capital_of("station", opened, capital)
            cost, life, salvage = (
                (own.price, own.life_years, own.salvage_share) if own else (money.station_fitout, money.station_life_years, 0.0)
            )
            payer = (own.payer if own else "") or host_actor(where)
            lever = "" if opened == "baseline" else opened
            out[f"station:{where}:{i}"] = ("station", payer, where, lever, fen(cost), life, fen(cost * salvage))
        own = capital_of("locker", locker, capital) if doors else None
        if own:
            cost = own.price + own.price_door * doors
            out[f"locker:{where}"] = (
                "locker",
                own.payer or host_actor(where),
                where,
                locker,
                fen(cost),
                own.life_years,
                fen(cost * own.salvage_share),
            )
    return out
