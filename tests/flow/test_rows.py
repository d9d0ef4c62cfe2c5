"""Rows moved as blocks of bytes are the rows that numpy would pick field by field."""

from __future__ import annotations

import numpy as np
import pytest

from sim import luck
from sim.schema.raw import PARCEL, TRIP
from sim.schema.rows import picked, together


def rows(n: int, of: np.dtype, seed: int) -> np.ndarray:
    words = luck.bits(seed, "rows", 0, np.arange(n * of.itemsize, dtype=np.uint64))
    return words.astype(np.uint8).view(of)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Say whether all fields are equal; what lies between them is nobody's."""
    return len(a) == len(b) and all(a[name].tobytes() == b[name].tobytes() for name in PARCEL.names or ())


def test_picked_rows_are_those_marked_and_together_they_follow_each_other() -> None:
    a, b = rows(50, PARCEL, 1), rows(7, PARCEL, 2)
    which = a["key"] % 3 == 0
    assert same(picked(a, which), a[which])
    assert same(together([a, b[:0], b[::2]]), np.concatenate([a, b[:0], b[::2]]))
    assert picked(a, np.zeros(50, np.bool_)).dtype == PARCEL


def test_rows_of_two_kinds_are_not_put_together() -> None:
    with pytest.raises(AssertionError):
        together([rows(2, PARCEL, 1), rows(2, TRIP, 1)])
