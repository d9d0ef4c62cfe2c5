"""Units inside the program: integer microseconds, metres, grams, millilitres, fen."""

from __future__ import annotations

US = 1
MS = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FEN_PER_YUAN = 100


def us(seconds: float) -> int:
    """Return seconds as whole microseconds, rounded to the nearest."""
    return round(seconds * SECOND)


def hours_us(hours: float) -> int:
    """Return hours as whole microseconds, rounded to the nearest."""
    return round(hours * HOUR)


def fen(yuan: float) -> int:
    """Return yuan as whole fen, rounded to the nearest."""
    return round(yuan * FEN_PER_YUAN)


def seconds_down(t_us: int) -> int:
    """Return microseconds as whole seconds, rounded down (also for negative times)."""
    return t_us // SECOND
