"""Assemble a plan from its parts: network, fleet, crews, stores, lookups."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sim.plan.check import check
from sim.plan.clock import fee_fen
from sim.plan.collect import Known, add_collection
from sim.plan.crews import Crews, make_crews
from sim.plan.fleet import Fleet, Manned, man
from sim.plan.frame import Frame, KnownTours, make_frame
from sim.plan.lines import add_feeders, add_lines, add_trunks
from sim.plan.network import Network
from sim.plan.outlets import add_outlets
from sim.plan.plan import Lookup, Plan, Resources, Trips
from sim.plan.rounds import add_rounds
from sim.plan.share import share_rounds
from sim.plan.standing import make_floors, make_overheads
from sim.plan.stores import make_cascade, make_stores
from sim.rules import Rules
from sim.world.world import TO_VILLAGE, VILLAGE, Int16s, Int32s, World


@dataclass
class Drawing:
    """What a plan draws for parcels going down: the same whatever is expected to go up."""

    frame: Frame
    network: Network
    crews: Crews
    rounds: Known = field(default_factory=dict)
    """The collection's, by what they were drawn for."""


@dataclass
class Kept:
    """What a planner keeps of its plans for the next one, most of which stays as it was: tours, crews and fleets."""

    tours: KnownTours = field(default_factory=dict)
    manned: Manned = field(default_factory=Manned)


def draw(world: World, rules: Rules, planned_season: float, planned_trend: float, kept: Kept) -> Drawing:
    """Draw lines, rounds and crews for a planned season and trend; ``world.collection`` is not looked at."""
    f = make_frame(world, rules, planned_season, planned_trend, kept.tours)
    net = Network()
    crews = make_crews(f)
    add_lines(f, net, crews)
    add_outlets(f, crews, net.arrivals)
    add_feeders(f, net)
    add_trunks(f, net)
    add_rounds(f, net)
    share_rounds(f, net)
    return Drawing(f, net, crews)


def plan_for(
    world: World,
    rules: Rules,
    planned_season: float,
    planned_trend: float,
    drawing: Drawing | None = None,
    kept: Kept | None = None,
) -> Plan:
    """Return the plan for a planned season and trend.

    ``drawing``: what was drawn for the same but ``world.collection``; ``kept``: of other plans.
    """
    kept = kept or Kept()
    drawing = drawing or draw(world, rules, planned_season, planned_trend, kept)
    f, net, crews = replace(drawing.frame, world=world), drawing.network.copy(), drawing.crews.copy()
    add_collection(f, net, crews, drawing.rounds)
    fleet = man(net.runs, f.times, world.places.travel_us, kept.manned)
    plan = Plan(
        operators=f.k,
        townships=f.m,
        places=world.places.n,
        post=world.operators.post,
        wave_us=f.wave_us,
        queues=crews.queues(),
        routes=net.routes(),
        stops=net.stops(),
        trips=_trips(fleet),
        vehicle_key=tuple(v.name for v in fleet.vehicles),
        vehicle_type=np.array([v.kind for v in fleet.vehicles], dtype=np.int8),
        vehicle_owner=np.array([v.owner for v in fleet.vehicles], dtype=np.int16),
        driver_key=tuple(d.name for d in fleet.drivers),
        driver_owner=np.array([d.owner for d in fleet.drivers], dtype=np.int16),
        capacity_g=f.capacity_g,
        capacity_ml=f.capacity_ml,
        lookup=_lookup(f, net),
        stores=make_stores(f),
        cascade=make_cascade(f),
        times=f.times,
        resources=Resources(tuple(crews.people), make_floors(f), make_overheads(f)),
    )
    check(plan, f.expected.carried, world.places.township)
    return plan


def _trips(fleet: Fleet) -> Trips:
    runs = fleet.runs
    return Trips(
        key=tuple(r.key for r in runs),
        route=np.array([r.route for r in runs], dtype=np.int32),
        vehicle=np.array(fleet.vehicle, dtype=np.int32),
        driver=np.array(fleet.driver, dtype=np.int32),
        departs_us=np.array([r.departs_us for r in runs], dtype=np.int64),
        days=np.array([r.days for r in runs], dtype=np.uint8),
    )


def _lookup(f: Frame, net: Network) -> Lookup:
    k, m, n, nowhere = f.k, f.m, f.world.places.n, net.nowhere
    handle = np.array([[f.handle_queue(o, t) for t in range(m)] for o in range(k)], dtype=np.int32).reshape(k, m)
    outlet_store = np.array([[3 * n + t * k + int(f.groups.outlet[o, t]) for t in range(m)] for o in range(k)], dtype=np.int32)
    round_stop = net.stop_table("round", k, n)
    return Lookup(
        dock_queue=f.groups.dock.astype(np.int32),
        dock_wait=net.wait_table("dock", k, 1, -1)[:, 0].copy(),
        dock_stop=net.stop_table("dock", k, 1)[:, 0].copy(),
        sort_queue=np.array([f.sort_queue(o) for o in range(k)], dtype=np.int32),
        line_wait=net.wait_table("line", k, m, nowhere),
        line_stop=net.stop_table("line", k, m),
        handle_queue=handle,
        round_wait=net.wait_table("round", k, n, nowhere),
        round_stop=round_stop,
        mode=f.world.operators.mode,
        back_line_wait=net.wait_table("back", k, m, nowhere),
        out_wait=net.wait_table("out", k, 1, nowhere)[:, 0].copy(),
        outlet_store=outlet_store.reshape(k, m),
        surcharge_fen=_surcharge(f),
        last_mile=_last_mile(f),
        place_wait=net.place_table(k, n),
    )


def _surcharge(f: Frame) -> Int32s:
    """Return the second fee of each operator's outlet for villagers, (k, n): the operator that runs the outlet decides."""
    places, fee = f.world.places, fee_fen(f.parameters.township.secondary_fee)
    surcharge = np.zeros((f.k, places.n), dtype=np.int32)
    village = np.flatnonzero(places.tier == VILLAGE)
    t = places.township[village]
    surcharge[:, village] = np.where(f.world.operators.surcharge[f.groups.outlet[:, t], t], fee, 0)
    return surcharge


def _last_mile(f: Frame) -> Int16s:
    """Return who hands over, (k, n): the lead of the vans that go to the village for an operator, else itself."""
    places = f.world.places
    own = np.broadcast_to(np.arange(f.k, dtype=np.int16)[:, None], (f.k, places.n))
    van = own.copy()
    inside = np.flatnonzero((places.township >= 0) & (places.parent > 0))
    van[:, inside] = f.groups.van[:, places.township[inside]]
    last_mile: Int16s = np.where(f.world.operators.mode == TO_VILLAGE, van, own).astype(np.int16)
    return last_mile
