"""Orders that buyers place with a farm: as many as their rate says, however many that is."""

from __future__ import annotations

import numpy as np
import pytest

from sim import luck
from sim.agents.shoppers import count_orders


@pytest.mark.parametrize("rate", [0.3, 6.0, 49.0, 51.0, 180.0, 400.0, 2_000.0])
def test_counts_have_the_mean_and_the_spread_of_their_rate(rate: float) -> None:
    n = 20_000
    counts = count_orders(np.full(n, rate), luck.uniform(1, "orders of a farm", 0, np.arange(n, dtype=np.uint64)))
    assert counts.mean() == pytest.approx(rate, abs=5 * np.sqrt(rate / n))
    assert counts.var() == pytest.approx(rate, rel=0.06)
    assert counts.min() >= 0


def test_a_lower_rate_takes_the_last_orders_away_and_adds_none() -> None:
    rates = np.concatenate([np.linspace(0.0, 70.0, 141), [100.0, 400.0, 401.0, 5_000.0]])
    for u in (1e-12, 0.003, 0.4, 0.77, 0.999, 1 - 1e-12):
        counts = count_orders(rates, np.full(len(rates), u))
        assert (np.diff(counts) >= 0).all()
