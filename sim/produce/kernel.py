"""What is worked through parcel by parcel on the way up, compiled."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.units import DAY

AWAY, IN_LINE, INSIDE, GONE = range(4)
"""What a parcel does at a cold room: it has not come, waits in the warm, stands in the cold, has left."""
LEAVE, COME = 0, 1


@numba.njit(cache=True, nogil=True)
def admit(p: int, t: int, rooms: Any, visits: Any) -> None:
    """Let into room ``p`` at ``t`` who waits at the head of its line, while there is room."""
    v = rooms["head"][p]
    while v >= 0 and rooms["used"][p] + visits["grams"][v] <= rooms["capacity"][p]:
        rooms["used"][p] += visits["grams"][v]
        visits["state"][v] = INSIDE
        visits["since"][v] = max(t, rooms["built"][p])
        v = visits["next"][v]
        rooms["head"][p] = v
        if v >= 0:
            visits["prev"][v] = -1
        else:
            rooms["tail"][p] = -1


@numba.njit(cache=True, nogil=True)
def work_through(at: Any, what: Any, who: Any, until: int, rooms: Any, visits: Any) -> int:
    """Let visits ``who`` (n,) come or leave in the order given, as far as that is before ``until``; return how many did."""
    for i in range(len(at)):
        if at[i] >= until:
            return i
        v = who[i]
        p = visits["place"][v]
        if what[i] == COME:
            last = rooms["tail"][p]
            visits["state"][v], visits["prev"][v], visits["next"][v] = IN_LINE, last, -1
            if last >= 0:
                visits["next"][last] = v
            else:
                rooms["head"][p] = v
            rooms["tail"][p] = v
        else:
            if visits["state"][v] == INSIDE:
                rooms["used"][p] -= visits["grams"][v]
            else:
                before, behind = visits["prev"][v], visits["next"][v]
                if before >= 0:
                    visits["next"][before] = behind
                else:
                    rooms["head"][p] = behind
                if behind >= 0:
                    visits["prev"][behind] = before
                else:
                    rooms["tail"][p] = before
            visits["state"][v] = GONE
        admit(p, at[i], rooms, visits)
    return len(at)


@numba.njit(cache=True, nogil=True)
def until(t: int, cumulated: Any, day_rate: Any, first: int) -> float:
    """Return ``Path.at`` of one time."""
    day = min(max(t // DAY - first, 0), len(day_rate) - 1)
    return cumulated[day] + day_rate[day] * (t / DAY - (day + first))


@numba.njit(cache=True, nogil=True)
def spans(start: Any, end: Any, cumulated: Any, day_rate: Any, first: int) -> Any:
    """Return ``Path.between`` of starts and ends (n,)."""
    out = np.zeros(len(start))
    for i in range(len(start)):
        if end[i] > start[i]:
            out[i] = until(end[i], cumulated, day_rate, first) - until(start[i], cumulated, day_rate, first)
    return out


@numba.njit(cache=True, nogil=True)
def divide(offers: Any, sorts: Any, first: float, second: float, spread: float, grades: Any, out: Any) -> int:
    """Write offers to ``out``, those that are sorted as up to three rows, the best first; return how many rows there are."""
    n = 0
    part = np.empty(3, np.int64)
    for i in range(len(offers)):
        x = offers[i]
        if not sorts[i]:
            out[n] = x
            n += 1
            continue
        quality, grams = x["quality"], x["grams"]
        half = min(spread, 1.0 - quality)
        part[0] = np.int64(np.floor(first * grams))
        part[1] = min(np.int64(np.floor(second * grams)), grams - part[0])
        part[2] = grams - part[0] - part[1]
        above = 0.0
        for k in range(3):
            share = part[k] / max(grams, 1)
            if part[k] > 0:
                out[n] = x
                out[n]["grams"], out[n]["grade"] = part[k], grades[k]
                # the mean of the pieces behind the share ``above`` and before ``above + share``
                out[n]["quality"] = quality + half * (1.0 - 2.0 * above - share)
                n += 1
            above = above + share
    return n
