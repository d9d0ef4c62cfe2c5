"""What must not matter does not: names, the order of rows, the number of processes, where a village is cut."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t

from sim import luck
from sim.run import Run, run
from sim.study.compare import compare
from sim.study.task import folder_of
from tests.run.small import POOL_ALL, SMALL, STRAINED, digests, same_bytes_in_one_process_and_two, scenario

SEEDS = range(1, 6)


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def shuffled(n: int) -> list[int]:
    """Return 0 .. n - 1 in another order."""
    order = np.argsort(luck.uniform(5, "shuffle", 0, np.arange(n, dtype=np.uint64))).tolist()
    assert order != sorted(order)
    return list(order)


@pytest.fixture(scope="module")
def plain() -> Run:
    """Return the run with which each other one is compared that must be the same."""
    return run(scenario(days=5, warm_up=2))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return a copy of the small county's folder."""
    return Path(shutil.copytree(SMALL, tmp_path / "county"))


@pytest.mark.parametrize("levers", [[], [POOL_ALL]], ids=["separate", "pooled"])
def test_the_same_seed_gives_the_same_bytes_of_every_table(levers: list[dict[str, object]]) -> None:
    chosen = scenario(levers=levers, days=6, warm_up=3, **STRAINED)
    first, again, other = run(chosen, 3), run(chosen, 3), run(chosen, 4)
    assert digests(first) == digests(again)
    assert digests(first)["parcels"] != digests(other)["parcels"]


def test_one_process_and_two_write_the_same_bytes(tmp_path: Path) -> None:
    asked = [scenario(days=5, warm_up=2), scenario("pooled", levers=[POOL_ALL], days=5, warm_up=2)]
    same_bytes_in_one_process_and_two(asked, tmp_path)
    assert (tmp_path / "1" / "differences.parquet").read_bytes() == (tmp_path / "2" / "differences.parquet").read_bytes()


def test_a_run_after_others_in_one_process_writes_what_it_writes_alone(tmp_path: Path) -> None:
    pooled = scenario("pooled", levers=[POOL_ALL], days=5, warm_up=2)
    before = digests(run(pooled, 2))
    compare([scenario(days=5, warm_up=2), pooled], 2, 1, out=tmp_path)
    whole = {"parcels", "legs", "visits", "households"}
    after = digests(folder_of(tmp_path, "pooled", 2, "settled"))
    assert {name: code for name, code in after.items() if name not in whole} == {n: c for n, c in before.items() if n not in whole}


def test_renaming_operators_changes_no_table(plain: Run) -> None:
    renamed = [{"key": f"express-{i}", "name": {"zh": f"新名{i}", "en": f"A new name {6 - i}"}} for i in range(1, 6)]
    renamed.append({"key": "post", "name": {"zh": "旧邮政", "en": "Aaa"}})
    assert digests(plain) == digests(run(scenario(days=5, warm_up=2, operators=renamed)))


def test_the_order_of_operators_in_the_scenario_changes_nothing() -> None:
    changes = [{"key": "express-2", "share": 0.3}, {"key": "express-4", "days_per_week": 6}]
    runs = [run(scenario(days=5, warm_up=2, operators=order)) for order in (changes, changes[::-1])]
    assert digests(runs[0]) == digests(runs[1])


def test_renaming_villages_changes_only_their_names(county: Path, plain: Run) -> None:
    header, rows = rows_of(county / "villages.csv")
    for i, row in enumerate(rows):
        row[header.index("name_zh")] = f"换名{i}村村委会"
    write(county / "villages.csv", header, rows)
    after = run(scenario(days=5, warm_up=2, county=county))
    assert {n: c for n, c in digests(plain).items() if n != "places"} == {n: c for n, c in digests(after).items() if n != "places"}
    named = ["name_zh", "name_en"]
    was, now = plain.table("places"), after.table("places")
    assert was.drop(columns=named).equals(now.drop(columns=named))
    assert not was["name_zh"].equals(now["name_zh"])


@pytest.mark.parametrize("file", ["villages.csv", "townships.csv"])
def test_the_order_of_rows_in_a_county_changes_nothing(county: Path, file: str, plain: Run) -> None:
    header, rows = rows_of(county / file)
    columns = shuffled(len(header))
    write(county / file, [header[c] for c in columns], [[rows[r][c] for c in columns] for r in shuffled(len(rows))])
    assert digests(plain) == digests(run(scenario(days=5, warm_up=2, county=county)))


SPLIT = "999902101205"
TOTALS = ("parcels_down", "delivery_hours_mean", "order_to_hand_hours", "vehicle_km", "cost_per_parcel_yuan", "pickup_km")


def split_in_two(county: Path) -> None:
    """Cut the largest village into two at its spot, half of its people and households each."""
    header, rows = rows_of(county / "villages.csv")
    (row,) = (row for row in rows if row[0] == SPLIT)
    twin = list(row)
    twin[0] = SPLIT[:-1] + "6"
    for name in ("population", "households"):
        c = header.index(name)
        twin[c] = str(int(row[c]) // 2)
        row[c] = str(int(row[c]) - int(twin[c]))
    twin[header.index("name_zh")] = "石下村村委会"
    write(county / "villages.csv", header, [*rows, twin])


def test_a_village_cut_in_two_at_one_spot_leaves_the_countys_totals_within_their_interval(county: Path) -> None:
    split_in_two(county)
    always = {"service": {"station_share": 1}}
    whole = [run(scenario(**always), seed) for seed in SEEDS]
    cut = [run(scenario(county=county, **always), seed) for seed in SEEDS]
    assert sum(cut[0].table("places")["population"]) == sum(whole[0].table("places")["population"])
    for name in TOTALS:
        a, b = (np.array([made.metric(name) for made in runs]) for runs in (whole, cut))
        half = float(t.ppf(0.975, 2 * len(a) - 2) * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a)))
        print(f"{name}: {a.mean():.3f} whole, {b.mean():.3f} cut, +- {half:.3f}")
        assert abs(a.mean() - b.mean()) <= half, name
