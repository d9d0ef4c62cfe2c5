"""The closed form of decay equals small steps through the same temperatures, to the error of a step."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.produce.decay import Path, k0, rate
from sim.schema.produce import Perishing
from sim.units import DAY, HOUR

from .dice import Dice
from .quality import Law, Segment, decayed, step_error

PERISHING = Perishing()
THRESHOLD = 0.7


def law_of(shelf_days: float) -> Law:
    """Return the law of the shipped factors for a crop."""
    p = PERISHING
    return Law(shelf_days, THRESHOLD, q10=(p.q10_0_10, p.q10_10_20, p.q10_20_30, p.q10_30_40))


def test_both_climb_to_the_same_rate_at_every_temperature() -> None:
    degrees = np.array([-20.0, -5.0, 0.0, 0.1, 5.0, 9.99, 10.0, 17.0, 20.0, 28.0, 30.0, 36.0, 40.0, 47.0])
    law = law_of(14.0)
    first = float(k0(np.array(14.0), THRESHOLD))
    assert rate(degrees, PERISHING) * first == pytest.approx([law.rate(float(c)) for c in degrees], rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_integral_over_a_way_equals_small_steps(seed: int) -> None:
    dice = Dice(seed, (0, HOUR)[seed % 2])
    first, days = dice.whole(-3, 2), dice.whole(2, 6)
    air = [dice.whole(-150, 450) / 10 for _ in range(days)]
    shelf = float(dice.whole(3, 60))
    paths = {c: Path(np.minimum(np.array(air), c), first, PERISHING) for c in (math.inf, 4.0, -1.0)}

    def at_most(c: float, day: int) -> float:
        return min(c, air[min(max(day - first, 0), days - 1)])

    time, way, total = (first - 1) * DAY + dice.time(0, 36 * 60), list[Segment](), 0.0
    for _ in range(dice.whole(1, 6)):
        leave = time + dice.time(0, 30 * 60) * dice.pick((0, 1, 1, 1))
        c = dice.pick((math.inf, math.inf, 4.0, -1.0))
        way.append((time, leave, lambda day, c=c: at_most(c, day)))  # type: ignore[misc]
        total += float(paths[c].between(np.array([time]), np.array([leave]))[0])
        time = leave
    law, q0 = law_of(shelf), dice.whole(50, 100) / 100
    closed = q0 * math.exp(-float(k0(np.array(shelf), THRESHOLD)) * total)
    assert decayed(way, law, q0) == pytest.approx(closed, rel=step_error(way, law) + 1e-12)
    assert step_error(way, law) < 0.01
