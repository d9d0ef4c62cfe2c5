"""Levers in whole runs of the small county: nothing at zero strength, the right direction at full strength, no two cells alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from sim.levers import KINDS, Lever
from sim.rules import ACTIVITIES, REFUSED_CELLS, RESOURCES
from sim.run import Run, run
from tests.run.small import ORCHARD, POOL_ALL, POOLED, digests, scenario

LOWER, HIGHER = -1, 1
PROGRAMMES = {"money": {"budget": {"central": 40_000, "county": 10_000}}}
CELLS = [(a, r) for a in ACTIVITIES for r in RESOURCES if (a, r) not in REFUSED_CELLS and a != "collection"]
"""Those of collection need parcels that go up: tests/produce/test_collection_cells.py."""
SPARSE: dict[str, dict[str, Any]] = {
    "demand": {"village_orders_per_person_year": 40},
    "service": {"station_share": 0.5, "village_share": 0.4},
    "station": {"shelf_l": 60},
}
"""Few stations with small shelves and much to put on them: there is something to open and to relieve."""


@dataclass(frozen=True)
class Way:
    """Which way a metric goes under a lever, and why, for a county planner."""

    metric: str
    way: int
    why: str


@dataclass(frozen=True)
class Proof:
    """What shows that a kind of lever works: settings of no strength, settings of full strength and what these must move."""

    zero: tuple[dict[str, Any], ...]
    full: dict[str, Any]
    moves: tuple[Way, ...]
    produce: str = ""
    """The first day of a run in a county with farms; "": it needs none."""
    beside: tuple[dict[str, Any], ...] = ()
    """Levers that stand before it, in the run it is compared with too."""


PROOFS: dict[str, Proof] = {
    "joint_distribution": Proof(
        zero=({"pool": {}}, {"pool": POOLED, "members": ["post"]}, {"pool": {"sorting": []}}),
        full={"pool": POOLED},
        moves=(
            Way("cost_per_parcel_yuan", LOWER, "six half-empty vans to one township become one full van, six depots one"),
            Way("vehicle_km", LOWER, "one truck drives the line that six drove"),
            Way("co2_kg_per_parcel", LOWER, "fewer kilometres burn less fuel"),
            Way("load_factor", HIGHER, "what six vans carried fills one"),
            Way("staff_hours", LOWER, "one crew sorts for all, and nobody waits at six docks"),
            Way("village_coverage", HIGHER, "a village that one member serves is served for all"),
            Way("pickup_km", LOWER, "parcels come to the village, so fewer people drive to the township"),
        ),
    ),
    "village_stations": Proof(
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0, "carried_by": "post"},
        moves=(
            Way("stations_share", HIGHER, "every village without a station gets one"),
            Way("village_coverage", HIGHER, "the post brings to the village what others left at the township"),
            Way("pickup_km", LOWER, "people walk to their own station"),
            Way("resource_cost_yuan", HIGHER, "stations are fitted out and run, and the post drives more to the villages"),
        ),
    ),
    "parcel_lockers": Proof(
        zero=({"share": 0}, {"doors": {"small": 0, "medium": 0, "large": 0}}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0},
        moves=(
            Way("failed_share", LOWER, "doors take what the small shelf has no room for"),
            Way("order_to_hand_hours", LOWER, "a door opens at night too, and fewer parcels are brought twice"),
            Way("resource_cost_yuan", HIGHER, "lockers are bought and powered"),
        ),
    ),
    "per_parcel_subsidy": Proof(
        zero=({"rate": 0, "programme": "money"}, {"programme": "money", "where": {"operators": []}}),
        full={"rate": 5, "programme": "money"},
        moves=(
            Way("public_spending_yuan", HIGHER, "the programme pays"),
            Way("carrier_profit_yuan", HIGHER, "operators receive it"),
            Way("village_coverage", HIGHER, "at 5 yuan a parcel it pays operators to drive to villages they left out"),
        ),
    ),
    "service_order": Proof(
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}, {"where": {"operators": []}}),
        full={},
        moves=(
            Way("village_coverage", HIGHER, "every operator brings its own parcels to every village"),
            Way("vehicle_km", HIGHER, "six vans come to each village instead of the post's and a few others"),
            Way("cost_per_parcel_yuan", HIGHER, "their rounds run nearly empty"),
            Way("pickup_km", LOWER, "nobody has to go to the township"),
            Way("parcels_down", HIGHER, "households order more where parcels come to the village"),
        ),
    ),
    "station_support": Proof(
        zero=({"per_month": 0, "programme": "money"}, {"programme": "money", "where": {"places": ["nowhere"]}}),
        full={"per_month": 2000, "programme": "money"},
        moves=(
            Way("public_spending_yuan", HIGHER, "the programme pays"),
            Way("host_income_yuan", HIGHER, "hosts receive it"),
        ),
    ),
    "capital_grant": Proof(
        zero=({"share": 0, "programme": "money"}, {"cap": 0, "programme": "money"}),
        full={"share": 0.5, "programme": "money"},
        moves=(
            Way("public_spending_yuan", HIGHER, "the programme pays half of the new stations"),
            Way("host_income_yuan", HIGHER, "hosts who open a station get half of its price"),
        ),
        beside=({"kind": "village_stations", "id": "stations"},),
    ),
    "cold_chain": Proof(
        produce="2021-03-01",
        zero=({"share": 0},),
        full={"township_m3": 20, "boxes": True, "reefers": True},
        moves=(
            Way("produce_up_kg", HIGHER, "strawberries arrive fit and are paid, so farms go on sending them"),
            Way("cold_chain_share", HIGHER, "rooms, boxes, reefers and a cold trunk are there"),
            Way("cold_power_kwh", HIGHER, "rooms are held cold and lots are cooled down"),
            Way("co2_kg", HIGHER, "their electricity has emissions"),
            Way("resource_cost_yuan", HIGHER, "rooms and reefers are bought"),
        ),
    ),
    "ecommerce_services": Proof(
        produce="2021-03-01",
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"places": 20},
        moves=(
            Way("farms_online_share", HIGHER, "beginning costs a trained farm less"),
            Way("public_spending_yuan", HIGHER, "the county pays the centre"),
        ),
    ),
    "origin_warehouse": Proof(
        produce="2021-08-25",
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0, "cold": True},
        moves=(
            Way("resource_cost_yuan", HIGHER, "warehouses are fitted out and run"),
            Way("parcels_up", HIGHER, "orders that come between two pickings are met from stock"),
            Way("farmer_income_yuan", HIGHER, "more is sold at the price online, and packing and sending cost less there"),
        ),
    ),
    "platform_carrier_deals": Proof(
        produce="2021-08-25",
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}, {"where": {"operators": []}}),
        full={"share": 1.0},
        moves=(
            Way("parcels_up", HIGHER, "at 4 yuan instead of 9 selling pears online leaves more to a household"),
            Way("farms_online_share", HIGHER, "so more farms begin"),
            Way("online_share", HIGHER, "and more is sold there"),
            Way("village_coverage", HIGHER, "the van that collects brings what goes down"),
            Way("vehicle_km", HIGHER, "it drives to villages it left out"),
        ),
    ),
    "produce_to_city": Proof(
        produce="2021-08-25",
        zero=({"capacity_share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"capacity_share": 0.2},
        moves=(
            Way("farmer_income_yuan", HIGHER, "city buyers pay more than the wholesale market"),
            Way("farm_net_price_yuan_kg", HIGHER, "and the township is nearer than the seat"),
            Way("farm_cost_yuan", LOWER, "so farms drive less"),
            Way("online_share", LOWER, "some of what was packed and sent goes to the contract instead"),
        ),
    ),
    "wholesale_market": Proof(
        produce="2021-03-01",
        zero=({"share": 0}, {"trucks": 0}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0},
        moves=(
            Way("farmer_income_yuan", HIGHER, "the cold market pays a tenth more, and nobody drives to the seat"),
            Way("farm_price_yuan_kg", HIGHER, "strawberries arrive cold, in better quality"),
            Way("farm_cost_yuan", LOWER, "the truck comes to the township"),
            Way("produce_loss_share", LOWER, "less is packed and sent that would arrive too late"),
        ),
    ),
    "traceability": Proof(
        produce="2021-08-25",
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}),
        full={"share": 1.0, "premium": 0.15},
        moves=(
            Way("parcels_up", HIGHER, "buyers pay more for traced pears, so more of them go online"),
            Way("online_share", HIGHER, "instead of to the market"),
            Way("farmer_income_yuan", HIGHER, "the premium is more than what tracing costs"),
            Way("public_spending_yuan", HIGHER, "the county inspects"),
        ),
    ),
    "sunk_supply_chain": Proof(
        zero=({"share": 0}, {"where": {"places": ["nowhere"]}}, {"where": {"operators": []}}),
        full={"share": 0.5},
        moves=(
            Way("order_to_hand_hours", LOWER, "half of the orders are picked in the county and need no trunk"),
            Way("resource_cost_yuan", HIGHER, "stock is held, stored and picked"),
        ),
    ),
}
FARMS: dict[str, dict[str, Any]] = {
    "produce": {"active": True, "learning": {"considers": 1.0, "review_every_days": 5}, "packaging": {"ice_steps": 0}}
}
"""Farms that all think of selling online, every five days, and have no ice: where they pack it a cold trunk's fee may keep parcels home."""


