"""The county as frozen columns: places, households, operators, stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.text import Words
    from sim.world.cold import Cold
    from sim.world.cold_market import ColdMarket
    from sim.world.collection import Collection
    from sim.world.county_stock import CountyStock
    from sim.world.crops import Climate, Crops
    from sim.world.farms import Farms
    from sim.world.outreach import Outreach
    from sim.world.tracing import Tracing
    from sim.world.upkeep import Upkeep
    from sim.world.warehouses import Warehouses

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Int16s = npt.NDArray[np.int16]
Int8s = npt.NDArray[np.int8]
Bytes = npt.NDArray[np.uint8]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kind = TypeVar("Kind", bound=np.generic)

COUNTY, TOWNSHIP, VILLAGE, TOWN = 0, 1, 2, 3
TIERS = ("county", "township", "village", "town")
"""``town`` is a resident committee or a quarter of the seat: people counted as urban."""

NEAR, MIDDLE, FAR, NO_REMOTENESS = 0, 1, 2, -1
REMOTENESS = ("near", "middle", "far")

TO_VILLAGE, TO_TOWNSHIP, TO_POST, REFUSED = 0, 1, 2, 3
MODES = ("village", "township", "post", "refused")

HOSTS = ("none", "shop", "committee", "post_station", "agri_point", "town_station")


@dataclass(frozen=True)
class Places:
    """All places of a county, n rows: row 0 is the seat, then townships, then villages and town quarters.

    Within a tier rows are sorted by ``key``. ``parent`` is the row of the township a village or quarter
    belongs to (a township's parent is 0, the seat's is -1). ``township`` is the township's ordinal
    (0..m-1, in row order) of a village, quarter or township, and -1 for the seat.
    ``metres`` (n, n) and ``travel_us`` (n, n) are road metres and travel time; they are modelled.
    """

    key: tuple[str, ...]
    tier: Int8s
    parent: Int32s
    township: Int32s
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    lon: Floats
    lat: Floats
    synthetic: Bools
    population: Ints
    households: Ints
    share_65: Floats
    remoteness: Int8s
    metres: Int32s
    travel_us: Ints
    closed_days_year: Floats

    @property
    def n(self) -> int:
        return len(self.key)

    @property
    def n_townships(self) -> int:
        return int((self.tier == TOWNSHIP).sum())


@dataclass(frozen=True)
class Households:
    """Every household, sorted by place row and ordinal; ``first[p]:first[p+1]`` are the rows of place p.

    ``key`` is a 64-bit key from the place's key and the ordinal; ``weight`` is the household's persons
    times its own propensity (mean of the propensity 1), so a daily rate is weight x rate per person.
    """

    place: Int32s
    first: Ints
    key: Keys
    weight: Floats

    @property
    def n(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class Operators:
    """The operators, k rows sorted by ``key``; every array is indexed by operator row.

    ``trunk_us`` (k, 2): arrival time of day of the trunk trucks; ``outlet`` (k, m): row of the operator whose
    outlet serves it in township m (itself where it has its own); ``mode`` (k, n): MODES code per place (0 for
    towns); ``days`` (k,): service days of village rounds as bits, Monday = 1; ``surcharge`` (k, m): whether the
    outlet charges the unlawful second fee.
    """

    key: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    kind: tuple[str, ...]
    share: Floats
    trunk_us: Ints
    out_us: Ints
    outlet: Int16s
    mode: Int8s
    days: Bytes
    surcharge: Bools

    @property
    def n(self) -> int:
        return len(self.key)

    @property
    def post(self) -> int:
        """Row of the post, or -1."""
        return self.kind.index("post") if "post" in self.kind else -1

    def at_last(self, values: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """Return values by operator and place (k, n) with the post's where an operator hands its parcels to it."""
        return values if self.post < 0 else np.where(self.mode == TO_POST, values[self.post], values)

    @property
    def last_mode(self) -> Int8s:
        """How each operator's parcels end their way, MODES codes (k, n)."""
        return self.at_last(self.mode)


@dataclass(frozen=True)
class Stations:
    """Pick-up points at places, n rows like ``Places``.

    ``host`` is a HOSTS code (0: no station, hand-over at the door). ``doors`` (n, 3) counts locker doors of the
    three sizes whose volumes are ``door_ml`` (3,). ``locker_first`` says that the courier fills doors before shelves.
    ``opened_by`` is "baseline" or the id of the lever that opened the station, "" where there is none.
    """

    host: Int8s
    shelf_ml: Ints
    overflow_ml: Ints
    opens_us: Ints
    closes_us: Ints
    doors: Int16s
    door_ml: Ints
    locker_first: Bools
    opened_by: tuple[str, ...]
    locker_by: tuple[str, ...]

    @property
    def at_door(self) -> Bools:
        """Where parcels are handed over at doors, (n,): neither a station nor a locker stands there."""
        at_door: Bools = (self.host == 0) & (self.doors.sum(axis=1) == 0)
        return at_door


@dataclass(frozen=True)
class Fields:
    """What the county's farms are, what grows on them, how warm it is, and what helps their produce on its way."""

    crops: Crops
    climate: Climate
    farms: Farms
    cold: Cold
    outreach: Outreach
    warehouses: Warehouses
    cold_market: ColdMarket | None = None
    tracing: Tracing | None = None


@dataclass(frozen=True)
class World:
    """One county, frozen: what exists. Levers replace it by an edited copy. ``fields`` is None where no produce is simulated."""

    code: str
    name_zh: str
    name_en: str
    province_zh: str
    terrain: str
    region: str
    places: Places
    households: Households
    operators: Operators
    stations: Stations
    attribution: Words
    fields: Fields | None = None
    stock: CountyStock | None = None
    upkeep: tuple[Upkeep, ...] = ()
    """What measures cost every day."""
    collection: Collection | None = None
    """What is expected to be sent up, None before anything was."""
    held: Bools | None = None
    """Services to the village that operators have to keep up (k, n), None where there are none."""
    answer: Floats | None = None
    """Orders expected by place over those of the county as found (n,): how households answer to its service. None: as found."""

    def as_expected(self, other: World) -> bool:
        """Say whether another county holds the same things as this one, whatever is expected to be sent up from either."""
        return all(getattr(self, name) is getattr(other, name) for name in self.__dataclass_fields__ if name != "collection")

    def under_order(self) -> Bools:
        """Return the services to the village that operators have to keep up (k, n)."""
        return np.zeros(self.operators.mode.shape, np.bool_) if self.held is None else self.held
