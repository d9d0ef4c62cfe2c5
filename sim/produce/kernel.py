"""What is worked through parcel by parcel on the way up, compiled."""

from __future__ import annotations

from typing import Any

import numba

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
