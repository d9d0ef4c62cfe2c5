"""Read a time of day."""

from __future__ import annotations

import re

from sim.units import HOUR, MINUTE

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def moment(text: str) -> int | None:
    """Return "HH:MM" (00:00 to 24:00) as microseconds from midnight, None where it is no time of day."""
    if text == "24:00":
        return 24 * HOUR
    found = _CLOCK.fullmatch(text)
    return int(found[1]) * HOUR + int(found[2]) * MINUTE if found else None


def instant(text: str) -> int:
    """Return "HH:MM" as microseconds from midnight; anything else is a ValueError."""
    if (found := moment(text)) is None:
        raise ValueError(text)
    return found
