"""Read the rows of a county's two optional tables of produce, crops.csv and climate.csv: both or neither."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Fault
from sim.world.sheet import Column, Row, read_sheet

PRICE = ("yuan/kg", "元/千克")

CROP_COLUMNS = (
    Column("crop", "slug"),
    Column("name_zh", "text"),
    Column("name_en", "text"),
    Column("area_mu", "number", low=1, high=1e8, unit=("mu", "亩")),
    Column("growers_share", "number", low=1e-4, high=1, unit=("of the rural households", "（占农村住户）")),
    Column("yield_kg_mu", "number", low=1e-3, high=50_000, unit=("kg/mu", "千克/亩")),
    Column("harvest_from", "day"),
    Column("harvest_until", "day"),
    Column("shelf_days_0c", "number", low=1, high=3650, unit=("days", "天")),
    Column("litres_per_kg", "number", low=0.5, high=50, unit=("l/kg", "升/千克")),
    Column("parcel_kg", "number", low=0.05, high=50, unit=("kg", "千克")),
    Column("farm_yuan_kg", "number", low=0.01, high=10_000, unit=PRICE),
    Column("wholesale_yuan_kg", "number", low=0.01, high=10_000, unit=PRICE),
    Column("online_yuan_kg", "number", low=0.01, high=10_000, unit=PRICE),
    Column("online_share", "number", low=0, high=1, unit=("of the harvest", "占收成")),
    Column("basis", "text"),
)

CLIMATE_COLUMNS = (
    Column("month", "count", least=1, most=12),
    Column("mean_c", "number", low=-40, high=45, unit=("degrees Celsius", "摄氏度")),
    Column("range_c", "number", low=0, high=40, unit=("degrees Celsius", "摄氏度")),
    Column("basis", "text"),
)


def read_produce(folder: Path, faults: list[Fault]) -> tuple[list[Row], list[Row]]:
    """Return what the county grows and its climate by month, both empty where the folder has neither table; faults are added."""
    crops, climate = folder / "crops.csv", folder / "climate.csv"
    there = [path.is_file() for path in (crops, climate)]
    if not any(there):
        return [], []
    if not all(there):
        missing = climate if there[0] else crops
        pair, pair_zh = "crops.csv and climate.csv go together: both or neither", "crops.csv 与 climate.csv 须同时存在或都不存在"
        faults.append(Fault(str(missing), "the file is missing", pair, "缺少文件", pair_zh))
    grown = read_sheet(crops, CROP_COLUMNS, faults) if there[0] else []
    months = read_sheet(climate, CLIMATE_COLUMNS, faults) if there[1] else []
    _check_crops(crops, grown, faults)
    _check_months(climate, months, faults)
    return grown, months


def _check_crops(path: Path, rows: list[Row], faults: list[Fault]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        crop, here = row.text("crop"), f"{path}:{row.line}"
        if crop in seen:
            hint, hint_zh = f"it stands at line {seen[crop]} already", f"已见于第 {seen[crop]} 行"
            faults.append(Fault(here, f"crop {crop!r} stands twice", hint, f"作物 {crop!r} 重复", hint_zh))
        elif crop:
            seen[crop] = row.line
        farm, wholesale = row.number("farm_yuan_kg"), row.number("wholesale_yuan_kg")
        if wholesale < farm:
            what, what_zh = f"wholesale_yuan_kg {wholesale:g} is below farm_yuan_kg {farm:g}", f"批发价 {wholesale:g} 低于收购价 {farm:g}"
            hint, hint_zh = "allowed: the farm-gate price or more (the middleman sells there)", "允许：不低于收购价（收购商在批发市场出售）"
            faults.append(Fault(here, what, hint, what_zh, hint_zh))


def _check_months(path: Path, rows: list[Row], faults: list[Fault]) -> None:
    seen: dict[int, int] = {}
    broken = False
    for row in rows:
        month = row.number("month")
        if month != month:
            broken = True
        elif int(month) in seen:
            hint, hint_zh = f"it stands at line {seen[int(month)]} already", f"已见于第 {seen[int(month)]} 行"
            faults.append(Fault(f"{path}:{row.line}", f"month {month:g} stands twice", hint, f"月份 {month:g} 重复", hint_zh))
        else:
            seen[int(month)] = row.line
    lost = [str(month) for month in range(1, 13) if month not in seen]
    if rows and lost and not broken:
        names = ", ".join(lost)
        hint, hint_zh = "needed: every month from 1 to 12 once", "须有 1 至 12 月各一行"
        faults.append(Fault(str(path), f"missing months: {names}", hint, f"缺少月份：{names}", hint_zh))
