"""Joint distribution: operators pool resources of their activities, cell by cell of the notice's 5 x 5 matrix (二(三)).

Mechanism
    In each pooled cell (activity, resource) the members form one group, led by its member with the smallest row; groups
    that share a member merge. The plan then builds one site, fleet, shift or timetable for the group. Where vehicles of
    delivery are pooled the group's rounds are one: a village that any member serves is served for all of them, on the days
    of the member with most service days, and what members handed to a post inside the group stays in the group.

Changes
    ``Rules.pool``, ``Rules.alliances``; with delivery vehicles ``World.operators.mode`` and ``World.operators.days``.
    The ledger posts what coordination costs. During phase-in the members join one after another, in order of their keys.

Leaves out
    Whether a member wants to join, how costs and gains are shared, negotiation, and volume that leaves a brand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.levers.base import Lever, Mistake, mistake, say, unfit
from sim.schema.matrix import ACTIVITIES, REFUSED_CELLS, REFUSED_CELLS_ZH, RESOURCES, Activity, Resource
from sim.text import LANGUAGES, Words

if TYPE_CHECKING:
    from sim.rules import Rules
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
        return tuple(rows[: 1 + ceil(strength * (len(rows) - 1))])

    def rules(self, rules: Rules, world: World, strength: float) -> Rules:
        """Return the rules with the members in one group in each pooled cell."""
        import numpy as np

        from sim.rules import Alliance

        rows = self.rows(world, strength)
        if len(rows) < 2 or not self.cells:
            return rules
        pool = rules.pool.copy()
        for activity, resource in self.cells:
            leads = pool[ACTIVITIES.index(activity), RESOURCES.index(resource)]
            group = np.isin(leads, leads[list(rows)])
            leads[group] = int(np.flatnonzero(group)[0])
        return replace(rules, pool=pool, alliances=(*rules.alliances, Alliance(self.id, rows, self.cells)))

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
        lines = [say("joint.members", n=len(rows), names=Words(*(", ".join(_names(world, rows, lang)) for lang in ("zh", "en"))))]
        after = self.rules(rules, world, 1.0)
        for activity in ACTIVITIES:
            cells = [(r, _groups(rules, activity, r), _groups(after, activity, r)) for a, r in self.cells if a == activity]
            if cells:
                texts = [[f"{_resource(r).text(lang)} {was} → {now}" for r, was, now in cells] for lang in LANGUAGES]
                lines.append(say("joint.cell", activity=_activity(activity), resources=Words("、".join(texts[0]), ", ".join(texts[1]))))
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


def _days(world: World) -> str:
    return ", ".join(str(int(days).bit_count()) for days in world.operators.days)


def _names(world: World, rows: tuple[int, ...], lang: str) -> list[str]:
    names = world.operators.name_zh if lang == "zh" else world.operators.name_en
    return [names[row] for row in rows]


def _activity(name: str) -> Words:
    return say(f"activity.{name}")


def _resource(name: str) -> Words:
    return say(f"resource.{name}")
