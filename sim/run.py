"""The composition root: one function wires world, rules, luck, clock, agents, flow and ledger into a run."""

from __future__ import annotations

import contextlib
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import luck
from sim.agents.alliances import Alliances, Calendar, Members, settle_membership
from sim.agents.county import County
from sim.agents.farm_memory import Memory
from sim.agents.review import Decision
from sim.agents.settle import Settled, settle
from sim.flow.flow import Flow, simulate
from sim.flow.inputs import Inputs
from sim.flow.resume import Resumed
from sim.ledger import Capital
from sim.ledger.treasury import Treasury
from sim.levers import JointDistribution, apply, turns
from sim.metrics.look import Of, When
from sim.metrics.recorder import MetricsRecorder
from sim.plan.make import Planner
from sim.plan.plan import Plan
from sim.rules import Rules, separate
from sim.schema.raw import DayRecord
from sim.sharing.coalitions import Coalitions, Rows
from sim.sharing.terms import Terms
from sim.spot import refuse_foreign
from sim.start import Parts, given, read, taken, written
from sim.store import StoredRun, open_run
from sim.store.manifest import describe
from sim.store.starts import Before, Start, Starts, key_before, key_of
from sim.store.writer import RunWriter
from sim.text import Words
from sim.world.build import build
from sim.world.season import season
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

    def __repr__(self) -> str:
        told = self.manifest
        return f"<Run of {told['scenario']}, seed {told['seed']}, {told['start']} on; in {self.stored.folder}>"

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the run; units are in ``.attrs["units"]``."""
        return self.stored.table(name)

    def metric(self, name: str, window: When = None, group: Of = None) -> Any:
        """Return a metric over the days that count or between two dates: a float, or with ``group="carrier"`` a Series by its values."""
        return self.stored.metric(name, window, group)

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


@contextlib.contextmanager
def _frozen() -> Iterator[None]:
    """Spare the collector of cycles what was there before: with the libraries loaded it would go through it again and again.

    What the run made goes at its end: many runs in a process would otherwise hold their parcels for long.
    """
    own = gc.get_freeze_count() == 0
    if own:
        gc.freeze()
    try:
        yield
    finally:
        if own:
            gc.collect()
            gc.unfreeze()


@_frozen()
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
    starts: Path | None = None,
    before: Path | None = None,
) -> Run:
    """Run one replication of a scenario and leave its tables in ``out`` (or in a temporary folder).

    ``settled``: levers are in force from before the warm-up, whatever their dates; otherwise from their dates. ``window``: first and
    last date that count, the whole run unless given. ``world``: the county before the levers, where it was built already. ``starts``: a
    folder of start states, from which the run begins if there is one of its own, and into which it puts one otherwise. ``before``: a
    folder for what all runs of the scenario have in common before their first day, used likewise.
    """
    began = time.monotonic()
    keep = tempfile.TemporaryDirectory(prefix="guantong-") if out is None else None
    folder = Path(keep.name) / scenario.name if keep else Path(out)  # type: ignore[arg-type]
    refuse_foreign(folder)
    versions = versions_of(scenario, world, settled, before)
    counted = (0, scenario.days) if window is None else tuple((d - scenario.start).days + i for i, d in enumerate(window))
    key, known = "", None
    if starts is not None and scenario.warm_up_days and counted[0] >= 0:
        key = key_of(scenario, seed, settled, sample)
        known = Starts(starts).find(key)
        if known is not None:
            versions.remember(known)
    base = versions.world
    begin = versions.settled_state()
    first = (begin.world, versions.of(-scenario.warm_up_days)[1])
    recorder = MetricsRecorder(
        *first,
        scenario.start,
        scenario.days,
        (counted[0], counted[1]),
        seed=seed,
        capital=capital(scenario),
        transition=not settled,
        programmes=scenario.programmes,
    )
    writer = RunWriter(folder, versions.text, _manifest(scenario, versions.text, seed, settled, base.attribution), recorder, sample, base)
    county = County(
        base,
        scenario.parameters,
        seed,
        scenario.start,
        keep=keep is None and scenario.days <= KEPT_DAYS,
        begin=begin,
        remembered=versions.remembered(),
        plans=versions.planner,
        first_day=-scenario.warm_up_days,
        last_day=scenario.days,
        sample=sample,
        capital=versions.capital,
        diary=writer,
    )
    days = Days(scenario, base, seed, county, versions, writer)
    told = _Told(writer, county, scenario, progress)
    try:
        whole = inputs(scenario, base, seed, county, versions, days)
        if known is not None:
            _resume(known, whole, days, told)
        elif starts is not None and key:
            _leaving(Starts(starts), key, whole, days, told)
        else:
            simulate(whole, told)
        writer.finish(**county.told())
    except BaseException:
        writer.abandon()
        raise
    finally:
        county.close()
    return Run(open_run(folder), time.monotonic() - began, keep)


def _resume(known: Start, whole: Inputs, days: Days, told: _Told) -> None:
    """Simulate from a start state."""
    days.alliances.members, days.alliances.notices = known.members, known.notices
    left, days.told = given(known, days.parts(), 0)
    days.chance.plan = left.plan
    Resumed(replace(whole, first_day=0), told, left).run()


def _leaving(starts: Starts, key: str, whole: Inputs, days: Days, told: _Told) -> None:
    """Simulate, and leave a start state on the way where nothing is under way at that midnight."""
    flow = Flow(whole, told)

    def midnight(day: int) -> None:
        if day == 0 and (made := taken(flow, days.parts(), day, days.versions.membership())) is not None:
            starts.keep(key, made)

    told.midnight = midnight
    flow.run()


class Days:
    """What a run decides day by day: the alliances, the luck of roads and vehicles, and the plan that follows."""

    def __init__(
        self, scenario: Scenario, world: World, seed: int, county: County, versions: Versions, writer: RunWriter | None = None
    ) -> None:
        self.world, self.county, self.versions, self.writer = world, county, versions, writer
        self.chance = Chance(world, scenario.parameters.fleet.p_breakdown, seed)
        self.alliances = _alliances(scenario, versions, writer)
        self.told: tuple[World, Rules] | None = None
        """World and rules of the plan made last."""

    def plan_of(self, day: int) -> Plan:
        """Return the plan of a day, and tell the writer of a world or rules that are new."""
        world, rules = self.versions.of(day, self.alliances.morning(day))
        now = (self.county.world(world, rules, day), rules)
        if self.writer is not None and self.told is not None and (now[0] is not self.told[0] or now[1] is not self.told[1]):
            self.writer.in_force(*now)
        self.told = now
        plan = self.versions.planner(*now, day)
        self.chance.plan = plan
        return plan

    def parts(self) -> Parts:
        """Return what a start state is taken from or given to."""
        assert self.writer is not None
        day = -1
        world, rules = self.versions.of(day, self.alliances.in_force(day))
        worlds = {"levers": world, "rules": rules, "settled": self.versions.settled_state()}
        return Parts(
            self.county, self.alliances, self.writer, self.versions.planner, self.versions.first(), worlds, self.told or (world, rules)
        )


def inputs(scenario: Scenario, world: World, seed: int, county: County, versions: Versions, days: Days | None = None) -> Inputs:
    """Return what the flow needs for one run."""
    parameters, places = scenario.parameters, world.places
    if days is None:
        days = Days(scenario, world, seed, county, versions)
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
        plan_of=days.plan_of,
        orders_of=county.midnight,
        breaks=days.chance.breaks,
        closed=days.chance.closed,
        stop_when_empty=True,
        shipments_of=county.sends,
    )


def _alliances(scenario: Scenario, versions: Versions, writer: RunWriter | None) -> Alliances:
    """Return the alliances of a run as they stand before it; the writer's ledger settles by what they agree."""
    begin, made = versions.membership()
    alliances = Alliances(
        versions.terms,
        versions.coalitions,
        versions.world.operators.key,
        calendar=Calendar(scenario.start, -scenario.warm_up_days, scenario.days, scenario.parameters.decisions.review_every_days),
        members=dict(begin),
        reviews=scenario.parameters.decisions.operators,
        diary=writer,
    )
    if writer is not None:
        writer.decisions(made)
        writer.recorder.ledger.shares = alliances.shares
    return alliances


