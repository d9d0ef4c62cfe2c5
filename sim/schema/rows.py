"""Whole rows of records picked out and put together as blocks of bytes: numpy itself would go through them field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[Any]


def blocks(rows: Records) -> Records:
    """Return the same rows as blocks of bytes."""
    return rows.view(f"V{rows.dtype.itemsize}")


def picked(rows: Records, which: npt.NDArray[np.bool_]) -> Records:
    """Return the rows (n,) of records that ``which`` (n,) marks."""
    out: Records = rows.take(np.flatnonzero(which))
    return out


def together(parts: Sequence[Records]) -> Records:
    """Return records of one type one behind the other."""
    dtype = parts[0].dtype
    assert all(part.dtype == dtype for part in parts)
    out: Records = np.concatenate([blocks(np.ascontiguousarray(part)) for part in parts]).view(dtype)
    return out
