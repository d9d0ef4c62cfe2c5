"""The compiled kernels of the flow, together in one file because the compiler's cache is keyed by file.

Everything is rows and lists. ``N`` holds what decides about a parcel, ``P`` the rest of its row and ``W`` what only one on its way
back or up has; ``A`` all doubly linked lists (queues, shelves, outlets' coming-ready lists, waiting lists), a row being in at most
one; ``Q`` queues with their ``ring`` of finish times; ``S`` stores; ``V`` visits and ``cur`` the visit ahead of each (household,
pick-up point); ``I`` free and output row numbers; ``X`` counters and durations; ``T`` the plan's lookups by (field, operator,
place). The rules are docs/flow-rules.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from sim.clock import SITE, STOPS
from sim.schema.raw import (
    AT_DOOR,
    AT_LOCKER,
    AT_STATION,
    AT_TOWNSHIP,
    BACK,
    BACK_AT_SENDER,
    COLLECTED,
    DOWN,
    FROM_OUTSIDE,
    LOST,
    NEVER,
    REFUSED_OUT,
    REJECTED,
    RETURNED,
    SHIPPED,
    STOP,
    TRIP_BROKEN,
    TRIP_DONE,
    TRIP_LATE,
    UP,
)

DAY = 86_400_000_000
MINUTE = 60_000_000

NODE = np.dtype(
    [
        ("t", "i8"), ("key", "u8"), ("next", "i4"), ("prev", "i4"), ("weight_g", "i4"), ("volume_ml", "i4"),
        ("stop", "i4"), ("store", "i4"), ("slot", "i4"), ("household", "i4"), ("near", "i4"), ("place", "i2"), ("operator", "u1"),
        ("last_mile", "u1"), ("direction", "i1"), ("stage", "i1"), ("door", "i1"), ("passes", "i1"), ("attempts", "i1"), ("missort", "i1"),
        ("lost", "i1"), ("shelved", "i1"),
    ]
)  # fmt: skip
"""What lists, loads and every decision about a parcel read: 64 bytes, one cache line. ``t`` is what its list is ordered by; on a
shelf it is the expiry. ``near`` is a row that was some places further on in its list: it is only asked for early."""
MOST_PLACES, MOST_OPERATORS = 2**15 - 1, 2**8 - 1
"""So many a node can tell apart."""
ROW = np.dtype(
    [
        ("done", "i8"), ("created", "i8"), ("county_in", "i8"), ("sorted", "i8"), ("county_out", "i8"), ("township_in", "i8"),
        ("township_out", "i8"), ("line_trip", "i4"), ("round_trip", "i4"),
        ("village_in", "i8"), ("ready", "i8"), ("remind", "i8"), ("visit", "u8"), ("collect_township", "i8"), ("out_us", "i8"),
        ("finished", "i8"), ("surcharge_fen", "i4"), ("kind", "i1"), ("missorted", "i1"), ("to_post", "i1"), ("outcome", "i1"),
    ]
)  # fmt: skip
"""The rest of a parcel, 128 bytes: a cache line for the way to the township, one for the hand-over and the end. It is mostly written,
and stamps wait for nobody. Two fields change their meaning when a parcel comes on a shelf (``shelved`` in its node): ``remind`` is
until then how long after its reminder it would be collected, then the instant of the reminder; ``visit`` is until then how long it
would wait for its household in the village, then the key of the visit."""
W_PARENT, W_VILLAGE_OUT, W_TRUNK_OUT, W_TRUNK_TRIP, W_SIZE = range(5)
"""Columns of W, what only a parcel on its way back or up has: 32 bytes that all others leave alone."""
LINE = 64
"""Bytes of a cache line."""
NODE_BYTES, ROW_BYTES = NODE.itemsize, ROW.itemsize
RECENT = 8
LIST = np.dtype([("head", "i4"), ("tail", "i4"), ("n", "i4"), ("at", "i4"), ("recent", "i4", (RECENT,))])
"""A list; the last ``RECENT`` rows that were put at its tail are to learn what comes behind them (``near``)."""
QUEUE = np.dtype(
    [
        ("c", "i4"), ("pos", "i4"), ("s", "i8"), ("open0", "i8"), ("close0", "i8"), ("open1", "i8"), ("close1", "i8"),
        ("kind", "i1"), ("mixed", "i1"),
    ],
    align=True,
)  # fmt: skip
STORE = np.dtype(
    [
        ("used", "i8"), ("cap", "i8"), ("min_expiry", "i8"), ("opens", "i8"), ("closes", "i8"),
        ("free", "i4", (3,)), ("doors", "i4", (3,)), ("point", "i4"), ("kind", "i1"),
    ],
    align=True,
)  # fmt: skip
VISIT = np.dtype([("due", "i8"), ("key", "u8"), ("count", "i4"), ("household", "i4"), ("point", "i4"), ("listed", "i4")], align=True)

VISIT_BYTES = VISIT.itemsize

ORDER = np.dtype(
    [
        ("key", "u8"), ("created", "i8"), ("collect_village", "i8"), ("collect_township", "i8"), ("remind_delay", "i8"),
        ("out_us", "i8"), ("household", "i4"), ("weight_g", "i4"), ("volume_ml", "i4"), ("place", "i2"), ("missort", "i1"), ("lost", "i1"),
    ]
)  # fmt: skip
"""An order on its way to the county's gate: 64 bytes, one cache line."""
ORDER_BYTES = ORDER.itemsize

COMING = np.dtype([("t", "i8"), ("order", "i8"), ("slot", "i8")])
"""A trip under way on its way to its next stop: when, and in which order within that instant (the clock's)."""
FAR = 1 << 62
"""The time of nothing."""

DOCK, SORT, HANDLE = 0, 1, 2
AT_DOCK, FOR_LINE, FOR_TRUNK, FOR_ROUND, AT_PLACE, FOR_BACK_LINE = range(6)
"""Stages of a row in a waiting list."""
STORE_SHELF, STORE_LOCKER, STORE_OVERFLOW, STORE_OUTLET = range(4)

FREE, OUT, FREE_VISIT, ZOMBIE, RISING = range(5)
"""Rows of I; X[0..3] and X[X_RISING] count them. Rows of RISING are up parcels that have not left the county."""
(
    X_FREE, X_OUT, X_FREE_VISIT, X_ZOMBIE, X_OPEN, X_QUEUES, X_STORES, X_PLACES, X_OPERATORS, X_POST, X_HANDOVER, X_POST_HANDOVER,
    X_RECHECK, X_HOLDING, X_REMINDER, X_MAX_ATTEMPTS, X_STOP_FIXED, X_STOP_PIECE, X_DOOR_PIECE, X_LOAD_FIXED, X_LOAD_PIECE,
    X_DOOR0, X_DOOR1, X_DOOR2, X_END, X_STOPS, X_COUNTY, X_VIEW, X_COMING, X_NEXT_T, X_NEXT_ORDER, X_RISING, X_NOWHERE,
    X_SIZE,
) = range(34)  # fmt: skip

(
    T_MODE, T_ROUND_WAIT, T_ROUND_STOP, T_SURCHARGE, T_LINE_WAIT, T_LINE_STOP, T_HANDLE, T_BACK_LINE, T_OUTLET,
    T_DOCK, T_DOCK_WAIT, T_DOCK_STOP, T_SORT, T_OUT_WAIT, T_BACK_PLACE, T_SIZE,
) = range(16)  # fmt: skip

SITES = (T_DOCK, T_SORT, T_SORT, T_HANDLE, -1, T_HANDLE)
"""Where the site stands in T at which a row waits, by stage; in its place it waits at none."""
QUEUES = (T_DOCK, T_SORT, T_HANDLE)
"""Where the site of a queue stands in T, by its kind."""

LEG_TRUNK, LEG_LINE, LEG_ROUND, LEG_FEEDER = 0, 1, 2, 3
TO_VILLAGE, TO_TOWNSHIP, TO_POST, REFUSED = 0, 1, 2, 3
SHELF, LOCKER, OVERFLOW, DOOR = 1, 2, 3, 4

