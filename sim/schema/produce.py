"""Parameters of farm produce: farms, channels, the way up, quality and cold rooms."""

from __future__ import annotations

from sim.schema.param import Section, param


class Farming(Section):
    """Farms: how many, how large, how much they pick."""

    area_spread: float = param(0.6, unit="log-sd", ge=0, le=2, low=0.3, high=0.9, source="assumption", zh="面积离散度")
    """Spread of the farms' areas (lognormal, by the farm's key)."""
    family_farm_share: float = param(0.02, unit="share", ge=0, le=1, low=0.005, high=0.06, source="assumption", zh="家庭农场占比")
    """Share of growers that are family farms (家庭农场)."""
    family_farm_size: float = param(8.0, unit="ratio", ge=1, le=200, low=4, high=15, source="assumption", zh="家庭农场规模")
    """Area of a family farm over a household's."""
    cooperative_share: float = param(0.005, unit="share", ge=0, le=1, low=0, high=0.02, source="assumption", zh="合作社占比")
    """Share of growers that are cooperatives (合作社) which sell for their members."""
    cooperative_size: float = param(40.0, unit="ratio", ge=1, le=1000, low=15, high=100, source="assumption", zh="合作社规模")
    """Area of a cooperative over a household's."""
    yield_spread: float = param(0.2, unit="log-sd", ge=0, le=1, low=0.1, high=0.35, source="assumption", zh="单产离散度")
    """Spread of a farm's yield in a season (by farm and season)."""
    weather_spread: float = param(0.1, unit="log-sd", ge=0, le=1, low=0.05, high=0.2, source="assumption", zh="年景离散度")
    """Spread of the county's yield over years (by year)."""
    quality_mean: float = param(0.96, unit="share", ge=0.5, le=1, low=0.9, high=0.99, source="assumption", zh="采收品质")
    """Mean quality at harvest, 1 being perfect."""
    quality_spread: float = param(0.02, unit="share", ge=0, le=0.2, low=0.01, high=0.05, source="assumption", zh="品质离散度")
    """Half width of the uniform spread of quality at harvest (by farm and season)."""
    pick_every_days: int = param(3, unit="days", ge=1, le=30, low=1, high=7, source="assumption", zh="采收间隔")
    """A farm picks every so many days of its harvest window what perishes soon."""
    pick_every_days_hardy: int = param(10, unit="days", ge=1, le=60, low=5, high=20, source="assumption", zh="耐储作物采收间隔")
    """And every so many days what keeps: it lies until there is a load to sell."""
    hardy_days: float = param(100.0, unit="days", ge=1, le=3650, low=60, high=150, source="assumption", zh="耐储天数")
    """A crop keeps whose shelf life at 0 degrees is at least this."""
    pick_hour: str = param("08:00", unit="clock", source="assumption", zh="采收时刻")
    """What is picked on a day counts as picked at this time."""
    wait_days: int = param(3, unit="days", ge=0, le=30, low=1, high=7, source="assumption", zh="田头等待天数")
    """What nobody takes waits in the field so many days and is then left unsold."""
    temperature_spread: float = param(2.5, unit="degrees C", ge=0, le=15, low=1.5, high=4, source="assumption", zh="日温离散度")
    """Standard deviation of a day's mean temperature around the month's (by day)."""