class Versions:
    """World and rules by day: one version in a settled run, one for each turn of a lever otherwise."""

    def __init__(self, scenario: Scenario, world: World, settled: bool) -> None:
        self.scenario, self.world, self.settled = scenario, world, settled
        self.planner = Planner(scenario.start)
        warm = scenario.start - timedelta(days=scenario.warm_up_days)
        last = scenario.end + timedelta(days=scenario.parameters.counting.drain_days)
        self._turns = () if settled else turns(scenario.levers, warm, last, start=scenario.start)
        self._known: dict[tuple[int, Members], tuple[World, Rules]] = {}
        self._coalitions: dict[tuple[str, int, Members], Coalitions] = {}
        self._membership: tuple[Members, tuple[Decision, ...]] | None = None
        self._settled: Settled | None = None
        self._remembered: Memory | None = None
        self.capital = capital(scenario)
        self.text = text_of(scenario)

    def of(self, day: int, members: Members | None = None) -> tuple[World, Rules]:
        """Return the version in force on a day; the same object until a lever turns or members of an alliance change.

        Without ``members`` alliances are as they stand before the run.
        """
        key = (self._version(day), self.membership()[0] if members is None else members)
        if key not in self._known:
            self._known[key] = self._with(day, key[1])
        return self._known[key]

    def _version(self, day: int) -> int:
        return sum(turn <= self.scenario.start + timedelta(days=day) for turn in self._turns)

    def _with(self, day: int, members: Members) -> tuple[World, Rules]:
        keys, inside = self.world.operators.key, dict(members)
        levers = [
            lever.among(tuple(keys[row] for row in inside[lever.id]))
            if isinstance(lever, JointDistribution) and lever.id in inside
            else lever
            for lever in self.scenario.levers
        ]
        rules = separate(self.scenario.parameters, self.world.operators.n)
        start = self.scenario.start
        return apply(levers, self.world, rules, start + timedelta(days=day), start=start, settled=self.settled)

    def terms(self, day: int) -> tuple[Terms, ...]:
        """Return the terms of the alliances that levers have in force on a day."""
        today, start = self.scenario.start + timedelta(days=day), self.scenario.start
        strength = [(x, 1.0 if self.settled else x.active(today, start)) for x in self.scenario.levers if isinstance(x, JointDistribution)]
        return tuple(lever.terms(self.world, s) for lever, s in strength if s > 0 and lever.cells)

    def coalitions(self, alliance: str, day: int, members: Members) -> Coalitions:
        """Return the coalitions of one alliance on a day, with other alliances' members as they are."""
        others = tuple((name, rows) for name, rows in members if name != alliance)
        key = (alliance, self._version(day), others)
        if key not in self._coalitions:
            version = lambda rows: self._with(day, (*others, (alliance, rows)))  # noqa: E731
            self._coalitions[key] = Coalitions(alliance, version, self.scenario.start, self.capital)
        return self._coalitions[key]

    def membership(self) -> tuple[Members, tuple[Decision, ...]]:
        """Return the members of alliances before a run and how they came to be: reviewed until nobody changes in a settled run, all
        who are meant to be in otherwise."""
        if self._membership is None:
            day, d, members, made = -self.scenario.warm_up_days, self.scenario.parameters.decisions, dict[str, Rows](), list[Decision]()
            for terms in self.terms(day) if self.settled and d.operators else ():
                if terms.voluntary:
                    coalitions = self.coalitions(terms.id, day, tuple(sorted(members.items())))
                    members[terms.id], own, _ = settle_membership(terms, coalitions, self.world.operators.key, day, d.settle_rounds)
                    made += own
            self._membership = tuple(sorted(members.items())), tuple(made)
        return self._membership

    def settled_state(self) -> Settled:
        """Return what operators and hosts have decided before the run, under what is in force on its first day; computed once."""
        if self._settled is None:
            first = -self.scenario.warm_up_days
            alone = separate(self.scenario.parameters, self.world.operators.n)
            books = Treasury(self.scenario.programmes, self.scenario.start)
            self._settled = settle(self.world, alone, *self.of(first), self.planner, first, self.capital, books)
        return self._settled

    def first(self) -> dict[str, object]:
        """Return the county as found, and world and rules of the first day."""
        world, rules = self.of(-self.scenario.warm_up_days)
        return {"found": self.world, "first levers": world, "first rules": rules}

    def remember(self, start: Start) -> None:
        """Take what was settled before the run from a start state, where it is not known yet."""
        if self._settled is None:
            self._membership = start.membership
            self._settled = read(start.settled, self.first())

    def begin(self, folder: Path) -> None:
        """Know what comes before the first day: from a folder where a run of the same scenario left it, else worked out and left there."""
        if self._settled is not None:
            return
        kept, key, first = Starts(folder), key_before(self.scenario, self.settled), -self.scenario.warm_up_days
        known = kept.find(key)
        if known is not None:
            self._membership = known.membership
            self._settled, self._remembered = read(known.rest, self.first())
            self.planner.know(self._settled.world, self.of(first)[1], first, known.plan)
            return
        settled, remembered = self.settled_state(), self.remembered()
        plan = self.planner(settled.world, self.of(first)[1], first)
        kept.keep(key, Before(self.membership(), written((settled, remembered), self.first()), plan))

    def remembered(self) -> Memory | None:
        """Return what farms remember of the season before the run, None where they begin without; computed once."""
        if self.world.fields is None or not self.scenario.parameters.produce.learning.season_before:
            return None
        if self._remembered is None:
            self._remembered = season_before(self.scenario, self)
        return self._remembered


