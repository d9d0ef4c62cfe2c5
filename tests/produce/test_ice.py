"""Ice in the box: as cold as heat and time allow, against small steps; more of it never lowers quality; farms pack what leaves most."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim import luck
from sim.produce.climb import Arrived, Climb
from sim.produce.decay import rate
from sim.produce.ice import Load, closed, keep
from sim.schema.produce import Packaging, Perishing
from sim.schema.raw import NEVER, PARCEL
from sim.units import DAY, HOUR
from sim.world.world import Floats
from tests.produce.orchard import STRAWBERRIES, WINTER, Lived, lived, orchard
from tests.run.small import digests

PERISHING, PACKED = Perishing(), Packaging()
AIR = np.array([9.0, 25.0, 31.0, 18.0, 2.0, 26.0, -3.0, 22.0, 29.0, 12.0])
N = 40


def ways(cold: bool) -> Arrived:
    """Return parcels on random ways over a week; half of the stages are cold from their middle on in some."""
    u = luck.uniform(5, "ways", 0, np.arange(7 * N, dtype=np.uint64)).reshape(N, 7)
    stamps = np.sort((u * 6 * DAY).astype(np.int64), axis=1)
    begin, end = stamps[:, :6].copy(), stamps[:, 1:].copy()
    since, celsius = np.full_like(begin, NEVER), np.full(begin.shape, np.nan)
    if cold:
        since[:, ::2] = (begin + (end - begin) // 2)[:, ::2]
        celsius[:, ::2] = np.array([1.0, 8.0, 15.0])
    skipped = (np.arange(6)[None, :] == 1) & (np.arange(N) % 3 == 0)[:, None]
    begin[skipped], end[skipped], since[skipped] = NEVER, NEVER, NEVER
    return Arrived(np.zeros(N, PARCEL), begin, end, since, celsius, np.zeros(begin.shape), np.zeros_like(begin))


@cache
def climb() -> Climb:
    return Climb(AIR, 0, PERISHING, 1)


def kept(ice_kg: float, celsius: float = 24.0, cold: bool = False, packed: Packaging = PACKED) -> Floats:
    """Return the decay (n, 6) of parcels with so much ice."""
    way, one = ways(cold), np.ones(N)
    keep(way, np.arange(N), closed(ice_kg * one, 2.5 * one, 16.0 * one, celsius * one, packed), packed.inside_c, climb())
    return way.decay


def in_steps(load: Load, way: Arrived, i: int, step_s: float = 20.0) -> float:
    """Return what a way costs, worked out in small steps of heat and decay."""
    inside, joules, total = float(load.celsius[i]), float(load.joules[i]), 0.0
    for j in range(6):
        if way.begin[i, j] == NEVER:
            continue
        t, end = float(way.begin[i, j]), float(way.end[i, j])
        while t < end:
            step = min(step_s * 1e6, end - t)
            ambient = AIR[int((t + step / 2) // DAY)]
            if way.cold[i, j] != NEVER and t + step / 2 >= way.cold[i, j]:
                ambient = min(ambient, way.celsius[i, j])
            if joules > 0:
                inside = min(PACKED.inside_c, ambient)
                joules -= load.leak[i] * max(ambient - inside, 0.0) * step / 1e6
            else:
                inside += (ambient - inside) * load.leak[i] / load.heat[i] * step / 1e6
            total += float(rate(np.array([inside]), PERISHING)[0]) * step / DAY
            t += step
    return total


@pytest.mark.parametrize("cold", [False, True])
@pytest.mark.parametrize("ice_kg", [0.3, 1.0, 3.0])
def test_the_closed_form_agrees_with_small_steps(cold: bool, ice_kg: float) -> None:
    way, one = ways(cold), np.ones(N)
    load = closed(ice_kg * one, 2.5 * one, 16.0 * one, 24.0 * one, PACKED)
    keep(way, np.arange(N), load, PACKED.inside_c, climb())
    for i in range(0, N, 10):
        assert way.decay[i].sum() == pytest.approx(in_steps(load, way, i), rel=2e-3)


def test_more_ice_never_costs_more_quality() -> None:
    for cold in (False, True):
        total = [kept(kg, cold=cold).sum(axis=1) for kg in (0.1, 0.5, 0.63, 1.0, 2.0, 3.0, 10.0)]
        for less, more in pairwise(total):
            assert (more <= less + 1e-12).all()
        assert (total[-1] < total[0] - 0.1).any()


def test_a_better_box_and_cooler_produce_never_cost_more_quality() -> None:
    worse = kept(1.0, packed=PACKED.model_copy(update={"leak_w_k": 0.9}))
    warmer = kept(1.0, celsius=30.0)
    cooler = kept(1.0, celsius=4.0)
    usual = kept(1.0)
    assert (usual.sum(axis=1) <= worse.sum(axis=1) + 1e-12).all()
    assert (usual.sum(axis=1) <= warmer.sum(axis=1) + 1e-12).all()
    assert (cooler.sum(axis=1) <= usual.sum(axis=1) + 1e-12).all()


def test_ice_that_outlasts_the_way_keeps_the_inside_at_its_temperature_or_the_colder_air() -> None:
    way = ways(False)
    decay = kept(100.0)
    days = rate(np.minimum(AIR, PACKED.inside_c), PERISHING)
    for i, j in np.argwhere(way.begin != NEVER).tolist():
        begin, end = int(way.begin[i, j]), int(way.end[i, j])
        hours = ((d, min(end, (d + 1) * DAY) - max(begin, d * DAY)) for d in range(begin // DAY, -(-end // DAY)))
        assert decay[i, j] == pytest.approx(sum(float(days[d]) * us / DAY for d, us in hours), rel=1e-9, abs=1e-12)


def test_a_box_warms_up_from_the_ice_to_the_air_as_the_exponential_says() -> None:
    calm = Climb(np.full(4, 25.0), 0, PERISHING, 1)
    load = Load(np.array([15.0]), np.array([0.0]), np.array([9500.0]), np.array([0.5]))
    begin = np.array([[HOUR, *[NEVER] * 5]])
    for hours in (1, 5, 40):
        way = Arrived(
            np.zeros(1, PARCEL), begin, np.where(begin == NEVER, NEVER, begin + hours * HOUR), np.full_like(begin, NEVER),
            np.full((1, 6), np.nan), np.zeros((1, 6)), begin,
        )  # fmt: skip
        keep(way, np.array([0]), load, 4.0, calm)
        t = (np.arange(200_000) + 0.5) / 200_000 * hours * 3600
        inside = 25.0 - 10.0 * np.exp(-t * 0.5 / 9500)
        assert way.decay[0, 0] == pytest.approx(float(rate(inside, PERISHING).mean()) * hours / 24, rel=1e-6)


def test_ice_that_is_too_little_to_cool_the_produce_cools_it_in_part() -> None:
    one = np.ones(1)
    load = closed(0.1 * one, 2.5 * one, 10.0 * one, 25.0 * one, PACKED)
    assert load.joules[0] == 0.0
    assert load.celsius[0] == pytest.approx(25.0 - 0.1 * 334 / (2.5 * 3.8))


# ---- in a run


def case(steps: int, **more: Any) -> Lived:
    produce: Any = {"packaging": {"ice_steps": steps}, "learning": {"online_household": 0.5}}
    return lived(orchard(name=f"ice-{steps}", start=STRAWBERRIES, days=14, produce=produce, **more))


@pytest.fixture(scope="module")
def warm() -> tuple[Lived, Lived]:
    return case(0), case(3)


def test_farms_pack_ice_when_parcels_without_it_come_to_nothing(warm: tuple[Lived, Lived]) -> None:
    bare, iced = (made.table("lots").query("channel == 'online'") for made in warm)
    assert (bare["ice_kg"] == 0).all()
    berries = iced[iced["crop"] == "strawberry"]
    assert (berries["ice_kg"] > 0).any()
    assert (berries[berries["ice_kg"] == 0]["offered_s"].min()) < berries[berries["ice_kg"] > 0]["offered_s"].min()
    assert (iced[iced["channel"] != "online"]["ice_kg"] == 0).all()


def test_ice_weighs_and_is_paid_for(warm: tuple[Lived, Lived]) -> None:
    _, iced = warm
    lots = iced.table("lots").query("channel == 'online' and parcels > 0")
    up = iced.up().merge(lots[["lot", "ice_kg", "kg", "parcels"]], on="lot")
    rest = up["weight_kg"] - up["kg"] / up["parcels"] - 0.18
    expected = np.where(up["ice_kg"] > 0, up["ice_kg"] + PACKED.box_kg, 0.0)
    np.testing.assert_allclose(rest, expected, atol=1e-6)
    money = iced.table("money").query("category == 'packing'")
    boxes = (lots["parcels"] * np.where(lots["ice_kg"] > 0, PACKED.box + PACKED.ice * lots["ice_kg"], 0.0)).sum()
    assert money["amount_fen"].sum() / 100 == pytest.approx(2.0 * lots["parcels"].sum() + boxes, abs=2)


def test_with_the_same_lots_ice_in_every_box_saves_what_was_lost() -> None:
    produce: Any = {"packaging": {"ice_steps": 1, "ice_kg": 8.0, "box": 0.0, "ice": 0.0, "box_kg": 0.0}, "sending": {"fee_more_kg": 0.0}}
    made = lived(orchard(start=STRAWBERRIES, days=12, produce=produce | {"learning": {"online_household": 0.5}}))
    online = made.table("lots").query("channel == 'online' and crop == 'strawberry'")
    share = {ice > 0: own["kg_sold"].sum() / own["kg"].sum() for ice, own in online.groupby("ice_kg")}
    assert share[True] > share[False] + 0.3


def test_where_no_ice_is_offered_nothing_about_ice_changes_a_byte() -> None:
    plain: Any = {"packaging": {"ice_steps": 0}}
    other: Any = {"packaging": {"ice_steps": 0, "ice_kg": 5.0, "box": 20.0, "inside_c": 1.0, "leak_w_k": 0.2}}
    assert digests(lived(orchard(start=WINTER, produce=plain)).made) == digests(lived(orchard(start=WINTER, produce=other)).made)
