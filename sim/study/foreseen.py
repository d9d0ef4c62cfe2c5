"""What a scenario's settled state is expected to bring, without running it: the plan's own week, the ledger's rules, no luck.

Decisions are made anew (operators, hosts and households answer to one another until nobody changes), the plan is the planner's, and the
ledger prices its week and the parcels expected: what a run would find but for luck, queues, overtime and breakdowns. It costs a
fraction of a run, so that a study can ask it at many values of what is assumed. Nothing is said of delivery hours (queues make them),
of collecting and of paid hours.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.agents.books import claimed
from sim.ledger.expected import Expected, expected_cost
from sim.ledger.payer import alliance_actor
from sim.ledger.treasury import Treasury
from sim.metrics.costs import is_public, is_resource
from sim.metrics.rows import COLUMNS, Rows
from sim.plan.make import Planner
from sim.plan.plan import VEHICLES, Plan, litres_km
from sim.rules import Rules
from sim.run import Versions, text_of
from sim.store.manifest import describe
from sim.units import FEN_PER_YUAN
from sim.world.world import REFUSED, TO_TOWNSHIP, TO_VILLAGE, TOWN, VILLAGE, World

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.study.task import Task

_planners: dict[str, Planner] = {}
"""The planner of the point asked last: its scenarios share many plans."""
COUNTY, ALL = ("", ""), "all"


def foresee(task: Task) -> float:
    """Leave what a task's scenario is expected to bring in its folder, as the metrics of a run; return the seconds it took."""
    from sim.study.task import SAMPLE, world_of

    began = time.monotonic()
    scenario = task.scenario
    frame = pd.DataFrame(expected_metrics(scenario, world_of(scenario), planner_of(task.point, scenario)).rows, columns=list(COLUMNS))
    task.folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(task.folder / "metrics.parquet")
    seconds = time.monotonic() - began
    last = scenario.days - 1
    said = describe(
        text_of(scenario),
        task.seed,
        settled=True,
        scenario_hash=scenario.hash,
        sample=SAMPLE,
        planned=True,
        window={"first_day": 0, "last_day": last},
        outcome="done",
        wall_seconds=seconds,
    )
    (task.folder / "manifest.json").write_text(json.dumps(said, ensure_ascii=False, default=str), encoding="utf-8")
    return seconds


def planner_of(point: str, scenario: Scenario) -> Planner:
    """Return the planner that the scenarios of a point share."""
    name = f"{point}|{scenario.start}|{scenario.county_folder}"
    if name not in _planners:
        _planners.clear()
        _planners[name] = Planner(scenario.start)
    return _planners[name]


def expected_metrics(scenario: Scenario, world: World, planner: Planner) -> Rows:
    """Return the county's metrics that the settled state of a scenario is expected to have; ``world`` is the county before its levers."""
    versions = Versions(scenario, world, settled=True)
    versions.planner = planner
    state = versions.settled_state()
    rules = versions.of(-scenario.warm_up_days)[1]
    plan = planner(state.world, rules, 0)
    expected = expected_cost(state.world, rules, plan, scenario.start, capital=versions.capital)
    rows = Rows()
    _money(rows, scenario, state.world, rules, expected)
    _service(rows, state.world, rules, plan, expected, scenario.days)
    _driving(rows, rules, plan, expected, scenario.days)
    return rows


