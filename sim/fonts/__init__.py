"""Noto Sans SC as the package ships it: one TTF for every figure, cut to the used characters for a page."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

FAMILY = "Noto Sans SC"
FONT = Path(__file__).parent / "NotoSansSC-Regular.ttf"
LICENCE = Path(__file__).parent / "OFL.txt"


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """Return the code points that the shipped font can draw."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing(text: str) -> set[str]:
    """Return the characters of a text that the shipped font cannot draw (line ends aside)."""
    return {character for character in text if ord(character) not in characters()} - {"\n", "\r", "\t"}


def woff(text: str) -> bytes:
    """Return a WOFF of the shipped font with only the characters of ``text``; equal characters give equal bytes."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont

    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted({ord(character) for character in text}))
    with TTFont(FONT, lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()
