"""Shoppers answer to the service they have met: exactly, household by household, and nobody else's order moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim import luck
from sim.agents.county import County
from sim.agents.kernel import choose, slots
from sim.agents.response import Memory, demand_factor
from sim.agents.shoppers import daily_rates, habits, order, thin
from sim.plan.orders import Orders
from sim.rules import Rules, separate
from sim.run import Versions, run
from sim.scenario.model import Scenario
from sim.schema.parameters import Decisions, Parameters
from sim.schema.raw import AT_DOOR, AT_STATION, AT_TOWNSHIP, BACK, COLLECTED, DOWN, NEVER, PARCEL, REFUSED_OUT, RETURNED
from sim.units import DAY, HOUR
from sim.world.build import build
from sim.world.world import Floats, World
from tests.run.small import POOL_ALL, SMALL, STILL, scenario

START = date(2021, 3, 1)
DECISIONS = Decisions()


@pytest.fixture(scope="module")
def world() -> World:
    """Return the small county."""
    return build(SMALL)


def factors(world: World, seed: int) -> Floats:
    """Return any factors between the floor and the cap."""
    u = luck.uniform(seed, "factor", 0, world.households.key)
    return np.where(u < 0.2, DECISIONS.cap, DECISIONS.floor + u * (DECISIONS.cap - DECISIONS.floor))


def drawn(world: World, seed: int, day: int, factor: Floats | float) -> Orders:
    """Return the orders of a day drawn at a factor."""
    p = Parameters()
    return order(world, p, habits(world, p), daily_rates(world, p), seed, day, START, factor)


def equal(a: Orders, b: Orders) -> bool:
    """Say whether two days of orders are the same bits."""
    return all(getattr(a, name).tobytes() == getattr(b, name).tobytes() for name in Orders.__dataclass_fields__)


def test_thinning_the_orders_of_the_highest_rate_is_drawing_at_the_lower_rate(world: World) -> None:
    p, cut = Parameters(), 0
    for seed in range(1, 6):
        for day in (0, 3, 250):
            most = drawn(world, seed, day, DECISIONS.cap)
            factor = factors(world, seed)
            left = thin(most, world, p, daily_rates(world, p), seed, day, START, factor)
            assert equal(left, drawn(world, seed, day, factor))
            cut += most.n - left.n
    assert cut > 1000


def test_a_lower_rate_removes_the_last_orders_of_a_household_and_changes_no_other(world: World) -> None:
    few, many = drawn(world, 1, 0, 0.5), drawn(world, 1, 0, 1.0)
    assert set(few.key.tolist()) < set(many.key.tolist())
    at = {key: i for i, key in enumerate(many.key.tolist())}
    rows = [at[key] for key in few.key.tolist()]
    assert all((getattr(few, name) == getattr(many, name)[rows]).all() for name in Orders.__dataclass_fields__)
    for household in np.unique(many.household).tolist():
        mine, left = many.key[many.household == household].tolist(), few.key[few.household == household].tolist()
        assert mine[: len(left)] == left


def test_each_slot_is_the_luck_of_its_household_and_number_and_each_operator_the_share_that_its_draw_falls_into() -> None:
    keys, counts = luck.keys_of(["a", "b", "c", "d"]), np.array([2, 0, 1, 3])
    row, slot = slots(keys, luck.address(7, "order", 3), counts)
    assert row.tolist() == [0, 0, 2, 3, 3, 3]
    assert slot.tolist() == luck.bits(7, "order", 3, keys[row], np.array([0, 1, 0, 0, 1, 2], np.uint64)).tolist()
    shares = np.array([0.25, 0.25, 0.75, 0.9])
    u = np.array([0.1, 0.25, 0.2500001, 0.75, 0.8, 0.95])
    assert choose(shares, u).tolist() == [0, 0, 2, 2, 3, 3]


def test_at_the_reference_the_factor_is_exactly_one_and_it_stays_between_floor_and_cap() -> None:
    cost = np.array([3.7, -1e6, 1e6, 4.7])
    factor = demand_factor(cost, np.full(4, 3.7), DECISIONS)
    assert factor[0] == 1.0
    assert (factor[1], factor[2]) == (DECISIONS.cap, DECISIONS.floor)
    assert factor[3] == pytest.approx(np.exp(-DECISIONS.sensitivity))


def parcels(world: World, rows: list[dict[str, int]]) -> np.ndarray:
    """Return records of parcels that came in a day and were collected at the door after two hours, but for what ``rows`` say."""
    out = np.zeros(len(rows), PARCEL)
    village = int(np.flatnonzero(world.places.tier == 2)[0])
    for i, row in enumerate(rows):
        base = {"key": i + 1, "direction": DOWN, "outcome": COLLECTED, "kind": AT_DOOR, "place": village, "county_in": 0, "ready": 2 * HOUR}
        for name, value in {**base, "finished": 2 * HOUR, **row}.items():
            out[name][i] = value
    return out


def rules_of(world: World, **changes: float) -> Rules:
    """Return the rules of separate operators with some parameters of decisions changed."""
    p = Parameters()
    return separate(p.model_copy(update={"decisions": p.decisions.model_copy(update=changes)}), world.operators.n)


def test_memory_is_that_of_a_loop_over_the_parcels_in_the_order_in_which_they_ended(world: World) -> None:
    rules, d = rules_of(world), Decisions()
    u = luck.uniform(1, "days", 0, np.arange(400, dtype=np.uint64))
    rows = [
        {
            "household": int(x * 97) % 30, "ready": int(x * 5 * DAY), "finished": int(5 * DAY + x * 1000) // 50 * 50, "key": int(x * 2**60),
            "surcharge_fen": 200 * (i % 3 == 0), "kind": (AT_DOOR, AT_STATION, AT_TOWNSHIP)[i % 3],
            "direction": BACK if i % 17 == 0 else DOWN,
            "outcome": (COLLECTED, RETURNED, REFUSED_OUT)[(i // 7) % 3], "county_in": NEVER if i % 29 == 0 else 0,
        }
        for i, x in enumerate(u.tolist())
    ]  # fmt: skip
    made = parcels(world, rows)
    memory = Memory(world, np.linspace(0, 5, world.households.n))
    loop = memory.cost.copy()
    touched = memory.meet(world, rules, made)
    place = int(made["place"][0])
    inside, township = 0.4, int(world.places.metres[place, world.places.parent[place]]) / 1000
    seen = set()
    for p in sorted(made, key=lambda p: (int(p["finished"]), int(p["key"]))):
        if p["direction"] != DOWN or p["county_in"] == NEVER:
            continue
        km = {AT_DOOR: 0.0, AT_STATION: inside, AT_TOWNSHIP: township}[int(p["kind"])] if p["outcome"] == COLLECTED else 0.0
        cost = d.wait_day_yuan * int(p["ready"]) / DAY + int(p["surcharge_fen"]) / 100 + d.km_yuan * km
        cost += d.failure_yuan * (p["outcome"] == REFUSED_OUT)
        loop[p["household"]] += d.memory * (cost - loop[p["household"]])
        seen.add(int(p["household"]))
    assert memory.cost == pytest.approx(loop, rel=1e-12)
    assert set(touched.tolist()) == seen
    assert len(touched) == len(seen)


def test_repeated_bad_service_lowers_the_rate_and_good_service_restores_it(world: World) -> None:
    rules = rules_of(world)
    reference = np.full(world.households.n, 2.0)
    memory = Memory(world, reference.copy())
    factor = []
    for day in range(60):
        late = day < 30
        memory.meet(world, rules, parcels(world, [{"household": 5, "ready": (9 if late else 2) * DAY, "finished": 9 * DAY}]))
        factor.append(float(demand_factor(memory.cost, reference, rules.parameters.decisions)[5]))
    assert factor[:30] == sorted(factor[:30], reverse=True)
    assert factor[29] < 0.83
    assert factor[30:] == sorted(factor[30:])
    assert factor[59] > 0.99
    assert memory.cost[4] == 2.0


def ordered(chosen: Scenario) -> tuple[pd.Series[int], pd.DataFrame]:
    """Return a run's down parcels by place, and the last state of its shoppers."""
    made = run(chosen)
    parcels, state = made.table("parcels"), made.table("agents_shopper")
    return parcels[parcels.direction == "down"].groupby("village", observed=True).size(), state[state.day == state.day.max()]