class Channels(Section):
    """Where produce is sold: farm gate, wholesale market, online."""

    rule: str = param("threshold", unit="threshold or logit", source="assumption", zh="渠道规则", choice=True)
    """``threshold``: all goes to the channel with the highest expected net price; ``logit``: shares by their differences."""
    logit_scale: float = param(0.3, unit="yuan/kg", gt=0, le=10, low=0.1, high=1, source="assumption", zh="选择尺度")
    """Scale of the logit rule: a channel dearer by this has e times the share."""
    middleman_kg_day: float = param(
        8000, unit="kg/village-day", ge=0, le=1e6, low=2000, high=20000, source="assumption", zh="收购商日收购量"
    )
    """A middleman's lorry takes so much in a village on a day."""
    market_fee: float = param(0.03, unit="share", ge=0, le=0.3, low=0.01, high=0.06, source="assumption", zh="市场管理费")
    """Wholesale market's fee on sales."""
    farm_vehicle_kg: float = param(400, unit="kg", ge=50, le=5000, low=200, high=1000, source="assumption", zh="农用车载重")
    """Payload of the three-wheeler a household drives to market."""
    farm_vehicle_km: float = param(0.8, unit="yuan/km", ge=0, le=10, low=0.5, high=1.5, source="assumption", zh="农用车里程成本")
    """Fuel and wear of a three-wheeler."""
    market_hours: float = param(2.0, unit="h", ge=0, le=24, low=1, high=5, source="assumption", zh="卖货耗时")
    """Time a trip to the market costs besides driving."""
    labour_hour: float = param(12.0, unit="yuan/h", ge=0, le=100, low=6, high=20, source="assumption", zh="农户工时价值")
    """Value of an hour of a grower's own work."""
    platform_fee: float = param(0.05, unit="share", ge=0, le=0.3, low=0.006, high=0.1, source="assumption:G46", zh="平台费率")
    """Platform's fee on online sales."""
    packing: float = param(2.0, unit="yuan/parcel", ge=0, le=20, low=1, high=4, source="assumption:G46", zh="包装成本")
    """Box, padding and label of an online parcel."""
    packing_kg: float = param(0.18, unit="kg/parcel", ge=0, le=2, low=0.1, high=0.4, source="assumption:G8", zh="包装重量")
    """Weight of the packaging."""
    packing_minutes: float = param(6.0, unit="min/parcel", ge=0, le=60, low=3, high=12, source="assumption", zh="打包耗时")
    """Own work on an online parcel: picking out, packing, writing, answering buyers."""
    orders_day_household: float = param(1.0, unit="parcels/day", ge=0, le=1000, low=0.3, high=3, source="assumption", zh="农户日网单")
    """Orders that buyers place with a household that sells online, on a day of the season."""
    orders_day_family_farm: float = param(6.0, unit="parcels/day", ge=0, le=10000, low=2, high=15, source="assumption", zh="家庭农场日网单")
    """The same for a family farm."""
    orders_day_cooperative: float = param(
        40.0, unit="parcels/day", ge=0, le=100000, low=10, high=100, source="assumption", zh="合作社日网单"
    )
    """The same for a cooperative."""
    sale_zones: bool = param(True, unit="switch", source="assumption", choice=True, zh="按区域上架")
    """A farm chooses to which zones of buyers it offers online, nearest first; off: always to all of them."""
    off_season_rise: float = param(0.3, unit="share", ge=0, le=3, low=0, high=0.6, source="assumption", zh="反季涨幅")
    """Prices rise by so much until ``off_season_months`` after the last harvest day."""
    off_season_months: float = param(4.0, unit="months", gt=0, le=11, low=2, high=6, source="assumption", zh="反季月数")
    """Months after the harvest in which prices rise, evenly."""


