"""From what a recorder has counted to the metrics table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.catalogue import METRICS
from sim.metrics.costs import measure_costs, measure_traffic
from sim.metrics.gains import measure_gains
from sim.metrics.produce import measure_produce, measure_season
from sim.metrics.purse import Account, Index
from sim.metrics.rows import COLUMNS, Rows
from sim.metrics.service import measure_service
from sim.metrics.villages import measure_villages

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.recorder import MetricsRecorder


def measure(recorder: MetricsRecorder) -> pd.DataFrame:
    """Return the metrics table of a recorder, by metric in the catalogue's order, periods ``all`` and months; of the harvest also weeks."""
    import pandas as pd

    world, rules, cohort, window = recorder.world, recorder.rules, recorder.cohort, recorder.window
    rows = Rows()
    months = np.arange(len(window.months))
    index = Index(recorder.ledger.book)
    for period, own in (("all", months), *((name, months[i : i + 1]) for i, name in enumerate(window.months))):
        account = Account(recorder.ledger.book, recorder.purse.fen[own].sum(axis=0), recorder.purse.quantity[own].sum(axis=0), index)
        days, parcels = int(window.days_in[own].sum()), int(cohort.count("done")[own].sum())
        up = recorder.crops.parcels[own].sum(axis=0) if recorder.crops is not None else np.zeros(world.operators.n, np.int64)
        measure_costs(rows, world, rules, cohort, account, recorder.traffic, up, period, own, days)
        measure_service(rows, world, cohort, period, own)
        measure_villages(rows, rules, world, cohort, recorder.traffic, period, own)
        changed = recorder.agents_changed[int(own[-1])]
        for group, number in (
            (("", ""), changed["carrier"] + changed["host"]),
            *((("agent_kind", kind), n) for kind, n in changed.items()),
        ):
            rows.total("agents_changed", group, period, number, number)
        measure_gains(rows, world, rules, account, recorder.surplus, cohort, recorder.traffic, period, own)
        if recorder.crops is not None:
            measure_produce(rows, world, recorder.crops, account, period, own)
        measure_traffic(rows, world, rules, account, recorder.traffic, period, own, parcels + int(up.sum()))
    if recorder.crops is not None:
        measure_season(rows, world, recorder.crops)
    order = {m.name: i for i, m in enumerate(METRICS)}
    rows.rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows.rows, columns=list(COLUMNS)).astype({"value": float, "numerator": float, "denominator": float, "n": "int64"})
