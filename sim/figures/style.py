"""Draw every figure in one sober style with the shipped Chinese font, and save it the same way each time."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, ParamSpec

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.label import width_in_letters, wrapped
from sim.fonts import FAMILY, FONT
from sim.text.number import MINUS

P = ParamSpec("P")

INK, MUTED, GRID, FAINT = "#1f2933", "#5b6770", "#d9dee3", "#eef1f4"
BETTER, WORSE, UNCLEAR = "#1f5fa8", "#b9480e", "#6b7780"
SERIES = ("#28536b", "#7ea8be", "#c2948a", "#bbb193", "#6a7b53", "#94739b", "#d0a24c", "#48494b", "#a3b8a0", "#8c564b")
SCENARIOS = ("#48494b", "#1f5fa8", "#c0701a", "#4b7d3c", "#8a4f91", "#9c3848", "#3b8686")
LABEL_LETTERS = 14.0
MARKS = {"yes": "^", "no": "v", "unclear": "o", "neutral": "s"}
VERDICT_COLOURS = {"yes": BETTER, "no": WORSE, "unclear": UNCLEAR, "neutral": INK}

RC: Any = {
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": 9.0,
    "axes.unicode_minus": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.5,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "text.color": INK,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "guantong",
    "path.simplify": True,
}


class Margins(NamedTuple):
    """Inches around and between the panels of a figure."""

    left: float
    right: float
    top: float
    bottom: float
    between: float = 0.15
    above: float = 0.0


@functools.lru_cache(maxsize=1)
def load_font() -> None:
    """Make the shipped font known to matplotlib (once)."""
    font_manager.fontManager.addfont(str(FONT))


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw inside the style, with the font loaded."""

    @functools.wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> Figure:
        load_font()
        with rc_context(RC):
            return draw(*args, **kwargs)

    return inside


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that many inches on an Agg canvas, without pyplot."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def panels(figure: Figure, rows: int, columns: int, margins: Margins, **shared: Any) -> Any:
    """Return the axes (rows, columns) of a figure whose margins are known in inches: nothing has to be measured by drawing it first."""
    width, height = figure.get_size_inches()
    wide = (width - margins.left - margins.right - margins.between * (columns - 1)) / columns
    high = (height - margins.top - margins.bottom - margins.above * (rows - 1)) / rows
    figure.subplots_adjust(
        left=margins.left / width,
        right=1.0 - margins.right / width,
        bottom=margins.bottom / height,
        top=1.0 - margins.top / height,
        wspace=margins.between / wide,
        hspace=margins.above / high,
    )
    return figure.subplots(rows, columns, squeeze=False, **shared)


def label_inches(labels: Sequence[str], size: float = 8.5, longest: float = LABEL_LETTERS) -> float:
    """Return how wide a column of row labels is, wrapped as `row_axis` wraps them."""
    letters = max((width_in_letters(line) for label in labels for line in wrapped(label, longest).split("\n")), default=0.0)
    return letters * size / 72.0 + 0.12


def pitch(labels: Sequence[str], least: float, longest: float = LABEL_LETTERS) -> float:
    """Return how many inches apart rows stand: ``least``, or more where a label takes several lines."""
    lines = max((wrapped(label, longest).count("\n") + 1 for label in labels), default=1)
    return max(least, 0.14 * lines + 0.06)


def heading(axes: Axes, text: str, spacing: float = 1.2) -> None:
    """Give a panel its title at a fixed height: looking for room costs a drawing of every label."""
    axes.set_title(text, color=INK, y=1.0, linespacing=spacing)


def tick(value: float) -> str:
    """Return an axis tick: as few digits as it needs, by thousands."""
    return f"{round(value, 9):,.6g}".replace("-", MINUS)


def number_axis(axes: Axes, ticks: int = 4) -> None:
    """Give the x axis few ticks, written as in the tables, and a light grid."""
    axes.xaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
    axes.grid(axis="x")
    axes.tick_params(length=0)


def row_axis(axes: Axes, labels: list[str], rows: int) -> None:
    """Give the y axis that many rows, the first on top, with their names; no names, no ticks."""
    axes.set_yticks(range(len(labels)), [wrapped(label, LABEL_LETTERS) for label in labels])
    axes.set_ylim(rows - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def svg(figure: Figure, letters: str = "path") -> str:
    """Return the figure as SVG text without a date, the same bytes each time; ``letters`` are paths, or "none": text in the font."""
    out = io.StringIO()
    with rc_context({**RC, "svg.fonttype": letters}):
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def png(figure: Figure, dpi: int = 144) -> bytes:
    """Return the figure as a PNG."""
    out = io.BytesIO()
    figure.set_dpi(dpi)
    with rc_context(RC):
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(out, metadata={"Software": None})
    return out.getvalue()
