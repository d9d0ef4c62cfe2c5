"""A county as it stands in its folder: frozen tables, before anything is modelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.text import Words
    from sim.world.crops import Climate, Crops
    from sim.world.world import Bools, Floats, Ints

TERRAINS = ("plain", "rolling", "hill", "mountain", "plateau")
REGIONS = ("east", "central", "west", "plateau")
TOWNSHIP_TYPES = ("town", "township", "subdistrict", "other")
PLACE_TYPES = ("village", "resident", "quarter")
"""Village committee, resident committee, and a synthetic quarter of a town; the last two hold urban people."""
COORD_SOURCES = ("geonames", "survey", "model")
"""A published point, a point brought by the user, a point placed by a model."""
FIGURES = ("people", "urban", "rural", "households", "people_65")

EARTH_KM = 6371.0088
"""Mean radius of the Earth."""
LON_RANGE = (73.0, 135.5)
LAT_RANGE = (3.5, 54.0)
"""The box of China in degrees, WGS-84."""


@dataclass(frozen=True)
class Figure:
    """One cited number."""

    value: float
    year: int
    source: str


@dataclass(frozen=True)
class Townships:
    """m rows sorted by code."""

    code: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    type: tuple[str, ...]
    lon: Floats
    lat: Floats
    coord_source: tuple[str, ...]
    synthetic: Bools

    @property
    def n(self) -> int:
        return len(self.code)


@dataclass(frozen=True)
class Villages:
    """Villages, resident committees and quarters, v rows sorted by code."""

    code: tuple[str, ...]
    township_code: tuple[str, ...]
    name_zh: tuple[str, ...]
    type: tuple[str, ...]
    lon: Floats
    lat: Floats
    coord_source: tuple[str, ...]
    synthetic: Bools
    population: Ints
    households: Ints
    share_65: Floats

    @property
    def n(self) -> int:
        return len(self.code)


@dataclass(frozen=True)
class Card:
    """What ``county.yaml`` says."""

    code: str
    name_zh: str
    name_en: str
    prefecture_zh: str
    prefecture_en: str
    province_zh: str
    province_en: str
    seat_lon: float
    seat_lat: float
    seat_township: str
    terrain: str
    region: str
    area_km2: Figure
    figures: tuple[tuple[str, Figure], ...]
    licence: str
    attribution: Words
    notes_zh: tuple[str, ...]
    notes_en: tuple[str, ...]

    def figure(self, name: str) -> Figure:
        """Return one of FIGURES."""
        return dict(self.figures)[name]


@dataclass(frozen=True)
class County:
    """One county folder; ``crops`` and ``climate`` are both None where it sells no produce."""

    card: Card
    townships: Townships
    villages: Villages
    crops: Crops | None = None
    climate: Climate | None = None
