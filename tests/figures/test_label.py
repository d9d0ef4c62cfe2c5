"""Map labels find room."""

from __future__ import annotations

import pytest

from sim.figures.county_map import CLASSES, share_class
from sim.figures.label import Box, free_spot, width_in_letters, wrapped


def test_six_labels_at_one_point_do_not_cover_one_another() -> None:
    taken: list[Box] = []
    for _ in range(6):
        _, taken = free_spot(105.0, 34.0, "汉源镇", 0.01, 0.83, taken)
    assert all(one.overlap(two) == 0.0 for index, one in enumerate(taken) for two in taken[:index])


def test_a_chinese_letter_is_wider_than_a_latin_one() -> None:
    assert width_in_letters("镇") > width_in_letters("a")


def test_wrapping_loses_no_letter() -> None:
    text = "Pooled to the village 共同配送到村，再加站点"
    assert wrapped(text, 8).replace("\n", "").replace(" ", "") == text.replace(" ", "")
    assert all(width_in_letters(line) <= 9 for line in wrapped(text, 8).split("\n"))


@pytest.mark.parametrize(
    ("share", "name"), [(0.0, "none"), (0.01, "few"), (0.49, "few"), (0.5, "many"), (0.94, "many"), (0.95, "served"), (1.0, "served")]
)
def test_a_share_has_one_class(share: float, name: str) -> None:
    assert CLASSES[share_class(share)][1] == name
