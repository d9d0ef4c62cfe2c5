"""A county as its folder has it: what a page draws before anything has run."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.scenario.files import counties
from sim.world.tables import read_county


@lru_cache(maxsize=16)
def outline(name: str, beside: Path | None = None) -> dict[str, Any]:
    """Return the seat, the townships and the villages of a county by its folder's name; {} where there is none.

    It is a shipped one or one in the scenarios folder ``beside``; CountyError lists the faults of one that does not read.
    Villages are points only; whether their positions are synthetic is said once for all.
    """
    folders = {row.folder.name: row.folder for row in counties(beside)}
    if name not in folders:
        return {}
    county = read_county(folders[name])
    card, towns, villages = county.card, county.townships, county.villages
    points = [[round(lon, 5), round(lat, 5)] for lon, lat in zip(villages.lon.tolist(), villages.lat.tolist(), strict=True)]
    return {
        "seat": {"zh": card.name_zh, "en": card.name_en, "lon": card.seat_lon, "lat": card.seat_lat},
        "townships": [
            {"zh": zh, "en": en, "lon": round(lon, 5), "lat": round(lat, 5)}
            for zh, en, lon, lat in zip(towns.name_zh, towns.name_en, towns.lon.tolist(), towns.lat.tolist(), strict=True)
        ],
        "villages": points,
        "credit": asdict(card.attribution),
        "synthetic": bool(villages.synthetic.any()),
    }
