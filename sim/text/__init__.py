"""Everything a user reads, in Chinese and English."""

from sim.text.catalogue import LANGUAGES, Lang, Words, both, in_both, keys, say, t, template
from sim.text.metric import MetricText, group_text, meaning, value_text
from sim.text.number import DASH, change, decimals_of, ends_text, exact, known, measured, number, quantity, share, whole_share, written
from sim.text.unit import difference_unit, is_share, scaled, unit_text

__all__ = [
    "DASH",
    "LANGUAGES",
    "Lang",
    "MetricText",
    "Words",
    "both",
    "change",
    "decimals_of",
    "difference_unit",
    "ends_text",
    "exact",
    "group_text",
    "in_both",
    "is_share",
    "keys",
    "known",
    "meaning",
    "measured",
    "number",
    "quantity",
    "say",
    "scaled",
    "share",
    "t",
    "template",
    "unit_text",
    "value_text",
    "whole_share",
    "written",
]
