"""The start state of a run: everything that the warm-up leaves behind, stored at the midnight of ``start``.

A run that begins from it leaves the same tables, byte for byte, as one that warms up itself. It exists only for a midnight on which nothing
is under way, and holds whatever reaches beyond it: the flow's columns, when vehicles and drivers are free, what agents remember and have
decided, the books, the treasury, and the rows that the tables have so far. What every run of the scenario makes for itself it only names.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from sim.flow.resume import Left, is_quiet, leave
from sim.store.starts import Start

if TYPE_CHECKING:
    from sim.agents.alliances import Alliances
    from sim.agents.county import County
    from sim.flow.flow import Flow
    from sim.plan.make import Planner
    from sim.plan.plan import Plan
    from sim.rules import Rules
    from sim.store.writer import RunWriter
    from sim.world.world import World

FRESH = {
    "county": {"found", "parameters", "luck_seed", "keep", "start", "first_day", "last_day", "habits", "begin", "plans", "capital", "diary",
               "farming", "_name", "daily_rate", "_woken"},
    "farming": {"p", "seed", "start", "first_day", "last_day", "farms", "crops", "harvest", "climb", "_told"},
    "climb": {"celsius", "first_day", "perishing", "_paths", "_held"},
    "writer": {"folder", "recorder", "sample", "_began", "_manifest", "_temporary", "_sheets", "_sampled", "_farms"},
}  # fmt: skip
"""What a run makes for itself and does not take from a state: it follows from the scenario, reaches to the run's own end, or is empty at a
quiet midnight (``_held``) and set anew on the first day (``_woken``)."""


@dataclass(frozen=True)
class Parts:
    """The parts of one run that a state is taken from or given to, and the versions of world and rules that they refer to.

    ``first`` are the county as found and the levers' world and rules of the first day; ``worlds`` also those of the last day before
    ``start``, and what operators and hosts had settled on. ``told`` are world and rules of the plan in force.
    """

    county: County
    alliances: Alliances
    writer: RunWriter
    planner: Planner
    first: Mapping[str, object]
    worlds: Mapping[str, object]
    told: tuple[World, Rules]


def taken(flow: Flow, parts: Parts, day: int, membership: object) -> Start | None:
    """Return the state at 00:00 of ``day``; None where something is under way, or a table has begun to be written.

    ``membership`` is that of alliances before the run.
    """
    sheets = parts.writer._sheets.values()
    if not is_quiet(flow, day) or any(sheet.rows != sheet._n for sheet in sheets):
        return None
    assert parts.county.farming is None or not len(parts.county.farming.climb._held), "nothing is on a trunk truck at a quiet midnight"
    left = leave(flow)
    plans = list({id(plan): plan for plan in (left.plan, *(plan for _, plan in parts.writer.recorder.ledger.plans))}.values())
    county, farming = parts.county, parts.county.farming
    rest: dict[str, Any] = {
        "left": left,
        "told": parts.told,
        "county": _state(county, "county"),
        "ledger": parts.writer.recorder.ledger,
        "writer": _state(parts.writer, "writer"),
        "sheets": {name: (sheet._held, sheet._n, sheet.rows) for name, sheet in parts.writer._sheets.items()},
    }
    if farming is not None:
        rest |= {"farming": _state(farming, "farming"), "climb": _state(farming.climb, "climb")}
    return Start(
        membership=membership,
        settled=written(parts.worlds["settled"], parts.first),
        members=dict(parts.alliances.members),
        notices=dict(parts.alliances.notices),
        plans=plans,
        body=written(rest, _named(parts, plans)),
    )


def given(start: Start, parts: Parts, day: int) -> tuple[Left, tuple[World, Rules]]:
    """Put a state into the fresh parts of a run; return the flow as it was left, and world and rules as they were told last."""
    rest = read(start.body, _named(parts, start.plans))
    world, rules = rest["told"]
    parts.planner.know(world, rules, day - 1, rest["left"].plan)
    vars(parts.county).update(rest["county"])
    if parts.county.farming is not None:
        vars(parts.county.farming).update(rest["farming"])
        vars(parts.county.farming.climb).update(rest["climb"])
    recorder = parts.writer.recorder
    recorder.ledger = rest["ledger"]
    recorder.world, recorder.rules = recorder.ledger.world, recorder.ledger.rules
    vars(parts.writer).update(rest["writer"])
    for name, (held, n, rows) in rest["sheets"].items():
        sheet = parts.writer._sheets[name]
        sheet._held, sheet._n, sheet.rows = held, n, rows
    return rest["left"], (world, rules)


def _state(thing: object, kind: str) -> dict[str, Any]:
    """Return what a thing holds, without what a run makes for itself and without Mesa's own."""
    fresh = FRESH[kind] | MESA
    return {name: value for name, value in vars(thing).items() if name not in fresh}


