"""Zones of buyers: farms offer to the nearest ones, to as many as they expect to leave them most; orders are those of the zones offered."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents.zones import borders, hours_to, reached
from sim.produce.sent import Sent
from sim.schema.produce import Channels, Sending
from sim.schema.raw import ZONES
from tests.produce.orchard import STRAWBERRIES, WINTER, Lived, lived, orchard
from tests.produce.plain_online import offered, paid_by_reach

SENDING = Sending()
SHARE = reached(SENDING, Channels())


def case(zones: bool, **more: Any) -> Lived:
    learning = {"online_household": 0.5, "season_before": True}
    produce: Any = {"channels": {"sale_zones": zones}, "learning": learning, "packaging": {"ice_steps": 1}}
    return lived(orchard(name=f"zones-{zones}", start=STRAWBERRIES, days=14, produce=produce | more))


@pytest.fixture(scope="module")
def pair() -> tuple[Lived, Lived]:
    return case(False), case(True)


def online(made: Lived) -> Any:
    lots = made.table("lots")
    return lots[lots["channel"] == "online"]


def test_the_nearest_zones_hold_the_buyers_that_the_shares_say() -> None:
    np.testing.assert_allclose(SHARE, [SENDING.zone_near, 1 - SENDING.zone_far, 1.0])
    assert reached(SENDING, Channels(sale_zones=False)).tolist() == [1.0]
    u = (np.arange(1000) + 0.5) / 1000
    for z, share in enumerate(SHARE.tolist()):
        assert set(np.searchsorted(borders(SENDING), u * share, side="right").tolist()) == set(range(z + 1))
    assert (np.diff(hours_to(np.arange(3), SENDING)) > 0).all()


def test_nothing_better_is_expected_of_a_zone_than_of_a_nearer_one() -> None:
    paid = paid_by_reach(np.array([[0.4, 0.9, 0.8], [0.9, 0.5, 0.1]]), SHARE)
    np.testing.assert_allclose(paid[0], [0.4, 0.4, 0.4])
    near, middle, far = np.diff(SHARE, prepend=0.0)
    np.testing.assert_allclose(paid[1], [0.9, (0.9 * near + 0.5 * middle) / (near + middle), 0.9 * near + 0.5 * middle + 0.1 * far])


def test_a_farm_offers_to_the_zones_that_gain_and_to_no_farther_ones() -> None:
    share = np.array([0.3, 0.7, 1.0])
    # a column of net prices for each reach: all gain, far ones cost more than they bring, only near gains, nothing gains
    net = np.array([[4.0, 4.0, 4.0], [4.0, 3.9, 1.5], [2.5, 1.2, 1.1], [0.9, 0.5, 0.4]])[:, :, None]
    zones, packaging = offered(net, np.ones(4), share)
    assert zones.tolist() == [2, 1, 0, 0]
    assert packaging.tolist() == [0, 0, 0, 0]
    ice = np.concatenate([net, net + 0.5], axis=2)
    assert offered(ice, np.ones(4), share)[1].tolist() == [1, 1, 1, 1]
    assert [len(column) for column in offered(ice[:0], np.ones(0), share)] == [0, 0]


def test_farms_that_know_that_it_spoils_on_the_way_to_far_buyers_sell_to_near_ones(pair: tuple[Lived, Lived]) -> None:
    without, chosen = pair
    assert online(without)["parcels"].sum() == 0
    assert online(chosen)["parcels"].sum() > 0
    assert (online(chosen)["zones"] < 3).all()
    assert chosen.made.metric("fewer_zones_share") == 1.0


def test_what_is_offered_to_near_buyers_alone_goes_to_near_buyers(pair: tuple[Lived, Lived]) -> None:
    near = online(pair[1])
    up = pair[1].up().merge(near[near["zones"] == 1][["lot"]], on="lot")
    hours = (up["finished_s"] - up["trunk_out_s"]).dropna() / 3600
    assert len(hours) > 0
    assert hours.mean() < (SENDING.trunk_hours_near + SENDING.trunk_hours_middle) / 2


def test_parcels_arrive_after_the_trunks_time_by_the_zone_of_their_buyer_and_zones_hold_their_share_of_buyers() -> None:
    zone: dict[int, int] = {}
    add = Sent.add

    def watch(sent: Sent, rows: Any) -> None:
        zone.update(zip(rows["key"].tolist(), rows["zone"].tolist(), strict=True))
        add(sent, rows)

    produce: Any = {"learning": {"online_household": 1.0}, "channels": {"sale_zones": False, "orders_day_household": 9}}
    with mock.patch.object(Sent, "add", watch):
        made = lived(orchard("hours", start=WINTER, days=14, produce=produce))
    up = made.up()
    up = up.assign(zone=[zone[int(key)] for key in up["parcel"]])
    n = len(up)
    assert n > 900
    assert up["destination_zone"].tolist() == [ZONES[z] for z in up["zone"]]
    parcels = made.table("parcels")
    assert parcels[parcels["direction"] != "up"]["destination_zone"].isna().all()
    for row, share in enumerate((0.3, 0.4, 0.3)):
        assert (up["zone"] == row).mean() == pytest.approx(share, abs=4 * (share * (1 - share) / n) ** 0.5)
    assert (up["outcome"] != "in_transit").all(), "nothing that comes late is left out"
    hours = ((up["finished_s"] - up["trunk_out_s"]) / 3600).astype(float)
    for row, mean in enumerate((SENDING.trunk_hours_near, SENDING.trunk_hours_middle, SENDING.trunk_hours_far)):
        own = hours[(up["zone"] == row) & hours.notna()]
        # half of it is fixed, the other half Erlang with four stages: its spread is a quarter of the mean
        assert own.min() >= mean / 2 - 1e-3
        assert own.mean() == pytest.approx(mean, abs=4 * mean / 4 / len(own) ** 0.5)
        assert own.std() == pytest.approx(mean / 4, rel=0.15)


def test_farms_without_experience_offer_to_all_zones_and_think_better_of_it() -> None:
    lots = online(case(True, learning={"online_household": 0.5, "season_before": False}))
    day = lots["offered_s"] // 86400
    early, late = (lots["zones"][which].mean() for which in (day <= day.min() + 2, day >= day.max() - 4))
    assert early == 3.0
    assert late < early


def test_every_gram_is_accounted_for_whatever_the_zones(pair: tuple[Lived, Lived]) -> None:
    for made in pair:
        lots = made.lots()
        ends = sum(lots[name] for name in ("sold", "lost", "rejected", "unsold", "stock"))
        np.testing.assert_array_equal(lots["grams"], ends)


def test_the_same_is_picked_whether_or_not_farms_choose_zones(pair: tuple[Lived, Lived]) -> None:
    first, second = (sum((day.picked for day in made.days), np.zeros(1, np.int64)) for made in pair)
    np.testing.assert_array_equal(first, second)
