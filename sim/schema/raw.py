"""What the flow hands on at each midnight: structured arrays, in integer units, before they become tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.plan.plan import Plan

NEVER = -(2**62)
"""Stamp of something that has not happened."""

DOWN, BACK, UP = 0, 1, 2
DIRECTIONS = ("down", "back", "up")

IN_TRANSIT, COLLECTED, RETURNED, BACK_AT_SENDER, REFUSED_OUT, REJECTED, LOST, SHIPPED, SPOILED = range(9)
OUTCOMES = ("in_transit", "collected", "returned", "back_at_sender", "refused", "rejected", "lost", "shipped", "spoiled")

NOT_HANDED, AT_DOOR, AT_STATION, AT_LOCKER, AT_TOWNSHIP = range(5)
HANDOVER_KINDS = ("", "door", "station", "locker", "township")

STAMPS = (
    "created", "county_in", "sorted", "county_out", "township_in", "township_out",
    "village_in", "ready", "reminded", "village_out", "trunk_out", "finished",
)  # fmt: skip

FROM_OUTSIDE, FROM_STOCK, FROM_FARM = range(3)
ORIGINS = ("outside", "county_stock", "farm")
"""Where a parcel comes from: the flow hands on ``outside``, the county says what came from its stock."""

_PARCEL = (
    ("key", "u8"), ("created", "i8"), ("county_in", "i8"), ("ready", "i8"), ("finished", "i8"), ("place", "i4"), ("household", "i4"),
    ("surcharge_fen", "i4"), ("operator", "i2"), ("last_mile", "i2"), ("township", "i2"), ("direction", "i1"), ("outcome", "i1"),
    ("kind", "i1"), ("attempts", "i1"), ("to_post", "i1"), ("origin", "i1"),
    ("sorted", "i8"), ("county_out", "i8"), ("township_in", "i8"), ("township_out", "i8"), ("village_in", "i8"),
    ("line_trip", "i4"), ("round_trip", "i4"), ("weight_g", "i4"), ("volume_ml", "i4"), ("visit", "u8"),
    ("reminded", "i8"), ("parent", "u8"), ("village_out", "i8"), ("trunk_out", "i8"), ("lot", "u8"), ("quality", "f8"),
    ("trunk_trip", "i4"), ("missorted", "i1"), ("missort", "i1"), ("lost", "i1"), ("zone", "i1"),
)  # fmt: skip
PARCEL_BYTES = 192
PARCEL = np.dtype(
    {
        "names": [name for name, _ in _PARCEL],
        "formats": [form for _, form in _PARCEL],
        "offsets": [sum(int(form[1]) for _, form in _PARCEL[:i]) for i in range(len(_PARCEL))],
        "itemsize": PARCEL_BYTES,
    }
)
"""A parcel that is finished (or open at the end of the run). ``last_mile`` is the operator row it is handled by after
the hand-over to the post, ``to_post`` whether there was one. A ``returned`` parcel keeps the stamps of its way down;
its return is another row with ``parent`` set. ``lot``, ``quality`` (on arrival) and ``zone`` (1: the first of ZONES, 0: none) are
an up parcel's, once it has been judged. ``line_trip``/``round_trip``/``trunk_trip`` are the trips it rode last, -1: none. A row is
three cache lines of 64 bytes: what every count of a day reads, the way there, and the way back."""

TRIP_DONE, TRIP_LATE, TRIP_BROKEN, TRIP_CANCELLED = range(4)
TRIP_STATUS = ("done", "late", "broken", "cancelled")

TRIP = np.dtype(
    [
        ("trip", "i8"), ("day", "i4"), ("leg", "i1"), ("status", "i1"), ("owner", "i2"), ("vehicle", "i4"), ("driver", "i4"),
        ("type", "i1"), ("from_place", "i4"), ("to_place", "i4"), ("planned", "i8"), ("load", "i8"), ("depart", "i8"),
        ("back", "i8"), ("free", "i8"), ("metres", "i8"), ("stops", "i4"), ("parcels", "i4"), ("load_g", "i8"), ("load_ml", "i8"),
        ("cut_g", "i4"), ("cut_ml", "i4"), ("collects", "i1"),
    ]
)  # fmt: skip
"""A trip, handed on with the day in which it was over. ``vehicle`` and ``driver`` index the plan in force on ``day``.
``planned`` departure, ``load`` begin of loading, ``back`` at the origin, ``free`` unloaded; ``parcels`` all that were
loaded, ``load_g``/``load_ml`` the most that was aboard at once, ``cut_g``/``cut_ml`` how often weight and volume ended its loading;
``collects``: it only picks up (afternoon collection).
``late``: departed after its timetable."""

STOP = np.dtype(
    [
        ("trip", "i8"), ("order", "i4"), ("place", "i4"), ("arrive", "i8"), ("depart", "i8"), ("unloaded", "i4"),
        ("loaded", "i4"), ("refused", "i4"), ("aboard_g", "i8"), ("aboard_ml", "i8"),
    ]
)  # fmt: skip

SHIFT = np.dtype([("day", "i4"), ("queue", "i4"), ("open", "i8"), ("close", "i8"), ("overtime", "i8"), ("stations", "i4")])
"""One window of one queue on one plan day, handed on when it is over; ``close`` is the planned end."""

BREAKDOWN, CLOSURE, TRANSFER_EVENT = range(3)
EVENT_KINDS = ("breakdown", "closure", "transfer")
EVENT = np.dtype([("time", "i8"), ("until", "i8"), ("kind", "i1"), ("place", "i4"), ("vehicle", "i4"), ("trip", "i8")])


CHANNELS = ("middleman", "wholesale", "online", "contract", "stored", "waiting", "cold_market")
MIDDLEMAN, WHOLESALE, ONLINE, CONTRACT, STORED, WAITING, COLD_MARKET = range(len(CHANNELS))
"""Where a lot goes: sold at the farm gate, at the market, online, to a contract's buyer; into a cold room; or it waits in the field;
or sold to the cold market, whose trucks collect in townships."""

STAGES = ("field", "station", "round", "township", "line", "county", "trunk", "buyer")
FIELD, AT_STATION_UP, ON_ROUND, AT_TOWNSHIP_UP, ON_LINE, AT_COUNTY, ON_TRUNK, AT_BUYER = range(8)
"""Stages of produce on its way up; ``buyer`` is where damage shows."""

ZONES = ("near", "middle", "far")
"""Zones of online buyers, nearest first: the own province, neighbouring ones, the rest of the country."""

LOT = np.dtype(
    [
        ("lot", "u8"), ("farm", "i4"), ("place", "i4"), ("crop", "i1"), ("kind", "i1"), ("channel", "i1"), ("picked", "i8"),
        ("offered", "i8"), ("grams", "i8"), ("sold", "i8"), ("lost", "i8"), ("rejected", "i8"), ("unsold", "i8"), ("stock", "i8"),
        ("quality", "f8"), ("micro", "i8"), ("parcels", "i4"), ("cold", "i8"), ("at_stage", "i8", (len(STAGES),)),
        ("traced", "i1"), ("inspected", "i1"), ("ice_g", "i4"), ("grade", "i1"), ("zones", "i1"),
    ]
)  # fmt: skip
"""A lot that is settled: what one farm put into one channel on one day. ``grams`` = sold + lost + rejected + unsold + stock;
``quality`` is the sold grams' mean, ``micro`` what buyers paid in micro-fen; ``cold`` grams that were cold aboard everything
they rode; ``at_stage`` grams lost or rejected by the stage in which their quality fell below what the buyer takes; ``ice_g``
ice in each parcel, ``grade`` row of GRADES, ``zones`` to how many zones, nearest first, it was offered online (0: not)."""

LOT_STAGE = np.dtype(
    [
        ("lot", "u8"), ("farm", "i4"), ("order", "i4"), ("stage", "i1"), ("place", "i4"), ("trip", "i8"), ("in", "i8"),
        ("cold", "i8"), ("out", "i8"), ("grams", "i8"), ("celsius", "f8"), ("quality", "f8"),
    ]
)  # fmt: skip
"""One stage of the parcels of a lot that went together: ``place`` (-1: aboard ``trip``), since when it was ``cold`` (NEVER: not at all),
the temperature where it was cold (NaN: the air's), and the quality with which it left."""

DUES = (
    "middleman sale", "market sale", "online sale", "contract sale", "platform fee", "market fee", "sending fee", "network fee",
    "sending commission", "packing", "farm driving", "farm labour", "storage fee", "cold trunk fee", "precooling", "training",
    "contract shortfall", "contract fee", "contract handling", "cold market sale", "cold market fee", "cold haul",
    "cold haul labour", "tracing", "inspection",
)  # fmt: skip
(
    GATE_SALE, MARKET_SALE, ONLINE_SALE, CONTRACT_SALE, PLATFORM_FEE, MARKET_FEE, SENDING_FEE, NETWORK_FEE, SENDING_COMMISSION, PACKING,
    FARM_DRIVING, FARM_LABOUR, STORAGE_FEE, COLD_TRUNK_FEE, PRECOOLING, TRAINING,
    CONTRACT_SHORTFALL, CONTRACT_FEE, CONTRACT_HANDLING, COLD_MARKET_SALE, COLD_MARKET_FEE, COLD_HAUL,
    COLD_HAUL_LABOUR, TRACING, INSPECTION,
) = range(len(DUES))  # fmt: skip

DUE = np.dtype([("kind", "i1"), ("place", "i4"), ("operator", "i2"), ("quantity", "f8"), ("micro", "i8")])
"""Money that produce moves on a day: DUES code, place of the farms, operator row (-1: none), quantity, micro-fen."""


@dataclass(frozen=True)
class FarmDay:
    """What farms did on a day. ``lots`` that are settled, their ``stages``, the day's ``dues``; ``picked`` grams (c,) by crop;
    ``online`` farms that sell online by kind and remoteness (kinds, 3) of ``farms``; ``cold_g`` (n,) what stood in
    cold rooms, stores and cold warehouses at midnight, by place, and ``cold_room_g`` (n,) what these hold."""

    lots: npt.NDArray[Any]
    stages: npt.NDArray[Any]
    dues: npt.NDArray[Any]
    picked: npt.NDArray[np.int64]
    online: npt.NDArray[np.int64]
    farms: npt.NDArray[np.int64]
    cold_g: npt.NDArray[np.int64]
    cold_room_g: npt.NDArray[np.int64]


@dataclass(frozen=True)
class DayRecord:
    """Everything that was over between two midnights; ``day`` has just ended; ``open`` parcels are still on their way down.

    ``rising`` are the parcels on their way up inside the county at this midnight, as PARCEL rows with the stamps they have. In an up
    parcel ``household`` is the number its sender gave it: the farm's row.
    """

    day: int
    parcels: npt.NDArray[Any]
    trips: npt.NDArray[Any]
    stops: npt.NDArray[Any]
    shifts: npt.NDArray[Any]
    events: npt.NDArray[Any]
    created: int
    open: int
    rising: npt.NDArray[Any] = field(default_factory=lambda: np.empty(0, PARCEL))
    last: bool = False
    """The run ends with this day."""
    farms: FarmDay | None = None


class Recorder(Protocol):
    """Takes what a run leaves behind, day by day."""

    def plan(self, day: int, plan: Plan) -> None:
        """Note that ``plan`` is in force from ``day``'s plan time (called only when it changes)."""

    def record(self, record: DayRecord) -> None:
        """Take one day."""
