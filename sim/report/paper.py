"""Lay text, tables and figures one below another on numbered A4 pages, and write them as a PDF whose text can be searched."""

from __future__ import annotations

import pathlib
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import Op, PdfFile, RendererPdf
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from sim.errors import ResultsError
from sim.figures.style import GRID, INK, MUTED, RC, load_font
from sim.fonts import characters
from sim.report.typeset import inches, lines, widths
from sim.text import Lang, t

WIDE, HIGH = 11.69, 8.27
SIDE, TOP, BOTTOM = 0.85, 0.7, 0.75
WIDTH, DEPTH = WIDE - 2 * SIDE, HIGH - TOP - BOTTOM
LEADING = 1.42
"""Distance of lines over the font size."""
BODY, SMALL, TINY = 10.0, 8.5, 8.0
PAD = 0.14
KEPT = 0.5
"""A table that takes less of a page than this is not broken."""
SMALLEST = 0.65
"""A figure is made smaller by this at most to stay with its table, and to stand on what is left of a page."""
POINTS = 72.0
Cell = Sequence[tuple[str, str]] | str
"""What stands in a cell of a table: a text, or lines with their colours."""
_Laid = list[tuple[str, str]]


class Placed(NamedTuple):
    """A figure on a page: inches from the left and from the top, and by what it is shrunk."""

    figure: Figure
    left: float
    top: float
    scale: float


class Page:
    """One page: the lines written on it (left and baseline in points, text, size, colour), the rules, and the figures."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, float, str, float, str]] = []
        self.rules: list[tuple[float, str, float, float]] = []
        self.figures: list[Placed] = []

    def write(self, left: float, top: float, text: str, size: float, colour: str, right: bool = False) -> None:
        """Write a line whose upper edge is ``top`` inches from the page's; ``right``: it ends at ``left``."""
        begin = left - inches(text, size) if right else left
        self.lines.append((begin * POINTS, (HIGH - top) * POINTS - size, text, size, colour))

    def rule(self, top: float, colour: str = GRID, thick: float = 0.6, long: float = WIDTH) -> None:
        """Draw a line from the left side, ``long`` inches."""
        self.rules.append(((HIGH - top) * POINTS, colour, thick, long))


