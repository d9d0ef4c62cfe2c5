"""Parcels find what is known of them by their key: as a plain search does, among those that are marked only."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.produce.kernel import find


def test_keys_are_found_where_a_plain_search_finds_them() -> None:
    known = luck.bits(1, "known", 0, np.arange(300, dtype=np.uint64), np.uint64(0))
    wanted = np.concatenate([known[::3], luck.bits(1, "others", 0, np.arange(50, dtype=np.uint64), np.uint64(0))])
    which = luck.uniform(1, "marked", 0, known) < 0.7
    plain = {int(key): row for row, key in enumerate(known.tolist()) if which[row]}
    assert find(wanted, known, which).tolist() == [plain.get(key, -1) for key in wanted.tolist()]


def test_keys_that_meet_in_one_cell_are_told_apart() -> None:
    known = np.array([1, 1 + 2**32, 1 + 2**40, 2], np.uint64)
    every = np.ones(len(known), np.bool_)
    assert find(known[::-1].copy(), known, every).tolist() == [3, 2, 1, 0]
    assert find(np.array([1 + 2**50], np.uint64), known, every).tolist() == [-1]
    assert find(known[:1], known[:0], every[:0]).tolist() == [-1]
