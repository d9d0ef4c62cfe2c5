"""The writer of a run folder: a recorder that leaves the tables behind, whole or not at all."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.ledger import Postings
from sim.ledger.fines import fines
from sim.ledger.price import Price
from sim.metrics.complaint import complained
from sim.metrics.recorder import MetricsRecorder
from sim.plan.plan import Plan
from sim.rules import Rules
from sim.schema.raw import EVENT, DayRecord, FarmDay
from sim.schema.rows import picked, together
from sim.schema.tables import ALLOCATIONS, ASSETS, DECISIONS, GRANTS, PATHS, PLACES, PRICES, SERVICES, SITES, TABLES
from sim.store.arrow import from_rows
from sim.store.households import household_table
from sim.store.kernel import rows_of
from sim.store.lots import lot_table, stage_table
from sim.store.metrics import metrics_table
from sim.store.money import money_table
from sim.store.movement import event_table, shift_table, stop_table, trip_table, vehicle_names
from sim.store.parcels import leg_table, parcel_table, visit_table
from sim.store.sheet import ROWS, Sheet
from sim.store.span import Spans
from sim.store.standing import Made, State, path_rows, place_rows, plan_sites, planned_paths, served, services, station_sites
from sim.store.stock import Stock, cold_table
from sim.units import DAY
from sim.world.world import Bools, Int8s, Ints, Stations, World

DAYS = 30
"""Days of trips, stops, shifts and events that are held; the ledger remembers the plans of more."""


class RunWriter:
    """Writes what a run leaves behind into ``folder``, which has its name only when it is complete.

    ``recorder`` counts metrics and money on the way; ``sample`` is the share of households (whole ones, by key)
    whose parcels, legs and visits are written, 1.0 for all; ``found`` is the county before levers. Until ``finish``
    everything is in ``.<name>.partial`` beside it.
    """

    def __init__(
        self,
        folder: Path,
        scenario: str,
        manifest: dict[str, Any],
        recorder: MetricsRecorder,
        sample: float = 1.0,
        found: World | None = None,
    ) -> None:
        self.folder, self.recorder, self.sample = Path(folder), recorder, sample
        self._began = time.monotonic()
        self._manifest = manifest
        self._temporary = self.folder.with_name(f".{self.folder.name}.partial")
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True)
        (self._temporary / "scenario.yaml").write_text(scenario, encoding="utf-8")
        self._sheets: dict[str, Sheet] = {}
        try:
            for name, table in TABLES.items():
                self._sheets[name] = Sheet(self._temporary, table)
        except OSError:
            self.abandon()
            raise
        keys = recorder.world.households.key
        self._sampled: Bools = luck.sampled(keys, sample)
        farms = recorder.world.fields.farms.key if recorder.world.fields is not None else np.empty(0, np.uint64)
        self._farms: Bools = luck.sampled(farms, sample)
        self._parcels: list[npt.NDArray[Any]] = []
        self._complaints: list[tuple[Bools, Ints]] = []
        self._money: list[Postings] = []
        self._postings = 0
        """How many of them are held."""
        self._lots: list[npt.NDArray[Any]] = []
        self._stages: list[npt.NDArray[Any]] = []
        self._movement: list[DayRecord] = []
        self._open_events: npt.NDArray[Any] = np.empty(0, EVENT)
        """Events of trips that are not over yet."""
        self._services, self._assets, self._sites = Spans(), Spans(), Spans()
        self._found: Int8s = (found or recorder.world).operators.mode
        self._made: Made = {}
        self._told: tuple[bytes, bytes] | None = None
        """Modes and days a week of the services that were told last; nothing where agents have decided since then."""
        self._stations: Stations | None = None
        self._stand: State = {}
        """The stations that were told last, and their sites."""
        self._paths: set[tuple[int, int]] = set()
        self._stock = Stock(recorder.world)
        self._prices: list[tuple[int, dict[str, Price]]] = []
        self._plan: Plan | None = None
        self._last_day = 0

    def in_force(self, world: World, rules: Rules) -> None:
        """Take a dated version of world and rules; call it before the plan that follows from it.

        Another expectation of what is sent up is told by the plan alone; only a run that counts the cost of changes looks at it.
        """
        if rules is self.recorder.rules and not self.recorder.ledger.transition and self.recorder.world.as_expected(world):
            return
        self._write_movement()
        self._write_parcels()
        self.recorder.in_force(world, rules)

    def plan(self, day: int, plan: Plan) -> None:
        """Note that ``plan`` is in force from ``day``'s plan time."""
        self.recorder.plan(day, plan)
        self._plan = plan
        world, ledger = self.recorder.world, self.recorder.ledger
        self._stock.in_force(day, world)
        mode, week = served(world, plan)
        told = (mode.tobytes(), week.tobytes())
        if told != self._told:
            self._services.update(day, services(world, mode, week, self._found, self._made))
            self._told = told
        self._assets.update(day, ledger.owned)
        if world.stations is not self._stations:
            self._stations, self._stand = world.stations, station_sites(world)
        self._sites.update(day, plan_sites(world, self.recorder.rules, plan) | self._stand)
        self._paths |= planned_paths(plan)
        if not self._prices or self._prices[-1][1] != ledger.price:
            self._prices.append((day, ledger.price))

    def record(self, record: DayRecord) -> None:
        """Take one day."""
        assert self._plan is not None
        self.recorder.record(record)
        self._last_day = record.day
        if self.recorder.postings is not None:
            self._money.append(self.recorder.postings)
            self._postings += len(self.recorder.postings.key)
        if self._postings >= ROWS:
            self._write_money()
        self._take_parcels(record)
        if record.farms is not None:
            self._take_lots(record.farms)
            cold = cold_table(self.recorder.world, record.day, record.farms.cold_g, record.farms.cold_room_g)
            if cold is not None:
                self._sheets["stock"].write(cold)
        self._stock.record(record.parcels, record.day)
        settled = self._stock.settled(self.recorder.world)
        if settled is not None:
            self._sheets["stock"].write(settled)
        self._movement.append(record)
        if len(self._movement) >= DAYS or sum(len(r.stops) for r in self._movement) >= ROWS:
            self._write_movement()

    def decisions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take decisions of agents."""
        if not rows:
            return
        for _, agent, _, what, _, now, _, reason in rows:
            if what.startswith("service:"):
                self._made[agent, what.removeprefix("service:")] = now, reason
                self._told = None
        self._sheets["decisions"].write(from_rows(DECISIONS, rows))

    def allocations(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take what the members of alliances bear in a month."""
        self._sheets["allocations"].write(from_rows(ALLOCATIONS, rows))

    def agents(self, kind: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take the states of the agents of a kind."""
        self._sheets[f"agents_{kind}"].write(from_rows(TABLES[f"agents_{kind}"], rows))

    def _write_movement(self) -> None:
        """Write trips, stops, shifts and events; called before world or rules change, since these name what they hold (plans do, too: the
        ledger remembers those)."""
        days, self._movement = self._movement, []
        if days and self._plan is not None:
            world, rules, ledger = self.recorder.world, self.recorder.rules, self.recorder.ledger
            trips, stops = together([d.trips for d in days]), together([d.stops for d in days])
            shifts, events = together([d.shifts for d in days]), together([d.events for d in days])
            self._sheets["trips"].write(trip_table(world, rules, ledger.plan_of, trips))
            self._sheets["stops"].write(stop_table(world, stops))
            self._sheets["shifts"].write(shift_table(world, ledger.price, shifts))
            vehicles = vehicle_names(ledger.plan_of, trips)
            events = together([self._open_events, events])
            later = (events["trip"] >= 0) & ~np.isin(events["trip"], trips["trip"])
            self._open_events = events[later]
            self._sheets["events"].write(event_table(world, vehicles, events[~later]))

    def _take_parcels(self, record: DayRecord) -> None:
        own = record.parcels
        if self.sample < 1:
            own = own.take(rows_of(np.ascontiguousarray(own), self._sampled, self._farms))
        if not len(own):
            return
        p = self.recorder.rules.parameters.counting.p_complaint_when_late
        self._parcels.append(own)
        seed, ledger = self.recorder.seed, self.recorder.ledger
        owed = fines(ledger.world, ledger.rules, own, seed) * ledger.price["fine"].amount // 1000
        self._complaints.append((complained(own, (record.day + 1) * DAY, seed, p), owed))
        if sum(map(len, self._parcels)) >= ROWS:
            self._write_parcels()

    def _write_parcels(self) -> None:
        if self._parcels:
            world, rows = self.recorder.world, together(self._parcels)
            self._sheets["parcels"].write(
                parcel_table(world, rows, *(np.concatenate(part) for part in zip(*self._complaints, strict=True)))
            )
            self._sheets["legs"].write(leg_table(world, rows))
            self._sheets["visits"].write(visit_table(world, self.recorder.rules, rows))
        self._parcels, self._complaints = [], []

    def _take_lots(self, day: FarmDay) -> None:
        self._lots.append(picked(day.lots, self._farms[day.lots["farm"]]))
        self._stages.append(picked(day.stages, self._farms[day.stages["farm"]]))
        self._write_lots(ROWS)

    def _write_lots(self, least: int = 0) -> None:
        world = self.recorder.world
        if self._lots and sum(map(len, self._lots)) >= least:
            self._sheets["lots"].write(lot_table(world, together(self._lots)))
            self._lots = []
        if self._stages and sum(map(len, self._stages)) >= least:
            self._sheets["lot_stages"].write(stage_table(world, together(self._stages)))
            self._stages = []

    def _write_money(self) -> None:
        if self._money:
            self._sheets["money"].write(money_table(self.recorder.ledger.book.keys, self._money))
        self._money, self._postings = [], 0

    def finish(self, outcome: str = "done", **more: Any) -> Path:
        """Write what is left, give the folder its name and return it; ``more`` goes into the manifest."""
        self._write_movement()
        self._write_parcels()
        self._write_lots()
        self._write_money()
        self._sheets["events"].write(event_table(self.recorder.world, {}, self._open_events))
        self._write_standing()
        self._sheets["metrics"].write(metrics_table(self.recorder.metrics()))
        for sheet in self._sheets.values():
            sheet.close()
        tables = {name: sheet.rows for name, sheet in self._sheets.items()}
        window = {"first_day": self.recorder.window.first, "last_day": self.recorder.window.last - 1}
        facts = {
            "start": self.recorder.start.isoformat(),
            "days": self.recorder.days,
            "window": window,
            "sample": self.sample,
            "tables": tables,
        }
        manifest = self._manifest | facts | {"outcome": outcome, "wall_seconds": round(time.monotonic() - self._began, 3)} | more
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str)
        (self._temporary / "manifest.json").write_text(text, encoding="utf-8")
        return self._name()

    def _write_standing(self) -> None:
        world, last = self.recorder.world, self._last_day
        write = self._sheets
        rows = self._services.rows()
        write["services"].write(
            from_rows(SERVICES, [(since, last if end is None else end - 1, *thing, *value) for thing, since, end, value in rows])
        )
        priced = [(what, p.unit, day, p.amount, p.source) for day, prices in self._prices for what, p in prices.items()]
        write["prices"].write(from_rows(PRICES, priced))
        write["assets"].write(from_rows(ASSETS, self._owned()))
        write["grants"].write(from_rows(GRANTS, self.recorder.ledger.grants.table()))
        open_sites = [
            (s, p, k, o, v, since, end, m2, shelf, doors) for (s, p), since, end, (k, o, v, m2, shelf, doors) in self._sites.rows()
        ]
        write["sites"].write(from_rows(SITES, open_sites))
        write["places"].write(from_rows(PLACES, place_rows(world)))
        write["paths"].write(from_rows(PATHS, path_rows(world, self._paths)))
        write["stock"].write(self._stock.rest(world))
        write["households"].write(household_table(world, self.recorder.surplus, self._sampled))

    def _owned(self) -> list[tuple[Any, ...]]:
        """Return the rows of ``assets``."""
        rows = self._assets.rows()
        begin = min((since for _, since, _, _ in rows), default=0)
        bought: dict[str, int] = {}
        for asset, since, _, _ in rows:
            bought.setdefault(asset, since)
        paid: dict[str, list[tuple[int, int]]] = {}
        for one in self.recorder.ledger.grants.rows:
            if one.paid_day is not None:
                paid.setdefault(one.asset, []).append((one.paid_day, one.paid_fen))
        out, granted = [], dict[tuple[str, str], int]()
        for a, since, end, (k, o, p, v, c, y, s) in rows:
            # what a lever brought keeps its grant through a change of size or owner, and while it is out of use
            now = sum(fen for day, fen in paid.get(a, ()) if since <= day and (end is None or day < end))
            granted[a, v] = granted.get((a, v), 0) + now
            out.append((a, k, o, p, v, since, end, c, y, s, bought[a] if bought[a] > begin else None, granted[a, v]))
        return out

    def _name(self) -> Path:
        old = self.folder.with_name(f".{self.folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(old)
        self._temporary.rename(self.folder)
        shutil.rmtree(old, ignore_errors=True)
        return self.folder

    def abandon(self) -> None:
        """Let go of the files and leave the temporary folder as it is."""
        for sheet in self._sheets.values():
            sheet.abandon()
