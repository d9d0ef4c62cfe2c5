"""A comparison runs what is missing, pairs it, and leaves its results whole or not at all."""

from __future__ import annotations

import contextlib
import json
import math
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import batch_work
import fake_run
import pandas as pd
import pytest

import sim
from sim.batch import BatchError, Pool
from sim.errors import ResultsError, ScenarioError
from sim.metrics.look import Look
from sim.scenario.load import load
from sim.scenario.model import Scenario
from sim.scenario.study import load_study, study_of
from sim.store.stored import StoredRun
from sim.study.compare import BEFORE, command_of, compare
from sim.study.design import tasks_of
from sim.study.result import Study, read
from sim.study.stage import Progress, Stage, seconds_left
from sim.study.task import folder_of

COUNTY = Path(__file__).parents[1] / "counties" / "small"


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Scenario]:
    base = f"format: 1\nname: baseline\ncounty: {COUNTY}\nstart: 2021-01-01\ndays: 31\nwarm_up_days: 3\n"
    (tmp_path / "baseline.yaml").write_text(base)
    for name in ("pooled", "separate-full-service"):
        (tmp_path / f"{name}.yaml").write_text("format: 1\nextends: baseline.yaml\n")
    return [load(tmp_path / f"{name}.yaml") for name in ("baseline", "pooled", "separate-full-service")]


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in ("study.json", "differences.parquet", "metrics.parquet")}


def test_every_scenario_meets_the_same_seeds(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios, 6, 1, seed=11, out=tmp_path / "out", work=fake_run.fake)
    assert study.seeds == (11, 12, 13, 14, 15, 16)
    metrics = study.metrics()
    found = {name: sorted(set(rows["seed"])) for name, rows in metrics.groupby("scenario")}
    assert found == {scenario.name: list(range(11, 17)) for scenario in scenarios}
    for scenario in scenarios:
        assert folder_of(tmp_path / "out", scenario.name, 11, "settled").is_dir()


def test_the_differences_are_paired(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios[:2], 6, 1, out=tmp_path / "out", work=fake_run.fake)
    row = study.differences().query("metric == 'cost_per_parcel_yuan' and group == ''").iloc[0]
    assert row["mean"] == pytest.approx(-0.4 * 1.035)
    assert row["better"] == "yes"
    assert row["high"] - row["low"] < 0.02
    gain = study.pairing().set_index("metric")["gain"]
    assert gain["cost_per_parcel_yuan"] > 100


def test_only_whole_periods_are_compared(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios[:2], 5, 1, out=tmp_path / "out", work=fake_run.fake)
    assert len(study.differences()) == 3
    assert "2021-01" in set(study.metrics()["period"])


def test_a_repeat_runs_nothing_again(scenarios: list[Scenario], tmp_path: Path) -> None:
    first = compare(scenarios, 5, 1, out=tmp_path / "out", work=fake_run.fake)
    told: list[Progress] = []
    before = files(first.folder)
    again = compare(scenarios, 5, 1, out=tmp_path / "out", work=_never, progress=told.append)
    assert (first.reused, again.reused) == (0, 15)
    assert [(p.total, p.reused, p.done, p.seconds_left) for p in told] == [(15, 15, 15, 0.0)]
    assert files(again.folder) == before


def test_what_runs_have_in_common_goes_when_the_study_is_done(scenarios: list[Scenario], tmp_path: Path) -> None:
    kept = tmp_path / "out" / BEFORE / "rest.start"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"of an interrupted run")
    with pytest.raises(BatchError):
        compare(scenarios, 1, 1, out=tmp_path / "out", work=_never)
    assert kept.exists()
    compare(scenarios, 1, 1, out=tmp_path / "out", work=fake_run.fake)
    assert not kept.parent.exists()


def _never(task: object) -> float:
    raise AssertionError(task)


def test_a_changed_scenario_runs_again(scenarios: list[Scenario], tmp_path: Path) -> None:
    compare(scenarios[:2], 2, 1, out=tmp_path / "out", work=fake_run.fake)
    changed = load(scenarios[1].file or "", ["parameters.demand.weekend_factor=1.2"])
    again = compare([scenarios[0], changed], 2, 1, out=tmp_path / "out", work=fake_run.fake)
    assert again.reused == 2


