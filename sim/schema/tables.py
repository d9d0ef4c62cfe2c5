"""The tables a run leaves behind: every column with its type, unit and meaning."""

from __future__ import annotations

from sim.schema.column import Column, Table, count, real, text, time

_PARCEL = Column("parcel", "key", "", "Key of the parcel", "包裹编号")

PARCELS = Table(
    "parcels", "Parcels", "包裹",
    (
        _PARCEL,
        Column("parent", "key", "", "The parcel that this one returns", "原包裹编号", True),
        text("direction", "down: to the receiver; back: a return; up: farm produce", "方向(down 下行, back 退回, up 上行)"),
        text("origin", "outside, county_stock or farm", "来源(outside 县外, county_stock 县域仓, farm 农户)"),
        text("carrier", "Operator whose network the sender chose", "快递品牌"),
        text("last_mile_operator", "Operator that hands over", "末端派送企业"),
        text("township", "Township of the receiver; of the sender, going up", "乡镇"),
        text("village", "Village or town quarter of the receiver; of the sender, going up", "村（社区）"),
        count("household", "", "Row of the household; null going up", "家庭序号", True),
        Column("lot", "key", "", "Lot it belongs to, going up", "批次编号", True),
        real("quality", "1", "Quality on arrival, going up (1: perfect)", "到货品质", True),
        text("destination_zone", "Where its buyer is, going up: near (own province), middle or far", "目的区域(near 本省, far 远)", True),
        real("weight_kg", "kg", "Weight", "重量"),
        real("volume_l", "l", "Volume", "体积"),
        time("ready_s", "Could be had at its place of hand-over (a return: born; going up: could be loaded)", "可取时刻"),
        time("reminded_s", "Reminder sent", "提醒时刻"),
        Column("complaint", "bool", "", "Led to a complaint", "是否投诉"),
        text("handover_place", "Place of hand-over", "交付地点", True),
        text("handover_kind", "door, station, locker or township", "交付方式", True),
        time("created_s", "Ordered", "下单时刻", False),
        time("county_in_s", "Arrived at the county", "到县时刻"),
        time("sorted_s", "Sorted for the last time", "分拣完成时刻"),
        time("county_out_s", "Left the county's site", "出县时刻"),
        time("township_in_s", "Arrived at the township", "到乡镇时刻"),
        time("township_out_s", "Left the township", "出乡镇时刻"),
        time("village_in_s", "Handed over in the village", "到村时刻"),
        time("village_out_s", "Left the village going up or back", "出村时刻"),
        time("trunk_out_s", "Left on the evening trunk", "干线发出时刻"),
        time("finished_s", "Ended", "结束时刻"),
        Column("visit", "key", "", "The visit joined last", "取件行程编号", True),
        count("attempts", "attempts", "Failed attempts", "失败次数"),
        Column("missorted", "bool", "", "Was missorted", "是否错分"),
        text("outcome", "How it ended, in_transit where it has not", "结果"),
        count("surcharge_fen", "fen", "Second fee paid", "二次收费"),
        count("fine_fen", "fen", "Fines that upheld complaints about it cost", "投诉成立的罚款"),
    ),
    sampled=True,
)  # fmt: skip

LEGS = Table(
    "legs", "Legs of parcels", "包裹运段",
    (
        _PARCEL,
        count("order", "", "Order along the parcel's way", "次序"),
        count("trip", "", "Line or round it rode last (no feeders, trunk, earlier attempts)", "最后搭乘的班次（不含接驳、干线和此前投递）"),
        text("from_place", "From", "起点"),
        text("to_place", "To", "终点"),
        time("load_s", "Left the place it was loaded at", "装车发出时刻"),
        time("unload_s", "Got off", "卸车时刻"),
    ),
    sampled=True,
)  # fmt: skip