class Sending(Section):
    """Parcels going up: fees, who takes them, what buyers accept."""

    fee: float = param(
        4.81, unit="yuan/parcel", ge=0, le=50, low=3.5, high=8, source="evidence:upstream_farm_parcel_fee", zh="农产品寄件费"
    )
    """What a sender with a contract (family farm, cooperative) pays for a parcel of up to ``fee_kg``."""
    fee_walk_in: float = param(
        9.0, unit="yuan/parcel", ge=0, le=50, low=8, high=12, source="assumption:upstream_farm_parcel_fee", zh="散户寄件费"
    )
    """What a household pays that walks in; the evidence names 8 to 12 yuan."""
    fee_kg: float = param(3.0, unit="kg", gt=0, le=30, low=1, high=5, source="assumption", zh="首重")
    """Weight that the fee covers."""
    fee_more_kg: float = param(1.0, unit="yuan/kg", ge=0, le=20, low=0.5, high=2, source="assumption", zh="续重")
    """Each further kg, begun ones counting whole."""
    network_share: float = param(0.6, unit="share", ge=0, le=1, low=0.4, high=0.75, source="assumption", zh="网络分成")
    """Share of the fee that the operator's network keeps for trunk, hubs and delivery outside the county."""
    host_commission: float = param(0.5, unit="yuan/parcel", ge=0, le=5, low=0.2, high=1, source="assumption", zh="站点收寄酬金")
    """Paid to the host for a parcel handed in at a station (a walk-in parcel's 4 yuan in the evidence is no contract's)."""
    drop_from: str = param("09:00", unit="clock", source="assumption", zh="交寄最早时刻")
    """Parcels of a day are handed in from this time on."""
    drop_until: str = param("13:00", unit="clock", source="assumption", zh="交寄最晚时刻")
    """And until this time, evenly by the lot's key."""
    ship_within_days: int = param(2, unit="days", ge=1, le=60, low=1, high=4, source="assumption", zh="发货时限")
    """Buyers wait so long for a parcel to be sent (platforms ask for 48 hours); earlier orders are lost before the next picking."""
    p_damaged: float = param(0.03, unit="probability", ge=0, le=1, low=0.01, high=0.08, source="assumption", zh="破损率")
    """Probability that a parcel arrives damaged and is refused by the buyer."""
    threshold: float = param(0.7, unit="share", gt=0, lt=1, low=0.5, high=0.85, source="assumption:G45", zh="买家品质门槛")
    """Below this remaining quality the buyer refuses; it also defines the end of the shelf life."""
    spoiled: float = param(0.35, unit="share", ge=0, lt=1, low=0.2, high=0.5, source="assumption", zh="腐坏界限")
    """Below this quality produce is spoiled and worth nothing to anybody."""
    zone_near: float = param(0.3, unit="share", ge=0, le=1, low=0.15, high=0.5, source="assumption", zh="近区占比")
    """Share of buyers in the own province."""
    zone_far: float = param(0.3, unit="share", ge=0, le=1, low=0.15, high=0.5, source="assumption", zh="远区占比")
    """Share of buyers across the country; the rest lie between."""
    trunk_hours_near: float = param(30.0, unit="h", ge=1, le=240, low=20, high=40, source="assumption", zh="近区干线时长")
    """Mean time from the evening trunk to a buyer in the own province."""
    trunk_hours_middle: float = param(50.0, unit="h", ge=1, le=240, low=36, high=60, source="assumption", zh="中区干线时长")
    """The same, neighbouring provinces."""
    trunk_hours_far: float = param(75.0, unit="h", ge=1, le=400, low=55, high=100, source="assumption", zh="远区干线时长")
    """The same, across the country."""


class Grading(Section):
    """Grading (分级) of what farms that sell online have picked."""

    active: bool = param(True, unit="switch", source="assumption", choice=True, zh="分级开关")
    """Off: a lot is sold as it was picked, all of it fit for online buyers."""
    first: float = param(0.5, unit="share", ge=0, le=1, low=0.3, high=0.7, source="assumption", zh="一级果占比")
    """Share of a lot, by weight from the best piece on, that is first grade."""
    second: float = param(0.35, unit="share", ge=0, le=1, low=0.2, high=0.5, source="assumption", zh="二级果占比")
    """Share that is second grade; what is left is not sent and goes to the farm gate or the market."""
    spread: float = param(0.04, unit="share", ge=0, le=0.5, low=0.02, high=0.1, source="assumption", zh="批内品质离散度")
    """Half width of the even spread of quality within a lot."""
    price_first: float = param(1.05, unit="of list price", ge=0, le=3, low=1, high=1.3, source="assumption", zh="一级果价格比")
    """What first grade is listed at online."""
    price_second: float = param(0.85, unit="of list price", ge=0, le=3, low=0.6, high=1, source="assumption", zh="二级果价格比")
    """What second grade is listed at."""
    minutes_kg: float = param(0.5, unit="min/kg", ge=0, le=10, low=0.2, high=1, source="assumption", zh="分级耗时")
    """Own work on a kg that is sorted; a parcel bears that of what was sorted for it."""


