"""Luck by name and slot: the statistics that a counter-based generator must pass, and what slots are for."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.special import chdtrc, pdtr

from sim import luck
from sim.agents.shoppers import Habits, count_orders, daily_rates, habits, order
from sim.plan.orders import Orders
from sim.schema.parameters import Parameters
from sim.world.build import build
from sim.world.world import World

SMALL = Path(__file__).parents[1] / "counties" / "small"
START = date(2021, 3, 1)
PURPOSES = ("orders", "order", "breakdown", "closure", "hour", "weight")
N = 200_000
COUNTING = np.arange(N, dtype=np.uint64)
"""The hardest keys: neighbours that differ in a bit or two."""
RARE = 1e-5
"""A statistic beyond this tail, on either side, fails; nothing here is drawn anew, so a test that passes keeps passing."""


def plausible(counts: np.ndarray) -> bool:
    """Return whether counts are as even, and no more even, than chance makes them (chi-square, both tails)."""
    expected = counts.sum() / counts.size
    tail = float(chdtrc(counts.size - 1, ((counts - expected) ** 2 / expected).sum()))
    return RARE < tail < 1 - RARE


def alike(u: np.ndarray, v: np.ndarray) -> float:
    """Return the correlation of two columns in standard deviations of chance."""
    return float(np.corrcoef(u, v)[0, 1] * np.sqrt(len(u)))


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("bins", [10, 256, 4096])
def test_uniforms_fill_their_bins_evenly(purpose: str, bins: int) -> None:
    u = luck.uniform(1, purpose, 17, COUNTING)
    assert plausible(np.bincount((u * bins).astype(int), minlength=bins))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_each_of_the_64_bits_is_set_half_the_time(purpose: str) -> None:
    words = luck.bits(2, purpose, 3, COUNTING)
    ones = np.array([int((words >> np.uint64(bit) & np.uint64(1)).sum()) for bit in range(64)])
    assert np.abs(2 * ones - N).max() < 4.8 * np.sqrt(N)


def test_the_numbers_of_a_day_fill_one_column_of_days_evenly_too() -> None:
    key = luck.keys_of(["621225100201"])
    u = np.array([luck.uniform(1, "closure", day, key)[0] for day in range(20_000)])
    assert plausible(np.bincount((u * 64).astype(int), minlength=64))


def test_days_purposes_seeds_and_counts_are_independent_of_one_another() -> None:
    columns = [
        luck.uniform(1, "orders", 0, COUNTING),
        luck.uniform(1, "orders", 1, COUNTING),
        luck.uniform(2, "orders", 0, COUNTING),
        luck.uniform(1, "order", 0, COUNTING),
        luck.uniform(1, "order", 0, COUNTING, 1),
        luck.uniform(1, "order", 0, COUNTING, 2),
    ]
    for u, v in combinations(columns, 2):
        assert abs(alike(u, v)) < 4.5
        cells = (u * 16).astype(int) * 16 + (v * 16).astype(int)
        assert plausible(np.bincount(cells, minlength=256))


@pytest.mark.parametrize("lag", [1, 2, 7, 64])
def test_neighbouring_entities_are_independent(lag: int) -> None:
    u = luck.uniform(5, "order", 9, COUNTING)
    assert abs(alike(u[:-lag], u[lag:])) < 4.5
    cells = (u[:-lag] * 16).astype(int) * 16 + (u[lag:] * 16).astype(int)
    assert plausible(np.bincount(cells, minlength=256))


def test_attributes_of_one_order_are_independent() -> None:
    slot = luck.bits(1, "order", 4, COUNTING)
    columns = [luck.unit(luck.mix(slot ^ luck.address(1, name))) for name in ("hour", "trunk", "weight", "volume", "carrier", "collect")]
    assert all(abs(alike(u, v)) < 4.5 for u, v in combinations(columns, 2))


@pytest.mark.parametrize("bit", [0, 1, 31, 63])
def test_one_flipped_bit_of_a_key_flips_every_bit_of_the_luck_half_the_time(bit: int) -> None:
    keys = luck.keys_of([f"household {i}" for i in range(20_000)])
    changed = luck.bits(1, "order", 0, keys) ^ luck.bits(1, "order", 0, keys ^ np.uint64(1 << bit))
    flipped = np.array([int((changed >> np.uint64(b) & np.uint64(1)).sum()) for b in range(64)])
    assert np.abs(2 * flipped - len(keys)).max() < 4.8 * np.sqrt(len(keys))


def test_a_million_slots_have_a_million_words() -> None:
    entity = np.repeat(COUNTING, 5)
    k = np.tile(np.arange(5, dtype=np.uint64), N)
    words = luck.bits(1, "order", 0, entity, k)
    assert len(np.unique(words)) == len(words) == 1_000_000


def test_mixing_loses_no_word() -> None:
    assert len(np.unique(luck.mix(COUNTING))) == N


def test_the_interval_is_open() -> None:
    ends = luck.unit(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert ends[0] > 0.0
    assert ends[1] < 1.0


def test_the_order_of_the_rows_and_the_size_of_the_block_do_not_matter() -> None:
    keys = luck.keys_of([f"place {i}" for i in range(5000)])
    turn = np.argsort(luck.bits(9, "shuffle", 0, keys))
    whole = luck.bits(1, "order", 3, keys, np.arange(5000, dtype=np.uint64))
    assert np.array_equal(luck.bits(1, "order", 3, keys[turn], turn.astype(np.uint64)), whole[turn])
    assert luck.bits(1, "order", 3, keys[4:5], 4)[0] == whole[4]


def test_luck_is_the_same_on_every_machine_and_in_every_version() -> None:
    words = luck.bits(1, "orders", 0, luck.keys_of(["621225100201", "post"]), 2)
    assert [int(word) for word in words] == [2388884764538991383, 2349597403092552664]


def test_counts_are_the_inverse_of_the_poisson_distribution() -> None:
    rate = np.repeat([0.003, 0.05, 0.7, 4.0], 2000)
    u = luck.uniform(1, "orders", 0, np.arange(len(rate), dtype=np.uint64))
    n = count_orders(rate, u)
    assert np.all(u <= pdtr(n, rate) + 1e-12)
    assert np.all(u[n > 0] > pdtr(n[n > 0] - 1, rate[n > 0]) - 1e-12)


# ---- orders of a small county


@pytest.fixture(scope="module")
def world() -> World:
    return build(SMALL)


@pytest.fixture(scope="module")
def habit(world: World) -> Habits:
    return habits(world, Parameters())


def ordered(world: World, habit: Habits, rate: np.ndarray, day: int = 3, seed: int = 1) -> Orders:
    return order(world, Parameters(), habit, rate, seed, day, START)


def columns(orders: Orders, rows: np.ndarray) -> list[np.ndarray]:
    return [np.asarray(getattr(orders, field.name))[rows] for field in fields(Orders)]


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_the_orders_at_a_lower_rate_are_some_of_those_at_the_higher_one_with_equal_attributes(
    world: World, habit: Habits, share: float
) -> None:
    rate = daily_rates(world, Parameters())
    more, fewer = ordered(world, habit, rate), ordered(world, habit, share * rate)
    assert 0 < fewer.n < more.n
    row = {int(key): i for i, key in enumerate(more.key)}
    same = columns(more, np.array([row[int(key)] for key in fewer.key]))
    for a, b in zip(same, columns(fewer, np.arange(fewer.n)), strict=True):
        assert np.array_equal(a, b)


def test_a_place_that_orders_more_leaves_the_others_as_they_were(world: World, habit: Habits) -> None:
    rate = daily_rates(world, Parameters())
    place = int(world.households.place[0])
    there = world.households.place == place
    before, after = ordered(world, habit, rate), ordered(world, habit, np.where(there, 9 * rate, rate))
    assert (after.place == place).sum() > (before.place == place).sum()
    others = columns(before, np.flatnonzero(before.place != place)), columns(after, np.flatnonzero(after.place != place))
    assert all(np.array_equal(a, b) for a, b in zip(*others, strict=True))


def test_no_two_orders_of_a_month_share_a_key(world: World, habit: Habits) -> None:
    rate = daily_rates(world, Parameters())
    keys = np.concatenate([ordered(world, habit, rate, day).key for day in range(30)])
    assert len(np.unique(keys)) == len(keys)


def test_each_day_and_each_seed_has_its_own_orders(world: World, habit: Habits) -> None:
    rate = daily_rates(world, Parameters())
    days = [set(ordered(world, habit, rate, day, seed).key.tolist()) for day, seed in ((3, 1), (4, 1), (3, 2))]
    assert not any(a & b for a, b in pairwise([*days, days[0]]))


def test_orders_come_as_often_as_their_rate_says(world: World) -> None:
    rate = daily_rates(world, Parameters())
    days = 400
    counts = [count_orders(rate, luck.uniform(1, "orders", day, world.households.key)) for day in range(days)]
    total, expected = sum(int(n.sum()) for n in counts), days * float(rate.sum())
    assert abs(total - expected) < 4.5 * np.sqrt(expected)
    by_day = np.array([n.sum() for n in counts])
    assert 0.75 < by_day.var() / rate.sum() < 1.25
