"""Read a time of day, midnight at a day's end included."""

from __future__ import annotations

from sim.units import DAY
from sim.world.hours import clock_us


def moment(text: str) -> int | None:
    """Return "HH:MM" (00:00 to 24:00) as microseconds from midnight, None where it is no time of day."""
    return DAY if text == "24:00" else clock_us(text)


def instant(text: str) -> int:
    """Return "HH:MM" as microseconds from midnight; anything else is a ValueError."""
    if (found := moment(text)) is None:
        raise ValueError(text)
    return found
