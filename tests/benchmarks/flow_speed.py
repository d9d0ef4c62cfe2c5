"""Measure the flow, the whole product and the plain reference in one go (not a test; pytest does not collect it).

    python -m tests.benchmarks.flow_speed [--quick] [--year] [--write docs/speed.md]

Each figure comes from a process of its own, which first runs once to compile, to plan and to load, and then measures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

VOLUMES, DAYS, YEAR = (5_000, 20_000, 80_000), 30, 365
REFERENCE_VOLUME, REFERENCE_DAYS, REFERENCE_END = 5_000, 2, 14
AIM = 20_000
MEMORY = "## Memory over a long run"
"""Section of the page that ``tests.benchmarks.memory`` writes."""

Measured = dict[str, Any]


class Nobody:
    """A recorder that counts and keeps nothing."""

    def __init__(self) -> None:
        self.created = 0

    def plan(self, day: int, plan: Any) -> None:
        """Take note of nothing."""

    def record(self, record: Any) -> None:
        """Count what was ordered."""
        self.created += record.created


def prepared(folder: Path, per_day: int, days: int, pooled: bool, seed: int) -> Any:
    """Return the flow's inputs with all orders drawn and the plan made."""
    from sim.agents.county import County
    from sim.run import Versions, inputs
    from sim.world.build import build
    from tests.benchmarks.county import scenario

    chosen = scenario(folder, per_day, days, pooled)
    world = build(chosen.county_folder, chosen.parameters)
    agents = County(world, chosen.parameters, seed, chosen.start)
    whole = inputs(chosen, world, seed, agents, Versions(chosen, world, settled=True))
    orders = {day: agents.midnight(day) for day in range(days)}
    plans = {day: whole.plan_of(day) for day in range(whole.end_day)}
    told = whole.plan_of

    def plan_of(day: int) -> Any:
        told(day)
        return plans[day]

    return replace(whole, orders_of=orders.__getitem__, plan_of=plan_of)


def clock() -> float:
    """Return seconds of the processor: others on the machine do not count."""
    return time.process_time()


def measure_reference(folder: Path, pooled: bool) -> Measured:
    """Run one SimPy process per parcel, without the tests' count of what was bound; the flow must give the same stamps."""
    from sim.plan.orders import no_orders
    from tests.benchmarks.plain import Plain
    from tests.reference.case import Case
    from tests.reference.flowside import differences

    given = prepared(folder, REFERENCE_VOLUME, REFERENCE_DAYS, pooled, 1)
    names = [name for name in Case.__dataclass_fields__ if name != "name"]
    case = replace(Case(**{name: getattr(given, name) for name in names}), end_day=REFERENCE_END)
    case = replace(case, orders_of=lambda day: given.orders_of(day) if day < REFERENCE_DAYS else no_orders())
    county = Plain(case)
    began = clock()
    result = county.run()
    seconds = clock() - began
    wrong = differences(case, result)
    assert not wrong, "\n".join(wrong)
    return {"parcels": len(result.parcels), "seconds": seconds, "events": next(county.env._eid)}


def measure_flow(folder: Path, per_day: int, days: int, pooled: bool) -> Measured:
    """Run the flow alone twice and measure the second run: orders drawn and plan made before, nothing recorded."""
    from sim.flow.flow import simulate

    took = []
    for seed in (1, 2):
        given = prepared(folder, per_day, days, pooled, seed)
        nobody = Nobody()
        began = clock()
        simulate(given, nobody)
        took.append(clock() - began)
    return {"parcels": nobody.created, "seconds": took[1], "first": took[0]}


def measure_product(folder: Path, per_day: int, days: int, pooled: bool, sample: float) -> Measured:
    """Run the whole product twice and measure the second run; the first one also plans and compiles."""
    from sim.run import run
    from tests.benchmarks.county import scenario

    chosen = scenario(folder, per_day, days, pooled)
    took = []
    for seed in (1, 2):
        began = clock()
        made = run(chosen, seed, sample=sample)
        took.append(clock() - began)
    peak = peak_mb()
    written = sum(path.stat().st_size for path in made.folder.iterdir())
    return {"parcels": ordered(chosen, 2), "seconds": took[1], "first": took[0], "bytes": written, "peak_mb": peak}