class Paper:
    """The pages so far; every block goes where there is room for it, headings stay with what follows."""

    def __init__(self, lang: Lang, title: str) -> None:
        load_font()
        self.lang, self.title = lang, title
        self.pages = [Page()]
        self._top = TOP
        self._headings: list[tuple[str, float, str]] = []

    def heading(self, text: str, size: float = 14.0) -> None:
        """Begin a section; the heading is set with the block that follows."""
        self._headings.append((text, size, INK))

    def note(self, text: str) -> None:
        """Say something of the block that follows and is set with it."""
        self._headings.append((text, SMALL, MUTED))

    def lead(self, text: str) -> None:
        """Say in a sentence what the figure that follows shows; it is set with it."""
        self._headings.append((text, BODY, INK))

    def text(self, text: str, size: float = BODY, colour: str = INK, bullet: str = "", after: float = 0.07) -> None:
        """Set a paragraph."""
        indent = inches(f"{bullet} ", size) if bullet else 0.0
        high = size * LEADING / POINTS
        rows = lines(text, WIDTH - indent, size)
        for row, line in enumerate(rows):
            # No line is left alone at the foot or at the top of a page.
            together = 2 if row == len(rows) - 2 else 1 if row else min(len(rows), 3 if len(rows) == 3 else 2)
            self._make_room(together * high)
            if bullet and not row:
                self.pages[-1].write(SIDE, self._top, bullet, size, colour)
            self.pages[-1].write(SIDE + indent, self._top, line, size, colour)
            self._top += high
        self._top += after

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Cell]], words: int | None = None, size: float = TINY) -> None:
        """Set a table; the head stands again on every page. ``words`` columns hold words, all unless given; numbers end at the right."""
        wide, top, body = self._laid(head, rows, size)
        deep = [self._deep(row, size) for row in body]
        whole = self._deep(top, size) + sum(deep)
        self._make_room(whole if whole <= KEPT * DEPTH else self._deep(top, size) + sum(deep[:2]))
        left = len(wide) if words is None else words
        if any(head):
            self._row(top, wide, left, size, head=True)
        for place, row in enumerate(body):
            # The last row is not left alone on a page.
            together = deep[place:] if place == len(body) - 2 else deep[place : place + 1]
            if self._make_room(sum(together)) and any(head):
                self._row(top, wide, left, size, head=True)
            self._row(row, wide, left, size)
        self._top += 0.16

    def table_deep(self, head: Sequence[str], rows: Sequence[Sequence[Cell]], size: float = TINY) -> float:
        """Return the inches that a table takes from the top."""
        _, top, body = self._laid(head, rows, size)
        return sum(self._deep(row, size) for row in (top, *body)) + 0.16

    def _laid(self, head: Sequence[str], rows: Sequence[Sequence[Cell]], size: float) -> tuple[list[float], list[_Laid], list[list[_Laid]]]:
        """Return the widths of a table's columns, its head and its rows, every cell broken into lines."""
        told = [[_lines(cell) for cell in row] for row in rows]
        columns = [[title, *("\n".join(text for text, _ in row[place]) for row in told)] for place, title in enumerate(head)]
        wide = widths(columns, size, WIDTH, PAD)
        top = [_broken([(title, MUTED)], width, size) for title, width in zip(head, wide, strict=True)]
        return wide, top, [[_broken(cell, width, size) for cell, width in zip(row, wide, strict=True)] for row in told]

    def figure(self, figure: Figure, caption: str, under: float = 0.0) -> None:
        """Set a figure as wide as the text, or as high as a page has room, with its caption below.

        ``under``: inches of what follows on the same page, for which a figure is made smaller as long as it can be read.
        """
        wide, high = figure.get_size_inches()
        below = [line for line in lines(caption, WIDTH, SMALL) if line]
        deep = len(below) * SMALL * LEADING / POINTS
        room = DEPTH - self._headings_deep() - deep - 0.1
        largest = scale = min(1.0, WIDTH / wide, room / high)
        if (smaller := (room - under - 0.2) / high) >= SMALLEST * largest:
            scale = min(scale, smaller)
        else:
            under = 0.0
        here = (room - under - (0.2 if under else 0.0) - (self._top - TOP)) / high
        if here >= SMALLEST * largest:
            scale = min(scale, here)
        self._make_room(high * scale + deep + 0.05 + under)
        self.pages[-1].figures.append(Placed(figure, SIDE + (WIDTH - wide * scale) / 2, self._top, scale))
        self._top += high * scale + 0.05
        for line in below:
            self.pages[-1].write(SIDE, self._top, line, SMALL, MUTED)
            self._top += SMALL * LEADING / POINTS
        self._top += 0.2

    def gap(self, deep: float) -> None:
        """Leave some room."""
        self._top += deep

    def turn(self, beyond: float = 0.0) -> None:
        """Begin a new page where more than a share of this one is used."""
        if self._top > TOP + beyond * DEPTH:
            self.pages.append(Page())
            self._top = TOP

    def write(self, out: pathlib.Path) -> pathlib.Path:
        """Write the pages to ``out``, whole or not at all; a character that no font of ours can draw is an error."""
        strange = {letter for page in self.pages for _, _, text, _, _ in page.lines for letter in text if ord(letter) not in _drawn()}
        if strange:
            raise ResultsError(f"{out.name}: no font has a glyph for {', '.join(f'{one} (U+{ord(one):04X})' for one in sorted(strange))}")
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = out.with_suffix(".part")
        with rc_context({**RC, "pdf.fonttype": 42}), warnings.catch_warnings():
            warnings.filterwarnings("error", message="Glyph .* missing", category=UserWarning)
            file = PdfFile(str(partial), {"Title": self.title, "Creator": "guantong", "CreationDate": None})
            try:
                for number, page in enumerate(self.pages, 1):
                    self._foot(page, number)
                    file.newPage(WIDE, HIGH)
                    _print(file, page)
                    for placed in page.figures:
                        _draw(file, placed)
                file.finalize()
            except UserWarning as error:
                partial.unlink(missing_ok=True)
                raise ResultsError(f"{out.name}: {error}") from error
            finally:
                file.close()
        partial.replace(out)
        return out

    def _foot(self, page: Page, number: int) -> None:
        page.rule(HIGH - 0.55)
        page.write(SIDE, HIGH - 0.48, self.title, TINY, MUTED)
        page.write(WIDE - SIDE, HIGH - 0.48, t("report.page_of", self.lang, page=number, pages=len(self.pages)), TINY, MUTED, right=True)

    def _make_room(self, deep: float) -> bool:
        """Turn the page where a block does not fit below the headings that wait, then set these; return whether it was turned."""
        turned = self._top > TOP and self._top + self._headings_deep() + deep > HIGH - BOTTOM
        if turned:
            self.turn()
        for text, size, colour in self._headings:
            self._top += 0.1 if self._top > TOP and size > SMALL else 0.0
            for line in lines(text, WIDTH, size):
                self.pages[-1].write(SIDE, self._top, line, size, colour)
                self._top += size * LEADING / POINTS
            self._top += 0.06
        self._headings = []
        return turned

    def _headings_deep(self) -> float:
        return sum(0.16 + len(lines(text, WIDTH, size)) * size * LEADING / POINTS for text, size, _ in self._headings)

    def _deep(self, row: Sequence[Sequence[tuple[str, str]]], size: float) -> float:
        return max(len(cell) for cell in row) * size * LEADING / POINTS + 0.06

    def _row(self, row: Sequence[Sequence[tuple[str, str]]], wide: Sequence[float], words: int, size: float, head: bool = False) -> None:
        page, left = self.pages[-1], SIDE
        for place, (cell, width) in enumerate(zip(row, wide, strict=True)):
            ends = place >= words
            for step, (line, colour) in enumerate(cell):
                at = left + width - PAD / 2 if ends else left
                page.write(at, self._top + 0.025 + step * size * LEADING / POINTS, line, size, colour, right=ends)
            left += width
        self._top += self._deep(row, size)
        page.rule(self._top, MUTED if head else GRID, 0.8 if head else 0.5, sum(wide))