def test_better_service_lets_a_village_order_more() -> None:
    most = {"decisions": {"sensitivity": 0.3}}
    many, state = ordered(scenario(days=30, levers=[POOL_ALL], **most))
    as_ever, _ = ordered(scenario(days=30, levers=[POOL_ALL], **STILL))
    better = state[state.factor > 1.2].village.tolist()
    assert len(better) > 5
    assert many[better].sum() > 1.15 * as_ever[better].sum()


def test_worse_service_lets_a_village_order_less() -> None:
    served = {"service": {"village_share": 1.0}}
    few, state = ordered(scenario(days=30, **served, decisions={"sensitivity": 0.3}))
    as_ever, _ = ordered(scenario(days=30, **served, **STILL))
    worse = state[state.factor < 0.8].village.tolist()
    assert len(worse) > 5
    assert few[worse].sum() < 0.85 * as_ever[worse].sum()


def test_what_is_expected_at_the_start_is_what_households_meet() -> None:
    state = run(scenario(days=56, warm_up=5, decisions={"operators": False, "hosts": False, "memory": 0.05})).table("agents_shopper")
    last = state[state.day == state.day.max()]
    off = np.average(last.cost_yuan - last.reference_yuan, weights=last.households)
    assert abs(off) < 0.15, off


def test_switched_off_households_order_the_same_whatever_the_service() -> None:
    made = [run(scenario(days=10, levers=levers, **STILL)).table("parcels") for levers in ([], [POOL_ALL])]
    keys = [set(table[table.direction == "down"].parcel) for table in made]
    assert keys[0] == keys[1]


def test_orders_kept_for_the_next_scenario_are_those_drawn_alone() -> None:
    chosen = scenario(days=5, levers=[POOL_ALL])
    found = build(chosen.county_folder, chosen.parameters)
    begin = Versions(chosen, found, settled=True).settled_state()
    begin = replace(begin, cost=begin.cost + 1.5)
    alone, kept = (County(found, chosen.parameters, 1, chosen.start, keep, begin=begin) for keep in (False, True))
    for day in range(5):
        assert equal(alone.midnight(day), kept.midnight(day))
    assert 0 < alone.factor.min() < 1