(
    R_G, R_ML, R_MAX_G, R_MAX_ML, R_LOADED, R_OFF, R_STOP_LOADED, R_REFUSED, R_LEAVE, R_SERVED, R_METRES, R_DEPART, R_CUT_G, R_CUT_ML,
    R_BREAK, R_REPAIR, R_FIRST, R_LEG, R_TRIP, R_CAP_G, R_CAP_ML, R_VIEW, R_WAY, R_OPEN, R_STOPS, R_SITE, R_VEHICLE, R_SIZE,
) = range(28)  # fmt: skip
"""Counters of a trip under way: what is and was aboard, what the last stop did, stops served, metres, when it breaks down; and
what it keeps on its way: its first stop, leg, number, capacities, the plan it runs under, where its way begins among all ways,
its open stops and all its stops, where it comes home, its vehicle."""

(
    G_PLACE, G_TOWNSHIP, G_POST_QUEUE, G_QUEUE, G_WAIT, G_STOP, G_TRAVEL, G_METRES, G_HOME, G_HOME_METRES, G_SIZE,
) = range(11)  # fmt: skip
"""Columns of a way, one row for each open stop: where it is, what is done there, how to get there and home from there."""
NEXT_STOP, GOING_HOME, BROKEN_DOWN = range(3)
"""What the lowest two bits of a coming time say."""


_compile: Any = njit
i8: Any = np.int64
"""Rows and lists are handed on as this, whatever width they are kept in: one compiled version of each function, not four."""


def _jit(f: Any) -> Any:
    return _compile(cache=True)(f)


def _lean(f: Any) -> Any:
    """Compile a function that allocates nothing: without reference counting."""
    return _compile(cache=True, _nrt=False)(f)


