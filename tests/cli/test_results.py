"""The commands that run: compare, run, report, export, end to end on a small county."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.main import app

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "tests" / "counties" / "small"
BASE = f"format: 1\nname: base\ncounty: {COUNTY}\nstart: 2021-03-01\ndays: 5\nwarm_up_days: 2\n"
POOLED = """format: 1
name: pooled
title: {zh: 共同配送, en: Pooling}
extends: base.yaml
levers:
  - kind: joint_distribution
    members: all
    pool:
      sorting: [sites, staff]
      transport: [vehicles, staff, operations]
"""
STUDY = """study: small
baseline: base.yaml
alternatives: [pooled.yaml]
replications: 3
outcomes: [cost_per_parcel_yuan, delivery_hours_p90, village_coverage, vehicle_km]
"""

runner = CliRunner()


def call(*args: object) -> tuple[int, str, str]:
    done = runner.invoke(app, [str(arg) for arg in args])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    for name, text in (("base", BASE), ("pooled", POOLED), ("study", STUDY)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def compared(folder: Path) -> tuple[Path, str, str]:
    out = folder / "out"
    code, shown, told = call("compare", folder / "study.yaml", "--workers", 2, "--out", out)
    assert code == 0, told
    return out, shown, told


def test_compare_says_how_many_runs_and_about_how_long(compared: tuple[Path, str, str]) -> None:
    assert compared[2].startswith("6 runs (2 scenarios x 3 replications) on 2 processes; about ")


def test_compare_prints_the_table_the_verdicts_and_where_the_report_is(compared: tuple[Path, str, str]) -> None:
    out, shown, _ = compared
    assert "Cost per parcel" in shown
    assert "Pooling" in shown
    assert 'With 3 replications nobody can say whether "Pooling" changes any of these' in shown
    assert "fewer than 5 replications give no interval" in shown
    assert "interval holds 0" not in shown
    assert "against the baseline as it is" in shown
    assert str(out / "report") in shown.replace("\n", "")


def test_a_study_on_disk_has_the_files_of_the_contract(compared: tuple[Path, str, str]) -> None:
    out = compared[0]
    assert {path.name for path in out.iterdir()} == {"study.json", "differences.parquet", "metrics.parquet", "report", "runs"}
    assert {path.name for path in (out / "report").glob("*.html")} == {"report.zh.html", "report.en.html"}
    assert {path.name for path in (out / "runs").iterdir()} == {"base", "pooled"}
    assert {path.name for path in (out / "runs" / "base").iterdir()} == {"1", "2", "3"}


def test_a_repeat_uses_the_runs_again_and_says_so(compared: tuple[Path, str, str], folder: Path) -> None:
    out = compared[0]
    before = (out / "differences.parquet").read_bytes()
    code, shown, told = call("compare", folder / "study.yaml", "--out", out, "--json")
    assert (code, told) == (0, "")
    found = json.loads(shown)
    assert (found["runs"], found["reused"]) == (6, 6)
    assert found["differences"][0]["n"] == 3
    assert (out / "differences.parquet").read_bytes() == before
    code, _, told = call("compare", folder / "study.yaml", "--out", out, "--lang", "zh")
    assert "6 次已有同样的结果" in told


def test_serial_and_parallel_leave_the_same_bytes(compared: tuple[Path, str, str], folder: Path) -> None:
    out, serial = compared[0], folder / "serial"
    assert call("compare", folder / "study.yaml", "--workers", 1, "--out", serial, "--quiet")[0] == 0
    names = sorted(path.relative_to(out) for path in out.rglob("*.parquet"))
    assert len(names) > 20
    for name in names:
        assert (out / name).read_bytes() == (serial / name).read_bytes(), name
    assert (out / "study.json").read_bytes() == (serial / "study.json").read_bytes()


def test_the_same_luck_orders_the_same_parcels(compared: tuple[Path, str, str]) -> None:
    metrics = sim.open(compared[0]).metrics()
    parcels = metrics[(metrics["metric"] == "parcels_down") & (metrics["group"] == "") & (metrics["period"] == "all")]
    by_seed = parcels.pivot_table(index="seed", columns="scenario", values="value")
    assert (by_seed["base"] > 0).all()
    assert by_seed["base"].nunique() > 1


def test_the_report_can_be_written_again_in_one_language(compared: tuple[Path, str, str]) -> None:
    out = compared[0]
    code, _, told = call("report", out, "--lang", "zh", "--format", "html,xlsx,pdf")
    assert code == 0, told
    assert {path.name for path in (out / "report").glob("report.*")} == {
        "report.zh.html",
        "report.en.html",
        "report.zh.xlsx",
        "report.zh.pdf",
    }
    assert not list(out.glob(".report*"))


def test_reports_are_written_where_one_asks_for_them(compared: tuple[Path, str, str], tmp_path: Path) -> None:
    run = compared[0] / "runs" / "pooled" / "2"
    for source, formats, names in (
        (compared[0], "html,xlsx", {"report.en.html", "report.en.xlsx"}),
        (run, "html", {"report.en.html"}),
        (compared[0], "figures", {"figures"}),
    ):
        elsewhere = tmp_path / f"{source.name} {formats}"
        before = {path: path.stat().st_mtime_ns for path in source.rglob("*") if path.is_file()}
        code, _, told = call("report", source, "--lang", "en", "--format", formats, "--out", elsewhere)
        assert code == 0, told
        assert {path.name for path in elsewhere.iterdir()} == names
        assert {path: path.stat().st_mtime_ns for path in source.rglob("*") if path.is_file()} == before


def test_a_run_inside_a_study_reads_and_exports(compared: tuple[Path, str, str], tmp_path: Path) -> None:
    run = compared[0] / "runs" / "pooled" / "2"
    assert sim.open(run).metric("cost_per_parcel_yuan") > 0
    code, _, _ = call("export", run, "--format", "csv", "--tables", "trips,metrics", "--out", tmp_path)
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"trips.csv", "metrics.csv"}
    code, _, told = call("export", compared[0])
    assert code == 2
    assert "one of its runs" in told


def test_a_single_run_has_a_page_that_says_it_compares_nothing(compared: tuple[Path, str, str]) -> None:
    run = compared[0] / "runs" / "pooled" / "2"
    code, _, told = call("report", run)
    assert code == 0, told
    for lang, words in (("zh", "没有重复也没有对照"), ("en", "neither repeated nor compared")):
        page = (run / "report" / f"report.{lang}.html").read_text(encoding="utf-8")
        assert words in page
        assert page.count("<svg") == 3
        assert '<table id="allocations">' in page
    assert "Express A" in page
    assert "快递甲" in (run / "report" / "report.zh.html").read_text(encoding="utf-8")
    code, _, told = call("report", run, "--format", "pdf", "--lang", "en")
    assert code == 0, told
    assert (run / "report" / "report.en.pdf").read_bytes().startswith(b"%PDF")
    code, _, told = call("report", run, "--format", "xlsx")
    assert code == 2
    assert "export" in told


def test_the_page_of_a_run_without_an_alliance_has_no_table_of_one(compared: tuple[Path, str, str]) -> None:
    run = next(folder for folder in (compared[0] / "runs").iterdir() if folder.name != "pooled") / "1"
    assert call("report", run)[0] == 0
    assert '<table id="allocations">' not in (run / "report" / "report.en.html").read_text(encoding="utf-8")


def test_figures_are_written_when_asked_for(compared: tuple[Path, str, str]) -> None:
    code, _, told = call("report", compared[0], "--format", "figures", "--lang", "en")
    assert code == 0, told
    names = {path.name for path in (compared[0] / "report" / "figures").iterdir()}
    assert {"forest.en.png", "forest.en.svg"} <= names
    assert not any(".zh." in name for name in names)


def test_verbose_adds_the_operators_and_a_sentence_per_outcome(compared: tuple[Path, str, str], folder: Path) -> None:
    _, brief, _ = call("compare", folder / "study.yaml", "--out", compared[0])
    _, long, _ = call("compare", folder / "study.yaml", "--out", compared[0], "--verbose")
    assert "Difference in profit by operator" in " ".join(long.split())
    assert "Difference in profit by operator" not in " ".join(brief.split())
    assert len(brief) < len(long)


def test_run_writes_all_tables_and_prints_the_outcomes(folder: Path, tmp_path: Path) -> None:
    code, shown, told = call("run", folder / "base.yaml", "--seed", 4, "--days", 3, "--out", tmp_path / "run")
    assert code == 0, told
    assert "Cost per parcel" in shown
    made = sim.open(tmp_path / "run")
    assert (made.manifest["seed"], made.manifest["days"], made.manifest["sample"]) == (4, 3, 1.0)


def test_a_run_writes_parcels_of_a_sample_and_counts_all(folder: Path, tmp_path: Path) -> None:
    made = []
    for share in (1, 0.3):
        code, _, told = call("run", folder / "base.yaml", "--days", 3, "--sample", share, "--out", tmp_path / str(share))
        assert code == 0, told
        made.append(sim.open(tmp_path / str(share)))
    whole, part = made
    assert part.manifest["sample"] == 0.3
    assert 0 < len(part.table("parcels")) < len(whole.table("parcels"))
    assert part.table("metrics").equals(whole.table("metrics"))
    assert part.table("money").equals(whole.table("money"))
    code, _, told = call("run", folder / "base.yaml", "--sample", 1.5)
    assert code == 2
    assert "--sample" in told


def test_a_transition_has_runs_of_its_own(folder: Path, tmp_path: Path) -> None:
    dated = folder / "dated.yaml"
    from_third = POOLED.replace("    members: all\n", "    members: all\n    from: 2021-03-03\n")
    dated.write_text(from_third.replace("name: pooled", "name: dated"), encoding="utf-8")
    files = (folder / "base.yaml", dated)
    code, shown, told = call("compare", *files, "-n", 2, "--windows", "settled,transition", "--out", tmp_path / "out", "--json", "-j", 1)
    assert code == 0, told
    assert {row["window"] for row in json.loads(shown)["differences"]} == {"settled", "transition"}
    assert (tmp_path / "out" / "runs" / "dated@transition" / "2").is_dir()


def test_python_gives_the_same_objects(folder: Path, tmp_path: Path) -> None:
    scenario = sim.load(folder / "base.yaml")
    made = sim.run(scenario, seed=2, days=3)
    assert isinstance(made.table("parcels"), pd.DataFrame)
    assert made.table("parcels").attrs["units"]["weight_kg"] == "kg"
    study = sim.compare([folder / "base.yaml", sim.load(folder / "pooled.yaml")], replications=2, workers=1, out=tmp_path / "s")
    assert list(study.differences().columns)[:3] == ["alternative", "metric", "unit"]
    assert sim.open(tmp_path / "s").record == study.record
    assert repr(study) == f"<Study base-pooled: base against pooled; seeds 1, 2; in {tmp_path / 's'}>"
    assert repr(made).startswith("<Run of base, seed 2, 2021-03-01 on; in ")


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, 2**63])
def test_a_seed_that_is_no_whole_number_is_refused_in_python_too(seed: object) -> None:
    for call in (lambda: sim.run("baseline", seed=seed), lambda: sim.compare("integration", seed=seed)):  # type: ignore[arg-type]
        with pytest.raises(sim.ScenarioError) as raised:
            call()
        assert repr(seed) in raised.value.faults[0].what
        assert raised.value.faults[0].allowed_zh == "允许：整数，从 0 起"


def test_importing_the_module_of_a_run_leaves_the_call_in_place() -> None:
    import importlib

    importlib.import_module("sim.run")
    assert callable(sim.run)


def test_ctrl_c_keeps_what_is_finished(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "compare", str(folder / "study.yaml"), "-n", "30", "-j", "2", "--out", str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GUANTONG_LANG": "en"}
    heard = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  what runs in the background starts deaf to Ctrl-C
    child = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True, preexec_fn=heard
    )
    assert child.stderr is not None
    told = [child.stderr.readline()]
    while "done" not in told[-1]:
        told.append(child.stderr.readline())
        assert told[-1], "".join(told)
    os.killpg(child.pid, signal.SIGINT)
    _, rest = child.communicate(timeout=60)
    assert child.returncode == 130, rest
    assert "kept" in rest
    assert "Traceback" not in rest
    kept = [path for path in (tmp_path / "out" / "runs").glob("*/[0-9]*") if (path / "manifest.json").is_file()]
    assert kept
    assert not (tmp_path / "out" / "study.json").exists()


def test_a_run_can_be_animated(compared: tuple[Path, str, str], tmp_path: Path) -> None:
    run = compared[0] / "runs" / "pooled" / "2"
    code, shown, told = call("animate", run, "--hours", "1", "--minutes", "20", "--out", tmp_path, "--lang", "zh", "--json")
    assert code == 0, told
    assert json.loads(shown)["written"] == [str(tmp_path / "pooled.zh.gif")]
    assert (tmp_path / "pooled.zh.gif").read_bytes().startswith(b"GIF89a")


def test_a_run_and_a_study_become_one_page_without_a_server(compared: tuple[Path, str, str], tmp_path: Path) -> None:
    for folder, name in ((compared[0] / "runs" / "pooled" / "2", "pooled"), (compared[0], sim.open(compared[0]).name)):
        code, shown, told = call("animate", folder, "--format", "html", "--out", tmp_path, "--lang", "en", "--json")
        assert code == 0, told
        assert json.loads(shown)["written"] == [str(tmp_path / f"{name}.en.html")]
        assert 'id="module:player.js"' in (tmp_path / f"{name}.en.html").read_text(encoding="utf-8")


def test_what_cannot_be_animated_is_said_with_what_can(compared: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    run = compared[0] / "runs" / "pooled" / "2"
    for args, said in (
        ((compared[0],), "one of its runs"),
        ((run, "--format", "webm"), "allowed: html, mp4, gif"),
        ((run, "--from", "2031-01-01"), "range: 2021-03-01T00:00"),
    ):
        code, _, told = call("animate", *args)
        assert code == 2
        assert said in told
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    code, _, told = call("animate", run, "--format", "mp4")
    assert code == 2
    assert "guantong[video]" in told
