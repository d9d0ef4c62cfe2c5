"""Compare the fast flow with one SimPy process per parcel, stamp by stamp."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .draw import draw_case
from .flowside import differences
from .model import RULES, County

FIXED = range(60)


@pytest.fixture(scope="module")
def tally() -> dict[str, list[int]]:
    """Return for each rule how many parcels it bound in each fixed case so far."""
    return {rule: [] for rule in RULES}


@pytest.mark.parametrize("seed", FIXED)
def test_every_stamp_of_every_parcel_is_the_same_in_both_models(seed: int, tally: dict[str, list[int]]) -> None:
    case = draw_case(seed)
    result = County(case).run()
    for rule, keys in result.bound.items():
        tally[rule].append(len(keys))
    lines = differences(case, result)
    assert not lines, "\n".join([case.name, *lines])


def test_every_rule_binds_in_the_fixed_cases(tally: dict[str, list[int]], record_property: Callable[[str, object], None]) -> None:
    if len(tally[RULES[0]]) < len(FIXED):
        pytest.fail("run this test together with all fixed cases of this module")
    lines = [f"{'rule':34}{'parcels bound':>14}{'in cases of ' + str(len(FIXED)):>18}"]
    lines += [f"{rule:34}{sum(counts):>14}{sum(c > 0 for c in counts):>18}" for rule, counts in tally.items()]
    record_property("shown", "\n".join(lines))
    idle = [rule for rule, counts in tally.items() if not sum(counts)]
    assert not idle, f"no parcel was bound by: {', '.join(idle)}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
@given(seed=st.integers(1_000, 10**9), parcels=st.integers(1, 120), days=st.integers(1, 4))
@example(17523, 72, 3).via("a feeder that broke down comes home to its yard under another plan")
def test_random_cases_are_the_same_in_both_models(seed: int, parcels: int, days: int) -> None:
    case = draw_case(seed, parcels, days)
    lines = differences(case, County(case).run())
    assert not lines, "\n".join([case.name, *lines])
