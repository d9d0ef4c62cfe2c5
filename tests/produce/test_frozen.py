"""With shipments and the flow's records frozen: more cold never hurts a parcel, a longer trunk never helps one; cold that is not cold costs
money and nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.produce.climb import Arrived, Climb
from sim.produce.decay import k0
from sim.produce.ice import closed, keep
from sim.produce.sale import Sale, judge
from sim.schema.raw import NEVER, REFUSED_OUT, SHIPPED, SPOILED, UP, DayRecord
from sim.units import HOUR
from sim.world.cold import Cold
from tests.produce.orchard import STRAWBERRIES, Lived, fields_of, lived, orchard, with_cold
from tests.run.small import digests

MANY: dict[str, dict[str, Any]] = {
    "learning": {"online_household": 0.6, "online_family_farm": 1.0},
    "channels": {"orders_day_household": 3},
    "packaging": {"ice_steps": 0},
}
RANK = {SHIPPED: 2, REFUSED_OUT: 1, SPOILED: 0}
"""How good an end is."""


@pytest.fixture(scope="module")
def case() -> Lived:
    made = lived(orchard(start=STRAWBERRIES, days=8, produce=MANY))
    assert len(made.up()) > 200
    return made


def climbed(case: Lived, cold: Cold, longer: int = 0) -> Arrived:
    """Return how the run's parcels fare with what keeps them cold, the trunk taking so many microseconds longer."""
    farming = case.farming
    climb, parts = Climb(farming.climb.celsius, farming.first_day, farming.climb.perishing, case.world.places.n), []
    climb.build(cold, farming.first_day)
    for record in case.flow:
        frozen = DayRecord(**{**vars(record), "parcels": later(record.parcels, longer)})
        parts.append(climb.take(frozen, case.world, last=record.last)[1])
    names = ("parcels", "begin", "end", "cold", "celsius", "decay", "place")
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    by = np.argsort(whole["parcels"]["key"])
    return Arrived(**{name: column[by] for name, column in whole.items()})


def later(parcels: np.ndarray, longer: int) -> np.ndarray:
    """Return parcels of which those going up end so much later."""
    out = parcels.copy()
    shift = (out["direction"] == UP) & (out["trunk_out"] != NEVER) & (out["finished"] != NEVER)
    out["finished"][shift] += longer
    return out


def judged(case: Lived, arrived: Arrived) -> Sale:
    """Return what becomes of them, all strawberries picked at the same quality."""
    n, p = len(arrived.parcels), case.farming.p.sending
    return judge(arrived, np.full(n, 0.96), np.full(n, k0(np.array([7.0]), p.threshold)[0]), np.zeros(n, np.bool_), p)


def no_better(one: Sale, other: Sale) -> bool:
    """Say whether no parcel of one ends better than in the other."""
    rank = np.vectorize(lambda outcome: RANK.get(outcome, 3))
    return bool((one.quality <= other.quality + 1e-12).all() and (rank(one.outcome) <= rank(other.outcome)).all())


def rooms(case: Lived, grams: np.ndarray | int, celsius: float) -> Cold:
    """Return cold rooms of so many grams at each place."""
    cold = fields_of(case.world).cold
    n = len(cold.room_g)
    return replace(
        cold, room_g=np.broadcast_to(np.asarray(grams, np.int64), (n,)).copy(), room_c=np.full(n, celsius), built_by=("room",) * n
    )


sizes = st.lists(st.integers(0, 60), min_size=24, max_size=24)


@settings(max_examples=20, deadline=None)
@given(small=sizes, more=sizes, celsius=st.sampled_from([-1.0, 2.0, 6.0]))
def test_more_room_in_the_cold_never_lowers_the_quality_of_a_parcel(case: Lived, small: list[int], more: list[int], celsius: float) -> None:
    n = len(fields_of(case.world).cold.room_g)
    less = 1_000 * np.resize(np.array(small), n)
    larger = less + 1_000 * np.resize(np.array(more), n)
    before, after = (judged(case, climbed(case, rooms(case, grams, celsius))) for grams in (less, larger))
    assert no_better(before, after)


