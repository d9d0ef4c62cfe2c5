"""What a reader must know of a metric, and the names of a group's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.text.catalogue import Lang, Words, keys, t

Better = Literal["higher", "lower", "neutral"]
ALLIANCE = "alliance"
"""What stands before the lever in the name of an alliance's books."""


@dataclass(frozen=True)
class MetricText:
    """Title, unit (as tables hold it) and the better side of one metric."""

    title: Words
    unit: str
    better: Better


def meaning(metric: str, lang: Lang) -> str:
    """Return in a sentence what a metric means, "" where nobody wrote one: a metric that studies and the page show has one."""
    key = f"meaning.{metric}"
    return t(key, lang) if key in keys() else ""


def group_text(group: str, lang: Lang) -> str:
    """Return what values are grouped by; "" where by nothing, two at once with a sign between."""
    return t("group.kinds", lang).join(t(f"group.kind.{one}", lang) for one in group.split("|")) if group else ""


def value_text(group: str, value: str, lang: Lang, names: Mapping[str, Words] | None = None) -> str:
    """Return the name of a group's value: from ``names`` (operators, places, pools), the catalogue, or, being a proper name, as it is."""
    if names is not None and value in names:
        return names[value].text(lang)
    key = f"group.{group}.{value or 'none'}"
    if key in keys():
        return t(key, lang)
    kind, _, lever = value.partition(":")
    if kind == ALLIANCE and lever:
        return t("group.alliance_of", lang, lever=names[lever].text(lang) if names is not None and lever in names else lever)
    return value
