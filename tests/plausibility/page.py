"""Write the tables of docs/plausibility.md between their marks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.plausibility.published import PUBLISHED

SHOWN = "baseline"
FULL, POOLED = "separate-full-service", "pooled-to-village"


def write_tables(table: pd.DataFrame, page: Path) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- end -->`` by the tables made from the figures."""
    text = page.read_text(encoding="utf-8")
    for name, made in (("beside", beside(table)), ("saves", saves(table))):
        begin = text.index(f"<!-- {name} -->") + len(f"<!-- {name} -->")
        end = text.index("<!-- end -->", begin)
        text = f"{text[:begin]}\n{made}\n{text[end:]}"
    page.write_text(text, encoding="utf-8")


def beside(table: pd.DataFrame) -> str:
    """Return the counties' figures in three scenarios beside what is published."""
    counties = sorted(table["county"].unique())
    head = ["figure", "scenario", *(county.split("_")[1] for county in counties), "published"]
    rows = [head, ["---"] * len(head)]
    for figure, scenarios, published in PUBLISHED:
        for scenario in scenarios:
            own = table[(table["figure"] == figure) & (table["scenario"] == scenario)].set_index("county")
            cells = [_number(own["mean"].get(county)) for county in counties]
            unit = own["unit"].iloc[0] if len(own) else ""
            rows.append(
                [f"{figure}, {unit}" if scenario == scenarios[0] else "", scenario, *cells, published if scenario == scenarios[0] else ""]
            )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def saves(table: pd.DataFrame) -> str:
    """Return what pooling changes, against both comparisons, by county, in percent."""
    counties = sorted(table["county"].unique())
    head = ["pooled to the village, against", "change of", *(county.split("_")[1] for county in counties)]
    rows = [head, ["---"] * len(head)]
    for against, words in ((SHOWN, "the baseline as it is"), (FULL, "separate operators with the same service")):
        for figure in ("cost a parcel", "vehicle-km a day", "kg CO2 a parcel", "delivery hours to villages, mean", "village coverage"):
            cells = []
            for county in counties:
                own = table[(table["figure"] == figure) & (table["county"] == county)].set_index("scenario")["mean"]
                cells.append(f"{100 * (own[POOLED] / own[against] - 1):+.0f}%" if {POOLED, against} <= set(own.index) else "")
            rows.append([words, figure, *cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _number(value: float | None) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
