"""The catalogue: one line per metric that a run can compute, with its definition and better side."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

SERVICE = ("carrier", "tier", "township", "remoteness", "handover_kind")
PLACES = ("township", "remoteness")
PRODUCE = ("crop", "channel", "farm_kind", "remoteness", "crop|channel")
FARMS = ("crop", "farm_kind", "remoteness")
COST = ("carrier", "leg", "actor", "resource", "activity")


@dataclass(frozen=True)
class Metric:
    """One metric: value = numerator / denominator within its boundary; ``better`` is lower, higher or neutral."""

    name: str
    unit: str
    en: str
    zh: str
    numerator: str
    denominator: str
    boundary: str
    better: str
    groups: tuple[str, ...] = ()


_COHORT = "down parcels created in the window"
_CAME = "cohort parcels that entered the county, not refused, rejected or lost; one still open counts with its time until the end"
_DAYS = "days of the window, neither warm-up nor drain"
_MONEY = "postings of the window's days"
_LOTS = "lots offered in the window (sold, sent, stored or given up)"

METRICS: tuple[Metric, ...] = (
    Metric("cost_per_parcel_yuan", "yuan/parcel", "Cost per parcel", "单件成本", "resource cost inside the county", "parcels collected or sent up in the window (of the carrier, by carrier; of the direction; all, by other groups)", "county vehicles, sites, hosts; by carrier: what it pays itself and its settlement with alliances", "lower", (*COST, "direction")),
    Metric("resource_cost_yuan", "yuan", "Resource cost", "资源成本", "postings of nature resource, what farms spend left out", "1", _MONEY, "lower", (*COST, "direction")),
    Metric("parcels_down", "parcels", "Parcels delivered", "下行件量", "down parcels collected in the window", "1", _DAYS, "higher", SERVICE),
    Metric("parcels_up", "parcels", "Parcels sent up", "上行件量", "up parcels that left the county in the window", "1", _DAYS, "higher", ("carrier",)),
    Metric("delivery_hours_mean", "h", "Mean delivery time", "平均送达时长", "hours from county_in to ready", "parcels", _CAME, "lower", (*SERVICE, "village")),
    Metric("wait_days", "days", "Days waited", "等待天数", "days from county_in to ready", "parcels", _CAME, "lower", SERVICE),
    Metric("delivery_hours_median", "h", "Median delivery time", "送达时长中位数", "50% quantile of county_in to ready, to the minute", "1", _CAME, "lower", SERVICE),
    Metric("delivery_hours_p90", "h", "90th percentile of delivery time", "送达时长 90 分位", "90% quantile of county_in to ready, to the minute", "1", _CAME, "lower", SERVICE),
    Metric("delivery_hours_p95", "h", "95th percentile of delivery time", "送达时长 95 分位", "95% quantile of county_in to ready, to the minute", "1", _CAME, "lower", SERVICE),
    Metric("within_48h_share", "share", "Ready within 48 h", "48 小时送达率", "parcels ready at most 48 h after county_in", "cohort parcels, refused, rejected, lost and open ones included", _COHORT, "higher", SERVICE),
    Metric("within_72h_share", "share", "Ready within 72 h", "72 小时送达率", "parcels ready at most 72 h after county_in", "cohort parcels, refused, rejected, lost and open ones included", _COHORT, "higher", SERVICE),
    Metric("order_to_hand_hours", "h", "Order to hand", "下单到取件时长", "hours from created to finished", "parcels", "cohort parcels collected; one still open counts with its time until the end", "lower", SERVICE),
    Metric("village_coverage", "share", "Delivered inside the village", "直投到村率", "parcels collected at door, station or locker inside the village", "cohort parcels addressed to villages", _COHORT, "higher", ("carrier", "township", "remoteness", "village")),
    Metric("served_villages_share", "share", "Served villages", "通达村占比", "village-months served (see the counting parameters)", "village-months", "villages; months of the window by creation; a village without parcels is judged by its service days", "higher", (*PLACES, "village")),
    Metric("stations_share", "share", "Villages with a station", "村站覆盖率", "village-days with a station", "village-days", _DAYS, "higher", (*PLACES, "village")),
    Metric("station_parcels_per_day", "parcels/day", "Parcels per station and day", "村站日均件量", "parcels collected at village stations and their lockers", "village-days with a station", _DAYS, "higher", PLACES),
    Metric("service_mode_share", "share", "Service modes", "服务方式占比", "operator-village-days by mode", "operator-village-days", _DAYS, "neutral", ("service_mode",)),
    Metric("village_service_days_per_week", "days/week", "Days a week with any operator coming", "每周有班次进村的天数", "7 x village-days on which a planned trip hands over there", "village-days", _DAYS, "higher", (*PLACES, "village")),
    Metric("surcharged_share", "share", "Surcharged parcels", "二次收费件占比", "parcels collected for a second fee", "cohort parcels collected", _COHORT, "lower", SERVICE),
    Metric("pickup_km", "km", "Distance to the pick-up point", "取件距离", "one-way km from home to the place of hand-over (door: 0)", "cohort parcels collected", _COHORT, "lower", SERVICE),
    Metric("failed_share", "share", "Failed attempts", "投递失败率", "parcels with at least one failed attempt", "cohort parcels", _COHORT, "lower", SERVICE),
    Metric("return_share", "share", "Returned parcels", "退回率", "parcels returned after the holding period", "cohort parcels", _COHORT, "lower", SERVICE),
    Metric("complaints", "complaints", "Complaints", "投诉量", "complaints about parcels that took more than 72 h or came back", "1", _COHORT, "lower", SERVICE),
    Metric("agents_changed", "count", "Services and stations changed by agents", "主体自行改变的服务和站点", "services of operators in villages and stations of hosts; as agent_kind shopper: households whose orders moved by more than 1%", "1", "state at the end of the period against the world of the levers", "neutral", ("agent_kind",)),
    Metric("surcharge_yuan", "yuan", "Second fees paid", "二次收费金额", "second fees paid by shoppers", "1", _MONEY, "lower", ("township",)),
    Metric("load_factor", "share", "Load factor", "装载率", "largest share of payload or volume aboard at once, summed over trips", "trips", "trips inside the county that were over in the window, cancelled ones left out", "higher", ("carrier", "leg")),
    Metric("backhaul_load_factor", "share", "Load factor on the way home", "回程装载率", "largest share of payload or volume aboard on leaving the last stop, summed over trips", "trips", "lines and rounds that were over in the window; where produce is simulated", "higher", ("leg",)),
    Metric("ended_by_weight_share", "share", "Loading ended by weight", "因载重停止装车占比", "trips whose loading was ended by weight at least once", "trips", "trips inside the county that were over in the window; where produce is simulated", "neutral", ("leg",)),
    Metric("ended_by_volume_share", "share", "Loading ended by volume", "因容积停止装车占比", "trips whose loading was ended by volume at least once", "trips", "trips inside the county that were over in the window; where produce is simulated", "neutral", ("leg",)),
    Metric("vehicle_km", "km", "Vehicle-km", "车辆行驶里程", "km driven", "1", "trips inside the county that were over in the window; trunk outside", "lower", ("carrier", "leg")),
    Metric("staff_hours", "h", "Staff hours", "用工小时", "paid hours, overtime, drivers' hours and the hosts' own work", "1", _MONEY, "neutral", ("actor", "activity", "leg")),
    Metric("jobs_fte", "jobs", "Full-time jobs", "折合全职岗位", "staff hours", "paid hours of a full-time worker in the window's days", _MONEY, "neutral"),
    Metric("carrier_profit_yuan", "yuan", "Operators' profit", "运营商利润", "what operators receive less what they pay, annuities included", "1", _MONEY, "higher", ("carrier",)),
    Metric("fines_yuan", "yuan", "Fines", "投诉罚款", "what operators and alliances pay for upheld complaints: parcels left outside or refused, second fees, more than 72 h", "1", _MONEY, "lower", ("actor",)),
    Metric("public_spending_yuan", "yuan", "Public spending", "财政支出", "what programmes (of all sources, private givers included) and the county pay: subsidies, support, grants, lockers that the county owns; what a programme gives the county is counted when the county pays", "1", _MONEY, "neutral", ("programme", "source", "actor")),
    Metric("host_income_yuan", "yuan", "Hosts' income", "站主收入", "what hosts receive less what they pay, their own work not deducted", "1", _MONEY, "higher", PLACES),
    Metric("energy_mj", "MJ", "Energy", "能耗", "fuel of the trips, with what refrigerated vehicles burn more, x energy content; electricity of the cold chain", "1", "county vehicles, cold rooms, pre-coolers and cold market halls; trunk, other sites and shoppers' own trips outside", "lower", ("carrier", "leg")),
    Metric("co2_kg", "kg", "Emissions", "碳排放", "fuel of the trips, with what refrigerated vehicles burn more, and electricity of the cold chain x emission factors", "1", "county vehicles, cold rooms, pre-coolers and cold market halls; trunk, other sites and shoppers' own trips outside", "lower", ("carrier", "leg")),
    Metric("co2_kg_per_parcel", "kg/parcel", "Emissions per parcel", "单件碳排放", "emissions of county vehicles, cold rooms and pre-coolers; those of a cold market hall, which sends no parcels, left out", "parcels collected or sent up in the window", _DAYS, "lower"),
    Metric("parcels_inside", "parcels", "Parcels handed over inside", "村内交付件量", "down parcels collected at door, station or locker inside the place", "1", _DAYS, "higher", ("remoteness", "village")),
    Metric("parcel_subsidy_yuan", "yuan", "Paid for parcels", "按件补贴额", "public money paid by the parcel; by place: divided by what the place's parcels were due", "1", _MONEY, "neutral", ("remoteness", "village")),
    Metric("station_support_yuan", "yuan", "Paid for stations", "站点补助额", "public money paid to hosts for keeping a station", "1", _MONEY, "neutral", ("remoteness", "village")),
    Metric("consumer_surplus_yuan", "yuan", "Households' gain", "住户收益（消费者剩余）", "area under the households' demand function between the generalised cost they remember and their reference", "1", "orders of the window's days; travel, waiting and second fees are inside it; null where households do not respond; compare runs, the level by itself says little", "higher", ("remoteness", "age", "township")),
    Metric("balance_yuan", "yuan", "Receipts less outlays", "收支净额", "what actors of a class receive less what they pay", "1", "postings of the window's days; all classes add up to nothing", "neutral", ("account",)),
    Metric("net_benefit_county_yuan", "yuan", "County's net benefit", "县域净收益", "households' gain, net receipts of hosts, alliances, farmers, cold rooms and measures' firms, operators' profit as far as it stays, less the county's own public money", "1", "window's days; central and provincial money is income; compare runs, the level by itself says little", "higher"),
    Metric("net_benefit_nation_yuan", "yuan", "Nation's net benefit", "全国净收益", "households' gain, operators' profit, net receipts of hosts, alliances, farmers, cold rooms, measures' firms and social capital, and fines, less public money", "1", "window's days; by funds_cost: public money times 1 + that marginal cost; compare runs, the level by itself says little", "higher", ("funds_cost", "carrier", "remoteness", "age")),
    Metric("produce_kg", "kg", "Produce harvested", "农产品采收量", "kg of lots offered in the window", "1", _LOTS, "neutral", PRODUCE),
    Metric("produce_stock_kg", "kg", "Produce not sold yet", "尚未售出的农产品", "kg neither sold, lost nor given up when the run ends: in stores, warehouses and fields, on the way", "1", _LOTS, "neutral", ("crop", "channel")),
    Metric("produce_up_kg", "kg", "Produce sent up", "上行农产品重量", "kg that set out in parcels", "1", _LOTS, "higher", FARMS),
    Metric("produce_loss_share", "share", "Produce lost", "农产品损耗率", "kg spoiled, refused or taken by nobody; by stage: where quality fell below what the buyer takes", "kg whose fate is known", _LOTS, "lower", (*PRODUCE, "stage", "crop|stage", "channel|stage")),
    Metric("farm_price_yuan_kg", "yuan/kg", "Price of produce", "农产品成交价", "what buyers paid", "kg sold", _LOTS, "higher", PRODUCE),
    Metric("produce_sales_yuan", "yuan", "Sales of produce", "农产品销售额", "what buyers paid", "1", _LOTS, "higher", PRODUCE),
    Metric("farm_net_price_yuan_kg", "yuan/kg", "What a kg leaves the farm", "农户净价", "sales less fees, packing, driving and own work", "kg sold", _MONEY, "higher"),
    Metric("farmer_income_yuan", "yuan", "Farmers' net income", "农户净收入", "sales less fees, packing, driving, storage and own work at its price", "1", _MONEY + "; growing costs left out; what is in stock at the end has brought nothing yet", "higher", ("remoteness",)),
    Metric("farmer_income_per_farm_yuan", "yuan/farm", "Net income of a farm", "户均净收入", "farmers' net income", "farms; a household that grows two crops is two farms", _MONEY + "; growing costs left out", "higher", ("remoteness",)),
    Metric("farm_cost_yuan", "yuan", "Farms' own cost of selling", "农户销售成本", "packing, driving, tracing and own work that farms pay or do", "1", _MONEY, "lower"),
    Metric("online_share", "share", "Sold online", "网销占比", "kg sold online", "kg sold", _LOTS, "neutral", FARMS),
    Metric("farms_online_share", "share", "Farms that sell online", "触网农户占比", "farms that sell online at the end of the period", "farms", "a household that grows two crops is two farms", "higher", ("farm_kind", "remoteness")),
    Metric("cold_chain_share", "share", "Carried cold", "冷链流通率", "kg sent up that were cold aboard everything they rode, the trunk included", "kg sent up", _LOTS, "higher", FARMS),
    Metric("online_iced_share", "share", "Boxes with ice", "加冰发货占比", "parcels sent online with ice in the box", "parcels sent online", _LOTS, "neutral", FARMS),
    Metric("fewer_zones_share", "share", "Offered to fewer zones", "限区上架占比", "parcels sent online that were offered to the nearest zones only", "parcels sent online", _LOTS, "neutral", FARMS),
    Metric("online_grade_share", "share", "Sent online by grade", "网销分级占比", "kg sent online of a grade", "kg sent online", _LOTS, "neutral", ("grade",)),
    Metric("online_price_yuan_kg", "yuan/kg", "Price online", "网销成交价", "what online buyers paid", "kg sold online", _LOTS, "higher", ("crop", "grade")),
    Metric("picked_kg", "kg", "Picked", "采摘量", "kg picked in the fields, by the day of picking", "1", _DAYS + "; also by week", "neutral", ("crop",)),
    Metric("cold_stock_kg", "kg", "In cold rooms", "冷库在库量", "kg in cold rooms, stores and cold warehouses at midnight, added up over days", "days", _DAYS + "; also by week", "neutral"),
    Metric("cold_capacity_kg", "kg", "Room in the cold", "冷库容量", "kg that cold rooms, stores and cold warehouses can hold at midnight, added up over days", "days", _DAYS + "; also by week", "neutral"),
    Metric("cold_power_kwh", "kWh", "Power of the cold chain", "冷链用电", "electricity of cold rooms, pre-coolers and cold market halls", "1", _MONEY, "lower"),
    Metric("left_out_people", "persons", "People left out", "未通达人口", "people of villages that are not served, mean of the months", "1", "villages; months of the window by creation", "lower", ("remoteness", "age", "township")),
    Metric("gini_pickup_km", "index", "Inequality of pick-up distance", "取件距离基尼系数", "Gini index of the villages' mean pick-up km, weighted by people", "1", "villages with a parcel collected", "lower"),
)  # fmt: skip

_PAIRS = "a scenario against the baseline, over the pairs of replications; undefined where the interval of the denominator holds 0"

PAIRS: tuple[Metric, ...] = (
    Metric("cost_per_new_village_yuan", "yuan/village", "Public cost per newly served village", "每新增通达村公共支出", "difference in public spending over the window", "difference in served villages", _PAIRS, "lower"),
    Metric("deadweight_share", "share", "Paid for what comes anyway", "无谓支出占比", "subsidies paid for as many parcels inside a village, and station-days there, as the baseline has too", "subsidies paid", _PAIRS + "; village by village", "lower"),
    Metric("leverage", "yuan/yuan", "Private capital per public capital", "社会资本撬动倍数", "difference in private capital in service (price less grants)", "difference in public capital in service (grants, and what public owners bought)", _PAIRS, "higher"),
    Metric("households_better_off_share", "share", "Households better off", "受益住户占比", "households whose gain is above the baseline's by more than a fen an order", "households of the sample that order anything", "a scenario against the baseline, household by household with the same luck", "higher", ("remoteness", "age")),
    Metric("lasting_share", "share", "What lasts after the end", "措施结束后的留存", "mean difference to the baseline in the same three months two years after", "mean difference to the baseline in the last three whole months before the last lever ends", "a scenario against the baseline, over the pairs of replications, of a transition that goes on for 24 months after `until`; served villages, by outcome also others; undefined where the interval of the denominator holds 0", "higher", ("outcome",)),
)  # fmt: skip
"""What only a comparison can say: each is a value of a scenario against the baseline, not a difference of two values."""

OF_PRODUCE = frozenset(
    (
        "parcels_up", "backhaul_load_factor", "ended_by_weight_share", "ended_by_volume_share", "produce_kg", "produce_stock_kg", "produce_up_kg",
        "produce_loss_share", "farm_price_yuan_kg", "produce_sales_yuan", "farm_net_price_yuan_kg", "farmer_income_yuan",
        "farmer_income_per_farm_yuan", "farm_cost_yuan", "online_share", "farms_online_share", "cold_chain_share", "cold_power_kwh",
        "cold_stock_kg", "cold_capacity_kg", "picked_kg", "online_iced_share", "fewer_zones_share", "online_grade_share",
        "online_price_yuan_kg",
    )
)  # fmt: skip
"""Metrics that only a run with produce has; it also divides cost by ``direction``."""

BY_NAME = {m.name: m for m in (*METRICS, *PAIRS)}
