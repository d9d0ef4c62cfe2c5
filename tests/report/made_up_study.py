"""A made-up study with the shape of a real one: no number in it comes from a run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.report.input import DIFFERENCES, PLACES, Assumption, ReportInput, ScenarioText, Stamp
from sim.text import MetricText, Words

SEEDS = tuple(range(1, 11))
OPERATORS = {
    "zto": Words("示例甲", "Example A"),
    "yto": Words("示例乙", "Example B"),
    "sto": Words("示例丙", "Example C"),
    "yunda": Words("示例丁", "Example D"),
    "jt": Words("示例戊", "Example E"),
    "post": Words("邮政", "the post"),
}
TITLES = {
    "baseline": Words("现状", "Baseline"),
    "pooled-lines": Words("共同分拣与班线", "Pooled sorting and lines"),
    "pooled-to-village": Words("共同配送到村", "Pooled to the village"),
    "stations-lockers": Words("村级站点与快件箱", "Stations and lockers"),
    "pooled-stations": Words("共配加站点", "Pooling with stations"),
}
CATALOGUE = {
    "cost_per_parcel_yuan": MetricText(Words("每件资源成本", "Resource cost per parcel"), "yuan/parcel", "lower"),
    "delivery_hours_mean": MetricText(Words("平均配送时长", "Mean delivery time"), "h", "lower"),
    "delivery_hours_p90": MetricText(Words("配送时长第 90 百分位", "Delivery time, 90th percentile"), "h", "lower"),
    "village_coverage": MetricText(Words("直投到村率", "Handed over in the village"), "share", "higher"),
    "served_villages_share": MetricText(Words("有服务行政村占比", "Served villages"), "share", "higher"),
    "pickup_km": MetricText(Words("取件距离", "Distance to pick up"), "km", "lower"),
    "vehicle_km": MetricText(Words("车辆里程", "Vehicle kilometres"), "km", "lower"),
    "co2_kg_per_parcel": MetricText(Words("每件二氧化碳", "CO2 per parcel"), "kg/parcel", "lower"),
    "parcels_down": MetricText(Words("下行件量", "Parcels down"), "parcels", "neutral"),
    "carrier_profit_yuan": MetricText(Words("运营主体利润", "Operators' profit"), "yuan", "higher"),
}
BASE = dict(zip(CATALOGUE, (2.31, 21.4, 47.9, 0.412, 0.287, 5.6, 412_000.0, 0.183, 1_204_311.0, 2_140_000.0), strict=True))
STEP = {
    "pooled-lines": (-0.31, 0.9, 0.4, 0.001, 0.0, 0.02, -88_000, -0.03, 0.0, 240_000),
    "pooled-to-village": (-0.12, 4.2, 6.6, 0.388, 0.46, -3.1, -35_000, -0.012, 0.0, 150_000),
    "stations-lockers": (0.14, 2.8, 3.9, 0.205, 0.31, -2.0, 41_000, 0.021, 0.0, -190_000),
    "pooled-stations": (-0.08, 4.9, 7.4, 0.481, 0.588, -3.9, -21_000, -0.006, 0.0, 60_000),
}
LEGS = {"trunk": 0.1, "sorting": 0.55, "line": 0.48, "township": 0.62, "round": 0.37, "station": 0.19}
RESOURCES = {"sites": 0.42, "vehicles": 0.38, "staff": 1.08, "operations": 0.31, "management": 0.12}
KINDS = {"door": (0.31, 16.0), "station": (0.25, 26.0), "locker": (0.08, 27.0), "township": (0.36, 21.0)}
UNITS = {"cost_per_parcel_yuan": "yuan/parcel"}
TOWNSHIPS = (
    "汉源镇 Hanyuan",
    "长道镇 Changdao",
    "何坝镇 Heba",
    "姜席镇 Jiangxi",
    "石峡镇 Shixia",
    "洛峪镇 Luoyu",
    "大桥镇 Daqiao",
    "旸嶅乡 Yang'ao",
)


def _places() -> tuple[pd.DataFrame, np.ndarray]:
    rows = [("621225", "county", "西和县", "Xihe", 105.29, 34.01, "", 90_000, "", False)]
    villages = 30
    angle = np.arange(len(TOWNSHIPS)) * 2.4
    for t_row, name in enumerate(TOWNSHIPS):
        chinese, english = name.split(" ")
        lon, lat = 105.29 + 0.03 * (t_row + 1) * np.cos(angle[t_row]), 34.01 + 0.026 * (t_row + 1) * np.sin(angle[t_row])
        key = f"6212251{t_row:02d}"
        rows.append((key, "township", chinese, english, lon, lat, "621225", 20_000 - 1_500 * t_row, "", False))
        for v_row in range(villages):
            radius, turn = 0.012 * np.sqrt(v_row + 1), 2.39996 * v_row + t_row
            remoteness = ("near", "middle", "far")[min(2, (t_row * villages + v_row) * 3 // (len(TOWNSHIPS) * villages))]
            place = (
                f"{key}{v_row:03d}",
                "village",
                f"第{v_row}村",
                "",
                lon + radius * np.cos(turn),
                lat + 0.83 * radius * np.sin(turn),
                key,
            )
            rows.append((*place, 300 + 97 * (v_row * 7 % 23), remoteness, True))
    places = pd.DataFrame(rows, columns=list(PLACES))
    return places, np.flatnonzero(places["tier"] == "village")


def _difference(
    alternative: str, metric: str, group: str, value: str, window: str, base: float, step: float, spread: float
) -> tuple[object, ...]:
    low, high = step - spread, step + spread
    side = {"higher": 1, "lower": -1, "neutral": 0}[CATALOGUE[metric].better]
    better = "neutral" if side == 0 else "unclear" if low <= 0 <= high else "yes" if step * side > 0 else "no"
    same = 1.0 if better in ("yes", "no") else 0.6
    return (
        alternative,
        metric,
        CATALOGUE[metric].unit,
        group,
        value,
        window,
        base,
        base + step,
        step,
        low,
        high,
        10,
        same,
        None,
        None,
        better,
    )


def _differences() -> pd.DataFrame:
    rows = []
    for alternative, steps in STEP.items():
        for (metric, base), step in zip(BASE.items(), steps, strict=True):
            spread = 0.06 * abs(step) + 0.004 * base * (metric != "parcels_down")
            rows.append(_difference(alternative, metric, "", "", "settled", base, step, spread))
            if metric in ("cost_per_parcel_yuan", "village_coverage"):
                rows.append(_difference(alternative, metric, "", "", "transition", base, 0.5 * step, 2 * spread))
        for index, operator in enumerate(OPERATORS):
            step = steps[-1] / 6 * (1.7 - 0.6 * index)
            rows.append(_difference(alternative, "carrier_profit_yuan", "carrier", operator, "settled", 350_000.0, step, 14_000.0))
        for index, third in enumerate(("near", "middle", "far")):
            for metric, position in (("village_coverage", 3), ("pickup_km", 5), ("delivery_hours_mean", 1)):
                step = steps[position] * (0.5 + 0.5 * index)
                rows.append(_difference(alternative, metric, "remoteness", third, "settled", BASE[metric], step, 0.02 * BASE[metric]))
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def _metrics() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for number, scenario in enumerate(TITLES):
        steps = STEP.get(scenario, (0.0,) * len(BASE))
        for seed in SEEDS:
            shake = 1 + 0.002 * (seed - 5.5)
            for (metric, base), step in zip(BASE.items(), steps, strict=True):
                rows.append((scenario, seed, "settled", metric, CATALOGUE[metric].unit, "", "", (base + step) * shake, 1_200_000))
            for group, parts in (("leg", LEGS), ("resource", RESOURCES)):
                for index, (part, value) in enumerate(parts.items()):
                    cost = value * shake * (1 - 0.05 * number * (index % 2))
                    rows.append((scenario, seed, "settled", "cost_per_parcel_yuan", "yuan/parcel", group, part, cost, 1_200_000))
            for kind, (share, hours) in KINDS.items():
                if kind == "locker" and scenario not in ("stations-lockers", "pooled-stations"):
                    continue
                for metric, times in (("delivery_hours_mean", 1.0), ("delivery_hours_p90", 2.1)):
                    rows.append(
                        (
                            scenario,
                            seed,
                            "settled",
                            metric,
                            "h",
                            "handover_kind",
                            kind,
                            hours * times * shake + number,
                            int(1_200_000 * share),
                        )
                    )
    frame = pd.DataFrame(rows, columns=["scenario", "seed", "window", "metric", "unit", "group", "value_of_group", "value", "n"])
    return frame.assign(period="all", numerator=np.nan, denominator=np.nan)


def make() -> ReportInput:
    """Return the made-up study: five scenarios, ten replications, eight townships, 240 villages."""
    places, villages = _places()
    services = {}
    for number, scenario in enumerate(TITLES):
        reach = np.clip(np.linspace(1.2, -0.4, len(villages)) + 0.28 * number - 0.1, 0.0, 1.0)
        reach[::17] = 0.0
        services[scenario] = pd.DataFrame(
            {
                "village": places["place"].to_numpy()[villages],
                "share_in_village": reach,
                "served": reach >= 0.95,
                "pickup_km": 8.0 * (1 - reach),
                "delivery_hours": 20.0 + 9.0 * reach,
            }
        )
    made_up = Words("测试数据，并非模拟结果。", "Test data, not the result of any run.")
    return ReportInput(
        study="made-up",
        title=Words("县域共同配送与村级站点（测试数据）", "Pooling below the county and village stations (test data)"),
        question=Words(
            "县以下共同配送和村级站点会怎样改变成本、时效与覆盖？",
            "What do pooling below the county and village stations change in cost, time and coverage?",
        ),
        county=Words("甘肃省西和县", "Xihe County, Gansu"),
        scenarios=tuple(ScenarioText(name, title, (made_up,)) for name, title in TITLES.items()),
        outcomes=tuple(BASE),
        differences=_differences(),
        metrics=_metrics(),
        places=places,
        services=services,
        operators=OPERATORS,
        catalogue=CATALOGUE,
        verdicts=(
            Words(
                "共同分拣与班线使每件成本下降 0.31 元（95% 区间 0.28 至 0.34）。",
                "Pooled sorting and lines lower the cost per parcel by 0.31 yuan (95% interval 0.28 to 0.34).",
            ),
            Words(
                "共同配送到村使直投到村率提高 38.8 个百分点，配送时长增加 4.2 小时。",
                "Pooling to the village raises the share handed over in the village by 38.8 points and lengthens delivery by 4.2 hours.",
            ),
        ),
        assumptions=(
            Assumption(Words("每件处理时长", "Handling time"), 45.0, "s/parcel", 10.0, 120.0, "G17"),
            Assumption(Words("绕行系数（山区）", "Detour factor, mountains"), 1.6, "ratio", 1.0, 3.0, "G11"),
        ),
        parameters_in_all=121,
        assumptions_in_all=88,
        unknowns=(
            Words("村庄的真实位置和道路里程。", "Where the villages really are, and the real road distances."),
            Words("各方的反应有多强。", "How strongly the actors respond."),
        ),
        attribution=(
            Words(
                "地名与坐标：GeoNames（CC BY 4.0），https://www.geonames.org",
                "Names and points: GeoNames (CC BY 4.0), https://www.geonames.org",
            ),
        ),
        stamp=Stamp(
            program="0.1.0",
            study_hash="3f9a61c2d47e8b05",
            scenario_hashes={name: f"{index:016x}" for index, name in enumerate(TITLES)},
            seeds=SEEDS,
            start="2021-01-01",
            days=60,
            warm_up_days=20,
            command="guantong compare study.yaml",
        ),
        notes=(made_up,),
    )
