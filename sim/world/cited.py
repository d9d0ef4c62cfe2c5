"""Hold the figures that a county's card cites against what its villages add up to: runs go by the table."""

from __future__ import annotations

from sim.text import Words, say
from sim.world.county import FIGURES
from sim.world.read import Sheets
from sim.world.sheet import Row

APART = 0.005
"""Share by which a sum may differ from what is cited: people are whole in every village."""
SUMMED = ("people", "rural", "urban", "households")
assert set(SUMMED) <= set(FIGURES)


def otherwise(sheets: Sheets) -> list[Words]:
    """Return a sentence for each cited figure that the villages do not add up to."""
    found = []
    for name in SUMMED:
        cited, total = sheets.card.figure(name), _sum(name, sheets.villages)
        if abs(total - cited.value) > APART * cited.value:
            what = say(f"explain.cited.{name}")
            found.append(say("explain.cited", what=what, cited=f"{cited.value:,.0f}", year=cited.year, total=f"{total:,.0f}"))
    return found


def _sum(name: str, villages: list[Row]) -> float:
    column = "households" if name == "households" else "population"
    kinds = {"rural": (True,), "urban": (False,)}.get(name, (True, False))
    return sum(row.number(column) for row in villages if (row.text("type") == "village") in kinds)
