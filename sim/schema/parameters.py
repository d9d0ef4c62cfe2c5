"""Every parameter of a county's logistics outside the levers: value, unit, range and source."""

from __future__ import annotations

from sim.schema.param import Section, param
from sim.schema.produce import Produce


class Demand(Section):
    """How many parcels people order, and what these are like."""

    village_orders_per_person_year: float = param(
        5.6, unit="parcels/person/year", ge=0, le=100, source="evidence:village_parcels_per_resident_year_implied", zh="村民人均年下行件量"
    )
    """Parcels a rural resident receives a year, as far as they reach village stations (9 of 2024, deflated by 1.62 to 2021)."""
    town_orders_per_person_year: float = param(
        76.7, unit="parcels/person/year", ge=0, le=300, source="evidence:parcels_per_capita_national_2022", zh="城镇居民人均年下行件量"
    )
    """Parcels a town resident receives a year before the regional factor: 78.3 x 108.3/110.58 for 2021."""
    regional_factor: float | None = param(None, unit="ratio", ge=0.1, le=3, source="assumption:G48", zh="地区系数")
    """Multiplies the town rate; empty takes the county's region (east 1.25, central 1.0, west 0.8, plateau 0.4)."""
    household_spread: float = param(0.6, unit="log-sd", ge=0, le=2, source="assumption", zh="家庭网购倾向离散度")
    """Spread of the households' own propensity to order (lognormal, mean 1)."""
    growth_per_year: float = param(0.125, unit="1/year", ge=-0.5, le=1, source="evidence:rural_volume_growth_2024", zh="年增长率")
    """Trend of all order rates from the start date on."""
    weekend_factor: float = param(1.05, unit="ratio", ge=0.5, le=2, low=0.9, high=1.2, source="assumption", zh="周末系数")
    """Orders on Saturday and Sunday over those of a working day."""
    double11_peak: float = param(1.52, unit="ratio", ge=1, le=4, low=1.4, high=2, source="assumption:G31", zh="双十一峰值")
    """Order rate on 11 November over the mean day; falls off linearly over ten days on both sides."""
    june18_peak: float = param(1.3, unit="ratio", ge=1, le=4, source="assumption", zh="六一八峰值")
    """Order rate on 18 June over the mean day; falls off linearly over ten days on both sides."""
    spring_festival_trough: float = param(0.3, unit="ratio", ge=0, le=1, source="assumption:G31", zh="春节低谷")
    """Order rate on New Year's Day of the lunar calendar over the mean day; recovers linearly over ten days on both sides."""
    trunk_hours_min: float = param(18.0, unit="h", ge=1, le=120, source="assumption", zh="干线最短时长")
    """Shortest time from order to the county's gate."""
    trunk_hours_mean: float = param(54.24, unit="h", ge=2, le=240, source="evidence:express_end_to_end_hours", zh="干线平均时长")
    """Mean time from order to the county's gate (a shifted Erlang distribution of four stages)."""
    weight_kg_mean: float = param(1.5, unit="kg", ge=0.05, le=20, low=0.8, high=3, source="assumption:G8", zh="平均重量")
    """Mean weight of a parcel (lognormal)."""
    weight_log_sd: float = param(0.9, unit="log-sd", ge=0, le=2, source="assumption:G8", zh="重量离散度")
    """Log standard deviation of the weight."""
    volume_l_mean: float = param(8.0, unit="l", ge=0.1, le=100, low=4, high=15, source="assumption:G9", zh="平均体积")
    """Mean volume of a parcel (lognormal)."""
    volume_log_sd: float = param(0.8, unit="log-sd", ge=0, le=2, source="assumption", zh="体积离散度")
    """Log standard deviation of the volume."""
    weight_volume_correlation: float = param(0.7, unit="correlation", ge=0, le=1, source="assumption", zh="重量体积相关")
    """Correlation of log weight and log volume."""
    p_missort: float = param(0.003, unit="probability", ge=0, le=0.5, low=0.001, high=0.009, source="assumption:G33", zh="错分率")
    """Probability that a parcel is missorted at the county and sorted again."""
    p_lost: float = param(0.0001, unit="probability", ge=0, le=0.5, low=3e-5, high=0.0003, source="assumption:G33", zh="丢失率")
    """Probability that a parcel is lost at the county's sorting."""


