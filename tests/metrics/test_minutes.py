"""Histograms of minutes: a month that is kept compressed is empty, counts on, and is in every total as before."""

from __future__ import annotations

import numpy as np
import pytest

from sim import luck
from sim.metrics import minutes
from sim.metrics.minutes import Minutes


@pytest.mark.parametrize("gives_back", [minutes.GIVES_BACK, False])
@pytest.mark.parametrize(("rows", "width"), [(3, 50), (7, 1441), (40, 4000)])
def test_folded_months_count_as_others(monkeypatch: pytest.MonkeyPatch, gives_back: bool, rows: int, width: int) -> None:
    monkeypatch.setattr(minutes, "GIVES_BACK", gives_back)
    months, used = 4, width - 9
    folded, plain = Minutes(months, rows, width), np.zeros((months, rows, width), np.int32)
    for late in range(2):
        for month in range(months):
            u, v = (luck.uniform(late, name, month, np.arange(30, dtype=np.uint64)) for name in ("row", "minute"))
            for row, minute in zip((u * rows).astype(int).tolist(), (v * used).astype(int).tolist(), strict=True):
                folded.array[month * rows + row, minute] += 1
                plain[month, row, minute] += 1
        for month in (1, 2):
            folded.fold(month, used)
            assert not folded.array[month * rows : (month + 1) * rows].any()
        kept = folded.array.reshape(months, rows, width)[[0, 3]]
        assert (kept == plain[[0, 3]]).all(), late
    for some in ([0], [1], [1, 2], [0, 1, 2, 3]):
        assert (folded.total(np.array(some), used) == plain[some].sum(axis=0)[:, :used]).all()
