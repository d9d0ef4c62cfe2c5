"""Print what members of the two shipped alliances bear under each rule, and who is left: the figures of docs/alliances.md.

python -m tests.plausibility.alliances [COUNTY]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.agents.alliances import settle_membership
from sim.api import load
from sim.run import Versions
from sim.scenario.model import Scenario
from sim.sharing.allocation import allocate
from sim.sharing.split import RULES
from sim.world.build import build
from sim.world.world import TO_VILLAGE, VILLAGE

ROOT = Path(__file__).parents[2]
SCENARIOS = ("voluntary-alliance", "alliance-falls-apart")


def told(name: str, county: str) -> None:
    """Print one scenario's alliance."""
    scenario = load(ROOT / "scenarios" / f"{name}.yaml", [f"county=counties/{county}"] if county else [])
    assert isinstance(scenario, Scenario)
    world = build(scenario.county_folder, scenario.parameters, scenario.operators)
    versions, keys = Versions(scenario, world, settled=True), world.operators.key
    (terms,) = versions.terms(0)
    coalitions, every = versions.coalitions(terms.id, 0, ()), terms.candidates
    village = world.places.tier == VILLAGE
    pairs = [int((w.operators.mode[:, village] == TO_VILLAGE).sum()) for w in (world, versions._with(0, ((terms.id, every),))[0])]
    print(f"\n{name}: pairs of operator and village served {pairs[0]} apart, {pairs[1]} together")
    for rule in RULES:
        asked = replace(terms, rule=rule, check_core=True)
        own = allocate(asked, coalitions, every, 0)
        left, made, rounds = settle_membership(asked, coalitions, keys, 0, scenario.parameters.decisions.settle_rounds)
        worse = ", ".join(f"{keys[row]} {value:,.0f}" for row, value in zip(every, own.worse, strict=True))
        gains = ", ".join(f"{value:,.0f}" for value in own.alone - own.allocated)
        fees = ", ".join(f"{value:,.0f}" for value in own.more_fees)
        by = ", ".join(keys[every[i]] for i in own.objection.by)
        print(f"{rule}: alone {own.alone.sum():,.0f}, together {own.allocated.sum():,.0f} yuan a day")
        print(f"  worse off, fees included: {worse}")
        print(f"  gains before fees: {gains}; fees take {fees}")
        print(f"  largest objection {own.objection.yuan:,.0f} by {by or 'nobody'}: in the core: {own.objection.in_core}")
        print(f"  left when nobody wants to go: {', '.join(keys[row] for row in left) or 'nobody'} ({rounds} rounds)")
        print("  in this order: " + "; ".join(f"{d.agent} {d.decision}s ({d.gain_fen / 100:,.0f} a month)" for d in made))
        assert np.isfinite(own.worse).all()


def main(arguments: list[str]) -> None:
    """Print both."""
    for name in SCENARIOS:
        told(name, arguments[0] if arguments else "")


if __name__ == "__main__":
    main(sys.argv[1:])
