"""Measure and break text in the shipped font, so that a page can be laid out before it is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sim.fonts import FONT

ELSEWHERE = 0.64
"""Width of a character that another font draws, in font sizes."""
_PIECES = re.compile(r"[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。：；、）”》？！]*\s*|[（“《]+|\s+")
"""What is not broken: a Chinese character or a word, with the brackets that open before it and the marks that close behind it."""


@lru_cache(maxsize=1)
def _advances() -> dict[int, float]:
    """Return the width of every character of the shipped font, in font sizes."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FONT, lazy=True) as font:
        wide, units = font["hmtx"], font["head"].unitsPerEm
        return {code: wide[name][0] / units for code, name in font.getBestCmap().items()}


def inches(text: str, size: float) -> float:
    """Return how wide a line of text is at a font size in points."""
    advances = _advances()
    return sum(advances.get(ord(letter), ELSEWHERE) for letter in text) * size / 72.0


def lines(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most ``width`` inches: at spaces, between Chinese characters, and inside a word that is wider."""
    found: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if line and inches((line + piece).rstrip(), size) > width:
            found.append(line.rstrip())
            line = ""
        line += piece
        while inches(line.rstrip(), size) > width and len(line.rstrip()) > 1:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or inches(line[:n], size) <= width)
            found.append(line[:fits])
            line = line[fits:]
    return [*found, line.rstrip()]


def widths(columns: Sequence[Sequence[str]], size: float, room: float, pad: float) -> list[float]:
    """Return the widths in inches of a table's columns: what their longest line takes, the widest cut alike where the room is too small."""
    wanted = [max((inches(line, size) for cell in column for line in cell.split("\n")), default=0.0) + pad for column in columns]
    most = max(wanted, default=0.0)
    while sum(wanted) > room + 1e-9:
        wide = [width for width in wanted if width >= most - 1e-9]
        next_widest = max((width for width in wanted if width < most - 1e-9), default=0.0)
        cut = max(next_widest, most - (sum(wanted) - room) / len(wide))
        wanted = [min(width, cut) for width in wanted]
        most = cut
    return wanted