class Packaging(Section):
    """Boxes with ice (保温箱、冰袋) for parcels sold online: a farm chooses how much of it by what it expects to be left."""

    ice_steps: int = param(3, unit="steps", ge=0, le=6, source="assumption", choice=True, zh="冰袋档数")
    """A farm can choose between no ice and so many steps of ``ice_kg``; 0: there are no boxes with ice."""
    ice_kg: float = param(1.0, unit="kg/parcel", gt=0, le=10, low=0.5, high=2, source="assumption", zh="每档冰量")
    """Ice of one step."""
    box: float = param(3.5, unit="yuan/parcel", ge=0, le=50, low=2, high=7, source="assumption", zh="保温箱价格")
    """A foam box instead of a carton, more than the carton."""
    ice: float = param(1.0, unit="yuan/kg", ge=0, le=20, low=0.4, high=2, source="assumption", zh="冰袋价格")
    """Ice packs, frozen."""
    box_kg: float = param(0.3, unit="kg/parcel", ge=0, le=5, low=0.15, high=0.5, source="assumption", zh="保温箱重量")
    """Weight of the box beyond the carton's."""
    box_volume: float = param(1.4, unit="ratio", ge=1, le=4, low=1.2, high=1.8, source="assumption", zh="保温箱体积比")
    """Volume of the box over the carton's; the ice takes its own volume, a litre a kg."""
    inside_c: float = param(4.0, unit="degrees C", ge=0, le=15, low=2, high=8, source="assumption", zh="箱内温度")
    """Inside while there is ice."""
    melt_kj_kg: float = param(334.0, unit="kJ/kg", ge=100, le=400, source="assumption", choice=True, zh="融化热")
    """Heat that melts a kg of ice (a constant of nature)."""
    leak_w_k: float = param(0.5, unit="W/K", gt=0, le=10, low=0.3, high=0.9, source="assumption", zh="箱体漏热")
    """Heat that comes into a box of 10 litres for a degree of difference: 0.28 m2 of 2 cm foam at 0.036 W/mK; larger ones by surface."""
    produce_kj_kg_k: float = param(3.8, unit="kJ/kg/K", gt=0, le=4.2, low=3.2, high=4, source="assumption", zh="农产品比热")
    """Heat capacity of fresh produce (nine tenths water)."""


class Collecting(Section):
    """Afternoon collection (揽收班次): rounds and lines that bring the day's parcels going up to the evening trunk."""

    rule: str = param("recorded", unit="recorded or never", source="assumption", zh="揽收规则", choice=True)
    """``recorded``: where enough was sent in the last days an operator collects in the afternoon; ``never``: what misses the line waits."""
    village_parcels: float = param(5.0, unit="parcels/day", ge=0, le=10000, low=2, high=15, source="assumption", zh="进村揽收门槛")
    """A collection round calls at a place from which so many are expected."""
    township_parcels: float = param(30.0, unit="parcels/day", ge=0, le=100000, low=10, high=80, source="assumption", zh="乡镇揽收门槛")
    """A collection line calls at a township from which so many are expected, its villages included."""
    recorded_days: int = param(6, unit="days", ge=1, le=60, low=3, high=14, source="assumption", zh="揽收预测天数")
    """Expected is the mean of so many days past."""
    review_every_days: int = param(3, unit="days", ge=1, le=60, low=1, high=7, source="assumption", zh="揽收复核间隔")
    """Days between two looks at what was sent."""
    round_departs: str = param("13:00", unit="clock", source="assumption", zh="揽收发车时刻")
    """Collection rounds leave the townships: when parcels have been handed in."""
    round_hours_max: float = param(3.0, unit="h", ge=0.25, le=10, low=2, high=4, source="assumption", zh="揽收单趟最长时长")
    """Longest planned collection round; a place that cannot be reached in it waits for the delivery round."""
    line_hours_max: float = param(4.0, unit="h", ge=0.25, le=10, low=3, high=5, source="assumption", zh="揽收班车最长时长")
    """Longest planned collection line; a township that cannot be reached in it waits for the morning's line."""
    trunk_later_hours: float = param(2.0, unit="h", ge=0, le=8, low=0, high=4, source="assumption", zh="干线候车时长")
    """The evening trunk of an operator that collects waits so long for the collection at most."""


