"""What produce moves: sales, fees, packing, the farms' own driving and work. A farm's books are its village's: ``farmers:<village>``."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.ledger.book import Book, Key
from sim.ledger.payer import COUNTY, farmers_actor, host_actor, network_actor
from sim.schema.raw import DUES
from sim.world.world import World

FARM = "farm"
"""The activity of what happens on farms: outside the logistics whose cost per parcel is counted."""


class Entry(NamedTuple):
    """Who pays whom for one of DUES: actors, or "farmers", "operator", "network", "host" for those of the row; nature, activity, leg, unit."""

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
    "precooling": Entry("cold rooms", "market", "resource", "cold", "cold", "kWh"),
    "training": Entry(COUNTY, "workers", "resource", FARM, "", "farm"),
}


def post_produce(book: Book, world: World, dues: npt.NDArray[Any]) -> None:
    """Add a day's dues to the book, totalled by kind, village and operator."""
    if not len(dues):
        return
    k, n = world.operators.n, world.places.n
    cell = (dues["kind"].astype(np.int64) * (k + 1) + dues["operator"] + 1) * n + dues["place"]
    cells, at = np.unique(cell, return_inverse=True)
    micro = np.zeros(len(cells), np.int64)
    np.add.at(micro, at, dues["micro"])
    quantity = np.bincount(at, dues["quantity"], minlength=len(cells))
    for c, amount, many in zip(cells.tolist(), micro.tolist(), quantity.tolist(), strict=True):
        rest, place = divmod(c, n)
        kind, operator = divmod(rest, k + 1)
        if amount:
            book.add(_key(world, DUES[kind], operator - 1, place), many, amount)


def _key(world: World, what: str, operator: int, place: int) -> Key:
    entry, name = ENTRIES[what], world.places.key[place]
    own = world.operators.key[operator] if operator >= 0 else ""
    owner = world.fields.cold.owner if world.fields is not None else ""
    actors = {"cold rooms": owner, "farmers": farmers_actor(name), "operator": own, "network": network_actor(own), "host": host_actor(name)}
    payer, payee = (actors.get(actor, actor) for actor in (entry.payer, entry.payee))
    lever = ""
    if world.fields is not None:
        lever = (
            world.fields.cold.built_by[place] if entry.activity == "cold" else world.fields.outreach.by[place] if what == "training" else ""
        )
    return Key(payer, payee, what, entry.nature, entry.activity, "", entry.leg, name, lever=lever, unit=entry.unit)
