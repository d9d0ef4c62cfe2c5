"""Village stations: integrated service stations open at hosts in villages that have none (二(一): 多站合一、一点多能).

Mechanism
    A share of the matching villages without a station gets one, at a shop, the village committee, the postal station or
    the agri-information point. Parcels brought to such a village wait on its shelf instead of being handed over at doors.
    ``carried_by`` says how parcels get there: by the post (operators that left the village's parcels at the township or
    refused them hand them to the post), by each operator's own rounds, or as before.

Changes
    ``World.stations`` and ``World.operators.mode`` of the villages concerned. Fit-out, running cost and commissions are posted by
    the ledger for every station whose ``opened_by`` is the lever's id. Villages are taken in a fixed order of their keys: a larger
    share adds villages and takes none away; a phase-in opens them in that order.

Leaves out
    Whether a host wants to open or to close, other services of the station and the footfall they bring.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, Mistake, listed, mistake, say, unfit
from sim.levers.clock import instant
from sim.levers.draw import chosen, order
from sim.levers.hours import wrong_hours
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Ints, World

Host = Literal["shop", "committee", "post_station", "agri_point"]


class VillageStations(Lever):
    """Opens stations in villages that have none."""

    title: ClassVar[Words] = Words(zh="村级站点", en="Village stations")

    kind: Literal["village_stations"] = "village_stations"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="新建站占比")
    """Share of the matching villages without a station that get one."""
    hosts: tuple[Host, ...] = ("shop", "committee", "post_station", "agri_point")
    """Kinds of host, dealt out to the villages in equal parts by key."""
    shelf_l: float = param(600, unit="l", ge=1, le=20000, source="assumption", zh="货架容量")
    """Shelf space of a new station, at least; more where ``station.shelf_l_person`` asks for it."""
    opens: str = param("08:00", unit="clock", source="assumption", zh="开门时间")
    """The station opens."""
    closes: str = param("20:00", unit="clock", source="assumption", zh="关门时间")
    """The station closes."""
    carried_by: Literal["post", "each", "existing"] = "post"
    """Who brings the parcels: the post for all who did not come, each operator itself, or who came before."""

    def mistakes(self) -> Iterator[Mistake]:
        """Yield an empty list of hosts and opening hours that are none."""
        yield from super().mistakes()
        if not self.hosts:
            yield mistake(("hosts",), "no_hosts")
        yield from wrong_hours(self.opens, self.closes)

    def places(self, world: World, strength: float) -> Ints:
        """Return the rows of the villages that get a station at a strength."""
        from sim.world.world import VILLAGE

        free = (world.places.tier == VILLAGE) & (world.stations.host == 0) & self.where.mask(world)
        return chosen(world.places.key, free, self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the stations open and their parcels brought to them."""
        import numpy as np

        from sim.world.stations import village_shelf_ml
        from sim.world.world import HOSTS

        rows = self.places(world, strength)
        if not len(rows):
            return world
        stations, parameters = world.stations, rules.parameters.station
        hosts = np.array([HOSTS.index(host) for host in self.hosts], dtype=np.int8)
        host, shelf, overflow = stations.host.copy(), stations.shelf_ml.copy(), stations.overflow_ml.copy()
        opens, closes, opened_by = stations.opens_us.copy(), stations.closes_us.copy(), list(stations.opened_by)
        host[rows] = hosts[(order([world.places.key[row] for row in rows], "host") % np.uint64(len(hosts))).astype(np.int64)]
        shelf[rows] = village_shelf_ml(world.places, parameters, self.shelf_l)[rows]
        overflow[rows] = round(parameters.overflow_l * 1000) if parameters.on_no_space == "overflow" else 0
        opens[rows], closes[rows] = instant(self.opens), instant(self.closes)
        for row in rows:
            opened_by[row] = self.id
        opened = replace(
            stations, host=host, shelf_ml=shelf, overflow_ml=overflow, opens_us=opens, closes_us=closes, opened_by=tuple(opened_by)
        )
        return self.carried(replace(world, stations=opened), rows)

    def carried(self, world: World, villages: Ints) -> World:
        """Return the world in which the parcels of ``villages`` are brought as ``carried_by`` says."""
        import numpy as np

        from sim.world.world import REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE

        if self.carried_by == "existing":
            return world
        operators = world.operators
        if self.carried_by == "post" and operators.post < 0:
            raise unfit(self.id, mistake(("carried_by",), "no_post"))
        rows = np.array([row for row in self.where.rows(world) if row != operators.post or self.carried_by == "each"], dtype=np.int64)
        mode = operators.mode.copy()
        block = mode[np.ix_(rows, villages)]
        if self.carried_by == "each":
            block[:] = TO_VILLAGE
        else:
            block[(block == TO_TOWNSHIP) | (block == REFUSED)] = TO_POST
        mode[np.ix_(rows, villages)] = block
        return replace(world, operators=replace(operators, mode=mode))

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return how many stations open where, and how many services change."""
        from sim.world.world import VILLAGE

        rows = self.places(world, 1.0)
        villages = int((world.places.tier == VILLAGE).sum())
        had = int(((world.stations.host > 0) & (world.places.tier == VILLAGE)).sum())
        hosts = listed(say(f"host.{host}") for host in self.hosts)
        changed = int((self.world(world, rules, 1.0).operators.mode != world.operators.mode).sum())
        return [
            say("stations.opened", before=had, after=had + len(rows), villages=villages, share=f"{100 * self.share:g}%"),
            say("stations.kind", hosts=hosts, shelf=f"{self.shelf_l:,g}", opens=self.opens, closes=self.closes),
            say(f"stations.{self.carried_by}", changed=f"{changed:,}"),
        ]
