"""Name the plain things the reference moves about: parcels, visits, queues, trips, and the news a parcel gets."""

from __future__ import annotations

from dataclasses import dataclass, field

from simpy.events import Event

from sim.plan.plan import Plan
from sim.schema.raw import DOWN, IN_TRANSIT, NEVER, NOT_HANDED, STAMPS


@dataclass(eq=False)
class Parcel:
    """One parcel, one life; ``at`` holds its stamps (microseconds, NEVER where not reached).

    Going up: ``gate`` is when it may be loaded, ``sent`` the midnight at which it is taken in (unless it is rejected), ``boards`` when an
    evening trunk begins to load it.
    """

    key: int
    operator: int
    place: int
    township: int
    household: int
    weight: int
    volume: int
    created: int
    gate: int = 0
    missort: bool = False
    lost: bool = False
    collect_village: int = 0
    collect_township: int = 0
    reminder: int = 0
    out: int = 0
    lot: int = 0
    sent: int = -NEVER
    boards: int = -NEVER
    parent: int = 0
    direction: int = DOWN
    last_mile: int = 0
    outcome: int = IN_TRANSIT
    kind: int = NOT_HANDED
    attempts: int = 0
    missorted: int = 0
    to_post: int = 0
    surcharge: int = 0
    shelf: int = NOT_HANDED
    fee: int = 0
    visit: int = 0
    line_trip: int = -1
    round_trip: int = -1
    at: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAMPS, NEVER))
    stage: str = ""
    holds: tuple[int, int, int] | None = None
    joined: Visit | None = None
    news: Event | None = None
    diary: list[str] = field(default_factory=list)

    def tell(self, what: object) -> None:
        """Wake the parcel's process with what has happened to it, before anything else happens."""
        assert self.news is not None
        news, self.news = self.news, self.news.env.event()
        news.succeed(what)


@dataclass(frozen=True)
class Enter:
    """News: the parcel got off and enters ``queue`` at ``entry``."""

    queue: int
    entry: int


@dataclass(frozen=True)
class Anew:
    """News: the plan has changed; look up your queue or list again, ``time`` is your place in the order."""

    time: int


@dataclass(frozen=True)
class Shelved:
    """News: the parcel was put into a store."""


@dataclass(frozen=True)
class Gone:
    """News: nothing more will happen here (handed over, collected, finished service)."""


@dataclass(frozen=True)
class Out:
    """News: the evening trunk has left; the sender (going up: the receiver) has the parcel at ``until``."""

    until: int


@dataclass(eq=False)
class Visit:
    """One visit ahead of a household at a pick-up point; ``moved`` wakes it when it becomes earlier."""

    id: int
    due: int
    parcels: list[Parcel] = field(default_factory=list)
    moved: Event | None = None


@dataclass
class Window:
    """One shift window of the plan day in force; ``close`` moves with overtime, ``planned`` does not."""

    open: int
    close: int
    planned: int


@dataclass
class Queue:
    """A queue: who waits, as (entry, key, parcel), and from when on each station is free."""

    id: int
    waiting: list[tuple[int, int, Parcel]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)


@dataclass(eq=False)
class Trip:
    """One trip of one plan day; ``aboard`` holds (parcel, stop it gets off at or -1: none) in loading order.

    ``way`` says of each stop made: its number on the way, place, arrival, departure, how many got off, were loaded, found no space, and
    the grams and millilitres aboard on leaving. ``told`` is the trip once it is over; ``free`` is when it is unloaded at home,
    ``most_g`` and ``most_ml`` the most that was aboard at once.
    """

    number: int
    day: int
    plan: Plan
    leg: int
    route: int
    vehicle: int
    driver: int
    departs: int
    opens: int
    begun: bool = False
    cancelled: bool = False
    load: int = NEVER
    depart: int = NEVER
    back: int = NEVER
    metres: int = 0
    broken: bool = False
    taken: int = 0
    cut_g: int = 0
    cut_ml: int = 0
    aboard: list[tuple[Parcel, int]] = field(default_factory=list)
    way: list[tuple[int, ...]] = field(default_factory=list)
    told: tuple[int, ...] = ()
    free: int = NEVER
    most_g: int = 0
    most_ml: int = 0

    @property
    def duty(self) -> tuple[int, ...]:
        return (self.day, self.leg, self.departs, self.vehicle, self.driver, self.free, self.most_g, self.most_ml)

    @property
    def van(self) -> str:
        return self.plan.vehicle_key[self.vehicle]

    @property
    def man(self) -> str:
        return self.plan.driver_key[self.driver]