TRIPS = Table(
    "trips", "Trips", "班次",
    (
        count("trip", "", "Number of the trip", "班次"),
        count("day", "day", "Day in whose timetable it stands", "计划日"),
        text("leg", "trunk, line, round, feeder or transfer", "运段"),
        text("operator", "Operator that runs it", "企业"),
        text("vehicle", "Vehicle", "车辆", True),
        text("vehicle_type", "Type of vehicle", "车型"),
        text("driver", "Driver", "驾驶员", True),
        text("from_place", "Origin", "起点"),
        text("to_place", "Last stop", "终点", True),
        time("planned_depart_s", "Planned departure", "计划发车时刻"),
        time("load_s", "Loading began", "装车开始时刻"),
        time("depart_s", "Departure", "发车时刻"),
        time("return_s", "Back at its origin", "返回时刻"),
        time("free_s", "Unloaded, vehicle free", "卸空时刻"),
        real("km", "km", "Distance driven", "里程"),
        count("stops", "stops", "Stops served", "停靠数"),
        count("parcels", "parcels", "Parcels loaded", "装载件数"),
        real("load_kg", "kg", "Most aboard at once", "最大载重"),
        real("load_l", "l", "Most aboard at once", "最大容积占用"),
        real("capacity_kg", "kg", "Payload", "额定载重"),
        real("capacity_l", "l", "Load volume", "额定容积"),
        real("energy_mj", "MJ", "Energy of its fuel; null outside the county's boundary", "能耗", True),
        real("co2_kg", "kg", "Emissions of its fuel; null outside the county's boundary", "碳排放", True),
        count("cut_by_weight", "", "Times its loading was ended by weight", "因载重停止装车次数"),
        count("cut_by_volume", "", "Times its loading was ended by volume", "因容积停止装车次数"),
        text("status", "done, late, broken or cancelled", "状态"),
    ),
)  # fmt: skip

STOPS = Table(
    "stops", "Stops", "停靠",
    (
        count("trip", "", "Trip", "班次"),
        count("order", "", "Order along the trip", "次序"),
        text("place", "Place", "地点"),
        time("arrive_s", "Arrival", "到达时刻"),
        time("depart_s", "Departure", "离开时刻"),
        count("unloaded", "parcels", "Got off", "卸下件数"),
        count("loaded", "parcels", "Loaded", "装上件数"),
        count("refused_no_space", "parcels", "Stayed aboard for lack of space", "无位未卸件数"),
        real("aboard_kg", "kg", "Aboard on leaving", "离开时载重"),
        real("aboard_l", "l", "Aboard on leaving", "离开时容积占用"),
    ),
)  # fmt: skip

SHIFTS = Table(
    "shifts", "Shifts", "班组",
    (
        text("shift", "Key: site, day and hour of its begin", "班组编号"),
        count("day", "day", "Plan day", "计划日"),
        text("site", "Site: dock, sorting or outlet, with its lead", "场地"),
        text("operator", "Operator that leads it", "企业"),
        text("role", "unloader, sorter or clerk", "岗位"),
        time("start_s", "Begin", "开始时刻", False),
        time("end_s", "Planned end", "计划结束时刻", False),
        count("overtime_s", "s", "Overtime of each", "加班时长"),
        count("people", "persons", "Stations worked", "人数"),
        count("wage_fen_per_hour", "fen/h", "Hourly wage with the employer's contribution", "小时工资"),
    ),
)  # fmt: skip

EVENTS = Table(
    "events", "Events", "事件",
    (
        time("time_s", "Begin", "开始时刻", False),
        time("until_s", "End", "结束时刻"),
        text("kind", "breakdown, closure or transfer", "类型"),
        text("place", "Place", "地点", True),
        text("vehicle", "Vehicle", "车辆", True),
        count("trip", "", "Trip", "班次", True),
    ),
)  # fmt: skip

SERVICES = Table(
    "services", "Services of villages", "进村服务",
    (
        count("from_day", "day", "First day in force", "起始日"),
        count("to_day", "day", "Last day in force", "截止日"),
        text("operator", "Operator", "企业"),
        text("village", "Village", "村"),
        text("mode", "village, township, post or refused", "服务方式"),
        text("place", "Place of hand-over; null where refused", "交付地点", True),
        count("days_per_week", "days/week", "Weekdays with a planned hand-over", "每周天数"),
        text("reason", "found, lever, or the reason of the operator's last decision", "原因(found 原状, lever 措施, 其他见决策)"),
    ),
)  # fmt: skip