class Roads(Section):
    """From positions to kilometres and minutes (there is no road network in the shipped counties)."""

    detour_plain: float = param(1.30, unit="ratio", ge=1, le=2.5, low=1.2, high=1.45, source="assumption:G11", zh="绕行系数（平原、浅丘）")
    """Road km over great-circle km, plain and rolling terrain."""
    detour_hill: float = param(1.45, unit="ratio", ge=1, le=2.5, low=1.3, high=1.7, source="assumption:G11", zh="绕行系数（丘陵）")
    """Road km over great-circle km, hills."""
    detour_mountain: float = param(1.60, unit="ratio", ge=1, le=3, low=1.4, high=2, source="assumption:G11", zh="绕行系数（山区）")
    """Road km over great-circle km, mountains."""
    detour_plateau: float = param(1.35, unit="ratio", ge=1, le=2.5, low=1.2, high=1.7, source="assumption:G11", zh="绕行系数（高原）")
    """Road km over great-circle km, plateau."""
    county_road_kmh_plain: float = param(40, unit="km/h", ge=10, le=100, low=30, high=55, source="assumption:G12", zh="县道车速（平原）")
    """Speed on county roads, plain and rolling terrain; hills and plateau take the mean of plain and mountain."""
    county_road_kmh_mountain: float = param(30, unit="km/h", ge=5, le=100, low=22, high=40, source="assumption:G12", zh="县道车速（山区）")
    """Speed on county roads, mountains."""
    lane_kmh_plain: float = param(30, unit="km/h", ge=5, le=80, low=20, high=40, source="assumption:G12", zh="村道车速（平原）")
    """Speed on village lanes, plain and rolling terrain."""
    lane_kmh_mountain: float = param(22, unit="km/h", ge=5, le=80, low=15, high=30, source="assumption:G12", zh="村道车速（山区）")
    """Speed on village lanes, mountains."""
    seat_gap_km: float = param(2.0, unit="km", ge=0, le=20, source="assumption", zh="县城场地间距")
    """Road km between two sites in the county seat."""
    township_gap_km: float = param(0.5, unit="km", ge=0, le=10, source="assumption", zh="乡镇网点间距")
    """Road km between two outlets in one township."""
    closed_days_plain: float = param(1.0, unit="days/year", ge=0, le=60, source="assumption", zh="道路封闭天数（平原）")
    """Days a year a road is closed by weather, plain, rolling and hill terrain."""
    closed_days_mountain: float = param(
        4.0, unit="days/year", ge=0, le=90, low=0, high=15, source="assumption:G32", zh="道路封闭天数（山区）"
    )
    """Days a year a mountain road is closed by weather."""
    closed_days_plateau: float = param(
        15.0, unit="days/year", ge=0, le=120, low=5, high=40, source="assumption:G32", zh="道路封闭天数（高原）"
    )
    """Days a year a plateau road is closed by weather."""


class Centre(Section):
    """County sorting: docks, stations, shifts, floor."""

    first_trunk: str = param("06:00", unit="clock", source="evidence:G14", zh="首班干线到达")
    """Arrival of the first operator's morning trunk truck."""
    second_trunk: str = param("14:00", unit="clock", source="assumption:G14", zh="二班干线到达")
    """Arrival of the first operator's afternoon trunk truck."""
    trunk_spacing_minutes: int = param(20, unit="min", ge=0, le=120, source="assumption", zh="各品牌到达间隔")
    """Each further operator's trucks arrive this much later."""
    trunk_out: str = param("17:30", unit="clock", source="assumption:G14", zh="干线发车截止")
    """Departure of the evening trunk that takes returns out."""
    unload_rate: float = param(500, unit="parcels/worker-hour", ge=50, le=5000, low=300, high=700, source="assumption:G15", zh="卸车效率")
    """Unloading of trunk trucks, one worker."""
    sort_rate: float = param(300, unit="parcels/worker-hour", ge=50, le=1000, source="evidence:manual_sort_rate", zh="分拣效率")
    """Manual sorting, one station."""
    sort_target_hours: float = param(2.5, unit="h", ge=0.5, le=12, source="assumption", zh="分拣目标时长")
    """Stations are so many that the planned morning wave is sorted in this time."""
    shift_hours: float = param(10.0, unit="h", ge=2, le=16, source="assumption", zh="班次时长")
    """Length of a sorting shift, from half an hour before the operator's first trunk truck."""
    overtime_hours_max: float = param(3.0, unit="h", ge=0, le=8, source="assumption", zh="最长加班")
    """Longest extension of a shift when parcels wait at its end."""
    recheck_minutes: float = param(20, unit="min", ge=1, le=600, source="assumption", zh="错分复检时长")
    """Time until a missorted parcel is back in the queue."""
    handover_minutes: float = param(2, unit="min", ge=0.01, le=240, source="assumption", zh="场内交接时长")
    """Time to hand a parcel from one queue of a site to the next."""
    floor_m2_per_1000: float = param(50, unit="m2 per 1,000 parcels/day", ge=5, le=300, source="assumption:G20", zh="千件面积")
    """Floor for 1,000 parcels of the planned peak day (half storage, half sorting and dispatch)."""
    floor_m2_min: float = param(60, unit="m2", ge=0, le=1000, source="assumption", zh="最小面积")
    """Smallest floor a site needs for each of storage, sorting and dispatch."""
    peak_over_mean: float = param(1.52, unit="ratio", ge=1, le=4, low=1.4, high=2, source="assumption:G31", zh="峰均比")
    """Planned peak day over mean day, for floor and capacity."""


