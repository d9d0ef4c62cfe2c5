"""What a county grows for sale and how warm it is, as its folder says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.world import Floats, Ints


@dataclass(frozen=True)
class Crops:
    """k rows sorted by ``key``; what each number rests on stands in ``basis``, column by column."""

    key: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    area_mu: Floats
    """Land in the county whose harvest is sold (1 mu is 1/15 ha); grazing land for what herds give."""
    growers_share: Floats
    """Share of the rural households that grow it for sale."""
    yield_kg_mu: Floats
    """Marketed kg a mu and year."""
    harvest_from: Ints
    """First day of the harvest, day of the year from 1 to 365."""
    harvest_until: Ints
    """Last day, included; before ``harvest_from`` where the window runs over New Year."""
    shelf_days_0c: Floats
    """Days at 0 C until it cannot be sold."""
    litres_per_kg: Floats
    """Volume in its parcel or crate, packing included."""
    parcel_kg: Floats
    """Usual weight of an online parcel."""
    farm_yuan_kg: Floats
    """What a middleman pays at the farm gate in the season."""
    wholesale_yuan_kg: Floats
    online_yuan_kg: Floats
    """What an online buyer pays, before fees and without freight."""
    online_share: Floats
    """Share of the harvest that online buyers would order at most."""
    basis: tuple[str, ...]

    @property
    def n(self) -> int:
        return len(self.key)


@dataclass(frozen=True)
class Climate:
    """Twelve rows, January first: monthly means at the county's seat in degrees Celsius."""

    mean_c: Floats
    range_c: Floats
    """Mean daily maximum less mean daily minimum."""
    basis: tuple[str, ...]