PRICES = Table(
    "prices", "Prices", "价格",
    (
        text("what", "What", "项目"),
        text("unit", "Per", "计价单位"),
        count("from_day", "day", "First day in force", "起始日"),
        count("amount_fen_thousandths", "1/1000 fen", "Amount", "金额"),
        text("source", "Parameters it comes from", "来源参数"),
    ),
)  # fmt: skip

VISITS = Table(
    "visits", "Visits", "取件行程",
    (
        Column("visit", "key", "", "Key of the visit: the parcel that set it", "行程编号"),
        count("household", "", "Row of the household", "家庭序号"),
        text("place", "Pick-up point", "取件地点"),
        time("time_s", "Time", "时刻", False),
        count("parcels", "parcels", "Parcels taken", "取件数"),
        real("km", "km", "There and back", "往返里程"),
        real("minutes", "min", "There and back, by road", "往返时长"),
    ),
    sampled=True,
)  # fmt: skip

STOCK = Table(
    "stock", "Stock at midnight", "零点库存",
    (
        time("time_s", "Midnight", "时刻", False),
        text("place", "Place", "地点"),
        text("kind", "station (shelf and overflow), locker, township or cold (rooms, stores, cold warehouses)", "类型"),
        text("operator", "Operator; null: all together", "企业", True),
        text("unit", "Unit of amount and capacity", "单位"),
        real("amount", "", "Amount that waits for its receiver; cold: that stands in the cold", "数量"),
        real("capacity", "", "Capacity; null: no limit, or counted in doors", "容量", True),
    ),
)  # fmt: skip

MONEY = Table(
    "money", "Money", "资金",
    (
        count("day", "day", "Day", "日"),
        text("payer", "Who pays", "付款方"),
        text("payee", "Who receives", "收款方"),
        text("category", "For what", "科目"),
        text("nature", "resource or transfer", "性质"),
        text("activity", "Activity of the 5 x 5 matrix", "环节", True),
        text("resource", "Resource of the 5 x 5 matrix", "资源", True),
        text("leg", "Leg: county, township, station, or that of a trip", "运段", True),
        text("place", "Place", "地点", True),
        text("programme", "Public programme that pays", "资金项目", True),
        text("source", "Source of the public money", "资金来源", True),
        text("lever", "Lever it comes from", "措施", True),
        real("quantity", "", "Quantity since the key's last posting", "数量"),
        text("unit", "Unit of the quantity", "单位", True),
        count("amount_fen", "fen", "Amount, above zero", "金额"),
    ),
)  # fmt: skip

ASSETS = Table(
    "assets", "Assets", "资产",
    (
        text("asset", "Asset", "资产"),
        text(
            "kind",
            "truck, van, depot fit-out, outlet, station, locker, cold room, pre-cooler, cold box, reefer (what a truck costs more as one), "
            "origin warehouse, market hall, market truck, collection point, or what a measure calls it",
            "类型",
        ),
        text("owner", "Owner", "所有者"),
        text("place", "Place", "地点", True),
        text("lever", "Lever it comes from", "措施", True),
        count("from_day", "day", "First day in service", "启用日"),
        count("disposed_day", "day", "First day no longer in service", "停用日", True),
        count("price_fen", "fen", "Price", "价格"),
        real("life_years", "years", "Life", "年限"),
        count("salvage_fen", "fen", "Salvage value", "残值"),
        count("bought_day", "day", "First day seen; null: stood when the run began", "购置日", True),
        count("granted_fen", "fen", "Grants paid for it until then", "已获补助"),
    ),
)  # fmt: skip

