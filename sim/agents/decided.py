"""What agents have decided, laid over the world of the levers: service modes, service days, closed stations, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.rules import Rules
from sim.units import DAY
from sim.world.world import TO_POST, TO_VILLAGE, VILLAGE, Bools, Bytes, Floats, Int8s, Ints, Stations, World

OPEN = -1
"""A mode that nobody has decided: the levers' own value holds."""


@dataclass(frozen=True)
class Decided:
    """``mode`` (k, n) MODES codes or ``OPEN``; ``days`` (k,) service days as bits, 0 where not decided; ``closed`` (n,) stations;
    ``answer`` (n,) orders expected over those of the county as found. ``aside`` is what was decided over what levers said before."""

    mode: Int8s
    days: Bytes
    closed: Bools
    answer: Floats
    aside: Aside


Column = npt.NDArray[Any]
ByValue = dict[Any, Column]
"""What was decided last over each value of the levers, cell by cell."""


@dataclass(frozen=True)
class Aside:
    """What was decided before a lever changed the value it was decided over: it holds again when the value returns.

    ``closed`` is by the station that stands there, see ``_station``.
    """

    mode: ByValue
    days: ByValue
    closed: ByValue


def nothing_decided(world: World) -> Decided:
    """Return the state in which every cell is the levers'."""
    k, n = world.operators.n, world.places.n
    return Decided(np.full((k, n), OPEN, np.int8), np.zeros(k, np.uint8), np.zeros(n, np.bool_), np.ones(n), Aside({}, {}, {}))


def revised(decided: Decided, now: World, mode: Int8s, days: Bytes) -> Decided:
    """Return what is decided after operators chose ``mode`` (k, n) and ``days`` (k,) in the world of ``now``: what they left stays."""
    before = now.operators
    own_mode = np.where(mode != before.mode, mode, decided.mode).astype(np.int8)
    own_days = np.where(days != before.days, days, decided.days).astype(np.uint8)
    return replace(decided, mode=own_mode, days=own_days)


def remaining(decided: Decided, old: World, new: World) -> Decided:
    """Return what is still decided after the levers turned ``old`` into ``new``.

    A cell they changed starts from their new value, or from what was decided when they last said the same.
    """
    if old is new:
        return decided
    aside, was, now = decided.aside, old.operators, new.operators
    mode, by_mode = _turned(decided.mode, OPEN, aside.mode, was.mode, now.mode)
    days, by_days = _turned(decided.days, 0, aside.days, was.days, now.days)
    closed, by_station = _turned(decided.closed, False, aside.closed, _station(old), _station(new))
    return Decided(mode, days, closed, decided.answer, Aside(by_mode, by_days, by_station))


def _turned(own: Column, nothing: int, aside: ByValue, was: Column, now: Column) -> tuple[Column, ByValue]:
    """Return what is decided and what lies aside after the levers' value ``was`` turned into ``now``."""
    changed, kept, out = was != now, dict(aside), own
    for value in np.unique(was[changed]).tolist():
        kept[value] = np.where(changed & (was == value), own, kept.get(value, nothing)).astype(own.dtype)
    for value in np.unique(now[changed]).tolist():
        out = np.where(changed & (now == value), kept.get(value, nothing), out).astype(own.dtype)
    return out, kept


def _station(world: World) -> Column:
    """Return the kind of host at each place and who opened its station (n,), as text."""
    of = world.stations
    return np.array([f"{host} {by}" for host, by in zip(of.host.tolist(), of.opened_by, strict=True)], object)


def same(one: Floats | None, other: Floats | None) -> bool:
    """Say whether two expectations are one."""
    return one is other or (one is not None and other is not None and bool((one == other).all()))


def other_stations(old: World, new: World) -> Bools:
    """Return where the levers opened, closed or replaced a station (n,)."""
    other: Bools = _station(old) != _station(new)
    return other


def laid_over(world: World, rules: Rules, decided: Decided) -> World:
    """Return the world with the decisions in it, the same object where they change nothing; what is held is the levers'."""
    levers = (decided.mode == OPEN) | world.under_order()
    mode = np.where(levers, world.operators.mode, decided.mode).astype(np.int8)
    days = np.where(decided.days == 0, world.operators.days, decided.days).astype(np.uint8)
    if (mode != world.operators.mode).any() or (days != world.operators.days).any():
        mode, days = _pooled(world, rules, mode, days)
    closed = decided.closed & (world.stations.host > 0)
    out = world
    if (mode != world.operators.mode).any() or (days != world.operators.days).any():
        out = replace(out, operators=replace(world.operators, mode=mode, days=days))
    if closed.any():
        out = replace(out, stations=without_stations(world, closed))
    if (decided.answer != 1.0).any():
        out = replace(out, answer=decided.answer)
    return out


def without_stations(world: World, closed: Bools) -> Stations:
    """Return the stations of a world less those of some places (n,); lockers stay."""
    old = world.stations
    return replace(
        old,
        host=np.where(closed, 0, old.host).astype(old.host.dtype),
        shelf_ml=np.where(closed, 0, old.shelf_ml),
        overflow_ml=np.where(closed, 0, old.overflow_ml),
        opens_us=np.where(closed, 0, old.opens_us),
        closes_us=np.where(closed, DAY, old.closes_us),
        opened_by=tuple("" if gone else by for gone, by in zip(closed.tolist(), old.opened_by, strict=True)),
    )


def pools(rules: Rules) -> list[Ints]:
    """Return the operator rows of each group whose village rounds are one, single operators included, in order of the leads."""
    leads = rules.group("delivery", "vehicles")
    return [np.flatnonzero(leads == lead) for lead in np.unique(leads).tolist()]


def _pooled(world: World, rules: Rules, mode: Int8s, days: Bytes) -> tuple[Int8s, Bytes]:
    """Hold what pooled rounds mean: where they go they go for all members, on the days of the member that comes most often."""
    villages = np.flatnonzero(world.places.tier == VILLAGE)
    mode, days = mode.copy(), days.copy()
    for rows in pools(rules):
        if len(rows) < 2:
            continue
        block = mode[np.ix_(rows, villages)]
        if world.operators.post in rows:
            block[block == TO_POST] = TO_VILLAGE
        block[:, (block == TO_VILLAGE).any(axis=0)] = TO_VILLAGE
        mode[np.ix_(rows, villages)] = block
        days[rows] = days[rows[int(np.argmax(np.bitwise_count(days[rows])))]]
    return mode, days
