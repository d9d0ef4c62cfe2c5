"""The commands that run nothing: help, list, check, explain, new, schema; their languages and exit codes."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from sim.cli.chinese import breaks, chinese
from sim.cli.language import chosen
from sim.cli.main import COMMANDS, app
from sim.cli.output import span
from sim.errors import ResultsError
from sim.metrics.catalogue import METRICS, PAIRS
from sim.text import keys, meaning, template

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "tests" / "counties" / "small"
BASE = f"format: 1\nname: base\ncounty: {COUNTY}\nstart: 2021-03-01\ndays: 6\nwarm_up_days: 2\n"

runner = CliRunner()


def call(*args: object) -> tuple[int, str, str]:
    done = runner.invoke(app, [str(arg) for arg in args])
    return done.exit_code, done.stdout, done.stderr


def shell(*args: object, lang: str = "en", cwd: Path = ROOT, columns: str = "120") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GUANTONG_LANG": lang, "PYTHONPATH": str(ROOT), "COLUMNS": columns, "TERM": "dumb"}
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, args)], capture_output=True, text=True, cwd=cwd, env=environment, timeout=60, check=False
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.yaml"
    path.write_text(BASE)
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    code, out, _ = call(command, "--help")
    assert code == 0
    assert "Usage" in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_is_told_whole_on_a_narrow_terminal(lang: str) -> None:
    for command in ("compare", "run", "serve", "animate", "list"):
        shown = shell(command, "--help", lang=lang, columns="80").stdout
        assert "--help" in shown
        assert "…" not in shown, shown


def test_chinese_lines_break_between_characters_and_not_before_marks_that_close() -> None:
    text = "一个研究文件，或基线和各方案（guantong compare baseline pooled-lines）；不写则运行自带的研究。" * 3
    for width in range(8, 60):
        places = [0, *breaks(text, width), len(text)]
        lines = [text[first:last] for first, last in pairwise(places)]
        assert "".join(lines) == text
        assert all(cell_len(line) <= width for line in lines)
        assert width < 24 or not any(line[0] in "，；）。" or line[-1] in "（" for line in lines)


def test_where_a_command_writes_is_said_as_it_is() -> None:
    said = {
        command: " ".join(shell(command, "--help").stdout.replace("│", " ").split()) for command in ("new", "export", "animate", "compare")
    }
    assert "Folder for the file; the current one" in said["new"]
    assert "export in the folder of the run" in said["export"]
    assert "animation in the folder given" in said["animate"]
    assert "results/<study>" in said["compare"]


def test_help_speaks_both_languages() -> None:
    english, chinese = shell("--help"), shell("--help", lang="zh")
    assert "Compare a baseline" in english.stdout
    assert "比较：基线与各方案" in chinese.stdout
    assert "命令" in chinese.stdout


def test_the_flag_chooses_the_language_before_the_environment() -> None:
    assert chosen(["compare", "--lang", "zh"], {"GUANTONG_LANG": "en"}) == "zh"
    assert chosen(["compare", "--lang=en"], {"LANG": "zh_CN.UTF-8"}) == "en"
    assert chosen([], {"GUANTONG_LANG": "zh", "LANG": "en_US"}) == "zh"
    assert chosen([], {"LANG": "zh_CN.UTF-8"}) == "zh"
    assert chosen([], {"LANG": "de_DE.UTF-8"}) == "en"


def test_every_message_of_the_command_line_is_in_both_languages() -> None:
    for key in keys():
        if key.startswith(("cli.", "study.", "verdict.")):
            zh, en = template(key, "zh"), template(key, "en")
            assert zh
            assert en
            assert fields(zh) == fields(en), key


def fields(text: str) -> set[str]:
    from string import Formatter

    return {name for _, name, _, _ in Formatter().parse(text) if name}


LIBRARIES = (
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "mesa",
    "simpy",
    "numba",
    "pyvrp",
    "matplotlib",
    "jinja2",
    "asyncio",
    "concurrent.futures",
)
MODELS = ("sim.levers", "sim.schema.parameters", "sim.scenario.model", "sim.world.world")
"""What makes the models of a scenario: tens of classes that take a tenth of a second to build."""


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        (["--help"], (*LIBRARIES, *MODELS, "sim.metrics", "sim.study")),
        (["list", "scenarios"], (*LIBRARIES, *MODELS, "sim.study")),
        (["list", "counties"], (*LIBRARIES, *MODELS, "sim.study")),
        (["list", "metrics"], (*LIBRARIES, *MODELS, "sim.study")),
        (["list", "parameters"], (*LIBRARIES, "sim.levers", "sim.world.world", "sim.study")),
        (["list", "levers"], (*LIBRARIES, "sim.world.world", "sim.study")),
        (["schema"], (*LIBRARIES, *MODELS, "sim.study")),
        (["check", "scenarios/baseline.yaml"], (*LIBRARIES, "sim.world.world", "sim.metrics", "sim.study", "typer.rich_utils")),
        (["check", "scenarios/integration-and-subsidy.yaml"], (*LIBRARIES, "sim.world.world", "sim.study", "typer.rich_utils")),
    ],
)
def test_quick_commands_import_nothing_heavy(command: list[str], heavy: tuple[str, ...]) -> None:
    code = (
        f"import sys; sys.argv = ['guantong', *{command!r}]\n"
        "from sim.cli.main import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_check_says_that_a_file_is_fine(base: Path) -> None:
    code, out, _ = call("check", base)
    assert code == 0
    assert "no faults" in out


def test_check_tells_all_faults_of_all_files_at_once(base: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(BASE.replace("days: 6", "days: 0").replace("start: 2021-03-01", "start: soon"))
    second.write_text(BASE + "colour: red\n")
    code, out, err = call("check", base, first, second)
    assert code == 2
    assert "no faults" in out
    assert all(word in err for word in ("days", "start", "colour"))
    assert "Traceback" not in err


def test_faults_speak_chinese(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(BASE.replace("days: 6", "days: 0"))
    code, _, err = call("check", path, "--lang", "zh")
    assert code == 2
    assert "允许" in err


def test_faults_are_an_object_for_machines(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(BASE.replace("days: 6", "days: 0"))
    code, out, _ = call("check", path, "--json")
    told = json.loads(out)
    assert code == 2
    assert told["error"] == "ScenarioError"
    assert told["faults"][0]["what_zh"]


def test_check_reads_a_county_folder_too(tmp_path: Path) -> None:
    code, _, err = call("check", tmp_path)
    assert code == 2
    assert "county.yaml" in err
    assert call("check", COUNTY)[0] == 0


def test_a_setting_is_checked_like_a_file(base: Path) -> None:
    assert call("check", base, "--set", "days=5")[0] == 0
    code, _, err = call("check", base, "--set", "days=-5")
    assert code == 2
    assert "--set days=-5" in err


def test_shares_in_lists_are_fractions_and_every_metric_says_what_it_means_in_chinese() -> None:
    levers = shell("list", "levers").stdout
    assert "share, 1 is 100%" in levers
    assert "假定：G48" in shell("list", "parameters", lang="zh").stdout
    metrics = shell("list", "metrics", lang="zh").stdout
    assert "resource cost inside the county" not in metrics
    for row in (*METRICS, *PAIRS):
        assert meaning(row.name, "zh")
        assert meaning(row.name, "en")


@pytest.mark.parametrize("what", ["levers", "metrics", "parameters", "scenarios", "counties"])
def test_lists_are_for_people_and_for_machines(what: str) -> None:
    code, out, _ = call("list", what)
    assert code == 0
    assert len(out.splitlines()) > 3
    code, out, _ = call("list", what, "--json")
    assert code == 0
    assert len(json.loads(out)) > 1


def test_an_unknown_list_is_a_wrong_input() -> None:
    assert call("list", "animals")[0] == 2


def test_a_missing_argument_is_a_wrong_input() -> None:
    assert call("run")[0] == 2


def test_the_schema_is_json() -> None:
    code, out, _ = call("schema")
    assert code == 0
    assert json.loads(out)["$schema"].startswith("https://json-schema.org")


def test_new_writes_a_scenario_that_checks(tmp_path: Path) -> None:
    code, _, _ = call("new", "mine", "--out", tmp_path)
    assert code == 0
    assert call("check", tmp_path / "mine.yaml")[0] == 0


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine")
    code, _, err = call("new", "mine", "--out", tmp_path)
    assert code == 2
    assert "is there already" in err
    assert (tmp_path / "mine.yaml").read_text() == "mine"


def test_explain_names_county_and_operators(base: Path) -> None:
    code, out, _ = call("explain", base)
    assert code == 0
    assert "townships" in out
    code, out, _ = call("explain", base, "--lang", "zh", "--json")
    assert json.loads(out)[0]["lines"]


def test_compare_refuses_a_study_beside_scenarios(base: Path) -> None:
    code, _, err = call("compare", "integration", base)
    assert code == 2
    assert "compared by itself" in err


@pytest.mark.parametrize("args", [["--windows", "winter"], ["--windows", ""]])
def test_compare_refuses_unknown_windows(args: list[str]) -> None:
    assert call("compare", *args)[0] == 2


def test_a_folder_without_results_is_a_wrong_input(tmp_path: Path) -> None:
    for command in (["report", tmp_path], ["export", tmp_path]):
        code, _, err = call(*command)
        assert code == 2
        assert "Traceback" not in err


def test_an_unexpected_error_is_one_line_unless_debugging(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("sim.cli.schema.files", broken)
    code, _, err = call("schema")
    assert code == 1
    assert err.splitlines() == ["Unexpected error: ZeroDivisionError: by design (run with --debug for more)"]
    monkeypatch.setenv("GUANTONG_DEBUG", "1")
    assert isinstance(runner.invoke(app, ["schema"]).exception, ZeroDivisionError)


def test_an_interruption_says_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.schema.files", interrupted)
    code, _, err = call("schema")
    assert code == 130
    assert "kept" in err


def test_the_module_runs_like_the_command() -> None:
    done = shell("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("guantong ")


def test_times_are_said_as_people_say_them() -> None:
    assert [span(s, "en") for s in (0.2, 42.4, 131.0, 1200.0, 9000.0)] == ["1 s", "42 s", "2.2 min", "20 min", "2.5 h"]
    assert span(131.0, "zh") == "2.2 分钟"


def test_a_folder_that_cannot_be_written_is_named_and_is_no_unexpected_error(base: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, told = call("run", base, "--days", 1, "--out", tmp_path / "file" / "run")
    assert code == 1
    assert str(tmp_path / "file") in told
    assert "Unexpected" not in told


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("run", "--help"), ("用法：guantong run [选项]", "[必填]", "[默认：1]", "显示帮助并退出。")),
        (("run",), ("缺少参数 'file'。", "guantong run --help 显示帮助。")),
        (("list",), ("缺少参数 'what'，可以是：", "counties")),
        (("animate", "x", "--from", "y"), ("'--from' 的值不对：'y' 不是日期或时刻",)),
        (("run", "x", "--sed", "3"), ("没有选项 --sed", "--seed")),
        (("run", "x", "--seed", "-3"), ("'--seed' 的值不对：应不小于 0",)),
        (("run", "x", "--seed", "a"), ("应为整数",)),
        (("run", "a", "--window", "x"), ("'x' 不在其中：'settled', 'transition'",)),
        (("run", "a", "b"), ("多余的参数（b）",)),
        (("runn",), ("没有命令 'runn'。是否为 'run'？",)),
    ],
)
def test_the_librarys_own_words_are_chinese_too(args: tuple[str, ...], told: tuple[str, ...]) -> None:
    done = shell(*args, "--lang", "zh")
    shown = " ".join((done.stdout + done.stderr).split())
    for words in told:
        assert words in shown
    for english in ("Usage", "Try ", "Missing", "No such", "Invalid", "required", "default:", "Show this", "Input should"):
        assert english not in shown


@pytest.mark.parametrize(
    ("args", "lang", "told"),
    [
        (("animate", "x", "--from", "y"), "en", "'y' is no date or time; written as 2021-03-01 or 2021-03-01T06:00"),
        (("list", "levrs"), "en", "'levrs' is not one of 'levers', 'metrics', 'parameters', 'scenarios', 'counties'; nearest: 'levers'"),
        (("list", "levrs"), "zh", "'levrs' 不在其中：'levers', 'metrics', 'parameters', 'scenarios', 'counties'；最接近的是 'levers'"),
        (("run", "baseline", "--window", "setled"), "en", "nearest: 'settled'"),
        (("run", "baseline", "--window", "zzz"), "en", "'zzz' is not one of 'settled', 'transition'"),
    ],
)
def test_of_several_words_the_nearest_is_named(args: tuple[str, ...], lang: str, told: str) -> None:
    done = shell(*args, "--lang", lang)
    assert done.returncode == 2
    shown = re.sub(r"[\s│]+", "", done.stdout + done.stderr)
    assert told.replace(" ", "") in shown
    assert "Valueerror" not in shown


def test_a_new_scenario_is_not_called_as_the_one_that_it_extends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, told = call("new", "baseline")
    assert code == 2
    assert "choose another name" in told
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_message_of_the_library_stays_as_it_is() -> None:
    assert chinese("Something new.") == "Something new."
    assert chinese("Invalid value for '--x': Something new.") == "'--x' 的值不对：Something new."


def test_what_is_wrong_with_results_is_said_in_the_readers_language(tmp_path: Path) -> None:
    for lang, words, missing in (("zh", "不是运行结果的文件夹", "没有这个文件夹"), ("en", "is no run folder", "there is no such folder")):
        for folder, said in ((tmp_path, words), (tmp_path / "nothing", missing)):
            code, _, told = call("export", folder, "--lang", lang)
            assert code == 2
            assert said in told
            assert "parquet" not in told


def test_an_error_about_results_keeps_both_languages_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ResultsError("there is none", "没有")))
    assert (str(error), error.text("en"), error.text("zh")) == ("there is none", "there is none", "没有")
    assert ResultsError("only this").text("zh") == "only this"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
@pytest.mark.parametrize("command", [("--help",), ("list", "counties"), ("explain", "baseline.yaml"), ("list", "counties", "--json")])
def test_a_terminal_without_the_letters_gets_an_answer_all_the_same(encoding: str, command: tuple[str, ...]) -> None:
    environment = {**os.environ, "GUANTONG_LANG": "zh", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-m", "sim", *command], capture_output=True, cwd=ROOT, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode(encoding, errors="replace")
    if "--json" in command:
        assert "西和" in str(json.loads(said))
    elif encoding == "gbk":
        assert "贯通" in said or "西和" in said


@pytest.mark.parametrize(("workers", "told"), [(1, "on 1 process;"), (2, "on 2 processes;")])
def test_one_process_is_told_in_the_singular(workers: int, told: str) -> None:
    from sim.cli.progress import Bar
    from sim.study.stage import Progress

    bar = Bar(2, 3, "en", quiet=True)
    assert told in bar._plan(Progress(6, 0, 0, workers, None, rough=13.0))


def test_time_left_of_settled_states_is_not_taken_for_that_of_the_study(capsys: pytest.CaptureFixture[str]) -> None:
    from sim.cli.progress import Bar
    from sim.study.stage import Progress

    bar = Bar(6, 2, "en", quiet=False)
    bar(Progress(54, 6, 6, 1, 21.0, "", 54, asked_only=True, rough=80.0))
    assert "about 80 s judged by the volume (about 20 s more at the first time" in capsys.readouterr().err
    bar(Progress(12, 0, 0, 1, None, rough=60.0))
    assert "about 60 s judged by the volume, corrected" in capsys.readouterr().err
    bar(Progress(54, 0, 2, 1, 21.0, "x", 54, asked_only=True))
    assert "2 of 54 settled states done, about 21 s left of them" in capsys.readouterr().err


def test_a_study_has_no_tables_of_a_run_and_is_said_where_its_own_are(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}")
    code, _, told = call("export", tmp_path)
    assert code == 2
    assert "guantong report --format xlsx" in told
    assert "--format html" not in told
