"""Write docs/produce-data.md: every crop and climate of the shipped counties with what each number rests on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sim.world.basis import ASSUMPTION, parts, sourced
from sim.world.county import County
from sim.world.crops import Climate, Crops
from sim.world.find import list_counties
from sim.world.produce import CLIMATE_COLUMNS, CROP_COLUMNS
from sim.world.tables import read_county

FIGURES = tuple(c.name for c in CROP_COLUMNS if c.kind in ("number", "day"))
DEGREES = tuple(c.name for c in CLIMATE_COLUMNS if c.kind == "number")

HEAD = """# Crops and climates of the counties

Generated from `crops.csv` and `climate.csv` of the shipped counties by `python -m sim.world.page > docs/produce-data.md`; do not edit.
What the columns mean stands in [counties.md](counties.md#crops-and-climate).

Every source was read as an excerpt, often on a mirror; outlet, date and figure are those that the excerpt shows. Where no source was
found the number is an assumption: plausible and round. Where a sourced number needed an assumption on the way, the source says so. Areas
and harvests may be those of one town or village, where that is named. Prices are of different years, as they stood.

**中文**：本页由各县 `crops.csv` 与 `climate.csv` 生成，请勿手改。每个数字或有出处（媒体、日期、数字，多摘自镜像网页），
或标为 assumption（假定，合理的整数）。面积与产量以出处为准，有的只是一个镇或一个村；价格年份不一，未作平减。
"""


def page() -> str:
    """Return the text of the page."""
    counties = [read_county(folder) for folder in list_counties()]
    grown = [(county, county.crops, county.climate) for county in counties if county.crops and county.climate]
    return "\n".join([HEAD, *_totals(grown), *(line for three in grown for line in _county(*three)), *_months(grown)]) + "\n"


def _totals(grown: list[tuple[County, Crops, Climate]]) -> Iterator[str]:
    numbers = [len(sourced(basis, FIGURES)) for _, crops, _ in grown for basis in crops.basis]
    degrees = [len(sourced(basis, DEGREES)) for _, _, climate in grown for basis in climate.basis]
    crops, months = len(numbers), len(degrees)
    yield f"{crops} crops in {len(grown)} counties: {sum(numbers)} of {crops * len(FIGURES)} numbers have a source;"
    yield f"of the climates' numbers {sum(degrees)} of {months * len(DEGREES)} have one."


def _county(county: County, crops: Crops, climate: Climate) -> Iterator[str]:
    card = county.card
    yield ""
    yield f"## {card.name_en} {card.name_zh}"
    yield ""
    head = "mu | growers | kg/mu | harvest | days at 0 C | l/kg | parcel kg | farm | wholesale | online yuan/kg | online at most"
    yield f"| crop | 作物 | {head} |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    for i in range(crops.n):
        window = f"{_date(int(crops.harvest_from[i]))} to {_date(int(crops.harvest_until[i]))}"
        land = f"{crops.area_mu[i]:,.0f} | {100 * crops.growers_share[i]:.3g}% | {crops.yield_kg_mu[i]:g}"
        parcel = f"{crops.shelf_days_0c[i]:g} | {crops.litres_per_kg[i]:g} | {crops.parcel_kg[i]:g}"
        prices = (
            f"{crops.farm_yuan_kg[i]:g} | {crops.wholesale_yuan_kg[i]:g} | {crops.online_yuan_kg[i]:g} | {100 * crops.online_share[i]:g}%"
        )
        yield f"| {crops.name_en[i]} | {crops.name_zh[i]} | {land} | {window} | {parcel} | {prices} |"
    yield ""
    for name, basis in zip(crops.name_en, crops.basis, strict=True):
        said = [f"{', '.join(f'`{n}`' for n in names)}: {source}" for names, source in parts(basis) if source != ASSUMPTION]
        yield f"- **{name}**: {'; '.join(said)}" if said else f"- **{name}**: all assumption"


def _months(grown: list[tuple[County, Crops, Climate]]) -> Iterator[str]:
    yield ""
    yield "## Climates 气温"
    yield ""
    yield "Monthly mean in degrees Celsius, and in brackets the mean daily maximum less minimum. 月平均气温，括号内为平均日较差。"
    yield ""
    yield f"| county | {' | '.join(str(month) for month in range(1, 13))} |"
    yield f"|---|{'---|' * 12}"
    for county, _, climate in grown:
        cells = [f"{mean:.1f} ({span:.1f})" for mean, span in zip(climate.mean_c, climate.range_c, strict=True)]
        yield f"| {county.card.name_en} {county.card.name_zh} | {' | '.join(cells)} |"
    yield ""
    for county, _, climate in grown:
        for basis, run in groupby(range(12), key=lambda month: climate.basis[month]):
            months = [month + 1 for month in run]
            span = "" if len(months) == 12 else f", months {months[0]} to {months[-1]}" if len(months) > 1 else f", month {months[0]}"
            yield f"- **{county.card.name_en}**{span}: {basis}"


def _date(day: int) -> str:
    months = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for month, days in enumerate(months, 1):
        if day <= days:
            return f"{month:02d}-{day:02d}"
        day -= days
    raise ValueError(f"no such day of the year: {day}")


if __name__ == "__main__":
    print(page(), end="")
