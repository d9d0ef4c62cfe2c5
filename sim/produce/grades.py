"""Sort what was picked into grades: the best for online buyers, the second for less, the rest for the farm gate or the market.

Within a lot quality is spread evenly around its mean; the grades take the lot from the top by weight, so that grams and mean quality are
kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.produce.kernel import divide
from sim.schema.produce import Grading
from sim.world.world import Bools, Floats

UNGRADED, GRADE_1, GRADE_2, GRADE_3 = range(4)
GRADES = ("ungraded", "first", "second", "third")


def graded(offers: npt.NDArray[Any], sorts: Bools, g: Grading) -> npt.NDArray[Any]:
    """Return offers of which those of farms that sort (n,) are divided into grades, the best first behind one another."""
    if not g.active or not sorts.any():
        return offers
    out = np.empty(3 * len(offers), offers.dtype)
    return out[: divide(offers, sorts, g.first, g.second, g.spread, (GRADE_1, GRADE_2, GRADE_3), out)]


def price_ratios(g: Grading) -> Floats:
    """Return what is listed over the crop's price, by grade (4,)."""
    ratios: Floats = np.array([1.0, g.price_first, g.price_second, 0.0])
    return ratios