class Township(Section):
    """Township outlets: handling, brands, opening, pick-up."""

    handling_seconds: float = param(45, unit="s/parcel", ge=5, le=300, low=30, high=90, source="assumption:G16", zh="乡镇操作时长")
    """Handling of one parcel at a township outlet, one clerk."""
    town_handling_seconds: float = param(10, unit="s/parcel", ge=1, le=300, source="assumption", zh="县城网点操作时长")
    """Handling of one parcel at an outlet of the seat's own township, where it is only scanned onto a courier's route."""
    clerk_target_hours: float = param(2.0, unit="h", ge=0.5, le=12, source="assumption", zh="网点处理目标时长")
    """Clerks are so many that the planned day's parcels are handled in this time."""
    attendance_share: float = param(0.4, unit="share", ge=0.05, le=1, source="assumption", zh="计酬在岗占比")
    """Share of the opening hours that is at least paid to clerks: most outlets are run beside a shop or another business."""
    opens: str = param("08:00", unit="clock", source="assumption", zh="网点开门")
    """Outlets open; pick-up and handling start."""
    closes: str = param("18:00", unit="clock", source="assumption", zh="网点关门")
    """Outlets close."""
    overtime_hours_max: float = param(2.0, unit="h", ge=0, le=6, source="assumption", zh="网点最长加班")
    """Longest extension of an outlet's day when parcels wait at its end."""
    brands_per_outlet: int = param(3, unit="brands", ge=1, le=5, low=1, high=5, source="assumption:G19", zh="每网点品牌数")
    """Express brands that share one multi-brand township outlet; the post has its own."""
    floor_m2: float = param(60, unit="m2", ge=5, le=500, source="assumption", zh="网点面积")
    """Floor of a township outlet."""
    secondary_fee_share: float = param(
        0.3, unit="share", ge=0, le=1, low=0.1, high=0.6, source="assumption:secondary_fee_prevalence", zh="二次收费网点占比"
    )
    """Share of express township outlets that charge an unlawful second fee for pick-up by villagers."""
    secondary_fee: float = param(2.0, unit="yuan/parcel", ge=0, le=20, source="evidence:secondary_pickup_fee_yuan", zh="二次收费")
    """The second fee, where it is charged."""
    handover_minutes: float = param(30, unit="min", ge=1, le=600, source="assumption", zh="邮快交接时长")
    """Time to hand an express parcel over to the post's outlet of the same township."""


class Service(Section):
    """Who serves a village, and how often, before any policy."""

    village_share: float = param(0.15, unit="share", ge=0, le=1, low=0, high=0.4, source="assumption:G17", zh="民营快递进村占比")
    """Share of (express operator, township) pairs in which the operator delivers to the villages."""
    to_post_share: float = param(0.10, unit="share", ge=0, le=1, source="assumption", zh="交邮占比")
    """Share of (express operator, township) pairs in which village parcels are handed to the post."""
    refused_share: float = param(0.02, unit="share", ge=0, le=1, source="assumption", zh="拒收占比")
    """Share of (express operator, township) pairs in which village parcels are refused."""
    express_days_per_week: int = param(4, unit="days/week", ge=1, le=7, low=2, high=7, source="assumption:G18", zh="民营每周班次")
    """Days a week on which an express operator that serves villages runs its rounds."""
    post_days_per_week: int = param(5, unit="days/week", ge=1, le=7, source="evidence:postal_rural_delivery_frequency", zh="邮政每周班次")
    """Days a week on which the post runs its rounds."""
    station_share: float = param(0.5, unit="share", ge=0, le=1, source="evidence:village_express_coverage_2020", zh="村站覆盖率")
    """Share of villages with a station in the baseline."""
    max_attempts: int = param(3, unit="attempts", ge=1, le=10, source="assumption", zh="最多投递次数")
    """Failed attempts at a village after which a parcel stays at the township for pick-up."""


