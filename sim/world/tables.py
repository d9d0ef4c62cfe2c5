"""A county folder as frozen tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.world.county import County, Townships, Villages
from sim.world.crops import Climate, Crops
from sim.world.read import read_sheets
from sim.world.sheet import Row
from sim.world.world import Floats, Ints


def read_county(folder: Path) -> County:
    """Return the county in ``folder``; raise CountyError with all faults at once."""
    sheets = read_sheets(folder)
    crops, climate = (_crops(sheets.crops), _climate(sheets.climate)) if sheets.crops else (None, None)
    return County(sheets.card, _townships(sheets.townships), _villages(sheets.villages), crops, climate)


def _townships(rows: list[Row]) -> Townships:
    rows = sorted(rows, key=lambda row: row.text("code"))
    code, zh, en, kind, source = (tuple(row.text(name) for row in rows) for name in ("code", "name_zh", "name_en", "type", "coord_source"))
    lon, lat = (_floats(rows, name) for name in ("lon", "lat"))
    return Townships(code, zh, en, kind, lon, lat, source, np.array([bool(row.cells["synthetic"]) for row in rows]))


def _villages(rows: list[Row]) -> Villages:
    rows = sorted(rows, key=lambda row: row.text("code"))
    code, township, zh, kind, source = (
        tuple(row.text(name) for row in rows) for name in ("code", "township_code", "name_zh", "type", "coord_source")
    )
    lon, lat, share = (_floats(rows, name) for name in ("lon", "lat", "share_65"))
    people, households = (_ints(rows, name) for name in ("population", "households"))
    synthetic = np.array([bool(row.cells["synthetic"]) for row in rows])
    return Villages(code, township, zh, kind, lon, lat, source, synthetic, people, households, share)


def _crops(rows: list[Row]) -> Crops:
    rows = sorted(rows, key=lambda row: row.text("crop"))
    key, zh, en, basis = (tuple(row.text(name) for row in rows) for name in ("crop", "name_zh", "name_en", "basis"))
    return Crops(
        key,
        zh,
        en,
        area_mu=_floats(rows, "area_mu"),
        growers_share=_floats(rows, "growers_share"),
        yield_kg_mu=_floats(rows, "yield_kg_mu"),
        harvest_from=_ints(rows, "harvest_from"),
        harvest_until=_ints(rows, "harvest_until"),
        shelf_days_0c=_floats(rows, "shelf_days_0c"),
        litres_per_kg=_floats(rows, "litres_per_kg"),
        parcel_kg=_floats(rows, "parcel_kg"),
        farm_yuan_kg=_floats(rows, "farm_yuan_kg"),
        wholesale_yuan_kg=_floats(rows, "wholesale_yuan_kg"),
        online_yuan_kg=_floats(rows, "online_yuan_kg"),
        online_share=_floats(rows, "online_share"),
        basis=basis,
    )


def _climate(rows: list[Row]) -> Climate:
    rows = sorted(rows, key=lambda row: row.number("month"))
    return Climate(_floats(rows, "mean_c"), _floats(rows, "range_c"), tuple(row.text("basis") for row in rows))


def _floats(rows: list[Row], name: str) -> Floats:
    return np.array([row.number(name) for row in rows], dtype=np.float64)


def _ints(rows: list[Row], name: str) -> Ints:
    return np.array([row.number(name) for row in rows], dtype=np.int64)
