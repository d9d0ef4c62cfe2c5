"""Times of day as text."""

from __future__ import annotations

import re

from sim.errors import Fault, ScenarioError
from sim.units import HOUR, MINUTE


def clock_us(text: str) -> int | None:
    """Return "HH:MM" as microseconds from midnight, None where it is not a time of day."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    return int(match[1]) * HOUR + int(match[2]) * MINUTE if match else None


def time_of_day(text: str, name: str) -> int:
    """Return "HH:MM" as microseconds from midnight; raise ScenarioError where it is not a time of day."""
    value = clock_us(text)
    if value is None:
        allowed, allowed_zh = 'allowed: "00:00" .. "23:59", quoted', '允许："00:00" .. "23:59"，加引号'
        raise ScenarioError([Fault(name, f"{text!r} is not a time of day", allowed, f"{text!r} 不是时刻", allowed_zh)])
    return value