MESA = {"_agents", "_agents_by_type", "_all_agents", "_rng", "_seed", "_user_step", "random", "rng", "running", "step"}


def _named(parts: Parts, plans: Sequence[Plan]) -> dict[str, object]:
    """Return by name what every run of the scenario makes anew: a state refers to it and does not hold it."""
    roots = {**parts.first, **parts.worlds, **{f"plan {row}": plan for row, plan in enumerate(plans)}}
    own: dict[str, Any] = {"county": parts.county, "alliances": parts.alliances, "writer": parts.writer, "planner": parts.planner}
    if parts.county.farming is not None:
        own |= {"farming": parts.county.farming, "climb": parts.county.farming.climb, "harvest": parts.county.farming.harvest}
    return roots | own


def written(thing: object, roots: Mapping[str, object]) -> bytes:
    """Return a thing as bytes; it only names the roots and what is in them."""
    body = io.BytesIO()
    _Out(body, _everything(roots)).dump(thing)
    return body.getvalue()


def read(body: bytes, roots: Mapping[str, object]) -> Any:
    """Return a thing that ``written`` wrote, with these roots in the place of those."""
    return _In(io.BytesIO(body), _everything(roots)).load()


def _everything(roots: Mapping[str, object]) -> dict[str, object]:
    """Return the roots and everything in frozen ones that is worth a name."""
    found: dict[str, object] = {}
    for name, root in roots.items():
        found[name] = root
        if isinstance(root, BaseModel) or is_dataclass(root):
            _walk(name, root, found, set())
    return found


def _walk(name: str, thing: object, found: dict[str, object], seen: set[int]) -> None:
    """Name everything in a frozen thing that is worth a name."""
    if id(thing) in seen or not (isinstance(thing, np.ndarray | BaseModel | tuple) or is_dataclass(thing)):
        return
    seen.add(id(thing))
    if isinstance(thing, tuple):
        for row, part in enumerate(thing):
            if is_dataclass(part):
                _walk(f"{name}.{row}", part, found, seen)
        return
    found[name] = thing
    fields = getattr(thing, "__dataclass_fields__", None) or (type(thing).model_fields if isinstance(thing, BaseModel) else ())
    for field in fields:
        _walk(f"{name}.{field}", getattr(thing, field), found, seen)


class _Out(pickle.Pickler):
    """Writes names instead of what has one."""

    def __init__(self, file: io.BytesIO, named: Mapping[str, object]) -> None:
        super().__init__(file, protocol=5)
        self._names: dict[int, str] = {}
        for name, thing in named.items():
            self._names.setdefault(id(thing), name)

    def persistent_id(self, thing: Any) -> str | None:
        """Return the name of a thing."""
        return self._names.get(id(thing))


class _In(pickle.Unpickler):
    """Puts what has a name where the name stands."""

    def __init__(self, file: io.BytesIO, named: Mapping[str, object]) -> None:
        super().__init__(file)
        self._named = named

    def persistent_load(self, name: Any) -> object:
        """Return the thing of a name."""
        return self._named[name]