def test_room_makes_a_difference_here_step_by_step() -> None:
    made = lived(orchard("steps", start=STRAWBERRIES, days=8, produce=MANY))
    mean = [judged(made, climbed(made, rooms(made, grams, 1.0))).quality.mean() for grams in (0, 5_000, 20_000, 80_000, 10**7)]
    assert all(np.diff(mean) > 0), mean
    queued = climbed(made, rooms(made, 5_000, 1.0))
    assert ((queued.cold > queued.begin) & (queued.begin != NEVER)).any()


def test_hours_in_which_rooms_take_in_never_lower_the_quality_of_a_parcel_where_there_is_room_and_make_a_difference() -> None:
    made = lived(orchard("hours", start=STRAWBERRIES, days=8, produce=MANY))
    whole = rooms(made, 10**9, 1.0)

    def within(opens: int, closes: int) -> Sale:
        n = len(whole.room_g)
        hours = replace(whole, opens_us=np.full(n, opens * HOUR), closes_us=np.full(n, closes * HOUR))
        return judged(made, climbed(made, hours))

    narrower = [within(*hours) for hours in ((11, 12), (9, 14), (6, 20), (0, 24))]
    assert all(no_better(less, more) for less, more in pairwise(narrower))
    mean = [sale.quality.mean() for sale in narrower]
    assert all(np.diff(mean) > 0), mean
    np.testing.assert_array_equal(narrower[-1].quality, judged(made, climbed(made, whole)).quality)


def iced(case: Lived, arrived: Arrived, kg: float) -> Arrived:
    """Return parcels as they fare with so much ice in each box of strawberries, closed at 22 degrees."""
    one, packed = np.ones(len(arrived.parcels)), case.farming.p.packaging
    keep(arrived, np.arange(len(one)), closed(kg * one, 1.5 * one, 8.0 * one, 22.0 * one, packed), packed.inside_c, case.farming.climb)
    return arrived


@settings(max_examples=20, deadline=None)
@given(small=sizes, more=sizes, celsius=st.sampled_from([-1.0, 2.0, 6.0, 12.0]), kg=st.sampled_from([0.1, 1.0, 3.0]))
def test_more_room_in_the_cold_never_lowers_the_quality_of_a_parcel_with_ice(
    case: Lived, small: list[int], more: list[int], celsius: float, kg: float
) -> None:
    n = len(fields_of(case.world).cold.room_g)
    less = 1_000 * np.resize(np.array(small), n)
    larger = less + 1_000 * np.resize(np.array(more), n)
    before, after = (judged(case, iced(case, climbed(case, rooms(case, grams, celsius)), kg)) for grams in (less, larger))
    assert no_better(before, after)


@settings(max_examples=8, deadline=None)
@given(hours=st.tuples(st.integers(0, 300), st.integers(0, 300)), kg=st.sampled_from([0.1, 3.0]))
def test_a_longer_trunk_never_raises_the_quality_of_a_parcel_with_ice(case: Lived, hours: tuple[int, int], kg: float) -> None:
    short, long = sorted(hours)
    longer, shorter = (judged(case, iced(case, climbed(case, rooms(case, 8_000, 2.0), h * HOUR), kg)) for h in (long, short))
    assert no_better(longer, shorter)


@settings(max_examples=15, deadline=None)
@given(hours=st.tuples(st.integers(0, 300), st.integers(0, 300)), trunk_c=st.sampled_from([None, 1.0, 8.0]))
def test_a_longer_trunk_never_raises_the_quality_of_a_parcel(case: Lived, hours: tuple[int, int], trunk_c: float | None) -> None:
    cold = rooms(case, 8_000, 2.0)
    if trunk_c is not None:
        cold = replace(cold, trunk_c=np.full(len(cold.trunk_c), trunk_c))
    short, long = sorted(hours)
    longer, shorter = (judged(case, climbed(case, cold, h * HOUR)) for h in (long, short))
    assert no_better(longer, shorter)
    if long > short:
        gone = climbed(case, cold).parcels["finished"] != NEVER
        assert (longer.quality[gone] < shorter.quality[gone]).all()


