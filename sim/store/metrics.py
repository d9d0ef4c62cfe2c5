"""The metrics table on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from sim.schema.tables import METRICS
from sim.store.arrow import batch, plain_texts

if TYPE_CHECKING:
    import pandas as pd


def metrics_table(frame: pd.DataFrame) -> pa.Table:
    """Return a metrics frame as the table's columns."""
    columns = {}
    for c in METRICS.columns:
        columns[c.name] = plain_texts(frame[c.name].tolist()) if c.type == "text" else pa.array(frame[c.name], from_pandas=True)
    return batch(METRICS, columns)
