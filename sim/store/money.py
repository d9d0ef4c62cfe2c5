"""Postings as table rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sim.ledger import Key, Postings
from sim.schema.tables import MONEY
from sim.store.arrow import batch

TEXTS = ("payer", "payee", "category", "nature", "activity", "resource", "leg", "place", "programme", "source", "lever", "unit")


def money_table(keys: list[Key], days: list[Postings]) -> pa.Table:
    """Return postings of some days; texts are looked up once per key."""
    rows = np.concatenate([d.key for d in days])
    columns = {
        "day": np.repeat([d.day for d in days], [len(d.key) for d in days]),
        "quantity": np.concatenate([d.quantity for d in days]),
        "amount_fen": np.concatenate([d.fen for d in days]),
    }
    for name in TEXTS:
        words = pa.array([getattr(key, name) or None for key in keys], pa.string()).dictionary_encode()
        columns[name] = pa.DictionaryArray.from_arrays(words.indices.take(pa.array(rows)), words.dictionary)
    return batch(MONEY, columns)
