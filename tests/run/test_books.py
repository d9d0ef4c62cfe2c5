"""The books are kept a second time, from the tables of a run, with every rule written out anew; both must agree to the fen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import luck
from sim.plan.plan import Plan
from sim.units import HOUR
from sim.world.build import build
from sim.world.world import TOWN, TOWNSHIP, VILLAGE, World
from tests.run.small import POOL_ALL, POOLED, STRAINED, scenario, watched

LEVERS = [
    {"kind": "village_stations", "id": "stations", "share": 1.0, "carried_by": "post"},
    {"kind": "parcel_lockers", "id": "lockers", "share": 0.5, "capex": 20_000, "life_years": 8, "running_year": 1_200},
]
PAID = [
    {"kind": "per_parcel_subsidy", "id": "subsidy", "rate": 0.3, "programme": "parcels"},
    {"kind": "station_support", "id": "support", "per_month": 123, "programme": "hosts"},
    {"kind": "capital_grant", "id": "grant", "assets": ["station", "locker"], "share": 0.5, "cap": 6_000, "programme": "building"},
]
PROGRAMMES = {
    "parcels": {"budget": {"provincial": 1_000_000}},
    "hosts": {"budget": {"county": 1_000_000}, "per": "once"},
    "building": {"budget": {"bank": 1_000_000}},
}
SCARCE = PROGRAMMES | {"parcels": {"budget": {"provincial": 60}}, "hosts": {"budget": {"county": 300}, "per": "once"}}
"""Yuan that are gone about half-way."""
START = date(2021, 3, 1)
FOUND = {"p_left_out_found": 0.5, "p_fee_found": 0.3, "fine": 0.4}
"""Many small fines, which weigh as much as the default's few large ones."""
P_LATE = 0.5
FINED = {"decisions": FOUND, "counting": {"p_complaint_when_late": P_LATE}, "township": {"secondary_fee_share": 0.6}}
TRANSPORT = {"line": "transport", "feeder": "transport", "transfer": "transport", "round": "delivery"}
ROLE = {"unloader": "warehousing", "storekeeper": "warehousing", "sorter": "sorting", "loader": "transport", "dispatcher": "transport",
        "clerk": "delivery", "courier": "delivery"}  # fmt: skip
KEY = ["category", "payer", "payee", "leg", "place"]
Keyed = dict[tuple[str, ...], Fraction]
"""Fen by category, payer, payee, leg and place ("" where there is none)."""


