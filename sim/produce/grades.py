"""Sort what was picked into grades: the best for online buyers, the second for less, the rest for the farm gate or the market.

Within a lot quality is spread evenly around its mean; the grades take the lot from the top by weight, so that grams and mean quality are
kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.schema.produce import Grading
from sim.world.world import Bools, Floats, Int8s

UNGRADED, GRADE_1, GRADE_2, GRADE_3 = range(4)
GRADES = ("ungraded", "first", "second", "third")


def graded(offers: npt.NDArray[Any], sorts: Bools, g: Grading) -> npt.NDArray[Any]:
    """Return offers of which those of farms that sort (n,) are divided into grades, each farm's best first."""
    if not g.active or not sorts.any():
        return offers
    whole, parts = offers[~sorts], []
    own = offers[sorts]
    quality, grams = own["quality"].astype(np.float64), own["grams"].astype(np.int64)
    half = np.minimum(g.spread, 1.0 - quality)
    first = np.floor(g.first * grams).astype(np.int64)
    second = np.minimum(np.floor(g.second * grams).astype(np.int64), grams - first)
    above = np.zeros(len(own))
    for grade, part in ((GRADE_1, first), (GRADE_2, second), (GRADE_3, grams - first - second)):
        out, share = own.copy(), part / np.maximum(grams, 1)
        out["grams"], out["grade"] = part, grade
        # the mean of the pieces behind the share ``above`` and before ``above + share``
        out["quality"] = quality + half * (1.0 - 2.0 * above - share)
        above = above + share
        parts.append(out[part > 0])
    every = np.concatenate([whole, *parts])
    return every[np.lexsort((every["grade"], every["farm"]))]


def price_ratio(grade: Int8s, g: Grading) -> Floats:
    """Return what grades (n,) are listed at over the crop's price."""
    ratio: Floats = np.array([1.0, g.price_first, g.price_second, 0.0])[grade]
    return ratio
