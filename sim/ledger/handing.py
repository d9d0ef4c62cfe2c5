"""What parcels move: fees, commissions, hosts' labour, coordination and re-labelling."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ledger.book import MICRO, Book, Key
from sim.ledger.payer import Payers, alliance_actor, host_actor, network_actor
from sim.ledger.price import Price
from sim.ledger.standing import pooled_activities
from sim.rules import Rules
from sim.schema.raw import AT_STATION, AT_TOWNSHIP, COLLECTED, DOWN, NEVER
from sim.units import HOUR, us
from sim.world.world import Ints, World

NOT_YET = -1


class Handing:
    """Posts a day's finished parcels; remembers the book's row of every (payer, place)."""

    def __init__(self, book: Book, world: World, rules: Rules, price: dict[str, Price]) -> None:
        self._book, self._world, self._rules, self._price = book, world, rules, price
        self._payers = Payers(world, rules)
        k, n = world.operators.n, world.places.n
        self._commission = np.full(k * n, NOT_YET, np.int64)
        self._labour = np.full(n, NOT_YET, np.int64)

    def post(self, parcels: npt.NDArray[Any]) -> None:
        """Add what the parcels that finished on a day owe."""
        outcome, kind, operator = parcels["outcome"], parcels["kind"], parcels["operator"].astype(np.int64)
        collected = (parcels["direction"] == DOWN) & (outcome == COLLECTED)
        to_post = parcels["to_post"] > 0
        self._dispatch(operator[collected])
        self._post_fees(operator[collected & to_post & (kind != AT_TOWNSHIP)])
        at = collected & (kind == AT_TOWNSHIP)
        self._township(operator[at], parcels["township"][at].astype(np.int64), parcels["surcharge_fen"][at], to_post[at])
        at = collected & (kind == AT_STATION)
        payer = np.where(to_post[at], parcels["last_mile"][at], operator[at]).astype(np.int64)
        self._hosts(payer, parcels["place"][at].astype(np.int64))
        self._shared_sorting(operator[parcels["sorted"] != NEVER])
        self._coordination(operator, parcels)

    def _dispatch(self, operator: Ints) -> None:
        fee = self._price["dispatch_fee"].amount
        for o, n in _counts(operator):
            name = self._world.operators.key[o]
            key = Key(network_actor(name), name, "dispatch fee", "transfer", "delivery", "management", unit="parcel")
            self._book.add(key, n, n * fee * 1000)

    def _post_fees(self, operator: Ints) -> None:
        post = self._world.operators.post
        for o, n in _counts(operator):
            names = self._world.operators.key
            key = Key(names[o], names[post], "post hand-over fee", "transfer", "delivery", "operations", unit="parcel")
            self._book.add(key, n, n * self._price["post_handover_fee"].amount * 1000)

    def _township(self, operator: Ints, township: Ints, surcharge: npt.NDArray[Any], to_post: npt.NDArray[Any]) -> None:
        operators, m = self._world.operators, self._world.places.n_townships
        code = operator * m + township
        fees = np.bincount(code, surcharge, minlength=operators.n * m)
        charged, passed = np.bincount(code, surcharge > 0), np.bincount(code, to_post)
        for pair, n in _counts(code):
            o, t = divmod(pair, m)
            outlet = int(operators.outlet[o, t])
            runs, lever = self._payers.of("delivery", "sites", outlet)
            place = self._township_key(t)
            if outlet != o and self._payers.of("delivery", "sites", o)[0] != runs:
                key = Key(operators.key[o], runs, "township agent fee", "transfer", "delivery", "sites", "township", place, unit="parcel")
                agent = n - int(passed[pair])
                self._book.add(key, agent, agent * self._price["township_agent_fee"].amount * 1000)
            if fees[pair]:
                key = Key("shoppers", runs, "second fee", "transfer", "delivery", "sites", "township", place, lever=lever, unit="parcel")
                self._book.add(key, int(charged[pair]), int(fees[pair]) * MICRO)

    def _township_key(self, township: int) -> str:
        return self._world.places.key[1 + township]

    def _hosts(self, payer: Ints, place: Ints) -> None:
        n = self._world.places.n
        code = payer * n + place
        count = np.bincount(code, minlength=len(self._commission))
        used = np.flatnonzero(count)
        for c in used[self._commission[used] == NOT_YET].tolist():
            o, p = divmod(c, n)
            name = self._world.places.key[p]
            payer_key = self._world.operators.key[o]
            key = Key(payer_key, host_actor(name), "commission", "transfer", "delivery", "staff", "station", name, unit="parcel")
            self._commission[c] = self._book.row(key)
        each = count[used]
        self._book.add_rows(self._commission[used], each.astype(np.float64), each * (self._price["commission"].amount * 1000))
        count = np.bincount(place, minlength=n)
        used = np.flatnonzero(count)
        for p in used[self._labour[used] == NOT_YET].tolist():
            name = self._world.places.key[p]
            key = Key(host_actor(name), "workers", "host labour", "resource", "delivery", "staff", "station", name, unit="h")
            self._labour[p] = self._book.row(key)
        time = count[used] * us(self._rules.parameters.station.handling_seconds)
        self._book.add_rows(self._labour[used], time / HOUR, time * self._price["worker_hour"].amount // (HOUR // 1000))

    def _shared_sorting(self, operator: Ints) -> None:
        sites, operations = self._rules.group("sorting", "sites"), self._rules.group("sorting", "operations")
        for o, n in _counts(operator):
            sharing = (sites == sites[o]).sum()
            if sharing > 1 and (operations[sites == sites[o]] != operations[o]).any():
                payer, lever = self._payers.of("sorting", "sites", o)
                key = Key(payer, "workers", "re-labelling", "resource", "sorting", "operations", "county", lever=lever, unit="parcel")
                self._book.add(key, n, n * self._price["relabel_parcel"].amount * 1000)

    def _coordination(self, operator: Ints, parcels: npt.NDArray[Any]) -> None:
        for alliance in self._rules.alliances:
            activities = pooled_activities(alliance.cells)
            if len(alliance.members) < 2 or not activities:
                continue
            stage = "township_in" if activities == ["delivery"] else "county_in"
            handled = int((np.isin(operator, alliance.members) & (parcels[stage] != NEVER)).sum())
            actor = alliance_actor(alliance.id)
            for activity in activities:
                key = Key(actor, "workers", "coordination", "resource", activity, "management", "county", lever=alliance.id, unit="parcel")
                micro = handled * self._price["coordination_parcel"].amount * 1000 // len(activities)
                self._book.add(key, handled / len(activities), micro)


def _counts(code: Ints) -> list[tuple[int, int]]:
    """Return (value, how often) of the values that occur."""
    count = np.bincount(code)
    return [(c, int(count[c])) for c in np.flatnonzero(count).tolist()]
