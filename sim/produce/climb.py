"""Parcels on their way up: since when they were cold, how good they arrive, where their quality went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.produce.decay import Path, rate
from sim.produce.kernel import part, stages, ways
from sim.produce.rooms import Rooms
from sim.schema.produce import Perishing
from sim.schema.raw import (
    AT_COUNTY,
    AT_STATION_UP,
    AT_TOWNSHIP_UP,
    NEVER,
    ON_LINE,
    ON_ROUND,
    ON_TRUNK,
    PARCEL,
    UP,
    DayRecord,
)
from sim.schema.rows import blocks, picked, together
from sim.units import DAY
from sim.world.cold import Cold
from sim.world.world import Floats, Ints, World

ON_THE_WAY = (AT_STATION_UP, ON_ROUND, AT_TOWNSHIP_UP, ON_LINE, AT_COUNTY, ON_TRUNK)
"""The stages that a parcel's stamps tell, in order."""
ROOM_STAGES = (0, 2, 4)
"""Those in places where there may be a cold room."""


@dataclass(frozen=True)
class Arrived:
    """Parcels (n,) that have left the county, or never will. ``begin``, ``end``, ``cold`` (n, 6) microseconds of each stage on the way
    (equal where it was skipped) and since when it was cold there (NEVER: not); ``celsius`` (n, 6) the temperature of that cold, NaN for
    the air; ``decay`` (n, 6) the integral of the rate, days at 0 degrees; ``place`` (n, 6), -1 aboard."""

    parcels: npt.NDArray[Any]
    begin: Ints
    end: Ints
    cold: Ints
    celsius: Floats
    decay: Floats
    place: Ints

    def take(self, rows: Ints) -> Arrived:
        """Return some of the parcels, in the order given."""
        return Arrived(
            self.parcels.take(rows), self.begin[rows], self.end[rows], self.cold[rows], self.celsius[rows], self.decay[rows],
            self.place[rows],
        )  # fmt: skip


