"""Write numbers for people: three significant digits, thousands marked, units with them."""

from __future__ import annotations

import math

from sim.text.catalogue import Lang
from sim.text.unit import is_share, scaled, unit_text

MINUS = "\u2212"
DASH = "\u2014"
DIGITS = 3
MUCH = 10_000
"""From here on money is written in 万元, thousands or millions."""


def known(value: float | None) -> bool:
    """Return whether there is a number at all (not null, not NaN)."""
    return value is not None and not math.isnan(value)


def number(value: float | None, digits: int = DIGITS) -> str:
    """Return a number with ``digits`` significant digits, whole parts in full and by thousands; a dash where there is none."""
    if value is None or math.isnan(value):
        return DASH
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    rounded = round(value, decimals)
    if rounded and math.floor(math.log10(abs(rounded))) > math.floor(math.log10(abs(value))):
        decimals = max(0, decimals - 1)
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def share(value: float | None) -> str:
    """Return a share (0.0-1.0) as per cent with one decimal."""
    return DASH if value is None or math.isnan(value) else f"{100 * value:.1f}%"


def whole_share(value: float | None) -> str:
    """Return a share as whole per cent."""
    return DASH if value is None or math.isnan(value) else f"{100 * value:.0f}%"


def quantity(value: float | None, unit: str, lang: Lang) -> str:
    """Return a value with its unit: shares as per cent, much money in 万元 or millions, the rest to three or four digits."""
    if value is None or not known(value):
        return DASH
    if is_share(unit):
        return share(value)
    divisor, shown = scaled(unit, abs(value), lang) if abs(value) >= MUCH else (1.0, unit_text(unit, lang))
    scaled_value = value / divisor
    digits = 4 if abs(scaled_value) >= 1_000 else DIGITS
    return f"{number(_cut(scaled_value, _decimals(scaled_value, digits)), digits)} {shown}".rstrip()


def change(mean: float | None, low: float | None, high: float | None, unit: str, lang: Lang) -> tuple[str, str]:
    """Return a difference with its unit and its interval in brackets, all to the same decimals; a dash for what is not there."""
    numbers = [value for value in (mean, low, high) if value is not None and known(value)]
    if not numbers or mean is None or not known(mean):
        return DASH, DASH
    largest = max(abs(value) for value in numbers)
    divisor, shown = scaled(unit, largest, lang) if is_share(unit) or largest >= MUCH else (1.0, unit_text(unit, lang))
    decimals = 1 if is_share(unit) else _decimals(largest / divisor, DIGITS)
    spread = DASH
    if low is not None and high is not None and known(low) and known(high):
        spread = f"[{_signed(low / divisor, decimals)}, {_signed(high / divisor, decimals)}]"
    return f"{_signed(mean / divisor, decimals)} {shown}".rstrip(), spread


def _decimals(value: float, digits: int) -> int:
    return 0 if value == 0 else digits - 1 - math.floor(math.log10(abs(value)))


def _cut(value: float, decimals: int) -> float:
    return round(value, decimals) + 0.0


def _signed(value: float, decimals: int) -> str:
    rounded = _cut(value, decimals)
    text = f"{rounded:+,.{max(decimals, 0)}f}" if rounded else f"{0:.{max(decimals, 0)}f}"
    return text.replace("-", MINUS)
