"""Make a county to measure on: 16 townships, 200 villages, six operators, as many parcels a day as asked for."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from sim import luck
from sim.scenario.model import Origin, Scenario

TOWNSHIPS, VILLAGES, QUARTERS = 16, 200, 4
RURAL, URBAN = 300_000, 92_000
PERSONS = 3.1
VILLAGE_RATE, TOWN_RATE = 5.6, 60.0
"""Orders a person and year at which the county has ``BASE`` parcels a day."""
BASE = (RURAL * VILLAGE_RATE + URBAN * TOWN_RATE) / 365
SEAT = (114.0, 33.5)
CODE = "999903"
ALL_CELLS = {
    "warehousing": ["sites", "staff", "operations", "management"],
    "sorting": ["sites", "staff", "operations", "management"],
    "transport": ["sites", "vehicles", "staff", "operations", "management"],
    "delivery": ["sites", "vehicles", "staff", "operations", "management"],
}


def _uniform(purpose: str, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return luck.uniform(0, purpose, 0, np.arange(n, dtype=np.uint64))


def write_county(folder: Path) -> Path:
    """Write the county's folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"people": RURAL + URBAN, "urban": URBAN, "rural": RURAL, "households": (RURAL + URBAN) / PERSONS, "people_65": 50_000}
    (folder / "county.yaml").write_text(
        "format: 1\n"
        f'code: "{CODE}"\n'
        "name: {zh: 测速县, en: Speedshire}\nprefecture: {zh: 试验市, en: Test City}\nprovince: {zh: 试验省, en: Test Province}\n"
        f'seat: {{lon: {SEAT[0]}, lat: {SEAT[1]}, township: "{CODE}100"}}\nterrain: plain\nregion: central\n'
        'area_km2: {value: 1600, year: 2021, source: "invented"}\nfigures:\n'
        + "".join(f'  {name}: {{value: {round(value)}, year: 2021, source: "invented"}}\n' for name, value in figures.items())
        + "licence: CC0 1.0\nattribution: Invented to measure speed\ncolumns: {townships.csv: invented, villages.csv: invented}\n"
        "notes:\n  - {zh: 虚构的县。, en: An invented county.}\n",
        encoding="utf-8",
    )
    angle, far = 2 * np.pi * _uniform("angle", TOWNSHIPS), 0.05 + 0.15 * _uniform("far", TOWNSHIPS)
    lon, lat = SEAT[0] + far * np.cos(angle), SEAT[1] + far * np.sin(angle)
    lon[0], lat[0] = SEAT
    codes = [f"{CODE}{100 + t}" for t in range(TOWNSHIPS)]
    _write(
        folder / "townships.csv",
        ["code", "name_zh", "name_en", "type", "lon", "lat", "coord_source", "synthetic", "geonameid"],
        [[code, f"第{t}镇", f"Town {t}", "town", f"{lon[t]:.5f}", f"{lat[t]:.5f}", "model", 1, ""] for t, code in enumerate(codes)],
    )
    turn, away = 2 * np.pi * _uniform("turn", VILLAGES), 0.05 * np.sqrt(_uniform("away", VILLAGES))
    rows: list[list[Any]] = []
    for i in range(VILLAGES):
        t = i % TOWNSHIPS
        rows.append(_place(codes[t], f"{200 + i // TOWNSHIPS}", f"第{i}村村委会", "village", lon[t] + away[i] * np.cos(turn[i]),
                           lat[t] + away[i] * np.sin(turn[i]), RURAL // VILLAGES))  # fmt: skip
    for i in range(TOWNSHIPS + QUARTERS - 1):
        t = max(0, i - QUARTERS + 1)
        people = round(URBAN * (0.6 / QUARTERS if t == 0 else 0.4 / (TOWNSHIPS - 1)))
        rows.append(
            _place(codes[t], f"{1 + (i if t == 0 else 0):03d}", f"第{i}社区居委会", "resident", lon[t] + 0.004, lat[t] + 0.003, people)
        )
    header = ["code", "township_code", "name_zh", "type", "lon", "lat", "coord_source", "synthetic", "population", "households", "share_65"]
    _write(folder / "villages.csv", header, sorted(rows))
    return folder


def _place(township: str, number: str, name: str, kind: str, lon: float, lat: float, people: int) -> list[Any]:
    return [township + number, township, name, kind, f"{lon:.5f}", f"{lat:.5f}", "model", 1, people, round(people / PERSONS), 0.15]


def _write(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def scenario(folder: Path, per_day: int, days: int, pooled: bool) -> Scenario:
    """Return a scenario with about ``per_day`` parcels a day, separate or with all cells of the matrix pooled.

    The people stay, their rates are scaled; shelves grow with the rates, else the stations of towns overflow at 80,000 a day and a
    backlog that grows from day to day is measured.
    """
    factor = per_day / BASE
    content = {
        "format": 1, "name": f"{'pooled' if pooled else 'separate'}-{per_day}", "county": folder.name, "start": "2021-03-01", "days": days,
        "warm_up_days": 0,
        "levers": [{"kind": "joint_distribution", "id": "pool", "pool": ALL_CELLS}] if pooled else [],
        "parameters": {"demand": {
            "village_orders_per_person_year": VILLAGE_RATE * factor, "town_orders_per_person_year": TOWN_RATE * factor,
            "regional_factor": 1.0, "growth_per_year": 0,
        }, "station": {"shelf_l": 600 * max(1.0, factor), "town_shelf_l": 20_000 * max(1.0, factor)}},
    }  # fmt: skip
    return Scenario.model_validate(content).at(Origin(county_folder=folder))
