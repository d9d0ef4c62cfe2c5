"""Boxes with ice on their way, stay by stay, compiled: a stay is one stage's time in the air or in the cold on one day.

What goes through exp stays outside: numpy's differs from the compiler's in the last digit.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.schema.raw import NEVER
from sim.units import DAY

SECOND_US = 1_000_000


@numba.njit(cache=True, nogil=True)
def stays(rows: Any, begin: Any, end: Any, since: Any, celsius: Any, days: Any, first: int) -> Any:
    """Return the stays (m,) of boxes ``rows``, in order: which box, its stage, whether in the cold, seconds, ambient temperature.

    Columns (n, stages) are those of ``Arrived``; ``days`` are the air's temperatures from day ``first`` on.
    """
    many = 0
    for write in (False, True):
        if write:
            box, stage, cold = np.empty(many, np.int64), np.empty(many, np.int64), np.empty(many, np.bool_)
            seconds, ambient = np.empty(many), np.empty(many)
        many = 0
        for b in range(len(rows)):
            i = rows[b]
            for j in range(begin.shape[1]):
                if begin[i, j] == NEVER:
                    continue
                turn = since[i, j] if since[i, j] != NEVER else end[i, j]
                for part in range(2):
                    start, stop = (begin[i, j], turn) if part == 0 else (turn, end[i, j])
                    while start < stop:
                        day = start // DAY
                        until = min(stop, (day + 1) * DAY)
                        if write:
                            air = days[min(max(day - first, 0), len(days) - 1)]
                            kept = part == 1 and not np.isnan(celsius[i, j])
                            box[many], stage[many], cold[many] = b, j, part == 1
                            seconds[many], ambient[many] = (until - start) / SECOND_US, min(air, celsius[i, j]) if kept else air
                        many += 1
                        start = until
    return box, stage, cold, seconds, ambient


@numba.njit(cache=True, nogil=True)
def melt(box: Any, seconds: Any, held: Any, ambient: Any, joules: Any, leak: Any) -> Any:
    """Return how many of the ``seconds`` of stays (m,) ice holds the inside at ``held``, whether any is there to begin with, and whether
    some is left behind them. ``joules`` of ice (boxes,) as boxes are closed; heat comes in at ``leak`` W/K."""
    left = joules.copy()
    cold, iced, holds = np.empty(len(box)), np.empty(len(box), np.bool_), np.empty(len(box), np.bool_)
    for i in range(len(box)):
        b = box[i]
        watts = leak[b] * (ambient[i] - held[i])
        iced[i] = left[b] > 0
        lasts = 0.0
        if iced[i]:
            lasts = left[b] / watts if watts > 0 else np.inf
        cold[i], holds[i] = min(lasts, seconds[i]), lasts > seconds[i]
        left[b] = left[b] - watts * cold[i] if holds[i] else 0.0
    return cold, iced, holds


@numba.njit(cache=True, nogil=True)
def warm_up(box: Any, held: Any, ambient: Any, iced: Any, holds: Any, share: Any, celsius: Any) -> Any:
    """Return how far the inside is above the ambient temperature as the ice of a stay (m,) is gone, and at its end: ``share`` of that.

    ``celsius`` (boxes,) is how warm boxes are as they are closed. Ice that is left holds the inside; one that stood colder than the ice
    warms up to it at once.
    """
    inside = celsius.copy()
    gap, after = np.zeros(len(box)), np.zeros(len(box))
    for i in range(len(box)):
        b = box[i]
        if holds[i]:
            inside[b] = held[i]
            continue
        gap[i] = (held[i] if iced[i] else inside[b]) - ambient[i]
        after[i] = gap[i] * share[i]
        inside[b] = ambient[i] + after[i]
    return gap, after


@numba.njit(cache=True, nogil=True)
def spend(box: Any, stage: Any, cold: Any, spent: Any, boxes: int, stages: int) -> Any:
    """Return what was ``spent`` on stays (m,) by box and stage: in the air, then in the cold."""
    air, kept = np.zeros((boxes, stages)), np.zeros((boxes, stages))
    for i in range(len(box)):
        if cold[i]:
            kept[box[i], stage[i]] += spent[i]
        else:
            air[box[i], stage[i]] += spent[i]
    return air + kept
