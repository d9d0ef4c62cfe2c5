"""Translate units: each part of a unit (between ``/``, spaces and hyphens) is a word of the catalogue."""

from __future__ import annotations

import re

from sim.text.catalogue import Lang, t

NO_UNIT = ("", "1", "ratio", "count", "index")
SHARES = ("share", "probability")
_PART = re.compile(r"([/\s\-]+)")
_WHOLE = ("1/year", "1/yuan", "degrees C", "log-sd", "of list price", "of wage", "of cost/km")
"""Units that are no sum of their words: "0.05 1/year" reads as another number."""


def is_share(unit: str) -> bool:
    """Return whether values of the unit are shares, shown as per cent."""
    return unit in SHARES


def unit_text(unit: str, lang: Lang) -> str:
    """Return a unit in a language; a unit with an unknown part is a KeyError, so that no page is half translated."""
    if unit in NO_UNIT:
        return ""
    if unit in _WHOLE:
        return t(f"unit.{unit}", lang)
    parts = _PART.split(unit)
    alone = len(parts) == 1
    words = [part if index % 2 else t(_word(part, alone), lang) for index, part in enumerate(parts) if part]
    text = "".join(words)
    return text.replace("-", "·").replace(" ", "") if lang == "zh" else text


def _word(part: str, alone: bool) -> str:
    """Return the key of a word; a share by something else is no per cent: its numbers are not multiplied by 100."""
    return f"unit.{part}" if alone or part not in SHARES else f"unit.{part}_by"


def difference_unit(unit: str, lang: Lang) -> str:
    """Return the unit of a difference: percentage points for shares."""
    return t("unit.points", lang) if is_share(unit) else unit_text(unit, lang)


def scaled(unit: str, largest: float, lang: Lang) -> tuple[float, str]:
    """Return by what to divide values up to ``largest`` for an axis, and the unit then (yuan in thousands, 万元 or millions)."""
    if unit == "yuan" and largest >= 10_000:
        if lang == "zh":
            return 10_000.0, t("unit.ten_thousand_yuan", lang)
        return (1_000_000.0, t("unit.million_yuan", lang)) if largest >= 1_000_000 else (1_000.0, t("unit.thousand_yuan", lang))
    if is_share(unit):
        return 0.01, t("unit.points", lang)
    return 1.0, unit_text(unit, lang)