def peak_mb() -> float:
    """Return the most memory this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ordered(chosen: Any, seed: int) -> int:
    """Return how many parcels a run is ordered."""
    from sim.agents.county import County
    from sim.world.build import build

    agents = County(build(chosen.county_folder, chosen.parameters), chosen.parameters, seed, chosen.start)
    return sum(agents.midnight(day).n for day in range(chosen.days))


def child(task: dict[str, Any]) -> None:
    """Do one measurement and print it with the peak memory of this process."""
    what = {"reference": measure_reference, "flow": measure_flow, "product": measure_product}[task.pop("what")]
    folder = Path(task.pop("folder"))
    found: Measured = what(folder, **task)  # type: ignore[operator]
    print(json.dumps({"peak_mb": peak_mb()} | found))


def measured(**task: Any) -> Measured:
    """Do one measurement in a process of its own."""
    from sim.batch import WORKER

    command = [sys.executable, "-m", "tests.benchmarks.flow_speed", "--child", json.dumps(task)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **WORKER})
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    print({name: value for name, value in task.items() if name != "folder"}, {n: round(v, 2) for n, v in found.items()}, file=sys.stderr)
    return found


def rate(found: Measured) -> float:
    """Return parcels a second."""
    return float(found["parcels"]) / float(found["seconds"])


def rows_of(folder: Path, volumes: tuple[int, ...], days: int) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of the two tables: the reference, and everything by volume and way of working."""
    reference, rows = [], []
    for pooled in (False, True):
        way = "pooled" if pooled else "separate"
        plain = measured(what="reference", folder=str(folder), pooled=pooled)
        base = rate(plain)
        reference.append(
            [way, f"{plain['parcels']:,.0f}", f"{plain['seconds']:.2f}", f"{base:,.0f}", f"{plain['events'] / plain['parcels']:.1f}"]
        )
        for per_day in volumes:
            task = {"folder": str(folder), "per_day": per_day, "days": days, "pooled": pooled}
            parts = [
                ("flow alone", measured(what="flow", **task)),
                ("whole product, sample 1%", measured(what="product", sample=0.01, **task)),
                ("whole product, full tables", measured(what="product", sample=1.0, **task)),
            ]
            for name, found in parts:
                year = found["seconds"] * YEAR / days
                rows.append(
                    [way, f"{per_day:,}", name, f"{found['seconds']:.2f}", f"{rate(found):,.0f}", f"{rate(found) / base:.0f} x",
                     f"{1e6 / rate(found):.2f}", f"{found['peak_mb']:.0f}", f"{year:.1f}"]
                )  # fmt: skip
    return reference, rows


def year_rows(folder: Path) -> list[list[str]]:
    """Return the measured county-year at the volume of the aim."""
    rows = []
    for pooled in (False, True):
        found = measured(what="product", folder=str(folder), per_day=AIM, days=YEAR, pooled=pooled, sample=0.01)
        rows.append(["pooled" if pooled else "separate", f"{found['seconds']:.1f}", f"{rate(found):,.0f}", f"{found['peak_mb']:.0f}",
                     f"{found['bytes'] / 1e6:.0f}"])  # fmt: skip
    return rows


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown, its columns aligned."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in [header, ["-" * w for w in widths], *rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine() -> str:
    """Return the machine and the versions that decide about speed."""
    cpu = "unknown processor"
    if Path("/proc/cpuinfo").exists():
        names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        cpu = names[0] if names else cpu
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "simpy", "pyarrow"))
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{cpu}, {os.cpu_count()} cores{load}; {platform.system()}, Python {platform.python_version()}, {packages}; {date.today()}"


REFERENCE_HEADER = ["operators", "parcels", "seconds", "parcels/s", "events per parcel"]
HEADER = ["operators", "parcels/day", "what", "seconds", "parcels/s", "over the reference", "us per parcel", "peak MB", "s per county-year"]
YEAR_HEADER = ["operators", "seconds", "parcels/s", "peak MB", "MB written"]


def page(where: str, command: str, days: int, reference: list[list[str]], rows: list[list[str]], year: list[list[str]]) -> str:
    """Return the page docs/speed.md."""
    parts = [
        "# Speed\n",
        "One county of 16 townships and 200 villages with six operators, made for this measurement (`tests/benchmarks/county.py`), over"
        f" {days} days. All figures come from one run of\n\n    {command}\n\non {where}.\n",
        "Seconds are the processor's, all threads together, so that others on the machine count little. Every line is a process of its own."
        " It has run once before, so that nothing is compiled or planned while it is measured: what a study's second replication takes."
        " *Flow alone* has its orders drawn and its plan made beforehand and records nothing, like the reference; *whole product* is"
        " `guantong run`: agents, flow, ledger, all metrics and tables (of 1% of the households, or of all). Seconds per county-year are"
        " extrapolated from the days.\n",
        "## The plain reference\n",
        f"One SimPy process per parcel (`tests/reference`), {REFERENCE_VOLUME:,} parcels a day for {REFERENCE_DAYS} days, in the same"
        " county under the same plan; before a figure is printed, every stamp of every parcel has been compared with the flow's.\n",
        table(REFERENCE_HEADER, reference) + "\n",
        "## The flow and the product\n",
        table(HEADER, rows) + "\n",
    ]
    if year:
        parts += [f"## A county-year at {AIM:,} parcels a day, measured\n", table(YEAR_HEADER, year) + "\n"]
    return "\n".join(parts)


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 parcels a day for 6 days only")
    parser.add_argument("--year", action="store_true", help="also measure a whole year at 20,000 parcels a day")
    parser.add_argument("--write", type=Path, help="write the page, e.g. docs/speed.md")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(json.loads(asked.child))
        return
    from tests.benchmarks.county import write_county

    where, days = machine(), 6 if asked.quick else DAYS
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_county(Path(temporary) / "speedshire")
        reference, rows = rows_of(folder, VOLUMES[:1] if asked.quick else VOLUMES, days)
        year = year_rows(folder) if asked.year else []
    flags = "".join(f" {flag}" for flag, on in (("--quick", asked.quick), ("--year", asked.year)) if on)
    written = page(where, f"python -m tests.benchmarks.flow_speed{flags}", days, reference, rows, year)
    print(written)
    if asked.write:
        _, begins, memory = asked.write.read_text(encoding="utf-8").partition(MEMORY) if asked.write.exists() else ("", "", "")
        asked.write.write_text(written + (f"\n{begins}{memory}" if begins else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