def _inner(f: Any) -> Any:
    """Compile a function that allocates nothing and that only kernels call."""
    return _compile(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(f)


def _part(f: Any) -> Any:
    """Compile a function that only kernels call."""
    return _compile(_nrt=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(f)


def _pointer(typingctx, address):  # type: ignore[no-untyped-def]
    """Return an address as a pointer."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return types.voidptr(address), codegen


pointer: Any = intrinsic(_pointer)


def _fetch(typingctx, address):  # type: ignore[no-untyped-def]
    """Ask the processor for the cache line at an address, without waiting."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        i32 = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, i32, i32, i32])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(call, [builder.inttoptr(args[0], cgutils.voidptr_t), ir.Constant(i32, 0), ir.Constant(i32, 3), ir.Constant(i32, 1)])
        return context.get_dummy_value()

    return types.void(address), codegen


fetch: Any = intrinsic(_fetch)
AHEAD = 12
"""So many rows ahead of their use they are asked for."""


@_part
def arrays(M):  # type: ignore[no-untyped-def]
    """Return the arrays whose addresses and shapes stand in M (``MAP`` order); seen so, they cost no reference counting."""
    return (
        carray(pointer(M[0]), (M[1],), ROW),
        carray(pointer(M[36]), (M[37],), NODE),
        carray(pointer(M[3]), (M[4],), LIST),
        carray(pointer(M[6]), (M[7],), QUEUE),
        carray(pointer(M[9]), (M[10], M[11]), np.int64),
        carray(pointer(M[12]), (M[13],), STORE),
        carray(pointer(M[15]), (M[16],), VISIT),
        carray(pointer(M[18]), (M[19], M[20]), np.int32),
        carray(pointer(M[21]), (M[22], M[23]), np.int32),
        carray(pointer(M[24]), (M[25],), np.int64),
        carray(pointer(M[27]), (T_SIZE, M[28], M[29]), np.int32),
        carray(pointer(M[30]), (M[31], M[32]), np.int8),
    )


@_part
def away(M):  # type: ignore[no-untyped-def]
    """Return the rows of what only parcels on their way back or up have likewise."""
    return carray(pointer(M[54]), (M[55], M[56]), np.int64)


@_part
def townships(M):  # type: ignore[no-untyped-def]
    """Return the ordinal of each place's township likewise."""
    return carray(pointer(M[57]), (M[58],), np.int32)


@_part
def journal(M):  # type: ignore[no-untyped-def]
    """Return the rows of stops since the last midnight likewise."""
    return carray(pointer(M[33]), (M[34],), STOP)


@_part
def counters(M, slot):  # type: ignore[no-untyped-def]
    """Return a trip's counters likewise."""
    return carray(pointer(M[39] + slot * R_SIZE * 8), (R_SIZE,), np.int64)


@_part
def under_way(M, slot):  # type: ignore[no-untyped-def]
    """Return a trip's counters, its lists aboard (2, stops + 1: heads and tails, the last for home) and its way likewise."""
    C = counters(M, slot)
    B = carray(pointer(M[42] + slot * M[44] * 8), (2, C[R_STOPS] + 1), np.int32)
    G = carray(pointer(M[45] + C[R_WAY] * G_SIZE * 8), (C[R_OPEN], G_SIZE), np.int64)
    return C, B, G


@_part
def coming(M):  # type: ignore[no-untyped-def]
    """Return the heap of trips on their way to a stop, and where trips are noted that come home, likewise."""
    return carray(pointer(M[48]), (M[49],), COMING), carray(pointer(M[51]), (M[52], 2), np.int64)


@_inner
def before(t, order, t_other, order_other):  # type: ignore[no-untyped-def]
    """Return whether (t, order) comes before another; ``order`` is a key or a priority."""
    return t < t_other or (t == t_other and order < order_other)


@_inner
def push(E, X, t, order, slot):  # type: ignore[no-untyped-def]
    """Put a trip that comes to a stop at t into heap E."""
    i = X[X_COMING]
    X[X_COMING] += 1
    while i > 0:
        j = (i - 1) >> 1
        if not before(t, order, E[j].t, E[j].order):
            break
        E[i] = E[j]
        i = j
    E[i].t = t
    E[i].order = order
    E[i].slot = slot


@_inner
def pop(E, X):  # type: ignore[no-untyped-def]
    """Take the first trip out of heap E; return its slot."""
    slot = E[0].slot
    X[X_COMING] -= 1
    n = X[X_COMING]
    t = E[n].t
    order = E[n].order
    last = E[n].slot
    i = 0
    while True:
        j = 2 * i + 1
        if j >= n:
            break
        if j + 1 < n and before(E[j + 1].t, E[j + 1].order, E[j].t, E[j].order):
            j += 1
        if not before(E[j].t, E[j].order, t, order):
            break
        E[i] = E[j]
        i = j
    E[i].t = t
    E[i].order = order
    E[i].slot = last
    return slot


@_inner
def send(E, X, C, G, slot):  # type: ignore[no-untyped-def]
    """Send a trip on: into heap E where it has a stop ahead; return when it comes where next (see ``go_on``)."""
    what = go_on(C, G)
    if what & 3 == NEXT_STOP:
        push(E, X, what >> 2, STOPS + (G[C[R_SERVED], G_PLACE] << SITE) + C[R_VEHICLE], slot)
    X[X_NEXT_T] = E[0].t if X[X_COMING] > 0 else FAR
    X[X_NEXT_ORDER] = E[0].order
    return what


@_inner
def link(N, A, i, a, r, b):  # type: ignore[no-untyped-def]
    """Put row r into list i between its neighbours a and b (-1: none on that side)."""
    N[r].prev = a
    N[r].next = b
    if a >= 0:
        N[a].next = r
    else:
        A[i].head = r
    if b >= 0:
        N[b].prev = r
    else:
        A[i].tail = r
        at = A[i].at & (RECENT - 1)
        old = A[i].recent[at]
        if old >= 0:
            N[old].near = r
        A[i].recent[at] = r
        A[i].at = at + 1
    A[i].n += 1


@_lean
def insert(N, A, i, r):  # type: ignore[no-untyped-def]
    """Put row r into list i in order of (t, key), from the tail."""
    t = N[r].t
    key = N[r].key
    a = A[i].tail
    while a >= 0 and before(t, key, N[a].t, N[a].key):
        a = N[a].prev
    link(N, A, i8(i), i8(a), i8(r), i8(N[a].next if a >= 0 else A[i].head))


@_inner
def insert_from(M, i, r, hint):  # type: ignore[no-untyped-def]
    """Put row r into list i in order of (t, key), looking onwards from row ``hint`` of that list, which comes before it."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    t = N[r].t
    key = N[r].key
    a = hint
    b = N[a].next
    while b >= 0 and before(N[b].t, N[b].key, t, key):
        a = b
        b = N[a].next
    link(N, A, i8(i), i8(a), i8(r), i8(b))


@_inner
def insert_after(M, i, r, last, last_i):  # type: ignore[no-untyped-def]
    """Put row r into list i where row ``last`` went into list ``last_i`` just before it and comes before r."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    if i == last_i:
        insert_from(M, i8(i), i8(r), i8(last))
    else:
        insert(N, A, i8(i), i8(r))


@_inner
def append(N, A, i, r):  # type: ignore[no-untyped-def]
    """Put row r at the tail of list i."""
    link(N, A, i8(i), i8(A[i].tail), i8(r), i8(-1))


@_inner
def remove(N, A, i, r):  # type: ignore[no-untyped-def]
    """Take row r out of list i."""
    a = N[r].prev
    b = N[r].next
    if a >= 0:
        N[a].next = b
    else:
        A[i].head = b
    if b >= 0:
        N[b].prev = a
    else:
        A[i].tail = a
    A[i].n -= 1


@_inner
def finish(P, N, I, X, r, t, outcome):  # type: ignore[no-untyped-def]
    """End row r at time t."""
    P[r].finished = t
    P[r].outcome = outcome
    I[1, X[X_OUT]] = r
    X[X_OUT] += 1
    if N[r].direction == DOWN:
        X[X_OPEN] -= 1


@_inner
def opening(t, opens, closes):  # type: ignore[no-untyped-def]
    """Return t inside the hours of its day, else the next opening."""
    day = t // DAY
    tod = t - day * DAY
    if tod < opens:
        return day * DAY + opens
    if tod < closes:
        return t
    return (day + 1) * DAY + opens


@_inner
def put(M, r, s, t, kind, door):  # type: ignore[no-untyped-def]
    """Put row r into store s, ready at t: join or set the household's visit, note reminder and expiry."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    N[r].store = s
    N[r].door = door
    P[r].kind = kind
    P[r].ready = t
    N[r].t = t + X[X_HOLDING]
    after_reminder = P[r].remind
    in_village = i8(P[r].visit)
    remind_at = t + X[X_REMINDER]
    P[r].remind = remind_at
    N[r].shelved = 1
    if N[r].t < S[s].min_expiry:
        S[s].min_expiry = N[r].t
    opens = S[s].opens
    closes = S[s].closes
    h = N[r].household
    point = S[s].point
    v = cur[h, point]
    if v < 0 or V[v].due <= t:
        X[X_FREE_VISIT] -= 1
        v = I[2, X[X_FREE_VISIT]]
        delay = P[r].collect_township if S[s].kind == STORE_OUTLET else in_village
        V[v].due = opening(t + delay, opens, closes)
        V[v].key = N[r].key
        V[v].count = 0
        V[v].listed = 0
        V[v].household = h
        V[v].point = point
        cur[h, point] = v
    V[v].count += 1
    N[r].slot = v
    P[r].visit = V[v].key
    if V[v].due > remind_at:
        moved = opening(remind_at + after_reminder, opens, closes)
        if moved < V[v].due:
            V[v].due = moved
    append(N, A, i8(X[X_QUEUES] + s), i8(r))


@_inner
def leave_visit(V, cur, I, X, v, t):  # type: ignore[no-untyped-def]
    """Take one parcel off visit v; free it when it is over and nobody is left."""
    V[v].count -= 1
    if V[v].count == 0:
        if V[v].due <= t and V[v].listed == 0:
            if cur[V[v].household, V[v].point] == v:
                cur[V[v].household, V[v].point] = -1
            I[2, X[X_FREE_VISIT]] = v
            X[X_FREE_VISIT] += 1
        elif V[v].listed == 0:
            V[v].listed = 1
            I[3, X[X_ZOMBIE]] = v
            X[X_ZOMBIE] += 1


@_inner
def vacate(N, S, r):  # type: ignore[no-untyped-def]
    """Give back the space row r holds in its store."""
    s = N[r].store
    S[s].used -= N[r].volume_ml
    if S[s].kind == STORE_LOCKER:
        S[s].free[N[r].door] += 1
    N[r].store = -1


@_inner
def leave_home(W, r, parent):  # type: ignore[no-untyped-def]
    """Begin what only a parcel on its way back or up has; ``parent`` is the key of the one that it was."""
    W[r, W_PARENT] = i8(parent)
    W[r, W_VILLAGE_OUT] = NEVER
    W[r, W_TRUNK_OUT] = NEVER
    W[r, W_TRUNK_TRIP] = -1


@_inner
def expire(M, r):  # type: ignore[no-untyped-def]
    """End row r as returned at its expiry and give birth to its return in the same space."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    t = N[r].t
    s = N[r].store
    X[X_FREE] -= 1
    b = I[0, X[X_FREE]]
    P[b] = P[r]
    N[b] = N[r]
    key = (N[r].key ^ np.uint64(0x5DEECE66D)) * np.uint64(0xD6E8FEB86659FD93)
    N[b].key = key ^ (key >> np.uint64(32))
    leave_home(W, i8(b), N[r].key)
    N[b].shelved = 0
    N[b].direction = BACK
    P[b].outcome = 0
    P[b].kind = 0
    N[b].attempts = 0
    P[b].missorted = 0
    N[b].missort = 0
    N[b].lost = 0
    P[b].to_post = 0
    P[b].created = t
    P[b].ready = t
    P[b].county_in = NEVER
    P[b].sorted = NEVER
    P[b].county_out = NEVER
    P[b].township_in = NEVER
    P[b].township_out = NEVER
    P[b].village_in = NEVER
    P[b].finished = NEVER
    P[b].line_trip = -1
    P[b].round_trip = -1
    P[b].surcharge_fen = 0
    N[b].slot = -1
    N[b].t = t
    N[r].store = -1
    P[r].kind = 0
    P[r].surcharge_fen = 0
    finish(P, N, I, X, i8(r), t, i8(RETURNED))
    p = N[b].place
    if S[s].kind == STORE_OUTLET:
        N[b].stage = FOR_BACK_LINE
        insert(N, A, i8(T[T_BACK_LINE, N[b].operator, p]), i8(b))
    else:
        N[b].stage = AT_PLACE
        insert(N, A, i8(T[T_BACK_PLACE, N[b].last_mile, p]), i8(b))


@_inner
def ask_near(N, r):  # type: ignore[no-untyped-def]
    """Ask for the row that was some places behind row r in its list."""
    fetch(N.ctypes.data + N[r].near * NODE_BYTES)


@_inner
def ask_ahead(M, r, point, until):  # type: ignore[no-untyped-def]
    """Ask for what ``put`` reads of row r and of those behind it in its list that are due by ``until``."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    while r >= 0 and N[r].t <= until:
        ask_near(N, i8(r))
        fetch(P.ctypes.data + r * ROW_BYTES + LINE)
        fetch(cur.ctypes.data + (N[r].household * cur.shape[1] + point) * 4)
        r = i8(N[r].next)


@_inner
def sweep(M, s, t):  # type: ignore[no-untyped-def]
    """Bring store s up to t: shelve what came ready, end what was collected or expired at or before t."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    shelf = X[X_QUEUES] + s
    if S[s].kind == STORE_OUTLET:
        coming = X[X_QUEUES] + X[X_STORES] + s
        ask_ahead(M, i8(A[coming].head), i8(S[s].point), t)
        r = A[coming].head
        while r >= 0 and N[r].t <= t:
            remove(N, A, i8(coming), i8(r))
            P[r].surcharge_fen = T[T_SURCHARGE, N[r].last_mile, N[r].place]
            S[s].used += N[r].volume_ml
            put(M, i8(r), i8(s), N[r].t, i8(AT_TOWNSHIP), i8(0))
            r = A[coming].head
    low = i8(1) << 62
    r = A[shelf].head
    near = r
    for _ in range(AHEAD):
        if near >= 0:
            fetch(V.ctypes.data + N[near].slot * VISIT_BYTES)
            ask_near(N, i8(near))
            near = N[near].next
    while r >= 0:
        nxt = N[r].next
        if near >= 0:
            fetch(V.ctypes.data + N[near].slot * VISIT_BYTES)
            ask_near(N, i8(near))
            near = N[near].next
        v = N[r].slot
        due = V[v].due
        if due <= N[r].t:
            if due <= t:
                remove(N, A, i8(shelf), i8(r))
                if due <= P[r].remind:
                    P[r].remind = NEVER
                vacate(N, S, i8(r))
                finish(P, N, I, X, i8(r), due, i8(COLLECTED))
                leave_visit(V, cur, I, X, i8(v), t)
            elif N[r].t < low:
                low = N[r].t
        elif N[r].t <= t:
            remove(N, A, i8(shelf), i8(r))
            leave_visit(V, cur, I, X, i8(v), t)
            expire(M, r)
        elif N[r].t < low:
            low = N[r].t
        r = nxt
    S[s].min_expiry = low


@_jit
def sweep_all(M, t):  # type: ignore[no-untyped-def]
    """Bring every store up to t and free visits that are over."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    base = X[X_QUEUES]
    for s in range(X[X_STORES]):
        if A[base + s].n > 0 or A[base + X[X_STORES] + s].n > 0:
            sweep(M, s, t)
    kept = 0
    for z in range(X[X_ZOMBIE]):
        v = I[3, z]
        if V[v].count > 0:
            V[v].listed = 0
            continue
        if V[v].due <= t:
            if cur[V[v].household, V[v].point] == v:
                cur[V[v].household, V[v].point] = -1
            I[2, X[X_FREE_VISIT]] = v
            X[X_FREE_VISIT] += 1
        else:
            I[3, kept] = v
            kept += 1
    X[X_ZOMBIE] = kept


@_lean
def decide_handled(M, r, t):  # type: ignore[no-untyped-def]
    """Send row r, a down parcel handled at t at its township, where it goes next."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    l = N[r].last_mile
    p = N[r].place
    m = T[T_MODE, l, p]
    if N[r].attempts >= X[X_MAX_ATTEMPTS] or m == REFUSED:
        m = TO_TOWNSHIP
    if m == TO_POST and (X[X_POST] < 0 or l == X[X_POST]):
        m = TO_TOWNSHIP
    if m == TO_VILLAGE:
        N[r].stop = T[T_ROUND_STOP, l, p]
        N[r].t = t
        N[r].stage = FOR_ROUND
        insert(N, A, i8(T[T_ROUND_WAIT, l, p]), i8(r))
    elif m == TO_TOWNSHIP:
        N[r].t = t
        s = T[T_OUTLET, l, p]
        N[r].store = s
        insert(N, A, i8(X[X_QUEUES] + X[X_STORES] + s), i8(r))
    else:
        post = X[X_POST]
        if t < X[X_END]:
            N[r].last_mile = post
            P[r].to_post = 1
        N[r].t = t + X[X_POST_HANDOVER]
        insert(N, A, i8(T[T_HANDLE, post, p]), i8(r))


@_lean
def after(M, kind, q, r, t):  # type: ignore[no-untyped-def]
    """Send row r on, finished in queue q at t."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    o = N[r].operator
    p = N[r].place
    P[r].done = t
    if kind == DOCK:
        w = T[T_DOCK_WAIT, o, p]
        if w >= 0:
            N[r].stop = T[T_DOCK_STOP, o, p]
            N[r].t = t
            N[r].stage = AT_DOCK
            insert(N, A, i8(w), i8(r))
        else:
            N[r].t = t + X[X_HANDOVER]
            insert(N, A, i8(T[T_SORT, o, p]), i8(r))
    elif kind == SORT:
        if N[r].direction == DOWN:
            if N[r].missort == 1 and N[r].passes == 0:
                N[r].passes = 1
                if t < X[X_END]:
                    P[r].missorted = 1
                N[r].t = t + X[X_RECHECK]
                insert(N, A, i8(q), i8(r))
                return
            if t < X[X_END]:
                P[r].sorted = t
            if N[r].lost == 1:
                finish(P, N, I, X, i8(r), t, i8(LOST))
                return
            N[r].stop = T[T_LINE_STOP, o, p]
            N[r].t = t
            N[r].stage = FOR_LINE
            insert(N, A, i8(T[T_LINE_WAIT, o, p]), i8(r))
        else:
            if t < X[X_END]:
                P[r].sorted = t
            N[r].t = t
            N[r].stage = FOR_TRUNK
            insert(N, A, i8(T[T_OUT_WAIT, o, p]), i8(r))
    elif N[r].direction != DOWN:
        N[r].t = t
        N[r].stage = FOR_BACK_LINE
        insert(N, A, i8(T[T_BACK_LINE, o, p]), i8(r))
    else:
        decide_handled(M, i8(r), t)


@_inner
def advance(M, q, until):  # type: ignore[no-untyped-def]
    """Start parcels of queue q in order, strictly before ``until``."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    c = Q[q].c
    if c == 0:
        return
    s = Q[q].s
    kind = Q[q].kind
    while True:
        r = A[q].head
        if r < 0:
            return
        start = N[r].t
        if start >= until:
            return
        pos = Q[q].pos
        if Q[q].mixed == 1:
            pos = 0
            last = ring[q, 0]
            for i in range(1, c):
                if ring[q, i] < ring[q, pos]:
                    pos = i
                last = max(last, ring[q, i])
            if last <= start:
                Q[q].mixed = 0
        if ring[q, pos] > start:
            start = ring[q, pos]
        if start < Q[q].close0:
            if start < Q[q].open0:
                start = Q[q].open0
        elif start < Q[q].close1:
            if start < Q[q].open1:
                start = Q[q].open1
        else:
            return
        if start >= until:
            return
        remove(N, A, i8(q), i8(r))
        ring[q, pos] = start + s
        if Q[q].mixed == 0:
            Q[q].pos = pos + 1 if pos + 1 < c else 0
        after(M, kind, q, i8(r), start + s)


@_inner
def advance_county(M, until):  # type: ignore[no-untyped-def]
    """Advance the docks, then the sorting queues.

    In steps of the recheck time: what is missorted then enters near the end of its queue, not far before it.
    """
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    k = X[X_OPERATORS]
    step = X[X_COUNTY]
    while step < until:
        step = min(max(step, X[X_COUNTY]) + max(X[X_RECHECK], MINUTE), until)
        for q in range(2 * k):
            if A[q].head >= 0:
                advance(M, q, step)
    X[X_COUNTY] = max(X[X_COUNTY], until)


@_inner
def advance_township(M, u, post_queue, until):  # type: ignore[no-untyped-def]
    """Advance the outlets of township u, the one that handles for the post last."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    k = X[X_OPERATORS]
    first = 2 * k + u * k
    for q in range(first, first + k):
        if q != post_queue and A[q].head >= 0:
            advance(M, q, until)
    if post_queue >= 0 and A[post_queue].head >= 0:
        advance(M, post_queue, until)


@_jit
def advance_all(M, post_queues, until):  # type: ignore[no-untyped-def]
    """Advance every queue of the county."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    advance_county(M, until)
    for u in range(post_queues.shape[0]):
        advance_township(M, u, post_queues[u], until)


@_lean
def waiting(N, A, q, t):  # type: ignore[no-untyped-def]
    """Count the parcels of queue q that entered at or before t."""
    n = 0
    r = A[q].head
    while r >= 0 and N[r].t <= t:
        n += 1
        r = N[r].next
    return n


@_inner
def sweep_outlets(M, u, t):  # type: ignore[no-untyped-def]
    """Bring the pick-up shelves of township u's outlets up to t where something has expired."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    k = X[X_OPERATORS]
    first = 3 * X[X_PLACES] + u * k
    for s in range(first, first + k):
        coming = A[X[X_QUEUES] + X[X_STORES] + s].head
        if S[s].min_expiry <= t or (coming >= 0 and N[coming].t + X[X_HOLDING] <= t):
            sweep(M, s, t)


@_jit
def by_operator(operator, first):  # type: ignore[no-untyped-def]
    """Return the rows of orders by operator, those of operator o from ``first[o]`` on, which is written here."""
    k = first.shape[0] - 1
    ends = np.zeros(k + 1, np.int64)
    for i in range(operator.shape[0]):
        ends[operator[i] + 1] += 1
    for o in range(k):
        ends[o + 1] += ends[o]
    first[:] = ends
    rows = np.empty(operator.shape[0], np.int32)
    for i in range(operator.shape[0]):
        o = operator[i]
        rows[ends[o]] = i
        ends[o] += 1
    return rows


@_jit
def note_orders(pending, gates, n, rows, key, place, household, created, gate, weight, volume, missort, lost, cv, ct, rem, out):  # type: ignore[no-untyped-def]
    """Put ``rows`` of a day's orders where orders of their operator, of which ``n`` are kept, have come, then behind them; return how many
    are kept then."""
    at = 0
    for i in rows:
        while at < n and gates[at] != FAR:
            at += 1
        n = max(n, at + 1)
        gates[at] = gate[i]
        pending[at].key = key[i]
        pending[at].created = created[i]
        pending[at].collect_village = cv[i]
        pending[at].collect_township = ct[i]
        pending[at].remind_delay = rem[i]
        pending[at].out_us = out[i]
        pending[at].place = place[i]
        pending[at].household = household[i]
        pending[at].weight_g = weight[i]
        pending[at].volume_ml = volume[i]
        pending[at].missort = missort[i]
        pending[at].lost = lost[i]
        at += 1
    return n


@_jit
def tidy(M):  # type: ignore[no-untyped-def]
    """Put the free rows and visits into an order in which they are given from the lowest up; those above all that are used lie so."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    for row, count in ((FREE, X_FREE), (FREE_VISIT, X_FREE_VISIT)):
        n = X[count]
        used = P.shape[0]
        first = 0
        while first < n and I[row, first] == used - 1:
            first += 1
            used -= 1
        free = np.zeros(used, np.uint8)
        for i in range(first, n):
            free[I[row, i]] = 1
        r = 0
        while n > first:  # without a branch that nobody could foretell: what is not free is written over by the next
            I[row, n - 1] = r
            n -= free[r]
            r += 1


@_inner
def enter(P, N, I, X, pending, i, o):  # type: ignore[no-untyped-def]
    """Give pending order i of operator o a row; return it."""
    X[X_FREE] -= 1
    r = i8(I[0, X[X_FREE]])
    N[r].key = pending[i].key
    N[r].next = -1
    N[r].prev = -1
    N[r].stop = -1
    N[r].store = -1
    N[r].slot = -1
    N[r].door = 0
    N[r].passes = 0
    N[r].stage = 0
    N[r].shelved = 0
    P[r].done = NEVER
    P[r].visit = np.uint64(pending[i].collect_village)
    P[r].collect_township = pending[i].collect_township
    P[r].remind = pending[i].remind_delay
    P[r].out_us = pending[i].out_us
    P[r].created = pending[i].created
    P[r].county_in = NEVER
    P[r].sorted = NEVER
    P[r].county_out = NEVER
    P[r].township_in = NEVER
    P[r].township_out = NEVER
    P[r].village_in = NEVER
    P[r].ready = NEVER
    P[r].finished = NEVER
    P[r].line_trip = -1
    P[r].round_trip = -1
    N[r].place = pending[i].place
    N[r].household = pending[i].household
    N[r].weight_g = pending[i].weight_g
    N[r].volume_ml = pending[i].volume_ml
    P[r].surcharge_fen = 0
    N[r].operator = o
    N[r].last_mile = o
    N[r].direction = DOWN
    P[r].outcome = 0
    P[r].kind = 0
    N[r].attempts = 0
    P[r].missorted = 0
    N[r].missort = pending[i].missort
    N[r].lost = pending[i].lost
    P[r].to_post = 0
    return r


@_jit
def send_up(M, key, operator, place, lot, created, ready, counter, weight, volume, out, max_g, max_ml):  # type: ignore[no-untyped-def]
    """Take in the parcels that are sent up on a day."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    one = np.zeros(1, ORDER)
    for i in range(key.shape[0]):
        o = operator[i]
        p = place[i]
        one[0].key = key[i]
        one[0].created = created[i]
        one[0].out_us = out[i]
        one[0].place = p
        one[0].household = lot[i]
        one[0].weight_g = weight[i]
        one[0].volume_ml = volume[i]
        r = enter(P, N, I, X, one, i8(0), i8(o))
        leave_home(W, r, np.uint64(0))
        N[r].direction = UP
        N[r].t = ready[i]
        if weight[i] > max_g or volume[i] > max_ml:
            finish(P, N, I, X, i8(r), created[i], i8(REJECTED))
            continue
        I[RISING, X[X_RISING]] = r
        X[X_RISING] += 1
        if ready[i] < X[X_END]:
            P[r].ready = ready[i]
        wait = T[T_BACK_PLACE, o, p]
        if counter[i] or wait == X[X_NOWHERE]:
            if ready[i] < X[X_END]:
                P[r].township_in = ready[i]
            insert(N, A, i8(T[T_HANDLE, o, p]), i8(r))
        else:
            N[r].stage = AT_PLACE
            insert(N, A, i8(wait), i8(r))


@_jit
def rising(M, out):  # type: ignore[no-untyped-def]
    """Forget the up parcels that have left; copy the others to ``out``."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    township = townships(M)
    n = 0
    for i in range(X[X_RISING]):
        r = I[RISING, i]
        if P[r].finished == NEVER:
            I[RISING, n] = r
            copy(P, N, W, township, i8(r), out, i8(n))
            n += 1
    X[X_RISING] = n


@_part
def due(pending, gates, n, t):  # type: ignore[no-untyped-def]
    """Return which of n pending orders have reached the gate by t, in key order; their gates are then FAR."""
    came = 0
    for i in range(n):
        came += gates[i] <= t
    orders = np.empty(came, np.int64)
    keys = np.empty(came, np.uint64)
    came = 0
    for i in range(n):
        if gates[i] <= t:
            gates[i] = FAR
            orders[came] = i
            keys[came] = pending[i].key
            came += 1
    return orders[by_key(keys)]


@_jit
def enter_rest(M, pending, gates, n, o):  # type: ignore[no-untyped-def]
    """Give all of operator o's n orders that are still pending a row, in key order."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    for i in due(pending, gates, n, i8(FAR - 1)):
        enter(P, N, I, X, pending, i8(i), i8(o))


@_jit
def wave(M, pending, gates, n, o, t, max_g, max_ml):  # type: ignore[no-untyped-def]
    """Take in at the dock, in key order, what of operator o's n pending orders has reached the gate by t; its gate is then FAR."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    orders = due(pending, gates, n, t)
    came = len(orders)
    last = i8(-1)
    last_to = i8(-1)
    for i in range(came):
        if i + AHEAD < came:
            fetch(pending.ctypes.data + orders[i + AHEAD] * ORDER_BYTES)
        r = enter(P, N, I, X, pending, orders[i], i8(o))
        p = N[r].place
        P[r].county_in = t
        if T[T_MODE, o, p] == REFUSED:
            finish(P, N, I, X, i8(r), t, i8(REFUSED_OUT))
        elif N[r].weight_g > max_g or N[r].volume_ml > max_ml:
            finish(P, N, I, X, i8(r), t, i8(REJECTED))
        else:
            N[r].t = t
            to = i8(T[T_DOCK, o, p])
            insert_after(M, i8(to), i8(r), i8(last), i8(last_to))
            last = r
            last_to = to


@_inner
def note_cut(C, weight_g, volume_ml, cap_g, cap_ml):  # type: ignore[no-untyped-def]
    """Note by what the loading of a trip is ended."""
    if C[R_G] + weight_g > cap_g:
        C[R_CUT_G] += 1
    if C[R_ML] + volume_ml > cap_ml:
        C[R_CUT_ML] += 1


@_inner
def cut(M, B, C, w, first, until, leg, trip, cap_g, cap_ml):  # type: ignore[no-untyped-def]
    """Load a trip from list w with what waits by ``until`` while it fits; at a stop it is stamped at once. Return how many.

    ``B`` (2, stops + 1): heads and tails aboard, the last for home; ``C`` counters.
    """
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    home = B.shape[1] - 1
    at_stop = C[R_DEPART] != NEVER
    n = 0
    r = A[w].head
    while r >= 0 and N[r].t <= until:
        if C[R_G] + N[r].weight_g > cap_g or C[R_ML] + N[r].volume_ml > cap_ml:
            note_cut(C, N[r].weight_g, N[r].volume_ml, cap_g, cap_ml)
            break
        nxt = N[r].next
        ask_near(N, i8(r))
        fetch(P.ctypes.data + r * ROW_BYTES)
        remove(N, A, i8(w), i8(r))
        C[R_G] += N[r].weight_g
        C[R_ML] += N[r].volume_ml
        if N[r].store >= 0:
            vacate(N, S, i8(r))
        board(N, B, i8(home if N[r].direction != DOWN else N[r].stop - first), i8(r))
        if at_stop:
            stamp(P, N, W, X, i8(r), leg, until, trip)
        n += 1
        r = nxt
    C[R_LOADED] += n
    C[R_MAX_G] = max(C[R_MAX_G], C[R_G])
    C[R_MAX_ML] = max(C[R_MAX_ML], C[R_ML])
    return n


@_inner
def load_origin(M, w, L, planned, B, C, first, leg, trip, cap_g, cap_ml):  # type: ignore[no-untyped-def]
    """Load a trip at its origin from list w at L; return its departure."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    C[R_DEPART] = NEVER
    n = cut(M, B, C, w, first, L, leg, trip, cap_g, cap_ml)
    depart = max(planned, L + X[X_LOAD_FIXED] + X[X_LOAD_PIECE] * n)
    for j in range(B.shape[1]):
        r = B[0, j]
        while r >= 0:
            nxt = N[r].next
            if leg == LEG_TRUNK:
                W[r, W_TRUNK_OUT] = depart
                W[r, W_TRUNK_TRIP] = trip
                finish(P, N, I, X, i8(r), depart + P[r].out_us, i8(SHIPPED if N[r].direction == UP else BACK_AT_SENDER))
            else:
                stamp(P, N, W, X, i8(r), leg, depart, trip)
            r = nxt
    return depart


@_inner
def board(N, B, j, r):  # type: ignore[no-untyped-def]
    """Put row r aboard, behind the others for stop j."""
    N[r].next = -1
    if B[0, j] < 0:
        B[0, j] = r
    else:
        N[B[1, j]].next = r
    B[1, j] = r


@_inner
def stamp(P, N, W, X, r, leg, t, trip):  # type: ignore[no-untyped-def]
    """Note that row r was loaded on a trip, unless that falls behind the end of the run."""
    if t >= X[X_END]:
        return
    if leg == LEG_LINE:
        if N[r].direction != DOWN:
            P[r].township_out = t
        else:
            P[r].county_out = t
        P[r].line_trip = trip
    elif leg == LEG_ROUND:
        if N[r].direction != DOWN:
            W[r, W_VILLAGE_OUT] = t
        else:
            P[r].township_out = t
        P[r].round_trip = trip


@_inner
def hand_over(M, p, r, t, k, swept):  # type: ignore[no-untyped-def]
    """Try the cascade of place p from code k for row r; return (placed, next code for those behind, swept, at the door)."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    pointer = k
    exempt = False
    vol = N[r].volume_ml
    while True:
        code = casc[p, k] if k < 4 else 0
        if code == 0:
            return False, pointer, swept, False
        if code == DOOR:
            P[r].village_in = t
            P[r].ready = t
            P[r].kind = AT_DOOR
            finish(P, N, I, X, i8(r), t, i8(COLLECTED))
            return True, pointer, swept, True
        if code == LOCKER:
            s = 3 * p + 1
            fits = -1
            for z in range(3):
                if X[X_DOOR0 + z] >= vol and S[s].doors[z] > 0:
                    fits = z
                    break
            if fits < 0:
                exempt = True
                k += 1
                continue
            if S[s].free[fits] <= 0 and not swept:
                sweep_place(M, p, t)
                swept = True
            for z in range(fits, 3):
                if X[X_DOOR0 + z] >= vol and S[s].free[z] > 0:
                    S[s].free[z] -= 1
                    S[s].used += vol
                    P[r].village_in = t
                    put(M, i8(r), i8(s), t, i8(AT_LOCKER), i8(z))
                    return True, pointer, swept, False
        else:
            s = 3 * p if code == SHELF else 3 * p + 2
            for _ in range(2):
                if S[s].cap < 0 or S[s].used + vol <= S[s].cap:
                    S[s].used += vol
                    P[r].village_in = t
                    put(M, i8(r), i8(s), t, i8(AT_STATION), i8(0))
                    return True, pointer, swept, False
                if swept:
                    break
                sweep_place(M, p, t)
                swept = True
        k += 1
        if not exempt:
            pointer = k


@_inner
def sweep_place(M, p, t):  # type: ignore[no-untyped-def]
    """Bring the three stores of place p up to t."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    for s in range(3 * p, 3 * p + 3):
        sweep(M, s, t)


@_part
def by_key(keys):  # type: ignore[no-untyped-def]
    """Return the order of keys that are spread evenly over all 64 bits: by their first bits, then by what little is left to move."""
    n = keys.shape[0]
    order = np.empty(n, np.int32)
    if n < 2:
        order[:] = 0
        return order
    bits = 1
    while (1 << bits) < n:
        bits += 1
    shift = np.uint64(64 - bits)
    ends = np.zeros((1 << bits) + 1, np.int32)
    for i in range(n):
        ends[i8(keys[i] >> shift) + 1] += 1
    for b in range(1 << bits):
        ends[b + 1] += ends[b]
    for i in range(n):
        b = i8(keys[i] >> shift)
        order[ends[b]] = i
        ends[b] += 1
    for i in range(1, n):
        at = order[i]
        j = i
        while j > 0 and keys[order[j - 1]] > keys[at]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = at
    return order


@_part
def rows_by_key(P, N, B, first, end):  # type: ignore[no-untyped-def]
    """Take the rows aboard for stops first .. end - 1 off their lists; return them in key order."""
    n = 0
    for j in range(first, end):
        r = B[0, j]
        while r >= 0:
            n += 1
            ask_near(N, i8(r))
            r = N[r].next
    rows = np.empty(n, np.int32)
    keys = np.empty(n, np.uint64)
    n = 0
    for j in range(first, end):
        r = B[0, j]
        while r >= 0:
            rows[n] = r
            fetch(P.ctypes.data + i8(r) * ROW_BYTES)
            keys[n] = N[r].key
            n += 1
            r = N[r].next
        B[0, j] = -1
    return rows[by_key(keys)]


@_part
def stop_queue(M, B, C, j, q, t, leg, stale):  # type: ignore[no-untyped-def]
    """Let the parcels for stop j off into queue q (or, on an old plan's trip, into their own), in key order."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    rows = rows_by_key(P, N, B, i8(j), i8(j + 1))
    n = len(rows)
    last = -1
    last_to = -1
    for i in range(n):
        r = rows[i]
        C[R_G] -= N[r].weight_g
        C[R_ML] -= N[r].volume_ml
        N[r].t = t + X[X_STOP_FIXED] + X[X_STOP_PIECE] * (i + 1)
        to = q
        if leg == LEG_LINE:
            P[r].township_in = t
            if stale:
                to = T[T_HANDLE, N[r].last_mile, N[r].place]
        elif stale:
            to = T[T_SORT, N[r].operator, N[r].place]
        insert_after(M, i8(to), i8(r), i8(last), i8(last_to))
        last = r
        last_to = to
    C[R_OFF] = n


@_inner
def stop_place(M, B, C, j, p, t):  # type: ignore[no-untyped-def]
    """Hand the parcels for stop j over at place p; return how many at the door. What finds no room stays aboard."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    home = B.shape[1] - 1
    swept = np.bool_(False)
    for s in range(3 * p, 3 * p + 3):
        if S[s].min_expiry <= t:
            sweep(M, s, t)
    k = i8(0)
    off = 0
    doors = 0
    refused = 0
    r = B[0, j]
    B[0, j] = -1
    ask_ahead(M, i8(r), i8(0), FAR)
    while r >= 0:
        nxt = N[r].next
        placed, k, swept, door = hand_over(M, i8(p), i8(r), i8(t), i8(k), swept)
        if placed:
            C[R_G] -= N[r].weight_g
            C[R_ML] -= N[r].volume_ml
            if door:
                doors += 1
            else:
                off += 1
        else:
            N[r].attempts += 1
            refused += 1
            board(N, B, i8(home), i8(r))
        r = nxt
    C[R_OFF] = off
    C[R_REFUSED] = refused
    return doors


@_jit
def serve(M, t_end, order_end):  # type: ignore[no-untyped-def]
    """Serve the stop that is due, then all that come before (t_end, order_end) and before the first trip that comes home.

    Return how many trips were noted that come home.
    """
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    E, O = coming(M)
    J = journal(M)
    n = 0
    due = True
    while X[X_COMING] > 0 and (due or before(E[0].t, E[0].order, t_end, order_end)):
        due = False
        t = E[0].t
        slot = pop(E, X)
        C, B, G = under_way(M, slot)
        stop(M, J, C, B, G, t)
        what = send(E, X, C, G, slot)
        if what & 3 != NEXT_STOP:
            O[n, 0] = slot
            O[n, 1] = what
            n += 1
            home = what >> 2
            order = STOPS + (C[R_SITE] << SITE) + C[R_VEHICLE]
            if before(home, order, t_end, order_end):
                t_end = home
                order_end = order
    return n


@_part
def stop(M, J, C, B, G, t):  # type: ignore[no-untyped-def]
    """Serve the next stop of a trip's way G at t: unload, then load. On a trip of an old plan (``stale``) nothing is loaded."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    leg = C[R_LEG]
    trip = C[R_TRIP]
    stale = C[R_VIEW] != X[X_VIEW]
    i = C[R_SERVED]
    j = G[i, G_STOP]
    p = G[i, G_PLACE]
    queue = G[i, G_QUEUE]
    w = G[i, G_WAIT]
    C[R_OFF] = 0
    C[R_STOP_LOADED] = 0
    C[R_REFUSED] = 0
    doors = 0
    if queue >= 0:
        if B[0, j] >= 0:
            stop_queue(M, B, C, j, queue, t, leg, stale)
    elif queue == -1:
        doors = stop_place(M, B, C, j, p, t)
    if w >= 0 and not stale:
        if queue == -2:
            for s in range(3 * p, 3 * p + 3):
                if S[s].min_expiry <= t:
                    sweep(M, s, t)
        if queue != -1:
            catch_up(M, G[i, G_TOWNSHIP], G[i, G_POST_QUEUE], t)
        if A[w].head >= 0:
            C[R_STOP_LOADED] = cut(M, B, C, w, C[R_FIRST], t, leg, trip, C[R_CAP_G], C[R_CAP_ML])
    leave = t + X[X_STOP_FIXED] + X[X_STOP_PIECE] * (C[R_OFF] + C[R_STOP_LOADED]) + X[X_DOOR_PIECE] * doors
    n = X[X_STOPS]
    X[X_STOPS] += 1
    J[n].trip = trip
    J[n].order = i
    J[n].place = p
    J[n].arrive = t
    J[n].depart = leave
    J[n].unloaded = C[R_OFF] + doors
    J[n].loaded = C[R_STOP_LOADED]
    J[n].refused = C[R_REFUSED]
    J[n].aboard_g = C[R_G]
    J[n].aboard_ml = C[R_ML]
    C[R_SERVED] += 1
    C[R_LEAVE] = leave


@_inner
def go_on(C, G):  # type: ignore[no-untyped-def]
    """Return when a trip that leaves at C[R_LEAVE] comes where next: time * 4 + NEXT_STOP, GOING_HOME or BROKEN_DOWN (and then home)."""
    i = C[R_SERVED]
    if i > 0 and C[R_BREAK] == i:
        C[R_METRES] += G[i - 1, G_HOME_METRES]
        return (C[R_LEAVE] + C[R_REPAIR] + G[i - 1, G_HOME]) * 4 + BROKEN_DOWN
    if i == G.shape[0]:
        if i == 0:
            return C[R_LEAVE] * 4 + GOING_HOME
        C[R_METRES] += G[i - 1, G_HOME_METRES]
        return (C[R_LEAVE] + G[i - 1, G_HOME]) * 4 + GOING_HOME
    C[R_METRES] += G[i, G_METRES]
    return (C[R_LEAVE] + G[i, G_TRAVEL]) * 4 + NEXT_STOP


@_inner
def catch_up(M, u, post_queue, t):  # type: ignore[no-untyped-def]
    """Bring the queues and pick-up shelves of township u, or (-1) the queues of the county, up to t."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    if u < 0:
        advance_county(M, t)
    else:
        advance_township(M, u, post_queue, t)
        sweep_outlets(M, u, t)


@_jit
def load(M, slot, u, post_queue, w, t, planned, breaks, repair, first, leg, trip, cap_g, cap_ml, way, opened, stops, site, vehicle):  # type: ignore[no-untyped-def]
    """Load a trip at its origin in township u (-1: the seat) from list w at t; return when it comes where next (see ``go_on``).

    From ``breaks`` on: what the trip keeps on its way, in the order of its counters.
    """
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    C = counters(M, slot)
    C[:R_BREAK] = 0
    C[R_BREAK] = breaks
    C[R_REPAIR] = repair
    C[R_FIRST] = first
    C[R_LEG] = leg
    C[R_TRIP] = trip
    C[R_CAP_G] = cap_g
    C[R_CAP_ML] = cap_ml
    C[R_VIEW] = X[X_VIEW]
    C[R_WAY] = way
    C[R_OPEN] = opened
    C[R_STOPS] = stops
    C[R_SITE] = site
    C[R_VEHICLE] = vehicle
    C, B, G = under_way(M, slot)
    E, O = coming(M)
    B[:] = -1
    catch_up(M, u, post_queue, t)
    C[R_DEPART] = load_origin(M, w, t, planned, B, C, C[R_FIRST], C[R_LEG], C[R_TRIP], C[R_CAP_G], C[R_CAP_ML])
    C[R_LEAVE] = C[R_DEPART]
    return send(E, X, C, G, slot)


@_jit
def come_home(M, slot, q, t):  # type: ignore[no-untyped-def]
    """Bring what is still aboard into queue q in key order; return the instant at which the vehicle is empty."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    C, B, G = under_way(M, slot)
    leg = C[R_LEG]
    stale = C[R_VIEW] != X[X_VIEW]
    rows = rows_by_key(P, N, B, i8(0), i8(B.shape[1]))
    n = len(rows)
    if n == 0:
        return t
    last = -1
    last_to = -1
    for i in range(n):
        r = rows[i]
        N[r].t = t + X[X_STOP_FIXED] + X[X_STOP_PIECE] * (i + 1)
        to = q
        if leg == LEG_ROUND:
            if N[r].direction != DOWN:
                P[r].township_in = t
            if stale:
                to = T[T_HANDLE, N[r].last_mile, N[r].place]
        else:
            if N[r].direction != DOWN:
                P[r].county_in = t
            if stale:
                to = T[T_DOCK if leg == LEG_FEEDER else T_SORT, N[r].operator, N[r].place]
        insert_after(M, i8(to), i8(r), i8(last), i8(last_to))
        last = r
        last_to = to
    return t + X[X_STOP_FIXED] + X[X_STOP_PIECE] * n


@_jit
def note_trip(M, slot, rows, n, number, day, owner, driver, kind, origin, planned, load, back, free, collects):  # type: ignore[no-untyped-def]
    """Note in row n of ``rows`` (TRIP) the trip that came home in ``slot``."""
    C, B, G = under_way(M, slot)
    x = rows[n]
    x.trip = number
    x.day = day
    x.leg = C[R_LEG]
    x.status = TRIP_BROKEN if C[R_BREAK] > 0 else TRIP_LATE if C[R_DEPART] > planned else TRIP_DONE
    x.owner = owner
    x.vehicle = C[R_VEHICLE]
    x.driver = driver
    x.type = kind
    x.from_place = origin
    x.to_place = G[C[R_SERVED] - 1, G_PLACE] if C[R_SERVED] else origin
    x.planned = planned
    x.load = load
    x.depart = C[R_DEPART]
    x.back = back
    x.free = free
    x.metres = C[R_METRES]
    x.stops = C[R_SERVED]
    x.parcels = C[R_LOADED]
    x.load_g = C[R_MAX_G]
    x.load_ml = C[R_MAX_ML]
    x.cut_g = C[R_CUT_G]
    x.cut_ml = C[R_CUT_ML]
    x.collects = collects


@_inner
def copy(P, N, W, township, r, out, i):  # type: ignore[no-untyped-def]
    """Copy row r to row i of ``out``."""
    out[i].key = N[r].key
    out[i].visit = P[r].visit if N[r].shelved == 1 else np.uint64(0)
    out[i].reminded = P[r].remind if N[r].shelved == 1 else NEVER
    if N[r].direction == DOWN:
        out[i].parent = np.uint64(0)
        out[i].village_out = NEVER
        out[i].trunk_out = NEVER
        out[i].trunk_trip = -1
    else:
        out[i].parent = np.uint64(W[r, W_PARENT])
        out[i].village_out = W[r, W_VILLAGE_OUT]
        out[i].trunk_out = W[r, W_TRUNK_OUT]
        out[i].trunk_trip = W[r, W_TRUNK_TRIP]
    out[i].created = P[r].created
    out[i].county_in = P[r].county_in
    out[i].sorted = P[r].sorted
    out[i].county_out = P[r].county_out
    out[i].township_in = P[r].township_in
    out[i].township_out = P[r].township_out
    out[i].village_in = P[r].village_in
    out[i].ready = P[r].ready
    out[i].finished = P[r].finished
    out[i].line_trip = P[r].line_trip
    out[i].round_trip = P[r].round_trip
    out[i].place = N[r].place
    out[i].household = N[r].household
    out[i].weight_g = N[r].weight_g
    out[i].volume_ml = N[r].volume_ml
    out[i].surcharge_fen = P[r].surcharge_fen
    out[i].operator = N[r].operator
    out[i].last_mile = N[r].last_mile
    out[i].township = township[N[r].place]
    out[i].origin = FROM_OUTSIDE
    out[i].direction = N[r].direction
    out[i].outcome = P[r].outcome
    out[i].kind = P[r].kind
    out[i].attempts = N[r].attempts
    out[i].missorted = P[r].missorted
    out[i].missort = N[r].missort
    out[i].lost = N[r].lost
    out[i].to_post = P[r].to_post
    out[i].lot = np.uint64(0)
    out[i].quality = np.nan
    out[i].zone = 0


@_jit
def collect(M, out):  # type: ignore[no-untyped-def]
    """Copy the finished rows to ``out`` and free them; return whether one of them ends at or after the end of the run."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    township = townships(M)
    n = X[X_OUT]
    late = False
    for i in range(n):
        if i + AHEAD < n:
            near = i8(I[1, i + AHEAD])
            fetch(M[36] + near * NODE_BYTES)
            for line in range(0, ROW_BYTES, LINE):
                fetch(M[0] + near * ROW_BYTES + line)
        r = I[1, i]
        copy(P, N, W, township, i8(r), out, i8(i))
        late |= P[r].finished >= X[X_END]
        I[0, X[X_FREE]] = r
        X[X_FREE] += 1
    X[X_OUT] = 0
    return late


@_jit
def told(M, rows, out):  # type: ignore[no-untyped-def]
    """Copy ``rows`` to ``out``."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    W = away(M)
    township = townships(M)
    for i in range(len(rows)):
        copy(P, N, W, township, i8(rows[i]), out, i8(i))


@_lean
def lay(M, r, now):  # type: ignore[no-untyped-def]
    """Put waiting row r into its list under a plan that is new at ``now``."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    o, l, p = i8(N[r].operator), i8(N[r].last_mile), i8(N[r].place)
    stage = N[r].stage
    if stage == AT_DOCK:
        to = i8(T[T_DOCK_WAIT, o, p])
        if to >= 0:
            N[r].stop = T[T_DOCK_STOP, o, p]
        else:
            N[r].t = max(N[r].t, now) + X[X_HANDOVER]
            to = i8(T[T_SORT, o, p])
    elif stage == FOR_LINE:
        N[r].stop = T[T_LINE_STOP, o, p]
        to = i8(T[T_LINE_WAIT, o, p])
    elif stage == FOR_TRUNK:
        to = i8(T[T_OUT_WAIT, o, p])
    elif stage == FOR_ROUND:
        goes = T[T_MODE, l, p] == TO_VILLAGE and N[r].attempts < X[X_MAX_ATTEMPTS]
        decide_handled(M, i8(r), i8(N[r].t if goes else max(N[r].t, now)))
        return
    elif stage == AT_PLACE:
        to = i8(T[T_BACK_PLACE, l, p])
    else:
        to = i8(T[T_BACK_LINE, o, p])
    insert(N, A, to, i8(r))


@_lean
def relist(M, was, rows, first, now):  # type: ignore[no-untyped-def]
    """Put waiting rows, from the ``first`` of ``rows`` on, into their lists under another plan (before it ``was``).

    Return the place in ``rows`` of the first that moves to another site, is in service or has its way up taken away, and do nothing with
    it; else how many they are.
    """
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    for i in range(first, len(rows)):
        r = rows[i]
        stage, p = N[r].stage, N[r].place
        if P[r].done > now:
            return i
        if stage == AT_PLACE:
            if N[r].direction == UP and T[T_BACK_PLACE, N[r].operator, p] == X[X_NOWHERE]:
                return i
        else:
            own = N[r].last_mile if stage == FOR_ROUND else N[r].operator
            if was[SITES[stage], own, p] != T[SITES[stage], own, p]:
                return i
        lay(M, i8(r), now)
    return len(rows)


@_lean
def members(M, first, last, rows, of):  # type: ignore[no-untyped-def]
    """Write the rows of lists ``first`` to ``last`` (not included), one list after the other, and the list ``of`` each; return how many
    they are."""
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    n = 0
    for i in range(first, last):
        r = i8(A[i].head)
        while r >= 0:
            rows[n], of[n] = r, i
            n += 1
            r = i8(N[r].next)
    return n


@_lean
def requeue(M, rows, of, first, now):  # type: ignore[no-untyped-def]
    """Put rows that waited in queues ``of``, from the ``first`` on, into their queues under another plan.

    Return the place in ``rows`` of the first that moves to another site or is in service, and do nothing with it; else how many they are.
    """
    P, N, A, Q, ring, S, V, cur, I, X, T, casc = arrays(M)
    for i in range(first, len(rows)):
        r, kind = rows[i], Q[of[i]].kind
        if P[r].done > now:
            return i
        own = N[r].last_mile if kind == HANDLE else N[r].operator
        to = i8(T[QUEUES[kind], own, N[r].place])
        if to != of[i]:
            return i
        insert(N, A, to, i8(r))
    return len(rows)