@settings(max_examples=10, deadline=None)
@given(warm=st.floats(4, 12), colder=st.floats(0, 8))
def test_a_colder_reefer_never_lowers_the_quality_of_a_parcel(case: Lived, warm: float, colder: float) -> None:
    k = len(fields_of(case.world).cold.line_c)
    cold = [replace(rooms(case, 0, 0.0), round_c=np.full(k, c), line_c=np.full(k, c), trunk_c=np.full(k, c)) for c in (warm, warm - colder)]
    assert no_better(*(judged(case, climbed(case, one)) for one in cold))


def test_frozen_parcels_fare_as_they_did_in_the_run(case: Lived) -> None:
    arrived = climbed(case, fields_of(case.world).cold)
    up = case.up().sort_values("parcel", key=lambda keys: keys.astype(np.uint64))
    np.testing.assert_array_equal(arrived.parcels["key"], up["parcel"].to_numpy().astype(np.uint64))
    outside = up["quality"].notna().to_numpy()
    assert outside.sum() > 200
    rate0 = k0(np.array([7.0]), case.farming.p.sending.threshold)[0]
    spent = -np.log(up["quality"].to_numpy(float)[outside]) / rate0 - arrived.decay[outside].sum(axis=1)
    # what is left is quality when handed in: 0.94 to 0.98 when picked, less a few hours in the field
    assert (spent >= -np.log(0.98) / rate0 - 1e-9).all()
    assert (spent <= -np.log(0.94) / rate0 + 5 / 24 * 15).all()


SAME = {
    "parcels", "legs", "stops", "shifts", "events", "services", "prices", "visits", "decisions", "agents_farmer", "lots",
    "places", "sites", "paths", "households", "agents_shopper", "agents_carrier", "agents_host",
}  # fmt: skip
"""Tables that a cold chain as warm as the air leaves as they are, byte for byte."""


def test_a_cold_chain_as_warm_as_the_air_with_room_for_all_costs_money_and_nothing_else() -> None:
    chosen = orchard(start=STRAWBERRIES, days=8, produce=MANY | {"cold": {"trunk_fee": 0.0}})
    warm = with_cold(room_g=10**9, room_c=60.0, round_c=60.0, line_c=60.0, trunk_c=60.0, built_by=("room",) * 25)
    without, with_it = lived(chosen, 2), lived(chosen, 2, edit=warm)
    a, b = digests(without.made), digests(with_it.made)
    assert {name for name in SAME if a[name] != b[name]} == set()
    burnt = ["energy_mj", "co2_kg"]
    drove, drove_cold = (made.table("trips").drop(columns=burnt) for made in (without, with_it))
    assert drove.equals(drove_cold)
    waits, waits_too = (made.table("stock") for made in (without, with_it))
    assert waits_too[waits_too["kind"] != "cold"].reset_index(drop=True).equals(waits.reset_index(drop=True))
    cold_columns = ["cold_s", "temperature_c"]
    before, after = (made.table("lot_stages") for made in (without, with_it))
    assert before.drop(columns=cold_columns).equals(after.drop(columns=cold_columns))
    money, more = (made.table("money") for made in (without, with_it))
    assert set(more[more["activity"] == "cold"]["category"]) >= {"cold room", "cold room upkeep", "cold power", "reefer"}
    assert more[more["activity"] != "cold"].reset_index(drop=True).equals(money)
    costs = {"cost", "balance", "spending", "resource", "cold", "net_benefit", "energy", "co2"}
    key = ["metric", "group", "value_of_group", "period"]
    ours, theirs = (made.made.metrics.set_index(key)["value"] for made in (with_it, without))
    both = ours.index.intersection(theirs.index)
    moved = both[(ours[both] != theirs[both]) & ~(ours[both].isna() & theirs[both].isna())]
    assert {name for name in moved.get_level_values("metric") if not any(word in name for word in costs)} == set()
