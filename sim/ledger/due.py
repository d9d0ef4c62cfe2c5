"""Total what produce moves on a day in one pass over its rows (compiled, like the tally)."""

from __future__ import annotations

from typing import Any

import numba


@numba.njit(cache=True, nogil=True)
def total(dues: Any, micro: Any, quantity: Any) -> None:
    """Add dues to counters (kinds, operators + 1, places) of micro-fen and quantities; operator -1 comes first."""
    for i in range(len(dues)):
        d = dues[i]
        micro[d["kind"], d["operator"] + 1, d["place"]] += d["micro"]
        quantity[d["kind"], d["operator"] + 1, d["place"]] += d["quantity"]
