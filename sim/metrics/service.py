"""Service metrics of the cohort, for every group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.metrics.catalogue import BY_NAME
from sim.metrics.cohort import Cohort
from sim.metrics.kernel import CLASSES, COUNTS, KINDS
from sim.metrics.rows import Rows
from sim.schema.raw import HANDOVER_KINDS
from sim.units import DAY, HOUR
from sim.world.world import REMOTENESS, TOWN, TOWNSHIP, VILLAGE, Bools, Int32s, Ints, World

QUANTILES = {"delivery_hours_median": 0.5, "delivery_hours_p90": 0.9, "delivery_hours_p95": 0.95}
SHARES = (
    ("within_48h_share", "within_48h", "created"),
    ("within_72h_share", "within_72h", "created"),
    ("surcharged_share", "surcharged", "collected"),
    ("failed_share", "failed", "created"),
    ("return_share", "returned", "created"),
)


@dataclass(frozen=True)
class Slice:
    """One group's part of the counters: rows of operators, places and kinds, and of the histogram's classes."""

    group: tuple[str, str]
    operators: Ints
    places: Ints
    kinds: Ints
    classes: tuple[int, ...]
    township: int = -1


def slices(world: World) -> Iterator[Slice]:
    """Yield the county as a whole, then every group the service metrics are given by."""
    places, operators = world.places, world.operators
    o, p, h = np.arange(operators.n), np.arange(places.n), np.arange(KINDS)
    every = tuple(range(len(CLASSES)))
    yield Slice(("", ""), o, p, h, every)
    for row, key in enumerate(operators.key):
        yield Slice(("carrier", key), o[row : row + 1], p, h, every)
    yield Slice(("tier", "village"), o, p[places.tier == VILLAGE], h, (0, 1, 2))
    yield Slice(("tier", "town"), o, p[places.tier == TOWN], h, (3,))
    for row, name in enumerate(REMOTENESS):
        yield Slice(("remoteness", name), o, p[places.remoteness == row], h, (row,))
    for kind in range(1, KINDS):
        yield Slice(("handover_kind", HANDOVER_KINDS[kind]), o, p, h[kind : kind + 1], every)
    for row in np.flatnonzero(places.tier == TOWNSHIP).tolist():
        t = int(places.township[row])
        yield Slice(("township", places.key[row]), o, p[(places.township == t) & (p != row)], h, every, t)


def quantile_minute(histogram: Int32s, q: float) -> int:
    """Return the smallest minute at which at least a share q of the counts is reached."""
    reached = np.cumsum(histogram, dtype=np.int64)
    return int(np.searchsorted(reached, max(1, int(np.ceil(q * reached[-1])))))


def minutes(by_class: Int32s, filled: Bools, by_township: Int32s, part: Slice) -> Int32s:
    """Return the histogram of delivery minutes of one group, from those of a period by class and by township."""
    total: Int32s = np.zeros(by_class.shape[-1], np.int32)
    if part.township >= 0:
        total += by_township[part.township]
        return total
    for cell in product(part.operators.tolist(), part.classes, part.kinds.tolist()):
        if filled[cell]:
            total += by_class[cell]
    return total


def measure_service(rows: Rows, world: World, cohort: Cohort, period: str, months: Ints) -> None:
    """Add the service metrics of a period (rows of months)."""
    counts = np.stack([cohort.count(name)[months].sum(axis=0) for name in COUNTS])
    every = counts.sum(axis=1)
    by_class, filled, by_township = cohort.by_class(months), cohort.filled(months), cohort.by_township(months)
    for part in slices(world):
        theirs = every if len(part.operators) == counts.shape[1] else counts[:, part.operators].sum(axis=1)
        own = theirs[:, part.places][..., part.kinds].sum(axis=(1, 2))
        n = dict(zip(COUNTS, own.tolist(), strict=True))
        _counts(rows, part.group, period, n)
        if n["hours_n"]:
            histogram = minutes(by_class, filled, by_township, part)
            for metric, q in QUANTILES.items():
                rows.index(metric, part.group, period, quantile_minute(histogram, q) / 60, n["hours_n"])
        else:
            for metric in QUANTILES:
                rows.index(metric, part.group, period, None, 0)
        group = part.group[0]
        if not group or group in BY_NAME["village_coverage"].groups:
            inside, created = counts[COUNTS.index("inside")], counts[COUNTS.index("created")]
            villages = part.places[world.places.tier[part.places] == VILLAGE]
            came = int(created[part.operators][:, villages].sum())
            rows.ratio("village_coverage", part.group, period, int(inside[part.operators][:, villages].sum()), came, came)


def _counts(rows: Rows, group: tuple[str, str], period: str, n: dict[str, int]) -> None:
    rows.total("parcels_down", group, period, n["done"], n["done"])
    rows.ratio("delivery_hours_mean", group, period, n["hours_us"] / HOUR, n["hours_n"], n["hours_n"])
    rows.ratio("wait_days", group, period, n["hours_us"] / DAY, n["hours_n"], n["hours_n"])
    rows.ratio("order_to_hand_hours", group, period, n["hand_us"] / HOUR, n["hand_n"], n["hand_n"])
    for metric, numerator, denominator in SHARES:
        rows.ratio(metric, group, period, n[numerator], n[denominator], n[denominator])
    rows.ratio("pickup_km", group, period, n["pickup_m"] / 1000, n["collected"], n["collected"])
    rows.total("complaints", group, period, n["complaints"], n["created"])