BEFORE = 2**31 - 1
"""The seed of the season before: one for all replications, and none of theirs."""


def season_before(scenario: Scenario, versions: Versions) -> Memory:
    """Run the same days a year earlier, under what is in force on the first day, and return what farms then remember.

    Weather, harvests and orders are that year's; shoppers, operators and hosts stay as they settled.
    """
    first, start = -scenario.warm_up_days, _year_earlier(scenario.start)
    still = scenario.parameters.decisions.model_copy(update={"shoppers": False, "operators": False, "hosts": False})
    parameters = scenario.parameters.model_copy(update={"decisions": still})
    begin = versions.settled_state()
    county = County(versions.world, parameters, BEFORE, start, begin=begin, first_day=first, last_day=scenario.days, sample=0.0)
    try:
        whole = inputs(scenario, versions.world, BEFORE, county, versions, _LastYear(scenario, county, versions, start))
        simulate(replace(whole, weekday0=start.weekday()), _Season(county))
    finally:
        county.close()
    assert county.farming is not None
    return county.farming.memory


class _LastYear(Days):
    """The days of the season before: always under what is in force on the run's first day."""

    def __init__(self, scenario: Scenario, county: County, versions: Versions, start: date) -> None:
        self.county, self.planner = county, versions.planner.begun(start)
        self.in_force = (versions.settled_state().levers, versions.of(-scenario.warm_up_days)[1])
        self.chance = Chance(versions.world, scenario.parameters.fleet.p_breakdown, BEFORE)

    def plan_of(self, day: int) -> Plan:
        """Return the plan of a day."""
        world, rules = self.in_force
        self.chance.plan = self.planner(self.county.world(world, rules, day), rules, day)
        return self.chance.plan