PLACES = Table(
    "places", "Places", "地点",
    (
        text("place", "Key", "编号"),
        text("tier", "county, township, village or town", "层级"),
        text("name_zh", "Name in Chinese", "中文名"),
        text("name_en", "Name in Latin letters", "拉丁名"),
        real("lon", "degrees", "Longitude", "经度"),
        real("lat", "degrees", "Latitude", "纬度"),
        text("parent", "Place it belongs to", "上级", True),
        count("population", "persons", "People", "人口"),
        text("remoteness", "near, middle or far (villages)", "偏远程度", True),
        Column("synthetic", "bool", "", "Its position is placed by a model", "位置为模拟"),
    ),
)  # fmt: skip

SITES = Table(
    "sites", "Sites", "场地",
    (
        text("site", "Site", "场地"),
        text("place", "Place", "地点"),
        text("kind", "depot, outlet, station or locker", "类型"),
        text("operators", "Who runs it", "运营方"),
        text("lever", "Lever that opened it", "措施", True),
        count("open_day", "day", "First day", "启用日"),
        count("close_day", "day", "First day no longer open", "停用日", True),
        real("floor_m2", "m2", "Floor", "面积", True),
        real("capacity_l", "l", "Shelf space", "货架容量", True),
        count("doors", "doors", "Locker doors", "格口数", True),
    ),
)  # fmt: skip

PATHS = Table(
    "paths", "Paths", "路径",
    (
        text("path", "Path", "路径"),
        text("from", "From", "起点"),
        text("to", "To", "终点"),
        real("km", "km", "Road km", "里程"),
        real("minutes", "min", "Travel time", "时长"),
        text("source", "modelled: great circle times detour", "来源"),
    ),
)  # fmt: skip

METRICS = Table(
    "metrics", "Metrics", "指标",
    (
        text("metric", "Metric", "指标"),
        text("unit", "Unit of the value", "单位"),
        text("group", "Group; empty: the county's total", "分组"),
        text("value_of_group", "Value of the group", "组别"),
        text("period", "all, YYYY-MM or, for some, YYYY-Www", "时段"),
        real("value", "", "Value; null where the denominator is zero", "数值", True),
        count("n", "", "How many it rests on", "样本数"),
        real("numerator", "", "Numerator; null for quantiles and indices", "分子", True),
        real("denominator", "", "Denominator; null for quantiles and indices", "分母", True),
    ),
)  # fmt: skip

_MONTH = (text("month", "Month of the day, YYYY-MM", "月份"), count("day", "day", "Day of the review", "复核日"))

DECISIONS = Table(
    "decisions", "Decisions of agents", "主体决策",
    (
        count("day", "day", "Day; before a settled run: the first day", "日"),
        text("agent", "Who decides", "主体"),
        text("kind", "carrier, host or farmer", "类型"),
        text("decision", "service:<village>, days, forecast:<township>, station or online", "决策"),
        text("from", "Before", "原状态"),
        text("to", "After", "新状态"),
        count("expected_gain_fen", "fen/month", "What the agent expects to gain a month", "预期月收益"),
        text("reason", "Rule that decided", "理由"),
    ),
)  # fmt: skip

AGENTS_SHOPPER = Table(
    "agents_shopper", "Shoppers by place", "住户状态",
    (
        *_MONTH,
        text("agent", "The households of a place", "主体"),
        text("village", "Village or town quarter", "村（社区）"),
        count("households", "households", "Households", "户数"),
        real("factor", "ratio", "Their orders over those at the reference cost", "订购系数"),
        real("cost_yuan", "yuan/parcel", "Generalised cost of a parcel that they remember", "记忆中的综合代价"),
        real("reference_yuan", "yuan/parcel", "Generalised cost in the county as found", "基准综合代价"),
    ),
)  # fmt: skip

AGENTS_CARRIER = Table(
    "agents_carrier", "Operators by village", "企业状态",
    (
        *_MONTH,
        text("agent", "Operator", "企业"),
        text("village", "Village", "村"),
        text("mode", "village, township, post or refused", "服务方式"),
        count("days_per_week", "days/week", "Service days of the operator's rounds", "每周天数"),
        real("parcels_per_day", "parcels/day", "Parcels that came since the last review; null before the first", "日均件量", True),
        Column("own_decision", "bool", "", "Otherwise than the levers left it", "自行改变"),
    ),
)  # fmt: skip

