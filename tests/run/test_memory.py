"""What a run holds does not grow with its days: everything that can be reached from the flow is counted at two midnights."""

from __future__ import annotations

import gc
import sys
import types
import weakref
from collections import deque
from typing import Any
from unittest import mock

import numpy as np
import pytest

from sim.agents.county import County
from sim.flow.flow import Flow
from sim.run import run
from sim.scenario.model import Scenario
from tests.produce.orchard import orchard
from tests.run.small import scenario

EARLY, LATE = 100, 280
NO_DATA = (types.ModuleType, types.FunctionType, type, types.BuiltinFunctionType, types.CodeType, types.FrameType, property)
"""Nothing of a run is kept in these."""


def held(root: object) -> tuple[int, int]:
    """Return the objects that can be reached from a root, and the bytes of arrays, texts and packed months among them."""
    seen: set[int] = set()
    objects = size = 0
    ahead = deque([root])
    while ahead:
        one = ahead.pop()
        if id(one) in seen or isinstance(one, NO_DATA):
            continue
        seen.add(id(one))
        objects += 1
        if isinstance(one, np.ndarray):
            size += one.nbytes if one.base is None else 0
        elif isinstance(one, bytes | str):
            size += len(one)
        ahead.extend(gc.get_referents(one))
    return objects, size


def at_midnights(chosen: Scenario) -> dict[int, tuple[int, int]]:
    """Return what a run holds at the midnights after ``EARLY`` and ``LATE``; tables are written in groups of 500 rows."""
    root = sys.modules["sim.run"]
    flows: list[Flow] = []
    begin, record = Flow.__init__, root._Told.record  # type: ignore[attr-defined]
    found = {}

    def watched(self: Flow, *given: Any) -> None:
        begin(self, *given)
        flows.append(self)

    def told(self: Any, day: Any) -> None:
        record(self, day)
        if day.day in (EARLY, LATE):
            found[day.day] = held(flows[-1])

    with (
        mock.patch.object(Flow, "__init__", watched),
        mock.patch.object(root._Told, "record", told),  # type: ignore[attr-defined]
        mock.patch("sim.plan.make.KNOWN", 4),  # so many plans, and drawings for them, are remembered at most: reached before EARLY
        mock.patch("sim.plan.make.DRAWN", 2),
        mock.patch("sim.store.writer.ROWS", 500),
        mock.patch("sim.store.sheet.ROWS", 500),
        mock.patch.object(root, "_settings", {}),
    ):
        run(chosen, seed=1)
    return found


@pytest.mark.parametrize(
    "chosen",
    [
        scenario(days=LATE + 10, demand={"growth_per_year": 0}),
        orchard(start="2021-02-10", days=LATE + 10, demand={"growth_per_year": 0}),
    ],
    ids=["down", "up"],
)
def test_what_a_run_holds_does_not_grow_with_its_days(chosen: Scenario, record_property: Any) -> None:
    found = at_midnights(chosen)
    (objects, size), (later_objects, later_size) = found[EARLY], found[LATE]
    record_property("shown", f"day {EARLY}: {objects} objects, {size} bytes; day {LATE}: {later_objects} objects, {later_size} bytes")
    print(found)
    assert later_objects < objects + (LATE - EARLY)
    assert later_size < 1.05 * size


@pytest.mark.parametrize("chosen", [scenario(days=2), orchard(start="2021-02-10", days=2)], ids=["down", "up"])
def test_a_run_leaves_nothing_of_itself_in_the_process(chosen: Scenario) -> None:
    gone: list[weakref.ref[Any]] = []
    begin, county = Flow.__init__, County.__init__

    def flow_begins(self: Flow, *given: Any) -> None:
        begin(self, *given)
        gone.extend((weakref.ref(self), weakref.ref(self.state)))

    def county_begins(self: County, *given: Any, **more: Any) -> None:
        county(self, *given, **more)
        gone.append(weakref.ref(self))

    with mock.patch.object(Flow, "__init__", flow_begins), mock.patch.object(County, "__init__", county_begins):
        made = run(chosen, seed=1)
    assert len(gone) >= 3
    assert [one() for one in gone] == [None] * len(gone)
    assert made.folder.exists()