def _year_earlier(start: date) -> date:
    return start.replace(year=start.year - 1, day=28 if (start.month, start.day) == (2, 29) else start.day)


@dataclass(frozen=True)
class _Season:
    """A recorder that only lets the farms see the day."""

    county: County

    def plan(self, day: int, plan: Plan) -> None:
        pass

    def record(self, record: DayRecord) -> None:
        self.county.evening(record)


KEPT_DAYS = 200
"""A run of a study that is longer keeps no orders for the next scenario, so that memory does not grow with the run."""
_KEPT = 8
_settings: dict[tuple[str, bool], Versions] = {}


def versions_of(scenario: Scenario, world: World | None, settled: bool, before: Path | None = None) -> Versions:
    """Return a scenario's county, versions and plans, from memory where this process has met them.

    ``before``: a folder for what comes before the first day, see ``run``.
    """
    key = (scenario.hash, settled)
    if key not in _settings:
        base = world if world is not None else build(scenario.county_folder, scenario.parameters, scenario.operators)
        while len(_settings) >= _KEPT:
            _settings.pop(next(iter(_settings)))
        _settings[key] = Versions(scenario, base, settled)
    if before is not None:
        _settings[key].begin(before)
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
        self._vehicle_keys = luck.keys_of([])
        self._closed: dict[int, frozenset[int]] = {}

    def breaks(self, vehicle: str, day: int) -> float | None:
        """Return where on its way a vehicle breaks down that day, as a fraction, or None."""
        if self.plan is not None and (self._broken_day != day or self._broken_plan is not self.plan):
            if self._broken_plan is not self.plan:
                self._vehicle_keys = luck.keys_of(self.plan.vehicle_key)
            keys = self._vehicle_keys
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


