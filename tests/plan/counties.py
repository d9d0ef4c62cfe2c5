"""Small worlds and rules for the tests of the plan."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from sim.levers import JointDistribution
from sim.plan.make import content
from sim.plan.plan import Plan
from sim.rules import ACTIVITIES, REFUSED_CELLS, RESOURCES, Rules, separate
from sim.schema.parameters import Parameters
from sim.world.build import build
from sim.world.world import World

START = date(2021, 3, 1)
COUNTIES = Path(__file__).parents[1] / "counties"
CELLS = tuple((a, r) for a in ACTIVITIES for r in RESOURCES if (a, r) not in REFUSED_CELLS)


@cache
def county(name: str = "small", parameters: Parameters = Parameters()) -> World:
    """Return a test county."""
    return build(COUNTIES / name, parameters)


def pooled(cells: tuple[tuple[str, str], ...], rows: tuple[int, ...] = (), parameters: Parameters = Parameters()) -> Rules:
    """Return rules in which operator rows (all unless given) pool some cells; the world is left as it is."""
    rules = separate(parameters, county().operators.n)
    pool = rules.pool.copy()
    group = list(rows) or list(range(pool.shape[2]))
    for activity, resource in cells:
        pool[ACTIVITIES.index(activity), RESOURCES.index(resource), group] = min(group)
    return Rules(parameters, pool)


def alliance(cells: tuple[tuple[str, str], ...], world: World) -> tuple[World, Rules]:
    """Return world and rules under the lever itself."""
    wanted: dict[str, tuple[str, ...]] = {}
    for activity, resource in cells:
        wanted[activity] = (*wanted.get(activity, ()), resource)
    lever = JointDistribution.model_validate({"id": "pool", "pool": wanted})
    rules = lever.rules(separate(Parameters(), world.operators.n), world, 1.0)
    return lever.world(world, rules, 1.0), rules


def digest(plan: Plan) -> str:
    """Return a hash of everything in a plan."""
    return content(plan)
