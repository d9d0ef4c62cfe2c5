"""Grading: a lot is sorted from its best piece on; grams and mean quality are kept; what is third is never sent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.farm_market import OFFER
from sim.produce.grades import GRADE_1, GRADE_2, GRADE_3, UNGRADED, graded, price_ratios
from sim.schema.produce import Grading
from tests.produce.orchard import PEARS, WINTER, Lived, lived, orchard
from tests.run.small import digests

lots = st.lists(st.tuples(st.integers(1, 10**6), st.floats(0.5, 1.0), st.booleans()), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(lots, st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_sorting_keeps_every_gram_and_the_mean_quality(picked: list[tuple[int, float, bool]], a: float, b: float, spread: float) -> None:
    first, second = sorted((a, b))[0], abs(a - b)
    offers = np.zeros(len(picked), OFFER)
    offers["farm"] = np.arange(len(picked))
    offers["grams"], offers["quality"] = [x[0] for x in picked], [x[1] for x in picked]
    sorts = np.array([x[2] for x in picked])
    out = graded(offers, sorts, Grading(first=first, second=second, spread=spread))
    for i, (grams, quality, own) in enumerate(picked):
        rows = out[out["farm"] == i]
        assert rows["grams"].sum() == grams
        assert (rows["grams"] * rows["quality"]).sum() == pytest.approx(grams * quality, rel=1e-9)
        assert (rows["quality"] <= 1 + 1e-9).all()
        assert (np.diff(rows["quality"]) <= 1e-12).all()
        assert set(rows["grade"]) <= ({GRADE_1, GRADE_2, GRADE_3} if own else {UNGRADED})


def test_without_grading_offers_are_what_they_were() -> None:
    offers = np.zeros(3, OFFER)
    assert graded(offers, np.ones(3, np.bool_), Grading(active=False)) is offers
    assert price_ratios(Grading()).tolist() == [1.0, 1.05, 0.85, 0.0]


def case(active: bool, **more: Any) -> Lived:
    produce: Any = {"grading": {"active": active}, "learning": {"online_household": 0.5}, "packaging": {"ice_steps": 0}}
    return lived(orchard(f"grades-{active}", start=WINTER, days=8, produce=produce | more))


@pytest.fixture(scope="module")
def made() -> Lived:
    return case(True)


def test_only_first_and_second_grade_is_sent_and_the_rest_goes_elsewhere(made: Lived) -> None:
    table = made.table("lots")
    assert set(table[table["channel"] == "online"]["grade"]) == {"first", "second"}
    third = table[table["grade"] == "third"]
    assert len(third) > 10
    assert set(third["channel"]) <= {"middleman", "wholesale", "waiting"}
    farms = {f"{key}" for key, online in zip(made.farming.farms.key, made.farming.online, strict=True) if online}
    assert len(farms) > 0


def test_first_grade_arrives_better_and_is_listed_dearer(made: Lived) -> None:
    table = made.table("lots")
    sold = table[(table["channel"] == "online") & (table["kg_sold"] > 0)]
    for _, own in sold.groupby("crop"):
        grades = own.groupby("grade")
        if len(grades) == 2:
            quality, price = (
                grades["quality_at_sale"].mean(),
                (own["price_fen_per_kg"] / own["quality_at_sale"]).groupby(own["grade"]).mean(),
            )
            assert quality["first"] > quality["second"]
            assert price["first"] / price["second"] == pytest.approx(1.05 / 0.85, rel=0.02)


def test_orders_for_the_second_grade_are_those_that_the_first_left_open() -> None:
    both = case(True, channels={"orders_day_household": 0.5})
    none = case(False, channels={"orders_day_household": 0.5})
    sent = [made.table("lots").query("channel == 'online'").groupby(["farm", "harvested_s"])["parcels"].sum() for made in (both, none)]
    shared = sent[0].index.intersection(sent[1].index)
    assert len(shared) > 5
    assert (sent[0][shared] <= sent[1][shared]).mean() > 0.9


def test_where_nobody_sells_online_grading_changes_nothing_but_the_parameter() -> None:
    def offline(active: bool) -> dict[str, str]:
        learning = {"online_household": 0.0, "online_family_farm": 0.0, "online_cooperative": 0.0, "considers": 0.0}
        return digests(lived(orchard("offline", start=PEARS, days=4, produce={"grading": {"active": active}, "learning": learning})).made)

    assert offline(True) == offline(False)


def test_every_gram_that_is_picked_is_in_one_lot_whatever_its_grade(made: Lived) -> None:
    assert made.lots()["grams"].sum() == sum(int(day.picked.sum()) for day in made.days)
    parts = made.lots()
    assert (parts["grams"] == sum(parts[name] for name in ("sold", "lost", "rejected", "unsold", "stock"))).all()


def test_the_grades_of_a_picking_ride_to_market_on_one_vehicle() -> None:
    learning = {"considers": 0.0, "online_household": 1.0}
    runs = []
    for active in (False, True):
        produce: Any = {
            "grading": {"active": active, "price_first": 0.0, "price_second": 0.0}, "learning": learning,
            "channels": {"middleman_kg_day": 0, **dict.fromkeys(("orders_day_household", "orders_day_cooperative"), 0.001)},
        }  # fmt: skip
        runs.append(lived(orchard(f"ride-{active}", start=PEARS, days=5, produce=produce)))
    driven = [made.table("money").query("category == 'farm driving'")["amount_fen"].sum() for made in runs]
    assert driven[0] > 0
    assert driven[1] == pytest.approx(driven[0], rel=0.02)
