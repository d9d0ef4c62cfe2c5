"""Draw every figure in one sober style with the shipped Chinese font, and save it the same way each time."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import Any, ParamSpec

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.label import wrapped
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


@functools.lru_cache(maxsize=1)
def load_font() -> None:
    """Make the shipped font known to matplotlib (once)."""
    font_manager.fontManager.addfont(str(FONT))


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw inside the style, and lay the figure out there too, so that lazily made ticks have the font."""

    @functools.wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> Figure:
        load_font()
        with rc_context(RC):
            figure = draw(*args, **kwargs)
            layout = figure.get_layout_engine()
            if layout is not None:
                layout.execute(figure)
            figure.set_layout_engine("none")
        return figure

    return inside


def new_figure(width: float, height: float, top: float = 0.0) -> Figure:
    """Return an empty figure of that many inches on an Agg canvas, without pyplot.

    ``top`` inches stay free above: the layout does not see the titles of axes whose aspect is fixed.
    """
    figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(rect=(0.0, 0.0, 1.0, 1.0 - top / height)))
    FigureCanvasAgg(figure)
    return figure


def tick(value: float) -> str:
    """Return an axis tick: as few digits as it needs, by thousands."""
    return f"{round(value, 9):,.6g}".replace("-", MINUS)


def number_axis(axes: Axes, ticks: int = 4) -> None:
    """Give the x axis few ticks, written as in the tables, and a light grid."""
    axes.xaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
    axes.grid(axis="x")
    axes.tick_params(length=0)


def row_axis(axes: Axes, labels: list[str]) -> None:
    """Give the y axis one named row per label, the first on top."""
    axes.set_yticks(range(len(labels)), [wrapped(label, LABEL_LETTERS) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def svg(figure: Figure) -> str:
    """Return the figure as SVG text with letters as paths and no date, the same bytes each time."""
    out = io.StringIO()
    with rc_context(RC):
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
