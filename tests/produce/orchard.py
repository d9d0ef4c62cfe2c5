"""Run scenarios on the orchard county of the tests, and keep what its farms met and did."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt

from sim.agents.county import County
from sim.agents.farming import Farming
from sim.plan.orders import Shipments
from sim.run import Run, run
from sim.scenario.model import Origin, Scenario
from sim.schema.raw import DayRecord, FarmDay
from sim.world.build import build
from sim.world.world import TO_TOWNSHIP, VILLAGE, Fields, World

ORCHARD = Path(__file__).parents[1] / "counties" / "orchard"
PEARS = "2021-08-25"
"""Pears and pepper are picked."""
STRAWBERRIES = "2021-04-10"
"""Strawberries are picked, in the last weeks of their season: it is warm already."""
WINTER = "2021-02-10"
"""Strawberries are picked and arrive sound."""
NOTHING = "2021-05-20"
"""Nothing is picked for six weeks."""

STILL: Any = {"decisions": {"shoppers": False, "operators": False, "hosts": False}}
"""Parameters under which shoppers, operators and hosts answer to nothing."""

LEVERS: list[dict[str, Any]] = [
    {"kind": "cold_chain", "township_m3": 5, "village_m3": 1, "store_m3": 60, "boxes": True},
    {"kind": "origin_warehouse", "share": 1.0, "hold_days": 3, "cold": True},
    {"kind": "ecommerce_services"},
]
"""A cold chain all the way, a warehouse in each township, services in each village."""
COLUMNS = ("parcels", "trips", "stops", "shifts", "events", "rising")
"""What the flow hands on by midnight; copied, since it may use its arrays again."""

Settings = dict[str, dict[str, Any]]
Edit = Callable[[Fields], Fields]


def orchard(
    name: str = "orchard",
    *,
    start: str = PEARS,
    days: int = 10,
    warm_up: int = 3,
    county: Path = ORCHARD,
    levers: Sequence[dict[str, Any]] = (),
    active: bool = True,
    produce: Settings | None = None,
    **parameters: Any,
) -> Scenario:
    """Return a scenario on the orchard; ``parameters`` are sections, ``produce`` those of produce. Farms begin without a season before and
    sort nothing unless ``produce`` says so."""
    produce = {"grading": {"active": False}} | dict(produce or {})
    produce["learning"] = {"season_before": False} | produce.get("learning", {})
    content = {
        "format": 1, "name": name, "county": county.name, "start": start, "days": days, "warm_up_days": warm_up, "levers": list(levers),
        "parameters": {"produce": {"active": active} | produce} | parameters,
    }  # fmt: skip
    return Scenario.model_validate(content).at(Origin(county_folder=county))


def fields_of(world: World) -> Fields:
    """Return what grows in a county that grows something."""
    assert world.fields is not None
    return world.fields


def county_of(scenario: Scenario, edit: Edit | None = None) -> World:
    """Return a scenario's county with its fields edited."""
    world = build(scenario.county_folder, scenario.parameters, scenario.operators)
    return world if edit is None else replace(world, fields=edit(fields_of(world)))


def with_cold(**changes: Any) -> Edit:
    """Return an edit of what keeps produce cold; a number stands for all places or operators."""

    def edit(fields: Fields) -> Fields:
        columns: dict[str, Any] = {}
        for name, value in changes.items():
            old = getattr(fields.cold, name)
            columns[name] = np.full(len(old), value, old.dtype) if isinstance(old, np.ndarray) else value
        return replace(fields, cold=replace(fields.cold, **columns))

    return edit


def with_help(**changes: Any) -> Edit:
    """Return an edit of what helps farmers to sell; a number stands for all places or crops."""

    def edit(fields: Fields) -> Fields:
        reach = fields.outreach
        columns: dict[str, Any] = {}
        for name, value in changes.items():
            old = getattr(reach, name)
            columns[name] = np.full(len(old), value, old.dtype) if isinstance(old, np.ndarray) else value
        return replace(fields, outreach=replace(reach, **columns))

    return edit


@dataclass
class Lived:
    """A run, its farms at the end, what the flow handed on each day and what farms made of it, and what they sent up on each day."""

    made: Run
    world: World
    scenario: Scenario
    seed: int
    farms: list[Farming] = field(default_factory=list)
    flow: list[DayRecord] = field(default_factory=list)
    days: list[FarmDay] = field(default_factory=list)
    sent: list[Shipments] = field(default_factory=list)

    @property
    def farming(self) -> Farming:
        """The farms."""
        return self.farms[0]

    def lots(self) -> npt.NDArray[Any]:
        """Return all lots in grams."""
        return np.concatenate([day.lots for day in self.days])

    def table(self, name: str) -> Any:
        """Return a table of the run, a data frame."""
        return self.made.table(name)

    def up(self) -> Any:
        """Return the parcels that went up."""
        parcels = self.table("parcels")
        return parcels[parcels["direction"] == "up"]


def without_vans(world: World, every: int = 2) -> World:
    """Return the county with villages, one in so many, to which nobody goes: what is sent from there is carried to the township."""
    mode = world.operators.mode.copy()
    mode[:, np.flatnonzero(world.places.tier == VILLAGE)[::every]] = TO_TOWNSHIP
    return replace(world, operators=replace(world.operators, mode=mode))


def lived(scenario: Scenario, seed: int = 1, edit: Edit | None = None, world: World | None = None) -> Lived:
    """Return a run with full tables of a county with its fields edited, and what its farms met and did."""
    world = world or county_of(scenario, edit)
    farms: list[Farming] = []
    flow: list[DayRecord] = []
    days: list[FarmDay] = []
    sent: list[Shipments] = []
    evening, sends = County.evening, County.sends

    def watch(county: County, record: DayRecord) -> DayRecord:
        kept: dict[str, Any] = {
            name: np.array(getattr(record, name)) for name in ("parcels", "trips", "stops", "shifts", "events", "rising")
        }
        flow.append(replace(record, **kept))
        after = evening(county, record)
        if after.farms is not None:
            days.append(after.farms)
        if not farms and county.farming is not None:
            farms.append(county.farming)
        return after

    def note(county: County, day: int) -> Shipments:
        shipments = sends(county, day)
        sent.append(shipments)
        return shipments

    # an edited county goes with no settings that were worked out for another one
    with (
        mock.patch.object(sys.modules["sim.run"], "_settings", {}),
        mock.patch.object(County, "evening", watch),
        mock.patch.object(County, "sends", note),
    ):
        made = run(scenario, seed, world=world)
    return Lived(made, world, scenario, seed, farms, flow, days, sent)
