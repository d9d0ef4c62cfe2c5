"""Parcel lockers: doors of three sizes at village stations, open day and night (二(一): 智能快件箱、信包箱).

Mechanism
    A share of the matching villages with a station and without doors gets a locker. The courier fills the smallest door that
    fits, before the shelf where ``locker_first`` says so, after it otherwise; what fits no free door goes on down the cascade. A
    parcel in a door can be taken at any hour, one on the shelf in the station's hours only.

Changes
    ``World.stations``: doors, their volumes, their order, ``locker_by``. The ledger posts the annuity of ``capex`` over
    ``life_years`` and ``running_year`` for every village whose ``locker_by`` is the lever's id.

Leaves out
    Late fees, advertisement income, the fee a courier pays for a door, vandalism and power cuts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, Mistake, listed, mistake, say, unfit
from sim.levers.draw import chosen
from sim.schema.param import Section, param
from sim.text import Words

if TYPE_CHECKING:
    from sim.ledger.capital import Capital
    from sim.rules import Rules
    from sim.world.world import Ints, World


class Doors(Section):
    """Doors of one locker, by size."""

    small: int = param(40, unit="doors", ge=0, le=500, source="assumption:G37", zh="小格口数")
    """Small doors (about 70 doors a locker in all)."""
    medium: int = param(22, unit="doors", ge=0, le=500, source="assumption:G37", zh="中格口数")
    """Medium doors."""
    large: int = param(8, unit="doors", ge=0, le=500, source="assumption:G37", zh="大格口数")
    """Large doors."""

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.small, self.medium, self.large


class Litres(Section):
    """Volume of one door, by size."""

    small: float = param(9, unit="l", ge=0.5, le=500, source="assumption", zh="小格口容积")
    """Volume of a small door."""
    medium: float = param(20, unit="l", ge=0.5, le=500, source="assumption", zh="中格口容积")
    """Volume of a medium door."""
    large: float = param(45, unit="l", ge=0.5, le=500, source="assumption", zh="大格口容积")
    """Volume of a large door."""

    @property
    def volumes(self) -> tuple[float, float, float]:
        return self.small, self.medium, self.large


class ParcelLockers(Lever):
    """Puts lockers at village stations."""

    title: ClassVar[Words] = Words(zh="智能快件箱", en="Parcel lockers")
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population")

    kind: Literal["parcel_lockers"] = "parcel_lockers"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="配箱占比")
    """Share of the matching villages with a station that get a locker."""
    doors: Doors = Doors()
    """Doors of a locker."""
    door_l: Litres = Litres()
    """Volume of a door."""
    locker_first: bool = True
    """Whether the courier fills doors before the shelf."""
    capex: float = param(25000, unit="yuan", ge=0, le=500000, low=15000, high=40000, source="assumption:locker_capex", zh="快件箱造价")
    """Price of a locker, installed."""
    life_years: float = param(8, unit="years", ge=1, le=30, low=4.8, high=11.2, source="assumption:G36", zh="快件箱年限")
    """Life of a locker."""
    running_year: float = param(1500, unit="yuan/year", ge=0, le=50000, low=800, high=3000, source="assumption:G37", zh="快件箱运行费")
    """Power, data and upkeep of a locker."""

    def mistakes(self) -> Iterator[Mistake]:
        """Yield door volumes that do not grow with size."""
        yield from super().mistakes()
        small, medium, large = self.door_l.volumes
        if not small < medium < large:
            yield mistake(("door_l",), "door_order", small=f"{small:g}", medium=f"{medium:g}", large=f"{large:g}")

    def capital(self) -> tuple[Capital, ...]:
        """Return what a locker costs; the county pays."""
        from sim.ledger.capital import Capital

        return (Capital("locker", self.id, self.capex, self.life_years, running_month=self.running_year / 12, payer="county"),)

    def places(self, world: World, strength: float) -> Ints:
        """Return the rows of the villages that get a locker at a strength."""
        from sim.world.world import VILLAGE

        stations = world.stations
        able = (world.places.tier == VILLAGE) & (stations.host > 0) & (stations.doors.sum(axis=1) == 0) & self.where.mask(world)
        return chosen(world.places.key, able, self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the lockers in place."""
        import numpy as np

        rows = self.places(world, strength)
        if not len(rows) or not sum(self.doors.counts):
            return world
        stations = world.stations
        door_ml = np.array([round(volume * 1000) for volume in self.door_l.volumes], dtype=np.int64)
        if stations.doors.any() and not np.array_equal(door_ml, stations.door_ml):
            raise unfit(self.id, mistake(("door_l",), "two_volumes", volumes=", ".join(f"{ml / 1000:g}" for ml in stations.door_ml)))
        doors, first, by = stations.doors.copy(), stations.locker_first.copy(), list(stations.locker_by)
        doors[rows], first[rows] = self.doors.counts, self.locker_first
        for row in rows:
            by[row] = self.id
        placed = replace(stations, doors=doors, door_ml=door_ml, locker_first=first, locker_by=tuple(by))
        return replace(world, stations=placed)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return how many lockers there are and what they are like."""
        from sim.world.world import VILLAGE

        rows = self.places(world, 1.0)
        had = int((world.stations.doors.sum(axis=1) > 0).sum())
        stations = int(((world.stations.host > 0) & (world.places.tier == VILLAGE)).sum())
        doors = zip(self.doors.counts, self.door_l.volumes, strict=True)
        sizes = listed(say("lockers.size", n=n, volume=f"{volume:g}") for n, volume in doors)
        return [
            say("lockers.placed", before=had, after=had + len(rows), stations=stations, share=f"{100 * self.share:g}%"),
            say("lockers.doors", doors=sizes),
            say("lockers.first" if self.locker_first else "lockers.last"),
            say("lockers.cost", capex=f"{self.capex:,.0f}", life=f"{self.life_years:g}", running=f"{self.running_year:,.0f}"),
        ]