class Learning(Section):
    """What farmers learn and when they begin or stop to sell online."""

    online_household: float = param(0.04, unit="share", ge=0, le=1, low=0.01, high=0.1, source="assumption", zh="农户触网率")
    """Households that sell online when the run begins."""
    online_family_farm: float = param(0.2, unit="share", ge=0, le=1, low=0.05, high=0.4, source="assumption", zh="家庭农场触网率")
    """Family farms that do."""
    online_cooperative: float = param(0.5, unit="share", ge=0, le=1, low=0.2, high=0.8, source="assumption", zh="合作社触网率")
    """Cooperatives that do."""
    season_before: bool = param(True, unit="switch", source="assumption", choice=True, zh="记得上一季")
    """Farms begin with what the same days a year earlier have taught them; off: they begin without any experience."""
    memory: float = param(0.3, unit="share", gt=0, le=1, low=0.1, high=0.6, source="assumption", zh="新经验权重")
    """Weight of the newest sale in what a farm remembers."""
    considers: float = param(0.1, unit="share", ge=0, le=1, low=0.03, high=0.3, source="assumption", zh="考虑触网比例")
    """Share of the farms offline that think of beginning at a review (by farm and day)."""
    prior_paid: float = param(0.85, unit="share", ge=0, le=1, low=0.6, high=1, source="assumption", zh="先验回款率")
    """Share of the listed price that a farm without own or neighbours' sales expects to be paid."""
    entry_cost: float = param(300.0, unit="yuan/season", ge=0, le=20000, low=100, high=1500, source="assumption", zh="触网成本")
    """Shop, scales, learning: what beginning to sell online costs, weighed against the gain expected over the season."""
    season_days: int = param(60, unit="days", ge=1, le=366, low=30, high=120, source="assumption", zh="预期销售天数")
    """Days over which a farm expects that gain."""
    neighbours: float = param(0.5, unit="share", ge=0, le=1, low=0.2, high=0.8, source="assumption", zh="邻里影响")
    """Weight of what the village's online sellers were paid against the own expectation."""
    leave_below: float = param(0.0, unit="yuan/kg", ge=-5, le=5, low=-0.5, high=0.5, source="assumption", zh="退出门槛")
    """A farm stops when online has earned it so much less than its best other channel."""
    leave_after: int = param(3, unit="reviews", ge=1, le=24, low=1, high=6, source="assumption", zh="退出前次数")
    """It stops after so many reviews in a row of that."""
    review_every_days: int = param(10, unit="days", ge=1, le=90, low=7, high=30, source="assumption", zh="渠道复盘间隔")
    """Days between two reviews (a season is short: shorter than the operators')."""


class Perishing(Section):
    """How fast quality goes with temperature."""

    q10_0_10: float = param(3.0, unit="ratio", ge=1, le=8, low=2.5, high=4, source="evidence:q10_0_10C", zh="Q10（0-10度）")
    """Rate at 10 degrees over the rate at 0; used below 0 too."""
    q10_10_20: float = param(2.5, unit="ratio", ge=1, le=8, low=2, high=2.5, source="evidence:q10_10_20C", zh="Q10（10-20度）")
    """Rate at 20 over 10."""
    q10_20_30: float = param(2.0, unit="ratio", ge=1, le=8, low=1.5, high=2, source="evidence:q10_20_30C", zh="Q10（20-30度）")
    """Rate at 30 over 20."""
    q10_30_40: float = param(1.5, unit="ratio", ge=1, le=8, low=1, high=1.5, source="evidence:q10_30_40C", zh="Q10（30-40度）")
    """Rate at 40 over 30; used above 40 too."""


