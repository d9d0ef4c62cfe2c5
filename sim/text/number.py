"""Write numbers for people: three significant digits, thousands marked, units with them."""

from __future__ import annotations

import math

from sim.text.catalogue import Lang
from sim.text.unit import is_share, unit_text

MINUS = "\u2212"
DASH = "\u2014"
DIGITS = 3


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


def signed(value: float | None, digits: int = DIGITS) -> str:
    """Return a number with its sign, also the plus."""
    text = number(value, digits)
    return f"+{text}" if known(value) and value is not None and value > 0 else text


def share(value: float | None) -> str:
    """Return a share (0.0-1.0) as per cent with one decimal."""
    return DASH if value is None or math.isnan(value) else f"{100 * value:.1f}%"


def whole_share(value: float | None) -> str:
    """Return a share as whole per cent."""
    return DASH if value is None or math.isnan(value) else f"{100 * value:.0f}%"


def quantity(value: float | None, unit: str, lang: Lang) -> str:
    """Return a value with its unit; shares as per cent."""
    if not known(value):
        return DASH
    if is_share(unit):
        return share(value)
    return f"{number(value)} {unit_text(unit, lang)}".rstrip()


def difference(value: float | None, unit: str) -> str:
    """Return a difference without its unit, signed; of shares in percentage points."""
    if value is not None and known(value) and is_share(unit):
        return _points(value)
    return signed(value)


def _points(value: float) -> str:
    text = f"{100 * value:+.1f}".replace("-", MINUS)
    return "0.0" if text in ("+0.0", f"{MINUS}0.0") else text


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval of a difference in brackets, or a dash."""
    if not known(low) or not known(high):
        return DASH
    return f"[{difference(low, unit)}, {difference(high, unit)}]"
