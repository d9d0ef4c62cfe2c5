"""A full disk is told in one line, in the language that was asked for, and leaves nothing half written under a run's name."""

from __future__ import annotations

import errno
import gc
import warnings
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.refused import naming, said
from sim.store import sheet
from sim.text import LANGUAGES, Lang

FULL = Path("/dev/full")
COUNTY = Path(__file__).parents[1] / "counties" / "tiny"
BASE = f"format: 1\nname: base\ncounty: {COUNTY}\nstart: 2021-03-01\ndays: 2\nwarm_up_days: 1\n"
TOLD: dict[Lang, str] = {"en": "parcels.parquet cannot be read or written: the disk is full", "zh": "parcels.parquet 无法读写：磁盘已满"}


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full as soon as parcels are written."""
    real = pq.ParquetWriter

    def opened(path: Path, *args: Any, **more: Any) -> pq.ParquetWriter:
        return real(FULL if path.name == "parcels.parquet" else path, *args, **more)

    monkeypatch.setattr(sheet.pq, "ParquetWriter", opened)
    with warnings.catch_warnings(action="ignore"):
        gc.collect()  # what other tests of this process left is not this run's


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_run_on_a_full_disk_is_told_in_one_line(tmp_path: Path, full: None, lang: Lang) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    done = CliRunner().invoke(app, ["run", str(tmp_path / "base.yaml"), "--out", str(tmp_path / "out"), "--quiet", "--lang", lang])
    gc.collect()
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [f"{tmp_path / '.out.partial'}/{TOLD[lang]}"]
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_on_a_full_disk_names_the_run(tmp_path: Path, full: None, lang: Lang) -> None:
    for name in ("base", "other"):
        (tmp_path / f"{name}.yaml").write_text(BASE.replace("name: base", f"name: {name}"))
    files = [str(tmp_path / f"{name}.yaml") for name in ("base", "other")]
    done = CliRunner().invoke(
        app, ["compare", *files, "-n", "1", "--workers", "1", "--out", str(tmp_path / "out"), "--quiet", "--lang", lang]
    )
    assert done.exit_code == 1
    assert done.stderr.startswith({"en": "base, seed 1, settled: ", "zh": "base，种子 1，稳态："}[lang])
    assert done.stderr.endswith(f"{TOLD[lang]}\n")


def test_what_has_no_words_of_its_own_is_told_in_the_system_s() -> None:
    assert said(OSError(errno.ELOOP, "Too many levels")).en == "The system says: Too many levels"
    assert said(PermissionError(errno.EACCES, "Permission denied", "a.csv")).zh == "a.csv 无法读写：没有权限"
    with pytest.raises(OSError, match="Input") as caught, naming(Path("a.csv")):
        raise OSError(errno.EIO, "Input/output error")
    assert said(caught.value).en == "a.csv cannot be read or written: Input/output error"