def with_lever(kind: str, settings: dict[str, Any], beside: tuple[dict[str, Any], ...] = ()) -> Run:
    """Return a run with one lever, behind those ``beside`` it."""
    levers = [*beside, {"kind": kind, "id": "lever", **settings}]
    if PROOFS[kind].produce:
        return run(scenario(levers=levers, county=ORCHARD, start=PROOFS[kind].produce, **SPARSE, **FARMS))
    return run(scenario(levers=levers, programmes=PROGRAMMES, **SPARSE))


@pytest.fixture(scope="module")
def baseline() -> Callable[[str], Run]:
    """Return what gives the run without a lever, made once: by the first day of a county with farms, or "" for the one without."""

    @cache
    def made(start: str) -> Run:
        return run(scenario(county=ORCHARD, start=start, **SPARSE, **FARMS) if start else scenario(**SPARSE))

    return made


def kind_of(lever: type[Lever]) -> str:
    """Return the word by which scenarios call a kind."""
    return str(lever.model_fields["kind"].default)


@pytest.mark.parametrize("kind", [kind_of(lever) for lever in KINDS])
def test_a_lever_of_no_strength_is_the_baseline_byte_for_byte_and_one_of_full_strength_moves_what_it_names(
    kind: str, baseline: Callable[[str], Run]
) -> None:
    proof = PROOFS[kind]
    without = run(scenario(levers=proof.beside, **SPARSE)) if proof.beside else baseline(proof.produce)
    for settings in proof.zero:
        assert digests(with_lever(kind, settings, proof.beside)) == digests(without), settings
    made = with_lever(kind, proof.full, proof.beside)
    wrong = []
    for move in proof.moves:
        before, after = without.metric(move.metric), made.metric(move.metric)
        print(f"{kind}: {move.metric} {before:.4g} -> {after:.4g} ({'higher' if move.way > 0 else 'lower'}: {move.why})")
        if (after - before) * move.way <= 0:
            wrong.append(f"{move.metric} {before:.4g} -> {after:.4g}, although {move.why}")
    assert not wrong


