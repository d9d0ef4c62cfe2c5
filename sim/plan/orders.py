"""The orders and the shipments of one day as columns: what the agents hand to the flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.world.world import Bools, Int16s, Int32s, Ints, Keys


def child_key(parent: int) -> int:
    """Return the key of the return that a parcel gives birth to (a bijection of 64-bit keys)."""
    x = (parent ^ 0x5DEECE66D) * 0xD6E8FEB86659FD93 & 0xFFFFFFFFFFFFFFFF
    return (x ^ (x >> 32)) & 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True)
class Orders:
    """One row per parcel ordered on a day, sorted by key. Times are microseconds, see docs/flow-rules.md, Inputs."""

    key: Keys
    operator: Int16s
    place: Int32s
    household: Int32s
    created_us: Ints
    gate_us: Ints
    weight_g: Int32s
    volume_ml: Int32s
    missort: Bools
    lost: Bools
    collect_village_us: Ints
    collect_township_us: Ints
    reminder_us: Ints
    out_us: Ints

    @property
    def n(self) -> int:
        return len(self.key)


def no_orders() -> Orders:
    """Return a day without orders."""
    i8 = np.empty(0, np.int64)
    i4 = np.empty(0, np.int32)
    no = np.empty(0, np.bool_)
    return Orders(np.empty(0, np.uint64), np.empty(0, np.int16), i4, i4, i8, i8, i4, i4, no, no, i8, i8, i8, i8)


@dataclass(frozen=True)
class Shipments:
    """One row per parcel sent up on a day, sorted by key; see docs/flow-rules.md, Parcels going up.

    ``lot`` is a number that stays with the parcel; ``counter``: handed in at the township's outlet instead of in ``place``.
    """

    key: Keys
    operator: Int16s
    place: Int32s
    lot: Int32s
    created_us: Ints
    ready_us: Ints
    counter: Bools
    weight_g: Int32s
    volume_ml: Int32s
    out_us: Ints

    @property
    def n(self) -> int:
        return len(self.key)


def joined(a: Shipments, b: Shipments) -> Shipments:
    """Return the shipments of two origins as one, by key."""
    if not a.n or not b.n:
        return a if a.n else b
    names = Shipments.__dataclass_fields__
    columns = {name: np.concatenate([getattr(a, name), getattr(b, name)]) for name in names}
    by = np.argsort(columns["key"], kind="stable")
    return Shipments(**{name: column[by] for name, column in columns.items()})


def no_shipments() -> Shipments:
    """Return a day on which nothing is sent."""
    i8, i4 = np.empty(0, np.int64), np.empty(0, np.int32)
    return Shipments(np.empty(0, np.uint64), np.empty(0, np.int16), i4, i4, i8, i8, np.empty(0, np.bool_), i4, i4, i8)