class ColdRooms(Section):
    """What cold rooms and reefers cost and use, wherever a lever builds them."""

    kg_m3: float = param(200.0, unit="kg/m3", ge=20, le=600, low=150, high=300, source="assumption:G44", zh="冷库容重")
    """Produce in a cubic metre of cold room."""
    capex_m3: float = param(
        540.0, unit="yuan/m3", ge=50, le=3000, low=433, high=650, source="evidence:cold_storage_capex_mechanical", zh="冷库造价"
    )
    """Price of a mechanical cold room."""
    opex_m3_year: float = param(
        60.0, unit="yuan/m3/year", ge=0, le=1000, low=30, high=100, source="assumption:cold_storage_opex", zh="冷库维护"
    )
    """Upkeep of a cold room, energy left out."""
    life_years: float = param(15.0, unit="years", ge=1, le=50, low=9, high=21, source="assumption:G36", zh="冷库年限")
    """Life of a cold room."""
    precool_price: float = param(0.0, unit="yuan/kg/h", ge=0, le=10000, source="assumption", zh="预冷设备造价")
    """Price of a pre-cooler for each kg an hour that it takes; 0: nothing beside its room's price. It lasts as long as the room."""
    kwh_m3_day: float = param(0.25, unit="kWh/m3/day", ge=0, le=5, low=0.1, high=0.5, source="assumption", zh="冷库日耗电")
    """Electricity to hold the room cold."""
    kwh_cool_kg: float = param(0.04, unit="kWh/kg", ge=0, le=1, low=0.02, high=0.08, source="assumption", zh="预冷耗电")
    """Electricity to cool a kg of produce down."""
    power_price: float = param(0.8, unit="yuan/kWh", ge=0.1, le=3, source="evidence:electricity_price", zh="电价")
    """Price of electricity."""
    power_co2: float = param(0.5366, unit="kg/kWh", ge=0, le=2, source="evidence:grid_emission_factor", zh="电网排放因子")
    """Emissions of a kWh of the grid."""
    reefer_price: float = param(
        200000.0, unit="yuan", ge=20000, le=1e6, low=150000, high=280000, source="assumption:refrigerated_truck_capex", zh="冷藏车价格"
    )
    """Price of a refrigerated light truck; what it costs more than a plain one is the cold chain's."""
    reefer_km: float = param(
        0.35, unit="of cost/km", ge=0, le=2, low=0.2, high=0.5, source="assumption:refrigerated_truck_cost_premium", zh="冷藏里程附加"
    )
    """What a refrigerated vehicle's km cost more; as much more fuel it burns."""
    box_price: float = param(6000.0, unit="yuan", ge=0, le=100000, low=3000, high=15000, source="assumption", zh="车载冷箱价格")
    """Price of the mobile cold box (移动冷库) in a van."""
    store_fee_month: float = param(0.12, unit="yuan/kg/month", ge=0, le=5, low=0.05, high=0.3, source="assumption", zh="冷库租费")
    """What a farm pays to store a kg for a month."""
    trunk_fee: float = param(3.0, unit="yuan/parcel", ge=0, le=50, low=1.5, high=8, source="assumption", zh="冷链干线加价")
    """What the network asks more for a parcel on a cold trunk."""


class Produce(Section):
    """Farm produce going up, in counties whose folder has ``crops.csv``."""

    active: bool = param(False, unit="switch", source="assumption", zh="农产品上行开关", choice=True)
    """Off: nothing is harvested, and the run is that of the parcels going down alone, byte for byte."""
    farming: Farming = Farming()
    channels: Channels = Channels()
    sending: Sending = Sending()
    grading: Grading = Grading()
    packaging: Packaging = Packaging()
    collecting: Collecting = Collecting()
    learning: Learning = Learning()
    perishing: Perishing = Perishing()
    cold: ColdRooms = ColdRooms()
