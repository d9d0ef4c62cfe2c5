"""What is worked through parcel by parcel on the way up, compiled."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.schema.raw import NEVER
from sim.units import DAY

AWAY, IN_LINE, INSIDE, GONE = range(4)
"""What a parcel does at a cold room: it has not come, waits in the warm, stands in the cold, has left."""
LEAVE, COME = 0, 1
TURNS = 64
"""More than there are channels: lots of a farm, day and channel are numbered in blocks of so many."""


@numba.njit(cache=True, nogil=True)
def admit(p: int, t: int, rooms: Any, visits: Any) -> None:
    """Let into room ``p`` at ``t``, where that is in its hours, who waits at the head of its line, while there is room."""
    if not rooms["opens"][p] <= t - t // DAY * DAY < rooms["closes"][p]:
        return
    v = rooms["head"][p]
    while v >= 0 and rooms["used"][p] + visits["grams"][v] <= rooms["capacity"][p]:
        rooms["used"][p] += visits["grams"][v]
        visits["state"][v] = INSIDE
        visits["since"][v] = t
        v = visits["next"][v]
        rooms["head"][p] = v
        if v >= 0:
            visits["prev"][v] = -1
        else:
            rooms["tail"][p] = -1


@numba.njit(cache=True, nogil=True)
def open_up(p: int, until: int, rooms: Any, visits: Any) -> None:
    """Let room ``p`` open, where it does between what happened to it last and ``until``: once is enough, nothing else changes."""
    opens, seen = rooms["opens"][p], rooms["seen"][p]
    opening = ((seen - opens) // DAY + 1) * DAY + opens
    if opening < until and rooms["head"][p] >= 0:
        admit(p, opening, rooms, visits)
    rooms["seen"][p] = max(seen, until)


@numba.njit(cache=True, nogil=True)
def work_through(at: Any, what: Any, who: Any, until: int, rooms: Any, visits: Any) -> int:
    """Let visits ``who`` (n,) come or leave in the order given, as far as that is before ``until``, and rooms open; return how many did."""
    done = 0
    while done < len(at) and at[done] < until:
        done += 1
    for i in range(done):
        v = who[i]
        p = visits["place"][v]
        open_up(p, at[i], rooms, visits)
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
        admit(p, max(at[i], rooms["built"][p]), rooms, visits)
    for p in range(len(rooms)):
        open_up(p, until, rooms, visits)
    return done


@numba.njit(cache=True, nogil=True)
def until(t: int, cumulated: Any, day_rate: Any, first: int) -> Any:
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


@numba.njit(cache=True, nogil=True)
def part(parcels: Any, direction: int) -> Any:
    """Return the parcels of a direction, move the others together in front, and return how many these are."""
    kept, gone = 0, 0
    for i in range(len(parcels)):
        gone += parcels[i]["direction"] == direction
    out, gone = np.empty(gone, parcels.dtype), 0
    for i in range(len(parcels)):
        if parcels[i]["direction"] == direction:
            out[gone] = parcels[i]
            gone += 1
        else:
            if gone:
                parcels[kept] = parcels[i]
            kept += 1
    return out, kept


@numba.njit(cache=True, nogil=True)
def stages(rows: Any, parent: Any, aboard: Any, begin: Any, end: Any, since: Any, celsius: Any, place: Any) -> None:
    """Set when parcels came to each stage on their way up and left it (n, 6), NEVER where they did not or have not yet; where that was, -1
    aboard; and how cold they were ``aboard`` (3, k) rounds, lines and trunks, NaN where as warm as the air, and since when.

    One that its sender carried down to the township was in the village until then.
    """
    times = np.empty(7, np.int64)
    for i in range(len(rows)):
        x = rows[i]
        left, down, ready = x["village_out"], x["township_in"], x["ready"]
        inside = left != NEVER or down == NEVER or down > ready
        came = ready if inside else NEVER
        until_ = left if left != NEVER else (down if inside else NEVER)
        place[i, 0], place[i, 2], place[i, 4] = x["place"], parent[x["place"]], 0
        times[1], times[2], times[3] = left, down, x["township_out"]
        times[4], times[5], times[6] = x["county_in"], x["trunk_out"], x["finished"]
        for j in range(6):
            a, b = (came, until_) if j == 0 else (times[j], times[j + 1])
            if a != NEVER and b != NEVER:
                begin[i, j], end[i, j] = a, b
            if j % 2:
                celsius[i, j] = aboard[j // 2, x["operator"]]
                if not np.isnan(celsius[i, j]):
                    since[i, j] = begin[i, j]


@numba.njit(cache=True, nogil=True)
def ways(begin: Any, end: Any, since: Any, celsius: Any, air: Any, kept: Any, temperatures: Any, first: int, decay: Any) -> None:
    """Set the integral of the rate (n, stages) over ways that begin and end then, ``since`` when they are cold and how cold.

    ``air`` are ``cumulated`` and ``day_rate`` of the air's path, ``kept`` those (t, days) of what is kept at ``temperatures`` (t,).
    """
    for i in range(begin.shape[0]):
        for j in range(begin.shape[1]):
            if begin[i, j] == NEVER:
                continue
            cold = since[i, j] != NEVER
            turn = since[i, j] if cold else end[i, j]
            if turn > begin[i, j]:
                decay[i, j] = until(turn, air[0], air[1], first) - until(begin[i, j], air[0], air[1], first)
            if cold:
                t = 0
                while temperatures[t] != celsius[i, j]:
                    t += 1
                if end[i, j] > turn:
                    decay[i, j] += until(end[i, j], kept[0][t], kept[1][t], first) - until(turn, kept[0][t], kept[1][t], first)


@numba.njit(cache=True, nogil=True)
def find(keys: Any, known: Any, which: Any) -> Any:
    """Return the rows (n,) of ``known`` keys (m,) in which ``keys`` stand, -1 where in none of those that ``which`` (m,) marks."""
    size = 1
    while size < 2 * len(known) + 1:
        size *= 2
    mask = np.uint64(size - 1)
    table = np.full(size, -1, np.int64)
    for row in range(len(known)):
        if which[row]:
            at = known[row] & mask
            while table[at] >= 0:
                at = (at + np.uint64(1)) & mask
            table[at] = row
    out = np.full(len(keys), -1, np.int64)
    for i in range(len(keys)):
        at = keys[i] & mask
        while table[at] >= 0 and out[i] < 0:
            if known[table[at]] == keys[i]:
                out[i] = table[at]
            at = (at + np.uint64(1)) & mask
    return out


@numba.njit(cache=True, nogil=True)
def numbered(channel: int, turn: Any) -> Any:
    """Return another number for each channel and turn among a farm's lots of a day."""
    return turn // TURNS * TURNS * TURNS + channel * TURNS + turn % TURNS