@pytest.mark.parametrize(("what", "other"), [("program", "0.1.0+0123456789ab"), ("package_versions", {"numpy": "1.0"})])
def test_what_another_program_or_other_packages_made_is_run_again(
    scenarios: list[Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, other: object
) -> None:
    compare(scenarios[:2], 2, 1, out=tmp_path / "out", work=fake_run.fake)
    monkeypatch.setattr(f"sim.study.task.{what}", lambda: other)
    assert compare(scenarios[:2], 2, 1, out=tmp_path / "out", work=fake_run.fake).reused == 0


def test_results_do_not_outlive_the_runs_they_are_made_of(scenarios: list[Scenario], tmp_path: Path) -> None:
    compare(scenarios[:2], 2, 1, out=tmp_path / "out", work=fake_run.fake)
    changed = load(scenarios[1].file or "", ["parameters.demand.weekend_factor=1.2"])

    def interrupt(progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare([scenarios[0], changed], 2, 1, out=tmp_path / "out", work=fake_run.fake, progress=interrupt)
    assert not (tmp_path / "out" / "study.json").exists()


def test_more_replications_keep_those_there_are(scenarios: list[Scenario], tmp_path: Path) -> None:
    compare(scenarios[:2], 2, 1, out=tmp_path / "out", work=fake_run.fake)
    assert compare(scenarios[:2], 5, 1, out=tmp_path / "out", work=fake_run.fake).reused == 4


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interruption_keeps_what_is_finished_and_writes_no_result(scenarios: list[Scenario], tmp_path: Path, workers: int) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(scenarios, 5, workers, out=tmp_path / "out", work=fake_run.fake, progress=interrupt)
    assert not list((tmp_path / "out").glob("*.*"))
    with pytest.raises(ResultsError, match="was not finished"):
        read(tmp_path / "out")
    assert compare(scenarios, 5, 1, out=tmp_path / "out", work=fake_run.fake).reused >= 4


def test_the_processes_of_a_caller_stay_the_callers(scenarios: list[Scenario], tmp_path: Path) -> None:
    with contextlib.closing(Pool(2)) as pool:
        compare(scenarios, 2, out=tmp_path / "out", work=fake_run.fake, pool=pool)
        made = {json.loads((folder_of(tmp_path / "out", s.name, 1, "settled") / "manifest.json").read_text())["process"] for s in scenarios}
        assert {done.value for done in pool.execute(batch_work.process, [1])} <= {process.pid for process in active_children()}
        assert made <= {process.pid for process in active_children()}


def test_what_is_done_before_a_stage_begins_is_told_when_it_does(scenarios: list[Scenario], tmp_path: Path) -> None:
    told: list[Progress] = []
    tasks = tasks_of(study_of(scenarios, replications=2), 1, tmp_path)
    stage = Stage(tasks[:4], 2, told.append)
    stage.done(tasks[0], 3.0)
    assert not told
    assert stage.add(tasks[4:]) == tasks[4:]
    stage.begin()
    stage.done(tasks[1], 5.0)
    assert [(p.total, p.reused, p.done, p.seconds_left, bool(p.task)) for p in told] == [(6, 0, 1, 7.5, False), (6, 0, 2, 8.0, True)]
    for task in tasks[2:]:
        assert not stage.over
        stage.done(task, 4.0)
    assert stage.over


def test_a_dead_worker_is_told_and_the_rest_is_kept(scenarios: list[Scenario], tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="seed 3, settled: its process ended by itself"):
        compare(scenarios[:2], 4, 2, out=tmp_path / "out", work=fake_run.dies_at_seed_three)
    assert compare(scenarios[:2], 4, 1, out=tmp_path / "out", work=fake_run.fake).reused >= 2


def test_one_process_and_two_leave_the_same_bytes(scenarios: list[Scenario], tmp_path: Path) -> None:
    one = compare(scenarios, 5, 1, out=tmp_path / "one" / "s", work=fake_run.fake)
    two = compare(scenarios, 5, 2, out=tmp_path / "two" / "s", work=fake_run.fake)
    assert files(one.folder) == files(two.folder)


def test_both_windows_have_their_own_runs_and_rows(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios[:2], 5, 1, out=tmp_path / "out", windows=["transition", "settled"], work=fake_run.fake)
    assert study.windows == ("settled", "transition")
    assert (tmp_path / "out" / "runs" / "pooled@transition" / "5").is_dir()
    assert set(study.differences()["window"]) == {"settled", "transition"}


def test_cost_is_also_told_against_the_full_service(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios, 5, 1, out=tmp_path / "out", work=fake_run.fake)
    against = [(v.alternative, v.metric) for v in study.verdicts if v.against == "separate-full-service"]
    assert against == [("pooled", "cost_per_parcel_yuan")]
    assert "two levels of service" in study.caveats[0].en


def test_without_the_full_service_the_caveat_says_that_it_is_missing(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios[:2], 5, 1, out=tmp_path / "out", work=fake_run.fake)
    assert any("separate-full-service" in words.zh for words in study.caveats)


def test_a_study_reads_back_as_it_was(scenarios: list[Scenario], tmp_path: Path) -> None:
    study = compare(scenarios, 5, 1, out=tmp_path / "out", work=fake_run.fake)
    again = sim.open(tmp_path / "out")
    assert again.record == json.loads(json.dumps(study.record))
    assert again.titles == study.titles
    assert again.verdicts == study.verdicts
    assert again.differences().equals(study.differences())


def test_the_record_says_what_is_compared_and_what_each_run_is(scenarios: list[Scenario], tmp_path: Path) -> None:
    record = compare(scenarios, 5, 1, out=tmp_path / "out", work=fake_run.fake).record
    assert record["study"]["replications"] == 5
    assert len(record["runs"]) == 15
    assert {run["state"] for run in record["runs"]} == {"finished"}
    assert record["scenarios"]["pooled"]["hash"] == scenarios[1].hash
    assert record["background"]["parameters_in_all"] > len(record["background"]["assumptions"]) > 10


def test_two_replications_give_means_without_intervals(scenarios: list[Scenario], tmp_path: Path) -> None:
    row = compare(scenarios[:2], 2, 1, out=tmp_path / "out", work=fake_run.fake).differences().iloc[0]
    assert not math.isnan(row["mean"])
    assert math.isnan(row["low"])


def test_scenarios_on_other_dates_cannot_be_compared(scenarios: list[Scenario], tmp_path: Path) -> None:
    other = load(scenarios[1].file or "", ["days=20"])
    with pytest.raises(ScenarioError):
        compare([scenarios[0], other], 2, 1, out=tmp_path / "out", work=fake_run.fake)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("replications", "windows"), [(0, None), (5, ["winter"]), (5, [])])
def test_impossible_numbers_are_refused(scenarios: list[Scenario], tmp_path: Path, replications: int, windows: list[str] | None) -> None:
    with pytest.raises(ScenarioError):
        compare(scenarios, replications, 1, out=tmp_path / "out", windows=windows, work=fake_run.fake)


def test_one_scenario_is_no_comparison(scenarios: list[Scenario]) -> None:
    with pytest.raises(ScenarioError):
        compare(scenarios[:1], 2, 1, work=fake_run.fake)


def test_a_transition_counts_the_dates_of_the_study(scenarios: list[Scenario], tmp_path: Path) -> None:
    from sim.scenario.model import Window

    window = Window(since=date(2021, 1, 10), until=date(2021, 1, 20))
    design = study_of(scenarios[:2], replications=2, windows=("settled", "transition"), window=window)
    tasks = tasks_of(design, 1, tmp_path)
    assert {(task.window, task.dates) for task in tasks} == {
        ("settled", None),
        ("transition", (date(2021, 1, 10), date(2021, 1, 20))),
    }
    assert [task.seed for task in tasks] == [1] * 4 + [2] * 4


def test_the_time_left_is_judged_by_the_middle_run() -> None:
    assert seconds_left([60.0, 4.0, 4.0], 10, 2) == 20.0
    assert seconds_left([], 10, 2) is None
    assert seconds_left([], 0, 2) == 0.0


def test_nothing_heavy_is_imported_before_the_workers_start() -> None:
    code = (
        "import sys, sim; sim.compare; from sim.cli import compare; from sim.study import estimate\n"
        "print(sorted({'mesa', 'simpy', 'scipy', 'numba', 'pyvrp', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_says_all_that_was_asked_for_beside_the_files(scenarios: list[Scenario], tmp_path: Path) -> None:
    files = [str(scenario.file) for scenario in scenarios]
    plain = command_of(study_of(scenarios), 3)
    assert plain.startswith("guantong compare ")
    assert "--set" not in plain
    setting = "title={zh: 甲, en: it's}"
    changed = [load(file, [setting], 20) for file in files]
    words = shlex.split(command_of(study_of(changed), 3))
    assert [words[at + 1] for at, word in enumerate(words) if word == "--set"] == [setting, "days=20"]
    assert command_of(study_of([load(files[0], [], 20), *changed[1:]]), 3) == ""
    spaced = tmp_path / "my own.yaml"
    spaced.write_text(
        "format: 1\nname: own\ntitle: {zh: 甲, en: own}\nquestion: {zh: 甲, en: own}\nextends: baseline.yaml\n", encoding="utf-8"
    )
    assert shlex.split(command_of(study_of([load(spaced), scenarios[0]]), 3))[2].endswith("my own.yaml")


def test_the_command_says_that_no_ranges_were_wanted() -> None:
    shipped = load_study()
    assert command_of(shipped, 1).startswith("guantong compare integration-and-subsidy --"), "its folder is another one on every machine"
    assert "--no-ranges" not in command_of(shipped, 1)
    assert command_of(shipped.model_copy(update={"assumptions": None}), 1).endswith(" --no-ranges")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"workers": 0}, "workers is 0"),
        ({"workers": "2"}, "workers is '2'"),
        ({"workers": 1.5}, "workers is 1.5"),
        ({"replications": "3"}, "replications is '3'"),
        ({"replications": True}, "replications is True"),
    ],
)
def test_a_number_of_runs_or_processes_that_is_none_is_refused(wrong: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(sim.ScenarioError, match=told):
        sim.compare(["baseline", "pooled-lines"], out=tmp_path / "study", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_what_is_neither_scenario_nor_name_is_said_to_be_none() -> None:
    asked: Any = None
    calls: list[Any] = [lambda: sim.load(asked), lambda: sim.run(asked), lambda: sim.compare(asked), lambda: sim.compare(["baseline", 3])]  # type: ignore[list-item]
    for call in calls:
        with pytest.raises(sim.ScenarioError, match="a scenario, a file or a name is wanted here, not"):
            call()
    with pytest.raises(sim.ScenarioError, match="the settings are 'days=3'"):
        sim.load("baseline", "days=3")


def test_what_names_no_folder_table_language_or_window_is_refused_with_what_is_wanted(tmp_path: Path) -> None:
    three: Any = 3
    text: Any = "settled"
    study = sim.Study(tmp_path, {})
    calls: dict[str, list[Callable[[], object]]] = {
        "a folder is wanted here, not 3": [
            lambda: sim.open(three),
            lambda: sim.run("baseline", days=1, out=three),
            lambda: sim.compare(["baseline", "pooled-lines"], out=three),
        ],
        'languages is 3\n  allowed: a list, for example \\["zh", "en"\\]': [
            lambda: study.report(three),
            lambda: study.printed(three),
            lambda: study.workbook(three),
            lambda: study.figures(three),
        ],
        "languages is 'zh'": [lambda: study.report("zh")],  # type: ignore[arg-type]
        "there is no language 'fr'\n  allowed: zh, en": [lambda: study.report(["fr"])],  # type: ignore[list-item]
        "windows is 'settled'": [lambda: sim.compare(["baseline", "pooled-lines"], windows=text)],
        "windows is 3": [lambda: sim.compare(["baseline", "pooled-lines"], windows=three)],
        "the settings are 3": [lambda: sim.load("baseline", three)],
    }
    for told, several in calls.items():
        for call in several:
            with pytest.raises(sim.ScenarioError, match=told):
                call()
    run = StoredRun(tmp_path, {})
    with pytest.raises(sim.ResultsError, match="there is no table 3\n  tables: parcels"):
        run.table(three)
    with pytest.raises(sim.ResultsError, match="there is no metric 3"):
        Look(pd.DataFrame(), date(2021, 1, 1), date(2021, 1, 31)).metric(three)


def test_counties_that_differ_are_told_by_their_names() -> None:
    with pytest.raises(sim.ScenarioError) as error:
        sim.compare(["baseline", "produce-baseline"])
    assert "county of produce-baseline is Jinyun (331122_jinyun), of the baseline Xihe (621225_xihe)" in str(error.value)
    assert "缙云县（331122_jinyun）" in error.value.faults[0].what_zh


def test_a_run_that_is_not_in_the_study_has_no_folder(tmp_path: Path) -> None:
    record = {"runs": [{"scenario": "a", "seed": 1, "window": "settled"}], "scenarios": {}, "seeds": [1], "windows": ["settled"]}
    study = Study(tmp_path, record)
    assert study.run_folder("a", 1) == tmp_path / "runs" / "a" / "1"
    with pytest.raises(sim.SimError, match="the study has no run of b with seed 1, settled"):
        study.run_folder("b", 1)
