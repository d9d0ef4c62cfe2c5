"""The columns of the flow: parcel rows, lists, queues, stores and visits, and how they grow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.flow import kernels as K
from sim.flow.view import PlanView
from sim.schema.raw import NEVER, STOP
from sim.schema.rows import blocks
from sim.world.world import Ints

Records = npt.NDArray[Any]
_FAR = 1 << 62


def aligned(rows: int, dtype: Any) -> Records:
    """Return rows of a record, not filled, that begin on a cache line."""
    raw = np.empty(rows * dtype.itemsize + K.LINE, np.uint8)
    first = -raw.ctypes.data % K.LINE
    view: Records = raw[first : first + rows * dtype.itemsize].view(dtype)
    return view


def longer(old: Records, n: int, rows: int) -> Records:
    """Return aligned rows of a record, of which the first ``n`` are the old ones'."""
    new = aligned(rows, old.dtype)
    blocks(new)[:n] = blocks(old)[:n]
    return new


class State:
    """All arrays the kernels work on (see sim/flow/kernels.py for the letters)."""

    def __init__(self, view: PlanView, households: int, rows: int = 1 << 17) -> None:
        plan = view.plan
        k, n = plan.operators, plan.places
        if k > K.MOST_OPERATORS or n > K.MOST_PLACES:
            raise ValueError(f"{k} operators and {n} places: the flow keeps at most {K.MOST_OPERATORS} and {K.MOST_PLACES} apart")
        self.P: Records = aligned(rows, K.ROW)
        self.N: Records = aligned(rows, K.NODE)
        self.W = np.empty((rows, K.W_SIZE), np.int64)
        self.V: Records = np.zeros(rows, K.VISIT)
        self.I = np.zeros((5, rows), np.int32)
        self.I[0] = np.arange(rows - 1, -1, -1)
        self.I[2] = np.arange(rows - 1, -1, -1)
        self.X = np.zeros(K.X_SIZE, np.int64)
        self.M = np.zeros(60, np.int64)
        self.J: Records = np.empty(1024, STOP)
        self.R = np.zeros((64, K.R_SIZE), np.int64)
        self.B = np.zeros((64, 1), np.int64)
        self.G = np.zeros((64, K.G_SIZE), np.int64)
        self.E: Records = np.zeros(64, K.COMING)
        self.O = np.zeros((64, 2), np.int64)
        self.plans = 0
        """How many plans have been adopted."""
        self.ways = 0
        """Rows of G in use."""
        self.slots = list(range(63, -1, -1))
        """Free slots of trips under way."""
        self.X[K.X_NEXT_T] = K.FAR
        self.view = view
        self.X[K.X_FREE] = self.X[K.X_FREE_VISIT] = rows
        self.X[K.X_QUEUES], self.X[K.X_STORES], self.X[K.X_PLACES], self.X[K.X_OPERATORS] = view.queues, view.stores, n, k
        self.A: Records = self._lists(view.base + view.waits)
        self.Q: Records = np.zeros(view.queues, K.QUEUE)
        self.Q["kind"] = K.HANDLE
        self.Q["kind"][:k] = K.DOCK
        self.Q["kind"][k : 2 * k] = K.SORT
        self.ring = np.full((view.queues, 1), NEVER, np.int64)
        self.S: Records = np.zeros(view.stores, K.STORE)
        self.S["min_expiry"] = _FAR
        outlets = np.arange(view.stores) >= 3 * n
        at = np.arange(view.stores)
        self.S["kind"] = np.where(outlets, K.STORE_OUTLET, at % 3)
        self.S["point"] = np.where(outlets, 2 + (at - 3 * n) % k, np.where(at % 3 == K.STORE_LOCKER, 1, 0))
        self.cur = np.full((max(households, 1), 2 + k), -1, np.int32)

    @staticmethod
    def _lists(n: int) -> Records:
        lists = np.zeros(n, K.LIST)
        lists["head"] = lists["tail"] = lists["recent"] = -1
        return lists

    def adopt(self, view: PlanView, now: int, first: bool) -> None:
        """Take over a plan's stations, service times, stores and durations; lists of waiting parcels are emptied by the caller."""
        plan, X, t = view.plan, self.X, view.plan.times
        self._stations(view, now, first)
        self._stores(view)
        X[K.X_POST] = view.post
        X[K.X_NOWHERE] = view.base + view.waits - 1
        self.plans += 1
        X[K.X_VIEW] = self.plans
        X[K.X_HANDOVER], X[K.X_POST_HANDOVER], X[K.X_RECHECK] = t.handover_us, t.post_handover_us, t.recheck_us
        X[K.X_HOLDING], X[K.X_REMINDER], X[K.X_MAX_ATTEMPTS] = t.holding_us, t.reminder_us, t.max_attempts
        X[K.X_STOP_FIXED], X[K.X_STOP_PIECE], X[K.X_DOOR_PIECE] = t.stop_fixed_us, t.stop_piece_us, t.door_piece_us
        X[K.X_LOAD_FIXED], X[K.X_LOAD_PIECE] = t.load_fixed_us, t.load_piece_us
        X[K.X_DOOR0], X[K.X_DOOR1], X[K.X_DOOR2] = (int(v) for v in plan.stores.door_ml)
        lists = self._lists(view.base + view.waits)
        lists[: view.base] = self.A[: view.base]
        self.A = lists
        self.view = view
        self.bind()

    def bind(self) -> None:
        """Note the addresses and shapes of all arrays for the kernels; to be called when one of them is replaced."""
        own = (
            self.P,
            self.A,
            self.Q,
            self.ring,
            self.S,
            self.V,
            self.cur,
            self.I,
            self.X,
            self.view.T,
            self.view.cascade,
            self.J,
            self.N,
            self.R,
            self.B,
            self.G,
            self.E,
            self.O,
            self.W,
            self.view.township,
        )
        for i, array in enumerate(own):
            shape = array.shape[-2:]  # M[42 + 2] is the width of B: a trip's heads and tails, in units of 8 bytes
            self.M[3 * i] = array.ctypes.data
            self.M[3 * i + 1 : 3 * i + 1 + len(shape)] = shape

    def _stations(self, view: PlanView, now: int, first: bool) -> None:
        queues = view.plan.queues
        width = max(int(queues.stations.max(initial=1)), self.ring.shape[1], 1)
        ring = np.full((view.queues, width), NEVER, np.int64)
        had, service = self.Q["c"], self.Q["s"] != queues.service_us
        same = (had == queues.stations) if not first else np.zeros(view.queues, np.bool_)
        kept = self.ring[same]
        none = np.arange(kept.shape[1]) >= had[same][:, None]
        kept[none] = K.FAR
        kept.sort(axis=1)
        self.Q["mixed"][np.flatnonzero(same)[service[same] & ((kept > now) & ~none).any(axis=1)]] = 1
        kept[none] = NEVER
        ring[same, : kept.shape[1]] = kept
        for q in np.flatnonzero(~same).tolist():
            c, old = int(queues.stations[q]), int(had[q])
            busy = np.sort(self.ring[q, :old])[::-1][:c] if not first else self.ring[q, :0]
            free = np.full(c, now if not first else NEVER, np.int64)
            free[: len(busy)] = busy
            ring[q, :c] = np.sort(free)
            if not first and service[q] and (busy > now).any():
                self.Q[q]["mixed"] = 1
        self.Q["pos"] = 0
        self.ring = ring
        self.Q["c"] = queues.stations
        self.Q["s"] = queues.service_us

    def _stores(self, view: PlanView) -> None:
        stores, S = view.plan.stores, self.S
        S["cap"] = stores.capacity_ml
        S["opens"], S["closes"] = stores.opens_us, stores.closes_us
        S["free"] += stores.doors - S["doors"]
        S["doors"] = stores.doors

    def windows(self, view: PlanView, day: int) -> None:
        """Set every queue's shift windows for plan day ``day``."""
        at = view.plan.queues.windows + day * K.DAY
        for i in (0, 1):
            self.Q[f"open{i}"], self.Q[f"close{i}"] = at[:, i, 0], at[:, i, 1]

    def on_shelves(self) -> int:
        """Count the parcels on shelves and coming to them."""
        first = int(self.X[K.X_QUEUES])
        return int(self.A["n"][first : first + 2 * int(self.X[K.X_STORES])].sum())

    def room(self, rows: int) -> None:
        """Make sure that ``rows`` parcels can enter and everything on a shelf can turn into a return.

        Free rows are given in rising order: what comes together then lies together, and is near when it is looked at together.
        """
        K.tidy(self.M)
        need = rows + self.on_shelves() + int(self.X[K.X_OPEN]) // 4 + 1024
        size = len(self.P)
        if self.X[K.X_FREE] >= need and self.X[K.X_FREE_VISIT] >= need:
            return
        grown = size
        while min(int(self.X[K.X_FREE]), int(self.X[K.X_FREE_VISIT])) + grown - size < need:
            grown *= 2
        for name in ("P", "N"):
            setattr(self, name, longer(getattr(self, name), size, grown))
        self.W = np.concatenate([self.W, np.empty((grown - size, K.W_SIZE), np.int64)])
        self.V = np.concatenate([self.V, np.zeros(grown - size, K.VISIT)])
        index = np.zeros((5, grown), np.int32)
        index[:, :size] = self.I
        for row, count in ((0, K.X_FREE), (2, K.X_FREE_VISIT)):
            free = int(self.X[count])
            index[row, free : free + grown - size] = np.arange(grown - 1, size - 1, -1)
            self.X[count] = free + grown - size
        self.I = index
        self.bind()

    def room_for_stops(self, due: int) -> None:
        """Make sure that ``due`` more stops can be noted before the next midnight."""
        need = int(self.X[K.X_STOPS]) + due
        if need > len(self.J):
            self.J = np.concatenate([self.J, np.empty(2 * need - len(self.J), STOP)])
            self.bind()

    def slot(self, stops: int) -> int:
        """Return a free slot for a trip of so many stops."""
        if not self.slots or self.B.shape[1] < stops + 1:
            size, width = len(self.R), max(self.B.shape[1], stops + 1)
            grown = size if self.slots else 2 * size
            B = np.zeros((grown, width), np.int64)
            for slot in range(size):
                n = int(self.R[slot, K.R_STOPS]) + 1
                B[slot].view(np.int32)[: 2 * n] = self.B[slot].view(np.int32)[: 2 * n]
            self.B = B
            if grown > size:
                self.R = np.concatenate([self.R, np.zeros_like(self.R)])
                self.E = np.concatenate([self.E, np.zeros_like(self.E)])
                self.O = np.concatenate([self.O, np.zeros_like(self.O)])
                self.slots = list(range(grown - 1, size - 1, -1))
            self.bind()
        return self.slots.pop()

    def keep_ways(self, slots: Iterable[int]) -> None:
        """Forget all ways but those of the trips under way in ``slots``, which move to the front: other plans have other ways."""
        kept = [(slot, self.G[self.R[slot, K.R_WAY] :][: self.R[slot, K.R_OPEN]].copy()) for slot in slots]
        self.ways = 0
        for slot, rows in kept:
            self.R[slot, K.R_WAY], _ = self.way(rows)

    def way(self, rows: Ints) -> tuple[int, int]:
        """Keep a way over open stops; return where it begins and how many they are."""
        first, n = self.ways, len(rows)
        if first + n > len(self.G):
            self.G = np.concatenate([self.G, np.zeros((max(len(self.G), n), K.G_SIZE), np.int64)])
            self.bind()
        self.G[first : first + n] = rows
        self.ways += n
        return first, n
