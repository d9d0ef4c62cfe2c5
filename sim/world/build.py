"""Build the frozen World of a county folder: everything that exists before any policy."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.errors import CountyError, Fault
from sim.schema.operators import OperatorsSpec
from sim.schema.parameters import Parameters, Roads
from sim.schema.produce import Produce
from sim.world.cold import no_cold
from sim.world.county import County
from sim.world.distance import closed_days, road_metres, travel_us
from sim.world.farms import make_farms
from sim.world.households import make_households
from sim.world.name import english_name, place_name
from sim.world.operators import make_operators
from sim.world.outreach import no_outreach
from sim.world.stations import make_stations
from sim.world.tables import read_county
from sim.world.warehouses import no_warehouses
from sim.world.world import COUNTY, NO_REMOTENESS, TOWN, TOWNSHIP, VILLAGE, Fields, Int8s, Ints, Places, World


def build(folder: Path, parameters: Parameters | None = None, operators: OperatorsSpec | None = None) -> World:
    """Return the World of the county in ``folder``; raise CountyError or ScenarioError with all faults."""
    return build_world(read_county(folder), parameters or Parameters(), operators)


def build_world(county: County, parameters: Parameters, operators: OperatorsSpec | None = None) -> World:
    """Return the World of a county that has been read. No run's seed enters: all luck here hangs on keys."""
    card = county.card
    places = make_places(county, parameters.roads)
    runs = make_operators(places, parameters, operators)
    return World(
        code=card.code,
        name_zh=card.name_zh,
        name_en=card.name_en,
        province_zh=card.province_zh,
        terrain=card.terrain,
        region=card.region,
        places=places,
        households=make_households(places, parameters.demand.household_spread),
        operators=runs,
        stations=make_stations(places, parameters.station, parameters.service.station_share),
        attribution=card.attribution,
        fields=_fields(county, places, runs.n, parameters.produce) if parameters.produce.active else None,
    )


def _fields(county: County, places: Places, operators: int, produce: Produce) -> Fields:
    """Return farms and climate of a county that has crops; raise CountyError where it has none."""
    if county.crops is None or county.climate is None:
        what, what_zh = (
            "produce is switched on, but the county has no crops.csv and climate.csv",
            "农产品上行已开启，但该县没有 crops.csv 与 climate.csv",
        )
        hint, hint_zh = (
            "docs/produce.md says what they hold; or set produce.active to false",
            "内容见 docs/produce.md；或将 produce.active 设为 false",
        )
        raise CountyError([Fault(county.card.code, what, hint, what_zh, hint_zh)])
    farms = make_farms(places, county.crops, produce.farming)
    return Fields(
        county.crops, county.climate, farms, no_cold(places.n, operators), no_outreach(places.n, county.crops.n), no_warehouses(places.n)
    )


def make_places(county: County, roads: Roads) -> Places:
    """Return the places: the seat, townships, villages, town places, each tier sorted by key.

    The people of a township stand at its villages and town places; seat and township rows have none.
    """
    card, towns, villages = county.card, county.townships, county.villages
    order = sorted(range(villages.n), key=lambda i: (villages.type[i] != "village", villages.code[i]))
    rows = np.array(order, dtype=np.int64)
    m, n = towns.n, 1 + towns.n + villages.n
    ordinal = {code: i for i, code in enumerate(towns.code)}
    of = np.array([ordinal[villages.township_code[i]] for i in order], dtype=np.int32)
    below = [villages.type[i] for i in order]
    tier = np.array([COUNTY, *[TOWNSHIP] * m, *[VILLAGE if t == "village" else TOWN for t in below]], dtype=np.int8)
    parent = np.concatenate(([-1], np.zeros(m), of + 1)).astype(np.int32)
    township = np.concatenate(([-1], np.arange(m), of)).astype(np.int32)
    lon = np.concatenate(([card.seat_lon], towns.lon, villages.lon[rows]))
    lat = np.concatenate(([card.seat_lat], towns.lat, villages.lat[rows]))
    none = np.zeros(1 + m, dtype=np.int64)
    metres = road_metres(lon, lat, tier, roads, card.terrain)
    time = travel_us(metres, parent, tier, roads, card.terrain)
    key = (card.code, *towns.code, *(villages.code[i] for i in order))
    town_closed = (tier == TOWN) & (township == ordinal[card.seat_township])
    inside = town_closed | (np.arange(n) == 0) | (np.arange(n) == 1 + ordinal[card.seat_township])
    return Places(
        key=key,
        tier=tier,
        parent=parent,
        township=township,
        name_zh=(card.name_zh, *towns.name_zh, *(place_name(villages.name_zh[i]) for i in order)),
        name_en=(
            card.name_en,
            *towns.name_en,
            *(english_name(towns.name_en[ordinal[villages.township_code[i]]], villages.type[i], villages.code[i]) for i in order),
        ),
        lon=lon,
        lat=lat,
        synthetic=np.concatenate(([False], towns.synthetic, villages.synthetic[rows])),
        population=np.concatenate((none, villages.population[rows])),
        households=np.concatenate((none, villages.households[rows])),
        share_65=np.concatenate((np.zeros(1 + m), villages.share_65[rows])),
        remoteness=remoteness(time[0], tier),
        metres=metres,
        travel_us=time,
        closed_days_year=np.where(inside, 0.0, closed_days(roads, card.terrain)),
    )


def remoteness(from_seat_us: Ints, tier: Int8s) -> Int8s:
    """Return thirds of the villages by travel time from the seat (ties by row): 0 near, 1 middle, 2 far, -1 not a village."""
    village = np.flatnonzero(tier == VILLAGE)
    turn = np.argsort(from_seat_us[village], kind="stable")
    third = np.full(len(tier), NO_REMOTENESS, dtype=np.int8)
    third[village[turn]] = np.arange(len(village)) * 3 // max(len(village), 1)
    return third
