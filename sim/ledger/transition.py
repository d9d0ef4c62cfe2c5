"""What a change costs until it is settled: leases that run on, idle vehicles, severance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sim.ledger.book import MICRO, Key
from sim.ledger.price import Price
from sim.ledger.standing import TRUCK_CODES, activity_of, site_leg
from sim.plan.plan import VEHICLES, Plan
from sim.rules import Rules
from sim.units import FEN_PER_YUAN, HOUR
from sim.world.world import World


@dataclass(frozen=True)
class Burden:
    """A charge on every day of [since, until), micro-fen a day."""

    key: Key
    since: int
    until: int
    quantity: float
    micro: int


def burdens(world: World, rules: Rules, price: dict[str, Price], old: Plan, new: Plan, day: int) -> list[Burden]:
    """Return what the change from one plan to another leaves to be paid by those who gave it up."""
    return [
        *_leases(world, rules, price, old, new, day),
        *_idle(world, rules, price, old, new, day),
        *_severance(world, rules, price, old, new, day),
    ]


def _leases(world: World, rules: Rules, price: dict[str, Price], old: Plan, new: Plan, day: int) -> list[Burden]:
    """Floor of an operator at a place that the new plan no longer pays for, until its lease is over."""
    out = []
    kept = _floor(new)
    for (row, activity, place), m2 in sorted(_floor(old).items()):
        given_up = m2 - kept.get((row, activity, place), 0.0)
        if given_up > 0:
            leg, where = site_leg(world, place), world.places.key[place]
            rent = price["rent_county_m2_day" if leg == "county" else "rent_township_m2_day"].amount
            key = Key(world.operators.key[row], "landlords", "lease", "resource", activity, "sites", leg, where, unit="m2-day")
            out.append(Burden(key, day, day + rules.parameters.money.lease_days, given_up, round(given_up * rent * 1000)))
    return out


def _floor(plan: Plan) -> dict[tuple[int, str, int], float]:
    total: Counter[tuple[int, str, int]] = Counter()
    for row, _site, activity, place, m2 in plan.resources.floors:
        total[row, activity, place] += m2  # type: ignore[assignment]
    return dict(total)


def _idle(world: World, rules: Rules, price: dict[str, Price], old: Plan, new: Plan, day: int) -> list[Burden]:
    """Vehicles the county has too many of, by type, until they are sold; those of the owners whose fleets shrink."""
    out = []
    for kind in TRUCK_CODES:
        before, after = _fleet(old, kind), _fleet(new, kind)
        spare = sum(before.values()) - sum(after.values())
        for row in sorted(before):
            idle = min(spare, before[row] - after[row])
            if idle > 0:
                spare -= idle
                daily = price[f"{VEHICLES[kind]}_day"].amount + price[f"{VEHICLES[kind]}_insurance_day"].amount
                key = Key(world.operators.key[row], "market", "idle vehicles", "resource", "transport", "vehicles", unit="vehicle-day")
                out.append(Burden(key, day, day + rules.parameters.money.resale_days, idle, idle * daily * 1000))
    return out


def _fleet(plan: Plan, kind: int) -> Counter[int]:
    return Counter(o for o, t in zip(plan.vehicle_owner.tolist(), plan.vehicle_type.tolist(), strict=True) if t == kind)


def _severance(world: World, _: Rules, price: dict[str, Price], old: Plan, new: Plan, day: int) -> list[Burden]:
    """Severance on the day of the change for the staff the county needs no longer, by activity and payer that shrinks."""
    out = []
    before, after = _workers(old), _workers(new)
    for activity in sorted({a for a, _ in before}):
        spare = sum(n for (a, _), n in before.items() if a == activity) - sum(n for (a, _), n in after.items() if a == activity)
        for row in sorted(r for a, r in before if a == activity):
            leaves = min(spare, before[activity, row] - after.get((activity, row), 0.0))
            if leaves > 1e-9:
                spare -= leaves
                key = Key(world.operators.key[row], "workers", "severance", "resource", activity, "staff", unit="worker")
                out.append(Burden(key, day, day + 1, leaves, round(leaves * price["severance"].amount * 1000)))
    return out


def switching(world: World, old: Rules, new: Rules, day: int) -> list[Burden]:
    """Return what joining or leaving costs the operators that did so between two versions of the rules, on the day of the change."""
    before, after = ({a.id: a for a in rules.alliances} for rules in (old, new))
    out = []
    for name in sorted({*before, *after}):
        own = after.get(name) or before[name]
        was, now = (set(known[name].members) if name in known else set() for known in (before, after))
        for row in sorted(was ^ now):
            if own.switching_yuan:
                key = Key(world.operators.key[row], "market", "switching", "resource", "transport", "management", lever=name, unit="member")
                out.append(Burden(key, day, day + 1, 1.0, round(own.switching_yuan * FEN_PER_YUAN) * MICRO))
    return out


def _workers(plan: Plan) -> dict[tuple[str, int], float]:
    """Return full-time workers by (activity, operator row): 48 paid hours a week are one; each driver is one."""
    out: dict[tuple[str, int], float] = {}
    for row, _site, role, _place, count, opens, closes, days in plan.resources.people:
        if role != "driver":
            at = activity_of(role), row
            out[at] = out.get(at, 0.0) + count * (closes - opens) / HOUR * int(days).bit_count() / 48
    for row in plan.driver_owner.tolist():
        out["transport", row] = out.get(("transport", row), 0.0) + 1
    return out
