"""What meeting orders from the county's stock costs and brings, parcel by parcel."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ledger.book import MICRO, Book, Key
from sim.schema.raw import FROM_STOCK
from sim.units import FEN_PER_YUAN
from sim.world.county_stock import CountyStock


def post_stock(book: Book, stock: CountyStock | None, parcels: npt.NDArray[Any]) -> None:
    """Add picking and the merchants' fee of the parcels that came from a stock, the present or the last one, and were over on a day."""
    if stock is None:
        return
    many = int(np.count_nonzero(parcels["origin"] == FROM_STOCK))
    if not many:
        return
    key = Key(stock.payer, "workers", "stock picking", "resource", "warehousing", "staff", "county", lever=stock.by, unit="parcel")
    book.add(key, many, many * round(stock.pick_yuan * FEN_PER_YUAN * MICRO))
    fee = key._replace(payer="merchants", payee=stock.payer, category="stock fee", nature="transfer")
    book.add(fee, many, many * round(stock.fee_yuan * FEN_PER_YUAN * MICRO))
