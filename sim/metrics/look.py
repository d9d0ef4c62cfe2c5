"""Look a metric up in a metrics table: by window, month and group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError, closest
from sim.metrics.catalogue import BY_NAME, OF_PRODUCE, PAIRS
from sim.text import in_both

if TYPE_CHECKING:
    import pandas as pd

When = str | tuple[date | str, date | str] | None
Of = str | tuple[str, str] | None


@dataclass(frozen=True)
class Look:
    """A metrics table and the dates, both included, that it counts."""

    frame: pd.DataFrame
    first: date
    last: date

    def metric(self, name: str, window: When = None, group: Of = None) -> Any:
        """Return a metric: a float, or with ``group="carrier"`` a Series by the group's values.

        ``window`` is nothing (all days after warm-up), a month "YYYY-MM", for what is counted by week a week "YYYY-Www", or
        (from, until), both included, of whole months, as dates or "YYYY-MM-DD".
        """
        if not isinstance(name, str) or name not in BY_NAME:
            near = closest(str(name), BY_NAME)
            raise ResultsError(*in_both("results_fault.no_metric_near" if near else "results_fault.no_metric", name=repr(name), near=near))
        wanted, of = group if isinstance(group, tuple) else (group or "", None if group else "")
        every = self.frame[self.frame["metric"] == name]
        if every.empty:
            pair = any(metric.name == name for metric in PAIRS)
            key = "only_compared" if pair else "no_produce" if name in OF_PRODUCE else "not_here"
            raise ResultsError(*in_both(f"results_fault.{key}", name=name))
        rows = every[every["group"] == wanted]
        if of is not None:
            rows = rows[rows["value_of_group"] == of]
        if rows.empty:
            raise ResultsError(
                *in_both("results_fault.no_group", name=name, group=repr(group), known=", ".join(BY_NAME[name].groups) or "-")
            )
        values = self._over(name, rows, self._periods(window)).set_index("value_of_group")["value"]
        if values.empty:
            at = ", ".join(str(period) for period in rows["period"].unique())
            raise ResultsError(*in_both("results_fault.not_over", name=name, group=repr(group), window=repr(window), known=at))
        return values if isinstance(group, str) else float(values.iloc[0])

    def _over(self, name: str, rows: pd.DataFrame, periods: list[str]) -> pd.DataFrame:
        rows = rows[rows["period"].isin(periods)]
        if len(periods) == 1:
            return rows
        if rows["numerator"].isna().any():
            raise ResultsError(*in_both("results_fault.months_apart", name=name))
        total = rows.groupby("value_of_group", sort=False)[["numerator", "denominator"]].sum().reset_index()
        total["value"] = total["numerator"] / (1.0 if BY_NAME[name].denominator == "1" else total["denominator"])
        return total

    def _days(self, window: object) -> tuple[date, date]:
        """Return (from, until) as dates; ResultsError where it is no such pair."""
        try:
            return _pair(window)
        except (TypeError, ValueError):
            raise ResultsError(*in_both("results_fault.no_window", window=repr(window), first=self.first, last=self.last)) from None

    def _periods(self, window: When) -> list[str]:
        known = [p for p in self.frame["period"].unique().tolist() if p != "all"]
        if window is None:
            return ["all"]
        if isinstance(window, str):
            if window not in ("all", *known):
                raise ResultsError(*in_both("results_fault.no_period", period=repr(window), known=", ".join(known)))
            return [window]
        window = self._days(window)
        if window == (self.first, self.last):
            return ["all"]
        spans = {m: (max(self.first, _first(m)), min(self.last, _last(m))) for m in known if "W" not in m}
        months = [m for m, (begin, end) in spans.items() if window[0] <= begin and end <= window[1]]
        if not months or (spans[months[0]][0], spans[months[-1]][1]) != window:
            told = in_both("results_fault.no_whole_months", begin=window[0], end=window[1], first=self.first, last=self.last)
            raise ResultsError(*told)
        return months


def _pair(window: Any) -> tuple[date, date]:
    begin, end = window
    return _day(begin), _day(end)


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _last(month: str) -> date:
    return (_first(month) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
