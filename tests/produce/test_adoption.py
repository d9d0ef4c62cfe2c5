"""Who sells online: those who expect to gain by it begin, those who have lost by it stop, and parcels follow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import luck
from sim.agents.adoption import Buyers, begins, in_turn, stops
from sim.agents.farm_market import GATE_, MARKET_, OFFER, ONLINE_, Market
from sim.agents.farming import Farming
from sim.schema.produce import Learning
from sim.world.world import Fields
from tests.produce.orchard import PEARS, STRAWBERRIES, Edit, Lived, county_of, lived, orchard, with_help
from tests.produce.plain_online import expected_paid

EAGER: dict[str, Any] = {"considers": 1.0, "prior_paid": 1.0, "entry_cost": 0.0, "review_every_days": 5}
"""Everybody thinks of it at every review, expects the full price and pays nothing to begin."""


def decided(made: Lived) -> pd.DataFrame:
    """Return what farms decided."""
    table: pd.DataFrame = made.table("decisions")
    return table[table["kind"] == "farmer"]


def online(made: Lived) -> int:
    """Return how many farms sell online in the end."""
    return int(made.farming.online.sum())


def season(name: str, edit: Edit | None = None, start: str = PEARS, days: int = 20, seed: int = 1, **learning: Any) -> Lived:
    """Return a run with other learning, nothing packed with ice, all zones alike."""
    produce: dict[str, Any] = {"learning": learning, "packaging": {"ice_steps": 0}, "channels": {"sale_zones": False}}
    return lived(orchard(name, start=start, days=days, produce=produce), seed, edit=edit)


# ---- the rules


def test_what_a_farm_expects_is_its_own_sales_else_its_neighbours_and_the_prior_else_the_prior() -> None:
    nan = np.nan
    paid = expected_paid(np.array([0.7, nan, nan, 0.2]), np.array([0.9, 0.5, nan, nan]), Learning(prior_paid=0.8, neighbours=0.25))
    np.testing.assert_allclose(paid, [0.7, 0.25 * 0.5 + 0.75 * 0.8, 0.8, 0.2])


def test_a_farm_begins_when_the_gain_over_the_season_beats_what_beginning_costs() -> None:
    assert begins(1.0, 301.0, 300.0)
    assert not begins(1.0, 300.0, 300.0)
    assert not begins(-1.0, 1e6, 300.0)
    assert not begins(0.0, 1e6, 0.0)


def test_a_farm_stops_after_so_many_bad_reviews_in_a_row_and_a_good_one_clears_them() -> None:
    learning, below, told = Learning(leave_after=3, leave_below=0.1), np.array([0]), []
    for gain in (-1, -1, 1, -1, -0.05, -1, -1, -1):
        stop, below = stops(np.array([gain]), below, learning)
        told.append(bool(stop[0]))
    assert told == [False, False, False, False, False, False, False, True]


def test_each_farm_shares_its_buyers_with_those_online_and_those_that_began_before_it() -> None:
    n, crops = 60, 3
    for case in range(20):
        slot = np.arange(n, dtype=np.uint64)
        a, b, c, d, e, f, g = (luck.uniform(case, "in turn", 0, slot, k) for k in range(7))
        turn, crop, may = np.argsort(a), (crops * b).astype(np.int64), c < 0.5
        orders, kg_order, most_kg, gain = 0.5 + 5.5 * d, 5 + 45 * e, 20 + 280 * f, 0.1 + 2 * g
        more, entry = np.where(a < 0.3, 0.0, orders), 20 + 130 * b
        buyers = Buyers(5 + 35 * a[:crops], 40 * b[:crops])
        start, kg = in_turn(turn, may, crop, orders, more, buyers, kg_order, most_kg, gain, entry)
        busy = buyers.busy.copy()
        for i in turn.tolist():
            mine = crop[i]
            own = min(orders[i] * min(1.0, buyers.most[mine] / max(busy[mine] + more[i], 1e-9)) * kg_order[i], most_kg[i])
            began = bool(may[i]) and begins(gain[i], own, entry[i])
            assert (bool(start[i]), kg[i]) == (began, own)
            busy[mine] += orders[i] * began
        assert 0 < start.sum() < may.sum()


# ---- in a run


def test_hope_and_a_cheap_beginning_bring_farms_online_and_parcels_up_and_despair_brings_none() -> None:
    hope, despair = season("hope", **EAGER), season("despair", **EAGER | {"prior_paid": 0.0, "neighbours": 0.0})
    began = decided(hope)
    assert len(began) > 20
    begin, stop = (began[began["to"] == to] for to in ("online", "offline"))
    assert (begin["expected_gain_fen"] > 0).all()
    assert len(decided(despair)[decided(despair)["to"] == "online"]) == 0
    assert online(hope) > 1.5 * online(despair)
    assert len(hope.up()) > 1.2 * len(despair.up())
    assert online(hope) - online(despair) == len(begin) - len(stop) + len(decided(despair))
    told = hope.table("agents_farmer")
    first = told[told["day"] == told["day"].min()]
    assert first["online"].sum() == online(hope) - len(begin) + len(stop)
    assert first["farms"].sum() == hope.farming.farms.n


def test_a_dear_beginning_keeps_farms_offline() -> None:
    count = [len(decided(season("dear", days=10, **EAGER | {"entry_cost": cost}))) for cost in (0.0, 300.0, 5_000.0, 20_000.0)]
    assert count[0] > count[1] > count[2] >= count[3]


@pytest.fixture(scope="module")
def bad() -> tuple[Lived, Lived]:
    """Return a warm season of strawberries that all arrive spoilt or refused, where farms give up soon and where they do not."""
    sells: dict[str, Any] = {"online_household": 0.5, "considers": 0.0, "review_every_days": 5}
    return season("soon", start=STRAWBERRIES, leave_after=1, **sells), season("late", start=STRAWBERRIES, leave_after=24, **sells)


def test_bad_sales_teach_farms_to_stop_and_their_parcels_stop_with_them(bad: tuple[Lived, Lived]) -> None:
    soon, late = bad
    stopped = decided(soon)
    assert len(stopped) > 5
    assert set(zip(stopped["from"], stopped["to"], stopped["reason"], strict=True)) == {("online", "offline", "own sales")}
    assert (stopped["expected_gain_fen"] < 0).all()
    assert len(decided(late)) == 0
    assert online(late) - online(soon) == len(stopped)


def test_only_farms_with_sales_of_their_own_stop(bad: tuple[Lived, Lived]) -> None:
    soon, _ = bad
    known = {f"{key:016x}" for key in soon.farming.farms.key[~np.isnan(soon.farming.memory.paid[:, 0, 0])]}
    assert {agent.rpartition("/")[2] for agent in decided(soon)["agent"]} <= known


def test_farms_remember_what_they_were_paid_of_the_listed_price(bad: tuple[Lived, Lived]) -> None:
    for made in bad:
        paid = made.farming.memory.paid
        known = paid[~np.isnan(paid)]
        assert len(known) > 5
        assert ((known >= 0) & (known <= 1)).all()
    assert np.nanmean(bad[1].farming.memory.paid) < 0.3


def test_the_memory_of_a_farm_is_its_sales_weighed_newest_first() -> None:
    made = season("memory", days=12, considers=0.0, memory=0.3)
    w, now = 0.3, (made.scenario.days - 1) * 86_400
    up = made.up().merge(made.table("lots")[["lot", "farm", "crop"]], on="lot")
    kg = {"pear": 3.0, "dried-pepper": 0.5}
    up["value"] = up["crop"].map(kg).astype(float)
    up["paid"] = np.where(up["outcome"] == "shipped", up["value"] * up["quality"], 0.0)
    up = up[up["finished_s"] < now].assign(day=up["finished_s"] // 86_400)
    rows = {int(key): row for row, key in enumerate(made.farming.farms.key)}
    seen = 0
    for farm, own in up.groupby("farm"):
        memory = np.nan
        for _, day in own.groupby("day"):
            share = day["paid"].sum() / day["value"].sum()
            memory = share if np.isnan(memory) else (1 - w) * memory + w * share
        assert made.farming.memory.paid[rows[int(farm)], 0, 0] == pytest.approx(memory, rel=1e-9)
        seen += 1
    assert seen > 10


# ---- training


def trained(places: int) -> Edit:
    """Return an edit by which training takes on so many farms of each place at a review and bears what beginning costs."""
    return with_help(trained=True, entry_left=0.0, places_review=places)


DEAR = EAGER | {"entry_cost": 20_000.0}


def test_training_takes_on_so_many_farms_of_a_place_at_a_review_and_no_more() -> None:
    counts = []
    for places in (0, 1, 2):
        began = decided(season("trained", trained(places), days=12, **DEAR))
        by = Counter((agent.partition("/")[0], day) for agent, day in zip(began["agent"], began["day"], strict=True))
        counts.append(len(began))
        assert max(by.values(), default=0) == places
    assert counts[0] < counts[1] < counts[2]


def reviewed(edit: Edit | None = None, day: int = 0, **learning: Any) -> tuple[Farming, set[int]]:
    """Return farms that were all offline, and the rows of those that begin at one review."""
    chosen = orchard(produce={"learning": {"online_household": 0, "online_family_farm": 0, "online_cooperative": 0} | learning})
    world = county_of(chosen, edit)
    farming = Farming(world, chosen.parameters, 1, chosen.start, -3, 10)
    assert not farming.online.any()
    farming.review(day, world)
    return farming, set(np.flatnonzero(farming.online).tolist())


def few_buyers(share: float) -> Edit:
    """Return an edit by which buyers would order so much of the harvest at most."""

    def edit(fields: Fields) -> Fields:
        return replace(fields, crops=replace(fields.crops, online_share=np.full(fields.crops.n, share)))

    return edit


def test_a_review_sees_those_who_began_before() -> None:
    dear = {**EAGER, "entry_cost": 1_500.0}
    (farming, few), (_, many) = (reviewed(few_buyers(share), **dear) for share in (0.001, 0.5))
    assert 0 < len(few) < len(many)
    # with few buyers those begin who come first by their key
    farms = farming.farms
    for crop in np.unique(farms.crop[sorted(few)]).tolist():
        alike = [row for row in many if farms.crop[row] == crop and farms.kind[row] == 0]
        late = [row for row in alike if row not in few]
        early = [row for row in alike if row in few]
        if early and late:
            assert np.median(farms.key[early]) < np.median(farms.key[late])


@pytest.mark.parametrize("entry", [300.0, 1_500.0])
@pytest.mark.parametrize("share", [0.002, 0.02])
def test_who_begins_follows_from_those_before_one_by_one(share: float, entry: float) -> None:
    farming, began = reviewed(few_buyers(share), **EAGER | {"entry_cost": entry})
    assert began == one_by_one(farming, few_buyers(share), entry)
    assert len(began) > 2


def one_by_one(farming: Farming, edit: Edit, entry: float) -> set[int]:
    """Return who begins when farms decide in turn, every rule written out: the orders of those who have begun are theirs."""
    p, farms, crops, start = farming.p, farming.farms, farming.crops, farming.start
    into = (start.timetuple().tm_yday - crops.harvest_from) % 365
    length = (crops.harvest_until - crops.harvest_from) % 365 + 1
    kg = np.zeros(farms.n)
    for c in np.flatnonzero(into < length).tolist():
        kg[farms.crop == c] = farming.harvest.season(c, 0)[0] / 1000
    every = np.where(crops.shelf_days_0c >= p.farming.hardy_days, p.farming.pick_every_days_hardy, p.farming.pick_every_days)
    gain = gains(farming, edit, np.floor(1000 * kg * every[farms.crop] / length[farms.crop]))
    each = (p.channels.orders_day_household, p.channels.orders_day_family_farm, p.channels.orders_day_cooperative)
    busy, out = np.zeros(crops.n), set()
    for row in np.argsort(farms.key, kind="stable").tolist():
        c, orders = int(farms.crop[row]), each[int(farms.kind[row])]
        left = int(length[c] - into[c])
        if left <= 0 or gain[row] <= 0:
            continue
        rate = orders * min(1.0, farming.buyers[c] / (busy[c] + orders))
        could = min(rate * min(p.learning.season_days, left) * crops.parcel_kg[c], kg[row] * left / length[c])
        if gain[row] * could > entry:
            out.add(row)
            busy[c] += orders
    return out


def gains(farming: Farming, edit: Edit, grams: np.ndarray) -> np.ndarray:
    """Return what a kg of an offer of every farm brings online more than at the gate or at the market."""
    offers = np.zeros(farming.farms.n, OFFER)
    offers["farm"], offers["grams"], offers["quality"] = np.arange(farming.farms.n), np.maximum(grams, 1), farming.p.farming.quality_mean
    net = Market(farming, 0, county_of(orchard(), edit), offers, everybody=True).net
    gain: np.ndarray = net[:, ONLINE_] - np.maximum(np.maximum(net[:, GATE_], net[:, MARKET_]), 0.0)
    return gain
