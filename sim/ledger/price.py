"""Prices in whole thousandths of a fen per unit: what the ledger multiplies quantities with."""

from __future__ import annotations

from dataclasses import dataclass

from sim.ledger.capital import annuity_day
from sim.schema.parameters import Parameters

MILLI = 100_000
"""Thousandths of a fen in a yuan."""


@dataclass(frozen=True)
class Price:
    """One price: its unit, its amount in thousandths of a fen, and the parameters it comes from."""

    unit: str
    amount: int
    source: str


def prices(p: Parameters) -> dict[str, Price]:
    """Return every price the ledger uses, by name."""
    money, fleet, station, township = p.money, p.fleet, p.station, p.township
    rate = money.discount_rate
    on_cost = (1 + money.employer_on_cost) / money.hours_month
    out: dict[str, Price] = {}

    def put(what: str, unit: str, yuan: float, source: str) -> None:
        out[what] = Price(unit, round(yuan * MILLI), source)

    def annuity(what: str, unit: str, price: float, life: float, source: str, salvage_share: float = 0.0) -> None:
        put(what, unit, annuity_day(price, price * salvage_share, rate, life), source)

    put("worker_hour", "h", money.worker_month * on_cost, "money.worker_month")
    put("overtime_hour", "h", money.worker_month * on_cost * money.overtime_factor, "money.overtime_factor")
    put("driver_hour", "h", money.driver_month * on_cost, "money.driver_month")
    for kind, litres, upkeep, price, insurance in (
        ("truck", fleet.truck_fuel_l_km, fleet.truck_upkeep_km, fleet.truck_price, fleet.truck_insurance_year),
        ("van", fleet.van_fuel_l_km, fleet.van_upkeep_km, fleet.van_price, fleet.van_insurance_year),
    ):
        put(f"{kind}_fuel_km", "km", litres * fleet.fuel_price, f"fleet.{kind}_fuel_l_km, fleet.fuel_price")
        put(f"{kind}_upkeep_km", "km", upkeep, f"fleet.{kind}_upkeep_km")
        put(f"{kind}_insurance_day", "vehicle-day", insurance / 365, f"fleet.{kind}_insurance_year")
        annuity(f"{kind}_day", "vehicle-day", price, fleet.vehicle_life_years, f"fleet.{kind}_price", fleet.salvage_share)
    put("toll_km", "km", fleet.toll_km, "fleet.toll_km")
    put("rent_county_m2_day", "m2-day", money.rent_county_m2_month * 12 / 365, "money.rent_county_m2_month")
    put("rent_township_m2_day", "m2-day", money.rent_township_m2_month * 12 / 365, "money.rent_township_m2_month")
    annuity("depot_fitout_m2_day", "m2-day", money.depot_fitout_m2, money.centre_life_years, "money.depot_fitout_m2")
    annuity("outlet_fitout_day", "outlet-day", money.outlet_fitout, money.station_life_years, "money.outlet_fitout")
    annuity("station_fitout_day", "station-day", money.station_fitout, money.station_life_years, "money.station_fitout")
    put("station_running_day", "station-day", station.running_cost_month * 12 / 365, "station.running_cost_month")
    put("overhead_day", "operator-day", money.overhead_day, "money.overhead_day")
    put("coordination_parcel", "parcel", money.coordination_parcel, "money.coordination_parcel")
    put("coordination_member_day", "member-day", money.coordination_member_day, "money.coordination_member_day")
    annuity("alliance_setup_day", "alliance-day", money.alliance_setup, money.centre_life_years, "money.alliance_setup")
    put("relabel_parcel", "parcel", money.relabel_parcel, "money.relabel_parcel")
    put("dispatch_fee", "parcel", money.dispatch_fee, "money.dispatch_fee")
    put("township_agent_fee", "parcel", money.township_agent_fee, "money.township_agent_fee")
    put("post_handover_fee", "parcel", money.post_handover_fee, "money.post_handover_fee")
    put("commission", "parcel", station.commission, "station.commission")
    put("fine", "complaint", p.decisions.fine, "decisions.fine")
    put("second_fee", "parcel", township.secondary_fee, "township.secondary_fee")
    put("severance", "worker", money.worker_month * (1 + money.employer_on_cost) * money.severance_months, "money.severance_months")
    return out
