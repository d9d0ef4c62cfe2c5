"""The composition root: one function wires world, rules, luck, clock, agents, flow and ledger into a run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import luck
from sim.agents.county import County
from sim.agents.settle import Settled, settle
from sim.flow.flow import simulate
from sim.flow.inputs import Inputs
from sim.ledger import Capital
from sim.levers import apply, turns
from sim.metrics.look import Of, When
from sim.metrics.recorder import MetricsRecorder
from sim.plan.make import Planner
from sim.plan.plan import Plan
from sim.rules import Rules, separate
from sim.schema.raw import DayRecord
from sim.store import StoredRun, open_run
from sim.store.manifest import describe
from sim.store.writer import RunWriter
from sim.world.build import build
from sim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.model import Scenario

Progress = Callable[[int, int], None]
"""Told (days done, days in all)."""


@dataclass(frozen=True)
class Run:
    """One finished replication. Without a folder of its own its tables lie in a temporary one that goes with this object."""

    stored: StoredRun
    seconds: float
    _keep: Any = field(default=None, repr=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the run; units are in ``.attrs["units"]``."""
        return self.stored.table(name)

    def metric(self, name: str, window: When = None, group: Of = None) -> float:
        """Return a metric over the days that count, or between two dates."""
        return float(self.stored.metric(name, window, group))

    @property
    def metrics(self) -> pd.DataFrame:
        """Return the metrics table."""
        return self.table("metrics")

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the run's manifest."""
        return self.stored.manifest

    @property
    def folder(self) -> Path:
        """Return the folder of the tables."""
        return self.stored.folder


def run(
    scenario: Scenario,
    seed: int = 1,
    *,
    settled: bool = True,
    out: Path | None = None,
    sample: float = 1.0,
    progress: Progress | None = None,
    world: World | None = None,
    window: tuple[date, date] | None = None,
) -> Run:
    """Run one replication of a scenario and leave its tables in ``out`` (or in a temporary folder).

    ``settled``: levers are in force from before the warm-up, whatever their dates; otherwise from their dates. ``window``: first and
    last date that count, the whole run unless given. ``world``: the county before the levers, where it was built already.
    """
    began = time.monotonic()
    keep = tempfile.TemporaryDirectory(prefix="guantong-") if out is None else None
    folder = Path(keep.name) / scenario.name if keep else Path(out)  # type: ignore[arg-type]
    versions = _versions_of(scenario, world, settled)
    base = versions.world
    begin = versions.settled_state()
    first = (begin.world, versions.of(-scenario.warm_up_days)[1])
    counted = (0, scenario.days) if window is None else tuple((d - scenario.start).days + i for i, d in enumerate(window))
    recorder = MetricsRecorder(
        *first, scenario.start, scenario.days, (counted[0], counted[1]), seed=seed, capital=capital(scenario), transition=not settled
    )
    writer = RunWriter(folder, text_of(scenario), _manifest(scenario, seed, settled), recorder, sample)
    county = County(
        base,
        scenario.parameters,
        seed,
        scenario.start,
        keep=keep is None and scenario.days <= KEPT_DAYS,
        begin=begin,
        plans=versions.planner,
        first_day=-scenario.warm_up_days,
        last_day=scenario.days,
        capital=versions.capital,
        diary=writer,
    )
    try:
        simulate(inputs(scenario, base, seed, county, versions, writer), _Told(writer, county, scenario, progress))
        writer.finish(**county.told())
    except BaseException:
        writer.abandon()
        raise
    finally:
        county.close()
    return Run(open_run(folder), time.monotonic() - began, keep)


def inputs(scenario: Scenario, world: World, seed: int, county: County, versions: Versions, recorder: RunWriter | None = None) -> Inputs:
    """Return what the flow needs for one run."""
    parameters, places = scenario.parameters, world.places
    chance = Chance(world, parameters.fleet.p_breakdown, seed)
    told: tuple[World, Rules] | None = None

    def plan_of(day: int) -> Plan:
        nonlocal told
        world, rules = versions.of(day)
        rules = county.rules(rules, day)
        now = (county.world(world, rules, day), rules)
        if recorder is not None and told is not None and (now[0] is not told[0] or now[1] is not told[1]):
            recorder.in_force(*now)
        told = now
        plan = versions.planner(*now, day)
        chance.plan = plan
        return plan

    return Inputs(
        metres=places.metres,
        travel_us=places.travel_us,
        tier=places.tier,
        township=places.township,
        households=world.households.n,
        first_day=-scenario.warm_up_days,
        last_day=scenario.days,
        end_day=scenario.days + parameters.counting.drain_days,
        weekday0=scenario.start.weekday(),
        plan_of=plan_of,
        orders_of=county.midnight,
        breaks=chance.breaks,
        closed=chance.closed,
        stop_when_empty=True,
    )