class Station(Section):
    """Village stations and pick-up points."""

    shelf_l: float = param(600, unit="l", ge=1, le=20000, source="assumption", zh="货架容量")
    """Shelf space of a baseline village station, at least."""
    shelf_l_person: float = param(0.5, unit="l/person", ge=0, le=20, source="assumption", zh="人均货架容量")
    """Shelf space of a village station for each resident, where this is more: about three days' parcels and a third."""
    town_shelf_l: float = param(20000, unit="l", ge=100, le=1000000, source="assumption", zh="城区驿站货架")
    """Shelf space per 5,000 people of a town's stations."""
    opens: str = param("08:00", unit="clock", source="assumption", zh="村站开门")
    """Stations open."""
    closes: str = param("20:00", unit="clock", source="assumption", zh="村站关门")
    """Stations close."""
    handling_seconds: float = param(60, unit="s/parcel", ge=0, le=600, low=40, high=120, source="assumption:G16", zh="村站操作时长")
    """The host's own work for one parcel (paid by the commission, counted as labour)."""
    commission: float = param(0.5, unit="yuan/parcel", ge=0, le=5, source="evidence:village_agent_commission", zh="村站佣金")
    """Paid by the operator to the host for a parcel handed over."""
    running_cost_month: float = param(100, unit="yuan/month", ge=0, le=2000, low=50, high=250, source="assumption:G24", zh="村站运行成本")
    """The host's running cost of a station."""
    holding_days: float = param(7, unit="days", ge=1, le=30, low=3, high=15, source="assumption:G27", zh="保管期")
    """A parcel not collected in this time is returned."""
    reminder_days: float = param(3, unit="days", ge=0.5, le=29, low=1, high=3, source="assumption", zh="提醒时间")
    """A reminder is sent after this time; shorter than the holding period."""
    collect_hours_mean: float = param(18, unit="h", ge=0.5, le=240, low=6, high=48, source="assumption:G27", zh="平均取件延迟")
    """Mean delay from readiness to the visit at a pick-up point close by (exponential)."""
    collect_hours_per_km: float = param(1.5, unit="h/km", ge=0, le=24, source="assumption", zh="每公里取件延迟")
    """Further mean delay for each road km to the pick-up point."""
    reminder_hours_mean: float = param(24, unit="h", ge=0.5, le=240, source="assumption", zh="提醒后取件延迟")
    """Mean delay from a reminder to the visit (exponential)."""
    inside_village_km: float = param(0.4, unit="km", ge=0, le=10, source="assumption", zh="村内取件距离")
    """One-way distance from a household to its village's station."""
    on_no_space: str = param("back_to_township", unit="rule", source="assumption", zh="满架处理")
    """What happens to the first parcel without room and all behind it: back_to_township or overflow."""
    overflow_l: float = param(200, unit="l", ge=0, le=20000, source="assumption", zh="临时堆放容量")
    """Extra room under the overflow rule."""


