"""Alliance settlement: each day the members pay what their alliance paid, by their parcels of the day."""

from __future__ import annotations

import numpy as np

from sim.ledger.book import Book, Key, Postings
from sim.ledger.payer import alliance_actor
from sim.rules import Rules
from sim.world.world import Floats, Ints, World


def settle(book: Book, world: World, rules: Rules, volume: Ints, day: Postings) -> Postings:
    """Return the day's postings with the settlement added, to the fen.

    The net outlay of an alliance is divided by its members' parcels of the day (``volume`` (k,): down parcels that had
    reached the county and ended that day), by their share of all orders on a day without any. A net gain is paid out the same way.
    """
    rows, amounts, quantities = [day.key], [day.fen], [day.quantity]
    for alliance in rules.alliances:
        actor = alliance_actor(alliance.id)
        sign = np.array([(k.payer == actor) - (k.payee == actor) for k in (book.keys[r] for r in day.key.tolist())], np.int64)
        outlay = int((sign * day.fen).sum())
        members = np.array(alliance.members)
        weight: Floats = volume[members].astype(np.float64)
        if not weight.sum():
            weight = world.operators.share[members]
        edge = np.rint(np.cumsum(weight) / weight.sum() * abs(outlay)).astype(np.int64)
        for o, fen in zip(alliance.members, np.diff(edge, prepend=0).tolist(), strict=True):
            if fen:
                pair = (world.operators.key[o], actor) if outlay > 0 else (actor, world.operators.key[o])
                key = Key(*pair, "settlement", "transfer", lever=alliance.id, unit="parcel")
                rows.append(np.array([book.row(key)]))
                amounts.append(np.array([fen]))
                quantities.append(np.array([float(volume[o])]))
    return Postings(day.day, np.concatenate(rows), np.concatenate(quantities), np.concatenate(amounts))
