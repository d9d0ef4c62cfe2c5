"""Luck of one word, compiled: what ``sim.luck`` gives for columns, for kernels that draw inside a loop.

A caller's compiled code is cached by the caller's file: should luck ever change here, callers must be compiled anew (as must all results).
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.luck import MIX_1, MIX_2, ODD

S30, S27, S31, S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


@numba.njit(cache=True, nogil=True)
def mix(word: Any) -> Any:
    """Return ``luck.mix`` of one word."""
    word = (word ^ (word >> S30)) * MIX_1
    word = (word ^ (word >> S27)) * MIX_2
    return word ^ (word >> S31)


@numba.njit(cache=True, nogil=True)
def unit(word: Any) -> Any:
    """Return ``luck.unit`` of one word."""
    return (np.float64(word >> S12) + 0.5) * 2.0**-52


@numba.njit(cache=True, nogil=True)
def uniform(key: Any, address: Any) -> Any:
    """Return ``luck.uniform`` of one key at an address, k = 0."""
    return unit(mix(mix(key ^ address) + ODD))