class Climb:
    """Follows up parcels through a run of a county of ``places``. ``celsius`` are the days' temperatures from ``first_day`` on."""

    def __init__(self, celsius: Floats, first_day: int, perishing: Perishing, places: int) -> None:
        self.celsius, self.first_day, self.perishing = celsius, first_day, perishing
        self.rooms = Rooms(places)
        self._paths: dict[float, Path] = {}
        self._held: npt.NDArray[Any] = np.empty(0, PARCEL)
        self._cold: Cold | None = None
        self._room_c: Floats = np.zeros(places)
        """How cold rooms are, or were before they closed: what stood inside then stays so until it leaves."""

    def path(self, celsius: float = np.nan) -> Path:
        """Return the path of the air, or of what is kept at ``celsius`` where the air is warmer."""
        name = float(celsius) if np.isfinite(celsius) else np.inf
        if name not in self._paths:
            self._paths[name] = Path(np.minimum(self.celsius, name), self.first_day, self.perishing)
        return self._paths[name]

    def half(self, celsius: float) -> Path:
        """Return the path of what is being cooled down to ``celsius``: half-way between it and the air."""
        name = -1000.0 - celsius
        if name not in self._paths:
            self._paths[name] = Path(np.minimum(self.celsius, (self.celsius + celsius) / 2), self.first_day, self.perishing)
        return self._paths[name]

    def cold_rate(self, celsius: Floats) -> Floats:
        """Return f(T) of rooms (n,) held at ``celsius``: the rate of decay over that at 0 degrees."""
        return rate(celsius, self.perishing)

    def build(self, cold: Cold, now: int) -> None:
        """Take over what cold rooms there are from ``now`` on."""
        if cold is not self._cold:
            for place in {*cold.rooms.tolist(), *self.rooms.rooms.tolist()}:
                self.rooms.set(place, int(cold.room_g[place]), (int(cold.opens_us[place]), int(cold.closes_us[place])), now)
            self._room_c = np.where(cold.room_g > 0, cold.room_c, self._room_c)
            self._cold = cold

    def take(self, record: DayRecord, world: World, last: bool = False) -> tuple[DayRecord, Arrived]:
        """Return how those up parcels of a day fared that have left, and the day with these behind its other parcels (in place).

        A parcel that is loaded on the trunk before midnight and departs after it is held until the next day (``last``: not any more).
        """
        rows = record.parcels
        gone, kept = part(rows, UP)
        own = together([self._held, gone])
        now = (record.day + 1) * DAY
        # the last day hands on what is open as well, and calls it rising
        if len(self.rooms.rooms):
            self._note(own if last else together([own, record.rising]), world, now)
            self.rooms.advance(now if not last else 2**62)
        ready = np.full(len(own), True) if last else (own["trunk_out"] < now)
        self._held, own = picked(own, ~ready), picked(own, ready)
        if len(gone) or len(own):
            if kept + len(own) <= len(rows):
                every = rows[: kept + len(own)]
                blocks(every)[kept:] = blocks(own)
            else:
                every = together([rows[:kept], own])
            record, own = replace(record, parcels=every), every[kept:]
        return record, self._fared(own, world)

    def _note(self, rows: npt.NDArray[Any], world: World, now: int) -> None:
        """Tell the rooms who comes and goes."""
        seat = np.zeros(len(rows), np.int64)
        township = world.places.parent[rows["place"]].astype(np.int64)
        visits = (
            (rows["place"].astype(np.int64), *_village(rows)),
            (township, *_township(rows)),
            (seat, rows["county_in"], rows["trunk_out"]),
        )
        key, grams = np.ascontiguousarray(rows["key"]), rows["weight_g"].astype(np.int64)
        for stage, (place, came, left) in zip(ROOM_STAGES, visits, strict=True):
            self.rooms.note(stage, key, grams, place, came, left, now)

    def _fared(self, rows: npt.NDArray[Any], world: World) -> Arrived:
        n, cold = len(rows), self._cold
        place = np.full((n, len(ON_THE_WAY)), -1, np.int64)
        begin, end, since = (np.full((n, len(ON_THE_WAY)), NEVER, np.int64) for _ in range(3))
        celsius, decay = np.full((n, len(ON_THE_WAY)), np.nan), np.zeros((n, len(ON_THE_WAY)))
        operators = int(rows["operator"].max(initial=0)) + 1
        aboard = np.full((3, operators), np.nan) if cold is None else np.stack([cold.round_c, cold.line_c, cold.trunk_c])
        stages(rows, world.places.parent, aboard, begin, end, since, celsius, place)
        if cold is not None and len(self.rooms.rooms):
            key = np.ascontiguousarray(rows["key"])
            for j in ROOM_STAGES:
                since[:, j] = self.rooms.since(j, key)
                celsius[:, j] = np.where(since[:, j] != NEVER, self._room_c[place[:, j]], np.nan)
            self.rooms.forget()
        air, cold_at = self.path(), np.unique(celsius[(begin != NEVER) & (since != NEVER)])
        paths = [self.path(c) for c in cold_at.tolist()] or [air]
        kept = np.stack([path.cumulated for path in paths]), np.stack([path.day_rate for path in paths])
        ways(begin, end, since, celsius, (air.cumulated, air.day_rate), kept, cold_at, self.first_day, decay)
        return Arrived(rows, begin, end, since, celsius, decay, place)


def _village(rows: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """Return when parcels came to their village's station and left it, NEVER where they were handed in at the township.

    One that its sender carried down to the township was in the village until then.
    """
    inside = (rows["village_out"] != NEVER) | (rows["township_in"] == NEVER) | (rows["township_in"] > rows["ready"])
    came = np.where(inside, rows["ready"], NEVER)
    left = np.where(rows["village_out"] != NEVER, rows["village_out"], np.where(inside, rows["township_in"], NEVER))
    return came, left


def _township(rows: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    return rows["township_in"].astype(np.int64), rows["township_out"].astype(np.int64)
