"""Find room for a map label: the first spot around a point that covers no earlier label."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A label's centre and half sizes, degrees."""

    x: float
    y: float
    half_width: float
    half_height: float

    def overlap(self, other: Box) -> float:
        """Return the area that two labels share, square degrees."""
        wide = min(self.x + self.half_width, other.x + other.half_width) - max(self.x - self.half_width, other.x - other.half_width)
        high = min(self.y + self.half_height, other.y + other.half_height) - max(self.y - self.half_height, other.y - other.half_height)
        return max(wide, 0.0) * max(high, 0.0)


SIDES = ((0, 1), (1, 0), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
RINGS = (1.6, 3.7, 5.8)


def width_in_letters(text: str) -> float:
    """Return the width of a text in units of its font size: a Chinese character is 1, a Latin letter about 0.56."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text)


def wrapped(text: str, letters: float) -> str:
    """Break a text into lines of about ``letters`` font sizes: at spaces, and between Chinese characters."""
    pieces = re.findall(r"[\u2e80-\uffef][，。：；、）”]?|[^\s\u2e80-\uffef]+\s*|\s+", text)
    lines, line = [], ""
    for piece in pieces:
        if line and width_in_letters((line + piece).rstrip()) > letters:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return "\n".join([*lines, line.rstrip()])


def free_spot(lon: float, lat: float, text: str, letter: float, squeeze: float, taken: list[Box]) -> tuple[Box, list[Box]]:
    """Return where a label goes and the labels placed by then.

    ``letter`` is the font size in degrees of longitude, ``squeeze`` the cosine of the latitude. Of the spots that no
    earlier label touches the first is taken; where there is none, the one with the least overlap.
    """
    half_width, half_height = letter * width_in_letters(text) / 2, letter * squeeze * 0.55
    best, least = None, float("inf")
    for ring in RINGS:
        for right, up in SIDES:
            box = Box(
                lon + right * (half_width + letter * 0.5),
                lat + up * half_height * ring,
                half_width,
                half_height,
            )
            covered = sum(box.overlap(other) for other in taken)
            if covered < least:
                best, least = box, covered
            if covered == 0.0:
                return box, [*taken, box]
    assert best is not None
    return best, [*taken, best]
