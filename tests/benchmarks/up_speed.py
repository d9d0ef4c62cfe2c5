"""Measure what parcels going up cost: the flow alone and the whole product (as in flow_speed) with all parcels going down, and with a fifth
of as many parcels going up instead.

Both have as many parcels a day: ``per_day`` down, or 0.8 of it down and 0.2 of it up. With ``--beside`` all of ``per_day`` go down and the
parcels going up come on top.

    python -m tests.benchmarks.up_speed [--days 30] [--per-day 5000 20000 80000]

Each figure comes from a process of its own, which first runs once to compile and to plan (as in flow_speed) and to work out what a study's
replications have in common, and then measures another seed twice: with parcels going up its plans are its own, and the first time tours
are searched for them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from tests.benchmarks.flow_speed import Nobody, clock, peak_mb

SHARE_UP = 0.2
"""Of all parcels of a day."""
PARCEL_KG, ONLINE = 2.0, 0.1
"""Weight of a parcel; share of the harvest that buyers order."""
DAYS_OPEN = 200
"""Days of the crop's harvest window: all of the measured days lie in it."""


def write_crops(folder: Path, per_day: int) -> None:
    """Add one crop to the county of the speed measurement, of which buyers order a fifth of ``per_day`` parcels a day, and a climate."""
    kg = SHARE_UP * per_day * DAYS_OPEN * PARCEL_KG / ONLINE
    (folder / "crops.csv").write_text(
        "crop,name_zh,name_en,area_mu,growers_share,yield_kg_mu,harvest_from,harvest_until,shelf_days_0c,litres_per_kg,parcel_kg,"
        "farm_yuan_kg,wholesale_yuan_kg,online_yuan_kg,online_share,basis\n"
        f"fruit,果,fruit,{kg / 1000:.0f},0.1,1000,02-01,08-19,60,2.5,{PARCEL_KG:g},3,4,15,{ONLINE:g},invented to measure speed\n",
        encoding="utf-8",
    )
    rows = "".join(f"{month},10,8,invented to measure speed\n" for month in range(1, 13))
    (folder / "climate.csv").write_text("month,mean_c,range_c,basis\n" + rows, encoding="utf-8")


def asked_for(folder: Path, per_day: int, days: int, up: bool) -> Any:
    """Return the scenario of one side."""
    from tests.benchmarks.county import scenario

    chosen = scenario(folder, per_day, days, pooled=False)
    learning = {"online_household": 1.0, "online_family_farm": 1.0, "online_cooperative": 1.0}
    channels = {"orders_day_household": 1.0}
    produce = {"active": up, "learning": learning, "channels": channels, "farming": {"pick_every_days": 2}}
    content = chosen.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    content["parameters"] = {**content.get("parameters", {}), "produce": produce}
    return type(chosen).model_validate(content).at(chosen._origin)


def measure_flow(folder: Path, per_day: int, days: int, up: bool) -> dict[str, Any]:
    """Run the flow alone, as ``flow_speed`` does, and measure another seed three times, of which the middle one is told: what was ordered,
    sent up and planned is of whole runs made before, nothing is recorded."""
    from sim.flow.flow import simulate

    asked = asked_for(folder, per_day, days, up)
    with tempfile.TemporaryDirectory() as common:
        first, given = (kept(asked, seed, Path(common)) for seed in (1, 2))
    seconds = []
    for inputs in (first, given, given, given):
        nobody = Nobody()
        began = clock()
        simulate(inputs, nobody)
        seconds.append(clock() - began)
    risen = sum(given.shipments_of(day).n for day in range(given.first_day, given.last_day)) if up else 0
    return {"down": nobody.created, "up": risen, "seconds": [median(seconds[1:])], "peak_mb": peak_mb()}


def kept(asked: Any, seed: int, common: Path) -> Any:
    """Return the flow's inputs of a run with everything that was asked of its agents by day."""
    root: Any = import_module("sim.run")
    found: list[Any] = []
    inputs = root.inputs

    def noted(*args: Any) -> Any:
        whole = inputs(*args)
        by_day: dict[str, dict[int, Any]] = {name: {} for name in ("plan_of", "orders_of", "shipments_of")}

        def noting(name: str) -> Any:
            told = getattr(whole, name)
            return lambda day: by_day[name].setdefault(day, told(day))

        found.append((whole, by_day))
        return replace(whole, **{name: noting(name) for name in by_day})

    with patch.object(root, "inputs", noted):
        root.run(asked, seed, sample=0.01, before=common)
    whole, by_day = found[-1]
    return replace(whole, **{name: days.__getitem__ for name, days in by_day.items()})


def measure(folder: Path, per_day: int, days: int, up: bool) -> dict[str, Any]:
    """Run three times and measure the second run, and the third, which repeats it."""
    from sim.run import run

    asked, seconds = asked_for(folder, per_day, days, up), []
    with tempfile.TemporaryDirectory() as common:
        for seed in (1, 2, 2):
            began = clock()
            made = run(asked, seed, sample=0.01, before=Path(common))
            seconds.append(clock() - began)
    down, risen = made.metric("parcels_down"), made.metric("parcels_up") if up else 0.0
    return {"down": down, "up": risen, "seconds": seconds[1:], "peak_mb": peak_mb()}


def measured(**task: Any) -> dict[str, Any]:
    """Do one measurement in a process of its own."""
    from sim.batch import WORKER

    command = [sys.executable, "-m", "tests.benchmarks.up_speed", "--child", json.dumps(task)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **WORKER})
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure without and with, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--per-day", type=int, nargs="+", default=[5_000, 20_000, 80_000])
    parser.add_argument("--beside", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        task = json.loads(asked.child)
        what = measure_flow if task.pop("flow") else measure
        print(json.dumps(what(Path(task.pop("folder")), **task)))
        return
    for per_day in asked.per_day:
        compare(per_day, asked.days, asked.beside)


def compare(per_day: int, days: int, beside: bool) -> None:
    """Measure without and with parcels going up, the flow alone and the whole product, and print what is kept of the speed."""
    from tests.benchmarks.county import write_county

    with tempfile.TemporaryDirectory() as temporary:
        folder = write_county(Path(temporary) / "speedshire")
        write_crops(folder, per_day)
        down = {False: per_day, True: per_day if beside else round((1 - SHARE_UP) * per_day)}
        for what in ("flow alone", "whole product"):
            task = {"folder": str(folder), "days": days, "flow": what == "flow alone"}
            report(f"{per_day:,} a day, {what}", [measured(per_day=n, up=up, **task) for up, n in down.items()])


def report(what: str, found: list[dict[str, Any]]) -> None:
    """Print both sides of a comparison and the part of the speed that is kept."""
    speeds = [[(one["down"] + one["up"]) / seconds for seconds in one["seconds"]] for one in found]
    for name, one, speed in zip(("down only", "with parcels going up"), found, speeds, strict=True):
        seconds, speed_of = (", again ".join(form.format(x) for x in xs) for form, xs in (("{:.2f} s", one["seconds"]), ("{:,.0f}", speed)))
        print(f"{what}, {name}: {one['down']:,.0f} down, {one['up']:,.0f} up, {seconds}; {speed_of} parcels/s, {one['peak_mb']:.0f} MB")
    ratios = ", with known tours ".join(f"{b / a:.0%}" for a, b in zip(*speeds, strict=True))
    print(f"{what}, speed kept: {ratios}", flush=True)


if __name__ == "__main__":
    main()