def _money(rows: Rows, scenario: Scenario, world: World, rules: Rules, expected: Expected) -> None:
    days, parcels = scenario.days, float(expected.forecast.carried.sum())
    pairs = list(zip(expected.keys, expected.yuan.tolist(), strict=True))
    cost = sum(yuan for key, yuan in pairs if is_resource(key))
    rows.total("resource_cost_yuan", COUNTY, ALL, cost * days, round(parcels * days))
    rows.ratio("cost_per_parcel_yuan", COUNTY, ALL, cost * days, parcels * days, round(parcels * days))
    to_operators, to_hosts = _support(scenario, world, rules, expected)
    public = sum(yuan for key, yuan in pairs if is_public(key)) * days
    rows.total("public_spending_yuan", COUNTY, ALL, public + to_operators + to_hosts, 1)
    carriers = {*world.operators.key, *(alliance_actor(a.id) for a in rules.alliances)}
    for name, own, given in (
        ("carrier_profit_yuan", lambda actor: actor in carriers, to_operators),
        ("host_income_yuan", lambda actor: actor.startswith("host:"), to_hosts),
    ):
        work = 0.0 if name == "carrier_profit_yuan" else sum(y for key, y in pairs if own(key.payer) and key.category == "host labour")
        net = sum(yuan * (int(own(key.payee)) - int(own(key.payer))) for key, yuan in pairs)
        rows.total(name, COUNTY, ALL, (net + work) * days + given, 1)


def _support(scenario: Scenario, world: World, rules: Rules, expected: Expected) -> tuple[float, float]:
    """Return what programmes pay operators and hosts over the days of the scenario, yuan: what is claimed while the money lasts."""
    books, days = Treasury(scenario.programmes, scenario.start), scenario.days
    volume = expected.forecast.ordered
    claims = [(s, claimed(s, world, volume) * days, claimed(s, world, np.zeros_like(volume)) * days) for s in rules.support]
    asked: dict[str, float] = {}
    for s, all_of_it, _ in claims:
        asked[s.programme] = asked.get(s.programme, 0.0) + all_of_it
    share = {name: min(1.0, books.left(name, 0) / FEN_PER_YUAN / yuan) if yuan else 1.0 for name, yuan in asked.items()}
    return (
        sum((whole - hosts) * share[s.programme] for s, whole, hosts in claims),
        sum(hosts * share[s.programme] for s, _, hosts in claims),
    )


def _service(rows: Rows, world: World, rules: Rules, plan: Plan, expected: Expected, days: int) -> None:
    places, operators, counting = world.places, world.operators, rules.parameters.counting
    village, last = places.tier == VILLAGE, operators.last_mode
    ordered, carried = expected.forecast.ordered, expected.forecast.carried
    came = float(carried.sum()) * days
    rows.total("parcels_down", COUNTY, ALL, came, round(came))
    inside = np.where((last == TO_VILLAGE) & (operators.mode != REFUSED), ordered, 0.0)
    whole = float(ordered[:, village].sum())
    rows.ratio("village_coverage", COUNTY, ALL, float(inside[:, village].sum()), whole, round(whole * days))
    n = int(village.sum())
    rows.ratio("stations_share", COUNTY, ALL, int((world.stations.host[village] > 0).sum()), n, n)
    served = inside.sum(axis=0) >= counting.served_share * ordered.sum(axis=0)
    comes = np.where(operators.mode == TO_VILLAGE, operators.days[:, None], 0)
    often = np.bitwise_count(np.bitwise_or.reduce(comes.astype(np.uint8), axis=0)) >= counting.served_days_week - 1e-9
    rows.ratio("served_villages_share", COUNTY, ALL, int((served & often)[village].sum()), n, n)
    fee = (last == TO_TOWNSHIP) & (places.tier != TOWN) & (operators.at_last(plan.lookup.surcharge_fen) > 0)
    rows.ratio("surcharged_share", COUNTY, ALL, float(np.where(fee, carried, 0.0).sum()), float(carried.sum()), round(came))


def _driving(rows: Rows, rules: Rules, plan: Plan, expected: Expected, days: int) -> None:
    fleet, week = rules.parameters.fleet, expected.week
    km = np.bincount(week["type"], week["metres"] / 1000, len(VEHICLES)) / 7 * days
    rows.total("vehicle_km", COUNTY, ALL, float(km.sum()), len(week))
    litres = float(sum((km * litres_km(fleet)).tolist()))
    came = float(expected.forecast.carried.sum()) * days
    rows.ratio("co2_kg_per_parcel", COUNTY, ALL, litres * fleet.fuel_co2_l, came, round(came))
