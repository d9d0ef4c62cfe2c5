"""What produce moves: sales, fees, packing, the farms' own driving and work. A farm's books are its village's: ``farmers:<village>``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.ledger.book import Book, Key
from sim.ledger.due import total
from sim.ledger.payer import COUNTY, farmers_actor, host_actor, network_actor
from sim.schema.raw import DUES
from sim.world.upkeep import TRADE
from sim.world.world import Fields, Floats, Ints, World

FARM = "farm"
"""The activity of what happens on farms: outside the logistics whose cost per parcel is counted."""


class Entry(NamedTuple):
    """Who pays whom for one of DUES: actors, or "farmers", "operator", "network", "host" for the row's; nature, activity, leg, unit."""

    payer: str
    payee: str
    nature: str
    activity: str = FARM
    leg: str = ""
    unit: str = "kg"


ENTRIES: dict[str, Entry] = {
    "middleman sale": Entry("middlemen", "farmers", "price"),
    "market sale": Entry("produce market", "farmers", "price"),
    "online sale": Entry("buyers", "farmers", "price"),
    "contract sale": Entry("buyers", "farmers", "price"),
    "platform fee": Entry("farmers", "platform", "transfer"),
    "market fee": Entry("farmers", "produce market", "transfer"),
    "sending fee": Entry("farmers", "operator", "transfer", "collection", "station", "parcel"),
    "network fee": Entry("operator", "network", "transfer", "transport", "trunk", "parcel"),
    "sending commission": Entry("operator", "host", "transfer", "collection", "station", "parcel"),
    "packing": Entry("farmers", "market", "resource", FARM, "", "parcel"),
    "farm driving": Entry("farmers", "market", "resource", FARM, "", "km"),
    "farm labour": Entry("farmers", "workers", "resource", FARM, "", "h"),
    "storage fee": Entry("farmers", "cold rooms", "transfer", FARM, "", "kg"),
    "cold trunk fee": Entry("farmers", "network", "transfer", "transport", "trunk", "parcel"),
    "contract shortfall": Entry("farmers", "operator", "transfer", "collection", "station", "parcel"),
    "contract fee": Entry("farmers", "organiser", "transfer"),
    "contract handling": Entry("organiser", "workers", "resource", TRADE),
    "cold market sale": Entry("produce market", "farmers", "price"),
    "cold market fee": Entry("farmers", "cold market", "transfer"),
    "cold haul": Entry("cold market", "market", "resource", TRADE, "", "km"),
    "cold haul labour": Entry("cold market", "workers", "resource", TRADE, "", "h"),
    "tracing": Entry("farmers", "market", "resource", FARM, "", "lot"),
    "inspection": Entry("inspectors", "workers", "resource", TRADE, "", "lot"),
    "precooling": Entry("cold rooms", "market", "resource", "cold", "cold", "kWh"),
    "training": Entry(COUNTY, "workers", "resource", FARM, "", "farm"),
}

LEVER_OF: dict[str, Callable[[Fields, int], str]] = {
    "training": lambda fields, place: fields.outreach.by[place],
    "contract shortfall": lambda fields, place: fields.outreach.contract_by,
    "contract sale": lambda fields, place: fields.outreach.deal_by,
    "contract fee": lambda fields, place: fields.outreach.deal_by,
    "contract handling": lambda fields, place: fields.outreach.deal_by,
    **dict.fromkeys(("tracing", "inspection"), lambda fields, place: fields.tracing.by if fields.tracing is not None else ""),
    **dict.fromkeys(
        ("cold market sale", "cold market fee", "cold haul", "cold haul labour"),
        lambda fields, place: fields.cold_market.by if fields.cold_market is not None else "",
    ),
}
"""The lever without which there would be no such due."""


class Produce:
    """Posts what produce moves to a book, and remembers which of its rows each kind, village and operator has."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._fields: Fields | None = None
        self._row: Ints = np.empty(0, np.int64)
        """By kind, operator and place, as the scratch behind it."""
        self._sums: Ints = np.empty(0, np.int64)
        self._quantities: Floats = np.empty(0)

    def post(self, world: World, dues: npt.NDArray[Any]) -> None:
        """Add a day's dues, totalled by kind, village and operator."""
        if not len(dues):
            return
        if world.fields is not self._fields:
            self._fields, self._row = world.fields, np.empty(0, np.int64)
        k, n = world.operators.n, world.places.n
        cells = len(DUES) * (k + 1) * n
        if len(self._row) != cells:
            self._row, self._sums, self._quantities = np.full(cells, -1, np.int64), np.zeros(cells, np.int64), np.zeros(cells)
        some, micro, quantity = total(np.ascontiguousarray(dues), k, n, self._sums, self._quantities)
        for c in some[self._row[some] < 0].tolist():
            rest, place = divmod(c, n)
            kind, operator = divmod(rest, k + 1)
            self._row[c] = self.book.row(_key(world, DUES[kind], operator - 1, place))
        self.book.add_rows(self._row[some], quantity, micro)


def _key(world: World, what: str, operator: int, place: int) -> Key:
    assert world.fields is not None
    entry, name, fields = ENTRIES[what], world.places.key[place], world.fields
    own = world.operators.key[operator] if operator >= 0 else ""
    actors = {"farmers": farmers_actor(name), "operator": own, "network": network_actor(own), "host": host_actor(name)}
    actors |= {"cold rooms": fields.cold.owner, "organiser": fields.outreach.organiser}
    if fields.tracing is not None:
        actors["inspectors"] = fields.tracing.payer
    if fields.cold_market is not None:
        actors["cold market"] = fields.cold_market.payer
    payer, payee = (actors.get(actor, actor) for actor in (entry.payer, entry.payee))
    lever = fields.cold.built_by[place] if entry.activity == "cold" else ""
    if what in LEVER_OF:
        lever = LEVER_OF[what](fields, place)
    return Key(payer, payee, what, entry.nature, entry.activity, "", entry.leg, name, lever=lever, unit=entry.unit)
