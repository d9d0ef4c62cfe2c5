"""Total what produce moves on a day in one pass over its rows (compiled, like the tally)."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def total(dues: Any, operators: int, places: int, sums: Any, quantities: Any) -> Any:
    """Return the cells (kind, operator or none, place) that dues have, in order, and of each the micro-fen and the quantity.

    ``sums`` and ``quantities`` (cells,) are scratch, nothing before and after. Cells whose micro-fen add up to nothing are left out.
    """
    cells, n = np.empty(len(dues), np.int64), 0
    seen = np.zeros(len(sums), np.bool_)
    for i in range(len(dues)):
        x = dues[i]
        cell = (x["kind"] * (operators + 1) + x["operator"] + 1) * places + x["place"]
        if not seen[cell]:
            seen[cell] = True
            cells[n] = cell
            n += 1
        sums[cell] += x["micro"]
        quantities[cell] += x["quantity"]
    cells = np.sort(cells[:n])
    micro, quantity, kept = np.empty(n, np.int64), np.empty(n), 0
    for cell in cells:
        if sums[cell] != 0:
            cells[kept], micro[kept], quantity[kept] = cell, sums[cell], quantities[cell]
            kept += 1
        sums[cell], quantities[cell] = 0, 0.0
    return cells[:kept], micro[:kept], quantity[:kept]