@numba.njit(cache=True, nogil=True)
def account(lots: Any, out: Any, at: Any, grams: Any, end: Any, stage: Any, quality: Any, micro: Any, cold: Any) -> None:
    """Add parcels to their lots (rows ``at``): grams to where they ended, quality weighed by grams, money, what stayed cold.

    One parcel less is ``out`` of each. ``end``: sold, lost, rejected, unsold, in stock.
    """
    for i in range(len(at)):
        x, g, e = lots[at[i]], grams[i], end[i]
        if e == 0:
            x["sold"] += g
            x["quality"] = (0.0 if np.isnan(x["quality"]) else x["quality"]) + g * quality[i]
        elif e == 1:
            x["lost"] += g
        elif e == 2:
            x["rejected"] += g
        elif e == 3:
            x["unsold"] += g
        else:
            x["stock"] += g
        x["micro"] += micro[i]
        if cold[i]:
            x["cold"] += g
        if stage[i] >= 0:
            x["at_stage"][stage[i]] += g
        out[at[i]] -= 1


@numba.njit(cache=True, nogil=True)
def weigh_up(lots: Any) -> None:
    """Divide the ``quality`` of lots, which holds grams x quality of what was sold, by these grams; NaN where nothing was."""
    for i in range(len(lots)):
        x = lots[i]
        x["quality"] = x["quality"] / x["sold"] if x["sold"] > 0 else np.nan
