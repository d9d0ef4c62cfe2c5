"""Afternoon collection in a run: what is expected is what was sent, and the day's parcels leave the same day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.agents.sent_up import SentUp
from sim.plan.orders import Shipments
from sim.schema.produce import Collecting
from tests.produce.orchard import STILL, WINTER, Lived, county_of, lived, orchard

EAGER: Any = {"village_parcels": 1.0, "township_parcels": 2.0, "recorded_days": 4}


@pytest.fixture(scope="module")
def pair() -> tuple[Lived, Lived]:
    def case(rule: str) -> Lived:
        produce: Any = {"collecting": {"rule": rule, **EAGER}}
        return lived(orchard(name=rule, start=WINTER, produce=produce, **STILL))

    return case("never"), case("recorded")


def same_day(case: Lived) -> float:
    up = case.up()
    up = up[(up["created_s"] >= 0) & up["trunk_out_s"].notna()]
    return float((up["trunk_out_s"] // 86400 == up["created_s"] // 86400).mean())


def test_more_parcels_leave_on_the_day_on_which_they_were_handed_in(pair: tuple[Lived, Lived]) -> None:
    never, recorded = pair
    assert same_day(recorded) > same_day(never) + 0.2


def test_collection_drives_its_own_km_and_its_drivers_and_sorters_are_paid(pair: tuple[Lived, Lived]) -> None:
    never, recorded = (case.table("trips") for case in pair)
    assert recorded["km"].sum() > never["km"].sum()
    wages = [case.table("money").query("category in ('driver wages', 'wages')")["amount_fen"].sum() for case in pair]
    assert wages[1] > wages[0]


def test_what_is_expected_is_the_mean_of_the_days_before_on_a_coarse_grid_and_stands_for_a_while() -> None:
    world = county_of(orchard())
    sent = SentUp(world, Collecting(recorded_days=2, review_every_days=2))

    def day(n: int, counter: bool) -> Shipments:
        i8 = np.zeros(n, np.int64)
        place = np.full(n, int(np.flatnonzero(world.places.tier == 2)[0]), np.int32)
        return Shipments(
            np.arange(n, dtype=np.uint64), i8.astype(np.int16), place, i8.astype(np.int32), i8, i8, np.full(n, counter),
            (i8 + 2700).astype(np.int32), (i8 + 10000).astype(np.int32), i8,
        )  # fmt: skip

    sent.note(0, day(8, False))
    assert sent.expected(0) is None
    first = sent.expected(1)
    assert first is not None
    assert first.place.sum() == 8
    assert first.counter.sum() == 0
    assert 2700 <= first.gram <= 2700 * 2 ** (1 / 16)
    sent.note(1, day(8, False))
    sent.note(2, day(40, True))
    assert sent.expected(2) is first
    later = sent.expected(3)
    assert later is not None
    assert later.place.sum() == 4
    assert later.counter.sum() == 16
    sent.note(3, day(8, False))
    sent.note(4, day(40, True))
    assert sent.expected(5) is later


def test_under_the_rule_never_nothing_is_expected() -> None:
    world = county_of(orchard())
    assert SentUp(world, Collecting(rule="never")).expected(5) is None
