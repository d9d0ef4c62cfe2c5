"""Results take nobody's files away, and no two processes write one study."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import spot
from sim.cli.main import app
from sim.errors import ResultsError
from sim.spot import alone, refuse_foreign

COUNTY = Path(__file__).parents[1] / "counties" / "tiny"
BASE = f"format: 1\nname: base\ncounty: {COUNTY}\nstart: 2021-03-01\ndays: 2\nwarm_up_days: 1\n"


def test_a_run_never_takes_the_place_of_somebody_s_files(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    for lang, words in (("en", "holds other files (thesis.txt)"), ("zh", "里有别的文件（thesis.txt）")):
        done = CliRunner().invoke(app, ["run", str(tmp_path / "base.yaml"), "--out", str(mine), "--lang", lang])
        assert done.exit_code == 2
        assert words in done.stderr
    assert (mine / "thesis.txt").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_tables_of_another_version_and_what_file_managers_leave_are_no_one_s_files(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    refuse_foreign(tmp_path)
    (tmp_path / "former.parquet").touch()
    with pytest.raises(ResultsError, match=r"former\.parquet"):
        refuse_foreign(tmp_path)
    (tmp_path / "manifest.json").touch()
    refuse_foreign(tmp_path)


def test_a_run_s_folder_and_what_commands_put_into_it_may_be_replaced(tmp_path: Path) -> None:
    for name in ("manifest.json", "parcels.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "export").mkdir()
    refuse_foreign(tmp_path)
    refuse_foreign(tmp_path / "new")
    (tmp_path / "file").touch()
    with pytest.raises(ResultsError, match="is no folder"):
        refuse_foreign(tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_a_folder_that_another_process_writes_is_refused_until_that_one_is_gone(tmp_path: Path) -> None:
    text = f"import sys\nfrom pathlib import Path\nfrom sim.spot import alone\nwith alone(Path({str(tmp_path)!r})):\n"
    text += "    print('held', flush=True)\n    sys.stdin.readline()\n"
    with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ResultsError, match="is being written by another process"), alone(tmp_path):
            pass
        other.kill()
    with alone(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
@pytest.mark.parametrize("third", [True, False])
def test_a_lock_counts_only_on_the_file_that_has_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, third: bool) -> None:
    """The first lets go after the second has opened its file: a third may hold a new one by then."""
    handles: list[int] = []
    lock = spot._locked

    def late(handle: int) -> bool:
        if not handles:
            handles.append(handle)
            (tmp_path / spot.LOCK).unlink()
            if third:
                handles.append(os.open(tmp_path / spot.LOCK, os.O_RDWR | os.O_CREAT))
                assert lock(handles[-1])
        return lock(handle)

    monkeypatch.setattr(spot, "_locked", late)
    if third:
        with pytest.raises(ResultsError, match="is being written by another process"), alone(tmp_path):
            pass
        assert (tmp_path / spot.LOCK).exists()
        os.close(handles[-1])
    else:
        with alone(tmp_path):
            assert (tmp_path / spot.LOCK).exists()


def test_a_study_leaves_a_folder_called_before_alone(tmp_path: Path) -> None:
    for name, days in (("base", "base"), ("other", "other")):
        (tmp_path / f"{name}.yaml").write_text(BASE.replace("name: base", f"name: {days}"))
    (tmp_path / "out" / "before").mkdir(parents=True)
    (tmp_path / "out" / "before" / "photo.jpg").touch()
    files = [str(tmp_path / f"{name}.yaml") for name in ("base", "other")]
    done = CliRunner().invoke(
        app, ["compare", *files, "--replications", "2", "--workers", "1", "--out", str(tmp_path / "out"), "--lang", "en"]
    )
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "out" / "before" / "photo.jpg").exists()
    assert not [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]
