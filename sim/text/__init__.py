"""Everything a user reads, in Chinese and English."""

from sim.text.catalogue import LANGUAGES, Lang, Words, keys, t, template
from sim.text.metric import MetricText, value_text
from sim.text.number import DASH, difference, interval, known, number, quantity, share, signed, whole_share
from sim.text.unit import difference_unit, is_share, scaled, unit_text

__all__ = [
    "DASH",
    "LANGUAGES",
    "Lang",
    "MetricText",
    "Words",
    "difference",
    "difference_unit",
    "interval",
    "is_share",
    "keys",
    "known",
    "number",
    "quantity",
    "scaled",
    "share",
    "signed",
    "t",
    "template",
    "unit_text",
    "value_text",
    "whole_share",
]
