"""What the metrics of online sales say of ice, zones and grades is what the lots say."""

from __future__ import annotations

import pytest

from tests.produce.orchard import STRAWBERRIES, WINTER, Lived, lived, orchard


@pytest.fixture(scope="module", params=[STRAWBERRIES, WINTER])
def made(request: pytest.FixtureRequest) -> Lived:
    produce = {"grading": {"active": True}, "learning": {"online_household": 0.6, "season_before": False}}
    return lived(orchard(f"metrics-{request.param}", start=request.param, days=14, warm_up=0, produce=produce))


def test_metrics_of_ice_zones_and_grades_are_those_of_the_lots(made: Lived) -> None:
    lots = made.table("lots")
    own = lots[(lots["channel"] == "online") & (lots["offered_s"] >= 0) & (lots["offered_s"] < 14 * 86400)]
    parcels = own["parcels"].sum()
    assert parcels > 0
    assert made.made.metric("online_iced_share") == pytest.approx(own.loc[own["ice_kg"] > 0, "parcels"].sum() / parcels)
    assert made.made.metric("fewer_zones_share") == pytest.approx(own.loc[own["zones"] < 3, "parcels"].sum() / parcels)
    kg = own.groupby("grade")["kg"].sum()
    shares = made.made.metric("online_grade_share", group="grade")
    prices = made.made.metric("online_price_yuan_kg", group="grade")
    assert set(shares.index) == {"first", "second"}
    for grade in ("first", "second"):
        sold = own[(own["grade"] == grade) & (own["kg_sold"] > 0)]
        assert shares[grade] == pytest.approx(kg[grade] / kg.sum())
        assert len(sold) > 0 or made.scenario.name.endswith(STRAWBERRIES)
        if len(sold):
            assert prices[grade] == pytest.approx((sold["price_fen_per_kg"] * sold["kg_sold"]).sum() / sold["kg_sold"].sum() / 100)
