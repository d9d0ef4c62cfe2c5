"""Joint distribution: operators pool resources of their activities, cell by cell of the notice's 5 x 5 matrix (二(三)).

Mechanism
    In each pooled cell (activity, resource) the members form one group, led by its member with the smallest row; groups
    that share a member merge. The plan then builds one site, fleet, shift or timetable for the group. Where vehicles of
    delivery are pooled the group's rounds are one: a village that any member serves is served for all of them, on the days
    of the member with most service days, and what members handed to a post inside the group stays in the group.

Changes
    ``Rules.pool``, ``Rules.alliances``; with delivery vehicles ``World.operators.mode`` and ``World.operators.days``.
    The ledger posts what coordination costs. During phase-in the members join one after another, in order of their keys.

    Each day the members pay what their alliance paid, by the rule ``share_costs_by`` (sim/sharing/split.py). Under ``membership:
    voluntary`` members leave and operators join once a month (sim/agents/alliances.py): the lever then pools those who are in.

Leaves out
    Negotiation, a vote on who may join, more than one alliance under one lever, and volume that leaves a brand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.levers.base import Lever, Mistake, listed, mistake, say, unfit
from sim.schema.matrix import ACTIVITIES, REFUSED_CELLS, REFUSED_CELLS_ZH, RESOURCES, Activity, Resource
from sim.schema.param import param
from sim.sharing.terms import Terms
from sim.text import LANGUAGES, Words

if TYPE_CHECKING:
    from sim.rules import Alliance, Rules
    from sim.world.world import Bools, World


class JointDistribution(Lever):
    """Pools cells of the 5 x 5 matrix among operators."""

    title: ClassVar[Words] = Words(zh="共同配送", en="Joint distribution")
    filters: ClassVar[tuple[str, ...]] = ()

    kind: Literal["joint_distribution"] = "joint_distribution"

    members: Literal["all"] | tuple[str, ...] = "all"
    """Keys of the operators that pool, or ``all``."""
    pool: dict[Activity, tuple[Resource, ...]] = Field(default_factory=dict)
    """Pooled resources by activity."""
    membership: Literal["mandated", "voluntary"] = "mandated"
    """Whether members must pool, or join and leave as it pays; voluntary alliances begin with all members."""
    share_costs_by: Literal["volume", "standalone", "equal", "shapley"] = "volume"
    """What the joint cost is shared by: parcels of the day, stand-alone cost, equal parts, or the Shapley value."""
    check_core: bool = False
    """Whether every coalition is planned, so that the largest objection is known; Shapley shares need that in any case."""
    notice_days: int = param(30, unit="days", ge=0, le=730, low=0, high=180, source="assumption", zh="加入退出预告期")
    """From a member's decision to join or leave until it is in or out (voluntary; at once before a settled run)."""
    switching_cost: float = param(
        20000, unit="yuan/member", ge=0, le=1000000, low=5000, high=60000, source="assumption", zh="加入退出成本"
    )  # fmt: skip
    """What joining, and what leaving, costs a member once: contracts, systems, signs, moving (voluntary)."""
    horizon_months: float = param(24, unit="months", ge=1, le=240, low=6, high=60, source="assumption", zh="回收期")
    """Months over which a member spreads the switching cost when it decides (voluntary)."""
    threshold: float = param(0.02, unit="share", ge=0, le=1, low=0, high=0.1, source="assumption", zh="容忍门槛")
    """How much worse off than alone, as a share of its stand-alone cost, a member stays (voluntary)."""
    core_tolerance: float = param(0.002, unit="share", ge=0, le=0.1, choice=True, source="assumption", zh="核心判定容差")
    """Objections below this share of the joint cost are within the solver's own error."""

    @property
    def cells(self) -> tuple[tuple[Activity, Resource], ...]:
        """Return the pooled cells in the matrix's order."""
        return tuple((a, r) for a in ACTIVITIES for r in RESOURCES if r in self.pool.get(a, ()))

    def mistakes(self) -> Iterator[Mistake]:
        """Yield cells that have no mechanism, and fewer than two members."""
        yield from super().mistakes()
        for cell in self.cells:
            if cell in REFUSED_CELLS:
                reason = Words(zh=REFUSED_CELLS_ZH[cell], en=REFUSED_CELLS[cell])
                yield mistake(("pool", cell[0]), "refused_cell", activity=_activity(cell[0]), resource=_resource(cell[1]), reason=reason)
        if len(set(self.members)) == 1 and self.members != "all":
            yield mistake(("members",), "one_member", member=self.members[0])

    def rows(self, world: World, strength: float = 1.0) -> tuple[int, ...]:
        """Return the operator rows that have joined at a strength."""
        keys = world.operators.key
        if self.members == "all":
            rows = list(range(len(keys)))
        else:
            for name in self.members:
                if name not in keys:
                    raise unfit(self.id, mistake(("members",), "no_operator", name=name, operators=", ".join(keys)))
            rows = sorted({keys.index(name) for name in self.members})
        return tuple(rows[: 1 + ceil(strength * (len(rows) - 1))]) if rows else ()

    def terms(self, world: World, strength: float = 1.0) -> Terms:
        """Return the terms of the alliance at a strength."""
        return Terms(
            self.id,
            self.rows(world, strength),
            self.share_costs_by,
            self.membership == "voluntary",
            self.notice_days,
            self.switching_cost,
            self.horizon_months,
            self.threshold,
            self.core_tolerance,
            self.check_core,
        )

    def among(self, keys: tuple[str, ...]) -> JointDistribution:
        """Return the lever with only some operators in it, or none."""
        return self.model_copy(update={"members": keys})

    def rules(self, rules: Rules, world: World, strength: float) -> Rules:
        """Return the rules with the members in one group in each pooled cell."""
        import numpy as np

        rows = self.rows(world, strength)
        if len(rows) < 2 or not self.cells:
            return rules
        pool = rules.pool.copy()
        for activity, resource in self.cells:
            leads = pool[ACTIVITIES.index(activity), RESOURCES.index(resource)]
            group = np.isin(leads, leads[list(rows)])
            leads[group] = int(np.flatnonzero(group)[0])
        return replace(rules, pool=pool, alliances=(*rules.alliances, self._alliance(rows)))

    def _alliance(self, rows: tuple[int, ...]) -> Alliance:
        from sim.rules import Alliance

        voluntary = self.membership == "voluntary"
        return Alliance(self.id, rows, self.cells, self.share_costs_by, self.switching_cost if voluntary else 0.0)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world in which pooled rounds serve a village for the whole group as soon as they serve it for one."""
        import numpy as np

        from sim.world.world import TO_POST, TO_VILLAGE, VILLAGE

        rows = self.rows(world, strength)
        if len(rows) < 2 or ("delivery", "vehicles") not in self.cells:
            return world
        leads = rules.group("delivery", "vehicles")
        group = np.flatnonzero(leads == leads[rows[0]])
        operators = world.operators
        mode = operators.mode.copy()
        villages = np.flatnonzero(world.places.tier == VILLAGE)
        block = mode[np.ix_(group, villages)]
        if operators.post in group:
            block[block == TO_POST] = TO_VILLAGE
        block[:, (block == TO_VILLAGE).any(axis=0)] = TO_VILLAGE
        mode[np.ix_(group, villages)] = block
        days = operators.days.copy()
        days[group] = days[group[int(np.argmax(np.bitwise_count(days[group])))]]
        return replace(world, operators=replace(operators, mode=mode, days=days))

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return the pooled cells, the groups and the villages served before and after."""
        rows = self.rows(world)
        lines = [say("joint.members", n=len(rows), names=listed(_names(world, rows)))]
        lines.append(say(f"joint.{self.membership}", rule=say(f"joint.by_{self.share_costs_by}")))
        if self.membership == "voluntary":
            switching = f"{self.switching_cost:,.0f}"
            lines.append(say("joint.leave", notice=self.notice_days, switching=switching, threshold=f"{100 * self.threshold:g}%"))
        after = self.rules(rules, world, 1.0)
        for activity in ACTIVITIES:
            cells = [(r, _groups(rules, activity, r), _groups(after, activity, r)) for a, r in self.cells if a == activity]
            if cells:
                groups = listed(Words(*(f"{_resource(r).text(lang)} {was} → {now}" for lang in LANGUAGES)) for r, was, now in cells)
                lines.append(say("joint.cell", activity=_activity(activity), resources=groups))
        changed = self.world(world, after, 1.0)
        if changed is not world:
            was, now = _served(world), _served(changed)
            lines.append(say("joint.served", before=f"{int(was.sum()):,}", after=f"{int(now.sum()):,}", pairs=f"{was.size:,}"))
            lines.append(say("joint.days", before=_days(world), after=_days(changed)))
        return lines


def _served(world: World) -> Bools:
    from sim.world.world import TO_VILLAGE, VILLAGE

    served: Bools = world.operators.mode[:, world.places.tier == VILLAGE] == TO_VILLAGE
    return served


def _groups(rules: Rules, activity: Activity, resource: Resource) -> int:
    return len(set(rules.group(activity, resource).tolist()))


def _days(world: World) -> Words:
    numbers = [str(int(days).bit_count()) for days in world.operators.days]
    return listed(Words(number, number) for number in numbers)


def _names(world: World, rows: tuple[int, ...]) -> list[Words]:
    return [Words(world.operators.name_zh[row], world.operators.name_en[row]) for row in rows]


def _activity(name: str) -> Words:
    return say(f"activity.{name}")


def _resource(name: str) -> Words:
    return say(f"resource.{name}")
