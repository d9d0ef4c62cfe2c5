"""What pre-coolers and stores do to lots is what plain SimPy processes do, one lot after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents.farm_market import Market
from sim.agents.farm_parcels import Packer
from sim.agents.farm_store import Store
from sim.agents.farming import Farming
from sim.units import DAY
from sim.world.world import Floats, Ints, Keys
from tests.produce.orchard import PEARS, STRAWBERRIES, Lived, lived, orchard

from .precool import Crate, cool, cooling, storing
from .quality import Law, decayed, step_error

SELLS: Any = {"learning": {"online_household": 1.0, "online_family_farm": 1.0}, "channels": {"orders_day_household": 4.0}}
CHAIN: dict[str, Any] = {"kind": "cold_chain", "township_m3": 5, "village_m3": 1}
SOME = 200
"""So many lots are followed minute by minute."""


def air_of(farming: Farming) -> Callable[[int], float]:
    """Return the degrees of a run's days."""
    air, first = farming.climb.celsius.tolist(), farming.climb.first_day
    return lambda day: air[min(max(day - first, 0), len(air) - 1)]


def law_of(farming: Farming, farm: int) -> Law:
    """Return how fast a farm's crop decays."""
    p, sending = farming.p.perishing, farming.p.sending
    shelf = float(farming.crops.shelf_days_0c[farming.farms.crop[farm]])
    return Law(shelf, sending.threshold, q10=(p.q10_0_10, p.q10_10_20, p.q10_20_30, p.q10_30_40))


def test_every_lot_is_cooled_when_a_cooler_that_takes_one_after_the_other_has_cooled_it() -> None:
    told: list[tuple[Crate, int, int, float]] = []
    precool = Packer._precool

    def watch(packer: Packer, market: Market, rows: Ints, grams: Ints, lot: Keys) -> tuple[Ints, Floats]:
        ready, before = precool(packer, market, rows, grams, lot)
        columns = (lot, market.drop[rows], grams, market.offered[rows], market.farm[rows], ready, before)
        for key, place, many, came, farm, done, spent in zip(*(column.tolist() for column in columns), strict=True):
            told.append((Crate(key, place, many, came), farm, done, spent))
        return ready, before

    with mock.patch.object(Packer, "_precool", watch):
        case = lived(orchard("cooled", start=STRAWBERRIES, days=8, levers=[CHAIN | {"precool_kg_h": 1}], produce=SELLS))
    farming, seen = case.farming, {"cooled": 0, "waited": 0, "over midnight": 0}
    cold, air = farming.fields.cold, air_of(farming)
    coolers = {place: grams for place, grams in enumerate(cold.precool_g_h.tolist()) if grams > 0}
    ours = cool([crate for crate, *_ in told if crate.place in coolers], coolers)
    for i, (crate, farm, ready, spent) in enumerate(told):
        if crate.place not in coolers:
            assert (ready, spent) == (crate.came, 0.0)
            continue
        own = ours[crate.key]
        assert ready == own.ready, crate
        seen["cooled"] += 1
        seen["waited"] += own.begin > crate.came
        seen["over midnight"] += own.ready // DAY > crate.came // DAY
        if i < SOME:
            segments, law = cooling(crate, own, float(cold.room_c[crate.place]), air), law_of(farming, farm)
            theirs = float(np.exp(-farming.rate0[farm] * spent))
            assert theirs == pytest.approx(decayed(segments, law), rel=step_error(segments, law) + 1e-12), crate
    assert min(seen.values()) > 5, seen


@pytest.fixture(scope="module")
def stored() -> tuple[Lived, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a run with small stores, what was brought to them and what left them."""
    brought: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    bring, released = Store.bring, Store.released
    names = ("farm", "picked", "grade", "grams", "quality", "since", "until", "room")

    def watch(store: Store, market: Market, grams: Ints) -> None:
        known = len(store.rows)
        bring(store, market, grams)
        brought.extend(dict(zip(names, (row[name].item() for name in names), strict=True)) for row in store.rows[known:])
        held = np.bincount(store.rows["room"], store.rows["grams"], len(store.of.fields.cold.store_g))
        assert (held <= store.of.fields.cold.store_g).all()
        full.append(bool((held[store.rows["room"]] > 0.98 * store.of.fields.cold.store_g[store.rows["room"]]).any()))

    def note(store: Store, day: int) -> Any:
        out = released(store, day)
        left.extend({"day": day} | {name: row[name].item() for name in ("farm", "picked", "grade", "grams", "quality")} for row in out)
        return out

    full: list[bool] = []
    with mock.patch.object(Store, "bring", watch), mock.patch.object(Store, "released", note):
        case = lived(orchard("stored", start=PEARS, days=100, levers=[CHAIN | {"store_m3": 6, "precool_kg_h": 0}]))
    assert any(full), "no store was ever full"
    return case, brought, left


def test_what_leaves_a_store_comes_on_its_day_and_has_aged_as_in_a_room_lived_through_step_by_step(
    stored: tuple[Lived, list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    case, brought, left = stored
    farming = case.farming
    air, cold, followed = air_of(farming), farming.fields.cold, 0
    of = {(one["farm"], one["picked"], one["grade"], one["until"]): one for one in brought}
    assert len(of) == len(brought)
    for out in left:
        one = of.pop((out["farm"], out["picked"], out["grade"], out["day"]))
        assert out["grams"] == one["grams"]
        if followed < SOME // 10:
            segments = storing(one["since"], out["day"] * DAY, float(cold.room_c[one["room"]]), air)
            law = law_of(farming, out["farm"])
            assert out["quality"] == pytest.approx(decayed(segments, law, one["quality"]), rel=step_error(segments, law) + 1e-12)
            followed += 1
    assert followed > 5
    assert all(one["until"] >= farming.last_day for one in of.values()), "something was due and did not leave"