class Case:
    """A run with its tables, and who pays for what."""

    def __init__(self, name: str) -> None:
        self.pooled = name == "pooled"
        levers = {"plain": [], "pooled": [*LEVERS, POOL_ALL]}.get(name, [*LEVERS, *PAID])
        self.paid, self.programmes = name in ("stations", "scarce"), SCARCE if name == "scarce" else PROGRAMMES
        self.scenario = scenario(levers=levers, programmes=self.programmes, **FINED, **STRAINED)
        self.made, self.kept = watched(self.scenario)
        self.world: World = build(self.scenario.county_folder, self.scenario.parameters)
        self.parcels, self.trips = self.table("parcels"), self.table("trips")
        self.operators = self.world.operators.key
        prices = self.table("prices")
        assert not prices["what"].duplicated().any()
        self.price = {
            what: Fraction(int(amount), 1000) for what, amount in zip(prices["what"], prices["amount_fen_thousandths"], strict=True)
        }
        """Fen per unit."""

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the run."""
        return self.made.table(name)

    def pays(self, activity: str, resource: str, operator: str) -> str:
        """Return who pays for a resource of an activity of an operator."""
        return "alliance:pool" if self.pooled and resource in POOLED.get(activity, []) else operator

    def days(self) -> list[tuple[int, Plan]]:
        """Return every day of the run with the plan in force at its end."""
        return [(day.day, next(plan for since, plan in reversed(self.kept.plans) if since <= day.day)) for day in self.kept.days]

    def leg(self, place: int) -> str:
        """Return the leg of a site."""
        tier = int(self.world.places.tier[place])
        return "township" if tier == TOWNSHIP else "station" if tier in (VILLAGE, TOWN) else "county"

    def station_stays(self) -> pd.DataFrame:
        """Return the stations and lockers with the days on which they were open."""
        sites = self.table("sites")
        last = self.kept.days[-1].day + 1
        sites["days"] = sites["close_day"].astype("Int64").fillna(last) - sites["open_day"]
        return sites


@pytest.fixture(scope="module", params=["plain", "stations", "scarce", "pooled"])
def case(request: pytest.FixtureRequest) -> Case:
    return Case(request.param)


def posted(case: Case) -> dict[tuple[str, ...], int]:
    """Return what the money table says by key."""
    money = case.table("money").copy()
    for name in KEY:
        money[name] = money[name].fillna("")
    return {tuple(key): int(fen) for key, fen in money.groupby(KEY)["amount_fen"].sum().items()}  # type: ignore[arg-type]


def fuel_and_upkeep(case: Case) -> Keyed:
    """Every trip inside the county costs its kilometres."""
    out: Keyed = defaultdict(Fraction)
    for t in case.trips[(case.trips["status"] != "cancelled") & (case.trips["leg"] != "trunk")].itertuples():
        km = Fraction(round(t.km * 1000), 1000)
        payer = case.pays(TRANSPORT[t.leg], "vehicles", t.operator)
        out["energy", payer, "fuel", t.leg, t.from_place] += km * case.price[f"{t.vehicle_type}_fuel_km"]
        out["upkeep", payer, "market", t.leg, t.from_place] += km * case.price[f"{t.vehicle_type}_upkeep_km"]
    return out


def driver_days(case: Case) -> dict[tuple[int, str], tuple[str, str, int]]:
    """Return for each day and driver the leg, who pays, and the microseconds to be paid.

    These are eight hours, or the time from the first loading to the last unloading if it is longer.
    """
    trips = case.kept.all("trips")
    plans = dict(case.days())
    duty: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for t in trips:
        if t["status"] != 3 and t["type"] != 2 and t["driver"] >= 0:
            plan = plans[int(t["day"])]
            duty[int(t["day"]), plan.driver_key[t["driver"]]].append((t, case.operators[plan.driver_owner[t["driver"]]]))
    out = {}
    for name, own in duty.items():
        legs, owners = {("trunk", "line", "round", "feeder", "transfer")[t["leg"]] for t, _ in own}, {owner for _, owner in own}
        assert len(legs) == len(owners) == 1, "a driver of the small county drives for one operator on one leg"
        leg = legs.pop()
        span = max(int(t["free"]) for t, _ in own) - min(int(t["load"]) for t, _ in own)
        out[name] = leg, case.pays(TRANSPORT[leg], "staff", owners.pop()), max(4 * HOUR, span)
    return out


def driver_wages(case: Case) -> Keyed:
    """A driver who drove is paid a day, or the hours on duty if these are more."""
    out: Keyed = defaultdict(Fraction)
    for leg, payer, paid in driver_days(case).values():
        out["driver wages", payer, "workers", leg, ""] += Fraction(paid, HOUR) * case.price["driver_hour"]
    return out


def overtime(case: Case) -> Keyed:
    """Overtime of a shift is paid to everybody who works it."""
    out: Keyed = defaultdict(Fraction)
    k, rows = len(case.operators), np.flatnonzero(case.world.places.tier == TOWNSHIP)
    for s in case.kept.all("shifts"):
        if not s["overtime"]:
            continue
        kind, q = min(int(s["queue"]) // k, 2), int(s["queue"])
        place = int(rows[(q - 2 * k) // k]) if kind == 2 else 0
        payer = case.pays(("warehousing", "sorting", "delivery")[kind], "staff", case.operators[q % k])
        time = int(s["overtime"]) * int(s["stations"])
        key = ("overtime", payer, "workers", case.leg(place), case.world.places.key[place])
        out[key] += Fraction(time, HOUR) * case.price["overtime_hour"]
    return out


def handed_over(case: Case) -> Keyed:
    """What a collected parcel moves: the network's fee, the host's commission and work, the agent's fee, the post's fee, the second fee."""
    out: Keyed = defaultdict(Fraction)
    places = case.world.places
    townships = {places.key[row]: t for t, row in enumerate(np.flatnonzero(places.tier == TOWNSHIP))}
    row_of = {key: o for o, key in enumerate(case.operators)}
    minutes = Fraction(int(case.scenario.parameters.station.handling_seconds), 3600)
    for p in case.parcels[(case.parcels["direction"] == "down") & (case.parcels["outcome"] == "collected")].itertuples():
        out["dispatch fee", f"network:{p.carrier}", p.carrier, "", ""] += case.price["dispatch_fee"]
        by_post = p.last_mile_operator != p.carrier
        if p.handover_kind == "township":
            runs_it = case.operators[case.world.operators.outlet[row_of[p.carrier], townships[p.township]]]
            own, runs = case.pays("delivery", "sites", p.carrier), case.pays("delivery", "sites", runs_it)
            if own != runs and not by_post:
                out["township agent fee", p.carrier, runs, "township", p.township] += case.price["township_agent_fee"]
            out["second fee", "shoppers", runs, "township", p.township] += p.surcharge_fen
            continue
        if by_post:
            out["post hand-over fee", p.carrier, p.last_mile_operator, "", ""] += case.price["post_handover_fee"]
        if p.handover_kind == "station":
            out["commission", p.last_mile_operator, f"host:{p.village}", "station", p.village] += case.price["commission"]
            out["host labour", f"host:{p.village}", "workers", "station", p.village] += minutes * case.price["worker_hour"]
    return out


def upheld(case: Case, parcels: pd.DataFrame, purpose: str, p: float) -> pd.DataFrame:
    """Return the parcels about which a complaint was upheld, by their own luck."""
    return parcels[luck.uniform(1, purpose, 0, parcels["parcel"].to_numpy(np.uint64)) < p]


def penalties(case: Case) -> dict[int, list[tuple[str, str]]]:
    """Return what is charged for each fined parcel: (category, payer)."""
    out: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = {key: o for o, key in enumerate(case.operators)}
    places = case.world.places
    townships = {places.key[row]: t for t, row in enumerate(np.flatnonzero(places.tier == TOWNSHIP))}
    down = case.parcels[(case.parcels["direction"] == "down") & case.parcels["finished_s"].notna()]
    village = down["village"].map(dict(zip(places.key, (places.tier == VILLAGE).tolist(), strict=True)))
    returned = (down["outcome"] == "returned") & down["village_in_s"].isna() & down["ready_s"].notna()
    left = village & ((down["handover_kind"] == "township") | returned)
    for p in upheld(case, down[left], "complaint left outside", FOUND["p_left_out_found"]).itertuples():
        out[p.parcel].append(("fine for leaving outside", p.last_mile_operator))
    for p in upheld(case, down[down["outcome"] == "refused"], "complaint left outside", FOUND["p_left_out_found"]).itertuples():
        out[p.parcel].append(("fine for refusing", p.carrier))
    for p in upheld(case, down[down["surcharge_fen"] > 0], "complaint second fee", FOUND["p_fee_found"]).itertuples():
        runs_it = case.operators[case.world.operators.outlet[rows[p.carrier], townships[p.township]]]
        out[p.parcel].append(("fine for a second fee", case.pays("delivery", "sites", runs_it)))
    for p in upheld(case, down[down["ready_s"] - down["county_in_s"] > 72 * 3600], "complaint", P_LATE).itertuples():
        out[p.parcel].append(("fine for lateness", p.last_mile_operator))
    return out


def fines(case: Case) -> Keyed:
    """Every upheld complaint costs 40 fen."""
    out: Keyed = defaultdict(Fraction)
    for charged in penalties(case).values():
        for category, payer in charged:
            out[category, payer, "penalties", "", ""] += 40
    return out


def crews_and_floors(case: Case) -> Keyed:
    """What the plan keeps ready every day: people by their hours, floor by its area, an operator's overhead, vehicles."""
    out: Keyed = defaultdict(Fraction)
    price, places = case.price, case.world.places
    for day, plan in case.days():
        weekday = (START + timedelta(days=day)).weekday()
        for row, _, role, place, count, opens, closes, days in plan.resources.people:
            if role != "driver" and days >> weekday & 1:
                key = ("wages", case.pays(ROLE[role], "staff", case.operators[row]), "workers", case.leg(place), places.key[place])
                out[key] += Fraction(count * (closes - opens), HOUR) * price["worker_hour"]
        fitted = set()
        for row, site, activity, place, m2 in plan.resources.floors:
            leg, where = case.leg(place), places.key[place]
            payer = case.pays(activity, "sites", case.operators[row])
            out["rent", payer, "landlords", leg, where] += Fraction(m2) * price[f"rent_{leg}_m2_day"]
            if leg == "county" and activity == "sorting":
                out["fit-out", payer, "market", leg, where] += Fraction(m2) * price["depot_fitout_m2_day"]
            elif leg == "township" and (site, place) not in fitted:
                fitted.add((site, place))
                out["fit-out", payer, "market", leg, where] += price["outlet_fitout_day"]
        for row, activity, share in plan.resources.overheads:
            payer = case.pays(activity, "management", case.operators[row])
            out["overhead", payer, "workers", "county", ""] += Fraction(share) * price["overhead_day"]
    return out