AGENTS_HOST = Table(
    "agents_host", "Hosts of stations", "站主状态",
    (
        *_MONTH,
        text("agent", "Host", "站主"),
        text("village", "Village", "村"),
        Column("open", "bool", "", "Keeps the station open", "营业"),
        real("income_yuan", "yuan/month", "What the station left or would have left at the last review", "月净收入", True),
        real("outside_yuan", "yuan/month", "Outside option; null: keeps it for another reason", "机会收入", True),
        count("loss_days", "days", "Days in a row below the outside option", "亏损天数"),
        count("gain_days", "days", "Closed: days in a row above it", "盈余天数"),
    ),
)  # fmt: skip

ALLOCATIONS = Table(
    "allocations", "Joint cost by member", "联盟成本分摊",
    (
        text("month", "Month, YYYY-MM", "月份"),
        text("pool", "Alliance: the lever's id", "联盟"),
        text("member", "Operator in it on the month's first day that counts", "成员"),
        real("volume", "parcels", "Expected parcels", "预期件量"),
        count("standalone_fen", "fen", "Expected resource cost alone, everyone else alone", "单干成本"),
        count("allocated_fen", "fen", "Expected resource cost in the alliance: own and share of the joint cost", "分摊成本"),
        count("gain_fen", "fen", "Stand-alone less allocated", "收益"),
        count("more_fees_fen", "fen", "Fees paid less fees received, in the alliance over alone", "费用净增"),
        text("rule", "volume, standalone, equal or shapley", "分摊规则"),
        count("objection_fen", "fen", "Largest saving of any members by going; null where coalitions were not planned", "最大异议", True),
        text("objection_by", "Members who would save it", "异议成员", True),
        text("in_core", "yes, no or undecided; null where coalitions were not planned", "在核心内", True),
        count("half_width_fen", "fen", "Half width of the 95% interval of allocated_fen; null: exact", "分摊成本区间半宽", True),
    ),
)  # fmt: skip

GRANTS = Table(
    "grants", "Applications for grants", "补助申请",
    (
        text("programme", "Programme", "资金项目"),
        text("lever", "Lever", "措施"),
        text("applicant", "Owner of the asset", "申请人"),
        text("place", "Place", "地点", True),
        text("asset", "Asset", "资产"),
        count("applied_day", "day", "Day of the application", "申请日"),
        count("decided_day", "day", "Day of the decision; null while it waits", "决定日", True),
        count("paid_day", "day", "Day of the payment", "付款日", True),
        count("asked_fen", "fen", "Asked for; a paid one: of this source", "申请金额"),
        count("paid_fen", "fen", "Paid by this source", "支付金额"),
        text("source", "Source; one row for each that paid", "资金来源", True),
        count("private_fen", "fen", "What a private owner pays itself; on the first row of an application", "自筹金额"),
        text("decision", "paid, queued, no_budget, overlap or not_eligible", "决定"),
    ),
)  # fmt: skip

HOUSEHOLDS = Table(
    "households", "Households' gains", "住户收益",
    (
        count("household", "", "Row of the household", "家庭序号"),
        text("village", "Village or town quarter", "村（社区）"),
        text("remoteness", "near, middle, far or town", "偏远程度"),
        text("age", "younger or older: whether its place has more people of 65+ than the county", "年龄构成"),
        real("orders", "parcels", "Orders expected at the reference cost over the days that count", "预期订单"),
        real("cost_yuan", "yuan/parcel", "Generalised cost of a parcel that it remembers in the end", "记忆中的综合代价"),
        real("surplus_yuan", "yuan", "Gain over the days that count, against its reference", "收益"),
    ),
    sampled=True,
)  # fmt: skip

