"""Rows of the metrics table as they are computed."""

from __future__ import annotations

from sim.metrics.catalogue import BY_NAME

Row = tuple[str, str, str, str, str, float | None, int, float | None, float | None]
COLUMNS = ("metric", "unit", "group", "value_of_group", "period", "value", "n", "numerator", "denominator")


class Rows:
    """Collects rows; a value whose denominator is zero is null."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def ratio(
        self, metric: str, group: tuple[str, str], period: str, numerator: float, denominator: float, n: int, factor: float = 1.0
    ) -> None:
        """Add (factor x numerator) / denominator."""
        numerator = factor * numerator
        value = numerator / denominator if denominator else None
        self.rows.append((metric, BY_NAME[metric].unit, *group, period, value, n, float(numerator), float(denominator)))

    def total(self, metric: str, group: tuple[str, str], period: str, value: float, n: int) -> None:
        """Add a plain total."""
        self.rows.append((metric, BY_NAME[metric].unit, *group, period, float(value), n, float(value), 1.0))

    def index(self, metric: str, group: tuple[str, str], period: str, value: float | None, n: int) -> None:
        """Add a value that is no ratio of two totals (a quantile, a Gini index)."""
        self.rows.append((metric, BY_NAME[metric].unit, *group, period, value, n, None, None))