class Fleet(Section):
    """Vehicles and drivers."""

    truck_kg: float = param(1500, unit="kg", ge=100, le=20000, source="assumption", zh="厢货载重")
    """Payload of a 4.2 m light truck."""
    truck_l: float = param(15000, unit="l", ge=500, le=100000, source="assumption", zh="厢货容积")
    """Load volume of a 4.2 m light truck (about 1,500 parcels)."""
    truck_price: float = param(110000, unit="yuan", ge=10000, le=1000000, low=82500, high=137500, source="assumption:G34", zh="厢货价格")
    """Price of a light truck."""
    truck_insurance_year: float = param(
        9000, unit="yuan/year", ge=0, le=50000, low=6750, high=11250, source="assumption:G34", zh="厢货保险"
    )
    """Insurance of a light truck."""
    truck_fuel_l_km: float = param(0.135, unit="l/km", ge=0.01, le=1, low=0.12, high=0.15, source="assumption:G35", zh="厢货油耗")
    """Fuel of a light truck."""
    truck_upkeep_km: float = param(0.35, unit="yuan/km", ge=0, le=5, source="assumption", zh="厢货维保")
    """Maintenance and tyres of a light truck."""
    van_kg: float = param(480, unit="kg", ge=50, le=3000, source="evidence:G34", zh="微面载重")
    """Payload of a microvan."""
    van_l: float = param(2600, unit="l", ge=100, le=20000, source="assumption", zh="微面容积")
    """Load volume of a microvan (about 300 parcels)."""
    van_price: float = param(59000, unit="yuan", ge=5000, le=500000, source="evidence:G34", zh="微面价格")
    """Price of a microvan."""
    van_insurance_year: float = param(4000, unit="yuan/year", ge=0, le=50000, low=3000, high=5000, source="assumption:G34", zh="微面保险")
    """Insurance of a microvan."""
    van_fuel_l_km: float = param(0.08, unit="l/km", ge=0.01, le=1, source="evidence:fuel_microvan", zh="微面油耗")
    """Fuel of a microvan."""
    van_upkeep_km: float = param(0.2, unit="yuan/km", ge=0, le=5, source="assumption", zh="微面维保")
    """Maintenance and tyres of a microvan."""
    vehicle_life_years: float = param(8, unit="years", ge=1, le=20, low=6, high=10, source="assumption:G34", zh="车辆年限")
    """Life of a vehicle."""
    salvage_share: float = param(0.1, unit="share", ge=0, le=0.9, source="assumption", zh="残值率")
    """Salvage value over price."""
    fuel_price: float = param(7.8, unit="yuan/l", ge=2, le=20, source="evidence:fuel_price", zh="油价")
    """Price of fuel."""
    toll_km: float = param(0.0, unit="yuan/km", ge=0, le=5, source="assumption", zh="通行费")
    """Tolls on county roads (ordinary county roads are free)."""
    fuel_mj_l: float = param(35.8, unit="MJ/l", ge=20, le=50, low=34, high=36.5, source="assumption", zh="燃料热值")
    """Energy content of a litre of fuel."""
    fuel_co2_l: float = param(
        2.68, unit="kg/l", ge=2, le=3.5, low=2.6, high=2.7, source="assumption:diesel_emission_factor", zh="燃料排放因子"
    )
    """Emission factor of fuel."""
    load_fixed_minutes: float = param(10, unit="min", ge=0, le=120, source="assumption", zh="装车固定时长")
    """Fixed time to load a vehicle at its origin."""
    load_seconds: float = param(4.5, unit="s/parcel", ge=0, le=120, low=3.2, high=7.5, source="assumption:G15", zh="装车单件时长")
    """Loading one parcel: two people at 400 parcels a worker-hour each."""
    load_window_minutes: float = param(45, unit="min", ge=1, le=240, source="assumption", zh="装车窗口")
    """Loading starts this long before the timetable."""
    stop_minutes: float = param(4, unit="min", ge=0, le=60, low=2, high=8, source="assumption:stop_service_time_station", zh="停靠固定时长")
    """Fixed time at a stop."""
    stop_seconds: float = param(4, unit="s/parcel", ge=0.1, le=120, low=2.9, high=6.7, source="assumption:G15", zh="停靠单件时长")
    """Unloading or loading one parcel at a stop: two people at 500 and 400 parcels a worker-hour each."""
    door_seconds: float = param(120, unit="s/parcel", ge=0, le=1800, source="assumption", zh="上门单件时长")
    """Handing one parcel over at the door."""
    rest_minutes: float = param(20, unit="min", ge=0, le=600, source="assumption", zh="驾驶员休息")
    """Rest of a driver between two trips."""
    tour_hours_max: float = param(7.0, unit="h", ge=1, le=14, source="assumption", zh="单趟最长时长")
    """Longest planned tour."""
    p_breakdown: float = param(0.002, unit="probability/vehicle-day", ge=0, le=0.5, source="assumption", zh="车辆故障率")
    """Probability that a vehicle breaks down on a day in use."""
    repair_minutes: float = param(150, unit="min", ge=1, le=1440, source="assumption", zh="抢修时长")
    """Time a vehicle that has broken down stands before it drives home."""


