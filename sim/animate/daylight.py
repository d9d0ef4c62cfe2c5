"""Say how dark it is at a place on a date and an hour of China's one time zone."""

from __future__ import annotations

import math
from datetime import date

MERIDIAN = 120.0
"""Degrees east of the time zone's noon."""
TILT = 23.44
LIGHT, DARK = 2.0, -6.0
"""Degrees of the sun above the horizon from which on it is day, and below which it is night (end of civil twilight)."""


def darkness(day: date, hour: float, lon: float, lat: float) -> float:
    """Return 0 by day, 1 by night, between them in the twilight; the equation of time (16 minutes at most) is left out."""
    turn = math.radians(15.0 * (hour - 12.0) + lon - MERIDIAN)
    decline = -math.radians(TILT) * math.cos(2.0 * math.pi * (day.timetuple().tm_yday + 10) / 365.25)
    north = math.radians(lat)
    high = math.degrees(math.asin(math.sin(north) * math.sin(decline) + math.cos(north) * math.cos(decline) * math.cos(turn)))
    return min(max((LIGHT - high) / (LIGHT - DARK), 0.0), 1.0)
