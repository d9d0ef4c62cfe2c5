"""Read a county folder row by row, or refuse it with everything that is wrong; nothing here needs columns (``guantong check`` is quick)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from sim.errors import CountyError, Fault, closest
from sim.world.card import read_card
from sim.world.county import EARTH_KM, Card
from sim.world.produce import read_produce
from sim.world.sheet import TOWNSHIP_COLUMNS, VILLAGE_COLUMNS, Row, read_sheet

FARTHEST_KM = 500.0
"""No place of a county lies farther from its seat (China's largest county is about 800 km across)."""


@dataclass(frozen=True)
class Sheets:
    """A county folder's card and rows; ``crops`` and ``climate`` are both empty where it sells no produce."""

    card: Card
    townships: list[Row]
    villages: list[Row]
    crops: list[Row]
    climate: list[Row]


def read_sheets(folder: Path) -> Sheets:
    """Return what stands in ``folder``; raise CountyError with all faults at once."""
    faults: list[Fault] = []
    if not folder.is_dir():
        what, what_zh = "there is no such county folder", "没有这个县文件夹"
        raise CountyError([Fault(str(folder), what, "", what_zh)])
    card = read_card(folder / "county.yaml", faults)
    townships = read_sheet(folder / "townships.csv", TOWNSHIP_COLUMNS, faults)
    villages = read_sheet(folder / "villages.csv", VILLAGE_COLUMNS, faults)
    _check_codes(folder, townships, villages, faults)
    _check_people(folder, villages, faults)
    if card is not None:
        _check_seat(folder, card, townships, faults)
        _check_distance(folder / "townships.csv", card, townships, faults)
        _check_distance(folder / "villages.csv", card, villages, faults)
    crops, climate = read_produce(folder, faults)
    if faults or card is None:
        raise CountyError(faults)
    return Sheets(card, townships, villages, crops, climate)


def _check_codes(folder: Path, townships: list[Row], villages: list[Row], faults: list[Fault]) -> None:
    seen: dict[str, str] = {}
    for file, rows in (("townships.csv", townships), ("villages.csv", villages)):
        for row in rows:
            code, here = row.text("code"), f"{folder / file}:{row.line}"
            if code in seen:
                hint, hint_zh = f"it stands at {seen[code]} already", f"已见于 {seen[code]}"
                faults.append(Fault(here, f"code {code!r} stands twice", hint, f"编码 {code!r} 重复", hint_zh))
            elif code:
                seen[code] = here
    known = [row.text("code") for row in townships]
    for row in villages:
        township = row.text("township_code")
        if township and known and township not in known:
            near = closest(township, known, 0.0)
            what, what_zh = f"unknown township {township!r}", f"未知的乡镇 {township!r}"
            hint, hint_zh = f"did you mean {near!r}? townships are in townships.csv", f"是否为 {near!r}？乡镇见 townships.csv"
            faults.append(Fault(f"{folder / 'villages.csv'}:{row.line}", what, hint, what_zh, hint_zh))


def _check_people(folder: Path, villages: list[Row], faults: list[Fault]) -> None:
    for row in villages:
        people, households = row.number("population"), row.number("households")
        if households > people:
            what, what_zh = f"{households:g} households for {people:g} people", f"{people:g} 人却有 {households:g} 户"
            hint, hint_zh = "allowed: households up to the population", "允许：户数不超过人口"
            faults.append(Fault(f"{folder / 'villages.csv'}:{row.line}", what, hint, what_zh, hint_zh))
    if villages and not any(row.text("type") == "village" for row in villages):
        what, what_zh = "the county has no village", "县内没有村"
        faults.append(
            Fault(str(folder / "villages.csv"), what, "at least one row of type 'village'", what_zh, "至少一行 type 为 'village'")
        )


def _check_seat(folder: Path, card: Card, townships: list[Row], faults: list[Fault]) -> None:
    known = [row.text("code") for row in townships]
    if known and card.seat_township not in known:
        near = closest(card.seat_township, known, 0.0)
        what, what_zh = f"seat.township is {card.seat_township!r}", f"seat.township 为 {card.seat_township!r}"
        hint, hint_zh = f"did you mean {near!r}? townships are in townships.csv", f"是否为 {near!r}？乡镇见 townships.csv"
        faults.append(Fault(str(folder / "county.yaml"), what, hint, what_zh, hint_zh))
    if card.code in known:
        what, what_zh = f"the county's code {card.code!r} is a township's too", f"县编码 {card.code!r} 与乡镇重复"
        faults.append(Fault(str(folder / "county.yaml"), what, "", what_zh))


def _check_distance(path: Path, card: Card, rows: list[Row], faults: list[Fault]) -> None:
    for row in rows:
        lon, lat = row.number("lon"), row.number("lat")
        if math.isnan(lon) or math.isnan(lat):
            continue
        km = apart_km(card.seat_lon, card.seat_lat, lon, lat)
        if km > FARTHEST_KM:
            what, what_zh = f"the place lies {km:.0f} km from the seat", f"距县城 {km:.0f} 公里"
            hint, hint_zh = f"allowed: up to {FARTHEST_KM:g} km", f"允许：不超过 {FARTHEST_KM:g} 公里"
            faults.append(Fault(f"{path}:{row.line}", what, hint, what_zh, hint_zh))


def apart_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the great-circle distance of two positions (haversine)."""
    across, along = math.sin(math.radians(lon - other_lon) / 2), math.sin(math.radians(lat - other_lat) / 2)
    chord = along * along + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * across * across
    return 2 * EARTH_KM * math.asin(math.sqrt(min(chord, 1.0)))