class Timetable(Section):
    """Departures and planning."""

    plan_time: str = param("03:00", unit="clock", source="assumption", zh="计划时刻")
    """The day's plan comes into force."""
    line_departs: str = param("09:30", unit="clock", source="assumption", zh="县乡班车发车")
    """Departure of the lines from the county to the townships."""
    town_line_departs: str = param("16:30", unit="clock", source="assumption", zh="县城二班发车")
    """Second departure, to the seat's own township."""
    round_departs: str = param("14:30", unit="clock", source="assumption", zh="村邮路发车")
    """Departure of the rounds from the township to the villages."""
    town_round_departs: str = param("13:00", unit="clock", source="assumption", zh="城区派送发车")
    """First departure of the rounds of the seat's own township; further ones follow by need."""
    replan_every_days: int = param(30, unit="days", ge=1, le=366, source="assumption", zh="重排周期")
    """Routes, fleets and staffing are planned anew after so many days."""
    route_iterations: int = param(200, unit="iterations", ge=1, le=100000, source="assumption", choice=True, zh="路径迭代次数")
    """Iterations of the vehicle-routing solver for one instance."""
    demand_margin: float = param(1.15, unit="ratio", ge=1, le=3, low=1.05, high=1.4, source="assumption", zh="运力裕度")
    """Planned load over expected load of a tour."""
    correct_above: float = param(0.05, unit="share", ge=0, le=10, low=0.02, high=0.15, source="assumption", zh="预测修正门槛")
    """At a review operators correct what they expect of a township's villages, or of its town, that was off by more than this share."""


class Money(Section):
    """Wages, rents, fees, capital."""

    worker_month: float = param(4432, unit="yuan/month", ge=500, le=20000, source="evidence:G23", zh="员工月工资")
    """Wage of a sorter, clerk or loader (rural local worker 2021)."""
    driver_month: float = param(
        4500, unit="yuan/month", ge=500, le=20000, low=3500, high=6000, source="assumption:rural_driver_wage_month", zh="驾驶员月工资"
    )
    """Wage of a driver."""
    hours_month: float = param(208, unit="h/month", ge=80, le=320, low=174, high=260, source="assumption", zh="月工时")
    """Paid hours a month."""
    employer_on_cost: float = param(0.10, unit="of wage", ge=0, le=0.6, low=0, high=0.25, source="assumption:G22", zh="雇主附加")
    """Employer's contribution on top of the wage."""
    overtime_factor: float = param(1.5, unit="ratio", ge=1, le=3, source="assumption", zh="加班系数")
    """Overtime wage over ordinary wage."""
    rent_county_m2_month: float = param(12, unit="yuan/m2/month", ge=1, le=60, low=8, high=18, source="assumption:G20", zh="县城租金")
    """Rent of floor in the county seat."""
    rent_township_m2_month: float = param(8, unit="yuan/m2/month", ge=1, le=60, source="assumption", zh="乡镇租金")
    """Rent of floor in a township."""
    overhead_day: float = param(250, unit="yuan/operator-day", ge=0, le=2000, low=150, high=400, source="assumption:G21", zh="管理费用")
    """A depot's manager and overhead, a quarter for each of warehousing, sorting, transport and delivery."""
    coordination_parcel: float = param(0.03, unit="yuan/parcel", ge=0, le=1, low=0, high=0.1, source="assumption:G40", zh="协调成本")
    """Coordination of an alliance, per parcel that a pooled activity handles."""
    coordination_member_day: float = param(20, unit="yuan/member-day", ge=0, le=1000, source="assumption", zh="成员协调成本")
    """Coordination of an alliance, per member beyond the first and day."""
    alliance_setup: float = param(150000, unit="yuan", ge=0, le=2000000, low=50000, high=400000, source="assumption:G40", zh="联盟组建成本")
    """One-off cost to set up an alliance, an annuity over the centre's life in settled runs."""
    relabel_parcel: float = param(0.03, unit="yuan/parcel", ge=0, le=0.5, low=0.01, high=0.08, source="assumption:G41", zh="重贴单成本")
    """Extra scan and re-labelling between brands at a shared sorting site whose operations are not pooled."""
    dispatch_fee: float = param(1.2, unit="yuan/parcel", ge=0, le=5, low=0.9, high=1.5, source="assumption:G1", zh="派费")
    """Paid by the network to its county operator for a delivered parcel."""
    township_agent_fee: float = param(
        0.65, unit="yuan/parcel", ge=0, le=3, source="evidence:township_delivery_fee_paid_to_agent", zh="乡镇代理派费"
    )
    """Paid by the county operator to a multi-brand township agent for a parcel handed over at the township."""
    post_handover_fee: float = param(0.6, unit="yuan/parcel", ge=0, le=3, low=0.3, high=1.2, source="assumption:G6", zh="交邮派费")
    """Paid by an express operator to the post for a village hand-over."""
    discount_rate: float = param(0.05, unit="1/year", ge=0, le=0.3, low=0.03, high=0.08, source="assumption:G36", zh="折现率")
    """Interest of the annuities."""
    centre_life_years: float = param(15, unit="years", ge=1, le=50, low=9, high=21, source="assumption:G36", zh="中心年限")
    """Life of a county centre and of what sets up an alliance."""
    depot_fitout_m2: float = param(300, unit="yuan/m2", ge=0, le=5000, source="assumption", zh="场地装修")
    """Fit-out of sorting floor, equipment included."""
    outlet_fitout: float = param(60000, unit="yuan", ge=0, le=1000000, source="evidence:township_station_fitout", zh="乡镇网点建设")
    """Fit-out of a township outlet."""
    station_fitout: float = param(10000, unit="yuan", ge=0, le=100000, source="evidence:village_station_fitout", zh="村站建设")
    """Fit-out of a village station."""
    station_life_years: float = param(5, unit="years", ge=1, le=30, low=3, high=7, source="assumption:G36", zh="村站年限")
    """Life of stations and outlets."""
    lease_days: int = param(180, unit="days", ge=0, le=1095, source="assumption", zh="剩余租期")
    """Days left on a lease when a site is given up (transition only)."""
    resale_days: int = param(90, unit="days", ge=0, le=730, source="assumption", zh="车辆处置期")
    """Days until an idle vehicle is sold (transition only)."""
    severance_months: float = param(1.0, unit="months", ge=0, le=12, source="assumption", zh="遣散月数")
    """Severance for staff no longer needed (transition only)."""


