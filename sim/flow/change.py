"""Cut over to another plan: waiting parcels look up their queue or list anew, and move where the site changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from sim.flow import kernels as K
from sim.flow.journal import Journal
from sim.flow.state import State
from sim.flow.view import PlanView
from sim.plan.plan import VEHICLES
from sim.schema.raw import DOWN, NEVER, TRANSFER_EVENT, UP
from sim.world.world import Ints

EMPTY = (-1, -1, 0, 0, (-1,) * K.RECENT)
"""A list with nothing in it."""


def change_plan(
    s: State,
    old: PlanView,
    new: PlanView,
    now: int,
    tier: list[int],
    journal: Journal,
    trips: int,
    day: int,
    to_township: Callable[[int], int],
) -> int:
    """Adopt ``new`` in state ``s`` at ``now``; return the next trip number. The caller has advanced and swept to ``now``."""
    queued, queue = _rows(s, 0, old.queues)
    listed = [_rows(s, old.base, old.base + old.waits)[0]]
    s.A["head"][: old.queues] = -1
    s.A["tail"][: old.queues] = -1
    s.A["n"][: old.queues] = 0
    s.adopt(new, now, first=False)
    times = new.plan.times
    moved: dict[tuple[int, int], list[int]] = defaultdict(list)

    def shift(r: int, a: int, b: int) -> None:
        """Delay row r by the transfer from site a to site b, where they differ."""
        if a != b:
            county = b < 2 * new.plan.operators
            gap = times.seat_gap_us if county else times.township_gap_us
            s.N["t"][r] = max(int(s.N["t"][r]), now) + gap
            moved[a, b].append(r)

    coming = old.queues + old.stores
    listed.append(_rows(s, coming, old.base)[0])
    s.A[coming : old.base] = np.array(EMPTY, K.LIST)
    i = -1
    while (i := int(K.requeue(s.M, queued, queue, i + 1, now))) < len(queued):
        q, r = int(queue[i]), int(queued[i])
        kind = int(s.Q["kind"][q])
        if int(s.P["done"][r]) > now:
            _serve_again(s, new, r, kind)
            continue
        own = int(s.N["last_mile" if kind == K.HANDLE else "operator"][r])
        to = int(new.T[K.QUEUES[kind], own, int(s.N["place"][r])])
        shift(r, q, to)
        K.insert(s.N, s.A, to, r)
    every, i = np.concatenate(listed), -1
    while (i := int(K.relist(s.M, old.T, every, i + 1, now))) < len(every):
        r = int(every[i])
        if int(s.P["done"][r]) > now:
            _leave_again(s, new, r)
            continue
        if int(s.N["stage"][r]) == K.AT_PLACE and int(s.N["direction"][r]) == UP and _unvisited(s, new, r):
            _carry_down(s, new, r, max(int(s.N["t"][r]), now) + to_township(int(s.N["place"][r])))
        else:
            _relist(s, old, new, r, now, shift)
    for (_, b), rows in sorted(moved.items()):
        county = b < 2 * new.plan.operators
        metres, gap = (times.seat_gap_m, times.seat_gap_us) if county else (times.township_gap_m, times.township_gap_us)
        place = 0 if county else _place_of(b, new, tier)
        owner = (b if b < new.plan.operators else b - new.plan.operators) if county else (b - 2 * new.plan.operators) % new.plan.operators
        for parcels, grams, millilitres in _vans(s, new, rows):
            journal.transfer(trips, day, owner, place, now, now + gap, metres, parcels, grams, millilitres)
            journal.event(now, now + gap, TRANSFER_EVENT, place, -1, trips)
            trips += 1
    return trips


def _vans(s: State, view: PlanView, rows: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield how many of ``rows``, in the order of their keys, each van of a transfer takes, with their grams and millilitres."""
    most_g, most_ml = (int(capacity[VEHICLES.index("van")]) for capacity in (view.plan.capacity_g, view.plan.capacity_ml))
    parcels = grams = millilitres = 0
    for r in sorted(rows, key=lambda r: int(s.N["key"][r])):
        g, ml = int(s.N["weight_g"][r]), int(s.N["volume_ml"][r])
        if parcels and (grams + g > most_g or millilitres + ml > most_ml):
            yield parcels, grams, millilitres
            parcels = grams = millilitres = 0
        parcels, grams, millilitres = parcels + 1, grams + g, millilitres + ml
    yield parcels, grams, millilitres


def _rows(s: State, first: int, last: int) -> tuple[Ints, Ints]:
    """Return the rows of lists ``first`` to ``last`` (not included), one list after the other, and the list of each."""
    n = int(s.A["n"][first:last].sum())
    rows, of = np.empty(n, np.int64), np.empty(n, np.int64)
    assert int(K.members(s.M, first, last, rows, of)) == n
    return rows, of


def _serve_again(s: State, new: PlanView, r: int, kind: int) -> None:
    """Look up anew where row r, in service at the cut-over, goes from its queue to the next queue (of ``kind``)."""
    P, N = s.P, s.N
    if kind == K.SORT and int(N["passes"][r]) == 1:
        K.insert(s.N, s.A, int(new.T[K.T_SORT, int(N["operator"][r]), int(N["place"][r])]), r)
    elif kind == K.SORT:
        K.after(s.M, K.DOCK, 0, r, int(P["done"][r]))
    else:
        N["last_mile"][r] = N["operator"][r]
        P["to_post"][r] = 0
        K.decide_handled(s.M, r, int(P["done"][r]))


def _leave_again(s: State, new: PlanView, r: int) -> None:
    """Look up anew where row r, in service at the cut-over, waits afterwards."""
    stage = int(s.N["stage"][r])
    if int(s.N["store"][r]) >= 0 and int(s.N["direction"][r]) == DOWN:
        s.N["store"][r] = -1
        kind = K.HANDLE
    else:
        kind = {K.AT_DOCK: K.DOCK, K.FOR_LINE: K.SORT, K.FOR_TRUNK: K.SORT}.get(stage, K.HANDLE)
    K.after(s.M, kind, 0, r, int(s.P["done"][r]))


def _unvisited(s: State, new: PlanView, r: int) -> bool:
    """Say whether no list is loaded any more in the place of row r."""
    return int(new.T[K.T_BACK_PLACE, int(s.N["operator"][r]), int(s.N["place"][r])]) == int(s.X[K.X_NOWHERE])


def _carry_down(s: State, new: PlanView, r: int, t: int) -> None:
    """Let the sender carry row r to the township, where it is handled from t on."""
    s.N["t"][r] = t
    s.P["township_in"][r] = t if t < int(s.X[K.X_END]) else NEVER
    K.insert(s.N, s.A, int(new.T[K.T_HANDLE, int(s.N["operator"][r]), int(s.N["place"][r])]), r)


def _relist(s: State, old: PlanView, new: PlanView, r: int, now: int, shift) -> None:  # type: ignore[no-untyped-def]
    stage, place = int(s.N["stage"][r]), int(s.N["place"][r])
    if stage != K.AT_PLACE:
        field, own = K.SITES[stage], int(s.N["last_mile" if stage == K.FOR_ROUND else "operator"][r])
        shift(r, int(old.T[field, own, place]), int(new.T[field, own, place]))
    K.lay(s.M, r, now)


def _place_of(queue: int, view: PlanView, tier: list[int]) -> int:
    """Return the place row of a handling queue's township (townships follow the seat)."""
    k = view.plan.operators
    u = (queue - 2 * k) // k
    townships = [i for i, t in enumerate(tier) if t == 1]
    return townships[u]
