"""Trips, stops, shifts and events, as table rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.ledger.driving import chilled
from sim.ledger.price import Price
from sim.ledger.standing import TRUCK_CODES
from sim.plan.plan import LEGS, VEHICLES, Plan, litres_km
from sim.rules import Rules
from sim.schema.raw import EVENT_KINDS, TRIP_STATUS
from sim.schema.tables import EVENTS, SHIFTS, STOPS, TRIPS
from sim.store.arrow import batch, coded, seconds, texts
from sim.units import DAY, MINUTE, SECOND
from sim.world.world import World

Rows = npt.NDArray[Any]
PlanOf = Callable[[int], Plan]


def trip_table(world: World, rules: Rules, plan_of: PlanOf, rows: Rows) -> pa.Table:
    """Return trips; vehicles and drivers are named by the plan of the trip's day."""
    keys, fleet = world.places.key, rules.parameters.fleet
    plans = [plan_of(day) for day in rows["day"].tolist()]
    more = rules.parameters.produce.cold.reefer_km * chilled(world, rows)
    litres = rows["metres"] / 1000 * litres_km(fleet)[rows["type"]] * (1 + more)
    outside = ~np.isin(rows["type"], TRUCK_CODES)
    capacity = (
        np.array([[p.capacity_g[t], p.capacity_ml[t]] for p, t in zip(plans, rows["type"].tolist(), strict=True)]).reshape(-1, 2) / 1000
    )
    columns = {
        "trip": rows["trip"],
        "day": rows["day"].astype(np.int64),
        "leg": coded(rows["leg"], LEGS),
        "operator": coded(rows["owner"], world.operators.key),
        "vehicle": texts([p.vehicle_key[v] if v >= 0 else None for p, v in zip(plans, rows["vehicle"].tolist(), strict=True)]),
        "vehicle_type": coded(rows["type"], VEHICLES),
        "driver": texts([p.driver_key[d] if d >= 0 else None for p, d in zip(plans, rows["driver"].tolist(), strict=True)]),
        "from_place": coded(rows["from_place"], keys),
        "to_place": coded(rows["to_place"], keys),
        "planned_depart_s": seconds(rows["planned"]),
        "load_s": seconds(rows["load"]),
        "depart_s": seconds(rows["depart"]),
        "return_s": seconds(rows["back"]),
        "free_s": seconds(rows["free"]),
        "km": rows["metres"] / 1000,
        "stops": rows["stops"].astype(np.int64),
        "parcels": rows["parcels"].astype(np.int64),
        "load_kg": rows["load_g"] / 1000,
        "load_l": rows["load_ml"] / 1000,
        "capacity_kg": capacity[:, 0],
        "capacity_l": capacity[:, 1],
        "energy_mj": pa.array(litres * fleet.fuel_mj_l, mask=outside),
        "co2_kg": pa.array(litres * fleet.fuel_co2_l, mask=outside),
        "cut_by_weight": rows["cut_g"].astype(np.int64),
        "cut_by_volume": rows["cut_ml"].astype(np.int64),
        "status": coded(rows["status"], TRIP_STATUS),
    }
    return batch(TRIPS, columns)


def stop_table(world: World, rows: Rows) -> pa.Table:
    """Return stops."""
    columns = {
        "trip": rows["trip"],
        "order": rows["order"].astype(np.int64),
        "place": coded(rows["place"], world.places.key),
        "arrive_s": seconds(rows["arrive"]),
        "depart_s": seconds(rows["depart"]),
        "unloaded": rows["unloaded"].astype(np.int64),
        "loaded": rows["loaded"].astype(np.int64),
        "refused_no_space": rows["refused"].astype(np.int64),
        "aboard_kg": rows["aboard_g"] / 1000,
        "aboard_l": rows["aboard_ml"] / 1000,
    }
    return batch(STOPS, columns)


def queue_names(world: World) -> list[tuple[str, str]]:
    """Return (site, role) of every queue: docks, sortings, outlets."""
    operators, townships = world.operators.key, [world.places.key[p] for p in np.flatnonzero(world.places.tier == 1).tolist()]
    names = [(f"dock:{o}", "unloader") for o in operators] + [(f"sorting:{o}", "sorter") for o in operators]
    return names + [(f"outlet:{t}:{o}", "clerk") for t in townships for o in operators]


def shift_table(world: World, price: dict[str, Price], rows: Rows) -> pa.Table:
    """Return shifts."""
    names, queue = queue_names(world), rows["queue"]
    begins = (rows["open"] - rows["day"].astype(np.int64) * DAY) // MINUTE
    shift = [
        f"{names[q][0]}@{day}@{m // 60:02d}:{m % 60:02d}"
        for q, day, m in zip(*(c.tolist() for c in (queue, rows["day"], begins)), strict=True)
    ]
    columns = {
        "shift": texts(shift),
        "day": rows["day"].astype(np.int64),
        "site": coded(queue, [site for site, _ in names]),
        "operator": coded(queue % world.operators.n, world.operators.key),
        "role": texts([names[q][1] for q in queue.tolist()]),
        "start_s": seconds(rows["open"]),
        "end_s": seconds(rows["close"]),
        "overtime_s": rows["overtime"] // SECOND,
        "people": rows["stations"].astype(np.int64),
        "wage_fen_per_hour": np.full(len(rows), round(price["worker_hour"].amount / 1000), np.int64),
    }
    return batch(SHIFTS, columns)


def vehicle_names(plan_of: PlanOf, trips: Rows) -> dict[int, str]:
    """Return the vehicles of trips, named by the plan of the trip's day."""
    used = trips[trips["vehicle"] >= 0]
    return {t: plan_of(d).vehicle_key[v] for t, d, v in zip(*(used[name].tolist() for name in ("trip", "day", "vehicle")), strict=True)}


def event_table(world: World, vehicles: dict[int, str], rows: Rows) -> pa.Table:
    """Return events; the vehicle is that of the event's trip."""
    columns = {
        "time_s": seconds(rows["time"]),
        "until_s": seconds(rows["until"]),
        "kind": coded(rows["kind"], EVENT_KINDS),
        "place": coded(rows["place"], world.places.key),
        "vehicle": texts([vehicles.get(trip) for trip in rows["trip"].tolist()]),
        "trip": pa.array(rows["trip"], mask=rows["trip"] < 0),
    }
    return batch(EVENTS, columns)
