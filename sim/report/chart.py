"""Draw a native bar chart in a workbook: the first outcome that has intervals, with the intervals as error bars."""

from __future__ import annotations

from typing import Any

from sim.report.input import ReportInput
from sim.text import Lang, difference_unit, is_share, t


def bars(book: Any, sheet: str, report: ReportInput, rows: list[dict[Any, Any]], first_row: int, font: str, lang: Lang) -> Any | None:
    """Return the chart over the rows of the summary sheet (the first of them at ``first_row``), None where no outcome has an interval."""
    complete = [(line, row) for line, row in enumerate(rows, first_row) if row["window"] == "settled" and row["low"] == row["low"]]
    if not complete or complete[0][1]["low"] is None:
        return None
    metric = complete[0][1]["metric"]
    lines = [(line, row) for line, row in complete if row["metric"] == metric]
    first, last = lines[0][0], lines[-1][0]
    told = report.catalogue[metric]
    chart = book.add_chart({"type": "bar"})
    title = t("report.chart_title", lang, metric=told.title.text(lang), unit=difference_unit(told.unit, lang))
    chart.add_series(
        {
            "name": told.title.text(lang),
            "categories": [sheet, first, 2, last, 2],
            "values": [sheet, first, 6, last, 6],
            "fill": {"color": "#7ea8be"},
            "y_error_bars": {
                "type": "custom",
                "plus_values": [row["high"] - row["mean"] for _, row in lines],
                "minus_values": [row["mean"] - row["low"] for _, row in lines],
                "line": {"color": "#1f2933", "width": 1.25},
            },
        }
    )
    chart.set_title({"name": title, "name_font": {"name": font, "size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"name": font}, "label_position": "low"})
    chart.set_x_axis({"num_format": "0%" if is_share(told.unit) else "#,##0.##", "major_gridlines": {"visible": True}})
    chart.set_size({"width": 900, "height": 120 + 45 * len(lines)})
    return chart