AGENTS_FARMER = Table(
    "agents_farmer", "Farms by village", "农户状态",
    (
        *_MONTH,
        text("agent", "The farms of a village", "主体"),
        text("village", "Village", "村"),
        count("farms", "farms", "Farms: growers by crop", "种植户数"),
        count("online", "farms", "Of them selling online", "网上销售户数"),
        real("paid_share", "share", "Share of the listed price that those with own sales remember, their mean", "记忆中的回款率", True),
    ),
)  # fmt: skip

LOTS = Table(
    "lots", "Lots of produce", "农产品批次",
    (
        Column("lot", "key", "", "Key: one farm, one day, one channel", "批次编号"),
        Column("farm", "key", "", "Key of the farm", "农户编号"),
        text("village", "Village of the farm", "村"),
        text("farm_kind", "household, family_farm or cooperative", "经营主体类型"),
        text("crop", "Crop", "作物"),
        time("harvested_s", "Picked", "采收时刻", False),
        time("offered_s", "Sold, handed in, stored or left waiting", "出售或交寄时刻", False),
        real("kg", "kg", "Weight: sold, lost, rejected, unsold and in stock together", "重量"),
        text("channel", "middleman, wholesale, cold_market, online, contract, stored or waiting", "渠道"),
        count("parcels", "parcels", "Parcels it was split into", "包裹数"),
        real("kg_sold", "kg", "Sold", "售出"),
        real("kg_lost", "kg", "Spoiled", "腐坏"),
        real("kg_rejected", "kg", "Refused by the buyer, or fits no vehicle", "拒收"),
        real("kg_unsold", "kg", "Taken by nobody", "未售"),
        real("kg_in_stock", "kg", "Under way, waiting or stored at the end of the run", "在途与库存"),
        real("quality_at_sale", "1", "Mean quality of what was sold", "成交品质", True),
        real("price_fen_per_kg", "fen/kg", "What buyers paid for what was sold", "成交单价", True),
        Column("traced", "bool", "", "Its origin is traced", "是否可溯源"),
        Column("inspected", "bool", "", "Was inspected before it was sent", "是否抽检"),
        text("grade", "first, second or third of what was sorted, else ungraded", "等级"),
        real("ice_kg", "kg/parcel", "Ice packed into each parcel", "每件冰量"),
        count("zones", "zones", "To how many zones it was offered online, nearest first; 0: not", "上架区域数"),
    ),
    sampled=True,
)  # fmt: skip

LOT_STAGES = Table(
    "lot_stages", "Stages of lots", "批次各环节",
    (
        Column("lot", "key", "", "Lot", "批次编号"),
        count("order", "", "Order along the way of parcels that went together", "次序"),
        text("stage", "station, round, township, line, county or trunk", "环节"),
        text("place", "Place; null aboard", "地点", True),
        count("trip", "", "Trip; null at a place", "班次", True),
        time("in_s", "Came", "进入时刻", False),
        time("cold_s", "Cold since; null: not at all", "入冷时刻"),
        time("out_s", "Left", "离开时刻", False),
        real("kg", "kg", "Produce that went together", "重量"),
        real("temperature_c", "degrees C", "Where it was cold; null: the air's", "冷藏温度", True),
        real("quality_out", "1", "Quality on leaving", "离开时品质"),
    ),
    sampled=True,
)  # fmt: skip

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        PARCELS, LEGS, TRIPS, STOPS, SHIFTS, EVENTS, SERVICES, PRICES, VISITS, STOCK, MONEY, ASSETS, PLACES, SITES, PATHS, METRICS,
        DECISIONS, AGENTS_SHOPPER, AGENTS_CARRIER, AGENTS_HOST, AGENTS_FARMER, ALLOCATIONS, GRANTS, HOUSEHOLDS, LOTS, LOT_STAGES,
    )
}  # fmt: skip

NOT_BUILT: dict[str, tuple[str, ...]] = {
    "parcels": ("sender", "goods", "temperature_class", "promised_place", "trunk_in_s"),
    "lots": ("buyer",),
    "trips": ("temperature_c",),
    "events": ("path", "cause"),
    "services": ("direction",),
    "stock": ("temperature_c",),
    "paths": ("geometry",),
}
"""Columns that come with what they describe; none is filled with a constant before."""
