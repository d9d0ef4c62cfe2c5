"""A comparison on the page gives what the command gives, keeps what it ran, and can be stopped and taken up again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.run import run
from sim.study.task import SAMPLE, Task, replicate
from sim.web.app import MOST_JOBS, make_app
from sim.web.draft import checked, drawn, text
from sim.web.job import Job, Store, _shortened
from sim.web.pace import LEAST, Length, Pace
from sim.web.pool import Cancelled, Pool, Ticket
from tests.run.small import digests

DAYS = {"days": 1, "warm_up_days": 1}


def drafts(**changes: Any) -> list[dict[str, Any]]:
    """Return the baseline and a subsidy in the shipped county, short."""
    subsidy = drawn("per-parcel-subsidy") | DAYS
    subsidy["levers"][0] |= changes
    return [drawn("baseline") | DAYS, subsidy]


class Held:
    """A pool of two that only keeps what it is given."""

    pace, processes = Pace(), (None, None)

    def __init__(self) -> None:
        self.given: list[Ticket] = []

    def submit(self, ticket: Ticket) -> None:
        self.given.append(ticket)

    def cancel(self, job: object) -> None:
        gone = [ticket for ticket in self.given if ticket.job is job]
        self.given = [ticket for ticket in self.given if ticket.job is not job]
        for ticket in gone:
            ticket.ended(None, Cancelled())


def ended(job: Job) -> list[dict[str, Any]]:
    """Return the events of a job once it has ended."""
    until = time.monotonic() + 240
    while not job.ended:
        assert time.monotonic() < until, job.events
        time.sleep(0.05)
    return job.events


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(2, warm=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("results") / "workshop")


@pytest.fixture(scope="module")
def done(pool: Pool, store: Store) -> Job:
    job = Job("1", pool, store, drafts(), 2)
    job.start()
    ended(job)
    return job


def test_pictures_come_before_numbers_and_the_study_last(done: Job) -> None:
    kinds = [event["type"] for event in done.events if event["type"] != "progress"]
    assert kinds == ["begun", "picture", "picture", "numbers", "numbers", "study"]
    assert [event["side"] for event in done.events if event["type"] == "picture"] == [0, 1]


def test_its_numbers_are_those_of_a_comparison_in_python_to_the_last_bit(done: Job, store: Store, tmp_path: Path) -> None:
    study = sim.compare(str(done.folder / "study.yaml"), replications=2, workers=1, out=tmp_path / "again")
    table = study.differences()
    told = next(event for event in reversed(done.events) if event["type"] == "numbers")
    assert len(told["rows"]) == len(study.outcomes)
    for row in told["rows"]:
        same = table[(table["metric"] == row["metric"]) & (table["group"] == "")].iloc[0]
        for name in ("baseline", "value", "mean"):
            assert row[name] == same[name] or (row[name] is None and pd.isna(same[name]))
    pd.testing.assert_frame_equal(sim.open(done.folder).differences(), table)


def test_the_command_prints_the_numbers_of_the_page_to_the_last_bit(done: Job, tmp_path: Path) -> None:
    said = ["compare", done.folder / "study.yaml", "--replications", 2, "--workers", 1, "--out", tmp_path / "again", "--json"]
    printed = CliRunner().invoke(app, [str(one) for one in said])
    assert printed.exit_code == 0, printed.output
    rows = {row["metric"]: row for row in json.loads(printed.stdout)["differences"]}
    told = next(event for event in reversed(done.events) if event["type"] == "numbers")["rows"]
    assert len(told) > 10
    for row in told:
        assert [row[name] for name in ("baseline", "value", "mean")] == [
            rows[row["metric"]][name] for name in ("baseline", "value", "mean")
        ]


def test_the_same_comparison_again_runs_nothing(done: Job, pool: Pool, store: Store) -> None:
    job = Job("2", pool, store, drafts(), 2)
    job.start()
    events = ended(job)
    assert events[0]["reused"] == events[0]["total"] == 4
    assert events[-1]["type"] == "study"


def test_further_replications_wait_until_the_whole_of_what_the_maps_show_is_there(done: Job, store: Store) -> None:
    held: Any = Held()
    job = Job("held", held, store, drafts(rate=0.8), 3)
    job.start()
    assert [str(ticket.task) for ticket in held.given] == ["per-parcel-subsidy, seed 1, settled"], "of the baseline two were run before"
    held.given[0].ended(replicate(held.given[0].task, lambda done, total: None), None)
    assert [event["side"] for event in job.events if event["type"] == "picture"] == [0, 1]
    later = [(ticket.task.scenario.name, ticket.task.seed) for ticket in held.given[1:]]
    assert later == [("per-parcel-subsidy", 2), ("baseline", 3), ("per-parcel-subsidy", 3)]


def test_a_comparison_of_the_days_of_change_begins_as_found_and_counts_dates(pool: Pool, store: Store, tmp_path: Path) -> None:
    dated = [draft | {"days": 2} for draft in drafts(**{"from": "2021-03-02"})]
    jobs = [Job(window, pool, store, dated, 2, window) for window in ("settled", "transition")]
    for job in jobs:
        job.start()
        assert ended(job)[-1]["type"] == "study"
    assert jobs[0].folder != jobs[1].folder
    paid = []
    for job in jobs:
        money = sim.open(job.tasks[1].folder).table("money")
        paid.append(money.loc[(money["lever"] == "per_parcel_subsidy") & money["day"].between(0, 1), "day"].unique().tolist())
    assert paid == [[0, 1], [1]]
    alone = sim.compare(str(jobs[1].folder / "study.yaml"), replications=2, workers=1, out=tmp_path / "again")
    pd.testing.assert_frame_equal(sim.open(jobs[1].folder).differences(), alone.differences())
    assert set(alone.differences()["window"]) == {"transition"}


@pytest.mark.parametrize(("window", "kept"), [("settled", ["per_parcel_subsidy"]), ("transition", [])])
def test_the_first_days_hold_a_measure_of_a_later_date_only_where_dates_do_not_count(window: str, kept: list[str], tmp_path: Path) -> None:
    later = checked(drafts(**{"from": "2021-03-20"})[1] | {"days": 30, "warm_up_days": 10}, tmp_path)
    assert [lever.id for lever in _shortened(later, Length(5, 2), window).levers] == kept


def test_another_policy_finds_the_baseline_that_was_run(done: Job, pool: Pool, store: Store) -> None:
    job = Job("3", pool, store, drafts(rate=0.7), 2)
    job.start()
    assert ended(job)[0]["reused"] == 2
    baseline = [sim.open(one.folder / "runs" / "baseline" / "1").manifest for one in (done, job)]
    assert baseline[0] == baseline[1]


def test_a_cancelled_comparison_keeps_what_finished_and_goes_on_from_there(pool: Pool, store: Store) -> None:
    job = Job("4", pool, store, drafts(rate=0.9), 8)
    job.start()
    while sum(event["type"] == "numbers" for event in job.events) < 1:
        time.sleep(0.05)
    job.cancel()
    assert ended(job)[-1]["type"] == "cancelled"
    kept = job.events[-1]["kept"]
    assert kept >= 2
    again = Job("5", pool, store, drafts(rate=0.9), 8)
    again.start()
    again.cancel()
    assert ended(again)[0]["reused"] >= kept


def test_the_same_comparison_asked_for_twice_at_once_is_one_and_ends_when_nobody_wants_it(tmp_path: Path) -> None:
    shop = make_app(tmp_path, 1, warm=False).state.shop
    shop.pool = Pool(1, warm=False)
    try:
        first, second = (shop.begin(drafts(rate=1.3), 3) for _ in range(2))
        assert first == second
        assert shop.begin(drafts(rate=1.3), 2) != first
        job = shop.jobs[first]
        job.leave()
        assert not job.ended
        job.leave()
        assert ended(job)[-1]["type"] == "cancelled"
    finally:
        shop.pool.close()


def test_a_comparison_that_is_cancelled_before_its_first_pictures_runs_nothing_more(tmp_path: Path) -> None:
    held: Any = Held()
    job = Job("held", held, Store(tmp_path / "workshop"), [draft | {"days": 9} for draft in drafts()], 3)
    job.start()
    assert len(held.given) == 2
    job.cancel()
    assert held.given == []
    assert [event["type"] for event in job.events] == ["begun", "cancelled"]


def test_a_comparison_that_fails_to_start_is_not_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_app(tmp_path, 1, warm=False).state.shop
    shop.pool = Held()

    def fails(task: Task) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(shop.store, "fetch", fails)
        with pytest.raises(OSError, match=r"^$"):
            shop.begin(drafts(), 2)
    job = shop.jobs[shop.begin(drafts(), 2)]
    assert not job.ended
    assert shop.pool.given


def test_a_file_that_is_written_again_is_whole_for_whoever_reads_it(tmp_path: Path) -> None:
    draft = drawn("baseline")
    checked(draft, tmp_path)
    with (tmp_path / "baseline.yaml").open(encoding="utf-8") as reading:
        checked(draft | {"days": 7}, tmp_path)
        assert reading.read() == text(draft)
    assert [file.name for file in tmp_path.iterdir()] == ["baseline.yaml"]


def test_what_another_page_waits_for_outlives_many_that_have_ended(tmp_path: Path) -> None:
    shop = make_app(tmp_path, 1, warm=False).state.shop
    shop.pool = Held()
    waited = shop.jobs[shop.begin(drafts(rate=0.1), 2)]
    for n in range(MOST_JOBS + 2):
        shop.jobs[shop.begin(drafts(rate=1 + n / 10), 2)].leave()
    assert not waited.ended
    assert waited.id in shop.jobs
    assert len(shop.jobs) == MOST_JOBS


def test_a_side_that_is_longer_is_shown_by_its_first_days_and_says_so(store: Store) -> None:
    pool = Pool(2, warm=False)
    try:
        long = [draft | {"days": 7, "warm_up_days": 3} for draft in drafts(rate=1.1)]
        job = Job("6", pool, store, long, 1)
        job.start()
        pictures = [event for event in ended(job) if event["type"] == "picture"]
        measured = pool.pace.factor
    finally:
        pool.close()
    assert [(p["short"], p["days"], p["warm_up"], p["whole"], p["whole_warm_up"]) for p in pictures[:2]] == [(True, 3, 2, 7, 3)] * 2
    assert all(20_000 < p["parcels"] < 30_000 for p in pictures[:2])
    assert [(p["short"], p["days"]) for p in pictures[-2:]] == [(False, 7), (False, 7)]
    assert {p["side"] for p in pictures[-2:]} == {0, 1}
    assert measured is not None, "the first pictures say how fast this machine is"


def test_where_the_machine_is_fast_enough_the_first_picture_is_the_whole_run(store: Store) -> None:
    pool = Pool(2, warm=False)
    try:
        pool.pace.learn(100.0, 1.0)
        job = Job("7", pool, store, [draft | {"days": 7, "warm_up_days": 3} for draft in drafts(rate=1.2)], 1)
        job.start()
        pictures = [event for event in ended(job) if event["type"] == "picture"]
    finally:
        pool.close()
    assert [(p["side"], p["short"], p["days"]) for p in pictures] == [(0, False, 7), (1, False, 7)]


def test_a_first_picture_of_so_many_days_is_the_same_run_whatever_pace_was_measured(store: Store, tmp_path: Path) -> None:
    made = []
    for factor, place in ((None, "a"), (99.0, "b")):
        pool, own = Pool(1, warm=False), Store(tmp_path / place / "workshop")
        try:
            if factor is not None:
                pool.pace.learn(1.0, factor)
            job = Job("8", pool, own, [draft | {"days": 7, "warm_up_days": 3} for draft in drafts(rate=1.3)], 1)
            job.start()
            while not any(event["type"] == "picture" and event["short"] for event in job.events):
                time.sleep(0.05)
            job.cancel()
            ended(job)
        finally:
            pool.close()
        made.append({file.name: file.read_bytes() for file in (job.folder / "first").glob("baseline/1/*.parquet")})
    assert made[0]
    assert made[0] == made[1]


def test_more_days_of_a_policy_begin_from_the_start_state_that_the_first_ones_left(pool: Pool, tmp_path: Path) -> None:
    store = Store(tmp_path / "workshop")
    for days in (2, 8):
        job = Job(f"days {days}", pool, store, [draft | {"days": days, "warm_up_days": 3} for draft in drafts(rate=1.4)], 1)
        job.start()
        events = ended(job)
        assert events[-1]["type"] == "study"
    assert len(list((tmp_path / "workshop" / "starts").iterdir())) == 2
    first = next(event for event in events if event["type"] == "picture")
    assert first["days"] >= LEAST.days
    assert not first["short"] or first["warm_up"] == first["whole_warm_up"] == 3
    for task in job.tasks:
        alone = tmp_path / "alone" / task.scenario.name
        run(task.scenario, task.seed, out=alone, sample=SAMPLE)
        assert digests(task.folder) == digests(alone)