@dataclass
class _Told:
    """A recorder that also lets the agents see the day and tells how far the run is; ``midnight`` hears which day begins."""

    recorder: RunWriter
    county: County
    scenario: Scenario
    progress: Progress | None
    midnight: Callable[[int], None] = lambda day: None

    def plan(self, day: int, plan: Plan) -> None:
        self.recorder.plan(day, plan)

    def record(self, record: DayRecord) -> None:
        record = self.county.evening(record)
        self.recorder.record(record)
        self.county.observe(record, self.recorder.recorder.ledger.books)
        self.recorder.recorder.agents(record.day, self.county.changed)
        _gain(self.recorder.recorder, self.county, record.day)
        self.midnight(record.day + 1)
        if self.progress is not None:
            s = self.scenario
            self.progress(record.day + 1 + s.warm_up_days, s.warm_up_days + s.days + s.parameters.counting.drain_days)


def _gain(recorder: MetricsRecorder, county: County, day: int) -> None:
    """Have what households gained on a day counted, by what they remember after it; nothing where they answer to nothing."""
    if county.answers and recorder.window.month(day) >= 0:
        parameters = county.parameters
        at = season(day, county.start, parameters.demand)
        recorder.surplus.record(
            day, county.daily_rate, at, county.touched, county.memory.cost, county.reference, county.factor, parameters.decisions
        )


def text_of(scenario: Scenario) -> str:
    """Return the resolved scenario as YAML."""
    import yaml

    quick = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(scenario.resolved(), Dumper=quick, sort_keys=False, allow_unicode=True))


def capital(scenario: Scenario) -> tuple[Capital, ...]:
    """Return what the things cost that the levers buy; what no lever prices costs what the parameters say."""
    return tuple(thing for lever in scenario.levers for thing in lever.capital())


def _manifest(scenario: Scenario, text: str, seed: int, settled: bool, attribution: Words) -> dict[str, Any]:
    files = sorted({*scenario.files, *(p for p in scenario.county_folder.iterdir() if p.is_file())})
    changes = {change.path: (change.old, change.new) for change in scenario.changes}
    said = describe(text, seed, files, changes, settled=settled, attribution=asdict(attribution))
    return said | {"scenario": scenario.name, "scenario_hash": scenario.hash}
