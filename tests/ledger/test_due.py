"""A day's dues are totalled by kind, operator and village: what a plain sum finds, in order, and nothing where they cancel out."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sim import luck
from sim.ledger.due import total
from sim.schema.raw import DUE, DUES

OPERATORS, PLACES = 2, 5
CELLS = len(DUES) * (OPERATORS + 1) * PLACES


def drawn(n: int) -> np.ndarray:
    u = [luck.uniform(1, "dues", 0, np.arange(n, dtype=np.uint64), k) for k in range(4)]
    rows = np.zeros(n, DUE)
    rows["kind"], rows["place"] = (u[0] * len(DUES)).astype(int), (u[1] * PLACES).astype(int)
    rows["operator"] = (u[2] * (OPERATORS + 1)).astype(int) - 1
    rows["micro"], rows["quantity"] = (u[3] * 1000).astype(int) + 1, 0.25
    return rows


def test_dues_are_what_a_plain_sum_finds_and_the_scratch_is_left_clean() -> None:
    rows, sums, quantities = drawn(400), np.zeros(CELLS, np.int64), np.zeros(CELLS)
    plain, many = Counter[int](), Counter[int]()
    for x in rows:
        cell = (int(x["kind"]) * (OPERATORS + 1) + int(x["operator"]) + 1) * PLACES + int(x["place"])
        plain[cell] += int(x["micro"])
        many[cell] += 1
    for _ in range(2):
        cells, micro, quantity = total(rows, OPERATORS, PLACES, sums, quantities)
        assert cells.tolist() == sorted(plain)
        assert micro.tolist() == [plain[cell] for cell in sorted(plain)]
        assert quantity.tolist() == [0.25 * many[cell] for cell in sorted(plain)]
        assert not sums.any()
        assert not quantities.any()


def test_what_cancels_out_is_left_out() -> None:
    rows = np.zeros(3, DUE)
    rows["place"], rows["operator"], rows["micro"] = [1, 1, 2], -1, [5, -5, 7]
    cells, micro, _ = total(rows, OPERATORS, PLACES, np.zeros(CELLS, np.int64), np.zeros(CELLS))
    assert (cells.tolist(), micro.tolist()) == ([2], [7])
