"""Alliance settlement: each day the members pay what their alliance paid, by the rule of the alliance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.ledger.book import Book, Key, Postings
from sim.ledger.payer import alliance_actor
from sim.rules import Alliance, Rules
from sim.world.world import Floats, Ints, World

Shares = Callable[[Alliance, int], Floats | None]
"""What each member of an alliance bears of its joint cost on a day, any unit, (members,); None: by the parcels of the day."""


def settle(book: Book, world: World, rules: Rules, volume: Ints, day: Postings, shares: Shares | None = None) -> Postings:
    """Return the day's postings with the settlement added, to the fen.

    The net outlay of an alliance is divided by ``shares``; where these say nothing by its members' parcels of the day (``volume`` (k,):
    down parcels that had reached the county and ended that day), by their share of all orders on a day without any. A net gain is
    paid out the same way, and a member with a negative share is paid by the alliance.
    """
    rows, amounts, quantities = [day.key], [day.fen], [day.quantity]
    for alliance in rules.alliances:
        actor = alliance_actor(alliance.id)
        sign = np.array([(k.payer == actor) - (k.payee == actor) for k in (book.keys[r] for r in day.key.tolist())], np.int64)
        outlay = int((sign * day.fen).sum())
        members = np.array(alliance.members)
        agreed = shares(alliance, day.day) if shares is not None else None
        weight: Floats = volume[members].astype(np.float64) if agreed is None else agreed
        if not weight.sum() > 0:
            weight = world.operators.share[members]
        edge = np.rint(np.cumsum(weight) / weight.sum() * outlay).astype(np.int64)
        for o, fen in zip(alliance.members, np.diff(edge, prepend=0).tolist(), strict=True):
            if fen:
                pair = (world.operators.key[o], actor) if fen > 0 else (actor, world.operators.key[o])
                key = Key(*pair, "settlement", "transfer", lever=alliance.id, unit="parcel")
                rows.append(np.array([book.row(key)]))
                amounts.append(np.array([abs(fen)]))
                quantities.append(np.array([float(volume[o])]))
    return Postings(day.day, np.concatenate(rows), np.concatenate(quantities), np.concatenate(amounts))
