"""What helps farmers to sell: services and contracts that levers bring to places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.world.world import Bools, Floats, Ints


@dataclass(frozen=True)
class Outreach:
    """By place (n,): ``trained``: training lowers what beginning online costs to ``entry_left`` of it; ``places_month``: farms that a
    township's or village's service can take on a month; ``premium``: yuan/kg that buyers pay more for branded produce; ``damage_left``:
    share of the damage that better packaging leaves; ``contract``: senders get the contract's fee ``contract_fee`` (yuan/parcel)."""

    trained: Bools
    entry_left: Floats
    places_month: Ints
    premium: Floats
    damage_left: Floats
    contract: Bools
    contract_fee: Floats
    by: tuple[str, ...] = ()
    """Ids of the levers that bring it."""


def no_outreach(places: int) -> Outreach:
    """Return a county without services for those who sell."""
    none = np.zeros(places, np.bool_)
    return Outreach(
        none, np.ones(places), np.zeros(places, np.int64), np.zeros(places), np.ones(places), none.copy(), np.zeros(places)
    )
