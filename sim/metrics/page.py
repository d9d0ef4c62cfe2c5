"""Write docs/metrics.md from the catalogue and the tables: ``python -m sim.metrics.page > docs/metrics.md``."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator

from sim.metrics.catalogue import METRICS, PAIRS
from sim.schema.tables import NOT_BUILT, TABLES

INTRODUCTION = """\
# Metrics and tables 指标与数据表

Generated from `sim/metrics/catalogue.py` and `sim/schema/tables.py` by `python -m sim.metrics.page`; do not edit.

## Metrics 指标

- The **cohort** is all down parcels created in the window. A parcel that is still open at the end counts as late, is never dropped, and
  enters means and quantiles with the time it took until the end. Kilometres, money and hours are of the window's days, never of warm-up or drain.
- Quantiles come from histograms to the minute and are computed anew for each group; they are never averaged. A parcel that is not handed
  over has no kind of hand-over and appears in no `handover_kind` group. Times above 64 days count as 64 days in quantiles, not in means.
- Resource cost is labour, energy, upkeep, rent and the annuity of capital, whoever pays. Fees, commissions and settlements are transfers: they move
  profits, never `cost_per_parcel_yuan`. By `actor`, all hosts are one value, `hosts`.
- By `direction` the joint cost is divided so: lines and rounds by the litres carried of parcels that ended in the period, other sites and trips by
  pieces; hosts' hand-overs go down, the cold chain goes up. Returns go down.
- An alliance pays the cost of what is pooled and is settled every day to the fen: its members pay its net outlay by their down parcels that had
  reached the county and ended that day, by their share of all orders on a day without any; or by the rule they share by (alliances.md).
- A driver who drove is paid half a day of 4 h, or the hours from first loading to last unloading where these are more; the pay is divided among
  the trips by their length. The trunk truck runs outside the boundary and costs nothing here.
- Coordination is paid once for each member's parcel of an alliance (those that reached the county; the township, where only delivery is
  pooled), in equal parts by pooled activity; also per member beyond the first and day; and the set-up as an annuity.
- Re-labelling is paid for each parcel sorted at a site that operators share without pooling the sorting's operations.
- A village is served in a month when enough of its cohort was collected inside it without a second fee and planned trips hand over there on enough days
  a week (parameters `counting.served_share`, `counting.served_days_week`).
- Periods: `all` (the whole window) and its months; what is picked and what stands in the cold also by ISO week (`2021-W35`; the first and the
  last week of a window may be cut). An empty group is the county's total.
"""


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    yield "| metric | 指标 | unit | numerator | denominator | boundary | better | groups |"
    yield "|---|---|---|---|---|---|---|---|"
    for m in (*METRICS, *PAIRS):
        groups = ", ".join(m.groups)
        yield f"| `{m.name}` {m.en} | {m.zh} | {m.unit} | {m.numerator} | {m.denominator} | {m.boundary} | {m.better} | {groups} |"
    yield ""
    yield "## Tables 数据表"
    yield ""
    yield "Parquet files; each column's unit and meaning stand in its metadata too. Times are whole seconds since 00:00 of `start` (negative in the"
    yield "warm-up), rounded down, null where not reached; money is whole fen. `parcels`, `legs` and `visits` hold the sample of households named in the"
    yield "manifest. Where a key's amount of a day is below one fen, it waits, with its quantity, for the key's next posting."
    for table in TABLES.values():
        yield ""
        yield f"### `{table.name}` {table.en} {table.zh}"
        yield ""
        yield "| column | unit | meaning | 含义 |"
        yield "|---|---|---|---|"
        for c in table.columns:
            yield f"| `{c.name}` | {c.unit} | {c.en}{' (may be null)' if c.null else ''} | {c.zh} |"
    yield ""
    yield "### Not built yet 尚未提供"
    yield ""
    yield "Columns that come with what they describe; none is filled with a constant before:"
    yield ""
    for name, columns in NOT_BUILT.items():
        yield f"- `{name}`: {', '.join(f'`{c}`' for c in columns)}"


if __name__ == "__main__":
    print(page(), end="")
