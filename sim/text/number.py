"""Write numbers for people: three significant digits, thousands marked, units with them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.text.catalogue import Lang, t
from sim.text.unit import is_share, scaled, unit_text

MINUS = "\u2212"
DASH = "\u2014"
DIGITS = 3
TINY, ABOUT_NONE = 1e-5, "≈0"
"""A difference that small is one parcel's minutes among many: its digits would only look like precision."""
COUNTS = ("", "count", "parcels", "persons", "people", "villages", "households", "stations")
"""Differences of these are whole where they and their interval are."""
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
    """Return a share (0.0-1.0) as per cent with one decimal, with two digits where it is smaller than that."""
    return DASH if value is None or math.isnan(value) else f"{100 * value:.{_share_decimals(100 * value)}f}%"


def exact(value: float) -> str:
    """Return a number as somebody wrote it: no digits added, thousands marked."""
    text = f"{value:,.12f}".rstrip("0").rstrip(".") if abs(value) >= 1e-6 or value == 0 else f"{value:.12g}"
    return text.replace("-", MINUS)


def written(value: float, unit: str, lang: Lang) -> str:
    """Return a number as somebody wrote it with its unit: shares as per cent, one of several in the singular, a switch as on or off."""
    if unit == "switch":
        return t("unit.on" if value else "unit.off", lang)
    shown, text = unit_text(unit, lang), exact(100 * value if is_share(unit) else value)
    if shown == "%":
        return f"{text}%"
    counted, slash, per = shown.partition("/")
    if value == 1 and lang == "en" and counted.isalpha() and len(counted) > 1:
        shown = counted.removesuffix("s") + slash + per
    return f"{text} {shown}".rstrip()


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
    if 0 < largest < TINY and not is_share(unit):
        return f"{ABOUT_NONE} {shown}".rstrip(), DASH if low is None or not known(low) else f"[{ABOUT_NONE}, {ABOUT_NONE}]"
    ends = () if low is None or high is None or not known(low) or not known(high) else (low / divisor, high / divisor)
    decimals = decimals_of(largest / divisor, ends, is_share(unit))
    if unit in COUNTS and all(float(value).is_integer() for value in numbers):
        decimals = min(decimals, 0)
    spread = f"[{_signed(ends[0], decimals)}, {_signed(ends[1], decimals)}]" if ends else DASH
    return f"{_signed(mean / divisor, decimals)} {shown}".rstrip(), spread


def measured(mean: float | None, low: float | None, high: float | None, unit: str, lang: Lang) -> tuple[str, str]:
    """Return a value with its unit and its interval in brackets, to the same decimals, without signs; "" where ends are missing or one."""
    if is_share(unit):
        ends = f"[{share(low)}, {share(high)}]" if known(low) and known(high) and low != high else ""
        return share(mean), ends
    value, spread = change(mean, low, high, unit, lang)
    return value.removeprefix("+"), spread.replace("+", "") if spread.startswith("[") and low != high else ""


def ends_text(low: float | None, high: float | None, unit: str, lang: Lang) -> str:
    """Return the two ends of a range of differences in brackets with their unit, to the same decimals; "" where there is none."""
    if low is None or high is None or not known(low) or not known(high):
        return ""
    largest = max(abs(low), abs(high))
    moved, spread = change(largest, low, high, unit, lang)
    shown = moved.partition(" ")[2]
    return f"{spread} {shown}".rstrip()


def decimals_of(largest: float, ends: Sequence[float] = (), share: bool = False) -> int:
    """Return the decimals of a difference and its interval: three digits, or for a share tenths of a point; more where they hide it.

    They hide it where all of a share would read 0.0, or where two ends that differ would read the same.
    """
    decimals = _share_decimals(largest) if share else _decimals(largest, DIGITS)
    if not share and len(ends) == 2 and ends[0] != ends[1] and round(ends[0], decimals) == round(ends[1], decimals):
        decimals += 1
    return decimals


def _share_decimals(points: float) -> int:
    return 1 if points == 0 or abs(points) >= 0.1 else min(_decimals(points, 2), 6)


def _decimals(value: float, digits: int) -> int:
    return 0 if value == 0 else digits - 1 - math.floor(math.log10(abs(value)))


def _cut(value: float, decimals: int) -> float:
    return round(value, decimals) + 0.0


def _signed(value: float, decimals: int) -> str:
    rounded = _cut(value, decimals)
    text = f"{rounded:+,.{max(decimals, 0)}f}" if rounded else f"{0:.{max(decimals, 0)}f}"
    return text.replace("-", MINUS)
