"""What parcels move: fees, commissions, hosts' labour, coordination and re-labelling."""

from __future__ import annotations

import numpy as np

from sim.ledger.book import MICRO, Book, Key
from sim.ledger.kernel import CHARGED, DISPATCH, FEES, SORTED, TAKEN, TAKEN_POST, TO_POST, Tally
from sim.ledger.kernel import COUNTY as AT_COUNTY
from sim.ledger.kernel import TOWNSHIP as AT_TOWNSHIP
from sim.ledger.payer import Payers, alliance_actor, host_actor, network_actor
from sim.ledger.price import Price
from sim.ledger.standing import pooled_activities
from sim.rules import Rules
from sim.units import HOUR, us
from sim.world.world import TOWNSHIP, Ints, World

NOT_YET = -1


class Handing:
    """Posts a day's finished parcels; remembers the book's row of every (payer, place)."""

    def __init__(self, book: Book, world: World, rules: Rules, price: dict[str, Price]) -> None:
        self._book, self._world, self._rules, self._price = book, world, rules, price
        self._payers = Payers(world, rules)
        k, n = world.operators.n, world.places.n
        self._commission = np.full(k * n, NOT_YET, np.int64)
        self._labour = np.full(n, NOT_YET, np.int64)
        self._outlets: dict[tuple[int, int], tuple[Key | None, Key]] = {}

    def post(self, day: Tally) -> None:
        """Add what the parcels that ended on a day owe."""
        self._dispatch(day.by_operator[DISPATCH])
        self._post_fees(day.by_operator[TO_POST])
        self._township(day.by_township)
        self._hosts(day.at_station)
        self._shared_sorting(day.by_operator[SORTED])
        self._coordination(day.by_operator)

    def _dispatch(self, count: Ints) -> None:
        fee = self._price["dispatch_fee"].amount
        for o in np.flatnonzero(count).tolist():
            name, n = self._world.operators.key[o], int(count[o])
            key = Key(network_actor(name), name, "dispatch fee", "transfer", "delivery", "management", unit="parcel")
            self._book.add(key, n, n * fee * 1000)

    def _post_fees(self, count: Ints) -> None:
        names, post = self._world.operators.key, self._world.operators.post
        for o in np.flatnonzero(count).tolist():
            n = int(count[o])
            key = Key(names[o], names[post], "post hand-over fee", "transfer", "delivery", "operations", unit="parcel")
            self._book.add(key, n, n * self._price["post_handover_fee"].amount * 1000)

    def _township(self, count: Ints) -> None:
        taken, to_post, charged, fees = (count[row].tolist() for row in (TAKEN, TAKEN_POST, CHARGED, FEES))
        for o, t in np.argwhere(count[TAKEN]).tolist():
            if (o, t) not in self._outlets:
                self._outlets[o, t] = self._outlet(o, t)
            agent, second = self._outlets[o, t]
            many = taken[o][t] - to_post[o][t]
            if many and agent is not None:
                self._book.add(agent, many, many * self._price["township_agent_fee"].amount * 1000)
            if fees[o][t]:
                self._book.add(second, charged[o][t], fees[o][t] * MICRO)

    def _outlet(self, o: int, t: int) -> tuple[Key | None, Key]:
        """Return the keys of what operator o owes where another hands over for it in township t (None where it does so itself), and of its
        shoppers' second fees there."""
        operators = self._world.operators
        place = self._world.places.key[int(np.flatnonzero(self._world.places.tier == TOWNSHIP)[t])]
        runs, lever = self._payers.of("delivery", "sites", int(operators.outlet[o, t]))
        own, _ = self._payers.of("delivery", "sites", o)
        agent = Key(operators.key[o], runs, "township agent fee", "transfer", "delivery", "sites", "township", place, unit="parcel")
        second = Key("shoppers", runs, "second fee", "transfer", "delivery", "sites", "township", place, lever=lever, unit="parcel")
        return agent if own != runs else None, second

    def _hosts(self, count: Ints) -> None:
        places, operators = self._world.places.key, self._world.operators.key
        n = len(places)
        each = count.reshape(-1)
        used = np.flatnonzero(each)
        for c in used[self._commission[used] == NOT_YET].tolist():
            payer, name = operators[c // n], places[c % n]
            key = Key(payer, host_actor(name), "commission", "transfer", "delivery", "staff", "station", name, unit="parcel")
            self._commission[c] = self._book.row(key)
        self._book.add_rows(self._commission[used], each[used].astype(np.float64), each[used] * (self._price["commission"].amount * 1000))
        each = count.sum(axis=0)
        used = np.flatnonzero(each)
        for p in used[self._labour[used] == NOT_YET].tolist():
            key = Key(host_actor(places[p]), "workers", "host labour", "resource", "delivery", "staff", "station", places[p], unit="h")
            self._labour[p] = self._book.row(key)
        piece = us(self._rules.parameters.station.handling_seconds)
        whole, rest = divmod(piece * self._price["worker_hour"].amount, HOUR // 1000)
        micro = each[used] * whole + each[used] * rest // (HOUR // 1000)
        self._book.add_rows(self._labour[used], each[used] * piece / HOUR, micro)

    def _shared_sorting(self, count: Ints) -> None:
        sites, operations = self._rules.group("sorting", "sites"), self._rules.group("sorting", "operations")
        for o in np.flatnonzero(count).tolist():
            together = sites == sites[o]
            if together.sum() > 1 and (operations[together] != operations[o]).any():
                payer, lever = self._payers.of("sorting", "sites", o)
                key = Key(payer, "workers", "re-labelling", "resource", "sorting", "operations", "county", lever=lever, unit="parcel")
                self._book.add(key, int(count[o]), int(count[o]) * self._price["relabel_parcel"].amount * 1000)

    def _coordination(self, count: Ints) -> None:
        for alliance in self._rules.alliances:
            activities = pooled_activities(alliance.cells)
            if len(alliance.members) < 2 or not activities:
                continue
            handled = int(count[AT_TOWNSHIP if activities == ["delivery"] else AT_COUNTY, list(alliance.members)].sum())
            actor, price = alliance_actor(alliance.id), self._price["coordination_parcel"].amount
            for activity in activities:
                key = Key(actor, "workers", "coordination", "resource", activity, "management", "county", lever=alliance.id, unit="parcel")
                self._book.add(key, handled / len(activities), handled * price * 1000 // len(activities))
