"""One figure ready for a page."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.report.table import Grid


@dataclass(frozen=True)
class Picture:
    """``section`` says where it goes; ``said`` is a sentence that stands above it, "" where there is none."""

    key: str
    section: str
    figure: Figure
    caption: str
    alt: str
    numbers: Grid | None = None
    said: str = ""
