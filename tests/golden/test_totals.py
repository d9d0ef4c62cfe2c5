"""Results move on purpose only."""

from __future__ import annotations

from tests.golden.totals import totals, written


def test_totals_of_the_small_county_are_those_written_down() -> None:
    now = totals()
    assert now == written(), (
        "results moved: if on purpose, run python -m tests.golden.totals and say so in CHANGELOG.md under Changes results"
    )