@lru_cache(maxsize=1)
def _drawn() -> frozenset[int]:
    """Return the characters that the shipped font or matplotlib's own draws."""
    return characters() | frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def _lines(cell: Cell) -> list[tuple[str, str]]:
    return [(cell, INK)] if isinstance(cell, str) else [(text, colour) for text, colour in cell if text]


def _broken(cell: Sequence[tuple[str, str]], width: float, size: float) -> list[tuple[str, str]]:
    return [(line, colour) for text, colour in cell for line in lines(text, width - PAD + 0.001, size)] or [("", INK)]


def _print(file: Any, page: Page) -> None:
    """Write the lines and rules of a page."""
    renderer = RendererPdf(file, POINTS, HIGH, WIDE)
    gc = renderer.new_gc()
    for high, colour, thick, long in page.rules:
        gc.set_foreground(colour)
        gc.set_linewidth(thick)
        renderer.draw_path(gc, Path([(SIDE * POINTS, high), ((SIDE + long) * POINTS, high)]), IdentityTransform())
    fonts = {size: FontProperties(family=RC["font.family"], size=size) for size in {line[3] for line in page.lines}}
    for left, base, text, size, colour in page.lines:
        gc.set_foreground(colour)
        renderer.draw_text(gc, left, base, text, fonts[size], 0.0)
    gc.restore()
    renderer.finalize()


def _draw(file: Any, placed: Placed) -> None:
    """Draw a figure where it was placed: each has its own coordinates, so that none has to know of the page."""
    figure, scale = placed.figure, placed.scale
    wide, high = figure.get_size_inches()
    figure.set_dpi(POINTS)
    renderer = RendererPdf(file, POINTS, high, wide)
    file.output(Op.gsave)
    file.output(scale, 0, 0, scale, placed.left * POINTS, (HIGH - placed.top - high * scale) * POINTS, Op.concat_matrix)
    # Lines and marks are cut at the size that the file is told: at the page's, a figure deeper than a page would lose its top.
    file.width, file.height = wide, high
    figure.draw(renderer)
    file.width, file.height = WIDE, HIGH
    renderer.finalize()
    file.output(Op.grestore)
