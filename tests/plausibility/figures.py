"""What is read from a run for the plausibility table: one figure a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.plan.plan import LEGS
from sim.run import Run

Figure = tuple[str, str, float]
"""(figure, unit, value)."""
CENTRE = ("warehousing", "sorting")
FULL_DAY_H = 8.0


def figures(run: Run, days: int) -> Iterator[Figure]:
    """Yield the figures of one run over its counted days."""
    yield from _volume(run, days)
    yield from _trips(run, days)
    yield from _cost(run)
    yield from _time(run)
    yield from _service(run)
    yield from _work(run, days)


def _known(run: Run, metric: str, group: str, value: str) -> float:
    rows = run.metrics
    at = (rows["metric"] == metric) & (rows["group"] == group) & (rows["value_of_group"] == value) & (rows["period"] == "all")
    return float(rows.loc[at, "value"].iloc[0]) if at.any() else float("nan")


def _volume(run: Run, days: int) -> Iterator[Figure]:
    yield "parcels a day", "parcels/day", run.metric("parcels_down") / days
    yield "parcels a day to villages", "parcels/day", _known(run, "parcels_down", "tier", "village") / days
    yield "parcels per village station and day", "parcels/day", run.metric("station_parcels_per_day")


def _trips(run: Run, days: int) -> Iterator[Figure]:
    trips = run.table("trips")
    trips = trips[(trips["day"] >= 0) & (trips["day"] < days) & trips["leg"].isin(["line", "round"])]
    tier = run.table("places").set_index("place")["tier"]
    trips = trips.assign(to=np.where(trips["leg"] == "line", "townships", trips["to_place"].map(tier)))
    ran = trips[trips["status"] != "cancelled"]
    share = np.maximum(ran["load_kg"] / ran["capacity_kg"], ran["load_l"] / ran["capacity_l"])
    for (leg, to), own in ran.groupby(["leg", "to"]):
        name = f"{leg} to {to}"
        hours = (own["return_s"] - own["depart_s"]) / 3600
        yield f"{name}: trips a day", "trips/day", len(own) / days
        yield f"{name}: parcels a trip", "parcels/trip", float(own["parcels"].mean())
        yield f"{name}: load factor", "share", float(share[own.index].mean())
        yield f"{name}: km a trip", "km", float(own["km"].mean())
        yield f"{name}: hours a trip, mean", "h", float(hours.mean())
        yield f"{name}: hours a trip, longest", "h", float(hours.max())
        yield f"{name}: km a parcel", "km", float(own["km"].sum() / own["parcels"].sum())
    planned = trips.groupby("leg").size()
    for leg in planned.index:
        cancelled = (trips["leg"] == leg) & (trips["status"] == "cancelled")
        yield f"{leg}: cancelled trips", "share", float(cancelled.sum() / planned[leg])
    vans = ran[ran["leg"] == "round"]
    yield "parcels per round van and day", "parcels/day", float(vans["parcels"].sum() / vans.groupby(["vehicle", "day"]).ngroups)
    yield "vehicle-km a day", "km/day", run.metric("vehicle_km") / days


def _cost(run: Run) -> Iterator[Figure]:
    yield "cost a parcel", "yuan/parcel", run.metric("cost_per_parcel_yuan")
    for leg in ("county", *LEGS, "township", "station"):
        value = _known(run, "cost_per_parcel_yuan", "leg", leg)
        if value > 0:
            yield f"cost a parcel: {leg}", "yuan/parcel", value
    split = run.metrics
    rows = split[(split["metric"] == "cost_per_parcel_yuan") & (split["group"] == "resource") & (split["period"] == "all")]
    for resource, value in zip(rows["value_of_group"], rows["value"], strict=True):
        yield f"cost a parcel: {resource} (resource)", "yuan/parcel", float(value)
    yield "operators' profit a parcel", "yuan/parcel", run.metric("carrier_profit_yuan") / run.metric("parcels_down")
    yield "hosts' income a station and month", "yuan/month", _host_income(run)


def _host_income(run: Run) -> float:
    money = run.table("money")
    village = run.table("places")
    hosts = {f"host:{place}" for place in village.loc[village["tier"] == "village", "place"]}
    money = money[(money["day"] >= 0) & (money["category"] == "commission") & money["payee"].isin(hosts)]
    stations = int((run.table("assets")["kind"].eq("station") & run.table("assets")["owner"].isin(hosts)).sum())
    days = int(run.manifest["days"])
    return float(money.loc[money["day"] < days, "amount_fen"].sum()) / 100 / max(stations, 1) / days * 365 / 12


def _time(run: Run) -> Iterator[Figure]:
    for tier in ("town", "village"):
        yield f"delivery hours to {tier}s, mean", "h", _known(run, "delivery_hours_mean", "tier", tier)
        yield f"delivery hours to {tier}s, p90", "h", _known(run, "delivery_hours_p90", "tier", tier)
    for kind in ("door", "station", "township"):
        yield f"delivery hours by {kind}, mean", "h", _known(run, "delivery_hours_mean", "handover_kind", kind)
    yield "order to hand in villages", "days", _known(run, "order_to_hand_hours", "tier", "village") / 24
    parcels = run.table("parcels")
    down = parcels[(parcels["direction"] == "down") & (parcels["created_s"] >= 0)]
    for name, begin, end in (
        ("county, in to out", "county_in_s", "county_out_s"),
        ("county out to township in", "county_out_s", "township_in_s"),
        ("township, in to out", "township_in_s", "township_out_s"),
        ("township out to village in", "township_out_s", "village_in_s"),
    ):
        hours = ((down[end] - down[begin]).dropna() / 3600).astype(float)
        if len(hours):
            yield f"stage {name}, mean", "h", float(hours.mean())
            yield f"stage {name}, longest", "h", float(hours.max())


def _service(run: Run) -> Iterator[Figure]:
    for name, metric, unit in (
        ("village coverage", "village_coverage", "share"),
        ("villages served", "served_villages_share", "share"),
        ("villages with a station", "stations_share", "share"),
        ("days a week with any operator coming", "village_service_days_per_week", "days/week"),
        ("ready within 48 h", "within_48h_share", "share"),
        ("failed attempts", "failed_share", "share"),
        ("returned", "return_share", "share"),
        ("surcharged", "surcharged_share", "share"),
        ("kg CO2 a parcel", "co2_kg_per_parcel", "kg/parcel"),
    ):
        yield name, unit, run.metric(metric)


def _work(run: Run, days: int) -> Iterator[Figure]:
    hours = {a: _known(run, "staff_hours", "activity", a) for a in (*CENTRE, "transport", "delivery")}
    centre = sum(hours[a] for a in CENTRE)
    yield "parcels per centre worker and 8 h", "parcels/staff-day", run.metric("parcels_down") / centre * FULL_DAY_H
    for activity, value in hours.items():
        yield f"paid hours a day: {activity}", "h/day", value / days
    assets = run.table("assets")
    for kind in ("truck", "van"):
        yield f"{kind}s", "vehicles", float((assets["kind"] == kind).sum())


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return the rows (county, scenario, seed, figure, unit, value) as means over seeds with the number of seeds."""
    table = pd.DataFrame(rows)
    keys = ["county", "scenario", "figure", "unit"]
    return table.groupby(keys, sort=False)["value"].agg(["mean", "min", "max", "count"]).reset_index()
