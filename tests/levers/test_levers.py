"""Levers are pure edits of world and rules: their effects are checked on a small county, without a simulation."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.levers import (
    KINDS,
    CapitalGrant,
    JointDistribution,
    Lever,
    ParcelLockers,
    PerParcelSubsidy,
    ServiceOrder,
    StationSupport,
    VillageStations,
    Where,
    apply,
    explained,
    turns,
)
from sim.levers.capital_grant import Asset
from sim.rules import ACTIVITIES, REFUSED_CELLS, RESOURCES, Rules, separate
from sim.schema.parameters import Parameters
from sim.units import HOUR
from sim.world.build import build
from sim.world.world import MODES, REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE, VILLAGE, World

START = date(2021, 3, 1)
SMALL = Path(__file__).parents[1] / "counties" / "small"
ORCHARD = Path(__file__).parents[1] / "counties" / "orchard"
FULL = {"delivery": RESOURCES, "sorting": ("sites", "staff")}


@pytest.fixture(scope="module")
def world() -> World:
    return build(SMALL)


@pytest.fixture(scope="module")
def rules(world: World) -> Rules:
    return separate(Parameters(), world.operators.n)


def settled(levers: list[Lever], world: World, rules: Rules) -> tuple[World, Rules]:
    return apply(levers, world, rules, START, start=START, settled=True)


def villages(world: World) -> np.ndarray:
    return np.flatnonzero(world.places.tier == VILLAGE)


def zeros() -> Iterator[Lever]:
    yield JointDistribution(id="a", pool={})
    yield JointDistribution(id="b", members=("post",), pool=FULL)
    yield VillageStations(id="c", share=0)
    yield ParcelLockers(id="d", share=0)
    yield ParcelLockers(id="e", doors={"small": 0, "medium": 0, "large": 0})
    yield VillageStations(id="f", where=Where(places=("nowhere",)))
    yield PerParcelSubsidy(id="g", rate=0, programme="p")
    yield ServiceOrder(id="j", share=0)
    yield ServiceOrder(id="k", where=Where(operators=()))
    yield StationSupport(id="h", per_month=0, programme="p")
    yield CapitalGrant(id="i", share=0, programme="p")


@pytest.mark.parametrize("lever", tuple(zeros()), ids=lambda lever: lever.id)
def test_a_lever_of_zero_strength_returns_the_very_same_objects(lever: Lever, world: World, rules: Rules) -> None:
    changed = settled([lever], world, rules)
    assert changed[0] is world
    assert changed[1] is rules


def test_every_kind_is_in_the_list_once_and_changes_something_at_full_strength(world: World, rules: Rules) -> None:
    full: list[Lever] = [JointDistribution(id="j", pool=FULL), VillageStations(id="v"), ParcelLockers(id="p")]
    paying: list[Lever] = [kind.model_validate({"id": "s", "programme": "p"}) for kind in (PerParcelSubsidy, StationSupport, CapitalGrant)]
    grown = [kind for kind in KINDS if kind not in {type(lever) for lever in (*full, *paying)}]
    assert len(set(KINDS)) == len(KINDS)
    assert len(KINDS) == len(full) + len(paying) + len(grown)
    farms = build(ORCHARD, Parameters.model_validate({"produce": {"active": True}}))
    for kind in grown:
        lever = kind.model_validate({"id": "g"})
        assert settled([lever], farms, rules)[0] is not farms, kind
    for lever in full:
        changed = settled([lever], world, rules)
        assert changed[0] is not world
    for lever in paying:
        same, changed_rules = settled([lever], world, rules)
        assert same is world
        assert len(changed_rules.support) == 1


def test_levers_change_nothing_in_the_world_they_are_given(world: World, rules: Rules) -> None:
    before = [array.copy() for array in (world.operators.mode, world.operators.days, world.stations.host, world.stations.doors, rules.pool)]
    settled([JointDistribution(id="j", pool=FULL), VillageStations(id="v"), ParcelLockers(id="p")], world, rules)
    after = (world.operators.mode, world.operators.days, world.stations.host, world.stations.doors, rules.pool)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_pooled_cell_and_no_other_has_its_members_under_the_smallest_row(world: World, rules: Rules) -> None:
    keys = world.operators.key
    members = (keys[2], keys[4])
    _, pooled = settled([JointDistribution(id="j", members=members, pool={"sorting": ("staff",)})], world, rules)
    expected = rules.pool.copy()
    expected[ACTIVITIES.index("sorting"), RESOURCES.index("staff"), 4] = 2
    assert np.array_equal(pooled.pool, expected)
    (alliance,) = pooled.alliances
    assert (alliance.id, alliance.members, alliance.cells) == ("j", (2, 4), (("sorting", "staff"),))


def test_groups_that_share_a_member_merge(world: World, rules: Rules) -> None:
    keys = world.operators.key
    first = JointDistribution(id="a", members=(keys[3], keys[5]), pool={"transport": ("vehicles",)})
    second = JointDistribution(id="b", members=(keys[1], keys[5]), pool={"transport": ("vehicles",)})
    _, pooled = settled([first, second], world, rules)
    assert pooled.group("transport", "vehicles").tolist() == [0, 1, 2, 1, 4, 1]


def test_pooled_rounds_serve_a_village_for_all_as_soon_as_for_one_on_the_busiest_days(world: World, rules: Rules) -> None:
    keys, rows = world.operators.key, [0, 2]
    mode = world.operators.mode.copy()
    places = villages(world)
    mode[:, places] = TO_TOWNSHIP
    mode[0, places[:5]] = TO_VILLAGE
    mode[2, places[3:8]] = TO_VILLAGE
    mode[2, places[0]] = REFUSED
    mode[0, places[9]] = TO_POST
    days = world.operators.days.copy()
    days[rows] = 0b0000101, 0b0010101
    given = replace(world, operators=replace(world.operators, mode=mode, days=days))
    changed, _ = settled([JointDistribution(id="j", members=(keys[0], keys[2]), pool={"delivery": ("vehicles",)})], given, rules)
    for row in rows:
        assert np.flatnonzero(changed.operators.mode[row, places] == TO_VILLAGE).tolist() == list(range(8))
    assert changed.operators.mode[0, places[9]] == TO_POST
    assert changed.operators.days[rows].tolist() == [0b0010101, 0b0010101]
    others = [1, 3, 4, 5]
    assert np.array_equal(changed.operators.mode[others], given.operators.mode[others])


def test_what_members_handed_to_a_post_inside_the_pool_stays_in_it(world: World, rules: Rules) -> None:
    keys, post, places = world.operators.key, world.operators.post, villages(world)
    mode = world.operators.mode.copy()
    mode[:, places] = TO_TOWNSHIP
    mode[0, places[2]] = TO_POST
    given = replace(world, operators=replace(world.operators, mode=mode))
    changed, _ = settled([JointDistribution(id="j", members=(keys[0], keys[post]), pool={"delivery": ("vehicles",)})], given, rules)
    assert np.flatnonzero(changed.operators.mode[0, places] == TO_VILLAGE).tolist() == [2]
    assert changed.operators.mode[post, places[2]] == TO_VILLAGE


def test_only_pooled_delivery_vehicles_change_who_serves_a_village(world: World, rules: Rules) -> None:
    cells = [(a, r) for a in ACTIVITIES for r in RESOURCES if (a, r) not in REFUSED_CELLS]
    for activity, resource in cells:
        changed, pooled = settled([JointDistribution(id="j", pool={activity: (resource,)})], world, rules)
        assert (changed is world) == ((activity, resource) != ("delivery", "vehicles"))
        assert (pooled.pool != rules.pool).any(axis=2).sum() == 1


@pytest.mark.parametrize("cell", sorted(REFUSED_CELLS), ids="-".join)
def test_a_cell_without_a_mechanism_is_refused_with_its_reason(cell: tuple[str, str]) -> None:
    lever = JointDistribution.model_validate({"id": "j", "pool": {cell[0]: [cell[1]]}})
    (wrong,) = lever.mistakes()
    assert wrong.allowed.en == REFUSED_CELLS[cell]
    assert wrong.allowed.zh != wrong.allowed.en


def test_an_unknown_member_is_told_with_the_known_ones(world: World, rules: Rules) -> None:
    with pytest.raises(ScenarioError, match="no operator nobody"):
        settled([JointDistribution(id="j", members=("post", "nobody"), pool=FULL)], world, rules)


def test_a_larger_share_adds_stations_and_takes_none_away(world: World, rules: Rules) -> None:
    free = int((world.stations.host[villages(world)] == 0).sum())
    opened = [set(VillageStations(id="v", share=share).places(world, 1.0).tolist()) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert [len(rows) for rows in opened] == [round(share * free) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(a <= b for a, b in pairwise(opened))


def test_a_station_opens_where_there_was_none_and_says_who_opened_it(world: World, rules: Rules) -> None:
    lever = VillageStations(id="mine", shelf_l=123, opens="07:00", closes="24:00", hosts=("committee",))
    changed, _ = settled([lever], world, rules)
    rows = np.flatnonzero(changed.stations.host != world.stations.host)
    assert rows.tolist() == [row for row in villages(world) if world.stations.host[row] == 0]
    assert {changed.stations.opened_by[row] for row in rows} == {"mine"}
    assert changed.stations.shelf_ml[rows].tolist() == [max(123_000, 500 * people) for people in world.places.population[rows].tolist()]
    assert set(changed.stations.opens_us[rows].tolist()) == {7 * HOUR}
    assert set(changed.stations.closes_us[rows].tolist()) == {24 * HOUR}
    assert [changed.stations.opened_by[row] for row in villages(world) if row not in rows].count("mine") == 0


@pytest.mark.parametrize(
    ("carried_by", "expected"),
    [
        ("post", {TO_VILLAGE: TO_VILLAGE, TO_TOWNSHIP: TO_POST, TO_POST: TO_POST, REFUSED: TO_POST}),
        ("each", dict.fromkeys(range(len(MODES)), TO_VILLAGE)),
        ("existing", {code: code for code in range(len(MODES))}),
    ],
)
def test_parcels_come_to_a_new_station_as_carried_by_says(carried_by: str, expected: dict[int, int], world: World, rules: Rules) -> None:
    places = villages(world)
    mode = world.operators.mode.copy()
    for code in range(len(MODES)):
        mode[0, places[code::4]] = code
    given = replace(world, operators=replace(world.operators, mode=mode))
    lever = VillageStations.model_validate({"id": "v", "carried_by": carried_by})
    changed, _ = settled([lever], given, rules)
    for row in places:
        new = given.stations.host[row] == 0
        before = int(given.operators.mode[0, row])
        assert changed.operators.mode[0, row] == (expected[before] if new else before)
    post = world.operators.post
    assert np.array_equal(changed.operators.mode[post], given.operators.mode[post])


def test_without_a_post_the_post_cannot_carry(world: World, rules: Rules) -> None:
    none = replace(world, operators=replace(world.operators, kind=("express",) * world.operators.n))
    with pytest.raises(ScenarioError, match="no post"):
        settled([VillageStations(id="v")], none, rules)


def test_lockers_stand_at_stations_only_also_those_opened_by_levers_before(world: World, rules: Rules) -> None:
    lone, _ = settled([ParcelLockers(id="p")], world, rules)
    both, _ = settled([VillageStations(id="v"), ParcelLockers(id="p")], world, rules)
    after, _ = settled([ParcelLockers(id="p"), VillageStations(id="v")], world, rules)
    had = {row for row in villages(world).tolist() if world.stations.host[row] > 0}
    for changed, expected in ((lone, had), (after, had), (both, set(villages(world).tolist()))):
        with_doors = np.flatnonzero(changed.stations.doors.sum(axis=1) > 0)
        assert set(with_doors.tolist()) == expected
        assert {changed.stations.locker_by[row] for row in with_doors} == {"p"}
        assert changed.stations.locker_first[with_doors].all()
        assert changed.stations.door_ml.tolist() == [9000, 20000, 45000]


def test_two_lever_lockers_with_other_doors_are_refused(world: World, rules: Rules) -> None:
    keys = world.places.key
    one = ParcelLockers(id="a", where=Where(places=tuple(keys[row] for row in villages(world)[:8])))
    two = ParcelLockers.model_validate({"id": "b", "door_l": {"small": 5}})
    with pytest.raises(ScenarioError, match="other door volumes"):
        settled([one, two], world, rules)


def test_where_knows_tier_place_remoteness_terrain_region_population(world: World) -> None:
    places = world.places
    assert Where().mask(world).all()
    assert np.flatnonzero(Where(tier="village").mask(world)).tolist() == villages(world).tolist()
    far = Where(remoteness=("far", "middle")).mask(world)
    assert (places.remoteness[far] > 0).all()
    assert far.sum() == (places.remoteness > 0).sum()
    assert not Where(terrain="plain").mask(world).any()
    assert Where(terrain=("plain", "mountain"), region="west").mask(world).all()
    low = Where(population=(1, 150)).mask(world)
    assert low.sum() == ((places.population >= 1) & (places.population <= 150)).sum()
    township = places.key[1]
    below = Where(places=(township,)).mask(world)
    assert below.tolist() == [row == 1 or places.parent[row] == 1 for row in range(places.n)]
    assert np.array_equal(below, Where(places=(places.name_zh[1],)).mask(world))
    assert Where(operators=("post",)).rows(world) == (world.operators.post,)


def test_strength_follows_dates_and_phase_in() -> None:
    lever = VillageStations.model_validate({"id": "v", "from": date(2021, 3, 10), "until": date(2021, 3, 20), "phase_in_days": 4})
    strength = [round(lever.active(date(2021, 3, day), START), 2) for day in range(9, 17)]
    assert strength == [0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1]
    assert lever.active(date(2021, 3, 20), START) == 1
    assert lever.active(date(2021, 3, 21), START) == 0
    assert [day.day for day in turns([lever], START, date(2021, 4, 1), start=START)] == [10, 11, 12, 13, 14, 21]


def test_a_lever_without_a_date_turns_on_at_the_start_and_not_in_the_warm_up(world: World, rules: Rules) -> None:
    lever, warm = VillageStations(id="v"), date(2021, 2, 20)
    assert turns([lever], warm, date(2021, 4, 1), start=START) == (START,)
    assert apply([lever], world, rules, warm, start=START, settled=False)[0] is world
    assert apply([lever], world, rules, START, start=START, settled=False)[0] is not world


def test_in_transition_a_lever_acts_between_its_dates_and_settled_from_the_beginning(world: World, rules: Rules) -> None:
    lever = VillageStations.model_validate({"id": "v", "from": date(2021, 3, 10), "until": date(2021, 3, 20)})
    for day, changes in ((9, False), (10, True), (20, True), (21, False)):
        changed, _ = apply([lever], world, rules, date(2021, 3, day), start=START, settled=False)
        assert (changed is not world) == changes
    assert apply([lever], world, rules, START, start=START, settled=True)[0] is not world


def test_members_join_one_after_another_during_phase_in(world: World, rules: Rules) -> None:
    lever = JointDistribution.model_validate({"id": "j", "from": START, "phase_in_days": 4, "pool": {"sorting": ["staff"]}})
    joined = []
    for day in range(1, 6):
        _, pooled = apply([lever], world, rules, date(2021, 3, day), start=START, settled=False)
        joined.append(int((pooled.group("sorting", "staff") == 0).sum()))
    assert joined == [2, 3, 4, 5, 6]


def test_explain_says_in_both_languages_what_each_lever_changes(world: World, rules: Rules) -> None:
    levers = [JointDistribution(id="j", pool=FULL), VillageStations(id="v"), ParcelLockers(id="p", locker_first=False)]
    for _lever, lines in explained(levers, world, rules):
        assert len(lines) >= 3
        assert all(words.zh != words.en for words in lines)
    text = "\n".join(words.en for _, lines in explained(levers, world, rules) for words in lines)
    n = len(villages(world))
    assert f"→ {n} of {n}" in text
    assert "sites 6 → 1" in text


def test_explain_lists_in_chinese_with_chinese_names_and_signs(world: World, rules: Rules) -> None:
    grant = CapitalGrant(id="g", programme="p", assets=get_args(Asset))
    levers = [JointDistribution(id="j", pool=FULL), ParcelLockers(id="l"), grant]
    lines = [words for _, said in explained(levers, world, rules) for words in said]
    produce = "冷库、预冷设备、车载冷箱（移动冷库）、货车冷藏改装、产地仓、市场低温大厅、市场冷藏车、乡镇集货点"
    assert any(words.zh.endswith(f"：站点、快件箱、乡镇网点、县级中心装修、货车、面包车、{produce}") for words in lines)
    assert "每个快件箱：9 升 40 格、20 升 22 格、45 升 8 格" in [words.zh for words in lines]
    assert "each locker: 40 x 9 l, 22 x 20 l, 8 x 45 l" in [words.en for words in lines]
    assert not [words.zh for words in lines if ", " in words.zh]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ({"kind": VillageStations, "hosts": []}, "hosts is empty"),
        ({"kind": VillageStations, "opens": "8"}, "no"),
        ({"kind": VillageStations, "opens": "20:00", "closes": "08:00"}, "never open"),
        ({"kind": VillageStations, "from": date(2021, 3, 2), "until": date(2021, 3, 1)}, "before from"),
        ({"kind": VillageStations, "where": {"population": (9, 1)}}, "above the highest"),
        ({"kind": ParcelLockers, "door_l": {"small": 30}}, "do not grow"),
        ({"kind": ParcelLockers, "where": {"operators": ("post",)}}, "knows no condition operators"),
        ({"kind": JointDistribution, "where": {"tier": "village"}}, "knows no condition tier"),
        ({"kind": JointDistribution, "members": ("post",)}, "only member"),
        ({"kind": CapitalGrant, "programme": "p", "assets": []}, "assets is empty"),
        ({"kind": StationSupport, "programme": "p", "where": {"operators": ("post",)}}, "knows no condition operators"),
    ],
)
def test_what_a_lever_cannot_be_is_told(content: dict[str, object], part: str) -> None:
    kind = content.pop("kind")
    assert isinstance(kind, type)
    lever = kind.model_validate({"id": "x", **content})
    assert [wrong for wrong in lever.mistakes() if part in wrong.what.en]
