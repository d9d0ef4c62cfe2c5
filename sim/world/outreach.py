"""What helps farmers to sell: services and contracts that levers bring to places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.world.world import Bools, Floats, Ints


@dataclass(frozen=True)
class Outreach:
    """By place (n,): ``trained``: training lowers what beginning online costs to ``entry_left`` of it; ``places_review``: farms that the
    service takes on in a place at a review; ``premium``: share by which branded produce is listed dearer; ``damage_left``:
    share of the damage that better packaging leaves; ``contract``: senders get the contract's fee ``contract_fee`` (yuan/parcel),
    operator ``collector`` (its row, -1: none) takes their parcels in and may not give the village up, and those who sell online owe it the
    fee of what fewer than ``least_day`` parcels a day leave open.
    By crop (c,): ``deal_price`` yuan/kg that city buyers pay under contract for what is at least ``deal_quality``, up to ``deal_g_day``,
    from farms at ``deal_here`` (n,). A season's price moves around it by ``deal_spread`` (log-sd). Farms pay ``deal_fee`` of it to the
    ``organiser``, whose collection points in the townships spend ``deal_handling`` yuan on a kg; ``deal_by`` is the lever's id."""

    trained: Bools
    entry_left: Floats
    places_review: Ints
    premium: Floats
    damage_left: Floats
    contract: Bools
    contract_fee: Floats
    service_month: Floats
    """Yuan a month that services cost, by place."""
    training_yuan: Floats
    """Yuan for each farm trained, by place."""
    by: tuple[str, ...]
    """Id of the lever that brought services to a place last, "" where there are none."""
    collector: Ints
    least_day: Floats
    deal_price: Floats
    deal_g_day: Ints
    deal_here: Bools
    deal_quality: float = 0.0
    deal_spread: float = 0.0
    deal_fee: float = 0.0
    deal_handling: float = 0.0
    organiser: str = "organiser"
    deal_by: str = ""
    contract_by: str = ""
    """Id of the lever that brought the senders' contracts last."""


def no_outreach(places: int, crops: int) -> Outreach:
    """Return a county without services for those who sell."""
    none = np.zeros(places, np.bool_)
    return Outreach(
        none,
        np.ones(places),
        np.zeros(places, np.int64),
        np.zeros(places),
        np.ones(places),
        none.copy(),
        np.zeros(places),
        np.zeros(places),
        np.zeros(places),
        ("",) * places,
        np.full(places, -1, np.int64),
        np.zeros(places),
        np.zeros(crops),
        np.zeros(crops, np.int64),
        none.copy(),
    )