class Counting(Section):
    """Thresholds of the metrics."""

    served_share: float = param(0.95, unit="share", ge=0, le=1, source="assumption", choice=True, zh="通达门槛")
    """A village is served when at least this share of its parcels is handed over inside it, without unlawful charge."""
    served_days_week: float = param(3, unit="days/week", ge=0, le=7, source="assumption", choice=True, zh="通达班次门槛")
    """... and hand-over was offered on at least so many days a week."""
    drain_days: int = param(15, unit="days", ge=1, le=60, source="assumption", choice=True, zh="清尾天数")
    """The run goes on for at most so long without new orders until the cohort is finished."""
    p_complaint_when_late: float = param(0.002, unit="probability", ge=0, le=1, source="assumption", zh="迟到投诉概率")
    """Probability of a complaint about a parcel that took more than 72 h or came back."""


class Decisions(Section):
    """How shoppers, operators and hosts answer to what they meet; each kind can be switched off."""

    shoppers: bool = param(True, unit="switch", choice=True, source="assumption", zh="住户反应")
    """Households order more or less after the service they have met; false: they order as much whatever the service."""
    operators: bool = param(True, unit="switch", choice=True, source="assumption", zh="企业复核")
    """Operators review their villages every month; false: they keep the service they began with."""
    hosts: bool = param(True, unit="switch", choice=True, source="assumption", zh="站主去留")
    """Hosts of village stations close and reopen; false: stations stay as they are."""
    review_every_days: int = param(30, unit="days", ge=7, le=366, choice=True, source="assumption", zh="复核周期")
    """Operators and hosts review after so many days."""
    settle_rounds: int = param(12, unit="rounds", ge=0, le=50, choice=True, source="assumption", zh="稳态轮数上限")
    """In a settled run operators and hosts review at most so often before the run, until nobody changes."""
    sensitivity: float = param(
        0.03, unit="1/yuan", ge=0, le=1, low=0.01, high=0.06, source="assumption:order_price_elasticity", zh="需求敏感度"
    )
    """Relative fall of a household's orders for each yuan of generalised cost of a parcel: elasticity 1 at a landed price of 33 yuan."""
    floor: float = param(0.4, unit="ratio", ge=0, le=1, low=0.2, high=0.6, source="assumption", zh="订购下限")
    """The response leaves at least this share of a household's orders."""
    cap: float = param(
        1.6, unit="ratio", ge=1, le=4, low=1.4, high=2, source="assumption:induced_demand_after_village_station", zh="订购上限"
    )
    """The response raises a household's orders at most to this multiple."""
    memory: float = param(0.2, unit="weight", ge=0, le=1, low=0.1, high=0.5, source="assumption", zh="经验权重")
    """Weight of a household's newest parcel in what it remembers of the service."""
    wait_day_yuan: float = param(1.0, unit="yuan/day", ge=0, le=20, low=0.3, high=3, source="assumption", zh="等待一天的代价")
    """Value of a day between a parcel's arrival at the county and the instant it can be had."""
    km_yuan: float = param(
        1.0, unit="yuan/km", ge=0, le=10, low=0.4, high=2, source="assumption:order_distance_decay_per_km", zh="每公里取件代价"
    )
    """Value of a road km between home and pick-up point for one parcel: there and back, the way shared with other parcels and errands."""
    failure_yuan: float = param(10.0, unit="yuan/parcel", ge=0, le=200, low=3, high=30, source="assumption", zh="未收到的代价")
    """Value of the trouble with a parcel that never came: refused, rejected or lost."""
    switch_yuan_month: float = param(20.0, unit="yuan/month", ge=0, le=1000, low=5, high=60, source="assumption", zh="换方式门槛")
    """An operator changes its service of a village only for a gain above this (its effort to arrange, instruct and agree)."""
    retry_months: int = param(12, unit="months", ge=0, le=120, low=3, high=24, source="assumption", zh="再试前月数")
    """An operator that took up a village and gave it up again does not try again for so long."""
    p_left_out_found: float = param(
        0.002, unit="probability", ge=0, le=1, low=0.0001, high=0.01, source="assumption:G39", zh="未按址投递被查概率"
    )
    """Probability that a parcel left outside its village or refused leads to a complaint that is upheld."""
    p_fee_found: float = param(0.002, unit="probability", ge=0, le=1, low=0.0001, high=0.01, source="assumption:G39", zh="二次收费被查概率")
    """Probability that an unlawful second fee leads to a complaint that is upheld."""
    fine: float = param(100.0, unit="yuan", ge=0, le=30000, low=30, high=500, source="assumption:G38", zh="每起罚款")
    """What an upheld complaint costs the operator (its network's penalty; the State may fine up to 10,000 from March 2024 on)."""
    days_min: int = param(3, unit="days/week", ge=1, le=7, low=2, high=5, source="assumption", zh="最少班次")
    """Fewest service days a week that a network allows an operator that serves villages."""
    outside_month: float = param(100.0, unit="yuan/month", ge=0, le=3000, low=30, high=400, source="assumption:G24", zh="站主机会收入")
    """What room and attention would bring the median host otherwise: a part-time agent's 450 less the work on 30 parcels a day."""
    outside_spread: float = param(0.6, unit="log-sd", ge=0, le=2, low=0.3, high=0.9, source="assumption", zh="机会收入离散度")
    """Spread of the hosts' outside options (lognormal, by the place's key)."""
    other_services_month: float = param(
        150.0, unit="yuan/month", ge=0, le=2000, low=0, high=300, source="assumption:G24", zh="其他服务收入"
    )
    """What a host earns by the station's other services."""
    loss_months: int = param(6, unit="months", ge=1, le=36, low=2, high=12, source="assumption:G25", zh="关站前亏损月数")
    """A host closes after so many months below its outside option."""
    reopen_months: int = param(3, unit="months", ge=1, le=36, low=1, high=12, source="assumption", zh="重开前月数")
    """A closed station opens again after so many months in which it would have paid."""


class Accounts(Section):
    """How gains are counted for the county and for the nation."""

    express_profit_stays: float = param(1.0, unit="share", ge=0, le=1, low=0.5, high=1, source="assumption", zh="民营利润留县比例")
    """Share of an express operator's profit that stays in the county: its county franchise is a local firm."""
    post_profit_stays: float = param(0.0, unit="share", ge=0, le=1, low=0, high=0.3, source="assumption", zh="邮政利润留县比例")
    """Share of the post's profit that stays in the county: it belongs to a national firm."""
    funds_cost: float = param(0.2, unit="yuan/yuan", ge=0, le=2, choice=True, source="assumption", zh="公共资金边际成本")
    """Marginal cost of public funds at which the nation's net benefit is shown, beside 0."""


class Parameters(Section):
    """All parameters, by section."""

    demand: Demand = Demand()
    roads: Roads = Roads()
    centre: Centre = Centre()
    township: Township = Township()
    service: Service = Service()
    station: Station = Station()
    fleet: Fleet = Fleet()
    timetable: Timetable = Timetable()
    money: Money = Money()
    counting: Counting = Counting()
    decisions: Decisions = Decisions()
    accounts: Accounts = Accounts()
    produce: Produce = Produce()