class Versions:
    """World and rules by day: one version in a settled run, one for each turn of a lever otherwise."""

    def __init__(self, scenario: Scenario, world: World, settled: bool) -> None:
        self.scenario, self.world, self.settled = scenario, world, settled
        self.planner = Planner(scenario.start)
        warm = scenario.start - timedelta(days=scenario.warm_up_days)
        last = scenario.end + timedelta(days=scenario.parameters.counting.drain_days)
        self._turns = () if settled else turns(scenario.levers, warm, last, start=scenario.start)
        self._known: dict[int, tuple[World, Rules]] = {}
        self._settled: Settled | None = None
        self.capital = capital(scenario)

    def of(self, day: int) -> tuple[World, Rules]:
        """Return the version in force on a day; the same object until a lever turns."""
        date_ = self.scenario.start + timedelta(days=day)
        version = sum(turn <= date_ for turn in self._turns)
        if version not in self._known:
            rules = separate(self.scenario.parameters, self.world.operators.n)
            self._known[version] = apply(self.scenario.levers, self.world, rules, date_, start=self.scenario.start, settled=self.settled)
        return self._known[version]

    def settled_state(self) -> Settled:
        """Return what operators and hosts have decided before the run, under what is in force on its first day; computed once."""
        if self._settled is None:
            first = -self.scenario.warm_up_days
            alone = separate(self.scenario.parameters, self.world.operators.n)
            self._settled = settle(self.world, alone, *self.of(first), self.planner, first, self.capital)
        return self._settled


KEPT_DAYS = 200
"""A run of a study that is longer keeps no orders for the next scenario, so that memory does not grow with the run."""
_KEPT = 8
_settings: dict[tuple[str, bool], Versions] = {}


def _versions_of(scenario: Scenario, world: World | None, settled: bool) -> Versions:
    """Return a scenario's county, versions and plans, from memory where this process has met them."""
    key = (scenario.hash, settled)
    if key not in _settings:
        base = world if world is not None else build(scenario.county_folder, scenario.parameters, scenario.operators)
        while len(_settings) >= _KEPT:
            _settings.pop(next(iter(_settings)))
        _settings[key] = Versions(scenario, base, settled)
    return _settings[key]


class Chance:
    """Breakdowns, keyed (vehicle, day), and closures of a place's road, keyed (place, day)."""

    def __init__(self, world: World, p_breakdown: float, seed: int) -> None:
        self.p_breakdown, self.seed = p_breakdown, seed
        self.p_closed = world.places.closed_days_year / 365.0
        self.place_keys = luck.keys_of(world.places.key)
        self.plan: Plan | None = None
        self._broken: dict[str, float] = {}
        self._broken_day: int | None = None
        self._broken_plan: Plan | None = None
        self._closed: dict[int, frozenset[int]] = {}

    def breaks(self, vehicle: str, day: int) -> float | None:
        """Return where on its way a vehicle breaks down that day, as a fraction, or None."""
        if self.plan is not None and (self._broken_day != day or self._broken_plan is not self.plan):
            keys = luck.keys_of(self.plan.vehicle_key)
            hit = np.flatnonzero(luck.uniform(self.seed, "breakdown", day, keys) < self.p_breakdown)
            where = luck.uniform(self.seed, "breakdown place", day, keys[hit])
            self._broken = {self.plan.vehicle_key[i]: float(u) for i, u in zip(hit.tolist(), where, strict=True)}
            self._broken_day, self._broken_plan = day, self.plan
        return self._broken.get(vehicle)

    def closed(self, place: int, day: int) -> bool:
        """Say whether a place's road is closed that day."""
        if day not in self._closed:
            drawn = luck.uniform(self.seed, "closure", day, self.place_keys) < self.p_closed
            self._closed = {d: c for d, c in self._closed.items() if d > day - 7}
            self._closed[day] = frozenset(np.flatnonzero(drawn).tolist())
        return place in self._closed[day]


@dataclass(frozen=True)
class _Told:
    """A recorder that also lets the agents see the day and tells how far the run is."""

    recorder: RunWriter
    county: County
    scenario: Scenario
    progress: Progress | None

    def plan(self, day: int, plan: Plan) -> None:
        self.recorder.plan(day, plan)

    def record(self, record: DayRecord) -> None:
        self.recorder.record(record)
        self.county.observe(record, getattr(self.recorder.recorder.ledger, "books", None))
        self.recorder.recorder.agents(record.day, self.county.changed())
        if self.progress is not None:
            s = self.scenario
            self.progress(record.day + 1 + s.warm_up_days, s.warm_up_days + s.days + s.parameters.counting.drain_days)


def text_of(scenario: Scenario) -> str:
    """Return the resolved scenario as YAML."""
    import yaml

    return str(yaml.safe_dump(scenario.resolved(), sort_keys=False, allow_unicode=True))


def capital(scenario: Scenario) -> tuple[Capital, ...]:
    """Return what the things cost that the levers buy; what no lever prices costs what the parameters say."""
    return tuple(thing for lever in scenario.levers for thing in lever.capital())


def _manifest(scenario: Scenario, seed: int, settled: bool) -> dict[str, Any]:
    files = sorted({*scenario.files, *(p for p in scenario.county_folder.iterdir() if p.is_file())})
    changes = {change.path: (change.old, change.new) for change in scenario.changes}
    said = describe(text_of(scenario), seed, files, changes, settled=settled)
    return said | {"scenario": scenario.name, "scenario_hash": scenario.hash}