def vehicles(case: Case) -> Keyed:
    """Each vehicle costs its annuity and insurance every day, shared among the legs by its trips of a week."""
    out: Keyed = defaultdict(Fraction)
    legs = ("trunk", "line", "round", "feeder", "transfer")
    for _, plan in case.days():
        trips: dict[int, Counter[str]] = defaultdict(Counter)
        for route, vehicle, days in zip(plan.trips.route, plan.trips.vehicle, plan.trips.days, strict=True):
            trips[int(vehicle)][legs[plan.routes.leg[route]]] += int(days).bit_count()
        for v, (kind, owner) in enumerate(zip(plan.vehicle_type, plan.vehicle_owner, strict=True)):
            if kind == 2:
                continue
            name = ("truck", "van")[kind]
            for leg, n in trips[v].items() or [("line", 1)]:
                share = Fraction(n, sum(trips[v].values()) or 1)
                payer = case.pays(TRANSPORT[leg], "vehicles", case.operators[owner])
                out["depreciation", payer, "market", leg, ""] += share * case.price[f"{name}_day"]
                out["insurance", payer, "market", leg, ""] += share * case.price[f"{name}_insurance_day"]
    return out


def stations_and_lockers(case: Case) -> Keyed:
    """Each station costs its host fit-out and running; each locker of a lever costs the county."""
    out: Keyed = defaultdict(Fraction)
    rate, town_ml = 0.05, 20_000_000
    tier_of = dict(zip(case.world.places.key, case.world.places.tier.tolist(), strict=True))
    for s in case.station_stays().itertuples():
        host = f"host:{s.place}"
        if s.kind == "station":
            count = 1 if tier_of[s.place] == VILLAGE else max(1, -(-round(s.capacity_l * 1000) // town_ml))
            out["fit-out", host, "market", "station", s.place] += s.days * count * case.price["station_fitout_day"]
            out["running", host, "market", "station", s.place] += s.days * count * case.price["station_running_day"]
        elif s.kind == "locker":
            day = 20_000 * rate / (1 - (1 + rate) ** -8) / 365
            out["locker", "county", "market", "station", s.place] += s.days * Fraction(round(day * 100_000), 1000)
            out["locker running", "county", "market", "station", s.place] += s.days * Fraction(round(1_200 / 365 * 100_000), 1000)
    return out


def alliance(case: Case) -> Keyed:
    """An alliance costs coordination by parcel and by further member, and its set-up."""
    out: Keyed = defaultdict(Fraction)
    if case.pooled:
        handled, days = int(case.parcels["county_in_s"].notna().sum()), len(case.kept.days)
        by_parcel = handled * case.price["coordination_parcel"]
        by_member = days * (len(case.operators) - 1) * case.price["coordination_member_day"]
        out["coordination", "alliance:pool", "workers", "county", ""] += by_parcel + by_member
        out["set-up", "alliance:pool", "market", "county", ""] += days * case.price["alliance_setup_day"]
    return out


class Purse:
    """A programme's money: one budget for the days before the first, one for those after it; nothing is paid beyond them."""

    def __init__(self, case: Case, programme: str) -> None:
        (yuan,) = case.programmes[programme]["budget"].values()
        self.left = {True: yuan * 100, False: yuan * 100}

    def pay(self, day: int, due: Fraction) -> tuple[int, Fraction]:
        """Return the whole fen of what is due that can be paid on a day, and what is carried over: nothing where money was short."""
        paid = min(int(due), self.left[day < 0])
        self.left[day < 0] -= paid
        return paid, due - int(due) if paid == int(due) else Fraction(0)


def public_money(case: Case) -> Keyed:
    """Programmes pay 30 fen for each parcel handed over in a village to who hands it over, and a 365th of a year to hosts every day.

    Parcels are paid in the order of hand-over and hosts in the order of places, both as long as there is money.
    """
    out: Keyed = defaultdict(Fraction)
    if not case.paid:
        return out
    villages = {key for key, tier in zip(case.world.places.key, case.world.places.tier.tolist(), strict=True) if tier == VILLAGE}
    parcels, hosts = Purse(case, "parcels"), Purse(case, "hosts")
    last_mile = case.parcels.set_index("parcel")["last_mile_operator"].to_dict()
    inside = case.parcels[case.parcels["handover_kind"].isin(["door", "station", "locker"]) & case.parcels["village"].isin(villages)]
    inside = inside[(inside["direction"] == "down") & (inside["outcome"] == "collected")]
    wanted = set(inside["parcel"])
    stays, owed = case.station_stays(), dict[str, Fraction]()
    last = case.kept.days[-1].day + 1
    spans = [(s.place, s.open_day, last if pd.isna(s.close_day) else s.close_day) for s in stays.itertuples() if s.kind == "station"]
    spans = sorted((span for span in spans if span[0] in villages), key=lambda span: case.world.places.key.index(span[0]))
    for record in case.kept.days:
        for _, key in sorted((int(p["finished"]), int(p["key"])) for p in record.parcels if int(p["key"]) in wanted):
            out["per-parcel subsidy", "treasury:provincial", last_mile[key], "", ""] += parcels.pay(record.day, Fraction(30))[0]
        for place, since, until in spans:
            if since <= record.day < until:
                due = owed.get(place, Fraction(0)) + Fraction(round(123 * 12 / 365 * 100_000), 1000)
                paid, owed[place] = hosts.pay(record.day, due)
                out["station support", "treasury:county", f"host:{place}", "station", place] += paid
    assert (parcels.left[False] == hosts.left[False] == 0) == (case.programmes is SCARCE)
    return out | grants(case)


def grants(case: Case) -> Keyed:
    """Half the price of each station and locker of a measure, 6,000 yuan at most, as an annuity over its life from the start on."""
    out: Keyed = defaultdict(Fraction)
    assets, last = case.table("assets"), case.kept.days[-1].day + 1
    for a in assets[assets["lever"].isin(["stations", "lockers"])].itertuples():
        until = last if pd.isna(a.disposed_day) else a.disposed_day
        year = min(a.price_fen / 2, 600_000) * 0.05 / (1 - 1.05**-a.life_years)
        out["capital grant", "treasury:bank", a.owner, "", a.place] += (until - max(a.from_day, 0)) * Fraction(
            round(year / 365 * 1e6), 10**6
        )
    return out


PARTS: tuple[Callable[[Case], Keyed], ...] = (
    fuel_and_upkeep, driver_wages, overtime, handed_over, fines, crews_and_floors, vehicles, stations_and_lockers, alliance,
    public_money,
)  # fmt: skip


def due(case: Case) -> Keyed:
    """Return everything that is due, by key."""
    out: Keyed = {}
    for part in PARTS:
        for key, fen in part(case).items():
            if fen:
                out[key] = out.get(key, Fraction(0)) + fen
    return out


def accounts(case: Case) -> Counter[tuple[str, ...]]:
    """Return for each key how many accounts the book keeps under it; each of them carries less than a fen over."""
    money = case.table("money").fillna("")
    kept = money[[*KEY, "nature", "activity", "resource", "lever", "unit"]].drop_duplicates()
    return Counter(tuple(key) for key in kept[KEY].itertuples(index=False))


def test_every_account_of_the_money_table_is_rebuilt_to_the_fen(case: Case, record_property: Callable[[str, object], None]) -> None:
    said, wanted, several = posted(case), due(case), accounts(case)
    wrong = {}
    total: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for key in {*wanted, *said}:
        if key[0] == "settlement":
            continue
        left = wanted.get(key, Fraction(0)) - said.get(key, 0)
        if not -Fraction(1, 1_000) < left < max(several[key], 1):
            wrong[key] = float(wanted.get(key, 0)), said.get(key, 0)
        total[key[0]][0] += said.get(key, 0)
        total[key[0]][1] += float(wanted.get(key, 0))
    lines = [f"{'category':20}{'posted, fen':>14}{'due, fen':>17}"]
    lines += [f"{category:20}{booked:>14.0f}{rebuilt:>17.2f}" for category, (booked, rebuilt) in sorted(total.items())]
    record_property("shown", "\n".join(lines))
    assert not wrong
    assert case.table("money")["amount_fen"].min() > 0


def test_each_parcel_says_what_it_was_fined_and_the_fines_of_all_are_in_the_books(case: Case) -> None:
    said = case.parcels[case.parcels["fine_fen"] > 0].set_index("parcel")["fine_fen"].to_dict()
    assert said == {parcel: 40 * len(charged) for parcel, charged in penalties(case).items()}
    money = case.table("money")
    booked = money[money["payee"] == "penalties"]
    assert booked["amount_fen"].sum() == sum(said.values())
    fee = set() if case.pooled else {"fine for a second fee"}
    assert {"fine for leaving outside", "fine for lateness"} | fee <= set(booked["category"])


def test_what_programmes_granted_stands_in_the_grants_and_on_the_assets_alike(case: Case) -> None:
    made, assets = case.table("grants"), case.table("assets")
    assert bool(len(made)) == case.paid
    paid = made[made["decision"] == "paid"].set_index("asset")["paid_fen"].to_dict()
    assert assets[assets["granted_fen"] > 0].set_index("asset")["granted_fen"].to_dict() == paid
    assert sum(paid.values()) <= 100_000_000


def test_the_members_of_an_alliance_pay_each_day_what_it_paid_that_day(case: Case) -> None:
    money = case.table("money")
    paid = money[money["payer"] == "alliance:pool"].groupby("day")["amount_fen"].sum()
    received = money[money["payee"] == "alliance:pool"].groupby("day")["amount_fen"].sum()
    assert paid.equals(received)
    assert case.pooled == (len(paid) == len(case.kept.days))
    settled = money[money["category"] == "settlement"]
    assert set(settled["payer"]) <= set(case.operators)


def test_driver_wages_follow_from_the_seconds_of_the_trips_table(case: Case) -> None:
    trips = case.trips[(case.trips["status"] != "cancelled") & case.trips["leg"].isin(["line", "round"])]
    duty = trips.groupby(["day", "driver"]).agg(first=("load_s", "min"), last=("free_s", "max"))
    paid_s = np.maximum(4 * 3600, (duty["last"] - duty["first"]).to_numpy(np.int64))
    a_second = float(case.price["driver_hour"]) / 3600
    money = case.table("money")
    booked = money.loc[money["category"] == "driver wages", "amount_fen"].sum()
    assert abs(booked - paid_s.sum() * a_second) <= len(duty) * a_second + 10
    assert len(duty) == len(driver_days(case))