def test_every_kind_of_lever_has_its_proof() -> None:
    assert set(PROOFS) == {kind_of(lever) for lever in KINDS}


def test_a_lever_before_its_date_changes_nothing_in_the_transition() -> None:
    def moved(levers: list[dict[str, Any]]) -> tuple[int, Run]:
        made = run(scenario(levers=levers, days=8, warm_up=3), settled=False)
        return len(made.table("trips")), made

    _, before = moved([])
    _, after = moved([{**POOL_ALL, "from": "2021-03-05"}])
    was, now = (made.table("trips") for made in (before, after))
    early = [trips[(trips["day"] < 4) & (trips["return_s"] < 4 * 86_400)] for trips in (was, now)]
    assert len(early[0]) > 100
    assert early[0].reset_index(drop=True).equals(early[1].reset_index(drop=True))
    assert len(was) > len(now)


@pytest.fixture(scope="module")
def cells() -> dict[str, dict[str, str]]:
    """Return the tables' hashes with each accepted cell pooled alone, and without any."""
    short = scenario(days=5, warm_up=2)
    found = {"baseline": digests(run(short))}
    for activity, resource in CELLS:
        pool = {"kind": "joint_distribution", "id": "pool", "pool": {activity: [resource]}}
        found[f"{activity}.{resource}"] = digests(run(scenario(levers=[pool], days=5, warm_up=2)))
    return found


def test_any_two_cells_of_the_matrix_give_different_trips_money_or_parcels(cells: dict[str, dict[str, str]]) -> None:
    assert len(cells) == 1 + len(CELLS) == 19
    seen = {name: tuple(tables[table] for table in ("trips", "money", "parcels")) for name, tables in cells.items()}
    alike = [(a, b) for a, b in combinations(seen, 2) if seen[a] == seen[b]]
    assert not alike


def test_only_the_management_of_anything_and_the_staff_of_stores_move_nothing_but_money(cells: dict[str, dict[str, str]]) -> None:
    physical = ("trips", "parcels", "shifts", "assets", "sites", "stops")
    idle = {name for name in cells if name != "baseline" and all(cells[name][t] == cells["baseline"][t] for t in physical)}
    assert idle <= {"warehousing.staff", *(f"{activity}.management" for activity in ACTIVITIES)}
