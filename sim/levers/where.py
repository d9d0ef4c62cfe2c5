"""Where a lever acts: a filter of places and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from sim.world.world import Bools, World

Tier = Literal["county", "township", "village", "town"]
Remoteness = Literal["near", "middle", "far"]
Terrain = Literal["plain", "rolling", "hill", "mountain", "plateau"]
Region = Literal["east", "central", "west", "plateau"]


class Where(BaseModel):
    """A place matches when it meets every condition that is given; a list is met by any of its items."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    tier: Tier | tuple[Tier, ...] | None = None
    """Tier of the place."""
    places: tuple[str, ...] | None = None
    """Keys or names of places; a township stands for its villages too."""
    remoteness: Remoteness | tuple[Remoteness, ...] | None = None
    """Third of the villages by road minutes from the county centre."""
    terrain: Terrain | tuple[Terrain, ...] | None = None
    """Terrain of the county."""
    region: Region | tuple[Region, ...] | None = None
    """Region of the county."""
    population: tuple[float, float] | None = None
    """People of the place, lowest and highest."""
    operators: tuple[str, ...] | None = None
    """Keys of operators on whom the lever acts."""

    def mask(self, world: World) -> Bools:
        """Return which places match, shape (n,)."""
        import numpy as np

        from sim.world.world import REMOTENESS, TIERS

        places = world.places
        here = np.full(places.n, _named(world.terrain, self.terrain) and _named(world.region, self.region))
        if self.tier is not None:
            here &= np.isin(places.tier, [TIERS.index(tier) for tier in listed(self.tier)])
        if self.remoteness is not None:
            here &= np.isin(places.remoteness, [REMOTENESS.index(third) for third in listed(self.remoteness)])
        if self.population is not None:
            low, high = self.population
            here &= (places.population >= low) & (places.population <= high)
        if self.places is not None:
            wanted = set(self.places)
            own = np.array([bool(wanted & {places.key[i], places.name_zh[i], places.name_en[i]}) for i in range(places.n)])
            here &= own | ((places.parent > 0) & own[places.parent])
        return here

    def rows(self, world: World) -> tuple[int, ...]:
        """Return the rows of the operators on whom the lever acts."""
        keys = world.operators.key
        return tuple(row for row, key in enumerate(keys) if self.operators is None or key in self.operators)

    def given(self) -> dict[str, object]:
        """Return the conditions that are given."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


def listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return one name or several as a tuple."""
    return (value,) if isinstance(value, str) else value


def _named(value: str, wanted: str | tuple[str, ...] | None) -> bool:
    return wanted is None or value in listed(wanted)
