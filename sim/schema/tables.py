"""The tables a run leaves behind: every column with its type, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["int", "key", "float", "bool", "text"]


@dataclass(frozen=True)
class Column:
    """One column: ``key`` is an unsigned 64-bit number; a time is whole seconds since 00:00 of ``start``, rounded down."""

    name: str
    type: Type
    unit: str
    en: str
    zh: str
    null: bool = False


@dataclass(frozen=True)
class Table:
    """One table; ``sampled`` tables hold whole households by key where a study writes a sample."""

    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    sampled: bool = False

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(c for c in self.columns if c.name == name)


def _time(name: str, en: str, zh: str, null: bool = True) -> Column:
    return Column(name, "int", "s", en, zh, null)


def _text(name: str, en: str, zh: str, null: bool = False) -> Column:
    return Column(name, "text", "", en, zh, null)


def _count(name: str, unit: str, en: str, zh: str, null: bool = False) -> Column:
    return Column(name, "int", unit, en, zh, null)


def _real(name: str, unit: str, en: str, zh: str, null: bool = False) -> Column:
    return Column(name, "float", unit, en, zh, null)


_PARCEL = Column("parcel", "key", "", "Key of the parcel", "包裹编号")

PARCELS = Table(
    "parcels", "Parcels", "包裹",
    (
        _PARCEL,
        Column("parent", "key", "", "The parcel that this one returns", "原包裹编号", True),
        _text("direction", "down: to the receiver; back: a return", "方向(down 下行, back 退回)"),
        _text("carrier", "Operator whose network the sender chose", "快递品牌"),
        _text("last_mile_operator", "Operator that hands over", "末端派送企业"),
        _text("township", "Township of the receiver", "乡镇"),
        _text("village", "Village or town quarter of the receiver", "村(社区)"),
        _count("household", "", "Row of the household", "家庭序号"),
        _real("weight_kg", "kg", "Weight", "重量"),
        _real("volume_l", "l", "Volume", "体积"),
        _time("ready_s", "Could be had at its place of hand-over (a return: born)", "可取时刻"),
        _time("reminded_s", "Reminder sent", "提醒时刻"),
        Column("complaint", "bool", "", "Led to a complaint", "是否投诉"),
        _text("handover_place", "Place of hand-over", "交付地点", True),
        _text("handover_kind", "door, station, locker or township", "交付方式", True),
        _time("created_s", "Ordered", "下单时刻", False),
        _time("county_in_s", "Arrived at the county", "到县时刻"),
        _time("sorted_s", "Sorted for the last time", "分拣完成时刻"),
        _time("county_out_s", "Left the county's site", "出县时刻"),
        _time("township_in_s", "Arrived at the township", "到乡镇时刻"),
        _time("township_out_s", "Left the township", "出乡镇时刻"),
        _time("village_in_s", "Handed over in the village", "到村时刻"),
        _time("village_out_s", "Return left the village", "出村时刻"),
        _time("trunk_out_s", "Return left on the evening trunk", "干线发出时刻"),
        _time("finished_s", "Ended", "结束时刻"),
        Column("visit", "key", "", "The visit joined last", "取件行程编号", True),
        _count("attempts", "attempts", "Failed attempts", "失败次数"),
        Column("missorted", "bool", "", "Was missorted", "是否错分"),
        _text("outcome", "How it ended, in_transit where it has not", "结果"),
        _count("surcharge_fen", "fen", "Second fee paid", "二次收费"),
    ),
    sampled=True,
)  # fmt: skip

LEGS = Table(
    "legs", "Legs of parcels", "包裹运段",
    (
        _PARCEL,
        _count("order", "", "Order along the parcel's way", "次序"),
        _count("trip", "", "Trip it rode", "班次"),
        _text("from_place", "From", "起点"),
        _text("to_place", "To", "终点"),
        _time("load_s", "Left the place it was loaded at", "装车发出时刻"),
        _time("unload_s", "Got off", "卸车时刻"),
    ),
    sampled=True,
)  # fmt: skip

TRIPS = Table(
    "trips", "Trips", "班次",
    (
        _count("trip", "", "Number of the trip", "班次"),
        _count("day", "day", "Day in whose timetable it stands", "计划日"),
        _text("leg", "trunk, line, round, feeder or transfer", "运段"),
        _text("operator", "Operator that runs it", "企业"),
        _text("vehicle", "Vehicle", "车辆", True),
        _text("vehicle_type", "Type of vehicle", "车型"),
        _text("driver", "Driver", "驾驶员", True),
        _text("from_place", "Origin", "起点"),
        _text("to_place", "Last stop", "终点", True),
        _time("planned_depart_s", "Planned departure", "计划发车时刻"),
        _time("load_s", "Loading began", "装车开始时刻"),
        _time("depart_s", "Departure", "发车时刻"),
        _time("return_s", "Back at its origin", "返回时刻"),
        _time("free_s", "Unloaded, vehicle free", "卸空时刻"),
        _real("km", "km", "Distance driven", "里程"),
        _count("stops", "stops", "Stops served", "停靠数"),
        _count("parcels", "parcels", "Parcels loaded", "装载件数"),
        _real("load_kg", "kg", "Most aboard at once", "最大载重"),
        _real("load_l", "l", "Most aboard at once", "最大容积占用"),
        _real("capacity_kg", "kg", "Payload", "额定载重"),
        _real("capacity_l", "l", "Load volume", "额定容积"),
        _real("energy_mj", "MJ", "Energy of its fuel; null outside the county's boundary", "能耗", True),
        _real("co2_kg", "kg", "Emissions of its fuel; null outside the county's boundary", "碳排放", True),
        _text("status", "done, late, broken or cancelled", "状态"),
    ),
)  # fmt: skip

STOPS = Table(
    "stops", "Stops", "停靠",
    (
        _count("trip", "", "Trip", "班次"),
        _count("order", "", "Order along the trip", "次序"),
        _text("place", "Place", "地点"),
        _time("arrive_s", "Arrival", "到达时刻"),
        _time("depart_s", "Departure", "离开时刻"),
        _count("unloaded", "parcels", "Got off", "卸下件数"),
        _count("loaded", "parcels", "Loaded", "装上件数"),
        _count("refused_no_space", "parcels", "Stayed aboard for lack of space", "无位未卸件数"),
        _real("aboard_kg", "kg", "Aboard on leaving", "离开时载重"),
        _real("aboard_l", "l", "Aboard on leaving", "离开时容积占用"),
    ),
)  # fmt: skip

SHIFTS = Table(
    "shifts", "Shifts", "班组",
    (
        _count("day", "day", "Plan day", "计划日"),
        _text("site", "Site: dock, sorting or outlet, with its lead", "场地"),
        _text("operator", "Operator that leads it", "企业"),
        _text("role", "unloader, sorter or clerk", "岗位"),
        _time("start_s", "Begin", "开始时刻", False),
        _time("end_s", "Planned end", "计划结束时刻", False),
        _count("overtime_s", "s", "Overtime of each", "加班时长"),
        _count("people", "persons", "Stations worked", "人数"),
        _count("wage_fen_per_hour", "fen/h", "Hourly wage with the employer's contribution", "小时工资"),
    ),
)  # fmt: skip

EVENTS = Table(
    "events", "Events", "事件",
    (
        _time("time_s", "Begin", "开始时刻", False),
        _time("until_s", "End", "结束时刻"),
        _text("kind", "breakdown, closure or transfer", "类型"),
        _text("place", "Place", "地点", True),
        _text("vehicle", "Vehicle", "车辆", True),
        _count("trip", "", "Trip", "班次", True),
    ),
)  # fmt: skip

SERVICES = Table(
    "services", "Services of villages", "进村服务",
    (
        _count("from_day", "day", "First day in force", "起始日"),
        _count("to_day", "day", "Last day in force", "截止日"),
        _text("operator", "Operator", "企业"),
        _text("village", "Village", "村"),
        _text("mode", "village, township, post or refused", "服务方式"),
        _text("place", "Place of hand-over; null where refused", "交付地点", True),
        _count("days_per_week", "days/week", "Weekdays with a planned hand-over", "每周天数"),
    ),
)  # fmt: skip

PRICES = Table(
    "prices", "Prices", "价格",
    (
        _text("what", "What", "项目"),
        _text("unit", "Per", "计价单位"),
        _count("from_day", "day", "First day in force", "起始日"),
        _count("amount_fen_thousandths", "1/1000 fen", "Amount", "金额"),
        _text("source", "Parameters it comes from", "来源参数"),
    ),
)  # fmt: skip

VISITS = Table(
    "visits", "Visits", "取件行程",
    (
        Column("visit", "key", "", "Key of the visit: the parcel that set it", "行程编号"),
        _count("household", "", "Row of the household", "家庭序号"),
        _text("place", "Pick-up point", "取件地点"),
        _time("time_s", "Time", "时刻", False),
        _count("parcels", "parcels", "Parcels taken", "取件数"),
        _real("km", "km", "There and back", "往返里程"),
        _real("minutes", "min", "There and back, by road", "往返时长"),
    ),
    sampled=True,
)  # fmt: skip

STOCK = Table(
    "stock", "Stock at midnight", "零点库存",
    (
        _time("time_s", "Midnight", "时刻", False),
        _text("place", "Place", "地点"),
        _text("kind", "station (shelf and overflow), locker or township", "类型"),
        _text("operator", "Operator; null: all together", "企业", True),
        _text("unit", "Unit of amount and capacity", "单位"),
        _real("amount", "", "Amount that waits for its receiver", "数量"),
        _real("capacity", "", "Capacity; null: no limit, or counted in doors", "容量", True),
    ),
)  # fmt: skip

MONEY = Table(
    "money", "Money", "资金",
    (
        _count("day", "day", "Day", "日"),
        _text("payer", "Who pays", "付款方"),
        _text("payee", "Who receives", "收款方"),
        _text("category", "For what", "科目"),
        _text("nature", "resource or transfer", "性质"),
        _text("activity", "Activity of the 5 x 5 matrix", "环节", True),
        _text("resource", "Resource of the 5 x 5 matrix", "资源", True),
        _text("leg", "Leg: county, township, station, or that of a trip", "运段", True),
        _text("place", "Place", "地点", True),
        _text("lever", "Lever it comes from", "措施", True),
        _real("quantity", "", "Quantity since the key's last posting", "数量"),
        _text("unit", "Unit of the quantity", "单位", True),
        _count("amount_fen", "fen", "Amount, above zero", "金额"),
    ),
)  # fmt: skip

ASSETS = Table(
    "assets", "Assets", "资产",
    (
        _text("asset", "Asset", "资产"),
        _text("kind", "truck, van, depot fit-out, outlet, station or locker", "类型"),
        _text("owner", "Owner", "所有者"),
        _text("place", "Place", "地点", True),
        _text("lever", "Lever it comes from", "措施", True),
        _count("from_day", "day", "First day in service", "启用日"),
        _count("disposed_day", "day", "First day no longer in service", "停用日", True),
        _count("price_fen", "fen", "Price", "价格"),
        _real("life_years", "years", "Life", "年限"),
        _count("salvage_fen", "fen", "Salvage value", "残值"),
    ),
)  # fmt: skip

PLACES = Table(
    "places", "Places", "地点",
    (
        _text("place", "Key", "编号"),
        _text("tier", "county, township, village or town", "层级"),
        _text("name_zh", "Name in Chinese", "中文名"),
        _text("name_en", "Name in Latin letters", "拉丁名"),
        _real("lon", "degrees", "Longitude", "经度"),
        _real("lat", "degrees", "Latitude", "纬度"),
        _text("parent", "Place it belongs to", "上级", True),
        _count("population", "persons", "People", "人口"),
        _text("remoteness", "near, middle or far (villages)", "偏远程度", True),
        Column("synthetic", "bool", "", "Its position is placed by a model", "位置为模拟"),
    ),
)  # fmt: skip

SITES = Table(
    "sites", "Sites", "场地",
    (
        _text("site", "Site", "场地"),
        _text("place", "Place", "地点"),
        _text("kind", "depot, outlet, station or locker", "类型"),
        _text("operators", "Who runs it", "运营方"),
        _text("lever", "Lever that opened it", "措施", True),
        _count("open_day", "day", "First day", "启用日"),
        _count("close_day", "day", "First day no longer open", "停用日", True),
        _real("floor_m2", "m2", "Floor", "面积", True),
        _real("capacity_l", "l", "Shelf space", "货架容量", True),
        _count("doors", "doors", "Locker doors", "格口数", True),
    ),
)  # fmt: skip

PATHS = Table(
    "paths", "Paths", "路径",
    (
        _text("path", "Path", "路径"),
        _text("from", "From", "起点"),
        _text("to", "To", "终点"),
        _real("km", "km", "Road km", "里程"),
        _real("minutes", "min", "Travel time", "时长"),
        _text("source", "modelled: great circle times detour", "来源"),
    ),
)  # fmt: skip

METRICS = Table(
    "metrics", "Metrics", "指标",
    (
        _text("metric", "Metric", "指标"),
        _text("unit", "Unit of the value", "单位"),
        _text("group", "Group; empty: the county's total", "分组"),
        _text("value_of_group", "Value of the group", "组别"),
        _text("period", "all or YYYY-MM", "时段"),
        _real("value", "", "Value; null where the denominator is zero", "数值", True),
        _count("n", "", "How many it rests on", "样本数"),
        _real("numerator", "", "Numerator; null for quantiles and indices", "分子", True),
        _real("denominator", "", "Denominator; null for quantiles and indices", "分母", True),
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        PARCELS, LEGS, TRIPS, STOPS, SHIFTS, EVENTS, SERVICES, PRICES, VISITS, STOCK, MONEY, ASSETS, PLACES, SITES, PATHS, METRICS,
    )
}  # fmt: skip

NOT_BUILT: dict[str, tuple[str, ...]] = {
    "parcels": ("origin", "sender", "lot", "goods", "temperature_class", "promised_place", "destination_zone", "trunk_in_s", "quality"),
    "trips": ("temperature_c",),
    "shifts": ("shift",),
    "events": ("path", "cause"),
    "services": ("direction", "reason"),
    "stock": ("temperature_c",),
    "money": ("programme", "source"),
    "assets": ("bought_day", "granted_fen"),
    "paths": ("geometry",),
}
"""Columns that come with what they describe; none is filled with a constant before."""
