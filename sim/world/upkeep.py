"""What measures cost every day whoever uses them: things they bought, people they employ."""

from __future__ import annotations

from dataclasses import dataclass

TRADE = "trade"
"""Activity of buying, checking and selling produce: outside the logistics whose cost per parcel is counted."""


@dataclass(frozen=True)
class Upkeep:
    """``quantity`` of a ``unit``, each bought for ``price`` yuan with a life of ``life_years`` (0: nothing was bought) and costing ``year``
    yuan a year. ``payer`` and ``payee`` are actors of the ledger, ``place`` the key of a place or "", ``lever`` the id of the lever that
    brought them. What was bought is ``pieces`` assets of the kind ``asset`` (the ``category`` where it is empty), posted under
    ``category``, its running cost under ``running`` (the category and "running" where it is empty)."""

    lever: str
    payer: str
    payee: str
    category: str
    quantity: float
    unit: str
    price: float = 0.0
    life_years: float = 0.0
    year: float = 0.0
    activity: str = TRADE
    resource: str = "management"
    leg: str = "county"
    place: str = ""
    pieces: int = 1
    asset: str = ""
    running: str = ""
