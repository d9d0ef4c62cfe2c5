"""The operators' monthly review, village by village: which way of serving it is best for the operator's own profit.

Each rule is a plain function: put another in its place to try another behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.agents.decided import pools
from sim.agents.profit import NEVER_CHOSEN, parcel_profit
from sim.agents.vans import MONTH_DAYS, WEEKS, Round, Vans
from sim.ledger.driving import DRIVER_CALL_US
from sim.plan.plan import Plan
from sim.rules import Rules, Support
from sim.units import FEN_PER_YUAN
from sim.world.operators import days_mask
from sim.world.world import MODES, REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE, VILLAGE, Bools, Bytes, Floats, Int8s, Ints, World

LATE_DAYS = 3
"""A parcel that waits so many days for the next round is late (72 h)."""
MOST_TRIPS = 9
"""Trips of one round on one day, at most."""
ROUNDING = 1e-9
"""A sum in another order may differ by less than this share."""
OTHERS = (TO_TOWNSHIP, TO_POST, REFUSED)


class Decision(NamedTuple):
    """One decision of an agent, a row of the table ``decisions``; ``gain_fen`` a month, expected."""

    day: int
    agent: str
    kind: str
    decision: str
    was: str
    now: str
    gain_fen: int
    reason: str


def review_day(day: int, first: int, last: int, every: int) -> bool:
    """Say whether agents review on a day of a run from ``first`` to before ``last``: ``every`` so many days, not on the first."""
    return first < day < last and (day - first) % every == 0


@dataclass(frozen=True)
class Review:
    """New modes (k, n), service days (k,), and what was decided."""

    mode: Int8s
    days: Bytes
    decisions: tuple[Decision, ...]


def review(
    world: World, rules: Rules, plan: Plan, volume: Floats, support: tuple[Support, ...], day: int, barred: Bools | None = None
) -> Review:
    """Return what the operators decide under a plan, ``volume`` (k, n) parcels a day having come.

    First each group of brands that shares a van in a township weighs its rounds there as a whole against none and against the best rounds
    it could drive; then each operator (a pool as one) weighs each village by itself; last its service days. ``barred`` (k, n): services to
    the village that were tried and given up not long ago.
    """
    desk = _Desk(world, rules, plan, volume, support, day, barred)
    for t in range(world.places.n_townships):
        for lead in np.unique(desk.vans.van[:, t]).tolist():
            rows = np.flatnonzero(desk.vans.van[:, t] == lead).tolist()
            if world.operators.post not in rows and desk.whole_rounds(lead, t, rows):
                continue
            desk.villages(lead, t, rows)
    days = service_days(world, rules, desk.vans, desk.mode, volume, day)
    return Review(desk.mode, days.days, (*desk.decisions, *days.decisions))


@dataclass(frozen=True)
class _Asked:
    """What there is to weigh for a unit, by place: whether it ``goes`` there and is ``free`` not to; whether another way than its own
    ``turns`` out better; whether going ``comes`` to more than enough before driving, and still does with a new round to it ``alone``."""

    goes: list[bool]
    free: list[bool]
    turns: list[bool]
    comes: list[bool]
    alone: list[bool]


class _Desk:
    """A review under way."""

    def __init__(
        self, world: World, rules: Rules, plan: Plan, volume: Floats, support: tuple[Support, ...], day: int, barred: Bools | None
    ) -> None:
        self.world, self.rules, self.day = world, rules, day
        self.barred: Bools = np.zeros(volume.shape, np.bool_) if barred is None else barred
        self.mode = world.operators.mode.copy()
        self.volume = volume
        self.month = volume * MONTH_DAYS
        self.vans = Vans(world, rules, plan, volume)
        self.yuan = parcel_profit(world, rules, support)
        self.now = self._as_chosen(self.yuan, self.mode)
        others = self.yuan[list(OTHERS)]
        self.other = np.array(OTHERS, np.int8)[np.argmax(others, axis=0)]
        self.other_yuan = others.max(axis=0)
        more = self.month * (self.yuan[TO_VILLAGE] - self.other_yuan)
        self.more: list[list[float]] = more.tolist()
        """What serving to the village brings an operator a month over its next best way, driving apart, by operator and place."""
        self.threshold = rules.parameters.decisions.switch_yuan_month
        self.decisions: list[Decision] = []
        self.units = pools(rules)
        self.bound = bound(world)
        places = world.places
        self.village: Bools = np.asarray(places.tier == VILLAGE)
        self.villages_of = [np.flatnonzero((places.township == t) & self.village) for t in range(places.n_townships)]
        self.worth: Floats = np.where(self.barred, 0.0, np.maximum(more, 0.0))
        """``more`` where going there may be taken up and brings something."""
        self._units_asked: dict[tuple[int, ...], _Asked] = {}

    @staticmethod
    def _as_chosen(yuan: Floats, mode: Any) -> Floats:
        """Return what a parcel brings by ``mode`` of ``yuan`` (modes, ...), as if brought to the village where that is never chosen."""
        own = np.take_along_axis(yuan, np.asarray(mode, np.int64)[None], axis=0)[0]
        chosen: Floats = np.where(own > NEVER_CHOSEN, own, yuan[TO_VILLAGE])
        return chosen

    def set(self, o: int, place: int, now: int, gain: float, reason: str) -> None:
        """Change a mode and write it down."""
        keys = self.world.operators.key[o], self.world.places.key[place]
        was = MODES[int(self.mode[o, place])]
        self.decisions.append(
            Decision(self.day, keys[0], "carrier", f"service:{keys[1]}", was, MODES[now], round(gain * FEN_PER_YUAN), reason)
        )
        self.mode[o, place] = now
        self.now[o, place] = self._as_chosen(self.yuan[:, o, place], now)

    def whole_rounds(self, lead: int, t: int, rows: list[int]) -> bool:
        """Let brands that share a van weigh all its rounds of a township; say whether they changed them."""
        here = self.villages_of[t]
        goes = self.mode[rows][:, here] == TO_VILLAGE
        days = max((int(self.world.operators.days[o]) for o in rows), key=lambda d: d.bit_count())
        if not goes.any() and float(self.worth[rows][:, here].sum()) * (1 + ROUNDING) <= self.vans.least(days):
            return False
        villages, barred = here.tolist(), self.barred[rows][:, here].T.tolist()
        served = [(o, p) for p, there in zip(villages, goes.T.tolist(), strict=True) for o, yes in zip(rows, there, strict=True) if yes]
        better = {
            p: [o for o, no in zip(rows, never, strict=True) if not no and self.more[o][p] > 0]
            for p, never in zip(villages, barred, strict=True)
        }
        gain = {p: sum(self.more[o][p] for o in joined) for p, joined in better.items()}
        week = {p: 7 * sum(float(self.volume[o, p]) for o in joined) for p, joined in better.items()}
        best, chosen = self.vans.sketch(lead, t, gain, week, days)
        now = sum(self.more[o][p] for o, p in served) - self.vans.rounds_cost(self.vans.rounds.get((lead, t), [])) if served else 0.0
        new = {(o, p) for p in chosen for o in better[p]}
        changed = sorted(new ^ set(served), key=lambda cell: (cell[1], cell[0]))
        if any(self.bound[cell] for cell in set(served) - new):
            return False
        if not changed or best - now <= self.threshold * len(changed):
            return False
        for o, p in changed:
            joins = (o, p) in new
            reason = "round_pays" if joins else "round_does_not_pay"
            self.set(o, p, TO_VILLAGE if joins else int(self.other[o, p]), (best - now) / len(changed), reason)
        return True

    def villages(self, lead: int, t: int, rows: list[int]) -> None:
        """Let each operator of a van weigh each village; members of a pool weigh as one, a pool with the post goes everywhere."""
        post, rounds = self.world.operators.post, self.vans.rounds
        for unit in self.units:
            own = tuple(o for o in unit.tolist() if o in rows)
            if not own or post in own:
                continue
            asked = self._asked(own)
            for place in self.villages_of[t].tolist():
                goes, comes = asked.goes[place], asked.alone[place] or (asked.comes[place] and (lead, t) in rounds)
                if asked.free[place] if goes else comes or asked.turns[place]:
                    self._village(lead, t, rows, own, place, goes, comes)

    def _asked(self, own: tuple[int, ...]) -> _Asked:
        """Return what there is to weigh for a unit, village by village; asked once a review: nobody else changes its cells."""
        if own not in self._units_asked:
            cells, enough = np.array(own, np.int64), self.threshold * len(own)
            mode, month, now = self.mode[cells], self.month[cells], self.now[cells]
            gain = month * (self.other_yuan[cells] - now)
            brings, otherwise = added(month * (self.yuan[TO_VILLAGE][cells] - now)), added(np.maximum(gain, 0.0))
            comes = ~self.barred[cells].any(axis=0) & (brings > enough) & (brings > otherwise)
            alone, here = np.zeros_like(comes), np.flatnonzero(comes & self.village)
            if len(here):
                lead = self.vans.van[own[0], self.world.places.township[here]]
                week = 7 * added(self.volume[cells][:, here])
                net = brings[here] - self.vans.alone(lead, here, int(self.world.operators.days[own[0]]), week)
                alone[here] = (net > enough) & (net >= otherwise[here])
            held: Bools = np.asarray(self.bound[cells].any(axis=0))
            self._units_asked[own] = _Asked(
                goes=(mode == TO_VILLAGE).any(axis=0).tolist(),
                free=(~held).tolist(),
                turns=((gain > self.threshold) & (self.other[cells] != mode)).any(axis=0).tolist(),
                comes=comes.tolist(),
                alone=alone.tolist(),
            )
        return self._units_asked[own]

    def _village(self, lead: int, t: int, rows: list[int], own: tuple[int, ...], place: int, goes: bool, comes: bool) -> None:
        week = 7 * sum(float(self.volume[o, place]) for o in own)
        limit = self.threshold * len(own)
        days = int(self.world.operators.days[own[0]])
        if goes:
            still = any(self.mode[o, place] == TO_VILLAGE for o in rows if o not in own)
            change = self.vans.stop_less(lead, t, place, week, still)
            gain = -sum(self.more[o][place] for o in own) - change.yuan
            if gain > limit:
                self.vans.take(lead, t, place, -week, days, change)
                for o in own:
                    self.set(o, place, int(self.other[o, place]), gain / len(own), "stop_does_not_pay")
            return
        change_of = {o: float(self.month[o, place] * (self.other_yuan[o, place] - self.now[o, place])) for o in own}
        brings = sum(float(self.month[o, place] * (self.yuan[TO_VILLAGE, o, place] - self.now[o, place])) for o in own)
        if comes:
            change = self.vans.stop_more(lead, t, place, week, days)
            gain = brings - change.yuan
            if gain > limit and gain >= sum(max(g, 0.0) for g in change_of.values()):
                self.vans.take(lead, t, place, week, days, change)
                for o in own:
                    self.set(o, place, TO_VILLAGE, gain / len(own), "stop_pays")
                return
        for o, gain in change_of.items():
            if gain > self.threshold and self.other[o, place] != self.mode[o, place]:
                self.set(o, place, int(self.other[o, place]), gain, "cheaper_way")


def added(rows: Floats) -> Floats:
    """Return the sum over the rows of (k, n), one after the other as for a single place."""
    total: Floats = sum(rows, np.zeros(rows.shape[1]))
    return total


def bound(world: World) -> Bools:
    """Return the services to the village (k, n) that an order, or a contract with senders there, keeps up."""
    held = world.under_order()
    return held if world.fields is None else held | (world.fields.outreach.collector == np.arange(world.operators.n)[:, None])


@dataclass(frozen=True)
class Days:
    """Service days (k,) as bits, and what was decided."""

    days: Bytes
    decisions: tuple[Decision, ...]


def late_share(days: int) -> float:
    """Return the share of parcels that wait at least ``LATE_DAYS`` for the next of some service days, weekdays alike."""
    wait = [next(ahead for ahead in range(8) if days >> (d + ahead) % 7 & 1) for d in range(7)]
    return sum(w >= LATE_DAYS for w in wait) / 7


def service_days(world: World, rules: Rules, vans: Vans, mode: Int8s, volume: Floats, day: int) -> Days:
    """Let operators that share vans choose together how many days a week their rounds run; the post keeps its universal-service
    days, whoever is under an order those of the order.

    Fewer days cost less driving and more upheld complaints about late parcels. Together, since a round runs on the days of the brand aboard
    that comes most often: alone nobody could come less often. A round must fit the van and the longest tour, or is driven twice.
    """
    d, operators = rules.parameters.decisions, world.operators
    fine = rules.parameters.counting.p_complaint_when_late * d.fine
    days, decisions = operators.days.copy(), []
    ordered: Bools = np.asarray(world.under_order().any(axis=1))
    for own in partners(world, rules, vans, mode):
        served = (mode[own] == TO_VILLAGE) & (world.places.tier == VILLAGE)[None, :]
        if operators.post in own or ordered[own].any() or not served.any():
            continue
        month = (volume[own] * served).sum(axis=1) * MONTH_DAYS

        def cost(masks: list[int], own: Ints = own, month: Floats = month) -> float:
            late = np.array([late_share(mask) for mask in masks])
            return _driving(vans, mode, dict(zip(own.tolist(), masks, strict=True))) + float((month * late).sum()) * fine

        now = days[own].tolist()
        options = {count: [days_mask(count)] * len(own) for count in range(d.days_min, 8)}
        costs = {count: cost(masks) for count, masks in options.items()}
        best = min(costs, key=lambda c: (costs[c], c))
        gain = cost(now) - costs[best]
        if options[best] == now or not gain > d.switch_yuan_month * int(served.sum()):
            continue
        for o, was in zip(own.tolist(), now, strict=True):
            if was != options[best][0]:
                told = f"{was.bit_count()} days/week", f"{best} days/week"
                decisions.append(
                    Decision(day, operators.key[o], "carrier", "days", *told, round(gain / len(own) * FEN_PER_YUAN), "days_pay")
                )
                days[o] = options[best][0]
    return Days(days, tuple(decisions))


def partners(world: World, rules: Rules, vans: Vans, mode: Int8s) -> list[Ints]:
    """Return the groups of operators whose village rounds hang together: members of a pool, brands aboard the same van anywhere."""
    together = [set(unit.tolist()) for unit in pools(rules)]
    village = world.places.tier == VILLAGE
    for (lead, t), rounds in sorted(vans.rounds.items()):
        stops = [p for r in rounds for p in _villages(r, village)]
        aboard = {o for o in np.flatnonzero(vans.van[:, t] == lead).tolist() if (mode[o, stops] == TO_VILLAGE).any()}
        touching = [group for group in together if group & aboard]
        together = [group for group in together if not group & aboard] + ([set().union(*touching)] if touching else [])
    return [np.array(sorted(group), np.int64) for group in sorted(together, key=min)]


def _villages(r: Round, village: Bools) -> list[int]:
    return [p for p in r.places if village[p]]


def _driving(vans: Vans, mode: Int8s, masks: dict[int, int]) -> float:
    """Return the driving cost a month of the rounds that carry some operators' parcels to villages, on their days in ``masks``."""
    total = 0.0
    village = vans.world.places.tier == VILLAGE
    for (lead, t), rounds in vans.rounds.items():
        rows = np.flatnonzero(vans.van[:, t] == lead).tolist()
        for r in rounds:
            own = [o for o in rows if o in masks and (mode[o, _villages(r, village)] == TO_VILLAGE).any()]
            if not own:
                continue
            count = max(masks[o].bit_count() for o in own)
            trips = r.trips
            while not vans.fits(lead, r.places, count * trips, r.origin) and trips < MOST_TRIPS:
                trips += 1
            duty = max(float(DRIVER_CALL_US), vans.duty_us(lead, r.places, count * trips, r.origin))
            way = vans.gap(r.places, r.origin)[0] * vans.metre_yuan
            total += WEEKS * count * trips * (duty * vans.us_yuan + way) + (trips - r.trips) * vans.van_month
    return total
